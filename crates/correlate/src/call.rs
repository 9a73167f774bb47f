//! A call: the human attempt as a whole, with its legs.

use crate::outcome::Outcome;
use crate::record::FrameRef;
use crate::study::{Case, Judgement};

/// The human attempt as a whole. The first leg is the caller's; its judgement is the call's.
#[derive(Debug)]
pub struct Call {
    /// Number in order of first frame, from 1.
    pub number: u32,
    legs: Vec<Case>,
}

impl Call {
    /// A call of one leg; the leg is given back when it is no call.
    pub fn new(number: u32, leg: Case) -> Result<Call, Case> {
        match leg.judgement {
            Some(_) => Ok(Call {
                number,
                legs: vec![leg],
            }),
            None => Err(leg),
        }
    }

    /// The legs, the caller's first.
    pub fn legs(&self) -> &[Case] {
        &self.legs
    }

    /// The caller's leg.
    pub fn main_leg(&self) -> &Case {
        &self.legs[0]
    }

    /// How the call ended.
    pub fn judgement(&self) -> &Judgement {
        let judgement = self.main_leg().judgement.as_ref();
        judgement.expect("a call is made of a leg with a judgement only")
    }

    /// How the call ended, in a word.
    pub fn outcome(&self) -> Outcome {
        self.judgement().outcome
    }

    /// The first frame of the call.
    pub fn first_frame(&self) -> FrameRef {
        self.main_leg().leg.first_frame()
    }
}
