//! A small network to make bundles of: validators, a log, a state with one consent in it.

use ledger_proof::bundle::{
    Bundle, BundledLog, BundledSet, Claim, Decided, DecisionClaim, LogEntry, Opening, SetChange,
    StateAnchor, TrustRoot, TrustedSet,
};
use ledger_proof::checkpoint::Checkpoint;
use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
use ledger_proof::policy::Policy;
use ledger_proof::record::{
    Consent, JointUse, Notice, Party, Record, consent_key, joint_use_key, notice_key, party_key,
};
use ledger_proof::request::{AccessRequest, SignedAccessRequest};
use ledger_proof::state::Key;
use ledger_types::consent::{
    Breadth, CorporateNumber, FrozenVocabulary, Interval, Language, Materiality, NoticeContent,
    PartyStatus, Profile, PurposeProof, Recipient, TermsLeaf, VocabularyId, VocabularyNode,
};
use ledger_types::hash::TAG_TERMS;
use ledger_types::merkle::{fixed_root, inclusion_path, leaf_hash, root};
use ledger_types::operation::WeightedKey;
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, Authority, BlockCommit, CommitCertificate, CommitSignature, ConsentId,
    ConsentStatus, Entry, Hash, Header, Height, NoticeId, Outcome, PartyId, PartyRoles, Receipt,
    Regime, Round, SigningKey, Timestamp, TransactionId, Validator, ValidatorAddress, ValidatorSet,
    codec,
};

use crate::tree::Tree;

/// The time at which decisions are judged, and how long they hold.
pub(crate) const NOW_MS: u64 = 1_767_225_660_000;
pub(crate) const DELTA_MS: u64 = 60_000;
pub(crate) const HOSPITAL: PartyId = PartyId::new(7);
pub(crate) const PHARMACY: PartyId = PartyId::new(9);
/// The data holder that is asked, and that verifies.
pub(crate) const CLINIC: PartyId = PartyId::new(5);
/// A party that nothing is for.
pub(crate) const STRANGER: PartyId = PartyId::new(11);
pub(crate) const NOTICE: NoticeId = NoticeId::new(3);
/// The scheme of joint use that processes are for.
pub(crate) const SCHEME: u32 = 2;
const SALT: [u8; 32] = [0x5a; 32];

pub(crate) fn genesis() -> Hash {
    Hash::of(&[b"a network for samples"])
}

