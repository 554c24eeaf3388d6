//! Payments through four validators: applied once, refused with codes, changing nothing then.

use std::time::Duration;

use kyojo_tests::load::{Payer, now, sign, transfer};
use ledger_types::operation::Transfer;
use ledger_types::{
    AccountId, Hash, NetworkId, Nonce, Operation, SigningKey, Timestamp, Transaction, Unsigned,
    Yen, codec,
};
use serde_json::Value;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_transfer_submitted_twice_to_two_nodes_is_applied_once() -> anyhow::Result<()> {
    let town = Town::start(11).await?;
    let (debtor, creditor) = town.across_banks();
    let payment = transfer(&town.genesis, &debtor, 0, creditor.account, 120);
    let first = town.rest.settle(&town.url(0), &payment, WAIT).await?;
    assert_eq!(first["receipt"]["outcome"], "committed", "{first}");
    for url in town.urls() {
        let again = town.rest.settle(&url, &payment, WAIT).await?;
        assert_eq!(again["receipt"], first["receipt"], "the first result is told again");
    }
    let tip = town.rest.height(&town.url(0)).await?;
    let receipts = town.rest.all_receipts(&town.url(0), tip).await?;
    let times = receipts.iter().filter(|receipt| receipt.transaction == payment.id).count();
    assert_eq!(times, 1);
    town.assert_conserved().await
}

#[tokio::test]
async fn a_failed_payment_resubmitted_stays_failed() -> anyhow::Result<()> {
    let town = Town::start(12).await?;
    let (debtor, creditor) = town.across_banks();
    let too_much = transfer(&town.genesis, &debtor, 0, creditor.account, 1_000_000_000_000);
    let failed = town.rest.settle(&town.url(0), &too_much, WAIT).await?;
    assert_eq!(failed["receipt"]["code"], 2004, "{failed}");
    let again = town.rest.settle(&town.url(1), &too_much, WAIT).await?;
    assert_eq!(again["receipt"], failed["receipt"]);
    Ok(())
}

/// What is wrong with a transaction, its code, and where it shows.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    code: u64,
}

fn unsigned(town: &Town, payer: &Payer, nonce: u64, to: AccountId, amount: u64) -> Unsigned {
    Unsigned {
        network: town.genesis.network(),
        account: payer.account,
        nonce: Nonce::new(nonce),
        valid_until: now().checked_add_millis(600_000).unwrap_or_default(),
        purpose: 0,
        operations: vec![Operation::Transfer(Transfer {
            to,
            amount: Yen::new(amount),
            reference: None,
        })],
    }
}

fn signed(town: &Town, unsigned: Unsigned, key: &SigningKey) -> Vec<u8> {
    codec::encode(&unsigned.sign(&town.genesis, &[key]))
}

fn inadmissible(town: &Town, payer: &Payer, to: AccountId) -> Vec<Case> {
    let base = |change: &dyn Fn(&mut Unsigned)| {
        let mut made = unsigned(town, payer, 0, to, 10);
        change(&mut made);
        signed(town, made, &payer.key)
    };
    let mut forged: Transaction =
        Transaction::decode(&base(&|_| {})).expect("a signed transaction decodes");
    forged.unsigned.purpose = 1;
    let stranger = SigningKey::from_seed(&[9; 32]);
    let foreign_key = signed(town, unsigned(town, payer, 0, to, 10), &stranger);
    vec![
        Case { name: "no transaction at all", bytes: vec![1, 2, 3], code: 1001 },
        Case { name: "too large for the interface", bytes: vec![0; 70_000], code: 6004 },
        Case {
            name: "another network",
            bytes: base(&|made| made.network = NetworkId::new([1, 2, 3, 4])),
            code: 1003,
        },
        Case { name: "a forged field", bytes: codec::encode(&forged), code: 1004 },
        Case {
            name: "expired",
            bytes: base(&|made| made.valid_until = Timestamp::from_millis(1_000)),
            code: 1005,
        },
        Case {
            name: "valid for longer than a day",
            bytes: base(&|made| made.valid_until = Timestamp::from_millis(u64::MAX)),
            code: 1006,
        },
        Case {
            name: "a nonce too far ahead",
            bytes: base(&|made| made.nonce = Nonce::new(4_000)),
            code: 1008,
        },
        Case {
            name: "an unknown sender",
            bytes: base(&|made| made.account = AccountId::new([7; 20])),
            code: 1009,
        },
        Case { name: "a key of someone else", bytes: foreign_key, code: 1010 },
        Case { name: "no operation", bytes: base(&|made| made.operations.clear()), code: 1013 },
    ]
}

