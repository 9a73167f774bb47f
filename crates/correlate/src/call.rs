//! A call: the human attempt as a whole, with its legs.

use crate::link::LinkReason;
use crate::outcome::Outcome;
use crate::record::FrameRef;
use crate::study::{Case, Judgement};

/// The human attempt as a whole.
#[derive(Debug)]
pub struct Call {
    /// Number in order of first frame, from 1.
    pub number: u32,
    legs: Vec<Case>,
    links: Vec<Option<LinkReason>>,
    main: usize,
    judgement: Judgement,
}

/// A leg on its way into a call.
#[derive(Debug)]
pub struct CallLeg {
    /// The leg.
    pub case: Case,
    /// What links it to the legs before it; absent for the one that opened the call.
    pub link: Option<LinkReason>,
}

/// What a leg is to its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It tells how the call ended.
    Main,
    /// A redirection ended it, and the caller tried again.
    Superseded,
    /// A leg further on, behind a back-to-back user agent.
    Below,
}

impl Call {
    /// A call of legs; `None` when none of them is a call's.
    ///
    /// The leg that opened the call tells how it ended, unless a redirection led to another one.
    pub fn new(number: u32, mut legs: Vec<CallLeg>) -> Option<Call> {
        legs.retain(|leg| leg.case.judgement.is_some());
        legs.sort_by_key(|leg| leg.case.leg.id);
        let redirected = legs
            .iter()
            .rposition(|leg| leg.link == Some(LinkReason::Redirection));
        let main = redirected.unwrap_or(0);
        let start = legs.first()?.case.judgement.as_ref()?.start;
        let judgement = Judgement {
            start,
            ..legs[main].case.judgement.clone()?
        };
        let (legs, links) = legs.into_iter().map(|leg| (leg.case, leg.link)).unzip();
        Some(Call {
            number,
            legs,
            links,
            main,
            judgement,
        })
    }

    /// The legs in the order of their first frames.
    pub fn legs(&self) -> &[Case] {
        &self.legs
    }

    /// What links each leg to those before it, in the order of [`Call::legs`].
    pub fn links(&self) -> &[Option<LinkReason>] {
        &self.links
    }

    /// What each leg is to the call, in the order of [`Call::legs`].
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        self.links
            .iter()
            .enumerate()
            .map(|(number, link)| match link {
                _ if number == self.main => Part::Main,
                None | Some(LinkReason::Redirection) => Part::Superseded,
                Some(
                    LinkReason::SessionId
                    | LinkReason::CallIdReference
                    | LinkReason::ChargingVector
                    | LinkReason::VendorId
                    | LinkReason::Replaces
                    | LinkReason::SdpOrigin
                    | LinkReason::MediaAddress
                    | LinkReason::Numbers,
                ) => Part::Below,
            })
    }

    /// The leg that tells how the call ended: the caller's.
    pub fn main_leg(&self) -> &Case {
        &self.legs[self.main]
    }

    /// How the call ended. Records are those of the main leg.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// How the call ended, in a word.
    pub fn outcome(&self) -> Outcome {
        self.judgement.outcome
    }

    /// INVITEs that the caller sent: attempts of the main leg, and of those that redirections
    /// ended.
    pub fn attempts(&self) -> usize {
        let own = self
            .legs
            .iter()
            .zip(self.parts())
            .filter(|(_, part)| *part != Part::Below);
        own.map(|(leg, _)| leg.attempts.len()).sum()
    }

    /// The first frame of the call.
    pub fn first_frame(&self) -> FrameRef {
        self.legs[0].leg.first_frame()
    }
}
