//! A network of two banks, a zone, an auditor and consent parties, with the interface over it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use ledger::{State, StoredRecord};
use ledger_types::allowance::Allowances;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisIssuer, GenesisMember, GenesisMerchant, GenesisParty,
    GenesisValidator, GenesisZone, MemberRole, Parameters,
};
use ledger_types::japan::JapanMonth;
use ledger_types::operation::{AccountKind, KycLevel, MerchantClass, Transfer, WeightedKey};
use ledger_types::record::{Key, Record};
use ledger_types::zone::Publishes;
use ledger_types::{
    AccountId, AddressPrefix, BankId, CommitCertificate, CommitSignature, Day, Enveloped, Event,
    Genesis, Hash, Height, Lab, MemberId, Nonce, Operation, PartyId, PartyRoles, Regime, Round,
    SigningKey, Timestamp, Transaction, TransactionId, Unsigned, ValidatorAddress, Yen, ZoneId,
    codec,
};
use network_clock::Clock;
use node_api::body::{HistoryPage, LogPage};
use node_api::signature::{self, Headers, Message, Moment};
use node_api::{Month, OCTET_STREAM, PROBLEM_JSON, Problem};
use prometheus_client::registry::Registry;
use serde::de::DeserializeOwned;
use tower::ServiceExt as _;

use crate::api::{ApiMetrics, Parts, router};
use crate::audit_log::{Cosigning, Keys, Published};
use crate::chain::{Chain, Settings, recover};
use crate::directory::Directories;
use crate::mempool::{Limits, Mempool};
use crate::outlook;
use crate::query::{Feed, Query};
use crate::store::{AUDIT_LOG, Committed, Indexing};
use crate::telemetry::Telemetry;

pub(crate) const AUTHORITY: &str = "node.example:26602";
pub(crate) const ZONE: ZoneId = ZoneId::new(1);
/// A zone that does not publish its merchants.
pub(crate) const CLOSED: ZoneId = ZoneId::new(3);
pub(crate) const CLINIC: PartyId = PartyId::new(1);
pub(crate) const PHARMACY: PartyId = PartyId::new(2);
pub(crate) const ARCHIVE: PartyId = PartyId::new(4);
pub(crate) const INSPECTOR: PartyId = PartyId::new(5);
pub(crate) const AMBULANCE: PartyId = PartyId::new(6);
pub(crate) const COUNTER: PartyId = PartyId::new(7);
pub(crate) const SCHOOL: PartyId = PartyId::new(8);

/// The consent parties by name.
const PARTIES: [(&str, PartyId, PartyRoles); 7] = [
    ("clinic", CLINIC, PartyRoles::CONTROLLER),
    ("pharmacy", PHARMACY, PartyRoles::RECIPIENT),
    ("archive", ARCHIVE, PartyRoles::DATA_HOLDER),
    ("inspector", INSPECTOR, PartyRoles::AUDITOR),
    ("ambulance", AMBULANCE, PartyRoles::EMERGENCY),
    ("counter", COUNTER, PartyRoles::COUNTER),
    ("school", SCHOOL, PartyRoles::CONTROLLER),
];

/// Someone who signs.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) account: AccountId,
    pub(crate) key: SigningKey,
}

/// The network's actors and the interface of one node of it.
pub(crate) struct World {
    pub(crate) genesis: Genesis,
    pub(crate) chain: Arc<Chain>,
    pub(crate) query: Arc<Query>,
    pub(crate) router: Router,
    /// Cosigns once a test runs it.
    pub(crate) cosigning: Option<Cosigning>,
    pub(crate) published: Published,
    pub(crate) shutdown: tokio::sync::watch::Sender<bool>,
    pub(crate) committed: tokio::sync::broadcast::Receiver<Arc<crate::store::Committed>>,
    validator: SigningKey,
    pub(crate) directory: tempfile::TempDir,
}

impl Drop for World {
    /// Waits for the archive: no thread may write while the process ends.
    fn drop(&mut self) {
        if let Err(error) = self.chain.close() {
            eprintln!("closing the chain: {error}");
        }
    }
}

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(Hash::of(&[b"key", name.as_bytes()]).as_bytes())
}

