//! `SetRevenueShare`: who gets the fees of a zone (三方良し).
//!
//! Each share is rounded down, and the regional fund gets the rest: no yen of a fee is lost.

use super::announced::Announced;
use super::bps::BasisPoints;
use crate::facts::{List, Lists, event, operation};
use crate::id::{AccountId, ZoneId};
use crate::json::shape;
use crate::time::Timestamp;
use crate::yen::Yen;

shape! {
    /// Somebody's share of each fee.
    #[derive(Copy)]
    pub struct Share {
        /// Whose.
        account: AccountId,
        /// How much of each fee, rounded down.
        share: BasisPoints,
    }
}

shape! {
    /// What somebody got of a fee.
    #[derive(Copy)]
    pub struct FeePart {
        /// Who.
        account: AccountId,
        /// How much.
        amount: Yen,
    }
}

impl Lists for FeePart {
    fn add(&self, lists: &mut Vec<List>) {
        self.account.add(lists);
    }
}

shape! {
    /// Who gets the fees of a zone.
    pub struct ShareTerms {
        /// Shares, in ascending order of account, each once, none of them the fund's.
        shares: Vec<Share>,
        /// The regional fund: it gets whatever is left.
        fund: AccountId,
    }
}

/// Who gets the fees of a zone, in the version in force and the one announced.
pub type RevenueShares = Announced<ShareTerms>;

impl ShareTerms {
    /// Whoever gets anything, the fund last.
    pub fn recipients(&self) -> impl Iterator<Item = AccountId> {
        self.shares.iter().map(|one| one.account).chain([self.fund])
    }

    /// How much of each fee an account gets, but for what rounding leaves the fund.
    #[must_use]
    pub fn share_of(&self, account: &AccountId) -> BasisPoints {
        if self.fund == *account {
            let shares = self.shares.iter().map(|one| one.share);
            return BasisPoints::rest(shares).unwrap_or(BasisPoints::ZERO);
        }
        let found = self.shares.iter().find(|one| one.account == *account);
        found.map_or(BasisPoints::ZERO, |one| one.share)
    }

    /// Whether somebody but `sender` gets less of each fee under `after` than under these.
    #[must_use]
    pub fn are_cut_by(&self, after: Option<&Self>, sender: &AccountId) -> bool {
        let left =
            |account: &AccountId| after.map_or(BasisPoints::ZERO, |one| one.share_of(account));
        let mut others = self.recipients().filter(|account| account != sender);
        others.any(|account| left(&account) < self.share_of(&account))
    }
}

operation! {
    /// By the zone operator's account. Whatever takes from others than the operator is announced 30
    /// days ahead.
    pub struct SetRevenueShare {
        /// The zone.
        zone: ZoneId,
        /// This version: one more than the last.
        version: u32,
        /// From when on it is in force; at once where that has passed.
        from: Timestamp,
        /// Who gets the fees.
        terms: ShareTerms,
    }

    refused [
        UnknownZone, NotZoneOperator, BadRevenueShare, RecipientNotInZone, KycLevelTooLow, NotAtABank,
        FloatRefused, EscrowBound, ZoneVersionNotNext, ChangeAnnounced, NoticeTooShort,
    ]
    samples [Self {
        zone: ZoneId::new(0x0102),
        version: 1,
        from: time(23),
        terms: ShareTerms {
            shares: vec![
                Share { account: account(0x25), share: BasisPoints::TWO_PERCENT },
                Share { account: account(0x26), share: BasisPoints::TWO_PERCENT },
            ],
            fund: account(0x27),
        },
    }]
}

event! {
    /// Who gets the fees of a zone was set.
    pub struct RevenueShareSet {
        /// The zone.
        zone: ZoneId,
        /// Its version.
        version: u32,
        /// From when on it is in force.
        from: Timestamp,
    }

    enters [List::Zone(*zone)]
}
