//! Names instead of addresses and numbers: the public directory, the own book, never a guess.

use std::time::{Duration, Instant};

use ledger_types::{AccountId, Hash, Operation, SigningKey, Timestamp, ZoneId};
use public_names::{Directory, Entry, Name, Named, Reading, SignedDirectory};
use serde_json::{Value, json};

use crate::node::{Answer, Node, address_of};
use crate::run::Home;

/// Far enough in the future.
const LATER: u64 = 4_000_000_000_000;
/// A year before it.
const BEFORE: u64 = LATER - 300 * 86_400_000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn shop(name: &str, reading: &str, account: u8) -> Entry {
    let (account, zones) = (AccountId::new([account; 20]), vec![ZoneId::new(1)]);
    Entry {
        name: Name::new(name).unwrap(),
        reading: Some(Reading::new(reading).unwrap()),
        of: Named::Shop { account, zones },
        area: Some(Name::new("会津若松市").unwrap()),
        web: None,
    }
}

/// Account 8 and account 9 are merchants of the zone, account 10 is none.
fn directory(network: Hash, serial: u64, by: u8) -> SignedDirectory {
    let entries = vec![
        shop("みそ屋", "みそや", 8),
        shop("みそ屋本店", "みそやほんてん", 9),
        shop("閉じた店", "とじたみせ", 10),
    ];
    let (issued, expires) = (Timestamp::from_millis(BEFORE), Timestamp::from_millis(LATER));
    let directory = Directory { network, serial, issued, expires, entries };
    SignedDirectory::sign(directory, &key(by)).unwrap()
}

/// A node with a directory, and a home beside it.
fn town() -> (Node, Home) {
    let node = Node::start(Answer::Committed);
    node.directory(&directory(node.genesis, 3, 1), key(1).public_key());
    let home = node.home();
    (node, home)
}

fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--node", &node.url]].concat()
}

fn fails(home: &Home, node: &Node, arguments: &[&str], code: i32, name: &str) -> Value {
    let (exit, envelope) = home.json(&at(node, arguments));
    let error = envelope["errors"][0].clone();
    assert_eq!((exit, &error["code"]), (code, &json!(name)), "{arguments:?}: {error}");
    assert!(node.submitted().is_empty());
    error
}

#[test]
fn pay_takes_a_name_and_implies_the_zone() {
    let (node, home) = town();
    let paid = home.ok(&at(&node, &["pay", "ミソ屋", "850"]));
    let [transaction] = node.submitted().try_into().unwrap();
    let [Operation::Pay(pay)] = transaction.unsigned.operations.as_slice() else { panic!() };
    assert_eq!((pay.zone, pay.merchant), (ZoneId::new(1), AccountId::new([8; 20])));
    assert_eq!(pay.amount.get(), 850);
    // What is shown before is the name as it stands, enough of the address, zone and unit.
    for shown in ["みそ屋 [public directory] (aizu1", "会津コイン (zone 1)", "850円"] {
        assert!(paid.stderr.contains(shown), "{shown}: {}", paid.stderr);
    }
}

#[test]
fn a_name_is_never_guessed() {
    let (node, home) = town();
    let near = fails(&home, &node, &["pay", "みそ", "850"], 5, "name-near");
    let names = |error: &Value| -> Vec<String> {
        let all = error["details"]["candidates"].as_array().unwrap();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&near), ["みそ屋", "みそ屋本店"]);
    assert!(near["message"].as_str().unwrap().contains("(みそやほんてん) 会津若松市 aizu1"));
    fails(&home, &node, &["pay", "そば屋", "850"], 5, "name-unknown");
    fails(&home, &node, &["pay", "aizu1x", "850"], 2, "bad-address");
    // The book has another of that name: neither is taken.
    home.ok(&["book", "add", "みそ 屋", &address_of(9)]);
    let several = fails(&home, &node, &["pay", "みそ屋", "850"], 5, "name-several");
    assert_eq!(names(&several).len(), 2);
    home.ok(&["book", "rm", "みそ屋"]);
    home.ok(&at(&node, &["pay", "みそ屋", "850"]));
}

