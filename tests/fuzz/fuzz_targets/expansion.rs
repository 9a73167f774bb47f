//! Fuzzes the decoders of compressed captures.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("expansion", bytes));
