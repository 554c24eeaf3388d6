//! A data user's day: a pharmacy asks a clinic's gateway for its customers' medication, hour by hour.
//!
//! At noon one customer withdraws with her wallet's key; in the afternoon another, who has no phone,
//! withdraws at the city's counter, where he had consented on paper. From then on both are refused.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use consent_records::commitment::{Salt, random_id};
use consent_records::terms::Terms;
use kyojo_tests::gateway::Gateway;
use kyojo_tests::gateway::setting::{
    Facts, HOLDER, free_address, holder_config, recipient_config, terms,
};
use kyojo_tests::gateway::stand_ins::{Issuer, Upstream};
use kyojo_tests::load::{Payer, Signed, now};
use kyojo_tests::measure::millis;
use kyojo_tests::rest::http_client;
use ledger_types::consent::{Breadth, Language, Materiality, NoticeContent, Profile};
use ledger_types::event::{
    AccessPermitted, ConsentEnded, ConsentGranted, ConsentWithdrawn, HalfRecorded,
};
use ledger_types::operation::{Grant, PublishNotice, RegisterCounter, Withdraw, WithdrawFor};
use ledger_types::{
    AccountId, ConsentId, ConsentStatus, Event, Hash, Nonce, NoticeId, Operation, SigningKey,
    Unsigned,
};
use node_api::PAGE_LIMIT_MAX;
use node_api::query::OfParty;
use serde::Serialize;
use serde_json::{Value, json};

use crate::region::{Party, Region, Sender};

/// Who comes to the pharmacy.
const CUSTOMERS: usize = 12;
/// Whoever withdraws with a wallet, and whoever does at the counter.
const AT_NOON: usize = 0;
const AT_THE_COUNTER: usize = 1;
/// The opening hours; each hour a third of the customers come.
const HOURS: core::ops::Range<usize> = 9..18;
const NOON: usize = 12;
const COUNTER_HOUR: usize = 15;
const NOTICE: NoticeId = NoticeId::new(14);
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const WITHIN: Duration = Duration::from_secs(30);
/// The rule that refuses a use after the consent's end.
const CONSENT_ENDED: u64 = 4014;

/// What came of the day.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    scenario: &'static str,
    customers: usize,
    asked: u64,
    permitted: u64,
    refused: u64,
    /// From the receipt of each withdrawal to the refusal of the next request, in milliseconds.
    withdrawn_by_wallet_to_refusal_ms: f64,
    withdrawn_at_counter_to_refusal_ms: f64,
    /// Disclosures of which both gateways hold the same record, and those that have one half.
    matched: usize,
    unmatched: usize,
    /// Requests that reached the data API: none after a withdrawal.
    fetched: u32,
    /// Whether the clinic's log on the ledger counts what the gateways counted.
    adds_up: bool,
}

impl Report {
    /// Whether the day went as the rules say.
    pub(crate) fn holds(&self) -> bool {
        self.adds_up && self.unmatched == 0 && self.refused > 0
    }

    pub(crate) fn text(&self) -> String {
        [
            format!(
                "{} customers, {} requests: {} answered, {} refused",
                self.customers, self.asked, self.permitted, self.refused
            ),
            format!(
                "refused {} ms after the withdrawal by wallet, {} ms after the one at the counter",
                self.withdrawn_by_wallet_to_refusal_ms, self.withdrawn_at_counter_to_refusal_ms
            ),
            format!("{} disclosures match, {} do not", self.matched, self.unmatched),
            format!(
                "the ledger's log {}",
                if self.adds_up { "adds up" } else { "does NOT add up" }
            ),
        ]
        .join("\n")
    }
}

struct Customer {
    sender: Sender,
    consent: ConsentId,
    withdrawn: bool,
}

struct Day<'a> {
    region: &'a Region,
    clinic: Party,
    counter: Party,
    customers: Vec<Customer>,
    upstream: Upstream,
    issuer: Issuer,
    holder: Gateway,
    recipient: Gateway,
    url: String,
    http: reqwest::Client,
    asked: u64,
    permitted: u64,
    refused: u64,
}

