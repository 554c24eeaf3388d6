//! The shape of real community-currency use, as load: amounts, busy and quiet payers, busy and
//! quiet receivers.
//!
//! The figures are published facts about 100,000 transfers of a community currency: quantiles of
//! the amounts, of how many transfers a sender made and of how many a receiver got. Sampling uses
//! integers alone, so a seed gives the same load everywhere.

use rand::Rng;

/// Amounts between users in whole units, at per mille of all.
const AMOUNTS: [(u64, u64); 12] = [
    (0, 1),
    (10, 1),
    (50, 5),
    (100, 10),
    (250, 50),
    (500, 140),
    (750, 390),
    (900, 600),
    (950, 1_011),
    (990, 5_000),
    (999, 25_000),
    (1_000, 25_000),
];

/// Transfers per sender, at per mille of senders.
pub const PAYERS: [(u64, u64); 7] =
    [(0, 1), (500, 2), (750, 5), (900, 11), (950, 19), (990, 58), (1_000, 141)];

/// Transfers per receiver, at per mille of receivers.
pub const RECEIVERS: [(u64, u64); 7] =
    [(0, 1), (500, 2), (750, 7), (900, 22), (950, 40), (990, 140), (1_000, 467)];

/// Of 17,512 accounts, 5,434 received and 10,163 sent.
const RECEIVERS_PER_MILLE: usize = 310;
const SENDERS_PER_MILLE: usize = 580;

/// The value at `per_mille` of a rising table, between its entries in proportion, rounded down.
fn at(table: &[(u64, u64)], per_mille: u64) -> u64 {
    let after = table.iter().position(|(point, _)| *point > per_mille);
    let (Some(after), Some((last_point, last))) = (after, table.last()) else {
        return table.last().map_or(0, |(_, value)| *value);
    };
    let (low_point, low) = after.checked_sub(1).map_or((0, 0), |before| table[before]);
    let (high_point, high) = table.get(after).copied().unwrap_or((*last_point, *last));
    low + (high - low) * (per_mille - low_point) / (high_point - low_point)
}

/// An amount in yen; those of 100 and more end in 0.
pub fn amount(random: &mut impl Rng) -> u64 {
    let exact = at(&AMOUNTS, random.gen_range(0..1_000)).max(1);
    if exact < 100 { exact } else { exact / 10 * 10 }
}

/// Chooses among a number of people or shops, some of whom are much busier than others.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// Running sums of weights.
    sums: Vec<u64>,
}

impl Crowd {
    /// A crowd of `count` with weights spread like `table`.
    #[must_use]
    pub fn new(count: usize, table: &[(u64, u64)]) -> Self {
        let mut sum = 0;
        let weights = (0..count).map(|index| at(table, (index * 1_000 / count.max(1)) as u64));
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Self { sums: sums.collect() }
    }

    /// The next one, or `None` where there is nobody.
    pub fn choose(&self, random: &mut impl Rng) -> Option<usize> {
        let total = self.sums.last().copied().filter(|total| *total > 0)?;
        let drawn = random.gen_range(0..total);
        Some(self.sums.partition_point(|sum| *sum <= drawn))
    }
}

/// The most that one payment of a measurement is, so that nobody runs dry within it.
const AMOUNT_MAX: u64 = 500;

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
    senders: Crowd,
    receivers: Crowd,
}

impl Shape {
    /// The shape over `accounts` accounts, at least 2.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        let share = |per_mille: usize| (accounts * per_mille / 1000).max(2).min(accounts);
        Self {
            accounts,
            senders: Crowd::new(share(SENDERS_PER_MILLE), &PAYERS),
            receivers: Crowd::new(share(RECEIVERS_PER_MILLE), &RECEIVERS),
        }
    }

    /// The next payment; debtor and creditor differ.
    pub fn draw(&self, random: &mut impl Rng) -> Payment {
        let debtor = self.senders.choose(random).unwrap_or(0);
        // Receivers are counted from the other end, so busy senders and busy receivers differ.
        let mut creditor = self.accounts - 1 - self.receivers.choose(random).unwrap_or(0);
        if creditor == debtor {
            creditor = (creditor + 1) % self.accounts;
        }
        Payment { debtor, creditor, amount: amount(random).min(AMOUNT_MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn a_seed_gives_the_same_payments() {
        let shape = Shape::new(1000);
        let draw = |seed| {
            let mut random = ChaCha20Rng::seed_from_u64(seed);
            (0..100).map(|_| shape.draw(&mut random)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn nobody_pays_themselves_and_the_busiest_hundredth_receives_a_fifth() {
        let shape = Shape::new(10_000);
        let mut random = ChaCha20Rng::seed_from_u64(1);
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
        assert!((10_000..14_000).contains(&top), "the top 31 of 3,100 receivers got {top}");
    }

    #[test]
    fn amounts_have_the_published_quantiles() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let mut amounts: Vec<u64> = (0..100_000).map(|_| amount(&mut random)).collect();
        amounts.sort_unstable();
        for (per_mille, published) in [(250, 50), (500, 140), (750, 390), (900, 600), (990, 5_000)]
        {
            let drawn = amounts[per_mille * 100];
            let tolerance = published / 5 + 10;
            assert!(drawn.abs_diff(published) <= tolerance, "{per_mille}: {drawn} for {published}");
        }
        assert!(amounts[0] >= 1);
    }

    #[test]
    fn the_busiest_tenth_does_more_than_a_third() {
        let crowd = Crowd::new(1_000, &PAYERS);
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let chosen: Vec<usize> = (0..10_000).filter_map(|_| crowd.choose(&mut random)).collect();
        assert_eq!(chosen.len(), 10_000);
        assert!(chosen.iter().all(|index| *index < 1_000));
        assert!(chosen.iter().filter(|index| **index >= 900).count() > 3_333);
    }

    #[test]
    fn nobody_is_chosen_from_an_empty_crowd() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        assert_eq!(Crowd::new(0, &RECEIVERS).choose(&mut random), None);
        assert_eq!(Crowd::new(1, &RECEIVERS).choose(&mut random), Some(0));
    }
}
