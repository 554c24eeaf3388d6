//! What is remembered of a payment at a shop, so that it is refunded once and to where it came from.
//!
//! A refund goes back in the reverse of the order in which the payment was spent: lots from the last one
//! on, then coin (protocol rule 51). How much went back before says where the next one begins, so any
//! sequence of partial refunds gives what one of all of it would.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::day::Day;
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::programme::Lot;
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::{FeeTaken, MerchantClass};

/// Tag of the number of a payment that answers no request.
const TAG_PAYMENT: &[u8] = b"kyojo/payment-id/v1";

/// A payment at a shop. It leaves the state some days after the day with which its number begins.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Payment {
    /// The zone.
    pub zone: ZoneId,
    /// Who paid.
    pub payer: AccountId,
    /// Who was paid.
    pub merchant: AccountId,
    /// The merchant's class then.
    pub class: MerchantClass,
    /// The terminal that asked; none where none did.
    pub terminal: Option<u16>,
    /// When.
    pub time: Timestamp,
    /// How much, without cash.
    pub amount: Yen,
    /// What of it was coin; lots were the rest.
    pub coin: Yen,
    /// What was taken of lots, in the order in which it was spent; what is `remaining` was taken.
    pub lots: Vec<Lot>,
    /// The fee that was taken of it; none where none was.
    pub fee: Option<FeeTaken>,
    /// What was refunded of it so far.
    pub refunded: Yen,
    /// Whether it was voided.
    pub voided: bool,
}

impl Payment {
    /// What can still be refunded; nothing of one that was voided.
    #[must_use]
    pub fn left(&self) -> Yen {
        if self.voided {
            return Yen::ZERO;
        }
        self.amount.checked_sub(self.refunded).unwrap_or(Yen::ZERO)
    }

    /// What goes back when `amount` more is refunded: parts of lots in the order in which they go back,
    /// and coin. None where so much is not left.
    #[must_use]
    pub fn returned(&self, amount: Yen) -> Option<(Vec<Lot>, Yen)> {
        let mut left = amount;
        let mut skipped = self.refunded;
        let mut lots = Vec::new();
        for lot in self.lots.iter().rev() {
            let gone = skipped.min(lot.remaining);
            skipped = skipped.checked_sub(gone)?;
            let remaining = lot.remaining.checked_sub(gone)?.min(left);
            left = left.checked_sub(remaining)?;
            if !remaining.is_zero() {
                lots.push(Lot { remaining, ..*lot });
            }
        }
        let coin_left = self.coin.checked_sub(skipped)?;
        (left <= coin_left).then_some((lots, left))
    }
}

/// The number of a payment that answers no request: by its place in the log, and beginning with its day.
#[must_use]
pub fn payment_id(height: Height, transaction: u32, operation: u16, time: Timestamp) -> Hash {
    let place = [
        TAG_PAYMENT,
        &height.get().to_le_bytes(),
        &transaction.to_le_bytes(),
        &operation.to_le_bytes(),
    ];
    Day::of(time).id(Hash::of(&place))
}

/// One of the last payments of a payer by codes that stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecentPayment {
    /// The shop.
    pub merchant: AccountId,
    /// How much.
    pub amount: Yen,
    /// When.
    pub time: Timestamp,
}

/// The last payments of a payer in a zone by codes that stay, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecentPayments {
    /// The payments.
    pub payments: Vec<RecentPayment>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::ProgrammeId;
    use crate::tender::LotKind;

    fn lot(place: usize, amount: u64) -> Lot {
        Lot {
            programme: ProgrammeId::new(1),
            round: u16::try_from(place).unwrap(),
            leaf: None,
            bucket: 0,
            kind: LotKind::Free,
            expires: Timestamp::from_millis(9),
            remaining: Yen::new(amount),
        }
    }

    fn payment(lots: &[u64], coin: u64) -> Payment {
        let lots: Vec<Lot> =
            lots.iter().enumerate().map(|(place, amount)| lot(place, *amount)).collect();
        let of_lots: u64 = lots.iter().map(|lot| lot.remaining.get()).sum();
        Payment {
            zone: ZoneId::new(1),
            payer: AccountId::new([1; 20]),
            merchant: AccountId::new([2; 20]),
            class: MerchantClass::Local,
            terminal: None,
            time: Timestamp::from_millis(5),
            amount: Yen::new(of_lots + coin),
            coin: Yen::new(coin),
            lots,
            fee: None,
            refunded: Yen::ZERO,
            voided: false,
        }
    }

    #[test]
    fn lots_go_back_from_the_last_one_on_and_coin_after_them() {
        let paid = payment(&[300, 200], 100);
        let at = |refunded, amount| {
            Payment { refunded: Yen::new(refunded), ..paid.clone() }.returned(Yen::new(amount))
        };
        assert_eq!(at(0, 50), Some((vec![lot(1, 50)], Yen::ZERO)));
        assert_eq!(at(50, 200), Some((vec![lot(1, 150), lot(0, 50)], Yen::ZERO)));
        assert_eq!(at(250, 300), Some((vec![lot(0, 250)], Yen::new(50))));
        assert_eq!(at(550, 50), Some((vec![], Yen::new(50))));
        assert_eq!((at(550, 51), at(0, 601), at(600, 1)), (None, None, None));
        assert_eq!(at(600, 0), Some((vec![], Yen::ZERO)));
        let voided = Payment { voided: true, ..paid.clone() };
        assert_eq!((paid.left(), voided.left()), (Yen::new(600), Yen::ZERO));
    }

    proptest! {
        #[test]
        fn any_sequence_of_partial_refunds_gives_what_one_would(
            lots in prop::collection::vec(1..400_u64, 0..5),
            coin in 0..400_u64,
            cuts in prop::collection::vec(1..300_u64, 0..12),
        ) {
            let mut paid = payment(&lots, coin);
            let mut given = vec![0_u64; lots.len()];
            let mut of_coin = 0;
            for cut in cuts.into_iter().chain([u64::MAX]) {
                let amount = Yen::new(cut).min(paid.left());
                let (parts, coin) = paid.returned(amount).unwrap();
                let sum: u64 = parts.iter().map(|lot| lot.remaining.get()).sum();
                prop_assert_eq!(sum + coin.get(), amount.get());
                for part in parts {
                    given[usize::from(part.round)] += part.remaining.get();
                    // Nothing of an earlier lot before all of the later ones, and no coin before lots.
                    let later = usize::from(part.round) + 1..lots.len();
                    prop_assert!(later.clone().all(|place| given[place] == lots[place]));
                }
                of_coin += coin.get();
                prop_assert!(coin.is_zero() || given == lots);
                paid.refunded = paid.refunded.checked_add(amount).unwrap();
            }
            prop_assert_eq!(given, lots);
            prop_assert_eq!(of_coin, coin);
            prop_assert_eq!(paid.left(), Yen::ZERO);
        }
    }

    #[test]
    fn a_payment_without_a_request_is_known_by_its_place() {
        let time = Timestamp::from_millis(20_000 * crate::day::DAY_MS);
        let id = payment_id(Height::new(7), 1, 2, time);
        assert_eq!(Day::of_id(&id), Day::new(20_000));
        let others = [(8, 1, 2), (7, 2, 2), (7, 1, 3)]
            .map(|(h, t, o)| payment_id(Height::new(h), t, o, time));
        assert!(!others.contains(&id));
    }
}
