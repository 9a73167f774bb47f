//! What must hold for any bytes at all, as functions that a fuzzer and an ordinary test both call.
//!
//! Each function panics where a law is broken: that of no panic, of no endless loop, of bounded
//! memory, or one that it checks itself. An input is read as a `Script`: its first bytes say
//! what to do, its last bytes what to do it with, so that small changes of the input are small
//! changes of what happens.

#[path = "../../../crates/sip/tests/agreement/mod.rs"]
mod agreement;
mod captures;
mod expansion;
mod feed;
mod lanes;
mod legs;
mod messages;
mod packets;
mod script;

use script::Script;

/// One law and its name, which is that of its folder of inputs.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name, also of the program that fuzzes it.
    pub name: &'static str,
    /// Panics when the law does not hold for these bytes.
    pub check: fn(&[u8]),
}

/// All targets, in the order of the way through the program.
pub const TARGETS: [Target; 14] = [
    target("expansion", expansion::check),
    target("records", captures::check),
    target("frames", packets::check),
    target("fragments", lanes::fragments),
    target("segments", lanes::segments),
    target("websocket", lanes::websocket),
    target("associations", lanes::associations),
    target("framing", messages::framing),
    target("message", messages::message),
    target("uri", messages::uri),
    target("authentication", messages::authentication),
    target("sdp", messages::sdp),
    target("multipart", messages::multipart),
    target("legs", legs::check),
];

/// Runs the target called `name`.
///
/// # Panics
/// When its law does not hold for `bytes`, or when there is no such target.
pub fn check(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.unwrap_or_else(|| panic!("no target is called {name}"));
    (target.check)(bytes);
}

const fn target(name: &'static str, check: fn(&[u8])) -> Target {
    Target { name, check }
}
