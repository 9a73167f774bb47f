//! Rules on the numbers of a capture.

pub mod naive_asr_misleading;
