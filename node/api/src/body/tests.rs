//! Bodies convert to the ledger's values and back without loss, and refuse everything else.

use ledger_types::consent::Regime;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, Discharge, Issue, KycLevel, MerchantClass, OpenAccount,
    OpenZoneAccount, Operation, Pay, RegisterMerchant, RequestRedeem, SetNetDebitCap, SettleRedeem,
    Transfer, WeightedKey,
};
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, AddressPrefix, BankId, Hash, Height, Nonce, Outcome, PartyId, PartyRoles, Receipt,
    SigningKey, Timestamp, Transaction, TransactionId, Unsigned, Yen, ZoneId,
};

use super::operation::RegisterPartyBody;
use super::*;

mod consent;
mod wire;

fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn weighted() -> Vec<WeightedKey> {
    vec![WeightedKey { key: key().public_key(), weight: 2 }]
}

fn money() -> Vec<Operation> {
    let account = AccountId::new([9; 20]);
    let amount = Yen::new(u64::MAX);
    vec![
        Operation::OpenAccount(OpenAccount {
            holder_commitment: hash(1),
            kind: AccountKind::Municipality,
            kyc_level: KycLevel::KB,
            keys: weighted(),
            threshold: 2,
        }),
        Operation::Issue(Issue { account, amount, core_banking_ref: hash(2) }),
        Operation::RequestRedeem(RequestRedeem { redeem: hash(3), amount }),
        Operation::SettleRedeem(SettleRedeem { redeem: hash(3) }),
        Operation::CancelRedeem(CancelRedeem { redeem: hash(3) }),
        Operation::Transfer(Transfer { to: account, amount, reference: Some(hash(4)) }),
        Operation::Transfer(Transfer { to: account, amount: Yen::ZERO, reference: None }),
        Operation::SetNetDebitCap(SetNetDebitCap { bank: BankId::new(126), cap: amount }),
    ]
}

fn zones() -> Vec<Operation> {
    let (zone, amount) = (ZoneId::new(7), Yen::new(1200));
    let merchant = AccountId::new([8; 20]);
    let class = MerchantClass::Chain;
    vec![
        Operation::RegisterMerchant(RegisterMerchant { zone, merchant, class }),
        Operation::OpenZoneAccount(OpenZoneAccount { zone }),
        Operation::Charge(Charge { zone, amount }),
        Operation::Discharge(Discharge { zone, amount }),
        Operation::Pay(Pay { zone, merchant, amount, reference: None }),
        Operation::Pay(Pay { zone, merchant, amount, reference: Some(hash(5)) }),
    ]
}

fn transaction() -> Transaction {
    let genesis = hash(42);
    let unsigned = Unsigned {
        network: genesis.network(),
        account: AccountId::new([7; 20]),
        nonce: Nonce::new(u64::MAX),
        valid_until: Timestamp::from_millis(1_767_225_600_123),
        purpose: 65_535,
        operations: [money(), zones(), wire::operations()].concat(),
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
    assert_eq!(back.verify(&hash(42)), Ok(()));
    assert_eq!(back.id(&hash(42)), transaction.id(&hash(42)));
}

#[test]
fn a_transfer_reads_as_its_users_expect() {
    let operation = Operation::Transfer(Transfer {
        to: AccountId::new([0; 20]),
        amount: Yen::new(1200),
        reference: None,
    });
    let body = OperationBody::of(&operation, &prefix());
    let address = AccountId::new([0; 20]).to_address(&prefix());
    let expected = serde_json::json!({"type": "transfer", "to": address, "amount": "1200"});
    assert_eq!(serde_json::to_value(&body).unwrap(), expected);
}

#[test]
fn other_shapes_are_refused() {
    let address = AccountId::new([0; 20]).to_address(&prefix());
    let good = serde_json::json!({"type": "transfer", "to": address, "amount": "1200"});
    assert!(serde_json::from_value::<OperationBody>(good.clone()).is_ok());
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
        assert!(serde_json::from_value::<OperationBody>(other.clone()).is_err(), "{other}");
    }
}

#[test]
fn addresses_of_other_networks_are_refused_by_field() {
    let other = AddressPrefix::new("koto").unwrap();
    let body = TransactionBody::of(&transaction(), &prefix());
    let error = body.transaction(&other).unwrap_err();
    assert_eq!(error.field, "account");
    for operation in [money(), zones()].concat() {
        let holds_address = matches!(
            operation,
            Operation::Issue(_)
                | Operation::Transfer(_)
                | Operation::RegisterMerchant(_)
                | Operation::Pay(_)
        );
        let read = OperationBody::of(&operation, &prefix()).operation(&other);
        assert_eq!(read.is_err(), holds_address, "{operation:?}");
    }
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
    roles.operations = vec![OperationBody::RegisterParty(RegisterPartyBody {
        party: PartyId::new(1),
        roles: vec![PartyRole::Auditor, PartyRole::Auditor],
        regime: Regime::Private,
        corporate_number: None,
        keys: weighted(),
        threshold: 1,
    })];
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
    use utoipa::PartialSchema as _;
    let schema = serde_json::to_value(crate::Address::schema()).unwrap();
    let example = schema["example"].as_str().unwrap();
    let account = AccountId::from_address(example, &prefix()).unwrap();
    assert_eq!(account.to_address(&prefix()), example);
}

#[test]
fn roles_keep_their_bits() {
    for bits in 0..=PartyRoles::ALL.bits() {
        let roles = PartyRoles::from_bits(bits).unwrap();
        assert_eq!(roles_from_names(&roles_to_names(roles)), Ok(roles));
    }
}
