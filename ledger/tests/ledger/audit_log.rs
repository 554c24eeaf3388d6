//! The audit log and the receipts root, rebuilt from the entries as an outsider would.

use ledger_types::merkle::{inclusion_path, root, verify_inclusion};
use ledger_types::{BlockCommit, Entry, Hash, Outcome, Receipt};

use super::chain::Chain;
use super::fixture::{akari, chika, genesis_with};
use super::happy::transfer;

#[test]
fn the_log_holds_each_blocks_receipts_in_order_and_then_its_commit() {
    let mut chain = Chain::of(&genesis_with(4));
    let mut leaves: Vec<Hash> = Vec::new();
    for count in [0_u64, 1, 3, 2] {
        let first_index = chain.state.audit_log_size();
        assert_eq!(first_index, u64::try_from(leaves.len()).unwrap());
        let txs = (0..count).map(|_| chain.tx(&akari(), vec![transfer(&chika(), 40)])).collect();
        let block = chain.propose(txs);
        let validators_hash = block.header.validators_hash;
        let ids: Vec<_> =
            block.body.transactions.iter().map(|tx| tx.id(&chain.state.genesis_hash())).collect();
        let applied = chain.decide(block, 0);
        let receipts: Vec<Hash> =
            applied.receipts.iter().map(|receipt| Entry::Receipt(*receipt).leaf_hash()).collect();
        assert_eq!(applied.receipts_root, root(&receipts));
        assert_eq!(applied.receipts.iter().map(|r| r.transaction).collect::<Vec<_>>(), ids);
        leaves.extend(receipts);
        let commit = BlockCommit {
            height: applied.height,
            time: chain.state.time(),
            state_root: applied.state_root,
            validators_hash,
            first_index,
        };
        leaves.push(Entry::BlockCommit(commit).leaf_hash());
        assert_eq!(applied.audit_log_root, root(&leaves));
        assert_eq!(chain.state.audit_log_root(), root(&leaves));
        assert_eq!(chain.state.receipts_root(), applied.receipts_root);
    }
}

#[test]
fn a_receipt_that_says_otherwise_is_not_in_the_log() {
    let mut chain = Chain::new();
    let txs = [60, 60, 40].map(|amount| chain.tx(&akari(), vec![transfer(&chika(), amount)]));
    let applied = chain.commit(txs.to_vec());
    let leaf = |receipt: &Receipt| Entry::Receipt(*receipt).leaf_hash();
    let leaves: Vec<Hash> = applied.receipts.iter().map(leaf).collect();
    let path = inclusion_path(&leaves, 1);
    let refused = applied.receipts[1];
    assert!(!refused.is_committed());
    assert!(verify_inclusion(leaf(&refused), 1, 3, &path, &applied.receipts_root));
    let forged = Receipt { outcome: Outcome::Committed, ..refused };
    assert!(!verify_inclusion(leaf(&forged), 1, 3, &path, &applied.receipts_root));
}

#[test]
fn an_entry_says_which_kind_it_is() {
    let mut chain = Chain::new();
    let txs = [60, 60].map(|amount| chain.tx(&akari(), vec![transfer(&chika(), amount)]));
    let applied = chain.commit(txs.to_vec());
    for (receipt, length) in applied.receipts.iter().zip([46, 50]) {
        let bytes = Entry::Receipt(*receipt).encode();
        assert_eq!((bytes[0], bytes.len()), (0, length));
        assert_eq!(Entry::decode(&bytes), Ok(Entry::Receipt(*receipt)));
    }
    let commit = BlockCommit {
        height: applied.height,
        time: chain.state.time(),
        state_root: applied.state_root,
        validators_hash: Hash::ZERO,
        first_index: 0,
    };
    let bytes = Entry::BlockCommit(commit).encode();
    assert_eq!((bytes[0], bytes.len()), (1, 89));
    assert_eq!(Entry::decode(&bytes), Ok(Entry::BlockCommit(commit)));
    assert!(Entry::decode(&bytes[1..]).is_err());
}
