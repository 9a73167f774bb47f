//! Fuzzes the framer of SIP streams.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("framing", bytes));
