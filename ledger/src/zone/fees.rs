//! `SetFeeSchedule` and `SetRevenueShare`, and what they take out of a payment.
//!
//! The first fee schedule begins at once only while the zone has no merchant, for then nobody is
//! charged who did not see it before. Until requests of payment fix a version, the schedule in force
//! at the block's time decides.

use ledger_types::event::{FeeCharged, FeeScheduleSet, RevenueShareSet};
use ledger_types::limits::{FEE_SHARES_MAX, FEE_TIERS_MAX};
use ledger_types::operation::{SetFeeSchedule, SetRevenueShare};
use ledger_types::record::{Dated, FeeTaken, Merchant};
use ledger_types::zone::{BasisPoints, FeePart, FeeTerms, ShareTerms};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, ZoneId, refuse_if};

use super::announcing::{announced, begins_in_time, check_next};
use super::operated;
use super::posting::Payee;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money;
use crate::state::Books;

impl Execute for SetFeeSchedule {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, version, from, ref terms } = *self;
        operated(execution, zone)?;
        let (books, now) = (&mut *execution.books, execution.time);
        let before = books.fee_schedules(zone);
        // A merchant's tier is there in every later schedule.
        let tiers_before = before.map_or(1, |before| before.latest.terms.tiers.len());
        let is_usable = (tiers_before..=FEE_TIERS_MAX).contains(&terms.tiers.len())
            && begins_in_time(from, now);
        refuse_if(!is_usable, Rejection::BadFeeSchedule)?;
        check_next(before, version)?;
        let shared = books.revenue_shares(zone).and_then(|shares| shares.in_force(now));
        refuse_if(!terms.is_zero() && shared.is_none(), Rejection::NoRevenueShare)?;
        let has_merchants = books.has_merchants(zone);
        let next = Dated { version, from, terms: terms.clone() };
        let standing = announced(before, next, now, |before, after| {
            has_merchants && takes_more_fees(before, after)
        })?;
        let from = standing.latest.from;
        books.put_fee_schedules(zone, standing);
        execution.emit(FeeScheduleSet { zone, version, from });
        Ok(())
    }
}

/// Whether some merchant may pay more under the second; nobody pays where there is none.
fn takes_more_fees(before: Option<&FeeTerms>, after: Option<&FeeTerms>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => before.are_raised_by(after),
        (None, Some(after)) => !after.is_zero(),
        (_, None) => false,
    }
}

impl Execute for SetRevenueShare {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, version, from, ref terms } = *self;
        let operator = operated(execution, zone)?.operator;
        let (books, now) = (&mut *execution.books, execution.time);
        let is_usable = are_usable(terms) && begins_in_time(from, now);
        refuse_if(!is_usable, Rejection::BadRevenueShare)?;
        let mut recipients = terms.recipients();
        let all_there = recipients.all(|account| books.zone_account(zone, &account).is_some());
        refuse_if(!all_there, Rejection::RecipientNotInZone)?;
        for account in terms.recipients() {
            let record = must(books.account(&account), "a sub-account's holder is gone")?;
            money::check_merchant(books, &account, record)?;
        }
        let before = books.revenue_shares(zone);
        check_next(before, version)?;
        let next = Dated { version, from, terms: terms.clone() };
        let has_merchants = books.has_merchants(zone);
        let standing = announced(before, next, now, |before, after| {
            has_merchants && before.is_some_and(|before| before.are_cut_by(after, &operator))
        })?;
        let from = standing.latest.from;
        books.put_revenue_shares(zone, standing);
        execution.emit(RevenueShareSet { zone, version, from });
        Ok(())
    }
}

/// Whether shares are few enough, in order, none of them the fund's, and no more than all.
fn are_usable(terms: &ShareTerms) -> bool {
    let ShareTerms { shares, fund } = terms;
    shares.len() <= FEE_SHARES_MAX
        && shares.is_sorted_by(|one, next| one.account < next.account)
        && shares.iter().all(|one| one.account != *fund && one.share > BasisPoints::ZERO)
        && BasisPoints::rest(shares.iter().map(|one| one.share)).is_some()
}

