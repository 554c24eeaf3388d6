//! What a block leaves in the index, what it takes there, and an index of another form.

use ledger_types::access::Duties;
use ledger_types::event::{AccessPermitted, AccountOpened, Overdue};
use ledger_types::operation::Transfer;
use ledger_types::oversight::Duty;
use ledger_types::record::BasisKind;
use ledger_types::{
    Body, Enveloped, Event, Hash, Header, Nonce, Operation, PartyId, SigningKey, Timestamp,
    Unsigned, ValidatorAddress, Yen,
};

use super::*;

const GENESIS: Hash = Hash::new([7; 32]);
const SENDER: AccountId = AccountId::new([1; 20]);
const CREDITOR: AccountId = AccountId::new([2; 20]);
const TIME: Timestamp = Timestamp::from_millis(5);

pub(super) fn index() -> (tempfile::TempDir, Index) {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(&directory.path().join("index")).unwrap();
    (directory, index)
}

fn transfer() -> Operation {
    Transfer { to: CREDITOR, amount: Yen::new(5), reference: None }.into()
}

fn sent(nonce: u64, operations: Vec<Operation>) -> Transaction {
    let unsigned = Unsigned {
        network: GENESIS.network(),
        account: SENDER,
        nonce: Nonce::new(nonce),
        valid_until: TIME,
        purpose: 0,
        operations,
    };
    unsigned.sign(&GENESIS, &[&SigningKey::from_seed(&[3; 32])])
}

fn block(height: u64, transactions: Vec<Transaction>) -> Block {
    let header = Header {
        network: GENESIS.network(),
        height: Height::new(height),
        time: TIME,
        proposer: ValidatorAddress::of(&SigningKey::from_seed(&[1; 32]).public_key()),
        parent: Hash::ZERO,
        transactions_root: Hash::ZERO,
        state_root: Hash::ZERO,
        receipts_root: Hash::ZERO,
        audit_log_root: Hash::ZERO,
        certificate_hash: Hash::ZERO,
        validators_hash: Hash::ZERO,
        rotation_hash: Hash::ZERO,
    };
    let transactions = transactions.into_iter().map(Enveloped::from).collect();
    Block { header, body: Body { parent_certificate: None, transactions } }
}

fn receipts(block: &Block, outcomes: &[Outcome]) -> Vec<Receipt> {
    let of = |((tx, index), outcome): ((&Enveloped, u32), &Outcome)| Receipt {
        transaction: tx.id(&GENESIS),
        height: block.header.height,
        index,
        outcome: *outcome,
    };
    block.body.transactions.iter().zip(0..).zip(outcomes).map(of).collect()
}

fn happened(transaction: u32, operation: u16, event: impl Into<Event>) -> Happened {
    Happened { transaction: Some(transaction), operation, event: event.into() }
}

fn overdue() -> Happened {
    let event = Overdue {
        duty: Duty::Answer(Hash::ZERO),
        debtor: PartyId::new(1),
        deadline: TIME,
        counterparty: None,
        consent: None,
        subject: Some(CREDITOR.into()),
        controller: None,
    };
    Happened { transaction: None, operation: 0, event: event.into() }
}

fn permitted() -> AccessPermitted {
    AccessPermitted {
        access: Hash::new([3; 32]),
        basis: BasisKind::Consent,
        consent: Some(ConsentId::new(Hash::new([4; 32]))),
        subject: Some(CREDITOR.into()),
        controller: Some(PartyId::new(1)),
        requester: PartyId::new(2),
        duties: Duties::RECORD_HALVES,
        valid_until: TIME,
    }
}

fn list(index: &Index, list: List) -> Vec<(u32, Item)> {
    let items = index.list(&[Source::all(list)], None, 100).unwrap();
    items.into_iter().map(|(place, item)| (place.place, item)).collect()
}

