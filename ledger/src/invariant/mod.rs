//! Invariants over the whole state (domain model, 1–6, 9 and 10), checked on demand and after
//! every block in tests. Those of the supply are held against sums that are kept, at no cost.

mod lotteries;
mod payments;
mod vouchers;

use std::collections::BTreeMap;

use ledger_types::limits::REFERENCE_RUN_MAX;
use ledger_types::{
    AccountId, BankId, ConsentStatus, InstrumentId, Position, ProgrammeId, Yen, ZoneId, refuse_if,
};

use crate::commitment::Key;
use crate::money::is_cycle_sound;
use crate::record::{AccountStatus, Bank, Cycle, Payout, Record, References};
use crate::state::{State, Sums, parts};

/// What there is in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What holders have: posted in accounts and in zones, deposits and prepaid value.
    pub supply: Yen,
    /// What of it issuers owe. Floats cover it with deposits, which are counted too: of the same yen
    /// the supply has both.
    pub prepaid: Yen,
    /// What custodians issued.
    pub issued: Yen,
    /// What custodians redeemed.
    pub redeemed: Yen,
    /// What lies in zones.
    pub in_zones: Yen,
    /// What redeem requests hold, lapsed ones that were not released yet included.
    pub held: Yen,
}

/// What does not hold. None of these can come of any transaction: it is a defect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvariantViolation {
    /// A sum passes the range of amounts.
    #[error("a sum passes the range of amounts")]
    Overflow,
    /// 1: what holders have is not what was issued less what was redeemed.
    #[error("holders have {supply} yen, {issued} were issued and {redeemed} redeemed")]
    Supply {
        /// What holders have.
        supply: Yen,
        /// What was issued.
        issued: Yen,
        /// What was redeemed.
        redeemed: Yen,
    },
    /// 2: a bank's liability is not the sum of its accounts.
    #[error("bank {bank} owes {liability} yen, its accounts have {accounts}")]
    Liability {
        /// The bank.
        bank: BankId,
        /// What it says it owes.
        liability: Yen,
        /// What its accounts have.
        accounts: Yen,
    },
    /// 3: a zone's total is not the sum of its sub-accounts.
    #[error("zone {zone} says {total} yen, its sub-accounts have {accounts}")]
    Zone {
        /// The zone.
        zone: ZoneId,
        /// What it says.
        total: Yen,
        /// What its sub-accounts have.
        accounts: Yen,
    },
    /// 4: more is held than posted, or what is held is not what open requests hold.
    #[error("account {account:?} has {balance} yen, {held} held, {requested} by requests")]
    Held {
        /// The account.
        account: AccountId,
        /// What is posted.
        balance: Yen,
        /// What is held.
        held: Yen,
        /// What its open requests hold.
        requested: Yen,
    },
    /// 6 and 10: a bank's net position is not the sum of its pairs', or all do not sum to zero.
    #[error("bank {bank} has position {position:?}, its pairs sum to {pairs}")]
    Positions {
        /// The bank.
        bank: BankId,
        /// Its net position.
        position: Position,
        /// What its pairs sum to.
        pairs: i128,
    },
    /// 1 and 10, for one bank: what it owes is not issued − redeemed + settled + its position.
    #[error("the books of bank {bank} do not balance")]
    Bank {
        /// The bank.
        bank: BankId,
    },
    /// A float does not cover what its issuer owes, or is not there, or an issuer has a position.
    #[error("issuer {issuer} owes {liability} yen, its float covers {available}")]
    Float {
        /// The issuer.
        issuer: BankId,
        /// What it owes.
        liability: Yen,
        /// What is available in its float.
        available: Yen,
    },
    /// The sums that are kept are not those of the records.
    #[error("the sums of what banks owe and zones hold are not those of the accounts")]
    Sums,
    /// A payout that did not end is not held in its account as what it is of, or one that ended is.
    #[error("a payout of account {account:?} is not held as it stands")]
    Payout {
        /// The account.
        account: AccountId,
    },
    /// A record names another that is not there.
    #[error("account {account:?} has a sub-account, a request or a bank that is not there")]
    Dangling {
        /// The account.
        account: AccountId,
    },
    /// A settlement cycle is not what its pairs make, or waits though another came after it.
    #[error("a settlement cycle is not what its pairs make, or waits though another came after it")]
    Cycle,
    /// An account that is closed has something.
    #[error("account {account:?} is closed and has something")]
    Closed {
        /// The account.
        account: AccountId,
    },
    /// 9: a consent was used past its limit, or its status and its end disagree.
    #[error("a consent was used past its limit, or its status and its end disagree")]
    Consent,
    /// 7 and 8: a payment's parts are not the whole, more was refunded than was paid, or its fee passes it.
    #[error("a payment's parts are not the whole, or more was refunded than was paid")]
    Payment,
    /// 1: holders' lots are not in order, too many, or of no round.
    #[error("a holder's vouchers are not in order, or of no round")]
    Lots,
    /// 1: what holders have of a round is not what was sold of it and neither used nor ended.
    #[error("what holders have of programme {programme} is not what its rounds say")]
    Tally {
        /// The programme.
        programme: ProgrammeId,
    },
    /// 1: what an instrument says is outstanding is not what its programmes' rounds say.
    #[error("instrument {instrument} of zone {zone} is not the sum of its programmes")]
    Instrument {
        /// The zone.
        zone: ZoneId,
        /// The instrument.
        instrument: InstrumentId,
    },
    /// 5: a programme's escrows do not cover what was sold and not used.
    #[error(
        "the escrows of programme {programme} have {held} yen, {needed} were sold and not used"
    )]
    Cover {
        /// The programme.
        programme: ProgrammeId,
        /// What is available in them.
        held: Yen,
        /// What was sold and not used.
        needed: Yen,
    },
    /// A round's applications ask for another number than it says, or more was bought, or can be, than
    /// was won or is there.
    #[error("the applications of round {round} of programme {programme} contradict it")]
    Lottery {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
    },
    /// A person or household bought more than one may.
    #[error("somebody bought more of programme {programme} than one may")]
    Cap {
        /// The programme.
        programme: ProgrammeId,
    },
    /// References that a bank used are not in order, or not where they are looked for.
    #[error("references that a bank used are not in order")]
    References,
}