/// Rejects with `UnknownTier` where the zone's fee schedules have no such tier; the first tier is
/// always there.
pub(super) fn check_tier(
    books: &Books,
    zone: ZoneId,
    tier: u16,
    now: Timestamp,
) -> Result<(), Rejection> {
    let schedules = books.fee_schedules(zone);
    // What is in force has no more tiers than what comes after it.
    let decides = schedules.and_then(|all| all.in_force(now).or(all.waiting(now)));
    let tiers = decides.map_or(1, |dated| dated.terms.tiers.len());
    refuse_if(usize::from(tier) >= tiers, Rejection::UnknownTier)
}

/// What a payment costs its merchant: the fee and who gets it.
pub(super) struct Fee {
    taken: FeeTaken,
    /// Who gets any of it.
    parts: Vec<FeePart>,
    /// What the parts come to.
    amount: Yen,
}

impl Fee {
    /// What the merchant gets, of what is paid.
    pub(super) fn net(fee: Option<&Self>, gross: Yen) -> Result<Yen, Stop> {
        let amount = fee.map_or(Yen::ZERO, |fee| fee.amount);
        Ok(must(gross.checked_sub(amount), "a fee passes the payment")?)
    }

    /// The fee of a payment at `now` by the schedule that was in force at `at`; none where the zone
    /// charges nothing for it.
    ///
    /// What somebody cannot take because no money may come into the account goes to the fund, and what
    /// the fund cannot take stays with the merchant: a freeze of one of them stops no payment.
    pub(super) fn of(
        books: &Books,
        zone: ZoneId,
        merchant: &Merchant,
        gross: Yen,
        (at, now): (Timestamp, Timestamp),
    ) -> Result<Option<Self>, Stop> {
        let schedules = books.fee_schedules(zone);
        let Some(schedule) = schedules.and_then(|all| all.in_force(at)) else { return Ok(None) };
        let charged = merchant.charged.at(now).amount;
        // A merchant's tier was there when it was said, and no later schedule has fewer.
        let rule = must(schedule.terms.rule(merchant.tier_at(now), charged), "a tier is gone")?;
        if rule.fee(gross).is_zero() {
            return Ok(None);
        }
        // No schedule charges anything before it is in force who gets it, and from then on it is.
        let shares = books.revenue_shares(zone).and_then(|all| all.in_force(now));
        let terms = &must(shares, "nobody gets the fee")?.terms;
        let takes = |account: &AccountId| takes(books, zone, account, now);
        let shares = terms.shares.iter().filter(|share| takes(&share.account)).copied().collect();
        let fund = Some(terms.fund).filter(takes);
        let taken = FeeTaken { version: schedule.version, rule, shares, fund };
        let mut parts = taken.parts(gross);
        parts.retain(|part| !part.amount.is_zero());
        let amount = parts.iter().try_fold(Yen::ZERO, |sum, part| sum.checked_add(part.amount));
        let amount = must(amount, "parts pass the range of amounts")?;
        Ok((!amount.is_zero()).then_some(Self { taken, parts, amount }))
    }

    /// Who gets how much of it.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Payee, Yen)> {
        self.parts.iter().map(|part| (Payee::Inside(part.account), part.amount))
    }

    /// What is remembered of it.
    pub(super) fn taken(&self) -> FeeTaken {
        self.taken.clone()
    }

    /// Notes what the merchant was charged, and says it.
    ///
    /// Rejections: `AmountOverflow`.
    pub(super) fn note(
        self,
        execution: &mut Execution<'_>,
        zone: ZoneId,
        merchant: AccountId,
        gross: Yen,
    ) -> Result<(), Stop> {
        let now = execution.time;
        let books = &mut *execution.books;
        let mut record = *must(books.merchant(zone, &merchant), "the merchant is gone")?;
        let mut charged = record.charged.at(now);
        let fee = self.amount;
        charged.amount = charged.amount.checked_add(fee).ok_or(Rejection::AmountOverflow)?;
        record.charged = charged;
        books.put_merchant(zone, &merchant, record);
        let Self { taken, parts, .. } = self;
        let version = taken.version;
        execution.emit(FeeCharged { zone, merchant, gross, fee, version, parts });
        Ok(())
    }
}

/// Whether somebody takes a part of a fee. Who closes its account has no sub-account any more.
pub(super) fn takes(books: &Books, zone: ZoneId, account: &AccountId, now: Timestamp) -> bool {
    books.zone_account(zone, account).is_some() && money::check_in(books, account, now).is_ok()
}
