//! The words of the response-code reference, each with the name used in every output.

/// Whether a code is in the registry of response codes (RFC 3261 27.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Registration {
    /// In force.
    Registered,
    /// Registered, and not to be sent any more.
    Deprecated,
    /// Defined by RFC 2543 and dropped by RFC 3261.
    Obsolete,
    /// Never defined.
    Unassigned,
}

/// What a final or provisional answer says about the request (RFC 3261 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Going on.
    Provisional,
    /// Accepted: for an INVITE, the session is up.
    Answered,
    /// Accepted, and the rest follows by NOTIFY.
    Accepted,
    /// Try elsewhere.
    Redirected,
    /// The request cannot be served as it is.
    ClientError,
    /// Try again with proof of identity or an agreed mechanism.
    Challenge,
    /// Refused by policy.
    Rejected,
    /// No such user, number or complete address.
    NotFound,
    /// Somebody further on did not answer in time.
    Timeout,
    /// The session description or body was refused.
    Media,
    /// An extension is missing or not understood.
    Extension,
    /// An interval is too short.
    Interval,
    /// Caller identity (RFC 8224) is missing or wrong.
    Identity,
    /// The connection to the registered user is gone (RFC 5626).
    Flow,
    /// The registration asks for what is not there.
    Registration,
    /// The request went in circles or too far.
    Loop,
    /// The user cannot be reached now.
    Unavailable,
    /// The peer does not know the dialog or transaction.
    State,
    /// The user is busy.
    Busy,
    /// The request was cancelled.
    Cancelled,
    /// Both sides asked at the same time.
    Glare,
    /// The server failed or cannot do it.
    ServerError,
    /// The server has too much to do.
    Overload,
    /// The user does not want the call.
    Declined,
    /// The caller is unwanted.
    Blocked,
}

/// Whether a call that ends with a code failed (RFC 6076 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// It does not count.
    Never,
    /// It counts when no request follows that acts on it.
    IfUnresolved,
    /// The call ended without an answer, and not by the caller.
    Always,
}

/// Whether a hunt normally goes on to the next route (RFC 3263 4.3). Routing policy, not protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteAdvance {
    /// It should stop.
    Stop,
    /// The next route is justified.
    Next,
    /// Commonly configured either way.
    ByPolicy,
}

/// How a code counts in the network effectiveness ratio (ITU-T E.425).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NerCount {
    /// It does not end a call.
    NoCall,
    /// The network did not deliver the call.
    NotDelivered,
    /// The call reached the called terminal.
    Delivered,
    /// Delivered when it had rung.
    IfRinging,
}

/// What a code does to a dialog when it answers a request inside (RFC 5057 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DialogEffect {
    /// Nothing.
    Nothing,
    /// It ends one early dialog (RFC 6228).
    EarlyDialog,
    /// It creates a dialog (RFC 3261 12.1).
    Creates,
    /// It ends the transaction only.
    Transaction,
    /// It ends the usage, such as the call or the subscription.
    Usage,
    /// It ends the dialog with all usages.
    Dialog,
    /// As a transaction timeout (RFC 5057 5.2).
    AsTimeout,
}

/// Whose doing a code usually is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultDomain {
    /// Nothing went wrong.
    Nobody,
    /// The caller.
    Caller,
    /// The called party.
    Callee,
    /// Servers and connections between them.
    Network,
    /// A decision to refuse.
    Policy,
    /// Two implementations that do not agree.
    Protocol,
}

impl Registration {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Registration::Registered => "registered",
            Registration::Deprecated => "deprecated",
            Registration::Obsolete => "obsolete",
            Registration::Unassigned => "unassigned",
        }
    }
}

impl Meaning {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Meaning::Provisional => "provisional",
            Meaning::Answered => "answered",
            Meaning::Accepted => "accepted",
            Meaning::Redirected => "redirected",
            Meaning::ClientError => "client-error",
            Meaning::Challenge => "challenge",
            Meaning::Rejected => "rejected",
            Meaning::NotFound => "not-found",
            Meaning::Timeout => "timeout",
            Meaning::Media => "media",
            Meaning::Extension => "extension",
            Meaning::Interval => "interval",
            Meaning::Identity => "identity",
            Meaning::Flow => "flow",
            Meaning::Registration => "registration",
            Meaning::Loop => "loop",
            Meaning::Unavailable => "unavailable",
            Meaning::State => "state",
            Meaning::Busy => "busy",
            Meaning::Cancelled => "cancelled",
            Meaning::Glare => "glare",
            Meaning::ServerError => "server-error",
            Meaning::Overload => "overload",
            Meaning::Declined => "declined",
            Meaning::Blocked => "blocked",
        }
    }
}

impl Failure {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Failure::Never => "no",
            Failure::IfUnresolved => "if-unresolved",
            Failure::Always => "yes",
        }
    }
}

impl RouteAdvance {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            RouteAdvance::Stop => "no",
            RouteAdvance::Next => "yes",
            RouteAdvance::ByPolicy => "by-policy",
        }
    }
}

impl NerCount {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            NerCount::NoCall => "-",
            NerCount::NotDelivered => "no",
            NerCount::Delivered => "yes",
            NerCount::IfRinging => "if-ringing",
        }
    }
}

impl DialogEffect {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            DialogEffect::Nothing => "-",
            DialogEffect::EarlyDialog => "early-dialog",
            DialogEffect::Creates => "creates",
            DialogEffect::Transaction => "transaction",
            DialogEffect::Usage => "usage",
            DialogEffect::Dialog => "dialog",
            DialogEffect::AsTimeout => "as-timeout",
        }
    }
}

impl FaultDomain {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            FaultDomain::Nobody => "none",
            FaultDomain::Caller => "caller",
            FaultDomain::Callee => "callee",
            FaultDomain::Network => "network",
            FaultDomain::Policy => "policy",
            FaultDomain::Protocol => "protocol",
        }
    }
}
