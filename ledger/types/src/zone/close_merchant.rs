//! `HoldMerchant` and `CloseMerchant`: a shop's takings stay in the zone, and a shop leaves.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ZoneId};
use crate::japan::JapanDay;
use crate::time::Timestamp;
use crate::yen::Yen;

operation! {
    /// By the zone operator's account: what the merchant has in the zone stays there but for refunds, and
    /// no payout of it is sent, until this is said again without a ground.
    pub struct HoldMerchant {
        /// The zone.
        zone: ZoneId,
        /// The merchant's account.
        merchant: AccountId,
        /// Salted commitment to why; left out, it is held no more.
        ground: Option<Hash>,
    }

    refused [UnknownZone, NotZoneOperator, NotAMerchant]
    samples [
        Self { zone: ZoneId::new(0x0102), merchant: account(0x21), ground: Some(hash(0x65)) },
        Self { zone: ZoneId::new(0x0102), merchant: account(0x21), ground: None },
    ]
    follows |hold, _sender| MerchantHeld { zone: hold.zone, merchant: hold.merchant, ground: hold.ground }
}

operation! {
    /// By the zone operator's account. After the last day nobody pays the merchant; it gives back what it
    /// was paid for as long as payments are refunded, out of what it leaves in the zone. Said again
    /// before the last day is over, it is another day or reserve.
    pub struct CloseMerchant {
        /// The zone.
        zone: ZoneId,
        /// The merchant's account.
        merchant: AccountId,
        /// The last day on which it is paid, in Japan: the block's or a later one, at most 366 ahead.
        last_day: JapanDay,
        /// What it leaves in the zone for refunds until payments of the last day are refunded no more.
        reserve: Yen,
    }

    refused [UnknownZone, NotZoneOperator, NotAMerchant, MerchantClosed, BadLastDay]
    samples [Self {
        zone: ZoneId::new(0x0102),
        merchant: account(0x21),
        last_day: JapanDay::new(20_850),
        reserve: Yen::new(30_000),
    }]
}

/// How a merchant leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Closing {
    /// From when on nobody pays it: the last day is over.
    pub from: Timestamp,
    /// What it leaves in the zone.
    pub reserve: Yen,
    /// From when on it leaves nothing, and is as if it had never been a merchant.
    pub until: Timestamp,
}

event! {
    /// What a merchant has in a zone is held there, or is no more.
    pub struct MerchantHeld {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Commitment to why; left out where it is held no more.
        ground: Option<Hash>,
    }

    enters [merchant]
}

event! {
    /// A merchant leaves a zone.
    pub struct MerchantClosing {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// From when on nobody pays it.
        from: Timestamp,
        /// What it leaves in the zone for refunds.
        reserve: Yen,
        /// Until when.
        until: Timestamp,
    }

    enters [merchant]
}
