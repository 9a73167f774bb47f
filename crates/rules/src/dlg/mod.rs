//! Rules on dialogs (RFC 3261 12 to 15).

pub mod ack_sent_but_2xx_repeated;
mod answer;
pub mod late_ack_2xx;
pub mod missing_ack_2xx;
pub mod unacked_2xx_torn_down;
