//! A zone's monthly report and a merchant's fees, from the sums that the index keeps.

use ledger::State;
use ledger_types::japan::JapanMonth;
use ledger_types::operation::AccountKind;
use ledger_types::zone::FeeTax;
use ledger_types::{AccountId, Height, Position, Yen, ZoneId};
use node_api::body::{
    CountedBody, FeeRecipient, FeesBody, MerchantFeesBody, RecipientBody, SpentForBody,
    VersionFeesBody, ZoneReportBody,
};
use node_api::{Address, Month};

use super::{Query, QueryError};
use crate::store::{Counted, Got, MerchantMonth, VersionFees, ZoneMonth};

/// Fewer merchants or holders than this are not counted aloud.
const ALOUD_MIN: u64 = 5;
/// Hundredths of a turn.
const HUNDREDTHS: u128 = 100;

/// How far sums reach.
#[derive(Clone, Copy, Debug)]
struct Reach {
    complete: bool,
    height: Height,
}

impl Query {
    /// What a zone did in a month.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn zone_report(&self, zone: ZoneId, month: Month) -> Result<ZoneReportBody, QueryError> {
        let reach = self.reach(month)?;
        let sums = self.index()?.zone_month(zone, month.get())?;
        Ok(report(zone, month, reach, &sums))
    }

    /// What a merchant was charged in a month.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn merchant_fees(
        &self,
        zone: ZoneId,
        merchant: &AccountId,
        month: Month,
    ) -> Result<MerchantFeesBody, QueryError> {
        let (reach, index) = (self.reach(month)?, self.index()?);
        let sums = index.merchant_month(zone, merchant, month.get())?;
        let mut versions = Vec::with_capacity(sums.versions.len());
        for (version, fees) in &sums.versions {
            // A fee is taken under a schedule that some block set.
            let tax = index.fee_tax(zone, *version)?.unwrap_or(FeeTax::Included);
            versions.push(by_version(*version, tax, fees));
        }
        let address = Address::of(merchant, self.state().address_prefix());
        Ok(fees_of(zone, address, month, reach, &sums, versions))
    }

    /// How far the sums of a month reach. Asked before they are read, so that none is called complete to
    /// which a block was added later.
    fn reach(&self, month: Month) -> Result<Reach, QueryError> {
        let (is_over, tip) = {
            let state: &State = &self.state();
            (month.get() < JapanMonth::of(state.time()), state.height())
        };
        let height = self.index()?.height()?;
        Ok(Reach { complete: is_over && height >= tip, height })
    }
}

fn report(zone: ZoneId, month: Month, reach: Reach, sums: &ZoneMonth) -> ZoneReportBody {
    let Reach { complete, height } = reach;
    let vouchers = sums.vouchers_paid.saturating_add(sums.vouchers_free);
    ZoneReportBody {
        zone,
        month,
        complete,
        height,
        payments: counted(sums.payments),
        coin: Yen::new(sums.payments.yen.saturating_sub(vouchers)),
        vouchers_paid: Yen::new(sums.vouchers_paid),
        vouchers_free: Yen::new(sums.vouchers_free),
        cash: Yen::new(sums.cash),
        refunds: counted(sums.refunds),
        voids: counted(sums.voids),
        fees: fees(sums.charged_fees, sums.returned_fees),
        recipients: recipients(sums),
        fund_spent: fund_spent(sums),
        charged: Yen::new(sums.charged),
        discharged: Yen::new(sums.discharged),
        for_heirs: Yen::new(sums.for_heirs),
        circulation: Yen::new(sums.circulation),
        turns_hundredths: turns(sums),
        merchants_paid: aloud(sums.merchants),
        holders_paid: aloud(sums.holders),
    }
}

const fn counted(of: Counted) -> CountedBody {
    CountedBody { count: of.count, amount: Yen::new(of.yen) }
}

fn fees(charged: u64, returned: u64) -> FeesBody {
    let net = Position::ZERO.checked_credit(Yen::new(charged));
    let net = net.and_then(|net| net.checked_debit(Yen::new(returned)));
    let (charged, returned) = (Yen::new(charged), Yen::new(returned));
    FeesBody { charged, returned, net: net.unwrap_or_default() }
}

