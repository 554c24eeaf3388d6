//! Whether this validator may vote: one whose memory of its votes is gone must not, at first.
//!
//! The write-ahead log remembers what was signed. Without it, a validator follows as a full node
//! until the chain is two heights past the first tip that it saw: whatever it once signed is then
//! decided without it (rule 13). A mark beside the log keeps that over restarts.
//!
//! A network's very first start looks the same as a wiped disk, and must not wait: a validator that
//! finds others, worth more than a third of the power, voting on height 1, or that precommits or
//! decides height 1 itself, was there when the network began. So whoever made the first decision
//! goes on voting, and the network cannot wait for itself.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use ledger_types::{Height, ValidatorAddress, ValidatorSet};

use crate::fault::{ConsensusFault, unwritten};

const FIRST: Height = Height::new(1);

/// What this node may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It remembers its votes, so it may cast new ones.
    Voting,
    /// It has no memory and the chain has no block: perhaps the network begins.
    Beginning,
    /// It has no memory: it follows. `live` is the first height that it saw being decided.
    Following {
        /// The first height that was decided before its eyes, not fetched afterwards.
        live: Option<Height>,
    },
}

/// How a height came to be decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// From votes, as they were cast.
    Live,
    /// From a peer's history.
    Synced,
}

impl Standing {
    /// The standing with which a validator starts.
    pub(crate) fn at_start(mark: Option<Self>, log: Option<Height>, next: Height) -> Self {
        if let Some(standing) = mark {
            return standing;
        }
        // A crash between a commit and the log's next height leaves the log one behind.
        let is_recent = |log: Height| log.next().is_none_or(|after| after >= next);
        match log {
            Some(log) if is_recent(log) => Self::Voting,
            None if next == FIRST => Self::Beginning,
            Some(_) | None => Self::Following { live: None },
        }
    }

    /// The standing after `height` was decided. `is_beginning` says that others were seen voting
    /// on the first height.
    pub(crate) fn after(self, height: Height, decision: Decision, is_beginning: bool) -> Self {
        match self {
            Self::Voting => Self::Voting,
            Self::Beginning if decision == Decision::Live || is_beginning => Self::Voting,
            Self::Beginning => Self::Following { live: None },
            Self::Following { live: Some(live) } if height > live => Self::Voting,
            Self::Following { live: Some(live) } => Self::Following { live: Some(live) },
            Self::Following { live: None } => match decision {
                Decision::Live => Self::Following { live: Some(height) },
                Decision::Synced => Self::Following { live: None },
            },
        }
    }

    /// Whether votes may be cast.
    pub(crate) const fn may_vote(self) -> bool {
        !matches!(self, Self::Following { .. })
    }
}

/// Who was seen voting on the first height.
#[derive(Debug, Default)]
pub(crate) struct FirstVoters {
    power: BTreeMap<ValidatorAddress, u64>,
    took_part: bool,
}

impl FirstVoters {
    /// Notes a vote whose signature was verified.
    pub(crate) fn note(&mut self, validator: ValidatorAddress, power: u64) {
        self.power.insert(validator, power);
    }

    /// Notes our own precommit for a block: a quorum's prevotes were seen.
    pub(crate) const fn note_own_precommit(&mut self) {
        self.took_part = true;
    }

    /// Whether they are too many to be all faulty, or with `own` power make a quorum.
    pub(crate) fn show_a_beginning(&self, set: &ValidatorSet, own: u64) -> bool {
        let others = self.power.values().fold(0_u64, |sum, power| sum.saturating_add(*power));
        let exceeds_a_third = u128::from(others) * 3 > u128::from(set.total_power());
        self.took_part
            || exceeds_a_third
            || (others > 0 && set.is_quorum(others.saturating_add(own)))
    }
}

/// The mark beside the log, while the standing is anything but voting.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    path: PathBuf,
}

impl Mark {
    /// The mark in `home`.
    pub(crate) fn in_home(home: &Path) -> Self {
        Self { path: home.join("standing") }
    }

    /// Reads it; `None` where there is none.
    ///
    /// # Errors
    /// [`ConsensusFault::UnreadableLog`] where it cannot be read or says nothing known.
    pub(crate) fn read(&self) -> Result<Option<Standing>, ConsensusFault> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unreadable(&error)),
        };
        match text.trim_end().split_once(' ') {
            None if text.trim_end() == "beginning" => Ok(Some(Standing::Beginning)),
            None if text.trim_end() == "following" => Ok(Some(Standing::Following { live: None })),
            Some(("following", number)) => {
                let number = number.parse().map_err(|error| self.unreadable(&error))?;
                Ok(Some(Standing::Following { live: Some(Height::new(number)) }))
            }
            Some(_) | None => Err(self.unreadable(&"it says nothing known")),
        }
    }

    /// Writes it, durable before this returns; removes it for a voting validator.
    ///
    /// # Errors
    /// [`ConsensusFault::UnreadableLog`] where that failed.
    pub(crate) fn write(&self, standing: Standing) -> Result<(), ConsensusFault> {
        let text = match standing {
            Standing::Voting => None,
            Standing::Beginning => Some("beginning\n".to_owned()),
            Standing::Following { live: None } => Some("following\n".to_owned()),
            Standing::Following { live: Some(height) } => Some(format!("following {height}\n")),
        };
        self.replace(text.as_deref()).map_err(|error| unwritten(&self.path, &error))
    }

    fn replace(&self, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => kyojo_disk::replace(&self.path, text.as_bytes()),
            None => match kyojo_disk::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => kyojo_disk::sync_name(&self.path),
            },
        }
    }

    fn unreadable(&self, reason: &impl core::fmt::Display) -> ConsensusFault {
        ConsensusFault::UnreadableLog { path: self.path.clone(), reason: reason.to_string() }
    }
}

/// Where the log lies: the number that the file system gave its file, beside it.
///
/// The log is never replaced, so a file with another number is a copy: a home that was restored from
/// a backup, or moved. What was signed since the copy was made is not in it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    path: PathBuf,
}

impl Place {
    /// The note in `home`.
    pub(crate) fn in_home(home: &Path) -> Self {
        Self { path: home.join("place") }
    }

    /// Whether the log is not the file that was noted; no, where none was.
    ///
    /// # Errors
    /// [`ConsensusFault::UnreadableLog`] where note or log cannot be read.
    pub(crate) fn is_of_another(&self, log: &Path) -> Result<bool, ConsensusFault> {
        let noted = match fs::read_to_string(&self.path) {
            Ok(noted) => noted,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unwritten(&self.path, &error)),
        };
        match fs::metadata(log) {
            Ok(found) => Ok(noted != note_of(&found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(unwritten(log, &error)),
        }
    }

    /// Notes where the log lies, durable before this returns.
    ///
    /// # Errors
    /// [`ConsensusFault::UnreadableLog`] where that failed, [`ConsensusFault::Full`] on a full disk.
    pub(crate) fn write(&self, log: &Path) -> Result<(), ConsensusFault> {
        let found = fs::metadata(log).map_err(|error| unwritten(log, &error))?;
        let note = note_of(&found);
        if fs::read_to_string(&self.path).is_ok_and(|noted| noted == note) {
            return Ok(());
        }
        let noted = kyojo_disk::replace(&self.path, note.as_bytes());
        noted.map_err(|error| unwritten(&self.path, &error))
    }
}

fn note_of(file: &fs::Metadata) -> String {
    format!("{}\n", file.ino())
}

#[cfg(test)]
mod tests;
