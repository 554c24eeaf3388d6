//! Logs of consents, subjects and parties: pages of entries, newest first.
//!
//! A request for renewal goes to everyone who consented under a notice, so it is kept once for the
//! notice, and shown among the entries of each consent that stood under it at the time.

use std::sync::Arc;

use ledger::State;
use ledger::record::Consent;
use ledger_types::operation::AccessBasis;
use ledger_types::{AccountId, ConsentId, Hash, Height, NoticeId, Operation, PartyId};
use node_api::body::operation::ReadRightBody;
use node_api::body::{LogEntry, LogKind};

use super::cursor::{DutyCursor, LogCursor};
use super::{Query, QueryError};
use crate::consent_log::{List, entry};
use crate::store::{Owed, Source};

/// How many of a subject's consents are looked at for the requests that concern them.
const CONSENTS_MAX: usize = 1000;
/// How many requests for renewal of one notice are looked at for those that are open: a controller
/// may make four in 30 days, for at most 366 days ahead.
const RECONSENTS_MAX: usize = 64;

/// Whose log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOf {
    /// A consent's.
    Consent(ConsentId),
    /// A data subject's.
    Subject(AccountId),
    /// A party's.
    Party(PartyId),
}

/// How much of a log is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    All,
    /// What concerns the subject and one controller; what concerns others is theirs.
    Of(PartyId),
}

/// A page of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The entries, newest first.
    pub entries: Vec<LogEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<LogCursor>,
}

impl Query {
    /// A page of a log after `cursor`; it may hold fewer entries than `limit` and have a next one.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn log(
        &self,
        of: LogOf,
        shown: Shown,
        cursor: Option<LogCursor>,
        limit: usize,
    ) -> Result<Log, QueryError> {
        let index = self.index()?;
        let sources = match of {
            LogOf::Party(party) => vec![Source::all(List::Party(party))],
            LogOf::Consent(consent) => {
                let own = Source::all(List::Consent(consent));
                core::iter::once(own).chain(self.asked(&[consent])).collect()
            }
            LogOf::Subject(subject) => {
                let consents = index.consents(&subject, None, CONSENTS_MAX)?;
                let own = Source::all(List::Subject(subject));
                core::iter::once(own).chain(self.asked(&consents)).collect()
            }
        };
        let before = cursor.map(|LogCursor(place)| place);
        let mut found = index.log(&sources, before, limit.saturating_add(1))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(place, _)| LogCursor(*place));
        let state = self.state();
        let prefix = state.address_prefix();
        let entries = found.iter().filter_map(|(at, item)| entry(item, at.height, prefix));
        let entries = entries.filter(|entry| is_shown(&state, entry, shown)).collect();
        Ok(Log { entries, next })
    }

    /// The requests for renewal that concerned these consents.
    fn asked(&self, consents: &[ConsentId]) -> Vec<Source> {
        let state = self.state();
        let mut sources: Vec<Source> = Vec::new();
        for record in consents.iter().filter_map(|consent| state.consent(consent)) {
            let source = asked_of(record);
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }

    /// The requests for renewal of a controller's notice that may still be answered, newest first.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn open_reconsents(
        &self,
        controller: PartyId,
        notice: NoticeId,
    ) -> Result<Vec<Hash>, QueryError> {
        let source = Source::all(List::Reconsents(controller, notice));
        let found = self.index()?.log(&[source], None, RECONSENTS_MAX)?;
        let state = self.state();
        let prefix = state.address_prefix();
        let requests =
            found.iter().filter_map(|(at, item)| entry(item, at.height, prefix)?.request);
        let is_open = |request: &Hash| {
            state.reconsent(request).is_some_and(|record| state.time() < record.deadline)
        };
        Ok(requests.filter(is_open).collect())
    }

    /// What a party owes or waits for after `cursor`, the earliest deadline first; with every
    /// review that waits where `with_reviews`.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn duties(
        &self,
        party: PartyId,
        with_reviews: bool,
        cursor: Option<DutyCursor>,
        limit: usize,
    ) -> Result<Vec<Owed>, QueryError> {
        let after = cursor.map(|DutyCursor(owed)| owed.place());
        Ok(self.index()?.duties(party, with_reviews, after.as_deref(), limit)?)
    }

    /// The basis of an access as it was asked for; none where no block that is stored holds it.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn asked_for(&self, access: &Hash) -> Result<Option<AccessBasis>, QueryError> {
        let Some(item) = self.index()?.access(access)? else { return Ok(None) };
        let Some(transaction) = item.transaction else { return Ok(None) };
        let Some((_, Some(content))) = self.transaction(&transaction)? else { return Ok(None) };
        let mut operations = content.unsigned.operations.into_iter();
        Ok(operations.find_map(|operation| match operation {
            Operation::RequestAccess(request) if request.access == *access => Some(request.basis),
            _ => None,
        }))
    }

    /// Whether the node keeps an index.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.store.index().map(Arc::as_ref).is_some()
    }
}

/// The requests under a consent's notice from when it was given until it ended.
fn asked_of(record: &Consent) -> Source {
    let list = List::Reconsents(record.controller, record.notice);
    let last = record.ended.unwrap_or(Height::new(u64::MAX));
    Source { list, first: record.given, last }
}

/// Whether an entry of a subject's log is shown.
fn is_shown(state: &State, entry: &LogEntry, shown: Shown) -> bool {
    let Shown::Of(controller) = shown else { return true };
    let read_by = match entry.right {
        Some(ReadRightBody::Consent { consent }) => Some(consent),
        Some(ReadRightBody::View { consent, .. }) => consent,
        None => None,
    };
    let consent = entry.consent.or(read_by);
    if let Some(record) = consent.and_then(|consent| state.consent(&consent)) {
        return record.controller == controller;
    }
    // Who acts for the subject, and where it is reached, is every controller's matter.
    let is_subjects = matches!(
        entry.kind,
        LogKind::ContactRegistered
            | LogKind::DelegationGiven
            | LogKind::DelegationEnded
            | LogKind::RecoveryProposed
            | LogKind::RecoveryExecuted
            | LogKind::RecoveryVetoed
    );
    is_subjects || entry.party == Some(controller) || entry.counterparty == Some(controller)
}
