//! Fuzzes the scan, the parser and the printer of SIP messages.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("message", bytes));
