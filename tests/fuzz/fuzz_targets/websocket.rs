//! Fuzzes WebSocket connections that carry SIP.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("websocket", bytes));
