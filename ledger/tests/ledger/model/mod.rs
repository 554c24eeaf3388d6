//! A naive model of the ledger, written from the rules alone: plain maps, sums taken each time.
//!
//! It keeps no liability, no position, no held amount and no zone total: it derives them. A
//! transaction runs on a copy, which replaces the model where nothing was refused.

mod consent;
mod lives;
mod money;
mod payouts;
mod refunds;
mod vouchers;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::allowance::Allowances;
use ledger_types::consent::{Materiality, NoticeContent};
use ledger_types::genesis::MemberRole;
use ledger_types::operation::{
    AccountKind, Grant, KeyRole, KycLevel, Limits, MerchantClass, Operation,
};
use ledger_types::payment::payment_id;
use ledger_types::programme::LotKind;
use ledger_types::zone::{FeeTerms, ShareTerms};
use ledger_types::{
    AccountId, ConsentId, Genesis, Hash, Height, PublicKey, Timestamp, Transaction,
};

/// The code of a broken rule.
pub(crate) type Refused = Result<(), u16>;

#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) bank: u16,
    pub(crate) kind: AccountKind,
    pub(crate) level: KycLevel,
    pub(crate) posted: i128,
    pub(crate) status: Status,
}

impl Holder {
    pub(crate) fn is_person(&self) -> bool {
        [AccountKind::Citizen, AccountKind::Merchant].contains(&self.kind)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    Deceased,
    Closed,
}

#[derive(Clone)]
pub(crate) struct Lender {
    pub(crate) own: AccountId,
    /// What covers its debt, where it is a prepaid issuer.
    pub(crate) float: Option<AccountId>,
    pub(crate) allowance: i128,
    pub(crate) cap: i128,
    pub(crate) issued: i128,
    pub(crate) redeemed: i128,
}

#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) account: AccountId,
    pub(crate) amount: i128,
    pub(crate) expires: u64,
    pub(crate) ended: bool,
    pub(crate) claimed_until: Option<u64>,
}

#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) grant: Grant,
    pub(crate) subject: AccountId,
    pub(crate) uses: u32,
    pub(crate) withdrawn: bool,
}

#[derive(Clone)]
pub(crate) struct Raised {
    pub(crate) by: AccountId,
    pub(crate) burst: u64,
    pub(crate) per_minute: u64,
    pub(crate) until: u64,
}

/// A settlement cycle: what each pair owed, as its lower bank sees it, who confirmed, whether it ended.
#[derive(Clone)]
pub(crate) struct Captured {
    pub(crate) pairs: BTreeMap<(u16, u16), i128>,
    pub(crate) confirmed: BTreeSet<u16>,
    pub(crate) pledged: BTreeMap<u16, i128>,
    pub(crate) ended: bool,
}

/// Versions of a notice, the first one first.
pub(crate) type Versions = Vec<(Materiality, Vec<NoticeContent>)>;

