//! Random attempts: few names and short times, so that they meet each other and their boundaries.

use ledger_types::consent::Materiality;

use crate::dice::Dice;

/// One transaction that somebody tries. Consents 1 to 4 are the subject's, 5 to 7 the child's.
#[derive(Clone, Debug)]
pub(super) enum Attempt {
    Grant { number: u8, is_broad: bool, limit: Option<u32>, from: u64, until: u64 },
    Withdraw { number: u8, by_counter: bool },
    Revoke { number: u8 },
    Suspend { number: u8 },
    Resume { number: u8 },
    Renew { number: u8 },
    Notice { materiality: Materiality },
    Words,
    NotifyOptOut { scheme: u32, wait_until: u64 },
    StopOptOut { scheme: u32, person: u8 },
    JointUse { adds_ambulance: bool, is_told: bool },
    BreakGlass { number: u8 },
    UnderConsent { number: u8, leaf: u32, purpose: Option<(u32, usize)>, by_ambulance: bool },
    UnderOptOut { scheme: u32, person: u8, sensitive: bool },
    UnderJointUse { version: u32, by_ambulance: bool },
    UnderGlass { number: u8, by_ambulance: bool },
    ReadLog { number: u8, by_hospital: bool },
}

/// What is tried in one block. An end is often followed at once by a use of what it ended, and a
/// suspension by a resumption.
pub(super) fn attempts(dice: &mut Dice, now: u64) -> Vec<Attempt> {
    let mut all = Vec::new();
    for _ in 0..=dice.below(4) {
        let attempt = attempt(dice, now);
        let follower = match &attempt {
            Attempt::Withdraw { number, .. } | Attempt::Revoke { number } if dice.one_in(2) => {
                Some(under_consent(dice, *number, false))
            }
            Attempt::Suspend { number } if dice.one_in(2) => {
                Some(Attempt::Resume { number: *number })
            }
            _ => None,
        };
        all.push(attempt);
        all.extend(follower);
    }
    all
}

fn attempt(dice: &mut Dice, now: u64) -> Attempt {
    let number = 1 + dice.small(7);
    let scheme = 1 + u32::from(dice.small(2));
    let person = 130 + dice.small(3);
    let by_ambulance = dice.one_in(3);
    match dice.below(32) {
        0..=4 => grant(dice, number, now),
        5 | 6 => Attempt::Withdraw { number, by_counter: dice.one_in(3) },
        7 => Attempt::Revoke { number },
        8 => Attempt::Suspend { number },
        9 => Attempt::Resume { number },
        10 => Attempt::Renew { number },
        11 => Attempt::Notice {
            materiality: [Materiality::Editorial, Materiality::Minor, Materiality::Material]
                [usize::from(dice.small(3))],
        },
        12 => Attempt::Words,
        13 => Attempt::NotifyOptOut { scheme, wait_until: now + 1000 * dice.below(20) },
        14 => Attempt::StopOptOut { scheme, person },
        15 => Attempt::JointUse { adds_ambulance: dice.one_in(2), is_told: !dice.one_in(4) },
        16 => Attempt::BreakGlass { number: 140 + dice.small(4) },
        17..=23 => under_consent(dice, number, by_ambulance),
        24..=26 => Attempt::UnderOptOut { scheme, person, sensitive: dice.one_in(3) },
        27 | 28 => Attempt::UnderJointUse { version: 1 + u32::from(dice.small(3)), by_ambulance },
        29 => Attempt::UnderGlass { number: 140 + dice.small(4), by_ambulance: !dice.one_in(4) },
        _ => Attempt::ReadLog { number, by_hospital: !dice.one_in(4) },
    }
}

fn grant(dice: &mut Dice, number: u8, now: u64) -> Attempt {
    let limit = dice.one_in(3).then(|| 1 + u32::from(dice.small(2)));
    let from = if dice.one_in(6) { now + 3000 } else { now };
    let until = if dice.one_in(12) { now } else { now + 1000 * (1 + dice.below(15)) };
    Attempt::Grant { number, is_broad: dice.one_in(2), limit, from, until }
}

fn under_consent(dice: &mut Dice, number: u8, by_ambulance: bool) -> Attempt {
    let version = if dice.one_in(4) { 2 } else { 1 };
    let place = if dice.one_in(5) { 3 } else { usize::from(1 + dice.small(2)) };
    let purpose = (!dice.one_in(2)).then_some((version, place));
    let leaf = u32::from(dice.small(4));
    Attempt::UnderConsent { number, leaf, purpose, by_ambulance }
}
