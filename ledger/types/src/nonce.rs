//! The sliding nonce window: each nonce is used once, in any order, up to 128 in flight.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::limits::NONCE_WINDOW;
use crate::newtype::number;

number! {
    /// A transaction's number within its account.
    #[derive(Default)]
    pub struct Nonce(u64);
}

/// What a window says of one nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceStanding {
    /// It may be used now.
    Unused,
    /// It was used before.
    Used,
    /// It lies too far ahead of the lowest unused nonce.
    TooFarAhead,
}

/// An account's used nonces: the lowest unused one, and a mask of those used above it.
///
/// Bit `i` of the mask stands for nonce `lowest + i`; bit 0 is always clear. The mask lies in two
/// halves, the low one first, which are the bytes of one `u128` without its alignment: each account
/// in memory would be padded to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NonceWindow {
    lowest: u64,
    used: [u64; 2],
}

impl NonceWindow {
    fn new(lowest: u64, used: u128) -> Self {
        // Both halves fit their type: each is 64 of the mask's bits.
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(u64::MAX);
        Self { lowest, used: [half(used), half(used >> u64::BITS)] }
    }

    /// The lowest nonce not yet used.
    #[must_use]
    pub const fn lowest_unused(&self) -> Nonce {
        Nonce(self.lowest)
    }

    /// The mask of used nonces above the lowest unused one.
    #[must_use]
    pub fn used_mask(&self) -> u128 {
        let [low, high] = self.used;
        u128::from(low) | (u128::from(high) << u64::BITS)
    }

    /// Whether `nonce` may be used now.
    #[must_use]
    pub fn standing(&self, nonce: Nonce) -> NonceStanding {
        match nonce.0.checked_sub(self.lowest) {
            None => NonceStanding::Used,
            // The last number is never used, so that using others in whatever order always leaves
            // a lowest one that is not.
            Some(_) if nonce.0 == u64::MAX => NonceStanding::TooFarAhead,
            Some(offset) if offset >= NONCE_WINDOW => NonceStanding::TooFarAhead,
            Some(offset) if (self.used_mask() >> offset) & 1 == 1 => NonceStanding::Used,
            Some(_) => NonceStanding::Unused,
        }
    }

    /// The window after using `nonce`, or `None` where it may not be used.
    #[must_use]
    pub fn after_use(&self, nonce: Nonce) -> Option<Self> {
        if self.standing(nonce) != NonceStanding::Unused {
            return None;
        }
        let offset = nonce.0.checked_sub(self.lowest)?;
        let used = self.used_mask() | (1_u128 << offset);
        let run = used.trailing_ones();
        let lowest = self.lowest.checked_add(u64::from(run))?;
        Some(Self::new(lowest, used.checked_shr(run).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_slides_only_past_used_nonces() {
        let window = NonceWindow::default();
        let window = window.after_use(Nonce::new(1)).expect("1 is unused");
        assert_eq!(window.lowest_unused(), Nonce::new(0));
        assert_eq!(window.standing(Nonce::new(1)), NonceStanding::Used);
        let window = window.after_use(Nonce::new(0)).expect("0 is unused");
        assert_eq!(window.lowest_unused(), Nonce::new(2));
        assert_eq!(window.used_mask(), 0);
        assert_eq!(window.standing(Nonce::new(0)), NonceStanding::Used);
    }

    #[test]
    fn window_is_128_wide() {
        let window = NonceWindow::default();
        assert_eq!(window.standing(Nonce::new(127)), NonceStanding::Unused);
        assert_eq!(window.standing(Nonce::new(128)), NonceStanding::TooFarAhead);
        assert_eq!(window.standing(Nonce::new(u64::MAX)), NonceStanding::TooFarAhead);
    }

    #[test]
    fn a_full_window_slides_whole() {
        let mut window = NonceWindow::default();
        for number in (1..128).chain([0]) {
            window = window.after_use(Nonce::new(number)).expect("each is used once");
        }
        assert_eq!(window.lowest_unused(), Nonce::new(128));
        assert_eq!(window.used_mask(), 0);
    }

    #[test]
    fn the_last_nonce_cannot_overflow_the_window() {
        let window = NonceWindow::new(u64::MAX, 0);
        assert_eq!(window.after_use(Nonce::new(u64::MAX)), None);
    }

    #[test]
    fn nonces_at_the_end_may_be_used_together_where_each_may_be_used_alone() {
        let window = NonceWindow::new(u64::MAX - 3, 0);
        let usable = |number: &u64| window.standing(Nonce::new(*number)) == NonceStanding::Unused;
        let alone: Vec<u64> = (u64::MAX - 3..=u64::MAX).filter(usable).collect();
        assert_eq!(alone, [u64::MAX - 3, u64::MAX - 2, u64::MAX - 1]);
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let used = order.iter().try_fold(window, |window, place: &usize| {
                window.after_use(Nonce::new(alone[*place]))
            });
            assert_eq!(used.map(|window| window.lowest_unused()), Some(Nonce::new(u64::MAX)));
        }
    }

    proptest::proptest! {
        #[test]
        fn a_mask_is_encoded_as_one_number(lowest: u64, used: u128) {
            let window = NonceWindow::new(lowest, used);
            proptest::prop_assert_eq!(window.used_mask(), used);
            let bytes = borsh::to_vec(&(lowest, used)).expect("memory takes them");
            proptest::prop_assert_eq!(borsh::to_vec(&window).expect("memory takes it"), bytes);
        }

        #[test]
        fn a_window_accepts_what_a_set_of_used_nonces_does(
            tries in proptest::collection::vec(0..300_u64, 0..400),
        ) {
            let mut window = NonceWindow::default();
            let mut used = std::collections::BTreeSet::new();
            for number in tries {
                let lowest = (0..).find(|n| !used.contains(n)).expect("some nonce is unused");
                let usable = number >= lowest && number - lowest < 128 && !used.contains(&number);
                let after = window.after_use(Nonce::new(number));
                proptest::prop_assert_eq!(after.is_some(), usable);
                if let Some(after) = after {
                    window = after;
                    used.insert(number);
                }
            }
        }
    }
}
