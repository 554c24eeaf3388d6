//! Bytes that other programs count with are pinned; `UPDATE_GOLDEN=1` writes them anew.

use std::path::{Path, PathBuf};

use ledger_types::{AccountId, Hash, merkle};
use public_draw::leaf::{application_message, household_tag, list_path, list_root};
use public_draw::order::order_key;
use public_draw::sharing::{
    combine, committer_context, deal, open_share, reveal, round_context, seed,
};
use public_draw::{Allocation, Application, LetterSecret, Outcome, Ticket};
use serde_json::{Value, json};

use crate::sample::{PROGRAMME, ROUND, genesis, leaf, letter, members, publics};

pub(crate) fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Compares with what is pinned, or pins it.
pub(crate) fn assert_pinned(name: &str, found: &Value) {
    let text = format!("{found:#}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden(name), &text).unwrap();
    }
    let pinned = std::fs::read_to_string(golden(name)).unwrap_or_default();
    assert!(pinned == text, "{name} differs: run with UPDATE_GOLDEN=1 and review");
}

fn letters() -> Value {
    let secrets = [LetterSecret::new([0; 16]), LetterSecret::new([0xFF; 16]), letter(0), letter(1)];
    let all = secrets.map(|secret| {
        json!({
            "secret": hex::encode(secret.as_bytes()),
            "printed": *secret.printed(),
            "key": secret.signing_key(&genesis(), PROGRAMME).public_key(),
        })
    });
    json!(all)
}

fn leaves() -> Value {
    let list: Vec<Hash> = (0..5).map(|number| leaf(number).hash()).collect();
    let application = Application {
        programme: PROGRAMME,
        round: ROUND,
        list: 0,
        index: 2,
        applicant: AccountId::new([1; 20]),
    };
    json!({
        "household": household_tag(&[9; 32], b"1"),
        "key": leaf(2).key,
        "leaf": leaf(2).hash(),
        "entry": merkle::leaf_hash(leaf(2).hash().as_bytes()),
        "list": list,
        "root": list_root(&list),
        "path_of_2": list_path(&list, 2),
        "application": hex::encode(application_message(&genesis(), &application)),
    })
}

fn shares() -> Value {
    let members = members(5);
    let publics = publics(&members);
    let round = round_context(&genesis(), PROGRAMME, ROUND);
    let context = committer_context(&round, 0);
    let dealing = deal(&[42; 32], &context, &publics, 3).unwrap();
    let revealed = reveal(&[42; 32], &context, &publics, 3);
    let opened = [1_u8, 2, 3].map(|member| {
        let at = usize::from(member) - 1;
        (member, open_share(&members[at], &context, member, &dealing.shares[at].sealed).unwrap())
    });
    let secret = combine(3, &opened.map(|(member, share)| (member, share.opened))).unwrap();
    json!({
        "round": round,
        "context": context,
        "members": publics,
        "possession_of_1": members[0].prove_possession(&context),
        "dealing": dealing,
        "bytes": hex::encode(dealing.to_bytes()),
        "revealed": revealed,
        "opened": opened.map(|(_, share)| share),
        "secret": secret,
        "seed": seed(&round, &[secret, secret, secret]),
    })
}

fn orders() -> Value {
    let seed = Hash::of(&[b"seed"]);
    let mut tickets: Vec<Ticket> = (0..6_u16)
        .map(|index| Ticket { key: order_key(&seed, 1, u32::from(index)), asked: index })
        .collect();
    let keys: Vec<Hash> = tickets.iter().map(|ticket| ticket.key).collect();
    tickets.sort_by_key(|ticket| ticket.key);
    let outcomes = [Allocation::Whole, Allocation::EqualFirst].map(|allocation| {
        let outcome = Outcome::of(allocation, 9, &tickets).unwrap();
        let bytes = hex::encode(ledger_types::codec::encode(&outcome));
        json!({ "allocation": allocation, "outcome": outcome, "bytes": bytes })
    });
    json!({ "seed": seed, "keys": keys, "outcomes": outcomes })
}

#[test]
fn letters_leaves_shares_and_order_are_pinned() {
    let found = json!({
        "letters": letters(),
        "leaves": leaves(),
        "sharing": shares(),
        "order": orders(),
    });
    assert_pinned("vectors.json", &found);
}
