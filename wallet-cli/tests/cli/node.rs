//! A node that knows one account and answers payments as it is told.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ledger_types::{AccountId, AddressPrefix, Hash, Operation, PublicKey, Transaction};
use public_names::SignedDirectory;
use serde_json::{Value, json};

use crate::run::Home;

/// How the node answers a submission.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Committed at height 7.
    Committed,
    /// Rejected at height 7 with this code.
    Rejected(u16),
    /// Refused with this status and code.
    Refused(u16, u16),
    /// Taken, and nothing more is ever said.
    Silence,
    /// So many are refused because the allowance is used up, then all are committed.
    CommittedAfter(u32),
    /// Committed, once so many wait together for their answers.
    CommittedTogether(usize),
    /// Rejected with this code where it pays this account, else committed.
    RejectedTo(AccountId, u16),
}

/// The node.
pub(crate) struct Node {
    pub(crate) url: String,
    pub(crate) genesis: Hash,
    submitted: Arc<Mutex<Vec<Transaction>>>,
    answer: Arc<Mutex<Answer>>,
    /// The time of the last block.
    time: Arc<Mutex<&'static str>>,
    /// What it answers at other paths.
    told: Arc<Mutex<BTreeMap<String, Value>>>,
    /// The signed directory, and the key that genesis is said to name.
    directory: Arc<Mutex<Option<(Value, PublicKey)>>>,
    /// What else is said of accounts and keys.
    said: Arc<Mutex<Said>>,
    under_way: Arc<UnderWay>,
}

/// How many submissions wait for their answers, and how many did at most.
#[derive(Default)]
struct UnderWay {
    counts: Mutex<(usize, usize)>,
    changed: Condvar,
}

impl UnderWay {
    /// Waits until so many have been under way together, or for as long as no test should take.
    fn together(&self, count: usize) {
        let mut counts = self.counts.lock().unwrap();
        counts.0 += 1;
        counts.1 = counts.1.max(counts.0);
        self.changed.notify_all();
        let patience = Duration::from_secs(30);
        let waited = self.changed.wait_timeout_while(counts, patience, |counts| counts.1 < count);
        waited.unwrap().0.0 -= 1;
    }
}

/// What else the node says.
#[derive(Clone, Default)]
struct Said {
    /// Members of the account's body.
    of_account: Vec<(&'static str, Value)>,
    /// Whether reads of the account are never answered.
    is_silent: bool,
    /// For which addresses every key acts.
    of_keys: Vec<String>,
}

pub(crate) fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

/// The account that the node knows.
pub(crate) fn account() -> AccountId {
    AccountId::new([7; 20])
}

/// The address of an account whose bytes are all the same.
pub(crate) fn address_of(byte: u8) -> String {
    AccountId::new([byte; 20]).to_address(&prefix())
}

/// Another address of the network.
pub(crate) fn other_address() -> String {
    AccountId::new([8; 20]).to_address(&prefix())
}

impl Node {
    pub(crate) fn start(answer: Answer) -> Self {
        Self::start_of(Hash::of(&[b"a network"]), answer)
    }

    /// The same of a network with this genesis.
    pub(crate) fn start_of(genesis: Hash, answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let node = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            genesis,
            submitted: Arc::default(),
            answer: Arc::new(Mutex::new(answer)),
            time: Arc::new(Mutex::new("2026-11-22T00:00:00.000Z")),
            told: Arc::default(),
            directory: Arc::default(),
            said: Arc::default(),
            under_way: Arc::default(),
        };
        let names = node.directory.clone();
        let (submitted, answer) = (node.submitted.clone(), node.answer.clone());
        let (genesis, time, told) = (node.genesis, node.time.clone(), node.told.clone());
        let said = node.said.clone();
        let under_way = node.under_way.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (submitted, answer) = (submitted.clone(), answer.clone());
                let under_way = under_way.clone();
                let at = (genesis, *time.lock().unwrap(), names.lock().unwrap().clone());
                let (told, said) = (told.lock().unwrap().clone(), said.lock().unwrap().clone());
                std::thread::spawn(move || {
                    let kept = (&*submitted, &*answer, &*under_way);
                    serve(stream.unwrap(), (&at, &said), kept, &told);
                });
            }
        });
        node
    }

    /// From now on it answers so.
    pub(crate) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// From now on it answers this at a path.
    pub(crate) fn tells(&self, path: &str, value: Value) {
        self.told.lock().unwrap().insert(path.to_owned(), value);
    }

    /// From now on its last block is of this time.
    pub(crate) fn time(&self, time: &'static str) {
        *self.time.lock().unwrap() = time;
    }

    /// From now on it has this directory, and says that this key signs its network's.
    pub(crate) fn directory(&self, directory: &SignedDirectory, key: PublicKey) {
        let file = serde_json::from_slice(&directory.to_bytes().unwrap()).unwrap();
        *self.directory.lock().unwrap() = Some((file, key));
    }

    /// From now on it says this of the account too: members of its body, `money.…` of its money's.
    pub(crate) fn says(&self, of_account: &[(&'static str, Value)]) {
        self.said.lock().unwrap().of_account = of_account.to_vec();
    }

    /// From now on reads of the account are not answered.
    pub(crate) fn is_silent(&self) {
        self.said.lock().unwrap().is_silent = true;
    }

    /// From now on every key acts for the account.
    pub(crate) fn opens_the_account(&self) {
        self.said.lock().unwrap().of_keys = vec![account().to_address(&prefix())];
    }

    /// How many submissions waited for their answers at most, of those that wait for one another.
    pub(crate) fn most_at_once(&self) -> usize {
        self.under_way.counts.lock().unwrap().1
    }

    /// The transactions that were sent, signatures checked.
    pub(crate) fn submitted(&self) -> Vec<Transaction> {
        let submitted = self.submitted.lock().unwrap().clone();
        for transaction in &submitted {
            transaction.verify(&self.genesis).unwrap();
        }
        submitted
    }

    /// A home with a wallet of the account that the node knows.
    pub(crate) fn home(&self) -> Home {
        let address = account().to_address(&prefix());
        let account = serde_json::to_value(account()).unwrap();
        Home::with_wallet(&self.genesis.to_string(), &address, account.as_str().unwrap())
    }

    /// The same, where the wallet acts for a party that is a counter.
    pub(crate) fn counter_home(&self) -> Home {
        let address = account().to_address(&prefix());
        let account = serde_json::to_value(account()).unwrap();
        let (genesis, account) = (self.genesis.to_string(), account.as_str().unwrap());
        Home::with_wallet_of(&genesis, &address, account, Some(4))
    }
}

/// What a node tells: its network, the time of its last block, its directory with who signs such.
type Told<'a> = (Hash, &'a str, Option<(Value, PublicKey)>);

