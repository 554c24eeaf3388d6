//! A round of a lottery with everything that happens in one, made from fixed bytes.

use ledger_types::Hash;
use public_draw::leaf::{household_tag, list_root};
use public_draw::lottery::{Award, Deposit, Drawn, LOTTERY_FORMAT, LeafPlace, List, Opened};
use public_draw::order::order_key;
use public_draw::sharing::{
    combine, committer_context, deal, open_share, reveal, round_context, seed,
};
use public_draw::{
    Allocation, Further, Leaf, LetterSecret, Lottery, Outcome, SealingPublic, SealingSecret,
    Standing, Ticket,
};

pub(crate) const PROGRAMME: u32 = 7;
pub(crate) const ROUND: u8 = 1;

pub(crate) fn genesis() -> Hash {
    Hash::of(&[b"a network"])
}

pub(crate) fn members(count: u8) -> Vec<SealingSecret> {
    (1..=count).map(|number| SealingSecret::from_seed(&[number; 32])).collect()
}

pub(crate) fn publics(members: &[SealingSecret]) -> Vec<SealingPublic> {
    members.iter().map(SealingSecret::public).collect()
}

/// The letter with this number.
pub(crate) fn letter(number: u32) -> LetterSecret {
    let hash = Hash::of(&[b"a letter", &number.to_be_bytes()]);
    LetterSecret::new(hash.as_bytes()[..16].try_into().unwrap())
}

pub(crate) fn leaf(number: u32) -> Leaf {
    Leaf {
        key: letter(number).signing_key(&genesis(), PROGRAMME).public_key(),
        household: household_tag(&[9; 32], &(number / 2).to_be_bytes()),
        sets: 4,
    }
}

fn list(numbers: core::ops::Range<u32>) -> List {
    let leaves: Vec<Hash> = numbers.map(|number| leaf(number).hash()).collect();
    List { root: list_root(&leaves), leaves }
}

/// Three committers; what the first deals is withheld and opened by members 1, 3 and 4.
fn deposits(members: &[SealingSecret], threshold: u8) -> (Vec<Option<Deposit>>, Hash) {
    let publics = publics(members);
    let round = round_context(&genesis(), PROGRAMME, ROUND);
    let mut secrets = Vec::new();
    let deposits = (0..3_u8).map(|number| {
        let context = committer_context(&round, number);
        let own = [100 + number; 32];
        let dealing = deal(&own, &context, &publics, threshold).unwrap();
        let revealed = reveal(&own, &context, &publics, threshold);
        if number > 0 {
            secrets.push(dealing.check_revealed(&revealed).unwrap());
            return Deposit { dealing, revealed: Some(revealed), opened: Vec::new() };
        }
        let opened = [1_u8, 3, 4].map(|member| {
            let (secret, at) = (&members[usize::from(member) - 1], usize::from(member) - 1);
            let sealed = &dealing.shares[at].sealed;
            Opened { member, share: open_share(secret, &context, member, sealed).unwrap() }
        });
        let shares: Vec<_> = opened.iter().map(|one| (one.member, one.share.opened)).collect();
        secrets.push(combine(threshold, &shares).unwrap());
        Deposit { dealing, revealed: None, opened: opened.to_vec() }
    });
    let deposits: Vec<_> = deposits.map(Some).collect();
    (deposits, seed(&round, &secrets))
}

/// A round of 24 letters in two lists and 14 tickets, of which some let sets lapse.
pub(crate) fn lottery(allocation: Allocation, sets: u32) -> Lottery {
    let members = members(5);
    let lists = vec![list(0..17), list(17..24)];
    let (deposits, seed) = deposits(&members, 3);
    let place = |number: u32| {
        let list = u8::from(number >= 17);
        LeafPlace { list, index: number - 17 * u32::from(list) }
    };
    // Tickets of one and of two leaves; the higher one stands first.
    let leaves = (0..14_u32).map(|ticket| match ticket {
        0..10 => vec![place(23 - ticket), place(ticket)],
        _ => vec![place(ticket)],
    });
    let drawn = leaves.zip(0..).map(|(leaves, ticket): (_, u16)| Drawn {
        leaves,
        asked: 1 + ticket * 5 % 8,
        granted: 0,
        further: Vec::new(),
        lapsed: match ticket {
            3 | 8 => Some(0),
            5 => Some(1),
            _ => None,
        },
    });
    let mut tickets: Vec<Drawn> = drawn.collect();
    let key = |drawn: &Drawn| {
        let lowest = drawn.leaves.iter().min().unwrap();
        order_key(&seed, lowest.list, lowest.index)
    };
    tickets.sort_by_key(key);
    let asked: Vec<_> =
        tickets.iter().map(|drawn| Ticket { key: key(drawn), asked: drawn.asked }).collect();
    let outcome = Outcome::of(allocation, sets, &asked).unwrap();
    for drawn in &mut tickets {
        drawn.granted = outcome.granted(&key(drawn), drawn.asked);
    }
    let mut further = Vec::new();
    for (number, left) in (0..).zip([6, 5]) {
        let standing = tickets.iter().map(|drawn| Standing {
            key: key(drawn),
            asked: drawn.asked,
            granted: drawn.granted + drawn.further.iter().sum::<u16>(),
            has_lapsed: drawn.lapsed.is_some_and(|from| from <= number),
        });
        let standing: Vec<_> = standing.collect();
        let award = Further::of(left, &standing).unwrap();
        for (drawn, standing) in tickets.iter_mut().zip(&standing) {
            drawn.further.push(award.extra(standing));
        }
        further.push(Award { left, award });
    }
    tickets.reverse();
    Lottery {
        format: LOTTERY_FORMAT.to_owned(),
        genesis: genesis(),
        programme: PROGRAMME,
        round: ROUND,
        lists,
        members: publics(&members),
        threshold: 3,
        deposits,
        seed,
        allocation,
        sets,
        tickets,
        outcome,
        further,
    }
}
