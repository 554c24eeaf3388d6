//! All or nothing: a transaction's operations, its nonce, and what later ones see.

use ledger_types::operation::{Charge, OpenZoneAccount, Operation, SetNetDebitCap};
use ledger_types::{Outcome, Rejection};

use super::chain::{Chain, codes, picture};
use super::fixture::{AIZU, BANDAI, TOWN, akari, botan, chika, commitment, operator, toru, yen};
use super::happy::{request, transfer, use_nonce};

#[test]
fn a_later_operation_undoes_all_earlier_ones_but_not_the_nonce() {
    let mut chain = Chain::new();
    let mut expected = picture(&chain.state);
    let operations = vec![
        Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }),
        Operation::Charge(Charge { zone: TOWN, amount: yen(10) }),
        transfer(&botan(), 20),
        request(commitment(51), 30),
        transfer(&chika(), 41),
    ];
    let tx = chain.tx(&akari(), operations);
    use_nonce(&mut expected, &akari().account, tx.unsigned.nonce);
    let applied = chain.commit(vec![tx]);
    let code = Rejection::InsufficientFunds { available: yen(40), amount: yen(41) }.code();
    assert_eq!(applied.receipts[0].outcome, Outcome::Rejected { code, operation: 4 });
    assert_eq!(applied.events, []);
    assert_eq!(picture(&chain.state), expected);
    // Only the sender's record changed.
    assert_eq!(applied.changes.len(), 1);
}

#[test]
fn operations_see_what_earlier_ones_of_their_transaction_wrote() {
    let mut chain = Chain::new();
    let operations = vec![
        Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }),
        Operation::Charge(Charge { zone: TOWN, amount: yen(10) }),
        transfer(&botan(), 90),
    ];
    assert_eq!(chain.outcome(&akari(), operations), 0);
    assert_eq!(chain.state.account(&akari().account).unwrap().balance, yen(0));
}

#[test]
fn transactions_see_what_earlier_ones_of_their_block_left() {
    let mut chain = Chain::new();
    let txs = vec![
        chain.tx(&akari(), vec![transfer(&chika(), 100)]),
        chain.tx(&akari(), vec![transfer(&chika(), 1)]),
        chain.tx(&chika(), vec![transfer(&akari(), 200)]),
        chain.tx(&akari(), vec![transfer(&chika(), 200)]),
    ];
    assert_eq!(codes(&chain.commit(txs)), [0, 2004, 0, 0]);
}

#[test]
fn an_undone_payment_frees_no_cap_and_a_done_one_uses_it() {
    let mut chain = Chain::new();
    for bank in [AIZU, BANDAI] {
        let set = SetNetDebitCap { bank, cap: yen(60) };
        chain.must(&operator(), Operation::SetNetDebitCap(set));
    }
    let txs = vec![
        chain.tx(&akari(), vec![transfer(&botan(), 60), transfer(&toru(), 1)]),
        chain.tx(&akari(), vec![transfer(&botan(), 60)]),
        chain.tx(&chika(), vec![transfer(&toru(), 1)]),
    ];
    assert_eq!(codes(&chain.commit(txs)), [2005, 0, 2005]);
}
