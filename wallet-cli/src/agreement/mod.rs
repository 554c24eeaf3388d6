//! What a consent is made of: terms, the notice that was read, the paper that goes home.

pub(crate) mod agreed;
pub(crate) mod facts;
pub(crate) mod granting;
pub(crate) mod shown;
pub(crate) mod slip;
