//! Fuzzes the reassembly of IP datagrams.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siptriage_fuzz::check("fragments", bytes));
