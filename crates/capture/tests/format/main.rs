//! Capture files of every kind and in every state of damage, built byte by byte.

mod compression;
mod damaged_pcap;
mod damaged_pcapng;
mod open;
mod pcap;
mod pcapng;
mod properties;
mod reader;
mod summary;
mod writer;
