//! A round is counted again from what the state shows everybody: by the crate that the ledger uses, and
//! by a program that shares no code with it.

use std::path::Path;
use std::process::Command;

use ledger_types::programme::{Allocation, Draw};
use ledger_types::record::{Deposited, Ticket};
use public_draw::Lottery;
use public_draw::leaf::list_root;
use public_draw::lottery::{Award, Deposit, Drawn, LOTTERY_FORMAT, LeafPlace, List, Opened};
use public_draw::on_ledger::{order_key_of, scalar};
use public_draw::order::{Allocation as Rule, Further, Outcome, Standing};

use super::{
    CLAIM, LETTERS, PREMIUM, apply, applying, award, buy_all, buyable, drawn, hashes, person, round,
};
use crate::chain::Chain;
use crate::fixture::toru;

/// The file of a round that anybody can make: from the programme, the round, its applications and
/// secrets, and the lists that the city published.
pub(super) fn file(chain: &Chain, number: u16) -> Lottery {
    let state = &chain.state;
    let terms = &state.programme(PREMIUM).unwrap().terms;
    let of = round(chain, number);
    let draw = of.draw.clone().unwrap();
    let deposits = (0_u16..5).map(|place| state.deposited(PREMIUM, number, place).map(deposit));
    let tickets = (1..=of.tickets).map(|one| state.ticket(PREMIUM, number, one).unwrap());
    Lottery {
        format: LOTTERY_FORMAT.to_owned(),
        genesis: state.genesis_hash(),
        programme: PREMIUM.get(),
        round: u8::try_from(number).unwrap(),
        lists: lists(chain),
        members: terms.committers.iter().map(Into::into).collect(),
        threshold: u8::try_from(terms.threshold).unwrap(),
        deposits: deposits.collect(),
        seed: draw.seed,
        allocation: Rule::on_ledger(terms.allocation).unwrap(),
        sets: of.terms.sets,
        tickets: tickets.map(|ticket| ticket_of(&draw, ticket)).collect(),
        outcome: draw.outcome.into(),
        further: draw
            .waves
            .iter()
            .map(|wave| Award { left: wave.given, award: (*wave).into() })
            .collect(),
    }
}

fn lists(chain: &Chain) -> Vec<List> {
    let genesis = chain.state.genesis_hash();
    let lists = chain.state.programme(PREMIUM).unwrap().lists;
    let all = [0..LETTERS, LETTERS..LETTERS + 6].into_iter().zip(1..=lists);
    all.map(|(letters, list)| {
        let leaves = hashes(&genesis, letters);
        let root = list_root(&leaves);
        assert_eq!(chain.state.eligibility(PREMIUM, list).unwrap().root, root);
        List { root, leaves }
    })
    .collect()
}

fn deposit(deposited: &Deposited) -> Deposit {
    let opened = deposited.opened.iter().map(|one| {
        let member = u8::try_from(one.by + 1).unwrap();
        Opened { member, share: (*one).into() }
    });
    Deposit {
        dealing: (&deposited.sharing).into(),
        revealed: deposited.revealed.map(scalar),
        opened: opened.collect(),
    }
}

/// An application with what the draw and each wave gave it, by what it bought.
fn ticket_of(draw: &Draw, ticket: &Ticket) -> Drawn {
    let key = order_key_of(&draw.seed, ticket.lowest).unwrap();
    let (asked, bought) = (ticket.asked(), ticket.bought());
    let granted = Outcome::from(draw.outcome).granted(&key, asked);
    let (mut all, mut lapsed, mut further) = (granted, None, Vec::new());
    for (wave, number) in draw.waves.iter().zip(0_u8..) {
        if bought < all && lapsed.is_none() {
            lapsed = Some(number);
        }
        let has_lapsed = lapsed.is_some();
        let extra = Further::from(*wave).extra(&Standing { key, asked, granted: all, has_lapsed });
        further.push(extra);
        all += extra;
    }
    let place = |leaf: ledger_types::programme::LeafPlace| LeafPlace {
        list: u8::try_from(leaf.list - 1).unwrap(),
        index: leaf.index,
    };
    let leaves = ticket.leaves.iter().map(|leaf| place(leaf.leaf)).collect();
    Drawn { leaves, asked, granted, further, lapsed }
}

