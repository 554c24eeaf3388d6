//! What a light client verifies of a real chain: the proofs' formats hold for the state machine's
//! own records, and a decision judged offline is the ledger's.

use ledger::record::Record;
use ledger::state::keys;
use ledger_proof::bundle::{
    Bundle, BundledLog, BundledSet, Claim, Code, Decided, DecisionClaim, LogEntry, Proved,
    StateAnchor, TrustRoot, TrustedSet, verify,
};
use ledger_proof::checkpoint::Checkpoint;
use ledger_proof::holding::{Holding, HoldingKey};
use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
use ledger_proof::policy::Policy;
use ledger_proof::record;
use ledger_proof::request::AccessRequest;
use ledger_types::consent::{Materiality, PartyStatus, Profile};
use ledger_types::merkle::{inclusion_path, root};
use ledger_types::operation::{
    AccessBasis, ConsentBasis, DeclareEmergency, Grant, Resume, Suspend, Withdraw,
};
use ledger_types::{
    BlockCommit, Entry, Genesis, Hash, Height, Operation, PartyRoles, Rejection, Timestamp,
    TransactionId, codec,
};

use super::chain::{Chain, picture};
use super::fixture::{
    Actor, DELTA_MS, HOSPITAL, PHARMACY, START, access, access_id, akari, ask, asked_on, chika,
    consent_id, genesis_with, grant_of, notice, seeded, subject,
};
use super::happy::transfer;
use crate::consent::world;

/// A chain whose log's entries are kept, as a node keeps them.
pub(crate) struct Logged {
    genesis: Genesis,
    pub(crate) chain: Chain,
    entries: Vec<Entry>,
}

impl Logged {
    fn of(genesis: Genesis) -> Self {
        Self { chain: Chain::of(&genesis), genesis, entries: Vec::new() }
    }

