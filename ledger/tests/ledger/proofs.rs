//! What a light client verifies of a real chain: the proofs' formats hold for the state machine's own
//! records, and a decision judged offline is the ledger's.

use ledger::record::Record;
use ledger::state::keys;
use ledger_proof::bundle::{
    Bundle, BundledLog, BundledSet, Claim, Code, Decided, DecisionClaim, LogEntry, Proved,
    StateAnchor, TrustRoot, TrustedSet, verify,
};
use ledger_proof::checkpoint::Checkpoint;
use ledger_proof::holding::{Holding, Place};
use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
use ledger_proof::policy::Policy;
use ledger_proof::record;
use ledger_proof::request::AccessRequest;
use ledger_types::consent::Materiality;
use ledger_types::merkle::{inclusion_path, root};
use ledger_types::operation::Withdraw;
use ledger_types::{BlockCommit, Entry, Hash, Height, Operation, Timestamp, TransactionId, codec};

use super::chain::{Chain, picture};
use super::fixture::{
    Actor, DELTA_MS, HOSPITAL, PHARMACY, access, akari, chika, consent_id, genesis_with, grant_of,
    notice, seeded, subject,
};
use super::happy::transfer;

/// A chain whose log's entries are kept, as a node keeps them.
struct Logged {
    chain: Chain,
    entries: Vec<Entry>,
}

impl Logged {
    fn new() -> Self {
        Self { chain: Chain::of(&genesis_with(4)), entries: Vec::new() }
    }

    fn commit(&mut self, actor: &Actor, others: &[&Actor], operations: Vec<Operation>) {
        let tx = self.chain.cosigned(actor, others, operations);
        let applied = self.chain.commit(vec![tx]);
        let first_index = self.entries.len() as u64;
        self.entries.extend(applied.receipts.iter().map(|receipt| Entry::Receipt(*receipt)));
        let header = &self.chain.blocks.last().unwrap().header;
        self.entries.push(Entry::BlockCommit(BlockCommit {
            height: applied.height,
            time: header.time,
            state_root: applied.state_root,
            validators_hash: header.validators_hash,
            first_index,
        }));
        assert_eq!(root(&self.leaves()), self.chain.state.audit_log_root());
    }

    fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(Entry::leaf_hash).collect()
    }

    fn entry(&self, index: usize) -> LogEntry {
        let path = inclusion_path(&self.leaves(), index);
        LogEntry { index: index as u64, entry: self.entries[index], path }
    }

    fn last(&self) -> LogEntry {
        self.entry(self.entries.len() - 1)
    }

    fn bundle(&self, claims: Vec<Claim>) -> Bundle {
        let state = &self.chain.state;
        let origin = log().verifier(SignatureKind::Ed25519).name;
        let size = self.entries.len() as u64;
        let head = Checkpoint { origin, size, root: state.audit_log_root() };
        let text = head.to_string();
        let cosignature = cosigner().cosign(&text, self.chain.now / 1000);
        let checkpoint = head.signed(vec![log().sign(&text), cosignature]).unwrap();
        let validators = BundledSet { height: Height::new(1), set: state.validators().clone() };
        Bundle {
            genesis: state.genesis_hash(),
            validators: Some(validators),
            changes: Vec::new(),
            log: Some(BundledLog { policy: policy(), checkpoint }),
            claims,
        }
    }

    fn trust(&self) -> TrustRoot {
        let now = Some(Timestamp::from_millis(self.chain.now));
        let founded = TrustRoot::of_genesis(&genesis_with(4), now).unwrap();
        let hash = self.chain.state.validators().hash();
        assert_eq!(founded.validators, Some(TrustedSet { height: Height::new(1), hash }));
        assert_eq!(founded.decision_validity_ms, DELTA_MS);
        TrustRoot { policy: Some(policy()), ..founded }
    }

    fn proved(&self, claims: Vec<Claim>) -> Vec<Proved> {
        let bundle = self.bundle(claims);
        let read = Bundle::from_json(bundle.to_json().as_bytes()).unwrap();
        verify(&read, &self.trust()).unwrap().proved
    }

    /// The pharmacy's request, judged offline.
    fn decision(&self) -> Result<Proved, Code> {
        let state = &self.chain.state;
        let asked = access(1, 1);
        let request = AccessRequest {
            requester: PHARMACY,
            consent: asked.consent,
            leaf: asked.leaf,
            leaf_index: asked.leaf_index,
            path: asked.path,
            time: Timestamp::from_millis(self.chain.now),
        };
        let key = Actor::party(PHARMACY).key;
        let claim = DecisionClaim {
            request: request.sign(&state.genesis_hash(), &[&key]),
            commit: self.last(),
            party: state.prove(&record::party_key(PHARMACY)),
            consent: state.prove(&record::consent_key(&consent_id(1))),
            notice: state.prove(&record::notice_key(HOSPITAL, super::fixture::NOTICE)),
            opening: None,
        };
        let bundle = self.bundle(vec![Claim::Decision(Box::new(claim))]);
        match verify(&bundle, &self.trust()) {
            Ok(mut verified) => Ok(verified.proved.remove(0)),
            Err(refused) => Err(refused.code),
        }
    }
}

