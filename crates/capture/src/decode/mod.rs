//! One frame to what its innermost transport carries. Stateless.
