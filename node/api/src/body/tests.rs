//! Bodies convert to the ledger's values and back without loss, and refuse everything else.

use ledger_types::operation::{Transfer, WeightedKey};
use ledger_types::registry::{PartyRoles, Regime, RegisterParty};
use ledger_types::rejection::RejectionCode;
use ledger_types::transaction::Authorisation;
use ledger_types::verify::verify;
use ledger_types::{
    AccountId, AddressPrefix, Hash, Height, Nonce, Operation, Outcome, PartyId, Receipt,
    SigningKey, Timestamp, Transaction, TransactionId, Unsigned, Yen,
};

use super::*;

mod consent;

fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn transaction() -> Transaction {
    let genesis = hash(42);
    let unsigned = Unsigned {
        network: genesis.network(),
        account: AccountId::new([7; 20]),
        nonce: Nonce::new(u64::MAX),
        valid_until: Timestamp::from_millis(1_767_225_600_123),
        purpose: 65_535,
        operations: Operation::samples(),
    };
    unsigned.sign(&genesis, &[&key(), &SigningKey::from_seed(&[4; 32])])
}

#[test]
fn every_operation_survives_json_bit_for_bit() {
    let transaction = transaction();
    let body = TransactionBody::of(&transaction, &prefix());
    let text = serde_json::to_string(&body).unwrap();
    let read: TransactionBody = serde_json::from_str(&text).unwrap();
    assert_eq!(read, body);
    let back = read.transaction(&prefix()).unwrap();
    assert_eq!(back, transaction);
    // The request in a sample is signed by nobody; the transaction itself is.
    let own = back.unsigned.signed_bytes(&hash(42));
    let holds = |one: &Authorisation| verify(&one.key, &own, &one.signature);
    assert!(back.authorisations.iter().all(holds));
    assert_eq!(back.id(&hash(42)), transaction.id(&hash(42)));
}

#[test]
fn a_transfer_reads_as_its_users_expect() {
    let operation = Operation::Transfer(Transfer {
        to: AccountId::new([0; 20]),
        amount: Yen::new(1200),
        reference: None,
    });
    let address = AccountId::new([0; 20]).to_address(&prefix());
    let expected = serde_json::json!({"type": "transfer", "to": address, "amount": "1200"});
    assert_eq!(operation.in_json(&prefix()), expected);
}

#[test]
fn other_shapes_are_refused() {
    let address = AccountId::new([0; 20]).to_address(&prefix());
    let good = serde_json::json!({"type": "transfer", "to": address, "amount": "1200"});
    assert!(Operation::from_json(good.clone(), &prefix()).is_ok());
    for (field, value) in [
        ("amount", serde_json::json!(1200)),
        ("amount", serde_json::json!("1,200")),
        ("amount", serde_json::json!("01200")),
        ("amount", serde_json::json!("-1")),
        ("amount", serde_json::json!("1.0")),
        ("amount", serde_json::json!("18446744073709551616")),
        ("type", serde_json::json!("teleport")),
        ("reference", serde_json::json!("12")),
        ("memo", serde_json::json!("for lunch")),
        ("to", serde_json::json!(null)),
    ] {
        let mut other = good.clone();
        other[field] = value;
        let error = Operation::from_json(other.clone(), &prefix()).unwrap_err();
        assert_eq!(error.field, field, "{other}");
    }
}

#[test]
fn addresses_of_other_networks_are_refused_by_field() {
    let other = AddressPrefix::new("koto").unwrap();
    let body = TransactionBody::of(&transaction(), &prefix());
    let error = body.transaction(&other).unwrap_err();
    assert_eq!(error.field, "account");
    let address = |value: &serde_json::Value| value.to_string().contains("\"aizu1");
    let mut hold_one = 0;
    for operation in Operation::samples() {
        let body = operation.in_json(&prefix());
        let read = Operation::from_json(body.clone(), &other);
        assert_eq!(read.is_err(), address(&body), "{body}");
        hold_one += usize::from(address(&body));
    }
    assert!(hold_one > 10, "{hold_one}");
}

