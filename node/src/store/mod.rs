//! What outlives the process: block log, checkpoints of the state, and the index.
