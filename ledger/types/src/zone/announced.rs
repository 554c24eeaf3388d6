//! What changes by announcement: what is in force, and what comes after it, both readable.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::time::Timestamp;

/// One version of what changes by announcement.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Dated<T> {
    /// The version, from 1 without gaps.
    pub version: u32,
    /// From when on it is in force.
    pub from: Timestamp,
    /// What it says.
    pub terms: T,
}

/// The latest version, and while it waits the one before.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Announced<T> {
    /// The latest version.
    pub latest: Dated<T>,
    /// What is in force until the latest begins; none where nothing is, or the latest began as it
    /// was set.
    pub before: Option<Dated<T>>,
}

impl<T> Announced<T> {
    /// What is in force.
    #[must_use]
    pub fn in_force(&self, now: Timestamp) -> Option<&Dated<T>> {
        if self.latest.from <= now { Some(&self.latest) } else { self.before.as_ref() }
    }

    /// What is announced and not in force yet.
    #[must_use]
    pub fn waiting(&self, now: Timestamp) -> Option<&Dated<T>> {
        Some(&self.latest).filter(|latest| latest.from > now)
    }
}