#[test]
fn a_name_of_the_directory_that_is_no_merchant_is_said_so() {
    let (node, home) = town();
    fails(&home, &node, &["pay", "閉じた店", "850"], 6, "name-not-on-ledger");
}

#[test]
fn what_is_shown_of_alike_names_can_be_typed_and_what_is_left_out_is_counted() {
    let (node, home) = town();
    home.ok(&["book", "add", "みそ 屋", &address_of(9)]);
    let several = fails(&home, &node, &["pay", "みそ屋", "850"], 5, "name-several");
    let message = several["message"].as_str().unwrap();
    for whole in [address_of(8), address_of(9)] {
        assert!(message.contains(&whole), "{message}");
    }
    assert_eq!(several["details"]["left_out"], json!(0));
    let listed = home.ok(&at(&node, &["directory", "ls"]));
    assert!(listed.stdout.contains(&address_of(8)), "{}", listed.stdout);
    for number in 10..22 {
        home.ok(&["book", "add", &format!("そば屋{number}"), &address_of(number)]);
    }
    let near = fails(&home, &node, &["pay", "そば", "850"], 5, "name-near");
    assert_eq!(near["details"]["left_out"], json!(2));
    assert!(near["message"].as_str().unwrap().contains("and 2 more"), "{near}");
}

#[test]
fn a_party_of_the_directory_is_not_denied_where_the_node_does_not_say() {
    let node = Node::start(Answer::Committed);
    let mut list = directory(node.genesis, 3, 1).into_directory();
    let hospital = Named::Party { party: ledger_types::PartyId::new(2) };
    list.entries[0] =
        Entry { of: hospital, reading: None, ..shop("市立病院", "びょういん", 1) };
    node.directory(&SignedDirectory::sign(list, &key(1)).unwrap(), key(1).public_key());
    let home = node.home();
    // What this node answers is no party, and not that there is none.
    let (exit, envelope) = home.json(&at(&node, &["consent", "address", "--party", "市立病院"]));
    let code = &envelope["errors"][0]["code"];
    assert!(exit != 0 && code.is_string() && code != "name-not-on-ledger", "{exit} {envelope}");
}

#[test]
fn names_that_cannot_be_read_stop_nobody() {
    let (node, home) = town();
    home.ok(&at(&node, &["directory", "fetch"]));
    let names = home.path("names");
    let of = |begins: &str| {
        let files = std::fs::read_dir(&names).unwrap().map(|entry| entry.unwrap().path());
        let is_one = |path: &std::path::PathBuf| {
            path.file_name().unwrap().to_string_lossy().starts_with(begins)
        };
        files.filter(is_one).collect::<Vec<_>>().pop().unwrap()
    };
    // A file that is lost or broken comes anew with the next command.
    std::fs::remove_file(of("directory-")).unwrap();
    home.ok(&at(&node, &["pay", "みそ屋", "850"]));
    std::fs::write(of("directory-"), "{").unwrap();
    home.ok(&at(&node, &["pay", "みそ屋", "851"]));
    // Where it does not come either, whoever is paid by address is paid, and what is broken is named.
    for path in [of("directory-"), names.join("book.json"), home.path("institutions.json")] {
        std::fs::write(path, "{").unwrap();
    }
    node.directory(&directory(node.genesis, 2, 1), key(1).public_key());
    for amount in ["852", "853"] {
        let (exit, paid) = home.json(&at(&node, &["pay", &address_of(8), amount]));
        let warnings = paid["warnings"].as_array().unwrap();
        assert_eq!((exit, warnings.len()), (0, 3), "{paid}");
        for code in ["directory-unread", "book-unread", "institutions-unread"] {
            assert!(warnings.iter().any(|one| one["code"] == code), "{code}: {paid}");
        }
    }
    // Nor does it keep anybody from withdrawing what they agreed to.
    std::fs::write(of("keys-"), "{").unwrap();
    let (exit, mine) = home.json(&at(&node, &["consent", "ls"]));
    assert_eq!(exit, 0, "{mine}");
    assert!(mine["warnings"].to_string().contains("keys-unread"), "{mine}");
}

