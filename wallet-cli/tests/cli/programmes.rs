//! What cities and committees do with voucher programmes, against a node that answers as told.

use std::os::unix::fs::PermissionsExt as _;

use ledger_types::operation::{LeafClaim, RevokeLeaf};
use ledger_types::programme::{
    Allocation, Committer, Eligibility, LeafPlace, LeafRevocation, LegalClass, Life, Takes,
};
use ledger_types::{Operation, ProgrammeId, Yen, ZoneId};
use node_api::path;
use public_draw::leaf::{Application, application_message};
use public_draw::on_ledger::{context_of_committer, point};
use public_draw::sharing::{Dealing, Possession, member_context};
use public_draw::{LetterSecret, SealingPublic};
use serde_json::{Value, json};

use crate::node::{Answer, Node, account, address_of, prefix};
use crate::run::Home;
use crate::vouchers::{programme, round};

/// Arguments with what every command of these tests needs.
fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--timeout", "1", "--node", &node.url]].concat()
}

fn tells(node: &Node, programme: &Value) {
    node.tells(&path::programme(ProgrammeId::new(7)).to_string(), programme.clone());
    node.tells(&path::programmes().to_string(), json!({ "programmes": [programme] }));
}

/// The only operation of the last transaction.
fn last(node: &Node) -> Operation {
    let submitted = node.submitted();
    let [operation] = submitted.last().unwrap().unsigned.operations.as_slice() else {
        panic!("{submitted:?}")
    };
    operation.clone()
}

fn own_address() -> String {
    account().to_address(&prefix())
}

/// A lottery in which people apply.
fn applying() -> Value {
    round(
        "applying",
        json!({
            "apply_from": "2026-11-01T00:00:00.000Z", "apply_until": "2026-11-30T15:00:00.000Z",
            "claim_ms": 604_800_000, "tickets": 5, "asked": 9, "deposited": 3, "known": 0,
            "further": [],
        }),
    )
}