pub(crate) fn sole(name: &str) -> Vec<WeightedKey> {
    vec![WeightedKey::plain(key(name).public_key(), 1)]
}

/// The bank that keeps an actor's account.
pub(crate) fn bank_of(name: &str) -> BankId {
    BankId::new(match name {
        "bob" | "shop" | "second bank" => 1181,
        "issuer" | "meg" => 9991,
        _ => 126,
    })
}

/// The actor with this name.
pub(crate) fn actor(name: &str) -> Actor {
    let party = PARTIES.iter().find(|(party, ..)| *party == name);
    let account = match name {
        _ if party.is_some() => AccountId::of_party(party.unwrap().1),
        "subject" | "neighbour" | "guardian" => AccountId::of_subject(&key(name).public_key()),
        _ => AccountId::opened_by(bank_of(name), &Hash::of(&[name.as_bytes()])),
    };
    Actor { account, key: key(name) }
}

pub(crate) fn now_ms() -> u64 {
    Clock::real().now().as_millis()
}

fn account(name: &str, kind: AccountKind) -> GenesisAccount {
    GenesisAccount {
        account: actor(name).account,
        custodian: bank_of(name),
        holder_commitment: Hash::of(&[name.as_bytes()]),
        kind,
        kyc_level: KycLevel::K2,
        keys: sole(name),
        threshold: 1,
        balance: Yen::new(10_000),
    }
}

fn bank(name: &str) -> GenesisBank {
    GenesisBank {
        bank: bank_of(name),
        name: name.to_owned(),
        account: actor(name).account,
        keys: sole(name),
        threshold: 1,
        issue_allowance: Yen::new(1_000_000),
        net_debit_cap: Yen::new(5_000),
    }
}

/// A prepaid issuer, with its float at the first bank.
fn issuer(name: &str) -> GenesisIssuer {
    GenesisIssuer {
        issuer: bank_of(name),
        name: name.to_owned(),
        account: actor(name).account,
        keys: sole(name),
        threshold: 1,
        issue_allowance: Yen::new(1_000_000),
        float: actor("float").account,
    }
}

fn member(number: u16, name: &str, role: MemberRole) -> GenesisMember {
    let (member, account) = (MemberId::new(number), actor(name).account);
    GenesisMember { member, name: name.to_owned(), roles: vec![role], account }
}

fn party(party: PartyId, name: &str, roles: PartyRoles) -> GenesisParty {
    GenesisParty {
        party,
        roles,
        regime: Regime::Private,
        corporate_number: None,
        keys: sole(name),
        threshold: 1,
    }
}

fn zone(zone: ZoneId, name: &str, publishes: Publishes) -> GenesisZone {
    let (name, operator, areas) = (name.to_owned(), actor("operator").account, vec![]);
    GenesisZone { zone, name, operator, areas, publishes }
}