fn log() -> NoteSigner {
    NoteSigner::new(KeyName::new("log.example").unwrap(), seeded(0xa0))
}

fn cosigner() -> NoteSigner {
    NoteSigner::new(KeyName::new("witness.example").unwrap(), seeded(0xa1))
}

fn policy() -> String {
    let witness = ("w".to_owned(), cosigner().verifier(SignatureKind::Cosignature));
    Policy::byzantine(&log().verifier(SignatureKind::Ed25519), &[witness]).unwrap().to_string()
}

fn granted() -> Logged {
    let mut logged = Logged::new();
    let hospital = Actor::party(HOSPITAL);
    logged.commit(&hospital, &[], vec![notice(1, Materiality::Minor)]);
    logged.commit(&subject(), &[&hospital], vec![Operation::Grant(grant_of(1))]);
    logged
}

#[test]
fn records_that_decisions_rest_on_read_as_the_state_machine_writes_them() {
    let logged = granted();
    let mut seen = Vec::new();
    for (key, record) in picture(&logged.chain.state) {
        let bytes = codec::encode(&record);
        if matches!(record, Record::Party(_) | Record::Notice(_) | Record::Consent(_)) {
            let read = record::Record::decode(&bytes).unwrap();
            assert_eq!(codec::encode(&read), bytes);
            seen.push(key[0]);
        } else {
            assert!(record::Record::decode(&bytes).is_err());
        }
    }
    seen.dedup();
    assert_eq!(seen, [3, 12, 13]);
    assert_eq!(record::consent_key(&consent_id(1)), keys::consent(&consent_id(1)));
    let notice = super::fixture::NOTICE;
    assert_eq!(record::notice_key(HOSPITAL, notice), keys::notice(HOSPITAL, notice));
    let party = ledger_types::AccountId::of_party(PHARMACY);
    assert_eq!(record::party_key(PHARMACY), keys::party(&party));
}