#[test]
fn anybody_sees_programmes_without_a_wallet() {
    let node = Node::start(Answer::Committed);
    tells(&node, &programme());
    let home = Home::new();
    let list = home.ok(&["programme", "ls", "--node", &node.url, "--lang", "ja"]).stdout;
    for part in ["プレミアムポイント", "10,000円", "12,500円", "販売しています"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let shown = home.ok(&["programme", "show", "7", "--node", &node.url, "--lang", "ja"]).stdout;
    for part in [
        "1 口の中身: 地元のお店だけで使える 6,250円",
        "12000 口のうち 3 口を販売",
        "裏付けの口座（預けてあります）: 40,000円",
        "まだ使える分: 37,500円",
        "販売した分: 買った分 30,000円、おまけの分 7,500円",
        "先着順",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_programme_is_created_as_its_file_says() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let example = include_str!("programme.toml");
    let text =
        example.replace("aizu1ESCROW", &address_of(4)).replace("aizu1SPONSOR", &own_address());
    std::fs::write(home.path("programme.toml"), text).unwrap();
    std::fs::write(home.path("terms.txt"), "terms\n").unwrap();
    std::fs::write(home.path("list.txt"), format!("{}\n", "5a".repeat(32))).unwrap();
    let (_, shown) = home.json(&at(&node, &["programme", "create", "programme.toml", "--dry-run"]));
    assert_eq!(
        (&shown["data"]["price"], &shown["data"]["face"]),
        (&json!("10000"), &json!("12500"))
    );
    assert!(node.submitted().is_empty());
    home.ok(&at(&node, &["programme", "create", "programme.toml"]));
    let Operation::CreateProgramme(create) = last(&node) else { panic!() };
    let terms = &create.terms;
    assert_eq!((create.programme, terms.zone), (ProgrammeId::new(7), ZoneId::new(1)));
    assert_eq!(terms.buckets[0].takes, Takes::LOCAL);
    assert_eq!((terms.price(), terms.face()), (Some(Yen::new(10_000)), Some(Yen::new(12_500))));
    assert!(matches!(terms.eligibility, Eligibility::Listed { size: 1, .. }));
    assert_eq!((terms.allocation, terms.threshold), (Allocation::Whole, 2));
    // Days end at midnight in Japan; what is due by a day is due within it.
    let time = |at: ledger_types::Timestamp| node_api::Time::from(at).to_string();
    assert_eq!(time(terms.use_from), "2026-11-30T15:00:00.000Z");
    assert_eq!(time(terms.use_until), "2027-01-31T15:00:00.000Z");
    assert_eq!(time(terms.reconcile_by), "2027-03-31T14:59:59.999Z");
}

#[test]
fn a_mistake_in_a_programmes_file_is_told_with_its_line() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    std::fs::write(home.path("p.toml"), "number = 7\nzonne = 1\n").unwrap();
    let (exit, envelope) = home.json(&at(&node, &["programme", "create", "p.toml"]));
    let error = &envelope["errors"][0];
    assert_eq!((exit, &error["code"]), (2, &json!("programme-file")), "{envelope}");
    assert!(error["message"].as_str().unwrap().contains("p.toml:"), "{envelope}");
    assert!(node.submitted().is_empty());
}

#[test]
fn a_sponsor_funds_opens_moves_and_reconciles() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let mut of = programme();
    of["escrows"] = json!([
        { "account": address_of(4), "pledged": true, "available": "40000" },
        { "account": own_address(), "pledged": false, "available": "0" },
    ]);
    tells(&node, &of);
    home.ok(&at(&node, &["programme", "fund", "7", "1,000円"]));
    let Operation::Transfer(paid) = last(&node) else { panic!() };
    assert_eq!((paid.to.to_address(&prefix()), paid.amount), (address_of(4), Yen::new(1000)));
    home.ok(&at(&node, &["programme", "pledge", "7"]));
    assert!(matches!(last(&node), Operation::FundProgramme(_)));
    let own = own_address();
    let into = address_of(4);
    home.ok(&at(&node, &["programme", "move-escrow", "7", "500", "--from", &own, "--to", &into]));
    assert!(matches!(last(&node), Operation::MoveEscrow(_)));
    let elsewhere = address_of(9);
    let (exit, envelope) =
        home.json(&at(&node, &["programme", "fund", "7", "5", "--escrow", &elsewhere]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (6, &json!("not-an-escrow")));
    let sale = ["--sale-from", "2026-12-26", "--sale-until", "2027-01-15"];
    home.ok(&at(&node, &[&["programme", "open-round", "7", "--sets", "3"], &sale[..]].concat()));
    let Operation::OpenRound(open) = last(&node) else { panic!() };
    assert_eq!((open.round, open.terms.sets, open.terms.lottery), (2, 3, None));
    let days = ["--apply-from", "2026-12-01", "--apply-until", "2026-12-05"];
    let wrong = [&["programme", "open-round", "7", "--sets", "3"], &sale[..], &days[..]].concat();
    let (exit, envelope) = home.json(&at(&node, &wrong));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (2, &json!("no-lottery-here")));
    let (_, envelope) = home.json(&at(&node, &["programme", "reconcile", "7"]));
    assert_eq!(envelope["data"]["sums"]["sold"], json!({ "paid": "30000", "free": "7500" }));
    assert_eq!(envelope["data"]["sums"]["unused"], json!({ "paid": "30000", "free": "7500" }));
    let revoke = ["programme", "revoke-leaf", "7", "--index", "77", "--reason", "lost"];
    home.ok(&at(&node, &revoke));
    let expected = RevokeLeaf {
        programme: ProgrammeId::new(7),
        leaf: LeafPlace { list: 1, index: 77 },
        reason: LeafRevocation::Lost,
    };
    assert_eq!(last(&node), Operation::RevokeLeaf(expected));
}

