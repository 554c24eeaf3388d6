//! A citizen who consented, a clinic that holds, a pharmacy that asks, and all their programs.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use axum::http::HeaderValue;
use consent_records::commitment::{dated_id, random_id};
use consent_records::holder;
use consent_records::terms::{Disclosure, Terms};
use kyojo_tests::account::payer;
use kyojo_tests::gateway::Gateway;
use kyojo_tests::gateway::setting::{
    AMBULANCE, Facts, HOLDER, PHARMACY, free_address, holder_config, recipient_config, terms,
};
use kyojo_tests::gateway::stand_ins::{Gate, Issuer, Upstream};
use kyojo_tests::load::{Payer, Signed, now, sign};
use kyojo_tests::network::Plan;
use ledger_types::consent::{Regime, RegimeRules};
use ledger_types::operation::{
    AccessBasis, Amend, ConsentBasis, PublishRegime, RequestAccess, Suspend, Withdraw,
};
use ledger_types::{AccountId, ConsentId, Hash, Operation, PartyId, SigningKey};
use network_clock::Clock;
use node_api::query::{ByRead, Right};
use node_api::signature::{self, Message, Moment};
use node_client::{Client, Options, Reader};
use serde_json::{Value, json};

use super::WAIT;
use super::setting::consented;
use crate::town::Town;

const PATH: &str = "/patients/-/medications";
/// Another holder of data.
pub(crate) const ANOTHER: PartyId = PartyId::new(1);

/// Everything.
pub(crate) struct World {
    pub(crate) town: Town,
    pub(crate) upstream: Upstream,
    pub(crate) gate: Gate,
    pub(crate) holder: Gateway,
    pub(crate) recipient: Gateway,
    issuer: Issuer,
    holder_url: String,
    recipient_url: String,
    http: reqwest::Client,
    citizen: Payer,
    clinic: Payer,
    pharmacy: Payer,
    consent: ConsentId,
    terms: Terms,
    opened: Disclosure,
}

/// An access that the ledger permitted to the pharmacy.
pub(crate) struct Access {
    id: Hash,
    holder_salt: Hash,
    transaction: Vec<u8>,
}

