//! `SetLimits`, and what every payment asks: how much left the account already, and how much whoever
//! is paid may hold.
//!
//! Rejections of `SetLimits`, in order: `NotABank`, `UnknownAccount`, `NotCustodian`, `AccountClosed`,
//! `BadLimits`.
//!
//! What counts as leaving is what goes to others: `Transfer` (each row of a bulk too) and `Pay`. What
//! stays the holder's does not: `Charge` and `Discharge` move it between pockets, and a redeem request
//! asks the debtor for what it owes, at a counter that has limits of its own. An account without a limit
//! of a day or a month has no record of what it spent: its payments write none.

use ledger_types::event::LimitsSet;
use ledger_types::genesis::Parameters;
use ledger_types::japan::{JapanDay, JapanMonth};
use ledger_types::operation::{AccountKind, SetLimits};
use ledger_types::record::{Account, AccountStatus, Limits, Spending};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, refuse_if};

use super::kept_by_sender;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::state::{Books, State};

impl Execute for SetLimits {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { account, limits } = *self;
        let custodian = kept_by_sender(execution, &account)?;
        let books = &mut *execution.books;
        let record = must(books.account(&account), "an account is gone")?;
        refuse_if(record.status == AccountStatus::Closed, Rejection::AccountClosed)?;
        refuse_if(limits.has_zero(), Rejection::BadLimits)?;
        if limits != Limits::NONE {
            books.put_own_limits(&account, limits);
        } else if books.own_limits(&account).is_some() {
            books.remove_own_limits(&account);
        }
        execution.emit(LimitsSet { account, custodian, limits });
        Ok(())
    }
}

/// The limits of the account with this record: its own, and where it has none, its level's.
fn limits_of(
    books: &Books,
    parameters: &Parameters,
    account: &AccountId,
    record: &Account,
) -> Limits {
    let level = parameters.limits.of(record.kyc_level);
    books.own_limits(account).map_or(*level, |own| own.or(level))
}

/// Whether what an account holds is prepaid value: its custodian is an issuer.
fn holds_prepaid(books: &Books, record: &Account) -> bool {
    books.bank(record.custodian).is_some_and(|custodian| !custodian.kind.is_bank())
}

/// Whether a payment to a holder of this kind is a send of prepaid value from person to person.
fn is_send(books: &Books, debtor: &Account, payee: AccountKind) -> bool {
    let is_personal = debtor.kind == AccountKind::Citizen && payee == AccountKind::Citizen;
    is_personal && holds_prepaid(books, debtor)
}

/// Counts a payment that leaves an account against its limits; the payee is a holder of this kind.
///
/// Rejections, in order: `PaymentLimitReached`, `SendLimitReached`, `DayLimitReached`,
/// `MonthLimitReached`, `SendMonthLimitReached`, `AmountOverflow`.
pub(crate) fn spend(
    execution: &mut Execution<'_>,
    debtor: &AccountId,
    payee: AccountKind,
    amount: Yen,
) -> Result<(), Stop> {
    let (parameters, now) = (execution.parameters, execution.time);
    let books = &mut *execution.books;
    let record = must(books.account(debtor), "the debtor is gone")?;
    let limits = limits_of(books, parameters, debtor, record);
    let sends = is_send(books, record, payee).then_some(&parameters.limits);
    let (send, send_month) = sends.map_or((None, None), |law| (law.send, law.send_month));
    within(limits.per_payment, Some(amount), |limit| Rejection::PaymentLimitReached {
        limit,
        amount,
    })?;
    within(send, Some(amount), |limit| Rejection::SendLimitReached { limit, amount })?;
    if limits.per_day.is_none() && limits.per_month.is_none() && send_month.is_none() {
        return Ok(());
    }
    let before = books.spending(debtor).copied().unwrap_or_default().at(now);
    let Spending { of_day, of_month, sent, .. } = before;
    within(limits.per_day, of_day.checked_add(amount), |limit| Rejection::DayLimitReached {
        limit,
        spent: of_day,
        amount,
    })?;
    within(limits.per_month, of_month.checked_add(amount), |limit| Rejection::MonthLimitReached {
        limit,
        spent: of_month,
        amount,
    })?;
    within(send_month, sent.checked_add(amount), |limit| Rejection::SendMonthLimitReached {
        limit,
        sent,
        amount,
    })?;
    let of_send = if sends.is_some() { amount } else { Yen::ZERO };
    let after = before.with(amount, of_send).ok_or(Rejection::AmountOverflow)?;
    books.put_spending(debtor, after);
    Ok(())
}

