//! `RegisterTerminal` and `EndTerminal`: the keys by which a shop's tills and clerks act for it.
//!
//! A terminal is a number of a merchant's with a key, rights and caps. Its key signs payment requests,
//! and transactions of the merchant's account that do nothing but what terminals may.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::japan::JapanDay;
use crate::key::PublicKey;
use crate::newtype::set;
use crate::time::Timestamp;
use crate::yen::Yen;

set! {
    /// What a terminal may do. Taking back its own requests goes with asking.
    pub struct TerminalRights(u8) as "TerminalRight" {
        /// Ask to be paid.
        REQUEST = 0 as "request",
        /// Void a payment of the day.
        VOID = 1 as "void",
        /// Refund.
        REFUND = 2 as "refund",
    }
}

operation! {
    /// By the merchant's account. A number is never used again: another key or other rights are another
    /// terminal.
    pub struct RegisterTerminal {
        /// The zone.
        zone: ZoneId,
        /// Its number, of the merchant's choice.
        terminal: u16,
        /// Its key.
        key: PublicKey,
        /// What it may do.
        rights: TerminalRights,
        /// The most that it refunds at once; no limit where it is left out.
        per_refund: Option<Yen>,
        /// The most that it refunds on a day in Japan; no limit where it is left out.
        per_day: Option<Yen>,
    }

    refused [NotAMoneyAccount, UnknownZone, NotAMerchant, TerminalExists, BadTerminal]
    samples [
        Self {
            zone: ZoneId::new(0x0102),
            terminal: 3,
            key: key(3).public_key(),
            rights: TerminalRights::ALL,
            per_refund: Some(Yen::new(5000)),
            per_day: Some(Yen::new(20_000)),
        },
        Self {
            zone: ZoneId::new(0x0102),
            terminal: 4,
            key: key(4).public_key(),
            rights: TerminalRights::REQUEST,
            per_refund: None,
            per_day: None,
        },
    ]
    follows |register, sender| TerminalRegistered {
        zone: register.zone,
        merchant: sender,
        terminal: register.terminal,
        rights: register.rights,
    }
}

operation! {
    /// By the merchant's account, at once: what the terminal signed and nobody paid is void.
    pub struct EndTerminal {
        /// The zone.
        zone: ZoneId,
        /// Its number.
        terminal: u16,
    }

    refused [NotAMoneyAccount, UnknownZone, NotAMerchant, UnknownTerminal]
    samples [Self { zone: ZoneId::new(0x0102), terminal: 3 }]
    follows |end, sender| TerminalEnded { zone: end.zone, merchant: sender, terminal: end.terminal }
}

/// A terminal of a merchant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Terminal {
    /// Its key.
    pub key: PublicKey,
    /// What it may do.
    pub rights: TerminalRights,
    /// The most that it refunds at once.
    pub per_refund: Option<Yen>,
    /// The most that it refunds on a day.
    pub per_day: Option<Yen>,
    /// What it refunded on the last day on which it did.
    pub refunded: RefundedOnDay,
    /// When it was registered.
    pub registered: Height,
    /// When it was ended.
    pub ended: Option<Height>,
}

/// What a terminal refunded on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RefundedOnDay {
    /// The day.
    pub day: JapanDay,
    /// How much.
    pub amount: Yen,
}

impl Terminal {
    /// Whether it may do this.
    #[must_use]
    pub const fn may(&self, right: TerminalRights) -> bool {
        self.rights.intersects(right)
    }

    /// What it refunded so far on the day of an instant.
    #[must_use]
    pub fn refunded_at(&self, now: Timestamp) -> RefundedOnDay {
        let day = JapanDay::of(now);
        if self.refunded.day == day {
            self.refunded
        } else {
            RefundedOnDay { day, amount: Yen::ZERO }
        }
    }

    /// How much it may still refund at once; none where it has no cap.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<Yen> {
        let refunded = self.refunded_at(now).amount;
        let of_day = self.per_day.map(|cap| cap.checked_sub(refunded).unwrap_or(Yen::ZERO));
        [self.per_refund, of_day].into_iter().flatten().min()
    }
}

event! {
    /// A merchant registered a terminal.
    pub struct TerminalRegistered {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Its number.
        terminal: u16,
        /// What it may do.
        rights: TerminalRights,
    }

    enters [merchant]
}

event! {
    /// A merchant ended a terminal.
    pub struct TerminalEnded {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Its number.
        terminal: u16,
    }

    enters [merchant]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_are_of_one_refund_and_of_a_day_in_japan() {
        let key = crate::sample::key(1).public_key();
        let terminal = |per_refund: Option<u64>, per_day: Option<u64>, refunded: u64| Terminal {
            key,
            rights: TerminalRights::REFUND,
            per_refund: per_refund.map(Yen::new),
            per_day: per_day.map(Yen::new),
            refunded: RefundedOnDay { day: JapanDay::new(0), amount: Yen::new(refunded) },
            registered: Height::GENESIS,
            ended: None,
        };
        let (today, tomorrow) = (Timestamp::from_millis(0), Timestamp::from_millis(86_400_000));
        assert_eq!(terminal(None, None, 9).left(today), None);
        assert_eq!(terminal(Some(5), None, 9).left(today), Some(Yen::new(5)));
        assert_eq!(terminal(Some(5), Some(12), 9).left(today), Some(Yen::new(3)));
        assert_eq!(terminal(None, Some(8), 9).left(today), Some(Yen::ZERO));
        assert_eq!(terminal(Some(5), Some(12), 9).left(tomorrow), Some(Yen::new(5)));
        assert!(terminal(None, None, 0).may(TerminalRights::REFUND));
        assert!(!terminal(None, None, 0).may(TerminalRights::VOID));
    }
}