/// Plays the day.
pub(crate) async fn play(region: &Region) -> anyhow::Result<Report> {
    let mut day = Day::begin(region).await?;
    let mut by_wallet = None;
    let mut at_counter = None;
    for hour in HOURS {
        if hour == NOON {
            day.withdraw_by_wallet().await?;
            by_wallet = Some(day.refusal_of(AT_NOON).await?);
        }
        if hour == COUNTER_HOUR {
            day.withdraw_at_counter().await?;
            at_counter = Some(day.refusal_of(AT_THE_COUNTER).await?);
        }
        for customer in (0..CUSTOMERS).filter(|customer| (customer + hour) % 3 == 0) {
            day.serve(customer).await?;
        }
        eprintln!("{hour}:00 – {} answered, {} refused", day.permitted, day.refused);
    }
    let (matched, unmatched) = day.close().await?;
    Ok(Report {
        scenario: "day",
        customers: CUSTOMERS,
        asked: day.asked,
        permitted: day.permitted,
        refused: day.refused,
        withdrawn_by_wallet_to_refusal_ms: millis(by_wallet.context("noon came")?),
        withdrawn_at_counter_to_refusal_ms: millis(at_counter.context("the afternoon came")?),
        matched,
        unmatched,
        fetched: day.upstream.asked(),
        adds_up: day.adds_up().await?,
    })
}

impl<'a> Day<'a> {
    /// Everyone consents, and both gateways run.
    async fn begin(region: &'a Region) -> anyhow::Result<Self> {
        let mut clinic = region.party("party-clinic")?;
        let pharmacy = region.party("party-pharmacy")?;
        let mut counter = region.party("party-city-counter")?;
        region.commit(0, &clinic.sender.sign(&region.genesis, vec![notice()?])).await?;
        let mut customers = Vec::with_capacity(CUSTOMERS);
        let mut agreed = Vec::with_capacity(CUSTOMERS);
        for number in 0..CUSTOMERS {
            let terms = terms()?;
            let counter = (number == AT_THE_COUNTER).then_some(&mut counter);
            customers.push(consented(region, number, &terms, counter, &clinic).await?);
            agreed.push(terms);
        }
        let (upstream, issuer) = (Upstream::start().await?, Issuer::start().await?);
        let (at_clinic, at_pharmacy) = (free_address()?, free_address()?);
        let facts = Facts {
            genesis: region.genesis,
            prefix: region.document.address_prefix.clone(),
            nodes: (0..region.network.size()).map(|node| region.network.url(node)).collect(),
        };
        let folder = region.network.folder().join("gateways");
        let configured = holder_config(&facts, &upstream.url, &at_clinic);
        let holder = Gateway::begin(&folder.join("clinic"), &configured, &seed(&clinic))?;
        let configured =
            recipient_config(&facts, &issuer.url, pharmacy.number, &at_clinic, &at_pharmacy);
        let recipient = Gateway::begin(&folder.join("pharmacy"), &configured, &seed(&pharmacy))?;
        for (number, (customer, terms)) in customers.iter().zip(&agreed).enumerate() {
            let consent = customer.consent;
            let opened = terms.disclose(0).context("there is a first process")?;
            let person = format!("P-{}", number + 1);
            holder.add(&json!({"version": 1, "consent": consent, "person": person}))?;
            recipient.add(&json!({"version": 1, "consent": consent, "processes": [opened]}))?;
        }
        ensure!(clinic.number == HOLDER, "the clinic holds the data");
        let http = http_client().timeout(WITHIN).build()?;
        let url = format!("http://{at_pharmacy}/data/clinic/patients/-/medications");
        Ok(Self {
            region,
            clinic,
            counter,
            customers,
            upstream,
            issuer,
            holder,
            recipient,
            url,
            http,
            asked: 0,
            permitted: 0,
            refused: 0,
        })
    }

