//! A chain of one's own: proposes, validates and applies blocks, and checks every invariant.

use std::collections::{BTreeMap, BTreeSet};

use ledger::record::{Account, Party, Record, Subject};
use ledger::{Admission, Applied, Refusal, State, apply, propose, validate};
use ledger_types::allowance::{Objected, Used};
use ledger_types::certificate::CommitSignature;
use ledger_types::{
    AccountId, Block, CommitCertificate, Enveloped, Genesis, Hash, Header, Inadmissible, Nonce,
    Operation, Outcome, Round, SigningKey, Timestamp, Transaction, Unsigned, ValidatorAddress,
};

use super::fixture::{self, Actor, START};

/// Every record by its key: the whole state for a comparison.
pub(crate) type Picture = BTreeMap<Vec<u8>, Record>;

/// But for what was used of allowances: every transaction takes of one, and they have tests of
/// their own.
pub(crate) fn picture(state: &State) -> Picture {
    let decode = |value: &[u8]| {
        let mut record = borsh::from_slice(value).unwrap();
        match &mut record {
            Record::Account(Account { authority, .. }) | Record::Party(Party { authority, .. }) => {
                authority.used = Used::default()
            }
            Record::Subject(Subject { authority, objected }) => {
                (authority.used, *objected) = (Used::default(), Objected::default());
            }
            _ => {}
        }
        record
    };
    state.records().map(|stored| (stored.key, decode(&stored.value))).collect()
}

/// Whether a block whose time is `now` may hold the transaction, alone.
pub(crate) fn admit(state: &State, tx: &Transaction, now: Timestamp) -> Result<(), Inadmissible> {
    match Admission::new(state, now).take(&tx.clone().into()) {
        Ok(()) => Ok(()),
        Err(Refusal::Inadmissible(reason)) => Err(reason),
        Err(Refusal::Full(full)) => panic!("an empty block has room: {full}"),
    }
}

/// A state, its blocks, and a clock that only tests move.
pub(crate) struct Chain {
    pub(crate) state: State,
    pub(crate) blocks: Vec<Block>,
    pub(crate) certificate: Option<CommitCertificate>,
    pub(crate) now: u64,
    validators: Vec<SigningKey>,
    nonces: BTreeMap<[u8; 20], u64>,
}

impl Chain {
    pub(crate) fn new() -> Self {
        Self::of(&fixture::genesis())
    }

    pub(crate) fn of(genesis: &Genesis) -> Self {
        let state = State::from_genesis(genesis, []).unwrap();
        state.conservation().unwrap();
        let count = u8::try_from(genesis.validators.len()).unwrap();
        Self {
            state,
            blocks: Vec::new(),
            certificate: None,
            now: START,
            validators: fixture::validator_keys(count),
            nonces: BTreeMap::new(),
        }
    }

    /// The actor's next unused nonce, counted here.
    pub(crate) fn nonce(&mut self, account: AccountId) -> u64 {
        let next = self.nonces.entry(*account.as_bytes()).or_default();
        *next += 1;
        *next - 1
    }

    /// A transaction of the actor's with its next nonce.
    pub(crate) fn tx(&mut self, actor: &Actor, operations: Vec<Operation>) -> Transaction {
        self.cosigned(actor, &[], operations)
    }

    /// The same, signed by others too.
    pub(crate) fn cosigned(
        &mut self,
        actor: &Actor,
        others: &[&Actor],
        operations: Vec<Operation>,
    ) -> Transaction {
        let nonce = self.nonce(actor.account);
        let unsigned = self.unsigned(actor.account, nonce, operations);
        let mut keys = vec![&actor.key];
        keys.extend(others.iter().map(|other| &other.key));
        unsigned.sign(&self.state.genesis_hash(), &keys)
    }

    pub(crate) fn unsigned(
        &self,
        account: AccountId,
        nonce: u64,
        operations: Vec<Operation>,
    ) -> Unsigned {
        Unsigned {
            network: self.state.network(),
            account,
            nonce: Nonce::new(nonce),
            valid_until: Timestamp::from_millis(self.now + 3_600_000),
            purpose: 0,
            operations,
        }
    }