/// Headers, and the status and code with which they are refused.
pub(crate) type BadRequest = (Vec<(&'static str, String)>, u16, u16);

/// A change to a request that makes it a dishonest one.
pub(crate) type Change = fn(&mut Value);

impl World {
    /// A consent is given and both gateways run.
    pub(crate) async fn begin(seed: u64) -> anyhow::Result<Self> {
        Self::with_uses(seed, None).await
    }

    /// The same with a consent that may be used so often.
    pub(crate) async fn with_uses(seed: u64, use_limit: Option<u32>) -> anyhow::Result<Self> {
        let door = std::net::TcpListener::bind("127.0.0.1:0")?;
        let names = vec![door.local_addr()?.to_string()];
        let town = Town::with(Plan { names, ..Plan::small(seed) }).await?;
        let clinic = actor(&town, "party-clinic")?;
        let pharmacy = actor(&town, "party-pharmacy")?;
        let key = SigningKey::from_seed(&[43; 32]);
        let citizen = Payer { account: AccountId::of_subject(&key.public_key()), key };
        let terms = terms()?;
        let consent = ConsentId::new(random_id());
        consented(&town, &clinic, &citizen, consent, (&terms, use_limit)).await?;

        let (upstream, issuer) = (Upstream::start().await?, Issuer::start().await?);
        let gate = Gate::start(door, town.urls())?;
        let folder = town.network.folder().join("gateways");
        let (at_clinic, at_pharmacy) = (free_address()?, free_address()?);
        let configured =
            holder_config(&facts(&town, vec![gate.url.clone()]), &upstream.url, &at_clinic);
        let holder = Gateway::begin(&folder.join("clinic"), &configured, &seed_of(&clinic))?;
        let facts = facts(&town, town.urls());
        let configured = recipient_config(&facts, &issuer.url, PHARMACY, &at_clinic, &at_pharmacy);
        let recipient = Gateway::begin(&folder.join("pharmacy"), &configured, &seed_of(&pharmacy))?;
        let opened = terms.disclose(0).context("there is a first process")?;
        holder.add(&json!({"version": 1, "consent": consent, "person": "P-42"}))?;
        recipient.add(&json!({"version": 1, "consent": consent, "processes": [opened]}))?;
        let http = kyojo_tests::rest::http_client().timeout(WAIT).build()?;
        let (holder_url, recipient_url) =
            (format!("http://{at_clinic}"), format!("http://{at_pharmacy}"));
        Ok(Self {
            town,
            upstream,
            gate,
            holder,
            issuer,
            recipient,
            holder_url,
            recipient_url,
            http,
            citizen,
            clinic,
            pharmacy,
            consent,
            terms,
            opened,
        })
    }

    /// The ambulance's gateway, with the URL at which it is asked.
    pub(crate) fn ambulance(&self) -> anyhow::Result<(Gateway, String)> {
        let address = free_address()?;
        let at_clinic = self.holder_url.trim_start_matches("http://");
        let facts = facts(&self.town, self.town.urls());
        let issuer = &self.issuer.url;
        let configured = recipient_config(&facts, issuer, AMBULANCE, at_clinic, &address);
        let folder = self.town.network.folder().join("gateways").join("ambulance");
        let seed = seed_of(&actor(&self.town, "party-ambulance")?);
        let gateway = Gateway::begin(&folder, &configured, &seed)?;
        Ok((gateway, format!("http://{address}/data/clinic{PATH}")))
    }

    /// A paramedic's application asks on the ground of an emergency, with these headers more.
    pub(crate) async fn emergency(
        &self,
        url: &str,
        more: &[(&str, &str)],
    ) -> anyhow::Result<(u16, Value)> {
        let (bearer, _) = self.credentials("pharmacist");
        let own = [("authorization", bearer.as_str()), ("kyojo-ground", "emergency")];
        self.ask_at(url, &[&own[..], more].concat()).await
    }

    /// A pharmacist's application asks for the citizen's medication records.
    pub(crate) async fn ask(&self, more: &[(&str, &str)]) -> anyhow::Result<(u16, Value)> {
        let (bearer, consent) = self.credentials("pharmacist");
        let own = [("authorization", bearer.as_str()), ("kyojo-consent", consent.as_str())];
        self.ask_with(&[&own[..], more].concat()).await
    }

    /// The same with these headers alone.
    pub(crate) async fn ask_with(&self, headers: &[(&str, &str)]) -> anyhow::Result<(u16, Value)> {
        self.ask_at(&format!("{}/data/clinic{PATH}", self.recipient_url), headers).await
    }

    async fn ask_at(&self, url: &str, headers: &[(&str, &str)]) -> anyhow::Result<(u16, Value)> {
        let mut request = self.http.get(url);
        for (name, value) in headers {
            // Reasons are in Japanese.
            request = request.header(*name, HeaderValue::from_bytes(value.as_bytes())?);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let log = || format!("{status} {text}\n{}", self.logs());
        Ok((status, serde_json::from_str(&text).with_context(log)?))
    }

    /// What both gateways have logged.
    pub(crate) fn logs(&self) -> String {
        format!("{}\n{}", self.recipient.log(), self.holder.log())
    }

    fn credentials(&self, role: &str) -> (String, String) {
        (format!("Bearer {}", self.issuer.token(role)), self.consent.get().to_string())
    }

    /// Requests that the recipient's gateway refuses by itself, with status and code.
    pub(crate) fn bad_requests(&self) -> [BadRequest; 5] {
        let (good, consent) = self.credentials("pharmacist");
        let (visitor, _) = self.credentials("visitor");
        let unknown = Hash::new([1; 32]).to_string();
        let with = |token: &str, consent: &str| {
            vec![("authorization", token.to_owned()), ("kyojo-consent", consent.to_owned())]
        };
        [
            (vec![("kyojo-consent", consent.clone())], 401, 7211),
            (with("Bearer e30.e30.e30", &consent), 401, 7212),
            (with(&visitor, &consent), 403, 7213),
            (with(&good, &unknown), 404, 7222),
            (with(&good, "not a consent"), 400, 7201),
        ]
    }

    /// The citizen withdraws; returns once every node has the block that holds it.
    pub(crate) async fn withdraw(&self) -> anyhow::Result<()> {
        self.by_citizen(Withdraw { consent: self.consent }.into()).await
    }

    /// The citizen allows no more than so many uses.
    pub(crate) async fn limit_uses(&self, use_limit: u32) -> anyhow::Result<()> {
        let (consent, use_limit) = (self.consent, Some(use_limit));
        self.by_citizen(Amend { consent, changes: vec![], expires: None, use_limit }.into()).await
    }

    /// The citizen takes out the process that the pharmacy asks for.
    pub(crate) async fn take_out(&self) -> anyhow::Result<()> {
        let (consent, changes) = (self.consent, vec![self.terms.clone().take_out(0)?]);
        self.by_citizen(Amend { consent, changes, expires: None, use_limit: None }.into()).await
    }

    /// The citizen sets the consent aside.
    pub(crate) async fn suspend(&self) -> anyhow::Result<()> {
        self.by_citizen(Suspend { consent: self.consent }.into()).await
    }

    async fn by_citizen(&self, operation: Operation) -> anyhow::Result<()> {
        let nonce = self.nonce(&self.citizen).await?;
        let made = sign(&self.town.genesis, &self.citizen, nonce, vec![operation]);
        settle(&self.town, &made).await?;
        // A gateway may ask any node, and each has the block in its own moment.
        for url in self.town.urls() {
            self.town.rest.settle(&url, &made, WAIT).await?;
        }
        Ok(())
    }

    /// An access that the pharmacy has the ledger permit by hand, beside its gateway.
    pub(crate) async fn permitted(&self) -> anyhow::Result<Access> {
        self.permitted_at(HOLDER).await
    }

    /// The same with another data holder named.
    pub(crate) async fn permitted_at(&self, party: PartyId) -> anyhow::Result<Access> {
        let id = dated_id(now());
        let (holder, holder_salt) = holder::named(party);
        let basis = AccessBasis::Consent(ConsentBasis {
            consent: self.consent,
            leaf: self.opened.process.leaf(),
            leaf_index: self.opened.process.index,
            path: self.opened.path.clone(),
            purpose: None,
        });
        let request = Operation::RequestAccess(RequestAccess { access: id, basis, holder });
        let nonce = self.nonce(&self.pharmacy).await?;
        let made = sign(&self.town.genesis, &self.pharmacy, nonce, vec![request]);
        settle(&self.town, &made).await?;
        Ok(Access { id, holder_salt, transaction: made.bytes.to_vec() })
    }

    /// The pharmacy presents an access to the clinic's gateway, changed as said.
    pub(crate) async fn present(
        &self,
        access: &Access,
        change: impl FnOnce(&mut Value),
    ) -> anyhow::Result<(u16, Value)> {
        self.present_as(access, change, &self.pharmacy).await
    }

    /// Somebody else presents the pharmacy's access.
    pub(crate) async fn present_as_clinic(&self, access: &Access) -> anyhow::Result<(u16, Value)> {
        self.present_as(access, |_| {}, &self.clinic).await
    }

    async fn present_as(
        &self,
        access: &Access,
        change: impl FnOnce(&mut Value),
        signer: &Payer,
    ) -> anyhow::Result<(u16, Value)> {
        let mut request = json!({
            "version": 2, "requester": PHARMACY, "access": access.id,
            "holder_salt": access.holder_salt,
            "transaction": hex::encode(&access.transaction),
            "opening": {"consent": self.opened},
            "asked": {"purpose": "kyojo:Dispensing", "operations": ["consult"],
                      "retention_days": 1, "region": "JP-07"},
            "asker": Hash::new([3; 32]), "path": PATH,
        });
        change(&mut request);
        let body = request.to_string();
        let authority = self.holder_url.trim_start_matches("http://");
        let path = "/v1/disclosures";
        let message = Message {
            genesis: &self.town.document.hash(),
            method: "POST",
            authority,
            path,
            query: None,
            body: body.as_bytes(),
        };
        let address = signer.account.to_address(&self.town.document.address_prefix);
        let signed = signature::sign(&message, &address, &signer.key, Moment::now(&Clock::real()));
        let sent = self.http.post(format!("{}{path}", self.holder_url));
        let sent = sent
            .header(signature::SIGNATURE_INPUT, signed.signature_input)
            .header(signature::SIGNATURE, signed.signature)
            .header(signature::CONTENT_DIGEST, signed.content_digest.context("there is a body")?);
        let answer = sent.body(body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Waits until both gateways list so many halves in a state, and gives the last of each.
    pub(crate) async fn halves(&self, state: &str, count: usize) -> anyhow::Result<[Value; 2]> {
        let deadline = Instant::now() + WAIT;
        loop {
            let [given, received] =
                [&self.holder, &self.recipient].map(|gateway| gateway.list(&["disclosures"]));
            let (given, received) = (given?, received?);
            let all = given.iter().chain(&received).all(|half| half["state"] == state);
            if all && given.len() == count && received.len() == count {
                let last = |halves: &[Value]| halves.last().cloned().unwrap_or_default();
                return Ok([last(&given), last(&received)]);
            }
            if Instant::now() > deadline {
                bail!("{given:#?}\n{received:#?}\n{}", self.holder.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until one gateway's only half is in a state.
    pub(crate) async fn half_is(&self, half: &str, state: &str) -> anyhow::Result<()> {
        let gateway = if half == "holder" { &self.holder } else { &self.recipient };
        let deadline = Instant::now() + WAIT;
        loop {
            let halves = gateway.list(&["disclosures"])?;
            if let [only] = halves.as_slice()
                && only["state"] == state
            {
                assert_eq!(only["half"], half);
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{halves:#?}\n{}", gateway.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// From now on the second half of a record must follow the first within so many milliseconds.
    pub(crate) async fn halves_within(&self, match_within_ms: u64) -> anyhow::Result<()> {
        let registrar = actor(&self.town, "registrar")?;
        let rules = RegimeRules { match_within_ms, ..RegimeRules::INITIAL };
        let regimes = [Regime::Private, Regime::PublicBody, Regime::HospitalOrUniversity];
        let publish =
            |regime| PublishRegime { regime, version: 1, statute_date: 20_220_401, rules };
        let operations = regimes.map(|regime| publish(regime).into()).to_vec();
        let nonce = self.nonce(&registrar).await?;
        settle(&self.town, &sign(&self.town.genesis, &registrar, nonce, operations)).await
    }

    /// Whom the ledger holds to owe the holder's half of the pharmacy's only access, as named.
    pub(crate) async fn blamed(&self) -> anyhow::Result<Option<PartyId>> {
        let listed = self.recipient.list(&["disclosures"])?;
        let access = listed.first().context("there is one")?["description"]["access"].clone();
        let access: Hash = serde_json::from_value(access)?;
        let client = Client::connect(&Options::new(self.town.url(1))).await?;
        let address = self.pharmacy.account.to_address(&self.town.document.address_prefix);
        let reader = Reader { address, key: self.pharmacy.key.clone() };
        Ok(client.access(&access, &Right::default(), &reader).await?.named)
    }

    /// The lowest nonce that the clinic has not used: how many transactions it has on the ledger.
    pub(crate) async fn clinic_nonce(&self) -> anyhow::Result<u64> {
        self.nonce(&self.clinic).await
    }

    async fn nonce(&self, party: &Payer) -> anyhow::Result<u64> {
        let prefix = &self.town.document.address_prefix;
        let client = Client::connect(&Options::new(self.town.url(1))).await?;
        let address = party.account.to_address(prefix);
        let reader = Reader { address, key: party.key.clone() };
        Ok(client.account(&reader.address, &ByRead::default(), &reader).await?.lowest_unused_nonce)
    }
}

/// What a requester could try with an access that was permitted, and what it gets.
pub(crate) fn dishonest() -> [(u16, Change); 7] {
    [
        (7251, |request| request["holder_salt"] = json!(Hash::new([9; 32]))),
        (7233, |request| request["access"] = json!(Hash::new([9; 32]))),
        (7236, |request| {
            let document = "/opening/consent/process/opening/document/retention_days";
            *request.pointer_mut(document).expect("the opening has it") = json!(9999);
        }),
        (7237, |request| request["asked"]["purpose"] = json!("dpv:Marketing")),
        (7239, |request| request["path"] = json!("/patients/P-43/medications")),
        (7241, |request| request["path"] = json!("/patients")),
        (7201, |request| request["query"] = json!("all=true")),
    ]
}

/// Has a transaction committed.
pub(crate) async fn settle(town: &Town, made: &Signed) -> anyhow::Result<()> {
    let settled = town.rest.settle(&town.url(1), made, WAIT).await?;
    match settled["receipt"]["outcome"].as_str() {
        Some("committed") => Ok(()),
        _ => bail!("{settled}"),
    }
}

fn actor(town: &Town, name: &str) -> anyhow::Result<Payer> {
    let mut actors = town.actors.actors.iter();
    payer(actors.find(|actor| actor.name == name).context("the town has it")?)
}

fn facts(town: &Town, nodes: Vec<String>) -> Facts {
    Facts { genesis: town.genesis, prefix: town.document.address_prefix.clone(), nodes }
}

fn seed_of(payer: &Payer) -> String {
    hex::encode(payer.key.seed().as_ref())
}
