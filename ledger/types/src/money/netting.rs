//! Who pays whom how much so that every bank of a cycle is paid: worked out from the nets alone, so
//! that every bank and every program finds the same payments.

use crate::id::BankId;
use crate::position::Position;
use crate::yen::Yen;

/// A payment between two banks in the outside system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NettingPayment {
    /// Who pays.
    pub from: BankId,
    /// Who is paid.
    pub to: BankId,
    /// How much.
    pub amount: Yen,
}

/// The payments that settle these nets, which sum to zero: fewer than there are banks.
///
/// First whoever owes exactly what another is owed pays that one; then, again and again, the one that
/// owes most pays the one that is owed most, as much as both allow. Of equal ones the lower code comes
/// first.
#[must_use]
pub fn payments(nets: impl IntoIterator<Item = (BankId, Position)>) -> Vec<NettingPayment> {
    let (mut owing, mut owed): (Vec<Side>, Vec<Side>) = (Vec::new(), Vec::new());
    for (bank, position) in nets.into_iter().filter(|(_, position)| !position.is_zero()) {
        let side = Side { left: position.amount(), bank };
        if position < Position::ZERO { owing.push(side) } else { owed.push(side) }
    }
    in_order(&mut owing);
    in_order(&mut owed);
    let mut payments = Vec::new();
    owing.retain(|from| {
        let place = owed.iter().position(|to| to.left == from.left);
        let matched = place.map(|place| owed.remove(place));
        payments.extend(matched.map(|to| from.pays(to, from.left)));
        matched.is_none()
    });
    while let (Some(from), Some(to)) = (owing.first_mut(), owed.first_mut()) {
        let amount = from.left.min(to.left);
        payments.push(from.pays(*to, amount));
        from.left = from.left.checked_sub(amount).unwrap_or(Yen::ZERO);
        to.left = to.left.checked_sub(amount).unwrap_or(Yen::ZERO);
        in_order(&mut owing);
        in_order(&mut owed);
    }
    payments
}

/// What is left to be paid by a bank, or to it.
#[derive(Clone, Copy)]
struct Side {
    left: Yen,
    bank: BankId,
}

impl Side {
    const fn pays(self, to: Self, amount: Yen) -> NettingPayment {
        NettingPayment { from: self.bank, to: to.bank, amount }
    }
}

/// The largest first, of equal ones the lower code; those with nothing left are gone.
fn in_order(sides: &mut Vec<Side>) {
    sides.retain(|side| !side.left.is_zero());
    sides.sort_by_key(|side| (core::cmp::Reverse(side.left), side.bank));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(nets: &[(u16, i64)]) -> Vec<(u16, u16, u64)> {
        let nets = nets.iter().map(|(bank, net)| (BankId::new(*bank), Position::new(*net)));
        let shown = |one: NettingPayment| (one.from.get(), one.to.get(), one.amount.get());
        payments(nets).into_iter().map(shown).collect()
    }

    #[test]
    fn equal_amounts_are_paid_at_once_and_the_largest_first() {
        assert_eq!(paid(&[]), []);
        assert_eq!(paid(&[(1, -5), (2, 5)]), [(1, 2, 5)]);
        assert_eq!(paid(&[(1, -5), (2, 9), (3, -9), (4, 5)]), [(3, 2, 9), (1, 4, 5)]);
        assert_eq!(paid(&[(1, -4), (2, -6), (3, 10)]), [(2, 3, 6), (1, 3, 4)]);
        assert_eq!(paid(&[(1, 0), (2, -3), (3, 1), (4, 2)]), [(2, 4, 2), (2, 3, 1)]);
    }

    #[test]
    fn payments_are_fewer_than_banks_and_sum_to_the_nets() {
        let mut seed = 7_u64;
        for count in 2..40_u16 {
            let mut nets: Vec<i64> = Vec::new();
            for _ in 1..count {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                nets.push(i64::try_from(seed >> 44).unwrap() - (1 << 19));
            }
            nets.push(-nets.iter().sum::<i64>());
            let named: Vec<(u16, i64)> = (0..count).zip(nets.iter().copied()).collect();
            let found = paid(&named);
            assert!(found.len() < usize::from(count), "{found:?}");
            for (bank, net) in named {
                let signed = |(from, to, amount): &(u16, u16, u64)| {
                    let amount = i64::try_from(*amount).unwrap();
                    i64::from(*to == bank) * amount - i64::from(*from == bank) * amount
                };
                assert_eq!(found.iter().map(signed).sum::<i64>(), net, "{bank}");
            }
        }
    }
}