#[test]
fn a_next_command_can_be_typed_as_it_stands() {
    let home = Home::new();
    let added = home.ok(&["book", "add", "Joe's & 店", &address_of(8)]);
    assert!(added.stderr.contains(r"kyojo send 'Joe'\''s & 店' 500"), "{}", added.stderr);
}

#[test]
fn the_address_book_is_ones_own() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    fails(&home, &node, &["send", "山田", "500"], 5, "name-unknown");
    home.ok(&["book", "add", "山田", &address_of(8)]);
    let (_, listed) = home.json(&["book", "ls"]);
    assert_eq!(listed["data"]["entries"], json!([{ "name": "山田", "address": address_of(8) }]));
    let sent = home.ok(&at(&node, &["send", "山田", "500"]));
    assert!(sent.stderr.contains("山田 [your address book] (aizu1"), "{}", sent.stderr);
    let [transaction] = node.submitted().try_into().unwrap();
    let [Operation::Transfer(transfer)] = transaction.unsigned.operations.as_slice() else {
        panic!()
    };
    assert_eq!(transfer.to, AccountId::new([8; 20]));
    home.ok(&["book", "rename", "山田", "やまださん"]);
    assert_eq!(home.run(&["book", "rm", "山田"]).code, 5);
}

#[test]
fn a_directory_that_another_key_signed_is_refused() {
    let node = Node::start(Answer::Committed);
    node.directory(&directory(node.genesis, 3, 2), key(1).public_key());
    let home = node.home();
    let error = fails(&home, &node, &["directory", "fetch"], 10, "directory-other-key");
    assert!(error["details"]["reason"].as_str().unwrap().contains("does not sign"));
    fails(&home, &node, &["pay", "みそ屋", "850"], 5, "name-unknown");
    // Nor does a node change afterwards who signs.
    node.directory(&directory(node.genesis, 3, 1), key(1).public_key());
    home.ok(&at(&node, &["directory", "fetch"]));
    node.directory(&directory(node.genesis, 4, 2), key(2).public_key());
    fails(&home, &node, &["directory", "fetch"], 10, "directory-keys");
    home.ok(&at(&node, &["pay", "みそ屋", "850"]));
}

#[test]
fn a_node_that_is_slow_with_its_directory_makes_no_command_slow() {
    let (node, home) = town();
    node.is_silent();
    let since = Instant::now();
    home.ok(&["zone", "ls", "--node", &node.url]);
    // A second of waiting; whoever asks for the directory itself waits for thirty.
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
}

#[test]
fn an_older_directory_does_not_replace_a_newer() {
    let (node, home) = town();
    let fetch = ["directory", "fetch"];
    let (_, fetched) = home.json(&at(&node, &fetch));
    assert_eq!((&fetched["data"]["serial"], &fetched["data"]["entries"]), (&json!(3), &json!(3)));
    node.directory(&directory(node.genesis, 2, 1), key(1).public_key());
    fails(&home, &node, &fetch, 10, "directory-older");
    node.directory(&directory(node.genesis, 4, 1), key(1).public_key());
    let (_, fetched) = home.json(&at(&node, &fetch));
    assert_eq!(fetched["data"]["serial"], json!(4));
    let file = home.path("old.json");
    std::fs::write(&file, directory(node.genesis, 3, 1).to_bytes().unwrap()).unwrap();
    let import = ["directory", "import", file.to_str().unwrap()];
    fails(&home, &node, &import, 10, "directory-older");
}

#[test]
fn public_names_are_listed_and_searched() {
    let (node, home) = town();
    let names = |arguments: &[&str]| -> Vec<String> {
        let (_, listed) = home.json(&at(&node, arguments));
        let all = listed["data"]["entries"].as_array().unwrap();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["directory", "ls"]).len(), 3);
    assert_eq!(names(&["directory", "ls", "ほんてん"]), ["みそ屋本店"]);
    assert_eq!(names(&["directory", "ls", "そば"]), [""; 0]);
}

#[test]
fn a_wallet_without_a_directory_works_as_before() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    fails(&home, &node, &["directory", "fetch"], 5, "no-directory");
    let (_, paid) = home.json(&at(&node, &["pay", &address_of(8), "850"]));
    assert_eq!(paid["data"]["zone"], json!(1));
    assert!(!home.path("names").exists());
}
