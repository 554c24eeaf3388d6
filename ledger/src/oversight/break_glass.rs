//! `BreakGlass`, `ReviewBreakGlass` and `NotifySubject`: access in an emergency, and its price.
//!
//! An overdue review never refuses another broken glass; it denies every other access of the party
//! until it comes. Without a network the glass is broken first and recorded within the hours that
//! the regime allows.

use ledger_types::event::{GlassBroken, GlassReviewed, SubjectNotified};
use ledger_types::operation::{BreakGlass, NotifySubject, ReviewBreakGlass};
use ledger_types::record::{Duty, Glass, Owed, Review};
use ledger_types::{AccountId, PartyRoles, Regime, Rejection, Timestamp, refuse_if};

use super::due;
use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::{Stop, must};
use crate::state::Books;

impl Execute for BreakGlass {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let sender = acting::acting(execution, PartyRoles::EMERGENCY)?;
        let (opener, regime) = (sender.party, sender.regime);
        let glass = self.glass;
        refuse_if(execution.books.glass(&glass).is_some(), Rejection::GlassExists)?;
        let now = execution.time;
        refuse_if(!expiry::is_of_now(&glass, now), Rejection::DayRefused)?;
        let until = period_end(execution.books, regime, self, now)?;
        let rules = acting::rules(execution.books, regime);
        let review_deadline = after(now, rules.review_within_ms);
        let notify_deadline = after(now, rules.notify_within_ms);
        let record = Glass {
            opener,
            person: self.person,
            scope: self.scope,
            ground: self.ground,
            opened: self.opened,
            until,
            recorded: execution.height,
            review_deadline,
            review: None,
            review_overdue: None,
            notify_deadline,
            notified: None,
            notify_overdue: None,
        };
        execution.books.put_glass(&glass, record);
        let owed = |deadline, duty| Owed { debtor: opener, deadline, duty };
        due::set(execution.books, owed(review_deadline, Duty::Review(glass)));
        due::set(execution.books, owed(notify_deadline, Duty::Notify(glass)));
        execution.emit(GlassBroken { glass, opener, until });
        Ok(())
    }
}

/// When the glass closes: it was broken not too long ago, not ahead, and not for too long.
fn period_end(
    books: &Books,
    regime: Regime,
    broken: &BreakGlass,
    now: Timestamp,
) -> Result<Timestamp, Rejection> {
    let rules = acting::rules(books, regime);
    let recorded_by = after(broken.opened, rules.break_glass_backdate_ms_max);
    let durations = 1..=rules.break_glass_ms_max;
    let timely = broken.opened <= now && now <= recorded_by;
    if timely && durations.contains(&broken.duration_ms) {
        Ok(after(broken.opened, broken.duration_ms))
    } else {
        Err(Rejection::BadGlassPeriod)
    }
}

impl Execute for ReviewBreakGlass {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let ReviewBreakGlass { glass, finding, commitment } = *self;
        let auditor = acting::acting(execution, PartyRoles::AUDITOR)?;
        let reviewer = auditor.party;
        let mut record = execution.books.glass(&glass).ok_or(Rejection::UnknownGlass)?.clone();
        let opener = record.opener;
        // Parties are never removed.
        let opened_by = must(execution.books.party(opener), "a party is gone")?;
        refuse_if(auditor.is_one_organisation_with(opened_by), Rejection::SameOrganisation)?;
        refuse_if(record.review.is_some(), Rejection::GlassReviewed)?;
        record.review = Some(Review { reviewer, finding, commitment, height: execution.height });
        if record.review_overdue.is_some() {
            let mut party = opened_by.clone();
            // It was counted when it was marked, and no other review takes it off.
            let fewer = party.overdue_reviews.checked_sub(1);
            party.overdue_reviews = must(fewer, "an overdue review was not counted")?;
            execution.books.put_party(&AccountId::of_party(opener), party);
        }
        let (debtor, deadline, duty) = (opener, record.review_deadline, Duty::Review(glass));
        due::settle(execution.books, Owed { debtor, deadline, duty });
        execution.books.put_glass(&glass, record);
        execution.emit(GlassReviewed { glass, opener, reviewer, finding });
        Ok(())
    }
}

impl Execute for NotifySubject {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let NotifySubject { glass, evidence } = *self;
        let opener = execution.sender.party()?;
        let mut record = execution.books.glass(&glass).ok_or(Rejection::UnknownGlass)?.clone();
        refuse_if(record.opener != opener, Rejection::NotGlassOpener)?;
        refuse_if(record.notified.is_some(), Rejection::SubjectNotified)?;
        record.notified = Some(evidence);
        let (debtor, deadline, duty) = (opener, record.notify_deadline, Duty::Notify(glass));
        due::settle(execution.books, Owed { debtor, deadline, duty });
        execution.books.put_glass(&glass, record);
        execution.emit(SubjectNotified { glass, opener });
        Ok(())
    }
}