fn genesis() -> Genesis {
    let merchant =
        GenesisMerchant { zone: ZONE, account: actor("shop").account, class: MerchantClass::Local };
    Genesis {
        name: "test".to_owned(),
        address_prefix: prefix(),
        time: Timestamp::from_millis(now_ms() - 60_000),
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: 30_000,
            retention: ledger_types::genesis::Retention::USUAL,
            gather_ms_max: 100,
            counter_delay_ms: 0,
            counter_acts_per_day: 1000,
            allowances: Allowances::INITIAL.times(1_000),
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![
            member(1, "first bank", MemberRole::Bank),
            member(2, "second bank", MemberRole::Bank),
            member(3, "auditor", MemberRole::Auditor),
            GenesisMember {
                roles: vec![
                    MemberRole::City,
                    MemberRole::ZoneOperator,
                    MemberRole::SettlementOperator,
                    MemberRole::Registrar,
                ],
                ..member(4, "operator", MemberRole::City)
            },
        ],
        validators: vec![GenesisValidator {
            member: MemberId::new(1),
            key: key("validator").public_key(),
            power: 1,
            network_key: key("network").public_key(),
            log_key: key("log").public_key(),
            cosignature_key: key("cosignature").public_key(),
        }],
        banks: vec![bank("first bank"), bank("second bank")],
        issuers: vec![issuer("issuer")],
        accounts: vec![
            account("alice", AccountKind::Citizen),
            account("bob", AccountKind::Citizen),
            account("shop", AccountKind::Merchant),
            account("operator", AccountKind::Operator),
            account("auditor", AccountKind::Operator),
            GenesisAccount { kyc_level: KycLevel::KB, ..account("float", AccountKind::Issuer) },
            GenesisAccount { balance: Yen::ZERO, ..account("meg", AccountKind::Citizen) },
        ],
        zones: vec![
            zone(ZONE, "old town", Publishes::MERCHANTS),
            zone(CLOSED, "hospitals", Publishes::default()),
        ],
        merchants: vec![merchant.clone(), GenesisMerchant { zone: CLOSED, ..merchant }],
        parties: PARTIES.iter().map(|(name, id, roles)| party(*id, name, *roles)).collect(),
        directory_keys: vec![key("city").public_key()],
        accounts_file: None,
        lab: None,
    }
}

