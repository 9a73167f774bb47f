//! Fuzzes the way from a frame of any link to its payload.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("frames", bytes));
