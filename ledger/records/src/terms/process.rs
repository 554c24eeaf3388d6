//! One process that a consent covers, as a typed and versioned document.

use jiff::civil::Date;
use ledger_types::consent::{DATA_USERS, Recipient};
use ledger_types::{Hash, PartyRoles, refuse_if};
use serde::{Deserialize, Serialize};

use super::region::Region;
use crate::format::Version;
use crate::vocabulary::{ConceptName, PERSONAL_DATA, PURPOSE, Vocabulary};

/// The most entries that a list of a process may have.
const LIST_MAX: usize = 64;
/// Roles that a process can be for: auditors look at records, and counters serve, by other rules.
const ROLES: PartyRoles = DATA_USERS.with(PartyRoles::EMERGENCY);
/// The longest retention: a hundred years, in days.
const RETENTION_DAYS_MAX: u32 = 36_525;

/// A process: who may do what with which data, for what, where and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The form of this document.
    pub version: Version<2>,
    /// The frozen vocabulary whose concepts are meant, by its hash: a broad concept covers what lay
    /// under it then, and nothing that is added later.
    pub vocabulary: Hash,
    /// The category of personal data; what lies under it is covered too.
    pub category: ConceptName,
    /// The purpose; what lies under it is covered too.
    pub purpose: ConceptName,
    /// Categories and purposes under those above that are not covered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<ConceptName>,
    /// Who may use or receive the data; it shows on the ledger once the process is asked for. Several
    /// are several processes.
    pub recipient: Recipient,
    /// What may be done.
    pub operations: Vec<Processing>,
    /// How long the data may be kept, in days from its disclosure.
    pub retention_days: u32,
    /// Where it may be processed.
    pub region: Region,
    /// From when the data is that may be used; all of it where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_period: Option<DataPeriod>,
    /// Whether the subject agreed that it reaches sensitive data; it shows on the ledger.
    pub sensitive: bool,
}

/// What may be done with data; each is a processing operation of the DPV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Processing {
    /// To collect.
    Collect,
    /// To look at, without keeping.
    Consult,
    /// To use.
    Use,
    /// To keep.
    Store,
    /// To analyse.
    Analyse,
    /// To join with other data.
    Combine,
    /// To put under a pseudonym.
    Pseudonymise,
    /// To make anonymous.
    Anonymise,
    /// To give to the recipient.
    Share,
    /// To send out of the region.
    Transfer,
}

impl Processing {
    /// The concept of the DPV.
    #[must_use]
    pub const fn concept(self) -> &'static str {
        match self {
            Self::Collect => "dpv:Collect",
            Self::Consult => "dpv:Consult",
            Self::Use => "dpv:Use",
            Self::Store => "dpv:Store",
            Self::Analyse => "dpv:Analyse",
            Self::Combine => "dpv:Combine",
            Self::Pseudonymise => "dpv:Pseudonymise",
            Self::Anonymise => "dpv:Anonymise",
            Self::Share => "dpv:Share",
            Self::Transfer => "dpv:Transfer",
        }
    }
}

/// Days from the first, included, to the last, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataPeriod {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

impl DataPeriod {
    /// Whether every day of this period is in `wider`.
    #[must_use]
    pub fn is_within(&self, wider: &Self) -> bool {
        wider.from <= self.from && self.until <= wider.until
    }
}

impl Process {
    /// Checks that the document says something whole in this vocabulary.
    ///
    /// # Errors
    /// [`ProcessError`] names the first member that does not.
    pub fn check(&self, vocabulary: &Vocabulary) -> Result<(), ProcessError> {
        if self.vocabulary != vocabulary.hash() {
            return Err(ProcessError::OtherVocabulary { named: self.vocabulary });
        }
        for (concept, root) in [(&self.category, PERSONAL_DATA), (&self.purpose, PURPOSE)] {
            if !vocabulary.is_under(concept, root) {
                return Err(ProcessError::UnknownConcept { name: concept.clone() });
            }
        }
        for excluded in &self.excludes {
            let is_under = vocabulary.is_within(excluded, &self.category)
                || vocabulary.is_within(excluded, &self.purpose);
            if !is_under {
                return Err(ProcessError::NothingToExclude { name: excluded.clone() });
            }
        }
        refuse_if(!names_somebody(self.recipient), ProcessError::Nobody)?;
        refuse_if(self.operations.is_empty(), ProcessError::Empty)?;
        if self.operations.len() > LIST_MAX || self.excludes.len() > LIST_MAX {
            return Err(ProcessError::TooLong { most: LIST_MAX });
        }
        if self.retention_days > RETENTION_DAYS_MAX {
            return Err(ProcessError::Retention { most: RETENTION_DAYS_MAX });
        }
        if self.data_period.is_some_and(|period| period.until <= period.from) {
            return Err(ProcessError::Period);
        }
        let reaches = vocabulary.sensitivity(&self.category).is_sensitive();
        if reaches && !self.sensitive {
            return Err(ProcessError::SensitivityHidden { name: self.category.clone() });
        }
        Ok(())
    }
}

const fn names_somebody(recipient: Recipient) -> bool {
    match recipient {
        Recipient::Party(_) | Recipient::JointUse { .. } => true,
        Recipient::Roles(roles) => roles.bits() != 0 && roles.bits() & !ROLES.bits() == 0,
    }
}

/// Why a document is no process.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// Its concepts are of another vocabulary.
    #[error("the process speaks in the vocabulary {named}, not in this one")]
    OtherVocabulary {
        /// The hash that it names.
        named: Hash,
    },
    /// The category is no category, or the purpose no purpose, of the vocabulary.
    #[error("{name} is not where the vocabulary would have it")]
    UnknownConcept {
        /// Which one.
        name: ConceptName,
    },
    /// What is excluded was not covered.
    #[error("{name} is excluded but lies neither under the category nor under the purpose")]
    NothingToExclude {
        /// Which one.
        name: ConceptName,
    },
    /// No role is named, or one that does not use data.
    #[error("a process is for a party, for roles that use data, or for a joint use")]
    Nobody,
    /// Nothing is to be done.
    #[error("a process names at least one operation")]
    Empty,
    /// A list is too long.
    #[error("a list of a process has at most {most} entries")]
    TooLong {
        /// The most.
        most: usize,
    },
    /// The retention is too long.
    #[error("data is kept for at most {most} days")]
    Retention {
        /// The most.
        most: u32,
    },
    /// The period of data ends before it begins.
    #[error("the period of data has no day in it")]
    Period,
    /// The category is sensitive and the process does not say so.
    #[error("{name} is sensitive and the process does not say so")]
    SensitivityHidden {
        /// The category.
        name: ConceptName,
    },
}