    /// A customer comes: answered as long as the consent stands, refused by its rule afterwards.
    async fn serve(&mut self, customer: usize) -> anyhow::Result<()> {
        let withdrawn = self.customers.get(customer).is_some_and(|one| one.withdrawn);
        let (status, answer) = self.ask(customer).await?;
        if withdrawn {
            ensure!(status == 403 && answer["code"] == CONSENT_ENDED, "{status} {answer}");
            self.refused += 1;
        } else {
            let items = answer["items"].as_array().map_or(0, Vec::len);
            ensure!(status == 200 && items > 0, "{status} {answer}");
            self.permitted += 1;
        }
        Ok(())
    }

    async fn ask(&mut self, customer: usize) -> anyhow::Result<(u16, Value)> {
        let consent = self.customers.get(customer).context("a customer")?.consent;
        let request = self.http.get(&self.url).bearer_auth(self.issuer.token("pharmacist"));
        let answer = request.header("kyojo-consent", consent.get().to_string()).send().await?;
        self.asked += 1;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// How long after a withdrawal's receipt the next request was refused.
    async fn refusal_of(&mut self, customer: usize) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        self.serve(customer).await?;
        Ok(begun.elapsed())
    }

    async fn withdraw_by_wallet(&mut self) -> anyhow::Result<()> {
        let customer = self.customers.get_mut(AT_NOON).context("a customer")?;
        let withdraw = Operation::Withdraw(Withdraw { consent: customer.consent });
        let made = customer.sender.sign(&self.region.genesis, vec![withdraw]);
        customer.withdrawn = true;
        self.region.commit(0, &made).await.map(drop)
    }

    async fn withdraw_at_counter(&mut self) -> anyhow::Result<()> {
        let customer = self.customers.get_mut(AT_THE_COUNTER).context("a customer")?;
        // What the counter saw of him stays at the counter, under this salt.
        let evidence = Salt::fresh().commit(b"kyojo/identity-checked/v1", b"my number card");
        let withdraw = Operation::WithdrawFor(WithdrawFor { consent: customer.consent, evidence });
        let made = self.counter.sender.sign(&self.region.genesis, vec![withdraw]);
        customer.withdrawn = true;
        self.region.commit(1, &made).await.map(drop)
    }

