//! What must be seen in order: IP fragments and byte streams. Stateful, bounded.