/// Gives back the allowance that a payment took which is refunded: of the day and month of the payment, while
/// they last, and of no other.
pub(crate) fn give_back(books: &mut Books, debtor: &AccountId, paid: Timestamp, amount: Yen) {
    let Some(mut spending) = books.spending(debtor).copied() else { return };
    let less = |spent: Yen| spent.checked_sub(amount).unwrap_or(Yen::ZERO);
    if amount.is_zero() || spending.month != JapanMonth::of(paid) {
        return;
    }
    spending.of_month = less(spending.of_month);
    if spending.day == JapanDay::of(paid) {
        spending.of_day = less(spending.of_day);
    }
    books.put_spending(debtor, spending);
}

/// Rejects what passes a limit; a sum past the range of amounts passes every one.
fn within(
    limit: Option<Yen>,
    sum: Option<Yen>,
    rejection: impl FnOnce(Yen) -> Rejection,
) -> Result<(), Rejection> {
    match limit {
        Some(limit) if sum.is_none_or(|sum| sum > limit) => Err(rejection(limit)),
        Some(_) | None => Ok(()),
    }
}

/// Rejects with `HoldingLimitReached` where the account with this record would come to hold more than
/// it may, what it has in zones included. Zones are gone through only where there is a limit.
pub(crate) fn check_holding(
    books: &Books,
    parameters: &Parameters,
    account: &AccountId,
    record: &Account,
    amount: Yen,
) -> Result<(), Rejection> {
    let limit = limits_of(books, parameters, account, record).holding;
    let Some(limit) = limit else { return Ok(()) };
    let in_zones = books.sub_accounts(account);
    let holding = in_zones.iter().try_fold(record.balance, |sum, (_, one)| sum.checked_add(*one));
    let holding = holding.ok_or(Rejection::AmountOverflow)?;
    within(Some(limit), holding.checked_add(amount), |limit| Rejection::HoldingLimitReached {
        limit,
        holding,
        amount,
    })
}

impl State {
    /// The limits of an account that can hold money: its own, and its level's where it has none.
    #[must_use]
    pub fn limits(&self, account: &AccountId) -> Option<Limits> {
        let record = self.account(account)?;
        Some(limits_of(&self.books, self.parameters(), account, record))
    }

    /// Whether the limits of law on sends from person to person are an account's matter.
    #[must_use]
    pub fn sends_prepaid(&self, account: &AccountId) -> bool {
        self.account(account)
            .is_some_and(|record| is_send(&self.books, record, AccountKind::Citizen))
    }