/// The operator and the fund, then others by kind; the two also where they got nothing.
fn recipients(sums: &ZoneMonth) -> Vec<RecipientBody> {
    let body = |recipient, kind: Option<AccountKind>, of: Got| {
        let (got, gave_back) = (Yen::new(of.got), Yen::new(of.gave_back));
        RecipientBody { recipient, kind, got, gave_back }
    };
    let two = [
        body(FeeRecipient::Operator, None, sums.operator),
        body(FeeRecipient::Fund, None, sums.fund),
    ];
    let others = sums.others.iter();
    let others = others.map(|(kind, got)| body(FeeRecipient::Other, Some(*kind), *got));
    two.into_iter().chain(others).collect()
}

fn fund_spent(sums: &ZoneMonth) -> Vec<SpentForBody> {
    let body = |purpose, of: Counted| {
        let (count, amount) = (of.count, Yen::new(of.yen));
        SpentForBody { purpose, count, amount }
    };
    let otherwise = Some(sums.spent_otherwise).filter(|spent| spent.count > 0);
    let known = sums.spent.iter().map(|(purpose, spent)| body(Some(*purpose), *spent));
    known.chain(otherwise.map(|spent| body(None, spent))).collect()
}

/// Payments less what was given back, divided by what was discharged, in hundredths.
fn turns(sums: &ZoneMonth) -> Option<u64> {
    let paid = u128::from(sums.payments.yen);
    let back = u128::from(sums.refunds.yen) + u128::from(sums.voids.yen);
    let hundredths = paid.saturating_sub(back) * HUNDREDTHS;
    let turns = hundredths.checked_div(u128::from(sums.discharged))?;
    Some(u64::try_from(turns).unwrap_or(u64::MAX))
}

fn aloud(count: u64) -> Option<u64> {
    Some(count).filter(|count| *count >= ALOUD_MIN)
}

fn by_version(version: u32, tax: FeeTax, of: &VersionFees) -> VersionFeesBody {
    let (payments, base) = (of.payments, Yen::new(of.base));
    VersionFeesBody { version, tax, payments, base, fees: fees(of.charged, of.returned) }
}

fn fees_of(
    zone: ZoneId,
    merchant: Address,
    month: Month,
    reach: Reach,
    sums: &MerchantMonth,
    versions: Vec<VersionFeesBody>,
) -> MerchantFeesBody {
    let Reach { complete, height } = reach;
    let all = |of: fn(&VersionFees) -> u64| {
        sums.versions.values().map(of).fold(0_u64, u64::saturating_add)
    };
    let fiscal_year = u32::try_from(month.fiscal_year()).unwrap_or(u32::MAX);
    let in_year = if sums.year.year == fiscal_year { sums.year.amount } else { Yen::ZERO };
    MerchantFeesBody {
        zone,
        merchant,
        month,
        complete,
        height,
        payments: all(|fees| fees.payments),
        base: Yen::new(all(|fees| fees.base)),
        fees: fees(all(|fees| fees.charged), all(|fees| fees.returned)),
        versions,
        fiscal_year,
        charged_in_year: in_year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_hundredths_rounded_down_and_none_where_nothing_was_discharged() {
        let of = |paid, refunds, voids, discharged| {
            let counted = |yen| Counted { count: 1, yen };
            turns(&ZoneMonth {
                payments: counted(paid),
                refunds: counted(refunds),
                voids: counted(voids),
                discharged,
                ..ZoneMonth::default()
            })
        };
        assert_eq!(of(1_000, 0, 0, 300), Some(333));
        assert_eq!(of(1_000, 100, 50, 300), Some(283));
        assert_eq!(of(1_000, 1_000, 50, 300), Some(0));
        assert_eq!(of(1_000, 0, 0, 0), None);
        assert_eq!(of(u64::MAX, 0, 0, 1), Some(u64::MAX));
    }

    #[test]
    fn few_are_not_counted_aloud_and_fees_may_come_back_of_other_months() {
        assert_eq!((aloud(4), aloud(5)), (None, Some(5)));
        assert_eq!(fees(20, 50).net, Position::new(-30));
    }
}
