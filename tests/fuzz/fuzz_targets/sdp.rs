//! Fuzzes session descriptions, and offers with their answers.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("sdp", bytes));
