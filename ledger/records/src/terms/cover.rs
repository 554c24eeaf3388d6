//! Whether a request lies within a process, and the first reason why not.

use ledger_types::consent::Recipient;
use ledger_types::{PartyId, PartyRoles, refuse_if};

use super::process::{DataPeriod, Process, Processing};
use super::region::Region;
use crate::vocabulary::{ConceptName, Vocabulary};

/// What somebody asks to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The category of data asked for.
    pub category: ConceptName,
    /// For what.
    pub purpose: ConceptName,
    /// Who would receive it.
    pub recipient: PartyId,
    /// The roles that the recipient is registered in, as the ledger says.
    pub recipient_roles: PartyRoles,
    /// Whether the recipient is a user of the joint use that the process names, in the version that
    /// it names, as the ledger says.
    pub is_joint_user: bool,
    /// What would be done; every one must be covered.
    pub operations: Vec<Processing>,
    /// How long it would be kept, in days.
    pub retention_days: u32,
    /// Where it would be processed.
    pub region: Region,
    /// From when the data is that is asked for; none asks for all there is.
    pub data_period: Option<DataPeriod>,
}

impl Process {
    /// Whether this process covers the request.
    ///
    /// # Errors
    /// The first [`Mismatch`] in the order in which they are listed there.
    pub fn covers(&self, request: &Request, vocabulary: &Vocabulary) -> Result<(), Mismatch> {
        self.covers_data(request, vocabulary)?;
        self.covers_use(request)
    }

    fn covers_data(&self, request: &Request, vocabulary: &Vocabulary) -> Result<(), Mismatch> {
        refuse_if(self.vocabulary != vocabulary.hash(), Mismatch::Vocabulary)?;
        if !vocabulary.is_within(&request.category, &self.category) {
            return Err(Mismatch::Category { asked: request.category.clone() });
        }
        if !vocabulary.is_within(&request.purpose, &self.purpose) {
            return Err(Mismatch::Purpose { asked: request.purpose.clone() });
        }
        for excluded in &self.excludes {
            // What is asked may lie under the excluded concept, or be broad enough to reach it.
            for asked in [&request.category, &request.purpose] {
                let overlap = vocabulary.lies_under(asked, excluded)
                    || vocabulary.lies_under(excluded, asked);
                if overlap {
                    return Err(Mismatch::Excluded { excluded: excluded.clone() });
                }
            }
        }
        let reaches = vocabulary.sensitivity(&request.category).is_sensitive();
        if reaches && !self.sensitive {
            return Err(Mismatch::Sensitive { asked: request.category.clone() });
        }
        Ok(())
    }

    fn covers_use(&self, request: &Request) -> Result<(), Mismatch> {
        let is_meant = match self.recipient {
            Recipient::Party(party) => party == request.recipient,
            Recipient::Roles(roles) => request.recipient_roles.intersects(roles),
            Recipient::JointUse { .. } => request.is_joint_user,
        };
        refuse_if(!is_meant, Mismatch::Recipient { asked: request.recipient })?;
        refuse_if(request.operations.is_empty(), Mismatch::NoOperation)?;
        if let Some(asked) =
            request.operations.iter().find(|asked| !self.operations.contains(asked))
        {
            return Err(Mismatch::Operation { asked: *asked });
        }
        if request.retention_days > self.retention_days {
            return Err(Mismatch::Retention { asked: request.retention_days });
        }
        if !request.region.is_within(&self.region) {
            return Err(Mismatch::Region { asked: request.region.clone() });
        }
        match (&request.data_period, &self.data_period) {
            (_, None) => Ok(()),
            (Some(asked), Some(agreed)) if asked.is_within(agreed) && asked.from < asked.until => {
                Ok(())
            }
            _ => Err(Mismatch::DataPeriod),
        }
    }
}

/// Why a process does not cover a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It speaks in another vocabulary.
    #[error("the process speaks in another vocabulary")]
    Vocabulary,
    /// The category does not lie under the agreed one.
    #[error("the category {asked} is not covered")]
    Category {
        /// The category asked for.
        asked: ConceptName,
    },
    /// The purpose does not lie under the agreed one.
    #[error("the purpose {asked} is not covered")]
    Purpose {
        /// The purpose asked for.
        asked: ConceptName,
    },
    /// The request reaches what was excluded.
    #[error("{excluded} is excluded")]
    Excluded {
        /// What was excluded.
        excluded: ConceptName,
    },
    /// The category is sensitive and no consent reaches sensitive data.
    #[error("{asked} is sensitive, and that was not agreed")]
    Sensitive {
        /// The category asked for.
        asked: ConceptName,
    },
    /// The party is not the recipient, and in no role and no joint use that is.
    #[error("party {asked} is no recipient")]
    Recipient {
        /// The party asking.
        asked: PartyId,
    },
    /// Nothing is asked to be done.
    #[error("the request names no operation")]
    NoOperation,
    /// An operation was not agreed.
    #[error("the operation {} is not covered", asked.concept())]
    Operation {
        /// The first that was not.
        asked: Processing,
    },
    /// The data would be kept for longer.
    #[error("{asked} days are longer than agreed")]
    Retention {
        /// The days asked for.
        asked: u32,
    },
    /// The data would be processed elsewhere.
    #[error("the region {} is not covered", asked.as_str())]
    Region {
        /// The region asked for.
        asked: Region,
    },
    /// Data of other days is asked for, or all of it where only some was agreed.
    #[error("data of that period is not covered")]
    DataPeriod,
}