    /// What left an account that counts on the day and in the month of the tip's time.
    #[must_use]
    pub fn spent(&self, account: &AccountId) -> Spending {
        self.spending(account).copied().unwrap_or_default().at(self.time())
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::allowance::Allowances;
    use ledger_types::genesis::{LevelLimits, Retention};
    use ledger_types::operation::{KycLevel, WeightedKey};
    use ledger_types::record::{Authority, Bank, CustodianKind};
    use ledger_types::{BankId, Hash, Height, SigningKey};

    use super::*;
    use crate::execution::Sender;

    const SENDER: AccountId = AccountId::new([1; 20]);

    fn parameters() -> Parameters {
        Parameters {
            drift_ms_max: 1,
            decision_validity_ms: 1,
            gather_ms_max: 1,
            counter_delay_ms: 0,
            counter_acts_per_day: 1,
            retention: Retention::USUAL,
            allowances: Allowances::INITIAL,
            limits: LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        }
    }

    fn account(kind: AccountKind, kyc_level: KycLevel) -> Account {
        let key = SigningKey::from_seed(&[1; 32]).public_key();
        Account {
            custodian: BankId::new(1),
            kind,
            kyc_level,
            status: AccountStatus::Open,
            holder_commitment: Hash::ZERO,
            balance: Yen::new(900_000),
            held: Yen::ZERO,
            authority: Authority::new(&[WeightedKey::plain(key, 1)], 1).unwrap(),
            opened: Height::GENESIS,
        }
    }

    /// The books with a sender of this kind and level, and what comes of its payments in turn.
    fn outcomes(kind: AccountKind, level: KycLevel, paid: &[(AccountKind, u64)]) -> Vec<u16> {
        let mut books = Books::restore([]).unwrap();
        books.put_account(&SENDER, account(kind, level));
        let float = AccountId::new([2; 20]);
        let kind = match level {
            KycLevel::K0 | KycLevel::K1 => CustodianKind::PrepaidIssuer { float },
            KycLevel::K2 | KycLevel::KB => CustodianKind::Bank,
        };
        books.put_bank(BankId::new(1), Bank { kind, ..Bank::default() });
        // What its custodian sets takes nothing away from what the law says.
        let own = Limits { per_month: Some(Yen::new(9_000_000)), ..Limits::NONE };
        books.put_own_limits(&SENDER, own);
        let parameters = parameters();
        let outcome = |(payee, amount): &(AccountKind, u64)| {
            let mut execution = Execution {
                books: &mut books,
                parameters: &parameters,
                genesis_hash: &Hash::ZERO,
                height: Height::GENESIS,
                time: Timestamp::from_millis(0),
                sender: Sender::Account(SENDER),
                events: &mut Vec::new(),
                signed: &[],
                is_alone: true,
                transaction: 0,
                operation: 0,
            };
            match spend(&mut execution, &SENDER, *payee, Yen::new(*amount)) {
                Ok(()) => 0,
                Err(Stop::Rejected(rejection)) => rejection.code().get(),
                Err(Stop::Broken(fault)) => panic!("{fault}"),
            }
        };
        paid.iter().map(outcome).collect()
    }

    #[test]
    fn prepaid_value_goes_from_person_to_person_within_what_the_law_says() {
        let (person, shop) = (AccountKind::Citizen, AccountKind::Merchant);
        let sends = [(person, 100_001), (person, 100_000), (person, 100_000), (person, 99_999)];
        let rest = [(person, 2), (person, 1), (person, 1), (shop, 400_000)];
        let all: Vec<_> = sends.into_iter().chain(rest).collect();
        let expected = [2055, 0, 0, 0, 2056, 0, 2056, 0];
        assert_eq!(outcomes(person, KycLevel::K1, &all), expected);
        // Deposits are none of it, nor is what a shop pays a person.
        assert_eq!(outcomes(person, KycLevel::K2, &all), [0; 8]);
        assert_eq!(outcomes(shop, KycLevel::K1, &all), [0; 8]);
    }

    #[test]
    fn a_sum_past_the_range_of_amounts_passes_every_limit() {
        let (person, most) = (AccountKind::Citizen, u64::MAX);
        assert_eq!(outcomes(person, KycLevel::K2, &[(person, 5), (person, most)]), [0, 2053]);
    }

    #[test]
    fn the_usual_limit_of_what_a_level_holds_binds() {
        let books = Books::restore([]).unwrap();
        let check = |level, balance: u64, amount: u64| {
            let record =
                Account { balance: Yen::new(balance), ..account(AccountKind::Citizen, level) };
            check_holding(&books, &parameters(), &SENDER, &record, Yen::new(amount))
        };
        let (limit, holding, amount) = (Yen::new(300_000), Yen::new(299_999), Yen::new(2));
        let refused = Rejection::HoldingLimitReached { limit, holding, amount };
        assert_eq!(check(KycLevel::K1, 299_999, 2), Err(refused));
        assert_eq!(check(KycLevel::K1, 299_999, 1), Ok(()));
        assert_eq!(check(KycLevel::K2, u64::MAX, 1), Ok(()));
    }
}