#[derive(Clone, Default)]
pub(crate) struct Model {
    pub(crate) now: u64,
    pub(crate) holders: BTreeMap<AccountId, Holder>,
    pub(crate) banks: BTreeMap<u16, Lender>,
    /// Gross: what the first has ever come to owe the second.
    pub(crate) owed: BTreeMap<(u16, u16), i128>,
    pub(crate) cycles: Vec<Captured>,
    pub(crate) requests: BTreeMap<Hash, Request>,
    pub(crate) references: BTreeSet<(u16, Hash)>,
    pub(crate) zones: BTreeMap<u16, AccountId>,
    pub(crate) in_zones: BTreeMap<(u16, AccountId), i128>,
    pub(crate) merchants: BTreeSet<(u16, AccountId)>,
    /// What merchants' classes are, where vouchers ask.
    pub(crate) classes: BTreeMap<(u16, AccountId), MerchantClass>,
    pub(crate) programmes: BTreeMap<u32, vouchers::Programme>,
    /// Who bought of which programme and round, and how many sets.
    pub(crate) purchases: Vec<(AccountId, u32, u16, u16)>,
    pub(crate) vouchers: Vec<vouchers::Voucher>,
    /// What was used: of which programme, round, bucket and kind, at which class of shops, how much.
    pub(crate) uses: Vec<(u32, u16, u16, LotKind, MerchantClass, i128)>,
    /// What of what a bank came to owe escrows paid, and no cycle settled.
    pub(crate) pledged: BTreeMap<u16, i128>,
    /// Payments at shops.
    pub(crate) paid: Vec<refunds::Paid>,
    pub(crate) payouts: payouts::Payouts,
    /// The block, and the place in it of the transaction that runs.
    pub(crate) height: u64,
    place: u32,
    pub(crate) roles: BTreeSet<(AccountId, MemberRole)>,
    pub(crate) parties: BTreeMap<u32, u16>,
    pub(crate) notices: BTreeMap<(u32, u32), Versions>,
    pub(crate) consents: BTreeMap<ConsentId, Given>,
    pub(crate) subjects: BTreeSet<AccountId>,
    pub(crate) accesses: BTreeSet<Hash>,
    /// From when on merchants are in which tiers, in order, where they are not in the first.
    pub(crate) tiers: BTreeMap<(u16, AccountId), Vec<(u64, u16)>>,
    /// The fees that merchants were charged, by the fiscal year.
    pub(crate) charged: BTreeMap<(u16, AccountId, u32), i128>,
    pub(crate) fees: BTreeMap<u16, zones::Timeline<FeeTerms>>,
    pub(crate) shares: BTreeMap<u16, zones::Timeline<ShareTerms>>,
    /// What each account was given of another's allowance.
    pub(crate) raised: BTreeMap<AccountId, Raised>,
    /// Accounts' own limits.
    pub(crate) limits: BTreeMap<AccountId, Limits>,
    /// What left accounts that had a limit of a day or a month then: whose, when, how much.
    pub(crate) counted: Vec<(AccountId, u64, i128)>,
    /// Banks whose keys have a maker and a checker.
    pub(crate) in_parts: BTreeSet<u16>,
    allowances: Option<Allowances>,
    used: BTreeSet<(AccountId, u64)>,
}

impl Model {
    pub(crate) fn of(genesis: &Genesis) -> Self {
        let allowances = Some(genesis.parameters.allowances);
        let mut model = Self { allowances, ..Self::default() };
        for bank in &genesis.banks {
            let (kind, level) = (AccountKind::Bank, KycLevel::KB);
            let status = Status::Open;
            let own = Holder { bank: bank.bank.get(), kind, level, posted: 0, status };
            if bank.keys.iter().any(|entry| entry.role != KeyRole::Any) {
                model.in_parts.insert(bank.bank.get());
            }
            model.holders.insert(bank.account, own);
            let lender = Lender {
                own: bank.account,
                float: None,
                allowance: i128::from(bank.issue_allowance.get()),
                cap: i128::from(bank.net_debit_cap.get()),
                issued: 0,
                redeemed: 0,
            };
            model.banks.insert(bank.bank.get(), lender);
        }
        for issuer in &genesis.issuers {
            let (kind, level) = (AccountKind::Issuer, KycLevel::KB);
            let status = Status::Open;
            let own = Holder { bank: issuer.issuer.get(), kind, level, posted: 0, status };
            model.holders.insert(issuer.account, own);
            let lender = Lender {
                own: issuer.account,
                float: Some(issuer.float),
                allowance: i128::from(issuer.issue_allowance.get()),
                cap: 0,
                issued: 0,
                redeemed: 0,
            };
            model.banks.insert(issuer.issuer.get(), lender);
        }
        for account in &genesis.accounts {
            let posted = i128::from(account.balance.get());
            let (bank, kind, level) = (account.custodian.get(), account.kind, account.kyc_level);
            let status = Status::Open;
            model.holders.insert(account.account, Holder { bank, kind, level, posted, status });
            model.banks.get_mut(&bank).unwrap().issued += posted;
        }
        model.zones = genesis.zones.iter().map(|zone| (zone.zone.get(), zone.operator)).collect();
        for merchant in &genesis.merchants {
            model.merchants.insert((merchant.zone.get(), merchant.account));
            model.classes.insert((merchant.zone.get(), merchant.account), merchant.class);
            model.in_zones.insert((merchant.zone.get(), merchant.account), 0);
        }
        let members = genesis.members.iter();
        model.roles = members
            .flat_map(|member| member.roles.iter().map(|role| (member.account, *role)))
            .collect();
        let parties = genesis.parties.iter();
        model.parties = parties.map(|party| (party.party.get(), party.roles.bits())).collect();
        model
    }