/// What the other program says of a file.
fn theirs(lottery: &Lottery, name: &str) -> String {
    let file = std::env::temp_dir().join(format!("{name}-{}.json", std::process::id()));
    std::fs::write(&file, serde_json::to_vec(lottery).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/verify/lottery.py");
    let run = Command::new("python3").arg(script).arg(&file).output();
    std::fs::remove_file(&file).unwrap();
    let run = run.expect("python3 is installed: it runs the second program");
    let said = [run.stdout, run.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert_eq!(run.status.success(), said.is_empty(), "{said}");
    said
}

/// A round with pairs and households of four, of which some let sets lapse in two waves.
pub(super) fn busy(allocation: Allocation) -> Chain {
    let mut chain = applying(14, |terms| terms.allocation = allocation);
    for number in 0..8_u8 {
        let (by, letter) = (person(number), u32::from(number));
        let sets = 1 + u16::from(number) % 3;
        let apply = match number {
            0 => apply(&chain, 1, &by, &[(20, 1), (8, 2), (9, 3), (0, 1)]),
            1..4 => apply(&chain, 1, &by, &[(letter + 10, sets), (letter, 2)]),
            _ => apply(&chain, 1, &by, &[(letter, sets)]),
        };
        chain.must(&by, apply);
    }
    drawn(&mut chain);
    let winners: Vec<u32> = (1..=8).filter(|one| buyable(&chain, 1, *one) > 0).collect();
    buy_all(&mut chain, 1, winners[1..].iter().copied());
    for wave in 1..=2 {
        let began = round(&chain, 1).draw.unwrap();
        let began = began.waves.last().map_or(began.from, |wave| wave.from);
        chain.now = began.as_millis() + CLAIM;
        chain.must(&toru(), award(1, wave));
        let open: Vec<u32> = (1..=8).filter(|one| buyable(&chain, 1, *one) > 0).collect();
        buy_all(&mut chain, 1, open.iter().skip(1).copied());
    }
    chain
}

#[test]
fn the_state_has_all_that_it_takes_to_draw_again() {
    for allocation in [Allocation::Whole, Allocation::EqualFirst] {
        let chain = busy(allocation);
        let file = file(&chain, 1);
        assert_eq!(file.differences(), [], "{allocation:?}");
        let json = serde_json::to_value(&file).unwrap();
        assert!(json["deposits"][2].is_null() && json["deposits"][1]["revealed"].is_null());
        assert_eq!(theirs(&file, "kyojo-lottery-right"), "");
        for (one, number) in file.tickets.iter().zip(1_u32..) {
            let won = chain.state.won(PREMIUM, 1, number).unwrap();
            let all = one.granted + one.further.iter().sum::<u16>();
            assert_eq!(won.granted, all, "application {number}");
        }
    }
}

#[test]
fn another_count_is_found_by_both_programs() {
    let right = file(&busy(Allocation::Whole), 1);
    let mut other_asked = right.clone();
    // Of one that got all that it asked for, so that it would get more.
    let got_all = other_asked.tickets.iter_mut().find(|one| one.granted == one.asked);
    got_all.unwrap().asked += 1;
    let mut other_secret = right.clone();
    other_secret.deposits[0] = other_secret.deposits[3].clone();
    let mut fewer = right.clone();
    fewer.deposits[1] = None;
    let mut moved = right.clone();
    moved.deposits.remove(2);
    for (file, name) in
        [(other_asked, "asked"), (other_secret, "secret"), (fewer, "fewer"), (moved, "moved")]
    {
        assert!(!file.differences().is_empty(), "{name}");
        assert_ne!(theirs(&file, &format!("kyojo-lottery-{name}")), "", "{name}");
    }
}
