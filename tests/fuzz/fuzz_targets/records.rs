//! Fuzzes the walk over capture files and the frames of their pieces.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("records", bytes));