    /// Waits until every answered request is matched on both sides; matched and lone halves.
    async fn close(&mut self) -> anyhow::Result<(usize, usize)> {
        let deadline = Instant::now() + WITHIN;
        loop {
            let given = self.holder.list(&["disclosures"])?;
            let received = self.recipient.list(&["disclosures"])?;
            let is_matched = |half: &&Value| half["state"] == "matched";
            let matched = given.iter().filter(is_matched).count();
            let both = received.iter().filter(is_matched).count() == matched;
            if both && u64::try_from(matched)? == self.permitted {
                let lone = self.holder.list(&["unmatched", "--older-than", "0"])?.len()
                    + self.recipient.list(&["unmatched", "--older-than", "0"])?.len();
                return Ok((matched, lone));
            }
            ensure!(Instant::now() < deadline, "{given:#?}\n{}", self.holder.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The clinic reads its own log on the ledger, page by page, and counts.
    async fn adds_up(&self) -> anyhow::Result<bool> {
        let client = self.region.client(2).await?;
        let reader = self.region.reader(&self.clinic.sender);
        let prefix = &self.region.document.address_prefix;
        let (mut given, mut permitted, mut halves, mut withdrawn) = (0, 0, 0, 0);
        let mut asked = OfParty { limit: Some(PAGE_LIMIT_MAX), ..OfParty::default() };
        loop {
            let page = client.party_log(self.clinic.number, &asked, &reader).await?;
            for entry in &page.entries {
                let event = entry.event(prefix)?;
                given += u64::from(ConsentGranted::of(&event).is_some());
                permitted += u64::from(AccessPermitted::of(&event).is_some());
                halves += u64::from(HalfRecorded::of(&event).is_some());
                withdrawn += u64::from(is_withdrawn(&event));
            }
            asked.cursor = page.next;
            if asked.cursor.is_none() {
                break;
            }
        }
        Ok(given == u64::try_from(CUSTOMERS)?
            && permitted == self.permitted
            && halves == 2 * permitted
            && withdrawn == 2)
    }
}

/// Whether a consent was withdrawn, by the subject's own key or by a counter.
fn is_withdrawn(event: &Event) -> bool {
    let ended = ConsentEnded::of(event);
    ConsentWithdrawn::of(event).is_some()
        || ended.is_some_and(|ended| ended.status == ConsentStatus::Withdrawn)
}

/// A customer who consented: with a key of her own, or on a form at the counter.
async fn consented(
    region: &Region,
    number: usize,
    terms: &Terms,
    counter: Option<&mut Party>,
    clinic: &Party,
) -> anyhow::Result<Customer> {
    let seed = Hash::of(&[b"customer", &u64::try_from(number)?.to_be_bytes()]);
    let key = SigningKey::from_seed(seed.as_bytes());
    let account = AccountId::of_subject(&key.public_key());
    let mut sender = Sender::new(Payer { account, key });
    let consent = ConsentId::new(random_id());
    let on_behalf_of = counter.is_some().then_some(account);
    let grant = Operation::Grant(grant(clinic, consent, terms, on_behalf_of)?);
    let made = match counter {
        Some(counter) => {
            let until = now().checked_add_millis(86_400_000).context("a day from now")?;
            let form = Some(Hash::of(&[b"form", seed.as_bytes()]));
            let register =
                RegisterCounter { subject: account, counter: counter.number, form, until };
            counter.sender.sign(&region.genesis, vec![register.into(), grant])
        }
        None => first(region, &mut sender, clinic, grant)?,
    };
    region.commit(1, &made).await?;
    Ok(Customer { sender, consent, withdrawn: false })
}

/// A subject's first transaction, with its controller's signature beside.
fn first(
    region: &Region,
    sender: &mut Sender,
    clinic: &Party,
    grant: Operation,
) -> anyhow::Result<Signed> {
    let unsigned = Unsigned {
        network: region.genesis.network(),
        account: sender.payer.account,
        nonce: Nonce::new(sender.take_nonce()),
        valid_until: now().checked_add_millis(600_000).context("ten minutes from now")?,
        purpose: 0,
        operations: vec![grant],
    };
    let keys = [&sender.payer.key, &clinic.sender.payer.key];
    Ok(Signed::new(unsigned, &region.genesis, &keys))
}

fn grant(
    clinic: &Party,
    consent: ConsentId,
    terms: &Terms,
    on_behalf_of: Option<AccountId>,
) -> anyhow::Result<Grant> {
    let begins = now();
    Ok(Grant {
        consent,
        controller: clinic.number,
        terms_root: terms.root(),
        notice: NOTICE,
        notice_version: 1,
        language: Language::new("ja").context("two letters are a language")?,
        notice_hash: notice_hash(),
        presentation_commitment: random_id(),
        valid_from: begins,
        expires: begins.checked_add_millis(365 * DAY_MS).context("a year from now")?,
        use_limit: None,
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of,
        profile: Profile::Ordinary,
    })
}

fn notice() -> anyhow::Result<Operation> {
    let language = Language::new("ja").context("two letters are a language")?;
    Ok(Operation::PublishNotice(PublishNotice {
        notice: NOTICE,
        version: 1,
        materiality: Materiality::Material,
        contents: vec![NoticeContent { language, content_hash: notice_hash() }],
        media_hashes: vec![],
    }))
}

fn notice_hash() -> Hash {
    Hash::of(&["お薬の記録を、かかりつけの薬局が見られるようにします。".as_bytes()])
}

fn seed(party: &Party) -> String {
    hex::encode(party.sender.payer.key.seed().as_ref())
}
