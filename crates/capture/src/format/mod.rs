//! Capture files: what format they have, and where their records begin and end.
