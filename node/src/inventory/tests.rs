//! The table of fields against every operation, and what one pseudonym leads to.

use ledger_types::operation::{Charge, Withdraw};
use ledger_types::{
    Body, CommitCertificate, ConsentId, Hash, Header, Nonce, Operation, PartyId, Record, Round,
    SigningKey, Timestamp, Unsigned, ValidatorAddress, Yen, ZoneId,
};

use super::field::fields;
use super::*;

const GENESIS: Hash = Hash::new([7; 32]);

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

fn sent(sender: AccountId, operations: Vec<Operation>) -> Transaction {
    let unsigned = Unsigned {
        network: GENESIS.network(),
        account: sender,
        nonce: Nonce::new(0),
        valid_until: Timestamp::from_millis(1_767_225_600_000),
        purpose: 0,
        operations,
    };
    unsigned.sign(&GENESIS, &[&key(3)])
}

/// A log of one block with these transactions.
fn log_of(directory: &std::path::Path, transactions: Vec<Transaction>) -> BlockLog {
    let log = BlockLog::open(directory, GENESIS, 1 << 20).unwrap();
    let header = Header {
        network: GENESIS.network(),
        height: Height::new(1),
        time: Timestamp::from_millis(1_767_225_600_000),
        proposer: ValidatorAddress::of(&key(1).public_key()),
        parent: Hash::ZERO,
        transactions_root: Hash::ZERO,
        state_root: Hash::ZERO,
        receipts_root: Hash::ZERO,
        audit_log_root: Hash::ZERO,
        certificate_hash: Hash::ZERO,
        validators_hash: Hash::ZERO,
        rotation_hash: Hash::ZERO,
    };
    let transactions = transactions.into_iter().map(Into::into).collect();
    let block = Block { header, body: Body { parent_certificate: None, transactions } };
    let (bytes, hash) = (codec::encode(&block), block.header.hash());
    log.put_body(Height::new(1), hash, &bytes).unwrap();
    let signatures = Vec::new();
    let certificate =
        CommitCertificate { height: Height::new(1), round: Round::new(0), block: hash, signatures };
    log.decide(&certificate).unwrap();
    log
}

#[test]
fn every_field_of_every_operation_has_been_classified() {
    let names: BTreeSet<&str> = fields().map(|(name, _)| name).collect();
    assert_eq!(names.len(), fields().count(), "each once");
    let mut seen = BTreeSet::new();
    for operation in Operation::samples() {
        let mut leaves = Vec::new();
        flatten(&operation.in_json(&prefix()), "", &mut leaves);
        for (name, _) in leaves {
            let class = class_of(operation.name(), &name);
            assert!(class.is_some(), "{name} of {operation:?}");
            seen.insert(name);
        }
    }
    assert!(seen.len() > 90, "{}", seen.len());
    assert_eq!(class_of("grant", "birthday"), None);
}

#[test]
fn a_name_that_means_several_things_is_told_by_what_stands_before_it() {
    for (operation, name, class) in [
        ("move_escrow", "from", Class::Pseudonym),
        ("delegate", "from", Class::Time),
        ("open_share", "share", Class::Opening),
        ("set_revenue_share", "shares.share", Class::Count),
        ("revoke_leaf", "leaf.index", Class::Pseudonym),
        ("supplement_eligibility", "list", Class::Count),
        ("apply", "leaves.path", Class::Public),
        ("read_access_log", "path", Class::Commitment),
    ] {
        assert_eq!(class_of(operation, name), Some(class), "{name} of {operation}");
    }
}

#[test]
fn every_row_of_the_table_is_some_operations_field() {
    let mut names = BTreeSet::new();
    for operation in Operation::samples() {
        let mut leaves = Vec::new();
        flatten(&operation.in_json(&prefix()), "", &mut leaves);
        names.extend(leaves.iter().map(|(name, _)| format!("{}.{name}", operation.name())));
    }
    let is_used = |field: &str| {
        let fits = |name: &String| {
            name.strip_suffix(field)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        names.iter().any(fits)
    };
    let unused: Vec<&str> = fields().map(|(name, _)| name).filter(|name| !is_used(name)).collect();
    // A key's role is left out where it is the usual one, as in every sample.
    assert_eq!(unused, ["role"]);
}

#[test]
fn readers_are_shown_the_same_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("INVENTORY.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let names = cells[3].split(", ").map(|name| name.trim_matches('`').to_owned());
        shown.entry(cells[1].trim_matches('`').to_owned()).or_default().extend(names);
    }
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, class) in fields() {
        let class = serde_json::to_value(class).unwrap();
        let class = class.as_str().unwrap().to_owned();
        expected.entry(class).or_default().insert(name.to_owned());
    }
    assert_eq!(shown, expected);
}

#[test]
fn readers_are_shown_what_each_records_key_can_tell() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("INVENTORY.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut expected: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (_, name, class) in Record::KINDS {
        let class = serde_json::to_value(class).unwrap();
        expected.entry(class.as_str().unwrap().to_owned()).or_default().insert(name);
    }
    for (class, names) in expected {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let line = format!("| {class} | {} |", names.join(", "));
        assert!(text.lines().any(|shown| shown == line), "INVENTORY.md lacks: {line}");
    }
}

#[test]
fn one_pseudonym_leads_to_its_own_consents_and_to_no_other_pseudonym() {
    let [mine, other] = [account(11), account(12)];
    let mut samples = Operation::samples().into_iter();
    let grant =
        samples.find_map(
            |operation| {
                if let Operation::Grant(grant) = operation { Some(grant) } else { None }
            },
        );
    let grant = grant.unwrap();
    let of = |number: u8| {
        let mut grant = grant.clone();
        (grant.consent, grant.controller) = (ConsentId::new(hash(number)), PartyId::new(9));
        (grant.on_behalf_of, grant.compensation) = (None, None);
        Operation::Grant(grant)
    };
    let withdraw = |number| Operation::Withdraw(Withdraw { consent: ConsentId::new(hash(number)) });
    let charge = Operation::Charge(Charge { zone: ZoneId::new(1), amount: Yen::new(1) });
    let directory = tempfile::tempdir().unwrap();
    let transactions = vec![
        // The withdrawal stands first, so that its tie is known only from the grant after it.
        sent(account(9), vec![withdraw(21)]),
        sent(mine, vec![of(21)]),
        sent(other, vec![of(22)]),
        sent(account(13), vec![charge]),
    ];
    let log = log_of(directory.path(), transactions);
    let inventory = about(&log, &[mine], &prefix()).unwrap();
    assert_eq!((inventory.transactions, inventory.concerned), (4, 2));
    assert_eq!(inventory.addresses, [mine.to_address(&prefix())]);
    assert_eq!(inventory.identities, 1);
    let names: Vec<&str> =
        inventory.operations.iter().map(|said| said.operation.as_str()).collect();
    assert_eq!(names, ["grant", "withdraw"]);
    assert_eq!(inventory.beside["controller"], BTreeSet::from(["9".to_owned()]));
    assert_eq!(inventory.unclassified, Vec::<String>::new());
    let fields = &inventory.operations[0].fields;
    assert_eq!(fields["terms_root"], Some(Class::Commitment));
    let nobody = about(&log, &[account(99)], &prefix()).unwrap();
    assert_eq!((nobody.concerned, nobody.operations.len()), (0, 0));
}
