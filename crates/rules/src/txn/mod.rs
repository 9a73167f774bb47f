//! Rules on transactions (RFC 3261 17, 9).

pub mod cancel_crosses_answer;
pub mod cancel_without_487;
pub mod invite_no_response;
pub mod invite_retransmitted_after_response;
pub mod invite_retransmitted_before_first_response;
pub mod non2xx_final_not_acked;
pub mod provisional_then_silence;
mod refused;
mod settled;
mod silence;