    /// Whether the sender is known.
    pub(crate) fn knows(&self, account: &AccountId) -> bool {
        self.holders.contains_key(account)
            || self.subjects.contains(account)
            || self.party(account).is_some()
    }

    /// A block begins.
    pub(crate) fn begin(&mut self, height: Height, now: u64) {
        (self.height, self.now, self.place) = (height.get(), now, 0);
    }

    /// The number of a payment that the first operation of the transaction makes.
    pub(crate) fn payment_here(&self) -> Hash {
        let time = Timestamp::from_millis(self.now);
        payment_id(Height::new(self.height), self.place, 0, time)
    }

    /// Runs a transaction; 0 where it commits, otherwise the code of the rule that it broke.
    pub(crate) fn run(&mut self, tx: &Transaction) -> u16 {
        let unsigned = &tx.unsigned;
        let sender = unsigned.account;
        assert!(self.used.insert((sender, unsigned.nonce.get())), "a nonce is used once");
        if !self.knows(&sender) {
            self.subjects.insert(sender);
        }
        let mut copy = self.clone();
        self.place += 1;
        for operation in &unsigned.operations {
            let allowed = copy.may_send(&sender);
            if let Err(code) = allowed.and_then(|()| copy.execute(sender, operation)) {
                return code;
            }
        }
        copy.place += 1;
        *self = copy;
        0
    }

