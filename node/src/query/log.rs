//! Logs of consents, subjects and parties: what happened to them, newest first.
//!
//! A request for renewal goes to everyone who consented under a notice, so it is kept once for the
//! notice, and shown among the entries of each consent that stood under it at the time.

use std::sync::Arc;

use ledger::State;
use ledger_types::event::{List, ReconsentRequested};
use ledger_types::record::Consent;
use ledger_types::{AccountId, ConsentId, Event, Hash, Height, NoticeId, PartyId};
use node_api::body::LogEntry;

use super::cursor::{DutyCursor, PlaceCursor};
use super::history::{Happening, Page, What};
use super::{Query, QueryError};
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

impl LogOf {
    /// The list that it is.
    fn list(self) -> List {
        match self {
            Self::Consent(consent) => List::Consent(consent),
            Self::Subject(subject) => List::Account(subject),
            Self::Party(party) => List::Account(AccountId::of_party(party)),
        }
    }

    /// Whose it is, where it is an account's.
    fn account(self) -> Option<AccountId> {
        match self {
            Self::Consent(_) => None,
            Self::Subject(subject) => Some(subject),
            Self::Party(party) => Some(AccountId::of_party(party)),
        }
    }
}

/// How much of a log is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    All,
    /// What concerns the subject and one controller; what concerns others is theirs.
    Of(PartyId),
    /// All of it, but for the people whom it names.
    WithoutPeople,
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
        cursor: Option<PlaceCursor>,
        limit: usize,
    ) -> Result<Page<LogEntry>, QueryError> {
        let asked = match of {
            LogOf::Party(_) => vec![],
            LogOf::Consent(consent) => self.asked(&[consent]),
            LogOf::Subject(subject) => {
                self.asked(&self.index()?.consents(&subject, None, CONSENTS_MAX)?)
            }
        };
        let own = Source::all(of.list());
        let sources: Vec<Source> = core::iter::once(own).chain(asked).collect();
        let page = self.happened(&sources, of.account().as_ref(), cursor, limit)?;
        let state = self.state();
        let entries = page.entries.into_iter();
        let entries = entries.filter_map(|happening| entry(&state, happening, shown)).collect();
        Ok(Page { entries, next: page.next })
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
        let found = self.happened(&[source], None, None, RECONSENTS_MAX)?;
        let state = self.state();
        let requests = found.entries.iter().filter_map(|happening| match &happening.what {
            What::Told(event) => ReconsentRequested::of(event).map(|asked| asked.request),
            What::Rejected { .. } => None,
        });
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

/// What a log says; nothing of what was sent in vain, of money, and of what is not shown.
fn entry(state: &State, happening: Happening, shown: Shown) -> Option<LogEntry> {
    let event = match happening.what {
        What::Told(event) if event.is_of_consent() => shown.of(state, event)?,
        What::Told(_) | What::Rejected { .. } => return None,
    };
    Some(LogEntry {
        height: happening.height,
        time: happening.time.into(),
        transaction: happening.transaction.map(|(_, id)| id),
        event: event.in_json(state.address_prefix()),
    })
}

impl Shown {
    /// What is shown of an event of consent, if it is.
    pub(super) fn of(self, state: &State, mut event: Event) -> Option<Event> {
        match self {
            Self::All => Some(event),
            Self::Of(controller) => concerns(state, &event, controller).then_some(event),
            Self::WithoutPeople => {
                event.hide_people();
                Some(event)
            }
        }
    }
}

/// Whether an event of a subject's log is one controller's matter: one about a consent is that of
/// the controller to whom it was given.
fn concerns(state: &State, event: &Event, controller: PartyId) -> bool {
    let lists = event.enters();
    let consent = lists.iter().find_map(|list| match list {
        List::Consent(consent) => state.consent(consent),
        List::Account(_)
        | List::Reconsents(..)
        | List::Access(_)
        | List::Bank(_)
        | List::Zone(_) => None,
    });
    if let Some(consent) = consent {
        return consent.controller == controller;
    }
    event.is_of_who_acts() || lists.contains(&List::Account(AccountId::of_party(controller)))
}