    pub(crate) fn commit(&mut self, actor: &Actor, others: &[&Actor], operations: Vec<Operation>) {
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
        let founded = TrustRoot::of_genesis(&self.genesis, now).unwrap();
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

    /// The pharmacy's request, judged offline: until when a permit may be relied on.
    ///
    /// The ledger is asked the same, and must say the same; a consent for emergencies alone may be
    /// denied offline only.
    fn decision(&self, asked: ConsentBasis) -> Result<Timestamp, Code> {
        let offline = self.judged(asked.clone());
        let on_ledger = self.decided(asked);
        let is_same = match offline {
            Ok(until) => on_ledger == Ok(until),
            Err(Code::EmergencyUnproved) => true,
            Err(_) => on_ledger.is_err(),
        };
        assert!(is_same, "{offline:?} offline, {on_ledger:?} on the ledger");
        offline
    }

    /// The same request, asked of the ledger.
    pub(crate) fn decided(&self, asked: ConsentBasis) -> Result<Timestamp, Rejection> {
        let request = asked_on(access_id(1000), AccessBasis::Consent(asked));
        self.chain.state.decide_access(PHARMACY, &request)
    }

    pub(crate) fn judged(&self, asked: ConsentBasis) -> Result<Timestamp, Code> {
        let state = &self.chain.state;
        let consent = record::consent_key(&asked.consent);
        let request = AccessRequest {
            requester: PHARMACY,
            holder: HOSPITAL,
            consent: asked.consent,
            leaf: asked.leaf,
            leaf_index: asked.leaf_index,
            path: asked.path,
            purpose: asked.purpose,
            time: Timestamp::from_millis(self.chain.now),
        };
        let key = Actor::party(PHARMACY).key;
        let claim = DecisionClaim {
            request: request.sign(&state.genesis_hash(), &[&key]),
            commit: self.last(),
            party: state.prove(&record::party_key(PHARMACY)),
            consent: state.prove(&consent),
            notice: state.prove(&record::notice_key(HOSPITAL, super::fixture::NOTICE)),
            joint_use: None,
            opening: None,
        };
        let bundle = self.bundle(vec![Claim::Decision(Box::new(claim))]);
        match verify(&bundle, &self.trust()) {
            Ok(verified) => match verified.proved.as_slice() {
                [Proved::Decision { valid_until, .. }] => Ok(*valid_until),
                other => panic!("{other:?}"),
            },
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
    let mut logged = Logged::of(genesis_with(4));
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
    let until = Timestamp::from_millis(logged.chain.now + DELTA_MS);
    assert_eq!(logged.decision(access(1, 1)), Ok(until));
    for id in 0..3 {
        logged.commit(&Actor::party(PHARMACY), &[], vec![ask(id, access(1, 1))]);
    }
    assert_eq!(logged.decision(access(1, 1)), Err(Code::ConsentUsesExhausted));
    logged.commit(&Actor::party(HOSPITAL), &[], vec![notice(2, Materiality::Material)]);
    assert_eq!(logged.decision(access(1, 1)), Err(Code::ConsentRenewalDue));
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    logged.commit(&subject(), &[], vec![withdraw]);
    assert_eq!(logged.decision(access(1, 1)), Err(Code::ConsentEnded));
}

/// Consent 1 is broad, 2 a guardian's until `boundary`, and 3 for emergencies in area 5.
pub(crate) fn granted_in_town(boundary: u64) -> Logged {
    let mut logged = Logged::of(world::genesis());
    let hospital = world::hospital();
    logged.commit(&hospital, &[], vec![notice(1, Materiality::Minor)]);
    logged.commit(&world::registrar(), &[], vec![world::words(1)]);
    let served = world::served(&logged.chain, &world::child());
    let given = vec![served, world::guardianship(boundary)];
    logged.commit(&Actor::party(world::COUNTER), &[], given);
    let broad = Grant { breadth: world::care(), ..grant_of(1) };
    let guarded = Grant { on_behalf_of: Some(world::child().account), ..grant_of(2) };
    let disaster = Grant { profile: Profile::Disaster { area: 5 }, ..grant_of(3) };
    for grant in [broad, guarded, disaster] {
        logged.commit(&subject(), &[&hospital], vec![Operation::Grant(grant)]);
    }
    logged
}

#[test]
fn a_broad_consents_purpose_is_judged_offline_as_on_the_ledger() {
    let logged = granted_in_town(START + 3_600_000);
    let asked = |purpose| logged.decision(ConsentBasis { purpose, ..access(1, 1) });
    assert!(asked(Some(world::purpose(1, 1))).is_ok());
    for outside in [None, Some(world::purpose(1, 3)), Some(world::purpose(2, 1))] {
        assert_eq!(asked(outside), Err(Code::PurposeNotCovered));
    }
    let specific = ConsentBasis { purpose: Some(world::purpose(1, 1)), ..access(2, 1) };
    assert_eq!(logged.decision(specific), Err(Code::PurposeNotCovered));
}

#[test]
fn a_guardians_consent_and_one_for_emergencies_are_judged_offline_with_care() {
    let boundary = START + 50_000;
    let mut logged = granted_in_town(boundary);
    assert_eq!(logged.decision(access(2, 1)), Ok(Timestamp::from_millis(boundary)));
    assert_eq!(logged.decision(access(3, 1)), Err(Code::EmergencyUnproved));
    let area = DeclareEmergency { area: 5, until: world::at(START + 600_000), ground: Hash::ZERO };
    for member in [world::city(), world::university()] {
        logged.commit(&member, &[], vec![Operation::DeclareEmergency(area.clone())]);
    }
    logged.commit(&Actor::party(PHARMACY), &[], vec![ask(1, access(3, 1))]);
    assert!(logged.chain.state.access(&access_id(1)).is_some(), "the ledger knows the emergency");
    assert_eq!(logged.decision(access(3, 1)), Err(Code::EmergencyUnproved));
    logged.chain.now = boundary;
    logged.commit(&akari(), &[], vec![transfer(&chika(), 40)]);
    assert_eq!(logged.decision(access(2, 1)), Err(Code::ConsentRenewalDue));
}

#[test]
fn what_is_set_aside_permits_nothing_offline_until_it_is_taken_up_again() {
    let mut logged = granted_in_town(START + 3_600_000);
    let consent = consent_id(2);
    let child = world::child();
    logged.commit(&child, &[], vec![Operation::Suspend(Suspend { consent })]);
    assert_eq!(logged.decision(access(2, 1)), Err(Code::ConsentSuspended));
    logged.commit(&child, &[], vec![Operation::Resume(Resume { consent })]);
    assert!(logged.decision(access(2, 1)).is_ok());
    for (status, expected) in [
        (PartyStatus::Suspended, Err(Code::RequesterSuspended)),
        (PartyStatus::Active, logged.decision(access(2, 1)).map(|_| ())),
    ] {
        let update = world::suspend_party(PHARMACY, PartyRoles::RECIPIENT, status);
        logged.commit(&world::registrar(), &[], vec![update]);
        assert_eq!(logged.decision(access(2, 1)).map(|_| ()), expected);
    }
}

#[test]
fn a_light_client_reads_records_of_money_as_the_ledger_writes_them() {
    let logged = granted();
    let (mut accounts, mut zones) = (0, 0);
    for (key, record) in picture(&logged.chain.state) {
        let key = ledger::Key::new(&key).unwrap();
        let (read, place) = (Holding::decode(&codec::encode(&record)), HoldingKey::of(&key));
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
