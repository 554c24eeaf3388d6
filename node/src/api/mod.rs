//! The REST interface: thin over the mempool and the read side.