#[test]
fn every_receipt_header_and_record_of_a_chain_is_proved() {
    let mut logged = granted();
    logged.commit(&akari(), &[], vec![transfer(&chika(), 40)]);
    logged.commit(&akari(), &[], vec![transfer(&chika(), 1_000_000)]);
    let receipts: Vec<usize> = (0..logged.entries.len())
        .filter(|at| matches!(logged.entries[*at], Entry::Receipt(_)))
        .collect();
    let mut claims: Vec<Claim> =
        receipts.iter().map(|at| Claim::Receipt(logged.entry(*at))).collect();
    let state = &logged.chain.state;
    let decided = |block: &ledger_types::Block| {
        let (header, certificate) = (block.header.clone(), logged.chain.certify(&block.header, 0));
        Box::new(Decided { header, certificate })
    };
    claims.extend(logged.chain.blocks.iter().map(|block| Claim::Header(decided(block))));
    let of_key = |key| {
        let anchor = StateAnchor::Commit(logged.last());
        Claim::State { anchor, key, proof: Box::new(state.prove(&key)) }
    };
    for key in picture(state).keys() {
        claims.push(of_key(ledger::Key::new(key).unwrap()));
    }
    let never = keys::account(&ledger_types::AccountId::new([0xee; 20]));
    claims.push(of_key(never));
    let proved = logged.proved(claims.clone());
    assert_eq!(proved.len(), claims.len());
    for (proof, at) in proved.iter().zip(&receipts) {
        let Entry::Receipt(receipt) = logged.entries[*at] else { panic!("a receipt") };
        let Proved::Receipt { transaction, committed, .. } = proof else { panic!("{proof:?}") };
        assert_eq!((*transaction, *committed), (receipt.transaction, receipt.is_committed()));
        assert_ne!(*transaction, TransactionId::new(Hash::ZERO));
    }
    let Some(Proved::State { value, state_root, .. }) = proved.last() else { panic!("a state") };
    assert_eq!((value.as_ref(), *state_root), (None, state.state_root()));
    let next = logged.chain.propose(vec![]);
    let anchor = StateAnchor::Header(decided(&next));
    let key = keys::account(&akari().account);
    let proof = Box::new(state.prove(&key));
    let by_header = logged.proved(vec![Claim::State { anchor, key, proof }]);
    let Proved::State { height, value, .. } = &by_header[0] else { panic!("a state") };
    let record = codec::encode(state.record(&key).unwrap());
    assert_eq!((*height, value), (state.height(), &Some(hex(&record))));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_decision_judged_offline_is_the_ledgers() {
    let mut logged = granted();
    let on_ledger = |logged: &Logged| logged.chain.state.decide_access(PHARMACY, &access(1, 1));
    let Ok(Proved::Decision { valid_until, .. }) = logged.decision() else { panic!("permitted") };
    assert_eq!(Ok(valid_until), on_ledger(&logged));
    for _ in 0..3 {
        let ask = Operation::RequestAccess(access(1, 1));
        logged.commit(&Actor::party(PHARMACY), &[], vec![ask]);
    }
    assert!(on_ledger(&logged).is_err());
    assert_eq!(logged.decision(), Err(Code::ConsentUsesExhausted));
    logged.commit(&Actor::party(HOSPITAL), &[], vec![notice(2, Materiality::Material)]);
    assert!(on_ledger(&logged).is_err());
    assert_eq!(logged.decision(), Err(Code::ConsentRenewalDue));
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    logged.commit(&subject(), &[], vec![withdraw]);
    assert!(on_ledger(&logged).is_err());
    assert_eq!(logged.decision(), Err(Code::ConsentEnded));
}

#[test]
fn a_light_client_reads_records_of_money_as_the_ledger_writes_them() {
    let logged = granted();
    let (mut accounts, mut zones) = (0, 0);
    for (key, record) in picture(&logged.chain.state) {
        let key = ledger::Key::new(&key).unwrap();
        let (read, place) = (Holding::decode(&codec::encode(&record)), Place::of(&key));
        match (record, read, place) {
            (Record::Account(kept), Ok(Holding::Account(read)), Some(place)) => {
                assert_eq!((keys::account(&place.account), place.zone), (key, None));
                assert_eq!(codec::encode(&kept), codec::encode(&read));
                accounts += 1;
            }
            (Record::ZoneAccount(kept), Ok(Holding::ZoneAccount(read)), Some(place)) => {
                assert_eq!(keys::zone_account(place.zone.unwrap(), &place.account), key);
                assert_eq!(kept.balance, read.balance);
                zones += 1;
            }
            (_, Err(_), None) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(accounts > 0 && zones > 0, "{accounts} {zones}");
}