#[test]
fn an_event_that_follows_is_not_kept_and_a_rejected_transaction_is_its_senders_alone() {
    let (_directory, index) = index();
    let opened = AccountOpened { account: CREDITOR, custodian: ledger_types::BankId::new(1) };
    let block = block(
        1,
        vec![
            sent(0, vec![transfer(), transfer()]),
            sent(1, vec![transfer()]),
            // The operation does not matter: an event that does not follow from it is kept.
            sent(2, vec![transfer()]),
        ],
    );
    let code = RejectionCode::new(2004);
    let rejected = Outcome::Rejected { code, operation: 0 };
    let receipts = receipts(&block, &[Outcome::Committed, rejected, Outcome::Committed]);
    let follows = transfer().follows(SENDER).unwrap();
    let events = [
        overdue(),
        happened(0, 0, follows.clone()),
        happened(0, 1, follows),
        happened(2, 0, opened.clone()),
    ];
    index.enter(&block, &receipts, &events, &[]).unwrap();
    let offsets: Vec<u32> = offsets(&block).collect();
    let kept = |transaction, event| Item::Kept {
        time: TIME,
        told: Box::new(Told { transaction, operation: 0, event }),
    };
    let at_first = |operation| Item::Follows { offset: offsets[0], operation };
    let last = kept(Some((2, receipts[2].transaction)), opened.into());
    let refused = Item::Rejected { offset: offsets[1], code, operation: 0 };
    assert_eq!(
        list(&index, List::Account(SENDER)),
        [(4, last.clone()), (3, refused), (2, at_first(1)), (1, at_first(0)),]
    );
    assert_eq!(
        list(&index, List::Account(CREDITOR)),
        [(4, last.clone()), (2, at_first(1)), (1, at_first(0)), (0, kept(None, overdue().event)),]
    );
    let Item::Kept { told, .. } = last else { unreachable!() };
    assert_eq!(index.kept_of(Height::new(1), 2).unwrap(), [*told]);
    assert_eq!(index.kept_of(Height::new(1), 0).unwrap(), []);
    assert_eq!(index.receipt(&receipts[1].transaction).unwrap(), Some((receipts[1], offsets[1])));
    // Entered again, it changes nothing.
    index.enter(&block, &receipts, &[], &[]).unwrap();
    assert_eq!(list(&index, List::Account(SENDER)).len(), 4);
}

#[test]
fn a_permitted_access_takes_so_many_bytes_before_they_are_compressed() {
    let told = Told {
        transaction: Some((0, TransactionId::new(Hash::ZERO))),
        operation: 0,
        event: permitted().into(),
    };
    let value = kept::value(TIME, core::slice::from_ref(&told));
    // Of these 12 and the key's 9 are the height's, and 4 say where the event ends.
    assert_eq!((kept::key(Height::new(1)).len(), value.len()), (9, 162));
    assert_eq!(permitted_lists(), 5);
}

fn permitted_lists() -> usize {
    Event::from(permitted()).enters().len()
}

#[test]
fn an_index_of_another_form_is_begun_anew() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    let index = Index::open(&path).unwrap();
    let block = block(1, vec![sent(0, vec![transfer()])]);
    let receipts = receipts(&block, &[Outcome::Committed]);
    let events = [happened(0, 0, transfer().follows(SENDER).unwrap())];
    index.enter(&block, &receipts, &events, &[]).unwrap();
    index.flush().unwrap();
    drop(index);
    let kept = Index::open(&path).unwrap();
    assert_eq!(kept.height().unwrap(), Height::new(1));
    assert_eq!(list(&kept, List::Account(CREDITOR)).len(), 1);
    // As a program wrote it that knew of no forms.
    let mut batch = WriteBatch::default();
    batch.delete(FORM_KEY);
    kept.database.write(batch).unwrap();
    kept.flush().unwrap();
    drop(kept);
    let anew = Index::open(&path).unwrap();
    assert_eq!(anew.height().unwrap(), Height::GENESIS);
    assert_eq!(list(&anew, List::Account(CREDITOR)), []);
}
