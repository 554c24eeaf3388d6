//! What a file proves, in sentences, and how a command writes one.

pub(crate) mod exported;
pub(crate) mod file;
pub(crate) mod proved;
