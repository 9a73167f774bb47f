//! Fuzzes multipart bodies.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("multipart", bytes));