impl State {
    /// Checks the sums of all money against each other and gives them: what banks owe against what
    /// their holders have, zones against their sub-accounts, positions against zero.
    ///
    /// Reads custodians, pairs of them and zones, and of accounts the floats alone.
    ///
    /// # Errors
    /// [`InvariantViolation`], the first that is met.
    pub fn supply(&self) -> Result<Totals, InvariantViolation> {
        let sums = self.books.sums();
        self.check_zones(sums)?;
        self.check_banks(sums)?;
        self.check_supply(sums)
    }

    /// Compares the sums that are kept with those of the accounts. Reads every account.
    ///
    /// # Errors
    /// [`InvariantViolation::Sums`] where they differ.
    pub fn recount(&self) -> Result<(), InvariantViolation> {
        let agree = self.books.sums().agree(&self.books.summed_anew());
        refuse_if(!agree, InvariantViolation::Sums)
    }

    /// Checks the invariants over all records and gives the totals.
    ///
    /// Reads every record: milliseconds for thousands, seconds for millions.
    ///
    /// # Errors
    /// [`InvariantViolation`], the first that is met.
    pub fn conservation(&self) -> Result<Totals, InvariantViolation> {
        for (key, record) in self.books.all() {
            self.check_record(&key, record)?;
        }
        vouchers::check(self)?;
        lotteries::check(self)?;
        self.recount()?;
        self.supply()
    }

    #[expect(clippy::too_many_lines, reason = "a table: one line a kind")]
    fn check_record(&self, key: &Key, record: &Record) -> Result<(), InvariantViolation> {
        match record {
            Record::Account(account) => {
                let id = account_id(1, key)?;
                let has_some = !account.balance.is_zero();
                let is_closed = account.status == AccountStatus::Closed;
                refuse_if(is_closed && has_some, InvariantViolation::Closed { account: id })?;
                self.check_held(id, account.balance, account.held)
            }
            Record::ZoneAccount(_) => self.check_zone_account(key),
            Record::OpenRedeems(_) => {
                let account = account_id(1, key)?;
                let held = self.account(&account).map_or(Yen::ZERO, |record| record.held);
                refuse_if(held.is_zero(), InvariantViolation::Dangling { account })
            }
            Record::Payout(payout) => self.check_payout(key, payout),
            Record::Consent(consent) => check_consent(consent),
            Record::Cycle(cycle) => self.check_cycle(key, cycle),
            Record::References(run) => check_references(key, run),
            Record::Payment(payment) => {
                refuse_if(!payments::is_sound(payment), InvariantViolation::Payment)
            }
            Record::Subject(_)
            | Record::Party(_)
            | Record::Bank(_)
            | Record::PairPosition(_)
            | Record::Zone(_)
            | Record::Merchant(_)
            | Record::FeeSchedules(_)
            | Record::RevenueShares(_)
            | Record::Redeem(_)
            | Record::Notice(_)
            | Record::Member(_)
            | Record::Vocabulary(_)
            | Record::LegalBasis(_)
            | Record::RegimeVersion(_)
            | Record::JointUse(_)
            | Record::OptOut(_)
            | Record::OptOutStop(_)
            | Record::Compensation(_)
            | Record::Contact(_)
            | Record::Reconsent(_)
            | Record::ReconsentCount(_)
            | Record::SubjectRequest(_)
            | Record::Delegation(_)
            | Record::Recovery(_)
            | Record::Access(_)
            | Record::Disclosures(_)
            | Record::Acknowledgement(_)
            | Record::Glass(_)
            | Record::Emergency(_)
            | Record::Dividend(_)
            | Record::Shred(_)
            | Record::AuditView(_)
            | Record::LogRead(_)
            | Record::Due(_)
            | Record::Cursor(_)
            | Record::Frozen(_)
            | Record::AccountRecovery(_)
            | Record::Counter(_)
            | Record::Entered(_)
            | Record::CounterDay(_)
            | Record::Raise(_)
            | Record::Given(_)
            | Record::Limits(_)
            | Record::Spending(_)
            | Record::Instrument(_)
            | Record::Lots(_)
            | Record::Programme(_)
            | Record::Round(_)
            | Record::Tally(_)
            | Record::Escrow(_)
            | Record::EligibilityList(_)
            | Record::LeafUse(_)
            | Record::Household(_)
            | Record::BuyerCount(_)
            | Record::Ticket(_)
            | Record::Applicant(_)
            | Record::Deposited(_)
            | Record::Terminal(_)
            | Record::Cancelled(_)
            | Record::RecentPayments(_)
            | Record::PayoutTerms(_)
            | Record::PayoutAccount(_) => Ok(()),
        }
    }

