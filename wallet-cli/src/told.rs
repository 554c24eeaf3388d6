//! What an event is to people: the text that says it, and with whom, how much, until when.
//!
//! [`told`] has an arm for every event and [`asked`] one for every operation, so that a new one does
//! not compile until it is decided what people see of it.

mod asked;
mod events;
mod payouts;
mod shops;
mod vouchers;

use events::{
    cycle_closed, cycle_ended, ended, estate, fee, frozen, issued, merchant_registered, opened,
    paid, raised, redeem_ended, redeem_requested, transferred,
};
use ledger_types::access::BasisKind;
use ledger_types::{AccountId, AddressPrefix, BankId, Event, Hash, PartyId, Timestamp, Whose, Yen};
use node_api::body::{HistoryEntry, LogEntry};
use serde::Serialize;

use crate::failure::{Exit, Failure};

pub(crate) use asked::asked;
pub(crate) use shops::payment as payment_number;

/// Which way value moved, seen from the account whose history it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    In,
    Out,
}

/// The other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum With {
    Somebody(Whose),
    /// A bank, where the event does not name its account.
    Bank(BankId),
}

/// What people are shown. What is not said does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The key of the text in a history, among payments.
    pub(crate) in_history: &'static str,
    /// The key of the text in a log of consent.
    pub(crate) in_log: &'static str,
    pub(crate) direction: Option<Direction>,
    pub(crate) amount: Option<Yen>,
    /// What of a payment at a shop was paid in cash beside.
    pub(crate) cash: Option<Yen>,
    /// The terminal of a shop that asked, or gave back.
    pub(crate) terminal: Option<u16>,
    /// The number of the payment at a shop that it is about.
    pub(crate) payment: Option<Hash>,
    pub(crate) with: Option<With>,
    /// The party that it is about: a consent's controller, an access's requester, whoever keeps a
    /// half or is named for a missing one, reads, broke glass, owes what is overdue or waits for it, or is registered.
    pub(crate) party: Option<PartyId>,
    /// What an access rests on.
    pub(crate) basis: Option<BasisKind>,
    /// From when on it holds; told where that is later than what happened.
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) deadline: Option<Timestamp>,
    /// Whether somebody used, read or opened a person's data, or what came of it.
    pub(crate) is_use: bool,
}

impl Told {
    const fn new(key: &'static str) -> Self {
        Self {
            in_history: key,
            in_log: key,
            direction: None,
            amount: None,
            cash: None,
            terminal: None,
            payment: None,
            with: None,
            party: None,
            basis: None,
            from: None,
            until: None,
            deadline: None,
            is_use: false,
        }
    }

    const fn of(self, amount: Yen) -> Self {
        Self { amount: Some(amount), ..self }
    }

    const fn moved(self, direction: Direction, amount: Yen) -> Self {
        Self { direction: Some(direction), amount: Some(amount), ..self }
    }

    /// About this payment at a shop, by this terminal.
    const fn about(self, payment: Option<Hash>, terminal: Option<u16>) -> Self {
        Self { payment, terminal, ..self }
    }

    /// With so much paid in cash beside.
    fn beside(self, cash: Yen) -> Self {
        Self { cash: Some(cash).filter(|cash| !cash.is_zero()), ..self }
    }

    fn with(self, whose: impl Into<Whose>) -> Self {
        Self { with: Some(With::Somebody(whose.into())), ..self }
    }

    const fn with_bank(self, bank: BankId) -> Self {
        Self { with: Some(With::Bank(bank)), ..self }
    }

    const fn named(self, in_history: &'static str) -> Self {
        Self { in_history, ..self }
    }

    const fn by(self, party: PartyId) -> Self {
        Self { party: Some(party), ..self }
    }

    const fn on(self, basis: BasisKind) -> Self {
        Self { basis: Some(basis), ..self }
    }

    const fn from(self, from: Timestamp) -> Self {
        Self { from: Some(from), ..self }
    }

    const fn until(self, until: Timestamp) -> Self {
        Self { until: Some(until), ..self }
    }

    const fn due(self, deadline: Timestamp) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    const fn used(self) -> Self {
        Self { is_use: true, ..self }
    }
}

/// What a history calls everything about consent that has no name of its own among payments.
const CONSENT: &str = "label-kind-consent-changed";