fn chain(directory: &Path, genesis: &Genesis, indexing: Indexing) -> Arc<Chain> {
    let recovered = recover(directory, genesis, [], indexing).unwrap();
    let (mempool, _) =
        Mempool::start(Limits::default(), Arc::clone(&recovered.state), Clock::of(genesis))
            .unwrap();
    let settings = Settings {
        proposer: Some(ValidatorAddress::of(&key("validator").public_key())),
        gather_max: Duration::from_millis(100),
        idle_interval: Duration::from_secs(1),
        clock: Clock::of(genesis),
        drift_max: Duration::from_millis(500),
        checkpoint_blocks: 100,
        checkpoint_transactions: 1_000,
    };
    Arc::new(Chain::new(settings, recovered, mempool, Telemetry::default().metrics().clone()))
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Indexing::On)
    }

    pub(crate) fn with(indexing: Indexing) -> Self {
        Self::of(genesis(), indexing)
    }

    /// The same in a lab network.
    pub(crate) fn in_lab(lab: Lab) -> Self {
        Self::of(Genesis { lab: Some(lab), ..genesis() }, Indexing::On)
    }

    /// The same where people have these allowances.
    pub(crate) fn with_allowances(allowances: Allowances) -> Self {
        let mut genesis = genesis();
        genesis.parameters.allowances = allowances;
        Self::of(genesis, Indexing::On)
    }

    fn of(genesis: Genesis, indexing: Indexing) -> Self {
        Self::at(tempfile::tempdir().unwrap(), genesis, indexing)
    }

    /// The node stopped, what is done to its store meanwhile, and the node started again.
    pub(crate) fn reopened(mut self, meanwhile: impl FnOnce(&Path)) -> Self {
        let other = tempfile::tempdir().unwrap();
        let directory = core::mem::replace(&mut self.directory, other);
        let genesis = self.genesis.clone();
        drop(self);
        meanwhile(directory.path());
        Self::at(directory, genesis, Indexing::On)
    }

    fn at(directory: tempfile::TempDir, genesis: Genesis, indexing: Indexing) -> Self {
        let chain = chain(directory.path(), &genesis, indexing);
        let feed = Feed::new(chain.tip().height);
        let state = Arc::clone(chain.state());
        let query = Arc::new(Query::new(state, Arc::clone(chain.store()), feed));
        let (shutdown, stops) = tokio::sync::watch::channel(false);
        let keys = Keys { log: key("log"), cosignature: key("cosignature") };
        let (log, due) = (Arc::clone(chain.store().audit_log()), chain.store().due());
        let folder = directory.path().join(AUDIT_LOG);
        let (cosigning, audit_log, _) =
            Cosigning::open(&folder, &genesis, Some((0, keys)), log, due, Clock::of(&genesis))
                .unwrap();
        let mut registry = Registry::default();
        let measured = ApiMetrics::register(&mut registry);
        let router = router(Parts {
            query: Arc::clone(&query),
            mempool: Arc::clone(chain.mempool()),
            outlook: Box::new(outlook::tests::alone),
            metrics: Box::new(move || {
                let mut text = String::new();
                prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
                text
            }),
            measured,
            audit_log: audit_log.clone(),
            prover: Arc::clone(chain.prover()),
            clock: Clock::of(&genesis),
            names: vec![AUTHORITY.to_owned()],
            directories: Arc::new(Directories::at(
                Some(directory.path().join("directory.json")),
                &genesis,
            )),
            shutdown: stops,
        });
        let committed = chain.subscribe();
        let validator = key("validator");
        Self {
            genesis,
            chain,
            query,
            router,
            cosigning: Some(cosigning),
            published: audit_log,
            shutdown,
            committed,
            validator,
            directory,
        }
    }

    /// What consensus does: one block of what waits, decided by the one validator.
    pub(crate) fn commit(&mut self) -> Height {
        let height = self.commit_unfed();
        while let Ok(committed) = self.committed.try_recv() {
            self.query.feed().committed(&committed);
        }
        height
    }

    /// The same, and nobody tells the feed.
    pub(crate) fn commit_unfed(&self) -> Height {
        let height = self.chain.tip().height.next().unwrap();
        let proposed = self.chain.propose_block(height).unwrap();
        self.chain.commit(self.certificate(height, proposed.hash)).unwrap();
        height
    }

    /// The moment in a commit after the state has a block of this and before anyone is told.
    pub(crate) fn apply_untold(&self, transaction: &Transaction) -> Committed {
        let proposer = ValidatorAddress::of(&self.validator.public_key());
        let parent = self.chain.tip_certificate();
        let shared = self.chain.state();
        let mut state = shared.write().unwrap();
        let transactions = vec![Enveloped::from(transaction.clone())];
        let time = state.time().checked_add_millis(1).unwrap();
        let block = ledger::propose(&state, transactions, time, proposer, parent);
        let applied = ledger::apply(&mut state, &block).unwrap();
        let certificate = self.certificate(block.header.height, block.header.hash());
        Committed::new(Arc::new(block), certificate, applied, &state)
    }

    fn certificate(&self, height: Height, block: Hash) -> CommitCertificate {
        let (round, signatures) = (Round::new(0), vec![]);
        let mut certificate = CommitCertificate { height, round, block, signatures };
        let validator = ValidatorAddress::of(&self.validator.public_key());
        let message = certificate.precommit(validator).signed_bytes(&self.genesis.hash());
        let signature = self.validator.sign(&message);
        certificate.signatures.push(CommitSignature { validator, signature });
        certificate
    }

    /// The state with these records beside those that it has. The chain has made none of them, so that
    /// no block follows.
    pub(crate) fn put(&self, records: &[(Key, Record)]) {
        let shared = self.chain.state();
        let mut state = shared.write().unwrap();
        let mut all: Vec<StoredRecord> = state.records().collect();
        let last = all.iter().map(|stored| stored.slot).max().unwrap();
        all.extend((last + 1..).zip(records).map(|(slot, (key, record))| StoredRecord {
            slot,
            key: key.as_bytes().to_vec(),
            value: codec::encode(record),
        }));
        *state = State::restore(&self.genesis, &state.tip_bytes(), all).unwrap();
    }

    /// An empty block whose time is so many milliseconds after the last one's.
    pub(crate) async fn pass(&mut self, millis: u64) {
        let proposer = ValidatorAddress::of(&self.validator.public_key());
        let parent = self.chain.tip_certificate();
        let block = {
            let state = self.query.state();
            let time = state.time().checked_add_millis(millis).unwrap();
            ledger::propose(&state, vec![], time, proposer, parent)
        };
        let (height, hash) = (block.header.height, block.header.hash());
        let certificate = self.certificate(height, hash);
        let bytes = Bytes::from(block.encode());
        let judged = self.chain.check_synced_block(&certificate, &bytes).unwrap();
        assert!(matches!(judged, node_consensus::Validity::Valid), "{judged:?}");
        self.chain.commit(certificate).unwrap();
        while let Ok(committed) = self.committed.try_recv() {
            self.query.feed().committed(&committed);
        }
        self.indexed().await;
    }

    /// Commits operations of an actor in one transaction with its next nonce, and checks that they
    /// were applied; gives the transaction.
    pub(crate) async fn send(&mut self, name: &str, operations: Vec<Operation>) -> TransactionId {
        self.send_with(name, operations, &[name]).await
    }

    /// The same, signed by others too.
    pub(crate) async fn send_with(
        &mut self,
        name: &str,
        operations: Vec<Operation>,
        signers: &[&str],
    ) -> TransactionId {
        let account = crate::query::books::account(&self.query.state(), &actor(name).account);
        let nonce = account.map_or(0, |account| account.lowest_unused_nonce);
        let transaction = self.signed(name, nonce, operations, signers);
        let id = transaction.id(&self.genesis.hash());
        self.settle(&[transaction]).await;
        let receipt: node_api::body::ReceiptBody =
            self.get(&format!("/v1/receipts/{id}")).await.json();
        assert_eq!(receipt.name, None, "{name}");
        id
    }

    /// Waits until the index has reached the tip.
    pub(crate) async fn indexed(&self) {
        let tip = self.chain.tip().height;
        let mut indexed = self.chain.store().indexed();
        let reached = indexed.wait_for(|height| *height >= tip);
        tokio::time::timeout(Duration::from_secs(20), reached).await.unwrap().unwrap();
    }

    /// The later of the wall clock and the tip's time.
    pub(crate) fn now_ms(&self) -> u64 {
        now_ms().max(self.chain.tip().time.as_millis())
    }

    /// The month of the tip in Japan.
    pub(crate) fn month(&self) -> Month {
        Month::of(JapanMonth::of(self.chain.tip().time))
    }

    pub(crate) fn address(&self, name: &str) -> String {
        actor(name).account.to_address(&self.genesis.address_prefix)
    }

    /// An actor's signed transaction.
    pub(crate) fn transaction(
        &self,
        name: &str,
        nonce: u64,
        operations: Vec<Operation>,
    ) -> Transaction {
        self.signed(name, nonce, operations, &[name])
    }

    pub(crate) fn signed(
        &self,
        name: &str,
        nonce: u64,
        operations: Vec<Operation>,
        signers: &[&str],
    ) -> Transaction {
        let unsigned = Unsigned {
            network: self.genesis.network(),
            account: actor(name).account,
            nonce: Nonce::new(nonce),
            valid_until: Timestamp::from_millis(self.now_ms() + 600_000),
            purpose: 0,
            operations,
        };
        let keys: Vec<SigningKey> = signers.iter().map(|name| key(name)).collect();
        unsigned.sign(&self.genesis.hash(), &keys.iter().collect::<Vec<_>>())
    }

    /// Submits, commits a block, and waits for the index.
    pub(crate) async fn settle(&mut self, transactions: &[Transaction]) {
        for transaction in transactions {
            let octets = codec::encode(transaction);
            self.post("/v1/transactions", OCTET_STREAM, &octets).await.expect_status(202);
        }
        self.commit();
        self.indexed().await;
    }

    pub(crate) async fn ask(&self, mut request: Request<Body>) -> Response {
        let named = header::HeaderValue::from_static(AUTHORITY);
        request.headers_mut().entry(header::HOST).or_insert(named);
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Asked {
        let request = Request::get(path).header(header::HOST, AUTHORITY);
        Asked::of(self.ask(request.body(Body::empty()).unwrap()).await).await
    }

    pub(crate) async fn post(&self, path: &str, media: &str, body: &[u8]) -> Asked {
        let request = Request::post(path).header(header::CONTENT_TYPE, media);
        let body = Body::from(Bytes::copy_from_slice(body));
        Asked::of(self.ask(request.body(body).unwrap()).await).await
    }

    /// What `reader` gets at a path by a signed request.
    pub(crate) async fn read(&self, reader: &str, path: &str) -> Asked {
        self.read_with(path, &self.sign(reader, path)).await
    }

    /// What a key gets at a path by a request that it signs as itself.
    pub(crate) async fn read_by_key(&self, key: &SigningKey, path: &str) -> Asked {
        self.read_with(path, &self.sign_as(&key.public_key().to_string(), key, path)).await
    }

    pub(crate) fn sign(&self, reader: &str, path: &str) -> Headers {
        self.sign_as(&self.address(reader), &key(reader), path)
    }

    /// Headers by which a key signs a read as `reader`, whoever that is.
    pub(crate) fn sign_as(&self, reader: &str, key: &SigningKey, path: &str) -> Headers {
        let (bare, query) = match path.split_once('?') {
            Some((bare, query)) => (bare, Some(query)),
            None => (path, None),
        };
        let (genesis, authority) = (&self.genesis.hash(), AUTHORITY);
        let message = Message { genesis, method: "GET", authority, path: bare, query, body: b"" };
        signature::sign(&message, reader, key, Moment::now(&Clock::of(&self.genesis)))
    }

    pub(crate) async fn read_with(&self, path: &str, headers: &Headers) -> Asked {
        let request = Request::get(path)
            .header(header::HOST, AUTHORITY)
            .header(signature::SIGNATURE_INPUT, &headers.signature_input)
            .header(signature::SIGNATURE, &headers.signature);
        Asked::of(self.ask(request.body(Body::empty()).unwrap()).await).await
    }
}

