//! The chain: proposes, validates and commits blocks; the only writer of the state.
