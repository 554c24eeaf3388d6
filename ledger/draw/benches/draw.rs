//! What the checks of a lottery cost, in µs: a dealing's, an opened share's, a revealed scalar's,
//! a secret's combination, an application's, and the order of 20,000 tickets.
//!
//! `cargo bench -p public-draw`. One thread; each number is the fastest call's and the mean of all,
//! as the fastest depends least on what else the machine does.
#![allow(clippy::disallowed_types, reason = "a measurement reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use ledger_types::verify::verify;
use ledger_types::{AccountId, Hash};
use public_draw::leaf::{application_message, household_tag, is_listed, list_path, list_root};
use public_draw::order::order_key;
use public_draw::sharing::{combine, deal, open_share, reveal};
use public_draw::{
    Allocation, Application, Leaf, LetterSecret, Outcome, SealingPublic, SealingSecret, Ticket,
};

const TICKETS: u32 = 20_000;

fn main() {
    // Run as a test, without `--bench`, it only shows that it runs.
    let calls = if std::env::args().any(|word| word == "--bench") { 200 } else { 1 };
    for (members, threshold) in [(5, 3), (16, 9)] {
        sharing(calls, members, threshold);
    }
    application(calls);
    order(calls.min(20));
}

fn measured(what: &str, calls: u32, mut call: impl FnMut()) {
    let micros: Vec<f64> = (0..calls)
        .map(|_| {
            let started = Instant::now();
            call();
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    let fastest = micros.iter().copied().fold(f64::INFINITY, f64::min);
    let mean = micros.iter().sum::<f64>() / f64::from(calls);
    println!("{what}: {fastest:.1} µs, mean {mean:.1} ({calls} calls)");
}

fn sharing(calls: u32, count: u8, threshold: u8) {
    let members: Vec<_> = (0..count).map(|one| SealingSecret::from_seed(&[one; 32])).collect();
    let publics: Vec<SealingPublic> = members.iter().map(SealingSecret::public).collect();
    let (context, seed) = (Hash::of(&[b"context"]), [7; 32]);
    let of = format!("{threshold} of {count}");
    let dealing = deal(&seed, &context, &publics, threshold).expect("the members are sound");
    measured(&format!("deal, {of}"), calls, || {
        let _ = black_box(deal(black_box(&seed), &context, &publics, threshold));
    });
    measured(&format!("Dealing::check, {of}"), calls, || {
        assert!(black_box(&dealing).check(&context, &publics, threshold).is_ok());
    });
    let revealed = reveal(&seed, &context, &publics, threshold);
    measured(&format!("Dealing::check_revealed, {of}"), calls, || {
        assert!(dealing.check_revealed(black_box(&revealed)).is_ok());
    });
    let opened: Vec<_> = (1..=threshold)
        .zip(members.iter().zip(&dealing.shares))
        .map(|(number, (member, share))| {
            (number, open_share(member, &context, number, &share.sealed).expect("it is sound"))
        })
        .collect();
    let (number, first) = opened.first().expect("the threshold is not 0");
    let sealed = dealing.shares.first().expect("there are members").sealed;
    measured(&format!("OpenedShare::check, {of}"), calls, || {
        let public = publics.first().expect("there are members");
        assert!(black_box(first).check(&context, *number, public, &sealed).is_ok());
    });
    let shares: Vec<_> = opened.iter().map(|(number, share)| (*number, share.opened)).collect();
    measured(&format!("combine, {of}"), calls, || {
        assert!(combine(threshold, black_box(&shares)).is_ok());
    });
    let possession = members.first().expect("there are members").prove_possession(&context);
    measured("Possession::holds", calls, || {
        let public = publics.first().expect("there are members");
        assert!(black_box(&possession).holds(&context, public));
    });
}

fn application(calls: u32) {
    let (genesis, programme) = (Hash::of(&[b"genesis"]), 1);
    let key = LetterSecret::new([1; 16]).signing_key(&genesis, programme);
    let leaf =
        Leaf { key: key.public_key(), household: household_tag(&[0; 32], b"household"), sets: 4 };
    let mut list: Vec<_> = (1..TICKETS).map(|one| Hash::of(&[&one.to_be_bytes()])).collect();
    list.push(leaf.hash());
    let index = TICKETS.abs_diff(1);
    let root = list_root(&list);
    measured(&format!("list_root of {TICKETS}"), calls.min(20), || {
        black_box(list_root(black_box(&list)));
    });
    let path = list_path(&list, index).expect("it is in the list");
    let applicant = AccountId::new([1; 20]);
    let application = Application { programme, round: 0, list: 0, index, applicant };
    let signature = key.sign(&application_message(&genesis, &application));
    measured("an application's path and signature", calls, || {
        assert!(is_listed(&root, TICKETS, index, &leaf.hash(), black_box(&path)));
        let message = application_message(&genesis, &application);
        assert!(verify(&leaf.key, &message, black_box(&signature)));
    });
}

fn order(calls: u32) {
    let seed = Hash::of(&[b"seed"]);
    let mut tickets = Vec::new();
    measured(&format!("order_key and sort of {TICKETS}"), calls, || {
        let keyed = (0..TICKETS).map(|index| Ticket {
            key: order_key(black_box(&seed), 0, index),
            asked: u16::try_from(index % 8).unwrap_or(0),
        });
        tickets = keyed.collect::<Vec<_>>();
        tickets.sort_unstable_by_key(|ticket| ticket.key);
    });
    for allocation in [Allocation::Whole, Allocation::EqualFirst] {
        measured(&format!("Outcome::of {TICKETS}, {allocation:?}"), calls, || {
            assert!(Outcome::of(allocation, TICKETS, black_box(&tickets)).is_ok());
        });
    }
}
