//! What of the report is of shops: what their tills asked, what they gave back, what they were charged.

use serde::Serialize;

use super::town::Town;

/// See the module.
#[derive(Debug, Serialize)]
pub(crate) struct AtShops {
    /// Payments that answered requests of tills, those of them with excluded goods, and those with a part in
    /// cash; and how many requests were too old when they were to be paid, so that others were made.
    answered_payments: u64,
    payments_with_excluded_goods: u64,
    payments_with_cash: u64,
    cash_yen: u64,
    requests_made_again: u64,
    refunds: u64,
    partial_refunds: u64,
    voids: u64,
    /// Refunds of vouchers that had ended, and of those the programme takes back no more.
    refunds_after_the_end: u64,
    refunds_too_late: u64,
    given_back_yen: u64,
    given_back_as_coin_yen: u64,
    /// Of what expired, what had been used and came back when it had ended.
    expired_by_refunds_yen: u64,
    given_back_to_the_sponsor_yen: u64,
    /// Fees less what came back of them, and what each who shares them has of them.
    fees_yen: u64,
    fees_given_back_yen: u64,
    fees_of_the_operator_yen: u64,
    fees_of_the_fund_yen: u64,
    shops_at_the_fees_yearly_cap: usize,
}

impl AtShops {
    /// What was played, by everybody's books.
    pub(crate) fn of(town: &Town) -> Self {
        let books = &town.books;
        let sums = books.sums;
        Self {
            answered_payments: sums.answered,
            payments_with_excluded_goods: sums.with_excluded,
            payments_with_cash: sums.with_cash,
            cash_yen: sums.cash,
            requests_made_again: sums.made_again,
            refunds: sums.back.refunds,
            partial_refunds: sums.back.partial,
            voids: sums.back.voids,
            refunds_after_the_end: sums.back.after_end,
            refunds_too_late: sums.back.too_late,
            given_back_yen: sums.back.yen,
            given_back_as_coin_yen: sums.back.coin,
            expired_by_refunds_yen: sums.back.ended,
            given_back_to_the_sponsor_yen: sums.back.to_sponsor,
            fees_yen: sums.fees - sums.fees_back,
            fees_given_back_yen: sums.fees_back,
            fees_of_the_operator_yen: books.holders[town.roles.operator].coin,
            fees_of_the_fund_yen: books.holders[town.roles.fund].coin,
            shops_at_the_fees_yearly_cap: books.shops_at_the_cap(),
        }
    }

    pub(crate) fn text(&self) -> String {
        format!(
            "{} payments answered requests; {} refunds and {} voids gave {} yen back, {} of it coin\n\
             {} yen of fees, {} the operator's and {} the fund's; {} shops came to the yearly cap",
            self.answered_payments,
            self.refunds,
            self.voids,
            self.given_back_yen,
            self.given_back_as_coin_yen,
            self.fees_yen,
            self.fees_of_the_operator_yen,
            self.fees_of_the_fund_yen,
            self.shops_at_the_fees_yearly_cap
        )
    }
}
