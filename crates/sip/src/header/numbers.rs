//! Headers whose value is a number, with or without parameters.

use crate::header::part::header;
use crate::params::Params;

header! {
    /// Content-Length: the size of the body.
    ///
    /// `Content-Length = 1*DIGIT` (RFC 3261 20.14).
    pub struct ContentLength: Single {
        /// Bytes of the body.
        pub bytes: u32,
    }
}

header! {
    /// Max-Forwards: how many hops a request may still take.
    ///
    /// `Max-Forwards = 1*DIGIT`, up to 255 (RFC 3261 20.22).
    pub struct MaxForwards: Single {
        /// Hops left.
        pub hops: u8,
    }
}

header! {
    /// Max-Breadth: how many branches a request may still fork into.
    ///
    /// `Max-Breadth = 1*DIGIT` (RFC 5393 5.8).
    pub struct MaxBreadth: Single {
        /// Branches.
        pub branches: u32,
    }
}

header! {
    /// RSeq: the number of a reliable provisional response.
    ///
    /// `RSeq = 1*DIGIT` (RFC 3262 7.1).
    pub struct RSeq: Single {
        /// Sequence number.
        pub number: u32,
    }
}

header! {
    /// Expires: how long the message, or what it binds, is good.
    ///
    /// `Expires = delta-seconds` (RFC 3261 20.19).
    pub struct Expires: Single {
        /// Seconds.
        pub seconds: u32,
    }
}

header! {
    /// Min-Expires: the shortest binding that a registrar accepts.
    ///
    /// `Min-Expires = delta-seconds` (RFC 3261 20.23).
    pub struct MinExpires: Single {
        /// Seconds.
        pub seconds: u32,
    }
}

header! {
    /// Flow-Timer: how long a silent flow is kept.
    ///
    /// `Flow-Timer = 1*DIGIT` (RFC 5626 11.7).
    pub struct FlowTimer: Single {
        /// Seconds.
        pub seconds: u32,
    }
}

header! {
    /// Session-Expires: how long a session lives without a refresh.
    ///
    /// `Session-Expires = delta-seconds *( SEMI se-params )` (RFC 4028 4).
    pub struct SessionExpires<'a>: Single {
        /// Seconds.
        pub seconds: u32,
        /// The parameters.
        pub params: Params<'a>,
    }
}

/// Who refreshes the session (RFC 4028 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    /// The client of the transaction.
    Uac,
    /// Its server.
    Uas,
}

impl SessionExpires<'_> {
    /// Who refreshes, where that is said (RFC 4028 4).
    pub fn refresher(&self) -> Option<Refresher> {
        let value = self.params.value("refresher")?;
        if value.eq_ignore_ascii_case(b"uac") {
            return Some(Refresher::Uac);
        }
        value.eq_ignore_ascii_case(b"uas").then_some(Refresher::Uas)
    }
}

header! {
    /// Min-SE: the shortest session interval that the sender accepts.
    ///
    /// `Min-SE = delta-seconds *( SEMI generic-param )` (RFC 4028 5).
    pub struct MinSe<'a>: Single {
        /// Seconds.
        pub seconds: u32,
        /// The parameters.
        pub params: Params<'a>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::{HeaderValue, check};

    const VALID: &[&str] = &["0", "0068", "4294967295"];

    const INVALID: &[&str] = &["", "-1", "4294967296", "7x", "7;a=b"];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ContentLength>(VALID, INVALID);
        check::<MaxForwards>(&["0", "0068", "255"], &["", "-1", "256", "7x", "7;a=b"]);
        check::<MaxBreadth>(VALID, INVALID);
        check::<RSeq>(VALID, INVALID);
        check::<Expires>(VALID, INVALID);
        check::<MinExpires>(VALID, INVALID);
        check::<FlowTimer>(VALID, INVALID);
        check::<SessionExpires<'_>>(
            &["1800", "90 ;refresher=UAS"],
            &["", "1800;", ";refresher=uas", "x"],
        );
        check::<MinSe<'_>>(&["90", "90;x=y"], &["", "90;", "x", "90 x"]);
    }

    #[test]
    fn the_refresher_is_named() {
        let refresher = |value| {
            SessionExpires::parse(value)
                .ok()
                .and_then(|it| it.refresher())
        };
        assert_eq!(refresher(b"90;refresher=uac"), Some(Refresher::Uac));
        assert_eq!(refresher(b"90;Refresher=UAS"), Some(Refresher::Uas));
        assert_eq!(refresher(b"90;refresher=x"), None);
    }
}