pub(crate) fn consent_id() -> ConsentId {
    ConsentId::new(Hash::of(&[b"a consent"]))
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// The validators with these numbers, each of power 1.
pub(crate) fn set(numbers: &[u8]) -> ValidatorSet {
    let one = |number: &u8| Validator { key: key(0x40 + number).public_key(), power: 1 };
    ValidatorSet::new(numbers.iter().map(one).collect()).unwrap()
}

/// A header at a height that names this set, decided by these of its validators.
pub(crate) fn decided(height: u64, set: &ValidatorSet, state: Hash, signers: &[u8]) -> Decided {
    let header = Header {
        network: genesis().network(),
        height: Height::new(height),
        time: Timestamp::from_millis(NOW_MS - 10_000 + height),
        proposer: set.as_slice()[0].address(),
        parent: Hash::of(&[b"parent"]),
        transactions_root: root(&[]),
        state_root: state,
        receipts_root: root(&[]),
        audit_log_root: Hash::of(&[b"log"]),
        certificate_hash: Hash::of(&[b"certificate"]),
        validators_hash: set.hash(),
        rotation_hash: Hash::of(&[b"rotation"]),
    };
    certified(header, signers)
}

pub(crate) fn certified(header: Header, signers: &[u8]) -> Decided {
    certified_over(header, signers, |message| message)
}

/// Certified by signatures over what is left of each vote's signed bytes.
pub(crate) fn certified_over(
    header: Header,
    signers: &[u8],
    left: impl Fn(&[u8]) -> &[u8],
) -> Decided {
    let (height, block) = (header.height, header.hash());
    let mut certificate =
        CommitCertificate { height, round: Round::new(2), block, signatures: Vec::new() };
    for number in signers {
        let key = key(0x40 + number);
        let validator = ValidatorAddress::of(&key.public_key());
        let message = certificate.precommit(validator).signed_bytes(&genesis());
        let signature = key.sign(left(&message));
        certificate.signatures.push(CommitSignature { validator, signature });
    }
    certificate.signatures.sort_by_key(|entry| entry.validator);
    Decided { header, certificate }
}

/// What was signed before a length stood in front of it.
pub(crate) fn of_before(message: &[u8]) -> &[u8] {
    &message[1..]
}

/// A process in clear, for a recipient in its form in JSON.
pub(crate) fn process(recipient: &str) -> String {
    let [before, after] =
        [r#"{"category":"prescriptions","purpose":"care","recipient":"#, r#","sensitive":true}"#];
    [before, recipient, after].concat()
}

pub(crate) const TO_PHARMACY: &str = r#"{"party":9,"type":"party"}"#;

fn leaf_of(recipient: Recipient, process: &str) -> TermsLeaf {
    let commitment = Hash::of(&[TAG_TERMS, &SALT, process.as_bytes()]);
    TermsLeaf { sensitive: true, recipient, commitment }
}

fn leaf() -> TermsLeaf {
    leaf_of(Recipient::Party(PHARMACY), &process(TO_PHARMACY))
}

fn terms() -> Vec<Hash> {
    let filler = |number: u8| Hash::of(&[b"filler", &[number]]);
    vec![filler(0), filler(1), leaf().hash(), filler(3)]
}

fn party(party: PartyId, roles: PartyRoles) -> Party {
    let weighted = |seed| WeightedKey::plain(key(seed).public_key(), 1);
    let keys = vec![weighted(0x60), weighted(0x61), weighted(0x62)];
    let authority = Authority::new(&keys, 2).expect("three registrable keys");
    Party {
        party,
        roles,
        regime: Regime::Private,
        corporate_number: CorporateNumber::new(7_000_012_050_002),
        status: PartyStatus::Active,
        overdue_reviews: 0,
        authority,
    }
}

pub(crate) fn notice() -> Notice {
    let content_hash = Hash::of(&[b"the notice"]);
    let contents = vec![NoticeContent { language: Language::new("ja").unwrap(), content_hash }];
    let (version, last_material_version) = (4, 2);
    let materiality = Materiality::Minor;
    Notice {
        version,
        materiality,
        last_material_version,
        contents,
        media_hashes: vec![Hash::of(&[b"the film"])],
        published: Height::new(1),
    }
}

pub(crate) fn consent() -> Consent {
    Consent {
        subject: AccountId::of_subject(&key(0x70).public_key()),
        controller: HOSPITAL,
        terms_root: root(&terms()),
        notice: NOTICE,
        notice_version: 3,
        language: Language::new("ja").unwrap(),
        presentation_commitment: Hash::of(&[b"presented"]),
        valid_from: Timestamp::from_millis(NOW_MS - 1_000_000),
        expires: Timestamp::from_millis(NOW_MS + 1_000_000),
        use_limit: Some(3),
        uses: 1,
        breadth: Breadth::Specific,
        frozen: None,
        compensation: None,
        profile: Profile::Ordinary,
        guardian: None,
        revision: 0,
        renewals: 0,
        status: ConsentStatus::Given,
        given: Height::new(1),
        ended: None,
    }
}

/// Care (0) over treatment (1) and trials (2, sensitive); billing (3) lies beside it.
fn words() -> Vec<VocabularyNode> {
    let node = |number: u32, exit, sensitive| {
        let iri_hash = Hash::of(&[b"iri", &number.to_be_bytes()]);
        VocabularyNode { number, enter: number, exit, sensitive, iri_hash }
    };
    vec![node(0, 2, false), node(1, 1, false), node(2, 2, true), node(3, 3, false)]
}

fn word_hashes() -> Vec<Hash> {
    words().iter().map(VocabularyNode::hash).collect()
}

/// That the purpose at this place stands among the words.
pub(crate) fn purpose(place: usize) -> PurposeProof {
    PurposeProof { node: words()[place], path: inclusion_path(&word_hashes(), place) }
}

/// Makes a consent one to care, without what is left out.
pub(crate) fn broaden(consent: &mut Consent, excludes: Vec<Interval>) {
    let purposes = Interval { enter: 0, exit: 2 };
    let vocabulary = VocabularyId::new(1);
    consent.breadth = Breadth::Broad { vocabulary, version: 1, purposes, excludes };
    consent.frozen = Some(FrozenVocabulary { root: root(&word_hashes()), nodes: 4 });
}

/// Everything that a bundle is made from; tests change a part and look what is refused.
pub(crate) struct World {
    pub(crate) state: Tree,
    /// The consent as it stands in the state.
    consent: Consent,
    /// When the last block was made and its checkpoint cosigned.
    pub(crate) block_ms: u64,
    pub(crate) cosigned: u64,
    pub(crate) cosigners: Vec<u8>,
    pub(crate) request: AccessRequest,
    pub(crate) request_keys: Vec<u8>,
    pub(crate) opening: Option<Opening>,
}

pub(crate) fn account_key() -> Key {
    Key::new(&[&[1][..], &[0xaa; 20]].concat()).unwrap()
}

impl World {
    pub(crate) fn new() -> Self {
        let mut state = Tree::default();
        state.0.insert(account_key(), b"\x01an account's record".to_vec());
        let mut world = Self {
            state,
            consent: consent(),
            block_ms: NOW_MS - 20_000,
            cosigned: NOW_MS / 1000 - 15,
            cosigners: vec![0, 1, 3],
            request: AccessRequest {
                requester: PHARMACY,
                holder: CLINIC,
                consent: consent_id(),
                leaf: leaf(),
                leaf_index: 2,
                path: inclusion_path(&terms(), 2),
                purpose: None,
                time: Timestamp::from_millis(NOW_MS - 5_000),
            },
            request_keys: vec![0x60, 0x62],
            opening: Some(Opening { process: process(TO_PHARMACY), salt: SALT }),
        };
        world.put_party(|_| ());
        world.put(notice_key(HOSPITAL, NOTICE), &Record::Notice(notice()));
        world.put_consent(|_| ());
        world
    }

    pub(crate) fn put(&mut self, key: Key, record: &Record) {
        self.state.0.insert(key, codec::encode(record));
    }

    pub(crate) fn put_party(&mut self, change: impl FnOnce(&mut Party)) {
        let mut record = party(PHARMACY, PartyRoles::RECIPIENT);
        change(&mut record);
        self.put(party_key(PHARMACY), &Record::Party(record));
    }

    /// Another party asks, which is registered as the pharmacy is.
    pub(crate) fn ask_as(&mut self, requester: PartyId) {
        let record = Record::Party(party(requester, PartyRoles::RECIPIENT));
        self.put(party_key(requester), &record);
        self.request.requester = requester;
    }

    /// Changes the consent as it was left.
    pub(crate) fn put_consent(&mut self, change: impl FnOnce(&mut Consent)) {
        change(&mut self.consent);
        let record = Record::Consent(Box::new(self.consent.clone()));
        self.put(consent_key(&consent_id()), &record);
    }

    /// A version of the scheme of joint use has these users.
    pub(crate) fn put_joint_use(&mut self, version: u32, users: &[PartyId]) {
        let record = JointUse {
            users: users.to_vec(),
            items_hash: Hash::of(&[b"items"]),
            purpose_hash: Hash::of(&[b"purpose"]),
            responsible: HOSPITAL,
            notice: NOTICE,
            notice_version: 3,
            published: Height::new(1),
        };
        let key = joint_use_key(HOSPITAL, SCHEME, version);
        self.put(key, &Record::JointUse(Box::new(record)));
    }

    /// Asks for a process for this recipient, to which the consent was given, and says it in clear.
    pub(crate) fn ask_for(&mut self, recipient: Recipient, process: &str) {
        self.request.leaf = leaf_of(recipient, process);
        self.opening = Some(Opening { process: process.to_owned(), salt: SALT });
        self.agree_to_the_process();
    }

    /// The consent's terms have the process that is asked for.
    pub(crate) fn agree_to_the_process(&mut self) {
        let AccessRequest { leaf, leaf_index, path, .. } = &self.request;
        let root = fixed_root(leaf.hash(), u64::from(*leaf_index), path).unwrap();
        self.put_consent(|consent| consent.terms_root = root);
    }

    /// The log: block 1 with two receipts and its commit, block 2 with its commit alone.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let receipt = |index: u32, outcome| {
            let transaction = TransactionId::new(Hash::of(&[&index.to_be_bytes()]));
            Entry::Receipt(Receipt { transaction, height: Height::new(1), index, outcome })
        };
        let commit = |height: u64, first_index, millis, state_root| {
            let (height, time) = (Height::new(height), Timestamp::from_millis(millis));
            let validators_hash = set(&[0, 1, 2, 3]).hash();
            let commit = BlockCommit { height, time, state_root, validators_hash, first_index };
            Entry::BlockCommit(commit)
        };
        let rejected = Outcome::Rejected { code: RejectionCode::new(2001), operation: 1 };
        vec![
            receipt(0, Outcome::Committed),
            receipt(1, rejected),
            commit(1, 0, self.block_ms - 1000, Hash::of(&[b"an earlier state"])),
            commit(2, 3, self.block_ms, self.state.root()),
        ]
    }

    pub(crate) fn entry(&self, index: usize) -> LogEntry {
        let entries = self.entries();
        let leaves: Vec<Hash> = entries.iter().map(Entry::leaf_hash).collect();
        let path = inclusion_path(&leaves, index);
        LogEntry { index: index as u64, entry: entries[index], path }
    }

    pub(crate) fn log(&self) -> BundledLog {
        let leaves: Vec<Hash> =
            self.entries().iter().map(|entry| leaf_hash(&entry.encode())).collect();
        let (size, root) = (leaves.len() as u64, root(&leaves));
        let head = Checkpoint { origin: KeyName::new(ORIGIN).unwrap(), size, root };
        let text = head.to_string();
        let mut signatures = vec![log_signer().sign(&text)];
        for number in &self.cosigners {
            signatures.push(cosigner(*number).cosign(&text, self.cosigned));
        }
        BundledLog { policy: policy(), checkpoint: head.signed(signatures).unwrap() }
    }

    pub(crate) fn signed_request(&self) -> SignedAccessRequest {
        let keys: Vec<SigningKey> = self.request_keys.iter().map(|seed| key(*seed)).collect();
        self.request.clone().sign(&genesis(), &keys.iter().collect::<Vec<_>>())
    }

    pub(crate) fn decision(&self) -> DecisionClaim {
        DecisionClaim {
            request: self.signed_request(),
            commit: self.entry(3),
            party: self.state.prove(&party_key(self.request.requester)),
            consent: self.state.prove(&consent_key(&self.request.consent)),
            notice: self.state.prove(&notice_key(HOSPITAL, NOTICE)),
            joint_use: self.request.asked().circle().map(|(scheme, version)| {
                self.state.prove(&joint_use_key(HOSPITAL, scheme, version))
            }),
            opening: self.opening.clone(),
        }
    }

    pub(crate) fn state_claim(&self, anchor: StateAnchor, key: Key) -> Claim {
        Claim::State { anchor, key, proof: Box::new(self.state.prove(&key)) }
    }

    /// A bundle with validators 0 to 3, who became 1 to 4 at height 50, the log, and these claims.
    pub(crate) fn bundle(&self, claims: Vec<Claim>) -> Bundle {
        let (before, after) = (set(&[0, 1, 2, 3]), set(&[1, 2, 3, 4]));
        let decided = decided(50, &after, self.state.root(), &[1, 2, 4]);
        Bundle {
            genesis: genesis(),
            validators: Some(BundledSet { height: Height::new(1), set: before }),
            changes: vec![SetChange { decided, set: after }],
            log: Some(self.log()),
            claims,
        }
    }
}

pub(crate) const ORIGIN: &str = "log.example/kyojo";

pub(crate) fn log_signer() -> NoteSigner {
    NoteSigner::new(KeyName::new(ORIGIN).unwrap(), key(1))
}

pub(crate) fn cosigner(number: u8) -> NoteSigner {
    let name = format!("validator.example/v{number}");
    NoteSigner::new(KeyName::new(&name).unwrap(), key(0x10 + number))
}

pub(crate) fn policy() -> String {
    let witness =
        |number: u8| (format!("v{number}"), cosigner(number).verifier(SignatureKind::Cosignature));
    let witnesses: Vec<_> = (0..4).map(witness).collect();
    let log = log_signer().verifier(SignatureKind::Ed25519);
    Policy::byzantine(&log, &witnesses).unwrap().to_string()
}

pub(crate) fn trust() -> TrustRoot {
    let (height, hash) = (Height::new(1), set(&[0, 1, 2, 3]).hash());
    TrustRoot {
        genesis: genesis(),
        validators: Some(TrustedSet { height, hash }),
        policy: Some(policy()),
        decision_validity_ms: DELTA_MS,
        now: Some(Timestamp::from_millis(NOW_MS)),
        holder: Some(CLINIC),
    }
}