#[tokio::test]
async fn every_inadmissible_transaction_gets_its_code_and_changes_nothing() -> anyhow::Result<()> {
    let town = Town::start(13).await?;
    let (debtor, creditor) = town.across_banks();
    let before = supply(&town).await?;
    for case in inadmissible(&town, &debtor, creditor.account) {
        let (status, body) =
            town.rest.submit(&town.url(0), case.bytes, Duration::from_millis(500)).await?;
        assert!((400..500).contains(&status), "{}: {status}: {body}", case.name);
        assert_eq!(body["code"], case.code, "{}: {body}", case.name);
    }
    assert_eq!(supply(&town).await?, before);
    // The nonce is still free: the good transaction goes through.
    let good = transfer(&town.genesis, &debtor, 0, creditor.account, 10);
    let settled = town.rest.settle(&town.url(0), &good, WAIT).await?;
    assert_eq!(settled["receipt"]["outcome"], "committed");
    Ok(())
}

#[tokio::test]
async fn every_rejected_payment_gets_its_code_and_moves_no_money() -> anyhow::Result<()> {
    let mut plan = kyojo_tests::network::Plan::small(14);
    plan.genesis_arguments.extend(["--net-debit-cap".to_owned(), "500".to_owned()]);
    let town = Town::with(plan).await?;
    let (debtor, creditor) = town.across_banks();
    let before = supply(&town).await?;
    let cases = [
        ("zero amount", creditor.account, 0, 2001),
        ("unknown account", AccountId::new([3; 20]), 10, 2002),
        ("to oneself", debtor.account, 10, 2003),
        ("too little money", creditor.account, 1_000_000_000_000, 2004),
        ("over the net debit cap", creditor.account, 501, 2005),
    ];
    for (nonce, (name, to, amount, code)) in (0..).zip(cases) {
        let operation =
            Operation::Transfer(Transfer { to, amount: Yen::new(amount), reference: None });
        let payment = sign(&town.genesis, &debtor, nonce, vec![operation]);
        let settled = town.rest.settle(&town.url(0), &payment, WAIT).await?;
        assert_eq!(settled["receipt"]["outcome"], "rejected", "{name}: {settled}");
        assert_eq!(settled["receipt"]["code"], code, "{name}: {settled}");
    }
    assert_eq!(supply(&town).await?, before);
    Ok(())
}

#[tokio::test]
async fn several_operations_are_all_or_nothing() -> anyhow::Result<()> {
    let town = Town::start(15).await?;
    let (debtor, creditor) = town.across_banks();
    let before = supply(&town).await?;
    let pay = |amount| {
        Operation::Transfer(Transfer {
            to: creditor.account,
            amount: Yen::new(amount),
            reference: Some(Hash::ZERO),
        })
    };
    let both = sign(&town.genesis, &debtor, 0, vec![pay(10), pay(1_000_000_000_000)]);
    let settled = town.rest.settle(&town.url(2), &both, WAIT).await?;
    assert_eq!(settled["receipt"]["code"], 2004, "{settled}");
    assert_eq!(settled["receipt"]["operation"], 1, "{settled}");
    assert_eq!(supply(&town).await?, before, "the first operation left no trace");
    Ok(())
}

/// The money in the network without the height at which it was read.
async fn supply(town: &Town) -> anyhow::Result<Value> {
    let (status, mut supply) = town.rest.get(&town.url(0), node_api::path::SUPPLY).await?;
    assert_eq!(status, 200, "{supply}");
    if let Some(fields) = supply.as_object_mut() {
        fields.remove("height");
        fields.remove("time");
    }
    Ok(supply)
}
