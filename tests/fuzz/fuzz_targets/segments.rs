//! Fuzzes the reassembly of TCP streams that carry SIP.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("segments", bytes));