#[test]
fn malformed_texts_are_refused_by_field() {
    let good = TransactionBody::of(&transaction(), &prefix());
    let network = TransactionBody { network: "12".to_owned(), ..good.clone() };
    assert_eq!(network.transaction(&prefix()).unwrap_err().field, "network");
    let mut signature = good.clone();
    signature.authorisations[0].signature = "ed25519:00".to_owned();
    assert_eq!(signature.transaction(&prefix()).unwrap_err().field, "signature");
    let mut roles = good;
    let register = Operation::from(RegisterParty {
        party: PartyId::new(1),
        roles: PartyRoles::AUDITOR,
        regime: Regime::Private,
        corporate_number: None,
        keys: vec![WeightedKey::plain(key().public_key(), 2)],
        threshold: 1,
    });
    roles.operations = vec![register.in_json(&prefix())];
    roles.operations[0]["roles"] = serde_json::json!(["auditor", "auditor"]);
    assert_eq!(roles.transaction(&prefix()).unwrap_err().field, "roles");
}

#[test]
fn receipts_survive_json() {
    let outcomes = [
        Outcome::Committed,
        Outcome::Rejected { code: RejectionCode::new(2004), operation: 3 },
        Outcome::Rejected { code: RejectionCode::new(9999), operation: 0 },
    ];
    for outcome in outcomes {
        let transaction = TransactionId::new(hash(1));
        let receipt = Receipt { transaction, height: Height::new(12), index: 4, outcome };
        let text = serde_json::to_string(&ReceiptBody::of(&receipt)).unwrap();
        let read: ReceiptBody = serde_json::from_str(&text).unwrap();
        assert_eq!(read.receipt().unwrap(), receipt);
    }
    let short = serde_json::json!({
        "transaction": hash(1), "height": 1, "index": 0, "outcome": "rejected", "code": 2004
    });
    let read: ReceiptBody = serde_json::from_value(short).unwrap();
    assert_eq!(read.receipt().unwrap_err().field, "outcome");
}

#[test]
fn the_documents_example_of_an_address_is_one() {
    let schemas = crate::text::schema::of_the_ledger();
    let (_, schema) = schemas.into_iter_named().find(|(name, _)| name == "Address").unwrap();
    let example = schema["examples"][0].as_str().unwrap();
    let account = AccountId::from_address(example, &prefix()).unwrap();
    assert_eq!(account.to_address(&prefix()), example);
}

#[test]
fn roles_keep_their_bits() {
    for bits in 0..=PartyRoles::ALL.bits() {
        let roles = PartyRoles::from_bits(bits).unwrap();
        assert_eq!(PartyRoles::of_names(roles.names()), Some(roles));
    }
}

#[test]
fn a_history_has_the_event_or_what_was_asked_in_vain() {
    let transfer = Transfer { to: AccountId::new([8; 20]), amount: Yen::new(5), reference: None };
    let operation = Operation::from(transfer);
    let event = operation.follows(AccountId::new([7; 20])).unwrap();
    let committed = serde_json::json!({
        "height": 12, "time": "2026-11-22T09:00:00.000Z", "index": 3, "transaction": hash(9),
        "operation": 0, "outcome": "committed", "event": event.in_json(&prefix()),
    });
    let entry: HistoryEntry = serde_json::from_value(committed.clone()).unwrap();
    assert_eq!(entry.event(&prefix()), Ok(Some(event)));
    assert_eq!(entry.asked(&prefix()), Ok(None));
    assert_eq!(serde_json::to_value(&entry).unwrap(), committed);
    let rejected = serde_json::json!({
        "height": 12, "time": "2026-11-22T09:00:00.000Z", "index": 3, "transaction": hash(9),
        "operation": 0, "outcome": "rejected", "code": 2004, "name": "InsufficientFunds",
        "asked": operation.in_json(&prefix()),
    });
    let entry: HistoryEntry = serde_json::from_value(rejected.clone()).unwrap();
    assert_eq!(entry.event(&prefix()), Ok(None));
    assert_eq!(entry.asked(&prefix()), Ok(Some(operation)));
    assert_eq!(serde_json::to_value(&entry).unwrap(), rejected);
    let unknown = HistoryEntry { asked: Some(serde_json::json!({"type": "teleport"})), ..entry };
    assert_eq!(unknown.asked(&prefix()).unwrap_err().field, "type");
}