    /// What a payout is of is held once until it ended, and not after.
    fn check_payout(&self, key: &Key, payout: &Payout) -> Result<(), InvariantViolation> {
        let id = parts::hash(key);
        let listed = self.open_redeems(&payout.account).into_iter().flat_map(|open| &open.requests);
        let held: Vec<_> =
            listed.filter(|one| Some(one.redeem) == id).map(|one| one.amount).collect();
        let holds = match held.as_slice() {
            [] => payout.status.has_ended(),
            [amount] => !payout.status.has_ended() && *amount == payout.amount,
            [_, ..] => false,
        };
        refuse_if(!holds, InvariantViolation::Payout { account: payout.account })
    }

    fn check_zone_account(&self, key: &Key) -> Result<(), InvariantViolation> {
        let account = account_id(3, key)?;
        let zone = ZoneId::new(parts::number(key).unwrap_or_default());
        let holder = self.account(&account).map(|holder| holder.status);
        let is_closed = holder == Some(AccountStatus::Closed);
        refuse_if(is_closed, InvariantViolation::Closed { account })?;
        let is_there = self.zone(zone).is_some() && holder.is_some();
        refuse_if(!is_there, InvariantViolation::Dangling { account })
    }

    fn check_cycle(&self, key: &Key, cycle: &Cycle) -> Result<(), InvariantViolation> {
        let next = parts::long_number(key).and_then(|number| number.checked_add(1));
        let is_last = next.is_none_or(|next| self.cycle(next).is_none());
        let holds = is_cycle_sound(cycle) && (is_last || cycle.ended.is_some());
        refuse_if(!holds, InvariantViolation::Cycle)
    }

    fn check_held(
        &self,
        account: AccountId,
        balance: Yen,
        held: Yen,
    ) -> Result<(), InvariantViolation> {
        let mut requested = Yen::ZERO;
        for request in self.open_redeems(&account).iter().flat_map(|open| &open.requests) {
            requested = add(requested, request.amount)?;
        }
        if held > balance || held != requested {
            return Err(InvariantViolation::Held { account, balance, held, requested });
        }
        Ok(())
    }

    fn check_zones(&self, sums: &Sums) -> Result<(), InvariantViolation> {
        for (zone, record) in self.zones() {
            let accounts = sums.in_zone(zone).ok_or(InvariantViolation::Overflow)?;
            if record.total != accounts {
                return Err(InvariantViolation::Zone { zone, total: record.total, accounts });
            }
        }
        Ok(())
    }

    fn check_banks(&self, sums: &Sums) -> Result<(), InvariantViolation> {
        let by_bank = self.summed_pairs()?;
        for (bank, record) in self.banks() {
            let accounts = sums.of_bank(bank).ok_or(InvariantViolation::Overflow)?;
            let liability = record.liability;
            if liability != accounts {
                return Err(InvariantViolation::Liability { bank, liability, accounts });
            }
            let pairs = by_bank.get(&bank).copied().unwrap_or_default();
            let position = record.position;
            if i128::from(position.get()) != pairs {
                return Err(InvariantViolation::Positions { bank, position, pairs });
            }
            refuse_if(!balances(record), InvariantViolation::Bank { bank })?;
            self.check_float(bank, record)?;
        }
        Ok(())
    }