#[test]
fn an_operator_defines_a_kind_of_voucher_that_is_only_spent() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    std::fs::write(home.path("terms.txt"), "terms\n").unwrap();
    let issuer = address_of(5);
    let define = [
        "zone",
        "instrument",
        "define",
        "3",
        "--issuer",
        &issuer,
        "--class",
        "short-prepaid",
        "--most",
        "200,000,000円",
        "--months",
        "6",
        "--terms-file",
        "terms.txt",
    ];
    home.ok(&at(&node, &define));
    let Operation::DefineInstrument(define) = last(&node) else { panic!() };
    assert_eq!((define.class, define.life), (LegalClass::ShortPrepaid, Life::Months { months: 6 }));
    assert_eq!(define.capabilities.names(), ["spend"]);
}

/// Three people of two households, and what was made for them.
fn letters(home: &Home, node: &Node) -> Value {
    let people = "person,household,sets\np-1,h-1,2\np-2,h-1,2\np-3,,1\n";
    std::fs::write(home.path("people.csv"), people).unwrap();
    let genesis = node.genesis.to_string();
    let make = [
        "programme",
        "letters",
        "make",
        "people.csv",
        "--programme",
        "7",
        "--out",
        "made",
        "--genesis",
        &genesis,
    ];
    let (exit, envelope) = home.json(&make);
    assert_eq!(exit, 0, "{envelope}");
    let (exit, again) = home.json(&make);
    assert_eq!((exit, &again["errors"][0]["code"]), (3, &json!("folder-exists")));
    envelope["data"].clone()
}

/// A programme with a lottery for the people of the list that was made.
fn listed(made: &Value) -> Value {
    let mut of = programme();
    of["allocation"] = json!("whole");
    of["lists"] = json!([{ "root": made["root"], "size": made["size"] }]);
    of["rounds"] = json!([applying()]);
    of
}

fn signs(claim: &LeafClaim, node: &Node) -> bool {
    let of = Application::on_ledger(ProgrammeId::new(7), 1, claim.leaf, account()).unwrap();
    let message = application_message(&node.genesis, &of);
    ledger_types::verify::verify(&claim.key, &message, &claim.signature)
}

#[test]
fn letters_that_a_city_makes_are_secret_on_the_published_list_and_apply() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let made = letters(&home, &node);
    let file = |name: &str| std::fs::read_to_string(home.path(name)).unwrap();
    for name in ["made/who.csv", "made/salt", "made/letters/0000000.json"] {
        let mode = std::fs::metadata(home.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(file("made/list.txt").lines().count(), 3);
    assert!(!file("made/list.txt").contains("p-1"));
    let who = file("made/who.csv");
    assert_eq!(who.lines().count(), 4);
    for line in who.lines().skip(1) {
        let code = line.rsplit(',').next().unwrap();
        assert!(code.parse::<LetterSecret>().is_ok(), "{line}");
    }
    tells(&node, &listed(&made));
    let check = ["programme", "list-check", "7", "--list", "made/list.txt", "--node", &node.url];
    assert_eq!(home.json(&check).1["data"]["list"], json!(1));
    let apply = [
        "voucher",
        "apply",
        "7",
        "--letter",
        "made/letters/0000001.json",
        "--letter",
        "made/letters/0000000.json",
    ];
    let applied = home.ok(&at(&node, &apply));
    let Operation::Apply(apply) = last(&node) else { panic!() };
    let places: Vec<u32> = apply.leaves.iter().map(|claim| claim.leaf.index).collect();
    assert_eq!(places, [0, 1], "in the order of their places");
    assert!(apply.leaves.iter().all(|claim| signs(claim, &node) && claim.sets == claim.entitled));
    // Nothing that is shown has a secret.
    for line in who.lines().skip(1) {
        let code = line.rsplit(',').next().unwrap();
        assert!(!applied.stderr.contains(code) && !applied.stdout.contains(code));
    }
}

#[test]
fn a_letter_that_was_changed_or_is_anothers_is_not_sent() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let made = letters(&home, &node);
    tells(&node, &listed(&made));
    let text = std::fs::read_to_string(home.path("made/letters/0000000.json")).unwrap();
    let letter: Value = serde_json::from_str(&text).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = letter.clone();
        change(&mut changed);
        std::fs::write(home.path("changed.json"), changed.to_string()).unwrap();
        let outcome = home.json(&at(&node, &["voucher", "apply", "7", "--letter", "changed.json"]));
        outcome.1["errors"][0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(&|it| it["sets"] = json!(9)), "letter-not-listed");
    assert_eq!(refused(&|it| it["programme"] = json!(8)), "letter-elsewhere");
    assert_eq!(refused(&|it| it["secret"] = json!("0000")), "letter-length");
    assert_eq!(refused(&|it| it["more"] = json!(1)), "bad-letter");
    assert_eq!(
        refused(&|it| drop(it.as_object_mut().unwrap().remove("secret"))),
        "letter-secret-needed"
    );
    assert!(node.submitted().is_empty());
}

