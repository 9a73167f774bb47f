//! Fuzzes the reassembly of SCTP user messages.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("associations", bytes));
