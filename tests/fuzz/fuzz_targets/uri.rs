//! Fuzzes URIs: parsing, printing, comparing.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("uri", bytes));