/// What the entries of a log say.
pub(crate) fn events(page: &LogPage) -> Vec<Event> {
    page.entries.iter().map(|entry| entry.event(&prefix()).unwrap()).collect()
}

/// The names of events.
pub(crate) fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

/// What a history tells, without what was rejected.
pub(crate) fn told(page: &HistoryPage) -> Vec<Event> {
    page.entries.iter().filter_map(|entry| entry.event(&prefix()).unwrap()).collect()
}

pub(crate) fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

/// A transfer from one actor to another.
pub(crate) fn transfer(to: &str, amount: u64) -> Operation {
    let (to, amount) = (actor(to).account, Yen::new(amount));
    Operation::Transfer(Transfer { to, amount, reference: None })
}

/// An answer, read whole.
pub(crate) struct Asked {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self { status: parts.status, headers: parts.headers, body }
    }

    #[track_caller]
    pub(crate) fn expect_status(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
    }

    #[track_caller]
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.octets()).unwrap()
    }

    #[track_caller]
    pub(crate) fn octets(&self) -> Vec<u8> {
        self.expect_status(200);
        self.body.to_vec()
    }

    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        self.expect_status(200);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem that the answer is, if it is one.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let is_problem = self.headers.get(header::CONTENT_TYPE)? == PROBLEM_JSON;
        is_problem.then(|| serde_json::from_slice(&self.body).unwrap())
    }

    /// The problem that the answer is, with its code, and its form checked.
    #[track_caller]
    pub(crate) fn expect_problem(&self, code: u16) -> Problem {
        assert_eq!(self.headers[header::CONTENT_TYPE], PROBLEM_JSON);
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.code, code, "{problem}");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.kind, format!("urn:kyojo:problem:{code}"));
        assert!(problem.instance.as_ref().is_some_and(|path| path.starts_with('/')));
        problem
    }
}

/// An identity of today, told by its bytes after the day.
#[derive(Clone, Copy)]
pub(crate) struct Today(pub(crate) u8);

impl Today {
    pub(crate) fn id(self) -> Hash {
        // One day for all of a test, even where it runs over midnight.
        static DAY: std::sync::LazyLock<Day> =
            std::sync::LazyLock::new(|| Day::of(Timestamp::from_millis(now_ms())));
        DAY.id(Hash::new([self.0; 32]))
    }
}

impl std::fmt::Display for Today {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.id().fmt(f)
    }
}
