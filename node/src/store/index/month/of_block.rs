//! What a block adds to the months of zones, event by event.

use std::collections::{BTreeMap, BTreeSet};

use ledger::State;
use ledger_types::event::{
    EstateTransferred, FeeCharged, FeeReturned, Happened, LotsSpent, Paid, Refunded, Voided,
};
use ledger_types::japan::JapanMonth;
use ledger_types::tender::LotKind;
use ledger_types::zone::FeePart;
use ledger_types::{AccountId, Block, Event, Yen, ZoneId};

use super::{Counted, Got, MerchantMonth, MonthChange, Role, ZoneMonth};

/// What a block's events add to the months of the zones that they are about, in order of zone; `state` is
/// the one that the block left.
pub(in crate::store::index) fn of_block(
    state: &State,
    block: &Block,
    events: &[Happened],
) -> Vec<MonthChange> {
    let month = JapanMonth::of(block.header.time);
    let mut adding = Adding { state, block, month, zones: BTreeMap::new(), funds: None };
    let for_heirs: BTreeSet<_> = events
        .iter()
        .filter(|happened| EstateTransferred::of(&happened.event).is_some())
        .map(place)
        .collect();
    for happened in events {
        adding.event(happened, for_heirs.contains(&place(happened)));
    }
    adding.done()
}

/// The transaction and operation.
const fn place(happened: &Happened) -> (Option<u32>, u16) {
    (happened.transaction, happened.operation)
}

struct Adding<'a> {
    state: &'a State,
    block: &'a Block,
    month: JapanMonth,
    zones: BTreeMap<ZoneId, MonthChange>,
    /// The regional funds with their zones, once somebody has asked.
    funds: Option<BTreeMap<AccountId, Vec<ZoneId>>>,
}