/// Something about consent: a log tells it in words of its own.
const fn log(key: &'static str) -> Told {
    Told::new(key).named(CONSENT)
}

/// What an event is to the account whose history it is; a log of consent is nobody's.
#[allow(clippy::too_many_lines, reason = "an arm for every event")]
pub(crate) fn told(event: &Event, viewer: Option<&AccountId>) -> Told {
    use Event as Of;
    match event {
        Of::AccountOpened(e) => opened(e, viewer),
        Of::Issued(e) => issued(e, viewer),
        Of::RedeemRequested(e) => redeem_requested(e, viewer),
        Of::RedeemSettled(e) => {
            redeem_ended("label-kind-redeem-settled", e.account, viewer).of(e.amount)
        }
        Of::RedeemCancelled(e) => {
            redeem_ended("label-kind-redeem-cancelled", e.account, viewer).of(e.amount)
        }
        Of::RedeemClaimed(e) => {
            let told = redeem_ended("label-kind-redeem-claimed", e.account, viewer);
            told.of(e.amount).until(e.until)
        }
        Of::RedeemReleased(e) => {
            redeem_ended("label-kind-redeem-released", e.account, viewer).of(e.amount)
        }
        Of::Transferred(e) => transferred(e, viewer),
        Of::NetDebitCapSet(e) => Told::new("label-kind-cap-set").of(e.cap),
        Of::CycleClosed(e) => cycle_closed(e, viewer),
        Of::SettlementConfirmed(e) => {
            Told::new("label-kind-cycle-confirmed").of(e.part.position.amount())
        }
        Of::CycleEnded(e) => cycle_ended(e, viewer),
        Of::MerchantRegistered(e) => merchant_registered(e, viewer),
        Of::MerchantUpdated(e) => {
            let told = Told::new("label-kind-merchant-updated").from(e.from);
            if viewer == Some(&e.merchant) { told } else { told.with(e.merchant) }
        }
        Of::ZoneCreated(_) => Told::new("label-kind-zone-created"),
        Of::ZoneUpdated(_) => Told::new("label-kind-zone-updated"),
        Of::FeeScheduleSet(e) => Told::new("label-kind-fees-set").from(e.from),
        Of::RevenueShareSet(e) => Told::new("label-kind-shares-set").from(e.from),
        Of::FeeCharged(e) => fee(e, viewer),
        Of::ZoneAccountOpened(_) => Told::new("label-kind-zone-opened"),
        Of::Charged(e) => Told::new("label-kind-charged").moved(Direction::Out, e.amount),
        Of::Discharged(e) => Told::new("label-kind-discharged").moved(Direction::In, e.amount),
        Of::Paid(e) => paid(e, viewer),

        Of::InstrumentDefined(e) => vouchers::defined(e, viewer),
        Of::ProgrammeCreated(_) => Told::new("label-kind-programme-created"),
        Of::ProgrammeFunded(e) => vouchers::funded(e, viewer),
        Of::EscrowMoved(e) => vouchers::escrow_moved(e, viewer),
        Of::RoundOpened(_) => Told::new("label-kind-round-opened"),
        Of::Purchased(e) => vouchers::purchased(e, viewer),
        Of::LotsSpent(e) => vouchers::spent(e, viewer),
        Of::ProgrammeReconciled(e) => vouchers::reconciled(e, viewer),
        Of::EligibilitySupplemented(_) => Told::new("label-kind-list-added"),
        Of::LeafRevoked(_) => Told::new("label-kind-leaf-revoked"),
        Of::TicketEntered(_) => Told::new("label-kind-applied"),
        Of::SecretDeposited(_) => Told::new("label-kind-secret-deposited"),
        Of::SecretOpened(_) => Told::new("label-kind-secret-opened"),
        Of::LotteryDrawn(_) => Told::new("label-kind-lottery-drawn"),
        Of::LeftAwarded(_) => Told::new("label-kind-left-awarded"),
        Of::EstateLots(e) => vouchers::estate(e, viewer),

        Of::TerminalRegistered(_) => Told::new("label-kind-terminal-registered"),
        Of::TerminalEnded(_) => Told::new("label-kind-terminal-ended"),
        Of::RequestCancelled(e) => {
            Told::new("label-kind-request-cancelled").about(Some(e.request), e.terminal)
        }
        Of::Refunded(e) => shops::refunded(e, viewer),
        Of::Voided(e) => shops::voided(e, viewer),
        Of::LotsReturned(e) => shops::lots_returned(e, viewer),
        Of::FeeReturned(e) => shops::fee_returned(e, viewer),

        Of::PayoutTermsSet(_) => Told::new("label-kind-payout-terms"),
        Of::PayoutAccountSet(e) => payouts::account(e, viewer),
        Of::PayoutRequested(e) => payouts::requested(e, viewer),
        Of::PayoutCancelled(e) => {
            payouts::ended("label-kind-payout-cancelled", e.account, viewer).of(e.amount)
        }
        Of::PayoutSent(e) => {
            payouts::ended("label-kind-payout-sent", e.account, viewer).of(e.amount)
        }
        Of::PayoutCompleted(e) => payouts::completed(e, viewer),
        Of::PayoutReturned(e) => {
            payouts::ended("label-kind-payout-returned", e.account, viewer).of(e.amount)
        }
        Of::MerchantHeld(e) => payouts::held(e, viewer),
        Of::MerchantClosing(e) => payouts::closing(e, viewer),

        // The registrar's own, and the members' about an emergency: no log of a party has them.
        Of::VocabularyPublished(_)
        | Of::LegalBasisPublished(_)
        | Of::RegimePublished(_)
        | Of::EmergencyEndorsed(_)
        | Of::EmergencyEnded(_) => Told::new(CONSENT),
        Of::PartyRegistered(e) => {
            log("label-log-party-registered").named("label-kind-party-registered").by(e.party)
        }
        Of::PartyUpdated(e) => log("label-log-party-updated").by(e.party),
        Of::NoticePublished(e) => {
            log("label-log-notice-published").named("label-kind-notice-published").by(e.controller)
        }
        Of::JointUsePublished(e) => log("label-log-joint-use-published").by(e.controller),
        Of::OptOutNotified(e) => log("label-log-opt-out-notified").by(e.controller),
        Of::CompensationPublished(e) => log("label-log-terms-published").by(e.controller),

        Of::ConsentGranted(e) => {
            log("label-log-given").named("label-kind-consent-granted").by(e.controller)
        }
        Of::ConsentWithdrawn(e) => {
            log("label-log-withdrawn").named("label-kind-consent-withdrawn").by(e.controller)
        }
        Of::ConsentEnded(e) => ended(e),
        Of::Amended(e) => log("label-log-amended").by(e.controller),
        Of::Widened(e) => log("label-log-widened").by(e.controller),
        Of::Suspended(e) => log("label-log-suspended").by(e.controller),
        Of::Resumed(e) => log("label-log-resumed").by(e.controller),
        Of::Renewed(e) => log("label-log-renewed").by(e.controller),
        Of::Deferred(e) => log("label-log-deferred").by(e.controller),
        Of::ReconsentRequested(e) => {
            log("label-log-reconsent-requested").by(e.controller).due(e.deadline)
        }

        Of::KeysRotated(_) => Told::new("label-log-keys-rotated"),
        Of::AccountFrozen(e) => {
            frozen("label-kind-frozen", e.account, e.custodian, viewer).until(e.until)
        }
        Of::AccountUnfrozen(e) => frozen("label-kind-unfrozen", e.account, e.custodian, viewer),
        Of::LimitsSet(e) => frozen("label-kind-limits-set", e.account, e.custodian, viewer),
        Of::AccountClosed(e) => frozen("label-kind-closed", e.account, e.custodian, viewer),
        Of::DeceasedMarked(e) => frozen("label-kind-deceased", e.account, e.custodian, viewer),
        Of::DeathCorrected(e) => {
            frozen("label-kind-death-corrected", e.account, e.custodian, viewer)
        }
        Of::EstateTransferred(e) => estate(e, viewer),
        Of::AllowanceRaised(e) => raised(e, viewer),
        Of::AccountRecoveryProposed(e) => {
            frozen("label-log-recovery-proposed", e.account, e.custodian, viewer)
                .due(e.executable_from)
        }
        Of::AccountRecoveryExecuted(e) => {
            frozen("label-log-recovery-executed", e.account, e.custodian, viewer)
        }
        Of::AccountRecoveryVetoed(_) => Told::new("label-log-recovery-vetoed"),
        Of::CounterRegistered(e) => {
            log("label-log-counter-registered").by(e.counter).until(e.until)
        }
        Of::Hastened(e) => log("label-log-hastened").by(e.counter),
        Of::ContactRegistered(_) => log("label-log-contact-registered"),
        Of::OptOutStopped(e) => log("label-log-opt-out-stopped").by(e.controller),
        Of::SubjectRequested(e) => {
            log("label-log-subject-requested").by(e.controller).due(e.deadline)
        }
        Of::SubjectRequestAnswered(e) => log("label-log-subject-request-answered").by(e.controller),
        Of::DelegationGiven(e) => log("label-log-delegation-given").until(e.until),
        Of::DelegationEnded(_) => log("label-log-delegation-ended"),
        Of::RecoveryProposed(e) => {
            log("label-log-recovery-proposed").by(e.proposer).due(e.executable_from)
        }
        Of::RecoveryExecuted(e) => log("label-log-recovery-executed").by(e.proposer),
        Of::RecoveryVetoed(e) => log("label-log-recovery-vetoed").by(e.proposer),

        Of::AccessPermitted(e) => log("label-log-access-permitted")
            .named("label-kind-access-requested")
            .by(e.requester)
            .on(e.basis)
            .until(e.valid_until)
            .used(),
        Of::HalfRecorded(e) => log("label-log-half-recorded").by(e.party).used(),
        Of::HolderNamed(e) => log("label-log-holder-named").by(e.holder).used(),
        Of::DisclosuresRecorded(e) => log("label-log-disclosures-recorded").by(e.holder),
        Of::EndAcknowledged(e) => log("label-log-end-acknowledged").by(e.controller),
        Of::ShredAcknowledged(e) => log("label-log-shred-acknowledged").by(e.party),
        Of::DividendPaid(e) => {
            log("label-log-dividend-paid").named("label-kind-dividend-paid").by(e.controller)
        }

        Of::GlassBroken(e) => log("label-log-glass-broken").by(e.opener).until(e.until).used(),
        Of::GlassReviewed(e) => log("label-log-glass-reviewed").by(e.opener).used(),
        Of::SubjectNotified(e) => log("label-log-subject-notified").by(e.opener).used(),
        Of::AuditViewGranted(e) => log("label-log-view-granted").by(e.auditor).until(e.until),
        Of::AuditViewEnded(e) => log("label-log-view-ended").by(e.auditor),
        Of::AccessLogRead(e) => log("label-log-log-read").by(e.reader).used(),
        Of::Overdue(e) => log("label-log-overdue").by(e.debtor).due(e.deadline),
    }
}

