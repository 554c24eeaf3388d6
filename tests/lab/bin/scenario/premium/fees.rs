//! What shops are charged: the zone's published tier, and who gets it.
//!
//! Everything of it is set before the first shop is registered, for then nobody is charged who did not see it
//! before. What a payment costs its shop follows from its amount and from what the shop was charged before.

use anyhow::Context as _;
use ledger_types::operation::{OpenZoneAccount, SetFeeSchedule, SetRevenueShare};
use ledger_types::zone::{BasisPoints, FeeTaken, FeeTerms, Share, ShareTerms};
use ledger_types::{AccountId, Yen};

use super::books::Books;
use super::founding::ZONE;
use super::noted::{Fees, SCHEDULE};
use super::town::Town;

/// What the operator gets of each fee, in ten-thousandths; the regional fund gets the rest.
const OPERATORS_SHARE: u16 = 6_667;

impl Town {
    /// The operator says who gets the fees, and publishes what shops pay.
    pub(crate) async fn set_fees(&mut self) -> anyhow::Result<()> {
        let (operator, fund) = (self.roles.operator, self.roles.fund);
        for holder in [operator, fund] {
            self.does(holder, vec![OpenZoneAccount { zone: ZONE }.into()]).await?;
        }
        let share = BasisPoints::new(OPERATORS_SHARE).context("a part of the whole")?;
        let shares = vec![Share { account: self.account(operator), share }];
        let terms = ShareTerms { shares: shares.clone(), fund: self.account(fund) };
        let (zone, version, from) = (ZONE, SCHEDULE, self.now());
        let shared = SetRevenueShare { zone, version, from, terms };
        let terms = FeeTerms::published();
        let schedule = SetFeeSchedule { zone, version, from, terms: terms.clone() };
        self.does(operator, vec![shared.into(), schedule.into()]).await?;
        let recipients = [operator, fund].map(|holder| (self.account(holder), holder)).to_vec();
        let fund = self.account(fund);
        self.books.fees = Some(Fees { terms, shares, fund, recipients });
        Ok(())
    }
}

impl Books {
    /// What a payment costs a shop that was charged as much as it was so far; nothing where that is nothing.
    pub(crate) fn fee_of(&self, shop: usize, amount: u64) -> Option<FeeTaken> {
        let fees = self.fees.as_ref()?;
        let rule = fees.terms.rule(0, Yen::new(self.shops[shop].charged))?;
        let (shares, fund) = (fees.shares.clone(), Some(fees.fund));
        let taken = FeeTaken { version: SCHEDULE, rule, shares, fund };
        (!rule.fee(Yen::new(amount)).is_zero()).then_some(taken)
    }

    /// Gives everybody its part of the fee of a payment; gives the fee.
    pub(crate) fn charge(&mut self, shop: usize, taken: &FeeTaken, amount: u64) -> u64 {
        let mut fee = 0;
        for part in taken.parts(Yen::new(amount)) {
            let part_of = self.recipient(&part.account);
            self.holders[part_of].coin += part.amount.get();
            fee += part.amount.get();
        }
        self.shops[shop].charged += fee;
        self.sums.fees += fee;
        fee
    }

    /// Takes back from everybody what of its part is not due any more once `left` of a payment becomes
    /// `after`; gives what the shop gets of it.
    pub(crate) fn uncharge(
        &mut self,
        shop: usize,
        taken: &FeeTaken,
        (left, after): (Yen, Yen),
    ) -> u64 {
        let fee = taken.rule.fee(left).get() - taken.rule.fee(after).get();
        for (before, after) in taken.parts(left).into_iter().zip(taken.parts(after)) {
            let part_of = self.recipient(&before.account);
            let coin = &mut self.holders[part_of].coin;
            *coin = *coin + after.amount.get() - before.amount.get();
        }
        self.shops[shop].charged -= fee;
        self.sums.fees_back += fee;
        fee
    }

    /// The holder of an account that gets a part of fees.
    fn recipient(&self, account: &AccountId) -> usize {
        let recipients = self.fees.iter().flat_map(|fees| &fees.recipients);
        let found = recipients.into_iter().find(|(recipient, _)| recipient == account);
        found.map_or(0, |(_, holder)| *holder)
    }

    /// How many shops were charged as much as they are in a year.
    pub(crate) fn shops_at_the_cap(&self) -> usize {
        let cap = self.fees.as_ref().and_then(|fees| fees.terms.tiers.first()?.yearly_cap);
        let at_cap = |charged: u64| cap.is_some_and(|cap| charged >= cap.get());
        self.shops.iter().filter(|shop| at_cap(shop.charged)).count()
    }
}
