//! Accesses that ended and left the state, and what happened to any access, with where that is
//! proved.

use ledger_types::event::{AccessPermitted, HalfRecorded, HolderNamed, Overdue};
use ledger_types::operation::{AccessBasis, Half};
use ledger_types::record::Access;
use ledger_types::{Event, Hash, Height, Operation, Outcome, Receipt, Timestamp, TransactionId};
use node_api::body::{AccessStep, AccessStepBody};

use super::{Query, QueryError};
use crate::store::{Item, Place};

/// An access as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAccess {
    /// Its record.
    pub record: Access,
    /// Whether it has left the state, with both halves: nothing changes it any more.
    pub ended: bool,
}

/// One thing that happened to an access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    what: AccessStep,
    height: Height,
    time: Timestamp,
    /// The transaction's place in the block, and its identity; none where consensus itself raised it.
    transaction: Option<(u32, TransactionId)>,
    operation: u16,
    /// Where the audit log says so; none while it lies behind the index.
    entry: Option<u64>,
}

impl Query {
    /// An access, as the state has it; none where it has none.
    #[must_use]
    pub fn access_in_state(&self, id: &Hash) -> Option<FoundAccess> {
        let record = self.state().access(id).cloned()?;
        Some(FoundAccess { record, ended: false })
    }

    /// An access of which both halves came and match, which the state may have let go.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn ended_access(&self, id: &Hash) -> Result<Option<FoundAccess>, QueryError> {
        let record = self.index()?.ended(id)?;
        Ok(record.map(|record| FoundAccess { record, ended: true }))
    }

    /// What happened to an access, in order; nothing where no block that is indexed permitted it.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn access_steps(&self, id: &Hash) -> Result<Vec<Step>, QueryError> {
        let mut steps = Vec::new();
        for (place, item) in self.index()?.access(id)? {
            steps.extend(self.step(place, item)?);
        }
        Ok(steps)
    }

    /// The basis of an access as it was asked for, of what happened to it; none where no block that
    /// is stored holds it.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn asked_for(&self, id: &Hash, steps: &[Step]) -> Result<Option<AccessBasis>, QueryError> {
        let permitted = steps.iter().find(|step| step.what == AccessStep::Permitted);
        let transaction = permitted.and_then(|step| step.transaction);
        let Some((_, transaction)) = transaction else { return Ok(None) };
        let Some((_, Some(content))) = self.transaction(&transaction)? else { return Ok(None) };
        let operations = &content.unsigned.operations;
        let mut asked = operations.iter().filter_map(Operation::as_request_access);
        let asked = asked.find(|request| request.access == *id);
        Ok(asked.map(|request| request.basis.clone()))
    }

    /// What an event did to the access in whose list it is, with the entry that proves it: its
    /// transaction's receipt, or the commit of the block that raised it.
    fn step(&self, Place { height, .. }: Place, item: Item) -> Result<Option<Step>, QueryError> {
        let Item::Kept { time, told } = item else { return Ok(None) };
        let Some(what) = done_by(&told.event) else { return Ok(None) };
        let log = self.store.audit_log();
        let entry = match told.transaction {
            Some((index, _)) => {
                let before = Height::new(height.get().saturating_sub(1));
                log.size_after(before)?.map(|size| size.saturating_add(u64::from(index)))
            }
            None => log.size_after(height)?.and_then(|size| size.checked_sub(1)),
        };
        let (transaction, operation) = (told.transaction, told.operation);
        Ok(Some(Step { what, height, time, transaction, operation, entry }))
    }
}

impl Step {
    /// As it is answered.
    #[must_use]
    pub fn body(&self) -> AccessStepBody {
        AccessStepBody {
            step: self.what,
            height: self.height,
            time: self.time.into(),
            transaction: self.transaction.map(|(_, id)| id),
            operation: self.transaction.map(|_| self.operation),
            entry: self.entry,
        }
    }

    /// The receipt of its transaction, where it has one, with its place in the audit log: what was
    /// refused does nothing to an access, so it was committed.
    #[must_use]
    pub fn receipt(&self) -> Option<(Option<u64>, Receipt)> {
        let (index, transaction) = self.transaction?;
        let (height, outcome) = (self.height, Outcome::Committed);
        Some((self.entry, Receipt { transaction, height, index, outcome }))
    }
}

/// What an event did to an access, if it did anything.
fn done_by(event: &Event) -> Option<AccessStep> {
    let half = |half: &HalfRecorded| match half.half {
        Half::Holder => AccessStep::HolderHalf,
        Half::Recipient => AccessStep::RecipientHalf,
    };
    let permitted = AccessPermitted::of(event).map(|_| AccessStep::Permitted);
    let half = || HalfRecorded::of(event).map(half);
    let named = || HolderNamed::of(event).map(|_| AccessStep::HolderNamed);
    let overdue = || Overdue::of(event).map(|_| AccessStep::Overdue);
    permitted.or_else(half).or_else(named).or_else(overdue)
}