/// An entry as the node gave it, which is what machines get, with what people are shown of it.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Line<E> {
    pub(crate) entry: E,
    #[serde(skip)]
    pub(crate) told: Told,
}

impl Line<HistoryEntry> {
    /// An entry of this account's history.
    pub(crate) fn of_history(
        entry: HistoryEntry,
        prefix: &AddressPrefix,
        viewer: &AccountId,
    ) -> Result<Self, Failure> {
        let event = entry.event(prefix).map_err(strange)?;
        let sent = entry.asked(prefix).map_err(strange)?;
        let told = event.map(|event| Told {
            payment: shops::payment(&entry, &event),
            ..told(&event, Some(viewer))
        });
        let told = told.or_else(|| sent.as_ref().map(asked));
        let told = told.ok_or_else(|| strange("an entry without an event"))?;
        Ok(Self { entry, told })
    }
}

impl Line<LogEntry> {
    /// An entry of a log of consent.
    pub(crate) fn of_log(entry: LogEntry, prefix: &AddressPrefix) -> Result<Self, Failure> {
        let told = told(&entry.event(prefix).map_err(strange)?, None);
        Ok(Self { entry, told })
    }
}

/// A node told something that this program cannot read.
pub(crate) fn strange(reason: impl ToString) -> Failure {
    Failure::new(Exit::Other, "err-answer").because(reason)
}

#[cfg(test)]
mod tests;