/// The committee of three of which the wallet is the second member.
fn committee(home: &Home, node: &Node) -> Vec<Value> {
    let (_, envelope) = home.json(&["lottery", "key", "new", "7"]);
    let own = &envelope["data"];
    let context = member_context(&node.genesis, 7, &account());
    let committer: Committer = Committer {
        account: account(),
        sealing: serde_json::from_value(own["sealing"].clone()).unwrap(),
        proof: ledger_types::programme::ShareProof {
            challenge: serde_json::from_value(own["challenge"].clone()).unwrap(),
            response: serde_json::from_value(own["response"].clone()).unwrap(),
        },
    };
    let public = SealingPublic::from(&committer);
    assert!(Possession::from(&committer).holds(&context, &public), "the ledger takes the key");
    let other = |byte: u8| {
        let key = public_draw::SealingSecret::from_seed(&[byte; 32]).public();
        json!({ "account": address_of(byte), "sealing": key.encoding().to_string() })
    };
    vec![other(4), json!({ "account": own_address(), "sealing": own["sealing"] }), other(5)]
}

#[test]
fn a_member_deposits_what_it_later_tells_and_the_others_could_open() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let mut of = programme();
    let members = committee(&home, &node);
    (of["committers"], of["threshold"]) = (json!(members), json!(2));
    of["allocation"] = json!("whole");
    of["rounds"] = json!([applying()]);
    tells(&node, &of);
    // Before anything was deposited there is nothing to tell.
    let (exit, envelope) = home.json(&at(&node, &["lottery", "reveal", "7", "1"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (5, &json!("seed-not-here")));
    home.ok(&at(&node, &["lottery", "deposit", "7", "1"]));
    let Operation::DepositSecret(deposit) = last(&node) else { panic!() };
    let dealing = Dealing::from(&deposit.sharing);
    let keys: Vec<SealingPublic> = members
        .iter()
        .map(|it| SealingPublic::new(point(it["sealing"].as_str().unwrap().parse().unwrap())))
        .collect();
    let context = context_of_committer(&node.genesis, ProgrammeId::new(7), 1, 1).unwrap();
    dealing.check(&context, &keys, 2).unwrap();
    // The same again is the same dealing: its seed was kept before it was sent.
    home.ok(&at(&node, &["lottery", "deposit", "7", "1", "--again"]));
    let Operation::DepositSecret(again) = last(&node) else { panic!() };
    assert_eq!(again.sharing, deposit.sharing);
    home.ok(&at(&node, &["lottery", "reveal", "7", "1"]));
    let Operation::RevealSecret(reveal) = last(&node) else { panic!() };
    let secret = public_draw::sharing::ScalarBytes::new(*reveal.secret.as_bytes());
    dealing.check_revealed(&secret).unwrap();
    home.ok(&at(&node, &["lottery", "draw", "7", "1"]));
    home.ok(&at(&node, &["lottery", "award", "7", "1"]));
    let Operation::AwardLeft(award) = last(&node) else { panic!() };
    assert_eq!(award.wave, 1);
}

#[test]
fn a_member_opens_its_share_of_a_silent_ones_secret() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let mut of = programme();
    let members = committee(&home, &node);
    (of["committers"], of["threshold"]) = (json!(members), json!(2));
    tells(&node, &of);
    let keys: Vec<SealingPublic> = members
        .iter()
        .map(|it| SealingPublic::new(point(it["sealing"].as_str().unwrap().parse().unwrap())))
        .collect();
    let context = context_of_committer(&node.genesis, ProgrammeId::new(7), 1, 0).unwrap();
    let dealing = public_draw::sharing::deal(&[3; 32], &context, &keys, 2).unwrap();
    let sharing = ledger_types::programme::Sharing::from(&dealing);
    let secrets = json!({ "secrets": [{ "committer": 0, "sharing": sharing, "opened": [] }] });
    node.tells(&path::secrets(ProgrammeId::new(7), 1).to_string(), secrets);
    home.ok(&at(&node, &["lottery", "open", "7", "1", "--of", "1"]));
    let Operation::OpenShare(open) = last(&node) else { panic!() };
    assert_eq!(open.of, 0);
    let share =
        public_draw::sharing::OpenedShare { opened: point(open.share), proof: open.proof.into() };
    share.check(&context, 2, &keys[1], &dealing.shares[1].sealed).unwrap();
}