fn serve(
    mut stream: TcpStream,
    (at, said): (&Told<'_>, &Said),
    (submitted, answer, under_way): (&Mutex<Vec<Transaction>>, &Mutex<Answer>, &UnderWay),
    told: &BTreeMap<String, Value>,
) {
    let Some((head, body)) = read(&mut stream) else { return };
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let reply = if head.starts_with("POST /v1/transactions") {
        let transaction = Transaction::decode(&body).unwrap();
        let id = transaction.id(&at.0);
        let answer = answer_to(&transaction, &mut answer.lock().unwrap());
        submitted.lock().unwrap().push(transaction);
        if let Answer::CommittedTogether(count) = answer {
            under_way.together(count);
        }
        match answer {
            Answer::Silence => {
                // The connection stays open without an answer until the client gives up.
                let _ = stream.read(&mut [0]);
                return;
            }
            Answer::Refused(status, code) => (status, problem(status, code)),
            Answer::CommittedAfter(_) | Answer::RejectedTo(..) => {
                let mut refused = problem(429, 7011);
                refused["retry_after"] = json!(1);
                (429, refused)
            }
            Answer::Committed | Answer::CommittedTogether(_) | Answer::Rejected(_) => {
                (200, json!({ "transaction": id, "receipt": receipt(&id.to_string(), &answer) }))
            }
        }
    } else {
        let of_silence = path.starts_with("/v1/accounts/") || path == "/v1/directory";
        if said.is_silent && of_silence {
            let _ = stream.read(&mut [0]);
            return;
        }
        let bare = path.split('?').next().unwrap_or_default();
        let known = told.get(bare).map(|value| (200, value.clone()));
        known.unwrap_or_else(|| get(&path, (at, said), &head))
    };
    let text = reply.1.to_string();
    let response = format!(
        "HTTP/1.1 {} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{text}",
        reply.0,
        text.len()
    );
    stream.write_all(response.as_bytes()).unwrap();
}

/// The answer to one transaction.
fn answer_to(transaction: &Transaction, answer: &mut Answer) -> Answer {
    match answer {
        Answer::CommittedAfter(0) => Answer::Committed,
        Answer::CommittedAfter(left) => {
            *left -= 1;
            answer.clone()
        }
        Answer::RejectedTo(account, code) => {
            let is_to = transaction.unsigned.operations.iter().any(|operation| {
                matches!(operation, Operation::Transfer(transfer) if transfer.to == *account)
            });
            if is_to { Answer::Rejected(*code) } else { Answer::Committed }
        }
        Answer::Committed
        | Answer::CommittedTogether(_)
        | Answer::Rejected(_)
        | Answer::Refused(..)
        | Answer::Silence => answer.clone(),
    }
}

fn get(path: &str, (at, said): (&Told<'_>, &Said), head: &str) -> (u16, Value) {
    let (genesis, time, directory) = (at.0, at.1, &at.2);
    let address = account().to_address(&prefix());
    match path {
        "/v1/status" => {
            let mut status = status(genesis, time);
            if let Some((_, key)) = directory {
                status["directory_keys"] = json!([key]);
            }
            (200, status)
        }
        "/v1/directory" => match directory {
            Some((file, _)) => (200, file.clone()),
            None => (404, problem(404, 6214)),
        },
        _ if path.starts_with("/v1/zones/1/merchants/") => (404, problem(404, 6224)),
        _ if path.starts_with("/v1/zones/1/merchants") => {
            let merchants =
                [8, 9].map(|byte| json!({ "account": address_of(byte), "class": "local" }));
            (200, json!({ "merchants": merchants, "next": null }))
        }
        _ if path == format!("/v1/accounts/{address}") => {
            if head.to_lowercase().contains("\r\nsignature-input: ") {
                let mut body = account_body(&address);
                for (name, value) in &said.of_account {
                    let place = match name.split_once('.') {
                        Some((outer, inner)) => &mut body[outer][inner],
                        None => &mut body[*name],
                    };
                    *place = value.clone();
                }
                (200, body)
            } else {
                (401, problem(401, 6101))
            }
        }
        _ if path == format!("/v1/accounts/{address}/bundle") => (200, bundle(genesis)),
        "/v1/notices/2/7" => (200, notice()),
        _ if path.starts_with("/v1/parties") => (200, json!({ "parties": [], "next": null })),
        _ if path.starts_with("/v1/keys/") => {
            let key = path.trim_start_matches("/v1/keys/").split('?').next();
            (200, json!({ "key": key, "accounts": said.of_keys }))
        }
        "/v1/zones" => (200, json!({ "zones": [zone(&address)] })),
        "/v1/zones/1" => (200, zone(&address)),
        _ if path.starts_with("/v1/accounts/") => (404, problem(404, 6202)),
        _ => (404, problem(404, if path.starts_with("/v1/receipts/") { 6201 } else { 6002 })),
    }
}

fn status(genesis: Hash, time: &str) -> Value {
    json!({
        "network": genesis.network().to_string(), "genesis_hash": genesis,
        "address_prefix": "aizu", "version": "0", "height": 6, "header_hash": Hash::ZERO,
        "time": time, "state_root": Hash::ZERO, "audit_log_size": 0,
        "audit_log_root": Hash::ZERO, "validators": 4, "waiting": 0, "decision_validity_ms": 1,
        "counter_delay_ms": 0,
    })
}

/// A zone whose shops pay 2 %, with another schedule announced.
pub(crate) fn zone(operator: &str) -> Value {
    let fees = |version: u32, in_force: bool, rate: u32| {
        json!({
            "version": version, "from": "2026-11-22T00:00:00.000Z", "in_force": in_force,
            "rate": rate, "minimum": "0", "tax": "included", "tiers": [{ "yearly_cap": "12000" }],
        })
    };
    let shares = json!({
        "version": 1, "from": "2026-11-22T00:00:00.000Z", "in_force": true,
        "shares": [{ "account": operator, "share": 4000 }], "fund": address_of(9),
    });
    json!({
        "zone": 1, "name": "会津コイン", "operator": operator, "areas": ["072028"],
        "publishes": ["merchants"], "fees": [fees(1, true, 200), fees(2, false, 150)],
        "shares": [shares], "total": "1234567",
    })
}

fn account_body(address: &str) -> Value {
    json!({
        "address": address, "standing": "account", "lowest_unused_nonce": 3,
        "used_nonces": "00000000000000000000000000000000", "keys": [], "threshold": 1, "height": 6,
        "money": { "custodian": 1, "kind": "citizen", "kyc_level": "k2", "status": "open",
                   "holder_commitment": Hash::ZERO, "balance": "12500", "held": "500",
                   "available": "12000", "opened": 0, "zones": [{ "zone": 1, "balance": "300" }], "vouchers": [] },
    })
}

/// The text of the one notice that is published, in both languages.
pub(crate) const NOTICE: &str = "We show your medication record to pharmacies.\n";

fn notice() -> Value {
    let content = |language: &str| json!({ "language": language, "content_hash": Hash::of(&[NOTICE.as_bytes()]) });
    json!({ "party": 2, "notice": 7, "version": 3, "materiality": "material",
            "last_material_version": 3, "contents": [content("en"), content("ja")],
            "media_hashes": [] })
}

/// A bundle that claims nothing.
fn bundle(genesis: Hash) -> Value {
    json!({ "format": "kyojo-bundle/2", "genesis": genesis, "validators": null, "changes": [],
            "log": null, "claims": [] })
}

fn receipt(id: &str, answer: &Answer) -> Value {
    match answer {
        Answer::Rejected(code) => json!({
            "transaction": id, "height": 7, "index": 2, "outcome": "rejected", "code": code,
            "name": "x", "operation": 0,
        }),
        _ => json!({ "transaction": id, "height": 7, "index": 2, "outcome": "committed" }),
    }
}

fn problem(status: u16, code: u16) -> Value {
    json!({ "type": "urn:x", "title": "t", "status": status, "detail": "d", "code": code,
            "name": "N" })
}

fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length: usize = head
                .to_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some((head, bytes[end + 4..].to_vec()));
            }
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return None,
        }
    }
}