impl Adding<'_> {
    fn zone(&mut self, zone: ZoneId) -> &mut MonthChange {
        let month = self.month;
        self.zones.entry(zone).or_insert_with(|| MonthChange {
            zone,
            month,
            sums: ZoneMonth::default(),
            merchants: BTreeMap::new(),
            once: BTreeSet::new(),
            taxes: BTreeMap::new(),
        })
    }

    /// The changes, with what circulates and what merchants were charged after the block.
    fn done(mut self) -> Vec<MonthChange> {
        for change in self.zones.values_mut() {
            let total = self.state.zone(change.zone).map_or(Yen::ZERO, |zone| zone.total);
            change.sums.circulation = total.get();
            for (account, fees) in &mut change.merchants {
                let merchant = self.state.merchant(change.zone, account);
                fees.year = merchant.map(|merchant| merchant.charged).unwrap_or_default();
            }
        }
        self.zones.into_values().collect()
    }

    #[expect(clippy::too_many_lines, reason = "a table: one line an event")]
    fn event(&mut self, happened: &Happened, is_for_heirs: bool) {
        match &happened.event {
            Event::Paid(paid) => self.paid(happened, paid),
            Event::LotsSpent(spent) => self.lots_spent(spent),
            Event::Refunded(refunded) => self.refunded(refunded),
            Event::Voided(voided) => self.voided(voided),
            Event::FeeCharged(charged) => self.fee_charged(charged),
            Event::FeeReturned(returned) => self.fee_returned(returned),
            Event::FeeScheduleSet(set) => {
                let schedules = self.state.fee_schedules(set.zone);
                let latest = schedules.map(|all| (all.latest.version, all.latest.terms.tax));
                self.zone(set.zone).taxes.extend(latest.filter(|(one, _)| *one == set.version));
            }
            Event::Charged(charged) => {
                add(&mut self.zone(charged.zone).sums.charged, charged.amount);
            }
            Event::Discharged(discharged) => {
                let sums = &mut self.zone(discharged.zone).sums;
                let out = if is_for_heirs { &mut sums.for_heirs } else { &mut sums.discharged };
                add(out, discharged.amount);
            }
            Event::Transferred(sent) => self.left(happened, &sent.debtor, sent.amount),
            Event::RedeemSettled(settled) => {
                self.left(happened, &settled.account, settled.amount);
            }
            Event::PayoutCompleted(done) => self.left(happened, &done.account, done.amount),
            Event::Purchased(bought) => self.left(happened, &bought.buyer, bought.price),
            // What goes back as vouchers is in the refund or void; all else moves no yen of a zone.
            Event::LotsReturned(_)
            | Event::Issued(_)
            | Event::AccountOpened(_)
            | Event::RedeemRequested(_)
            | Event::RedeemCancelled(_)
            | Event::RedeemClaimed(_)
            | Event::RedeemReleased(_)
            | Event::NetDebitCapSet(_)
            | Event::CycleClosed(_)
            | Event::SettlementConfirmed(_)
            | Event::CycleEnded(_)
            | Event::MerchantRegistered(_)
            | Event::MerchantUpdated(_)
            | Event::ZoneCreated(_)
            | Event::ZoneUpdated(_)
            | Event::RevenueShareSet(_)
            | Event::ZoneAccountOpened(_)
            | Event::AccountFrozen(_)
            | Event::AccountUnfrozen(_)
            | Event::AccountRecoveryProposed(_)
            | Event::AccountRecoveryExecuted(_)
            | Event::AccountRecoveryVetoed(_)
            | Event::LimitsSet(_)
            | Event::AccountClosed(_)
            | Event::DeceasedMarked(_)
            | Event::EstateTransferred(_)
            | Event::EstateLots(_)
            | Event::DeathCorrected(_)
            | Event::InstrumentDefined(_)
            | Event::ProgrammeCreated(_)
            | Event::ProgrammeFunded(_)
            | Event::EscrowMoved(_)
            | Event::RoundOpened(_)
            | Event::ProgrammeReconciled(_)
            | Event::EligibilitySupplemented(_)
            | Event::LeafRevoked(_)
            | Event::TicketEntered(_)
            | Event::SecretDeposited(_)
            | Event::SecretOpened(_)
            | Event::LotteryDrawn(_)
            | Event::LeftAwarded(_)
            | Event::TerminalRegistered(_)
            | Event::TerminalEnded(_)
            | Event::RequestCancelled(_)
            | Event::PayoutTermsSet(_)
            | Event::PayoutAccountSet(_)
            | Event::PayoutRequested(_)
            | Event::PayoutCancelled(_)
            | Event::PayoutSent(_)
            | Event::PayoutReturned(_)
            | Event::MerchantHeld(_)
            | Event::MerchantClosing(_)
            | Event::PartyRegistered(_)
            | Event::PartyUpdated(_)
            | Event::NoticePublished(_)
            | Event::VocabularyPublished(_)
            | Event::LegalBasisPublished(_)
            | Event::RegimePublished(_)
            | Event::JointUsePublished(_)
            | Event::OptOutNotified(_)
            | Event::CompensationPublished(_)
            | Event::ConsentGranted(_)
            | Event::ConsentWithdrawn(_)
            | Event::ConsentEnded(_)
            | Event::Amended(_)
            | Event::Widened(_)
            | Event::Suspended(_)
            | Event::Resumed(_)
            | Event::Renewed(_)
            | Event::Deferred(_)
            | Event::ReconsentRequested(_)
            | Event::ContactRegistered(_)
            | Event::OptOutStopped(_)
            | Event::SubjectRequested(_)
            | Event::SubjectRequestAnswered(_)
            | Event::DelegationGiven(_)
            | Event::DelegationEnded(_)
            | Event::RecoveryProposed(_)
            | Event::RecoveryExecuted(_)
            | Event::RecoveryVetoed(_)
            | Event::AccessPermitted(_)
            | Event::HalfRecorded(_)
            | Event::DisclosuresRecorded(_)
            | Event::EndAcknowledged(_)
            | Event::ShredAcknowledged(_)
            | Event::DividendPaid(_)
            | Event::GlassBroken(_)
            | Event::GlassReviewed(_)
            | Event::SubjectNotified(_)
            | Event::EmergencyEndorsed(_)
            | Event::EmergencyEnded(_)
            | Event::AuditViewGranted(_)
            | Event::AuditViewEnded(_)
            | Event::AccessLogRead(_)
            | Event::Overdue(_)
            | Event::KeysRotated(_)
            | Event::CounterRegistered(_)
            | Event::Hastened(_)
            | Event::AllowanceRaised(_)
            | Event::HolderNamed(_) => {}
        }
    }

    fn paid(&mut self, happened: &Happened, paid: &Paid) {
        let change = self.zone(paid.zone);
        change.sums.payments.add(Counted::one(paid.amount.get()));
        add(&mut change.sums.cash, paid.cash);
        change.once.insert((Role::WasPaid, paid.merchant));
        // What the ledger says names the account.
        if let Some(payer) = paid.payer.account() {
            change.once.insert((Role::Paid, payer));
            self.left(happened, &payer, paid.amount);
        }
    }

    fn lots_spent(&mut self, spent: &LotsSpent) {
        let sums = &mut self.zone(spent.zone).sums;
        for lot in &spent.spent {
            match lot.kind {
                LotKind::Paid => add(&mut sums.vouchers_paid, lot.amount),
                LotKind::Free => add(&mut sums.vouchers_free, lot.amount),
            }
        }
    }

    fn refunded(&mut self, refunded: &Refunded) {
        self.zone(refunded.zone).sums.refunds.add(Counted::one(refunded.amount.get()));
    }

    fn voided(&mut self, voided: &Voided) {
        self.zone(voided.zone).sums.voids.add(Counted::one(voided.amount.get()));
    }

    fn fee_charged(&mut self, charged: &FeeCharged) {
        let FeeCharged { zone, merchant, gross, fee, version, ref parts } = *charged;
        add(&mut self.zone(zone).sums.charged_fees, fee);
        let fees = self.fees(zone, merchant).versions.entry(version).or_default();
        fees.payments += 1;
        add(&mut fees.base, gross);
        add(&mut fees.charged, fee);
        for part in parts {
            self.part(zone, part, Got { got: part.amount.get(), gave_back: 0 });
        }
    }

    fn fee_returned(&mut self, back: &FeeReturned) {
        let FeeReturned { zone, merchant, fee, version, ref parts, ref fund, .. } = *back;
        add(&mut self.zone(zone).sums.returned_fees, fee);
        let fees = self.fees(zone, merchant).versions.entry(version).or_default();
        add(&mut fees.returned, fee);
        for part in parts {
            self.part(zone, part, Got { got: 0, gave_back: part.amount.get() });
        }
        if let Some(part) = fund {
            self.part(zone, part, Got { got: part.amount.get(), gave_back: 0 });
        }
    }

    fn fees(&mut self, zone: ZoneId, merchant: AccountId) -> &mut MerchantMonth {
        self.zone(zone).merchants.entry(merchant).or_default()
    }

    /// Adds to whoever a part of a fee is of: the fund or the operator as they are now, else its kind.
    fn part(&mut self, zone: ZoneId, part: &FeePart, got: Got) {
        let is_fund = self.fund(zone) == Some(part.account);
        let operator = self.state.zone(zone).map(|record| record.operator);
        let kind = self.state.account(&part.account).map(|account| account.kind);
        let sums = &mut self.zone(zone).sums;
        if is_fund {
            sums.fund.add(got);
        } else if operator == Some(part.account) {
            sums.operator.add(got);
        } else if let Some(kind) = kind {
            sums.others.entry(kind).or_default().add(got);
        }
    }

    /// The fund that gets what shares leave now.
    fn fund(&self, zone: ZoneId) -> Option<AccountId> {
        let shares = self.state.revenue_shares(zone)?;
        shares.in_force(self.state.time()).map(|dated| dated.terms.fund)
    }

    /// Notes what left an account, where it is a regional fund.
    fn left(&mut self, happened: &Happened, account: &AccountId, amount: Yen) {
        if self.funds.is_none() {
            let mut funds: BTreeMap<AccountId, Vec<ZoneId>> = BTreeMap::new();
            for (zone, _) in self.state.zones() {
                if let Some(fund) = self.fund(zone) {
                    funds.entry(fund).or_default().push(zone);
                }
            }
            self.funds = Some(funds);
        }
        let of = self.funds.as_ref().and_then(|funds| funds.get(account)).cloned();
        let transactions = &self.block.body.transactions;
        let place = happened.transaction.and_then(|place| usize::try_from(place).ok());
        let purpose = place
            .and_then(|place| transactions.get(place))
            .map_or(0, |transaction| transaction.unsigned.purpose);
        for zone in of.into_iter().flatten() {
            self.zone(zone).sums.spend(purpose, Counted::one(amount.get()));
        }
    }
}

fn add(sum: &mut u64, amount: Yen) {
    *sum = sum.saturating_add(amount.get());
}