/// The public reads of the round that is pinned for all programs that count lotteries.
fn pinned_round(node: &Node, pinned: &Value) {
    let number = ProgrammeId::new(7);
    let mut of = programme();
    let lists = pinned["lists"].as_array().unwrap();
    of["lists"] = lists
        .iter()
        .map(|it| json!({ "root": it["root"], "size": it["leaves"].as_array().unwrap().len() }))
        .collect();
    let members = pinned["members"].as_array().unwrap().iter().zip(20_u8..);
    of["committers"] =
        members.map(|(key, byte)| json!({ "account": address_of(byte), "sealing": key })).collect();
    (of["threshold"], of["allocation"]) =
        (pinned["threshold"].clone(), pinned["allocation"].clone());
    let waves = pinned["further"].as_array().unwrap().iter();
    let waves = waves.map(|wave| {
        let mut award = wave["award"].clone();
        award["from"] = json!("2026-11-22T00:00:00.000Z");
        award
    });
    let mut round = applying();
    round["sets"] = pinned["sets"].clone();
    let lottery = &mut round["lottery"];
    (lottery["seed"], lottery["outcome"]) = (pinned["seed"].clone(), pinned["outcome"].clone());
    lottery["further"] = waves.collect();
    of["rounds"] = json!([round]);
    tells(node, &of);
    let deposits = pinned["deposits"].as_array().unwrap().iter().zip(0..);
    let secrets = deposits.map(|(deposit, place)| {
        let opened = deposit["opened"].as_array().unwrap().iter().map(|one| {
            let by = one["member"].as_u64().unwrap() - 1;
            json!({ "by": by, "share": one["share"]["opened"], "proof": one["share"]["proof"] })
        });
        let mut secret = json!({
            "committer": place, "sharing": deposit["dealing"],
            "opened": opened.collect::<Vec<_>>(),
        });
        if !deposit["revealed"].is_null() {
            secret["revealed"] = deposit["revealed"].clone();
        }
        secret
    });
    let secrets = json!({ "secrets": secrets.collect::<Vec<_>>() });
    node.tells(&path::secrets(number, 1).to_string(), secrets);
    let tickets = pinned["tickets"].as_array().unwrap().iter().zip(1..);
    let tickets = tickets.map(|(ticket, number)| {
        let place = |it: &Value| (it["list"].as_u64().unwrap(), it["index"].as_u64().unwrap());
        let lowest = ticket["leaves"].as_array().unwrap().iter().map(place).min().unwrap();
        let extra = ticket["further"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap());
        let won = ticket["granted"].as_u64().unwrap() + extra.sum::<u64>();
        let bought = if ticket["lapsed"].is_null() { won } else { 0 };
        json!({ "ticket": number, "list": lowest.0 + 1, "index": lowest.1,
                "asked": ticket["asked"], "bought": bought })
    });
    let tickets = json!({ "tickets": tickets.collect::<Vec<_>>(), "next": null });
    node.tells(&path::tickets(number, 1).to_string(), tickets);
}

