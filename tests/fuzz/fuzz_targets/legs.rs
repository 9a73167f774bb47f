//! Fuzzes correlation and judgement with sequences of messages.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("legs", bytes));
