//! Which legs are one call: the two sides of a back-to-back user agent, or an INVITE sent anew
//! after a redirection.
//!
//! Legs are linked when they open, by what their INVITEs say, so that a call keeps its number and
//! is over as soon as its last leg is. Evidence that only one of many calls can carry links by
//! itself; evidence that devices repeat (session descriptions, numbers) needs the legs to meet at
//! one host at one time, and to leave no second candidate. Whole numbers may also lead through a
//! host that has an address on each side.

mod calls;
pub(crate) mod clue;
mod directory;
pub(crate) mod hint;
mod invitation;
mod linker;
mod promises;
mod recent;
mod target;

pub use calls::CallKey;
pub use clue::{Clue, Opening};
pub use hint::Hint;
pub use linker::{Allocation, Cause, Caused, Ended, Linker};
pub(crate) use target::user;

/// What links a leg to its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkReason {
    /// An equal UUID in Session-ID (RFC 7989).
    SessionId,
    /// A header that names the other leg's Call-ID, or the same leg as the other leg's does: X-CID,
    /// X-Call-ID.
    CallIdReference,
    /// An equal icid-value in P-Charging-Vector (RFC 7315 4.6).
    ChargingVector,
    /// An equal vendor identifier of the call: Cisco-Guid, X-Twilio-CallSid.
    VendorId,
    /// The Request-URI is a Contact of the redirection that the caller just got (RFC 3261 8.1.3.4).
    Redirection,
    /// Replaces or Join names the other leg's dialog (RFC 3891, RFC 3911).
    Replaces,
    /// The session description has the same origin (RFC 8866 5.2).
    SdpOrigin,
    /// The session description has the same media address.
    MediaAddress,
    /// Diversion or History-Info names the called party of the other leg (RFC 5806, RFC 7044).
    Diversion,
    /// Equal numbers and one moment, at one host or at one with several addresses.
    Numbers,
    /// The INVITE names in Referred-By who asked for it in a REFER (RFC 3892).
    ReferredBy,
    /// The INVITE goes from the recipient of a REFER to its Refer-To (RFC 3515).
    ReferTo,
    /// The same, where only the user of the target agrees.
    ReferNumber,
}

/// How the values of a reason are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Only one call can carry it: as long as that lasts.
    Unique,
    /// Part of a session description, which devices repeat: for a short time.
    Description,
    /// Numbers, which repeat likewise: for as long as a phone rings.
    Numbers,
    /// It names something that other legs have: not at all.
    Reference,
}

/// How sure a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkCertainty {
    /// A header says so.
    Explicit,
    /// It follows from values that no other call has.
    Derived,
    /// It is likely. Never the ground of a warning.
    Guessed,
}

impl LinkReason {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            LinkReason::SessionId => "session-id",
            LinkReason::CallIdReference => "call-id-reference",
            LinkReason::ChargingVector => "charging-vector",
            LinkReason::VendorId => "vendor-id",
            LinkReason::Redirection => "redirection",
            LinkReason::Replaces => "replaces",
            LinkReason::SdpOrigin => "sdp-origin",
            LinkReason::MediaAddress => "media-address",
            LinkReason::Diversion => "diversion",
            LinkReason::Numbers => "numbers",
            LinkReason::ReferredBy => "referred-by",
            LinkReason::ReferTo => "refer-to",
            LinkReason::ReferNumber => "refer-number",
        }
    }

    /// How its values are remembered.
    fn kind(self) -> Kind {
        match self {
            LinkReason::SessionId
            | LinkReason::CallIdReference
            | LinkReason::ChargingVector
            | LinkReason::VendorId => Kind::Unique,
            LinkReason::SdpOrigin | LinkReason::MediaAddress => Kind::Description,
            LinkReason::Numbers => Kind::Numbers,
            LinkReason::Replaces
            | LinkReason::Redirection
            | LinkReason::Diversion
            | LinkReason::ReferredBy
            | LinkReason::ReferTo
            | LinkReason::ReferNumber => Kind::Reference,
        }
    }

    /// Whether the value belongs to the one who calls, and goes with it from a call into the one that
    /// a REFER asks for (RFC 7989 10.2).
    pub(crate) fn is_kept_through_transfers(self) -> bool {
        match self {
            LinkReason::SessionId | LinkReason::ChargingVector | LinkReason::VendorId => true,
            LinkReason::CallIdReference
            | LinkReason::Redirection
            | LinkReason::Replaces
            | LinkReason::SdpOrigin
            | LinkReason::MediaAddress
            | LinkReason::Diversion
            | LinkReason::Numbers
            | LinkReason::ReferredBy
            | LinkReason::ReferTo
            | LinkReason::ReferNumber => false,
        }
    }

    /// How sure a link for this reason is.
    pub fn certainty(self) -> LinkCertainty {
        match self {
            LinkReason::SessionId
            | LinkReason::CallIdReference
            | LinkReason::ChargingVector
            | LinkReason::VendorId
            | LinkReason::ReferredBy => LinkCertainty::Explicit,
            LinkReason::Redirection
            | LinkReason::Replaces
            | LinkReason::SdpOrigin
            | LinkReason::MediaAddress
            | LinkReason::Diversion
            | LinkReason::ReferTo => LinkCertainty::Derived,
            LinkReason::Numbers | LinkReason::ReferNumber => LinkCertainty::Guessed,
        }
    }
}

impl LinkCertainty {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            LinkCertainty::Explicit => "explicit",
            LinkCertainty::Derived => "derived",
            LinkCertainty::Guessed => "guessed",
        }
    }
}