#[test]
fn a_drawn_round_is_written_as_anybody_counts_it_again() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../ledger/draw/tests/golden/lottery.json");
    let pinned: Value = serde_json::from_str(&std::fs::read_to_string(golden).unwrap()).unwrap();
    let genesis: ledger_types::Hash = pinned["genesis"].as_str().unwrap().parse().unwrap();
    let node = Node::start_of(genesis, Answer::Committed);
    pinned_round(&node, &pinned);
    let home = Home::new();
    for (list, number) in pinned["lists"].as_array().unwrap().iter().zip(1..) {
        let leaves = list["leaves"].as_array().unwrap().iter();
        let text: String = leaves.map(|leaf| format!("{}\n", leaf.as_str().unwrap())).collect();
        std::fs::write(home.path(&format!("list-{number}.txt")), text).unwrap();
    }
    let lists = ["--list", "list-1.txt", "--list", "list-2.txt"];
    let export = [&["lottery", "export", "7", "1", "--node", &node.url], &lists[..]].concat();
    let out = [&export[..], &["--out", "lottery.json"]].concat();
    let (exit, envelope) = home.json(&out);
    assert_eq!(exit, 0, "{envelope}");
    let text = std::fs::read_to_string(home.path("lottery.json")).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    for same in ["format", "genesis", "lists", "members", "seed", "outcome", "further"] {
        assert_eq!(written[same], pinned[same], "{same}");
    }
    // Of five members three deposited.
    let deposits = written["deposits"].as_array().unwrap();
    assert_eq!(deposits[..3], pinned["deposits"].as_array().unwrap()[..]);
    assert_eq!(deposits[3..], [Value::Null, Value::Null]);
    // A node that tells another seed, or a list of another programme, is caught before.
    let mut other = pinned.clone();
    other["seed"] = json!("11".repeat(32));
    pinned_round(&node, &other);
    let (exit, envelope) = home.json(&[&export[..], &["--out", "other.json"]].concat());
    assert_eq!((exit, &envelope["errors"][0]["code"]), (10, &json!("lottery-differs")));
    assert!(!home.path("other.json").exists());
    let swapped = ["--list", "list-2.txt", "--list", "list-1.txt", "--out", "swapped.json"];
    let swapped = [&["lottery", "export", "7", "1", "--node", &node.url], &swapped[..]].concat();
    assert_eq!(home.json(&swapped).1["errors"][0]["code"], json!("list-not-on-ledger"));
}

#[test]
fn a_bank_moves_all_vouchers_of_zones_to_an_heir_each_zone_once() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    std::fs::write(home.path("heirs.pdf"), "heirs").unwrap();
    let (deceased, heir) = (address_of(3), address_of(4));
    let evidence = ["--evidence", "heirs.pdf"];
    let estate = [&["bank", "estate", &deceased, &heir, "0"], &evidence[..]].concat();
    assert_eq!(home.run(&at(&node, &estate)).code, 2, "nothing at all is no estate");
    let zones = ["--vouchers", "2", "--vouchers", "1", "--vouchers", "2"];
    home.ok(&at(&node, &[&estate[..], &zones[..]].concat()));
    let Operation::TransferEstate(estate) = last(&node) else { panic!() };
    assert_eq!((estate.amount, estate.vouchers), (Yen::ZERO, vec![ZoneId::new(1), ZoneId::new(2)]));
}
