//! Built packets through decoder and lane: every layer, tunnel and misfortune.

mod damage;
mod feed;
mod fragments;
mod joined;
mod links;
mod misfortunes;
mod reordering;
mod sctp;
mod streams;
mod tunnels;
mod websocket;
mod wire;