    fn execute(&mut self, sender: AccountId, operation: &Operation) -> Refused {
        match operation {
            Operation::OpenAccount(open) => self.open_account(sender, open),
            Operation::Issue(issue) => self.issue(sender, issue),
            Operation::RequestRedeem(request) => self.request(sender, request),
            Operation::ClaimRedeem(claim) => {
                self.claim(sender, claim.redeem, claim.until.as_millis())
            }
            Operation::ReleaseRedeem(release) => self.release(sender, release.redeem),
            Operation::SettleRedeem(settle) => self.settle(sender, settle.redeem),
            Operation::CancelRedeem(cancel) => self.cancel(sender, cancel.redeem),
            Operation::Transfer(transfer) => self.transfer(sender, transfer),
            Operation::SetNetDebitCap(set) => self.set_cap(sender, set),
            Operation::CloseCycle(close) => self.close_cycle(sender, close.cycle),
            Operation::ConfirmSettlement(word) => self.confirm_cycle(sender, word.cycle),
            Operation::FailSettlement(fail) => self.fail_cycle(sender, fail.cycle),
            Operation::RegisterMerchant(register) => self.register_merchant(sender, register),
            Operation::OpenZoneAccount(open) => self.open_in_zone(sender, open.zone.get()),
            Operation::Charge(charge) => {
                self.charge(sender, charge.zone.get(), i128::from(charge.amount.get()))
            }
            Operation::Discharge(discharge) => {
                self.discharge(sender, discharge.zone.get(), i128::from(discharge.amount.get()))
            }
            Operation::Pay(pay) => self.pay(sender, pay),
            Operation::Refund(refund) => self.refund(sender, refund),
            Operation::Void(void) => self.void(sender, void),
            Operation::SetPayoutTerms(terms) => self.payout_terms(sender, terms),
            Operation::SetPayoutAccount(_) => self.payout_account(sender),
            Operation::RequestPayout(request) => self.request_payout(sender, request),
            Operation::CancelPayout(cancel) => self.cancel_payout(sender, cancel.payout),
            Operation::SendPayout(send) => self.send_payout(sender, send),
            Operation::CompletePayout(complete) => self.complete_payout(sender, complete.payout),
            Operation::ReturnPayout(returned) => self.return_payout(sender, returned.payout),
            Operation::HoldMerchant(hold) => self.hold_merchant(sender, hold),
            Operation::CloseMerchant(close) => self.close_merchant(sender, close),
            Operation::RegisterParty(register) => self.register_party(sender, register),
            Operation::PublishNotice(publish) => self.publish(sender, publish),
            Operation::Grant(grant) => self.grant(sender, grant),
            Operation::Withdraw(withdraw) => self.withdraw(sender, withdraw.consent),
            Operation::RequestAccess(request) => self.access(sender, request),
            Operation::RaiseAllowance(raise) => self.raise(sender, raise),
            Operation::SetLimits(set) => self.set_limits(sender, set),
            Operation::CloseAccount(close) => self.close(sender, close.account),
            Operation::MarkDeceased(mark) => self.mark(sender, mark.account),
            Operation::CorrectDeath(correct) => self.correct(sender, correct.account),
            Operation::TransferEstate(estate) => self.estate(sender, estate),
            Operation::CreateZone(create) => self.create_zone(sender, create),
            Operation::UpdateZone(update) => self.update_zone(sender, update),
            Operation::SetFeeSchedule(set) => self.set_fees(sender, set),
            Operation::SetRevenueShare(set) => self.set_shares(sender, set),
            Operation::UpdateMerchant(update) => self.update_merchant(sender, update),
            // Whoever prepares a sequence defines it well.
            Operation::DefineInstrument(_) => Ok(()),
            Operation::CreateProgramme(create) => self.create(sender, create),
            Operation::FundProgramme(fund) => self.fund(sender, fund.programme.get()),
            Operation::MoveEscrow(moved) => self.move_escrow(sender, moved),
            Operation::OpenRound(open) => self.open_round(sender, open),
            Operation::Purchase(purchase) => self.purchase(sender, purchase),
            Operation::ReconcileProgramme(done) => self.reconcile(sender, done.programme.get()),
            // Those that came later have a model of their own (`consent::model`).
            other => panic!("not generated here: {other:?}"),
        }
    }

    pub(crate) fn party(&self, account: &AccountId) -> Option<u32> {
        let number = |number: &u32| ledger_types::PartyId::new(*number);
        self.parties.keys().find(|party| AccountId::of_party(number(party)) == *account).copied()
    }
}

impl Model {
    /// Whether an identity begins with today's day, or with one next to it.
    pub(crate) fn is_of_now(&self, id: &Hash) -> bool {
        let day = u64::from(u32::from_be_bytes(id.as_bytes()[..4].try_into().unwrap()));
        day.abs_diff(self.now / 86_400_000) <= 1
    }
}

/// The rule breaks with this code unless it holds.
pub(crate) fn rule(holds: bool, code: u16) -> Refused {
    if holds { Ok(()) } else { Err(code) }
}

/// Whether keys and a threshold make a usable set (all keys of the tests are registrable).
pub(crate) fn usable(keys: &[ledger_types::operation::WeightedKey], threshold: u16) -> bool {
    let distinct: BTreeSet<PublicKey> = keys.iter().map(|entry| entry.key).collect();
    let weight: u32 = keys.iter().map(|entry| u32::from(entry.weight)).sum();
    (1..=8).contains(&keys.len())
        && distinct.len() == keys.len()
        && keys.iter().all(|entry| entry.weight > 0)
        && (1..=weight).contains(&u32::from(threshold))
}