    /// An issuer's float, kept at a bank, covers what the issuer owes; no other custodian owes it
    /// anything, nor it them.
    fn check_float(&self, issuer: BankId, record: &Bank) -> Result<(), InvariantViolation> {
        let Some(float) = record.kind.float() else { return Ok(()) };
        let kept_at = self.account(&float).and_then(|float| self.bank(float.custodian));
        let at_bank = kept_at.is_some_and(|custodian| custodian.kind.is_bank());
        let available = self.float(record).unwrap_or(Yen::ZERO);
        let (liability, is_even) = (record.liability, record.position == Position::ZERO);
        let holds = at_bank && is_even && liability <= available;
        refuse_if(!holds, InvariantViolation::Float { issuer, liability, available })
    }

    /// Each pair's position, added to the lower bank's and taken from the higher's.
    fn summed_pairs(&self) -> Result<BTreeMap<BankId, i128>, InvariantViolation> {
        let mut by_bank: BTreeMap<BankId, i128> = BTreeMap::new();
        for ((lower, higher), position) in self.positions() {
            let amount = i128::from(position.get());
            let sum = by_bank.entry(lower).or_default();
            *sum = sum.checked_add(amount).ok_or(InvariantViolation::Overflow)?;
            let sum = by_bank.entry(higher).or_default();
            *sum = sum.checked_sub(amount).ok_or(InvariantViolation::Overflow)?;
        }
        Ok(by_bank)
    }

    fn check_supply(&self, sums: &Sums) -> Result<Totals, InvariantViolation> {
        let overflow = InvariantViolation::Overflow;
        let held = sums.held().ok_or(overflow.clone())?;
        let mut totals = Totals { held, ..Totals::default() };
        for (code, bank) in self.banks() {
            totals.issued = add(totals.issued, bank.issued)?;
            totals.redeemed = add(totals.redeemed, bank.redeemed)?;
            let accounts = sums.of_bank(code).ok_or(overflow.clone())?;
            totals.supply = add(totals.supply, accounts)?;
            if !bank.kind.is_bank() {
                totals.prepaid = add(totals.prepaid, accounts)?;
            }
        }
        for (zone, _) in self.zones() {
            let in_zone = sums.in_zone(zone).ok_or(overflow.clone())?;
            totals.in_zones = add(totals.in_zones, in_zone)?;
        }
        let Totals { supply, issued, redeemed, .. } = totals;
        if issued.checked_sub(redeemed) != Some(supply) {
            return Err(InvariantViolation::Supply { supply, issued, redeemed });
        }
        Ok(totals)
    }
}

fn add(one: Yen, other: Yen) -> Result<Yen, InvariantViolation> {
    one.checked_add(other).ok_or(InvariantViolation::Overflow)
}

fn account_id(
    prefix: usize,
    key: &crate::commitment::Key,
) -> Result<AccountId, InvariantViolation> {
    let nobody = InvariantViolation::Dangling { account: AccountId::default() };
    parts::account_after(prefix, key).ok_or(nobody)
}

/// A bank owes what it issued and did not redeem, and what came to it from other banks, paid for by
/// them outside or not.
fn balances(bank: &Bank) -> bool {
    let liability = i128::from(bank.liability.get());
    let issued = i128::from(bank.issued.get());
    let redeemed = i128::from(bank.redeemed.get());
    let (position, settled) = (bank.position.get().into(), bank.settled.get().into());
    let net = issued.checked_sub(redeemed).and_then(|net| net.checked_add(position));
    net.and_then(|net| net.checked_add(settled)) == Some(liability)
}

/// Marks are in order, each once, none past the end of their run, and no more than a run holds.
fn check_references(key: &Key, run: &References) -> Result<(), InvariantViolation> {
    let ascend = run.marks.is_sorted_by(|one, other| one < other);
    let are_some = (1..=REFERENCE_RUN_MAX).contains(&run.marks.len());
    let end_within = run.marks.last().copied() <= parts::reference_mark(key);
    refuse_if(!(ascend && are_some && end_within), InvariantViolation::References)
}

fn check_consent(consent: &crate::record::Consent) -> Result<(), InvariantViolation> {
    let within = consent.use_limit.is_none_or(|limit| consent.uses <= limit);
    // A change may set a limit below the uses that there were: no use is left then.
    let allowed = within || consent.revision > 0;
    let goes_on = matches!(consent.status, ConsentStatus::Given | ConsentStatus::Suspended);
    let holds = allowed && goes_on == consent.ended.is_none();
    refuse_if(!holds, InvariantViolation::Consent)
}
