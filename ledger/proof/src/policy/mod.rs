//! Which signatures make a checkpoint trustworthy (<https://c2sp.org/tlog-policy>).
//!
//! ```text
//! log <verifier key> [<url>]
//! witness <name> <verifier key> [<url>]
//! group <name> <k | any | all> <name>…
//! quorum <name | none>
//! ```
//!
//! A checkpoint holds where a log of the policy signed it and the witnesses that cosigned it make
//! the quorum. Names are for the policy alone; a group or quorum names only what stands before it,
//! each member stands in one group at most, and keys are not repeated among logs or among
//! witnesses. Lines are UTF-8 and end in a newline; `#` begins a comment line; spaces and tabs
//! separate. A signature of a known key that does not verify spoils the whole checkpoint.

mod judge;
mod parse;

use std::collections::BTreeSet;

use crate::note::VerifierKey;

pub use judge::{Cosignature, PolicyFailure, Witnessed};
pub use parse::{POLICY_BYTES_MAX, PolicyError};

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// A log whose checkpoints are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its key (type 0x01), whose name is the log's origin.
    pub key: VerifierKey,
    /// Where it is served.
    pub url: Option<String>,
}

/// A witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name in the policy.
    pub name: String,
    /// Its key (type 0x04).
    pub key: VerifierKey,
    /// Where it takes requests.
    pub url: Option<String>,
}

/// A group of witnesses and groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name in the policy.
    pub name: String,
    /// How many members must have witnessed: 1 to all of them.
    pub threshold: usize,
    /// Its members.
    pub members: Vec<Member>,
}

/// A witness or group by its place in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A witness.
    Witness(usize),
    /// A group.
    Group(usize),
}

impl Policy {
    /// The policy under which more than two thirds of these witnesses must have cosigned a log's
    /// checkpoint: `group bft k …` with k = ⌊2n/3⌋ + 1.
    ///
    /// # Errors
    /// [`PolicyError`] where a key is repeated or of the wrong type, or there is no witness.
    pub fn byzantine(
        log: &VerifierKey,
        witnesses: &[(String, VerifierKey)],
    ) -> Result<Self, PolicyError> {
        let threshold = witnesses.len().saturating_mul(2).div_euclid(3).saturating_add(1);
        let mut text = format!("log {log}\n");
        for (name, key) in witnesses {
            text.push_str(&format!("witness {name} {key}\n"));
        }
        let names: Vec<&str> = witnesses.iter().map(|(name, _)| name.as_str()).collect();
        text.push_str(&format!("group bft {threshold} {}\nquorum bft\n", names.join(" ")));
        Self::parse(&text)
    }

    /// The logs.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Whether these witnesses, by their places, make the quorum.
    #[must_use]
    pub fn is_quorum(&self, cosigned: &BTreeSet<usize>) -> bool {
        // A group names only what stands before it, so one pass in order settles them all.
        let mut settled: Vec<bool> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let has = |member: &&Member| has(**member, cosigned, &settled);
            settled.push(group.members.iter().filter(has).count() >= group.threshold);
        }
        self.quorum.is_none_or(|member| has(member, cosigned, &settled))
    }

    fn name_of(&self, member: Member) -> &str {
        match member {
            Member::Witness(index) => self.witnesses.get(index).map_or("", |one| &one.name),
            Member::Group(index) => self.groups.get(index).map_or("", |one| &one.name),
        }
    }
}

fn has(member: Member, cosigned: &BTreeSet<usize>, groups: &[bool]) -> bool {
    match member {
        Member::Witness(index) => cosigned.contains(&index),
        Member::Group(index) => groups.get(index).copied().unwrap_or(false),
    }
}

impl core::fmt::Display for Policy {
    /// The file: logs, witnesses, groups, quorum.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let url =
            |url: &Option<String>| url.as_ref().map_or(String::new(), |url| format!(" {url}"));
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key, url(&log.url))?;
        }
        for Witness { name, key, url: at } in &self.witnesses {
            writeln!(f, "witness {name} {key}{}", url(at))?;
        }
        for Group { name, threshold, members } in &self.groups {
            write!(f, "group {name} {threshold}")?;
            members.iter().try_for_each(|member| write!(f, " {}", self.name_of(*member)))?;
            writeln!(f)?;
        }
        writeln!(f, "quorum {}", self.quorum.map_or("none", |member| self.name_of(member)))
    }
}
