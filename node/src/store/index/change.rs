//! What a block's events change in the lists and sums that are worked out from records.
//!
//! Deadlines, keys and who operates a zone stand in records, so changes are worked out while the state that
//! the block left is at hand.

use ledger::State;
use ledger_types::access::Pairing;
use ledger_types::event::Happened;
use ledger_types::{AccountId, Block, Event};
use rocksdb::WriteBatch;

use super::duty::{self, DutyChange};
use super::ended::{self, EndedAccess};
use super::key::{self, ActingKey};
use super::month::{self, MonthChange};
use crate::store::database::Database;
use crate::store::error::StoreError;

/// A change in one of these lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something became owed, or is owed no more.
    Duty(DutyChange),
    /// A key acts for an account.
    Acts(ActingKey),
    /// Both halves of an access's record are there and match.
    Ended(EndedAccess),
    /// Sums of a zone's month grew.
    Month(Box<MonthChange>),
}

/// What a block's events change, in order; `state` is the one that the block left.
pub(in crate::store) fn changes(state: &State, block: &Block, events: &[Happened]) -> Vec<Change> {
    let months = month::of_block(state, block, events).into_iter();
    let months = months.map(|change| Change::Month(Box::new(change)));
    events.iter().flat_map(|happened| of_event(state, &happened.event)).chain(months).collect()
}

/// Enters changes into their lists, and adds to sums what stands in the database.
pub(super) fn enter(
    database: &Database,
    batch: &mut WriteBatch,
    changes: &[Change],
) -> Result<(), StoreError> {
    for change in changes {
        match change {
            Change::Duty(duty) => duty::enter(batch, duty),
            Change::Acts(acting) => key::enter(batch, acting),
            Change::Ended(access) => ended::enter(batch, access),
            Change::Month(month) => month::enter(database, batch, month)?,
        }
    }
    Ok(())
}

#[expect(clippy::too_many_lines, reason = "a table: one line an event")]
fn of_event(state: &State, event: &Event) -> Vec<Change> {
    match event {
        Event::ConsentWithdrawn(ended) => duty::acknowledge(state, &ended.consent, true),
        Event::ConsentEnded(ended) => duty::acknowledge(state, &ended.consent, true),
        Event::EndAcknowledged(done) => duty::acknowledge(state, &done.consent, false),
        Event::SubjectRequested(asked) => duty::answer(state, &asked.request, true),
        Event::SubjectRequestAnswered(answered) => duty::answer(state, &answered.request, false),
        Event::HalfRecorded(half) => {
            let ended = ended::by_half(state, half).map(Change::Ended);
            duty::halves(state, &half.access, half.pairing).into_iter().chain(ended).collect()
        }
        Event::HolderNamed(named) => duty::halves(state, &named.access, Pairing::Waiting),
        Event::DisclosuresRecorded(half) => {
            duty::hour_halves(state, half.holder, half.recipient, half.hour, half.pairing)
        }
        Event::GlassBroken(broken) => {
            [duty::review(state, &broken.glass, true), duty::notify(state, &broken.glass, true)]
                .concat()
        }
        Event::GlassReviewed(reviewed) => duty::review(state, &reviewed.glass, false),
        Event::SubjectNotified(told) => duty::notify(state, &told.glass, false),
        Event::AccountOpened(opened) => key::acting(state, &opened.account),
        Event::PartyRegistered(new) => key::acting(state, &AccountId::of_party(new.party)),
        Event::RecoveryExecuted(recovered) => key::acting_for(state, recovered.subject),
        Event::KeysRotated(rotated) => key::acting_for(state, rotated.account),
        Event::AccountRecoveryExecuted(recovered) => key::acting(state, &recovered.account),
        Event::Issued(_)
        | Event::RedeemRequested(_)
        | Event::RedeemSettled(_)
        | Event::RedeemCancelled(_)
        | Event::RedeemClaimed(_)
        | Event::RedeemReleased(_)
        | Event::Transferred(_)
        | Event::NetDebitCapSet(_)
        | Event::CycleClosed(_)
        | Event::SettlementConfirmed(_)
        | Event::CycleEnded(_)
        | Event::MerchantRegistered(_)
        | Event::MerchantUpdated(_)
        | Event::ZoneCreated(_)
        | Event::ZoneUpdated(_)
        | Event::FeeScheduleSet(_)
        | Event::RevenueShareSet(_)
        | Event::FeeCharged(_)
        | Event::ZoneAccountOpened(_)
        | Event::Charged(_)
        | Event::Discharged(_)
        | Event::Paid(_)
        | Event::PartyUpdated(_)
        | Event::NoticePublished(_)
        | Event::VocabularyPublished(_)
        | Event::LegalBasisPublished(_)
        | Event::RegimePublished(_)
        | Event::JointUsePublished(_)
        | Event::OptOutNotified(_)
        | Event::CompensationPublished(_)
        | Event::ConsentGranted(_)
        | Event::Amended(_)
        | Event::Widened(_)
        | Event::Suspended(_)
        | Event::Resumed(_)
        | Event::Renewed(_)
        | Event::Deferred(_)
        | Event::ReconsentRequested(_)
        | Event::ContactRegistered(_)
        | Event::OptOutStopped(_)
        | Event::DelegationGiven(_)
        | Event::DelegationEnded(_)
        | Event::RecoveryProposed(_)
        | Event::RecoveryVetoed(_)
        | Event::AccessPermitted(_)
        | Event::ShredAcknowledged(_)
        | Event::DividendPaid(_)
        | Event::EmergencyEndorsed(_)
        | Event::EmergencyEnded(_)
        | Event::AuditViewGranted(_)
        | Event::AuditViewEnded(_)
        | Event::AccessLogRead(_)
        | Event::Overdue(_)
        | Event::AccountFrozen(_)
        | Event::AccountUnfrozen(_)
        | Event::LimitsSet(_)
        | Event::AccountClosed(_)
        | Event::DeceasedMarked(_)
        | Event::EstateTransferred(_)
        | Event::DeathCorrected(_)
        | Event::AccountRecoveryProposed(_)
        | Event::AccountRecoveryVetoed(_)
        | Event::CounterRegistered(_)
        | Event::Hastened(_)
        | Event::AllowanceRaised(_)
        | Event::InstrumentDefined(_)
        | Event::ProgrammeCreated(_)
        | Event::ProgrammeFunded(_)
        | Event::EscrowMoved(_)
        | Event::RoundOpened(_)
        | Event::Purchased(_)
        | Event::LotsSpent(_)
        | Event::ProgrammeReconciled(_)
        | Event::EligibilitySupplemented(_)
        | Event::LeafRevoked(_)
        | Event::TicketEntered(_)
        | Event::SecretDeposited(_)
        | Event::SecretOpened(_)
        | Event::LotteryDrawn(_)
        | Event::LeftAwarded(_)
        | Event::EstateLots(_)
        | Event::TerminalRegistered(_)
        | Event::TerminalEnded(_)
        | Event::RequestCancelled(_)
        | Event::Refunded(_)
        | Event::Voided(_)
        | Event::LotsReturned(_)
        | Event::FeeReturned(_)
        | Event::PayoutTermsSet(_)
        | Event::PayoutAccountSet(_)
        | Event::PayoutRequested(_)
        | Event::PayoutCancelled(_)
        | Event::PayoutSent(_)
        | Event::PayoutCompleted(_)
        | Event::PayoutReturned(_)
        | Event::MerchantHeld(_)
        | Event::MerchantClosing(_) => vec![],
    }
}
