//! The shape of real community-currency use, as load: common amounts, skewed senders and receivers.
//!
//! The figures are published facts about 100,000 transfers of a community currency: the twenty most
//! common amounts with their counts, and quantiles of how many transfers a sender made and a
//! receiver got. Sampling uses integers alone, so a seed gives the same load everywhere.

use rand::Rng;

/// The most common amounts between users and how often each occurred.
const COMMON_AMOUNTS: [(u64, u32); 20] = [
    (100, 8916),
    (400, 4839),
    (200, 4671),
    (50, 4442),
    (5, 3260),
    (300, 1984),
    (250, 1808),
    (500, 1481),
    (2, 1321),
    (10, 1221),
    (150, 1203),
    (20, 1179),
    (1000, 1095),
    (30, 819),
    (120, 727),
    (1, 575),
    (17, 573),
    (40, 546),
    (60, 524),
    (800, 508),
];

/// Quantiles, in per mille, of transfers per receiver.
const IN_DEGREE: [(u32, u64); 10] = [
    (10, 1),
    (50, 1),
    (100, 1),
    (250, 1),
    (500, 2),
    (750, 7),
    (900, 22),
    (950, 40),
    (990, 140),
    (1000, 467),
];

/// Quantiles, in per mille, of transfers per sender.
const OUT_DEGREE: [(u32, u64); 10] = [
    (10, 1),
    (50, 1),
    (100, 1),
    (250, 1),
    (500, 2),
    (750, 5),
    (900, 11),
    (950, 19),
    (990, 58),
    (1000, 141),
];

/// Of 17,512 accounts, 5,434 received and 10,163 sent.
const RECEIVERS_PER_MILLE: usize = 310;
const SENDERS_PER_MILLE: usize = 580;

/// Who pays whom how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Index of the debtor.
    pub debtor: usize,
    /// Index of the creditor.
    pub creditor: usize,
    /// Whole yen.
    pub amount: u64,
}

/// Draws payments among a number of accounts.
#[derive(Clone, Debug)]
pub struct Shape {
    accounts: usize,
    senders: Vec<u64>,
    receivers: Vec<u64>,
}

impl Shape {
    /// The shape over `accounts` accounts, at least 2.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        let share = |per_mille: usize| (accounts * per_mille / 1000).max(2).min(accounts);
        Self {
            accounts,
            senders: cumulative(share(SENDERS_PER_MILLE), &OUT_DEGREE),
            receivers: cumulative(share(RECEIVERS_PER_MILLE), &IN_DEGREE),
        }
    }

    /// The next payment; debtor and creditor differ.
    pub fn draw(&self, random: &mut impl Rng) -> Payment {
        let debtor = pick(&self.senders, random);
        // Receivers are counted from the other end, so busy senders and busy receivers differ.
        let mut creditor = self.accounts - 1 - pick(&self.receivers, random);
        if creditor == debtor {
            creditor = (creditor + 1) % self.accounts;
        }
        Payment { debtor, creditor, amount: amount(random) }
    }
}

fn amount(random: &mut impl Rng) -> u64 {
    let total: u32 = COMMON_AMOUNTS.iter().map(|(_, count)| count).sum();
    let mut drawn = random.gen_range(0..total);
    for (yen, count) in COMMON_AMOUNTS {
        if drawn < count {
            return yen;
        }
        drawn -= count;
    }
    COMMON_AMOUNTS[0].0
}

/// Running sums of a weight per account, spread over the quantiles.
fn cumulative(accounts: usize, quantiles: &[(u32, u64)]) -> Vec<u64> {
    let mut sum = 0;
    (0..accounts)
        .map(|index| {
            let rank = u32::try_from(index * 1000 / accounts).unwrap_or(1000);
            let weight = quantiles.iter().find(|(most, _)| rank < *most).map_or(1, |(_, w)| *w);
            sum += weight;
            sum
        })
        .collect()
}

fn pick(cumulative: &[u64], random: &mut impl Rng) -> usize {
    let total = cumulative.last().copied().unwrap_or(1);
    let drawn = random.gen_range(0..total);
    cumulative.partition_point(|sum| *sum <= drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn a_seed_gives_the_same_payments() {
        let shape = Shape::new(1000);
        let draw = |seed| {
            let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(seed);
            (0..100).map(|_| shape.draw(&mut random)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn nobody_pays_themselves_and_the_busiest_hundredth_receives_a_fifth() {
        let shape = Shape::new(10_000);
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let mut received = vec![0_u32; 10_000];
        for _ in 0..50_000 {
            let payment = shape.draw(&mut random);
            assert_ne!(payment.debtor, payment.creditor);
            assert!(payment.amount > 0);
            received[payment.creditor] += 1;
        }
        received.sort_unstable_by(|one, other| other.cmp(one));
        let top: u32 = received.iter().take(31).sum();
        // Published: the top hundredth of receivers got 23.6 % of all transfers.
        assert!((7_500..20_000).contains(&top), "the top 31 of 3,100 receivers got {top}");
    }
}