    /// What of these a block takes: the same thing of one sender is ended once in it.
    pub(crate) fn ended_once(txs: Vec<Transaction>) -> Vec<Transaction> {
        let mut ended = BTreeSet::new();
        let is_first = |tx: &Transaction| {
            let endings = tx.unsigned.operations.iter().filter_map(|one| one.toll().ends);
            let own: Vec<_> = endings.map(|ending| (tx.unsigned.account, ending)).collect();
            let is_first = !own.iter().any(|one| ended.contains(one));
            ended.extend(own.into_iter().filter(|_| is_first));
            is_first
        };
        txs.into_iter().filter(is_first).collect()
    }

    /// The next block with these transactions, one second on.
    pub(crate) fn propose(&self, txs: Vec<Transaction>) -> Block {
        let time = Timestamp::from_millis(self.now + 1000);
        let proposer = ValidatorAddress::of(&self.validators[0].public_key());
        let txs = txs.into_iter().map(Enveloped::from).collect();
        propose(&self.state, txs, time, proposer, self.certificate.clone())
    }

    /// Commits a block with these transactions, decided in round 0.
    pub(crate) fn commit(&mut self, txs: Vec<Transaction>) -> Applied {
        let block = self.propose(txs);
        self.decide(block, 0)
    }

    /// Validates and applies a block, decided in `round`; checks what holds after every block.
    pub(crate) fn decide(&mut self, block: Block, round: u32) -> Applied {
        validate(&self.state, &block).unwrap();
        let before = self.state.audit_log_size();
        let applied = apply(&mut self.state, &block).unwrap();
        self.state.conservation().unwrap();
        check_rules(&block, &applied);
        self.now = block.header.time.as_millis();
        self.certificate = Some(self.certify(&block.header, round));
        let entries = u64::try_from(applied.receipts.len()).unwrap() + 1;
        assert_eq!(self.state.audit_log_size(), before + entries);
        self.blocks.push(block);
        applied
    }

    /// One transaction in a block of its own; its outcome as a code, 0 for committed.
    pub(crate) fn outcome(&mut self, actor: &Actor, operations: Vec<Operation>) -> u16 {
        let tx = self.tx(actor, operations);
        codes(&self.commit(vec![tx]))[0]
    }

    /// The same, which must commit.
    pub(crate) fn must(&mut self, actor: &Actor, operation: Operation) {
        let shown = format!("{operation:?}");
        assert_eq!(self.outcome(actor, vec![operation]), 0, "{shown}");
    }

    /// A certificate for a header by all validators.
    pub(crate) fn certify(&self, header: &Header, round: u32) -> CommitCertificate {
        certify(&self.validators, &self.state.genesis_hash(), header, round)
    }
}

pub(crate) fn certify(
    validators: &[SigningKey],
    genesis: &Hash,
    header: &Header,
    round: u32,
) -> CommitCertificate {
    let mut certificate = CommitCertificate {
        height: header.height,
        round: Round::new(round),
        block: header.hash(),
        signatures: Vec::new(),
    };
    let signatures = validators.iter().map(|key| {
        let validator = ValidatorAddress::of(&key.public_key());
        let vote = certificate.precommit(validator).signed_bytes(genesis);
        CommitSignature { validator, signature: key.sign(&vote) }
    });
    let mut signatures: Vec<CommitSignature> = signatures.collect();
    signatures.sort_by_key(|entry| entry.validator);
    certificate.signatures = signatures;
    certificate
}

/// Outcomes as codes, 0 for committed.
/// Whatever is rejected is rejected by a rule that its operation publishes.
pub(crate) fn check_rules(block: &Block, applied: &Applied) {
    for (tx, receipt) in block.body.transactions.iter().zip(&applied.receipts) {
        let Outcome::Rejected { code, operation } = receipt.outcome else { continue };
        let operation = &tx.unsigned.operations[usize::from(operation)];
        let rules = operation.refused().iter().chain(Operation::REFUSED_OF_ACCOUNTS);
        let published = rules.into_iter().any(|rule| rule.code() == code);
        assert!(published, "{} is refused by {}", operation.name(), code.name());
    }
}

pub(crate) fn codes(applied: &Applied) -> Vec<u16> {
    let code = |outcome: &Outcome| match outcome {
        Outcome::Committed => 0,
        Outcome::Rejected { code, .. } => code.get(),
    };
    applied.receipts.iter().map(|receipt| code(&receipt.outcome)).collect()
}
