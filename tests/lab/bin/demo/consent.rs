//! Consent in the town: a citizen lends her purchases to the shops' service, changes who receives
//! them, an emergency is reviewed, a notice changes, and the auditor counts.
//!
//! Everything is real: real transactions through a real node, real refusals, real reads.

use std::path::Path;

use anyhow::{Context as _, ensure};
use consent_records::holder;
use kyojo_genesis::actors::{Actor, Actors};
use kyojo_tests::account::{actors, payer};
use kyojo_tests::load::{Payer, Signed, now, of_today};
use ledger_types::consent::{
    Breadth, Language, LeafChange, Materiality, NoticeContent, Profile, Recipient, TermsLeaf,
};
use ledger_types::event::{
    AccessPermitted, Amended, ConsentGranted, ConsentWithdrawn, GlassBroken, GlassReviewed,
    HalfRecorded, Renewed,
};
use ledger_types::operation::{
    AccessBasis, Amend, AuditScope, BreakGlass, ConsentBasis, Finding, Grant, GrantAuditView,
    NotifySubject, PublishNotice, RecordReceipt, RecordUse, Renew, RequestAccess, ReviewBreakGlass,
    Withdraw,
};
use ledger_types::{
    AccountId, ConsentId, Event, Hash, Nonce, NoticeId, Operation, Outcome, PartyId, SigningKey,
    Timestamp, Unsigned, merkle,
};
use node_api::PAGE_LIMIT_MAX;
use node_api::query::OfParty;
use node_client::{Client, Options, Reader};
use serde::Serialize;

const NOTICE: NoticeId = NoticeId::new(1);
const MINUTE_MS: u64 = 60 * 1000;
const YEAR_MS: u64 = 365 * 24 * 60 * MINUTE_MS;
/// Rules by which the ledger refuses, as they are numbered.
const CONSENT_ENDED: u16 = 4014;
const NOT_IN_TERMS: u16 = 4018;
const RENEWAL_DUE: u16 = 4020;

/// What happened, and what the auditor counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ConsentReport {
    /// Consents given.
    pub(crate) given: u64,
    /// Uses that were permitted.
    pub(crate) permitted: u64,
    /// Of them, those that both sides recorded alike.
    pub(crate) matched: u64,
    /// Uses that were refused: after the recipient had changed, the notice had, or the withdrawal.
    pub(crate) refused: u64,
    /// Changes of the terms by the citizen.
    pub(crate) amended: u64,
    /// Renewals under the notice that had changed.
    pub(crate) renewed: u64,
    /// Emergencies that somebody else reviewed.
    pub(crate) reviewed: u64,
    /// Consents withdrawn.
    pub(crate) withdrawn: u64,
    /// Whether the auditor, who read the logs of both parties, counted the same.
    pub(crate) adds_up: bool,
}

/// Someone who sends transactions.
struct Sender {
    payer: Payer,
    party: Option<PartyId>,
    next: u64,
}

/// Plays it through the node at `url`, in the network of this folder.
pub(crate) async fn play(folder: &Path, url: &str) -> anyhow::Result<ConsentReport> {
    let mut story = Story::begin(&actors(folder)?, Client::connect(&Options::new(url)).await?)?;
    story.lend_purchases().await?;
    story.change_recipient().await?;
    story.save_a_life().await?;
    story.change_notice().await?;
    story.withdraw().await?;
    story.audit().await?;
    Ok(story.report)
}

struct Story {
    client: Client,
    service: Sender,
    shops: Sender,
    university: Sender,
    clinic: Sender,
    auditor: Sender,
    city: Sender,
    citizen: Sender,
    leaves: Vec<TermsLeaf>,
    consent: ConsentId,
    report: ConsentReport,
}

impl Story {
    fn begin(actors: &Actors, client: Client) -> anyhow::Result<Self> {
        let find = |name: &str| {
            let found = actors.actors.iter().find(|actor| actor.name == name);
            found.with_context(|| format!("the town has no {name}")).and_then(Sender::of)
        };
        let seed = Hash::of(&[b"citizen", actors.genesis_hash.as_bytes()]);
        let key = SigningKey::from_seed(seed.as_bytes());
        let payer = Payer { account: AccountId::of_subject(&key.public_key()), key };
        Ok(Self {
            client,
            service: find("party-purchase-data")?,
            shops: find("party-shop-analytics")?,
            university: find("party-university-research")?,
            clinic: find("party-clinic")?,
            auditor: find("party-auditor")?,
            city: find("city")?,
            citizen: Sender { payer, party: None, next: 0 },
            leaves: leaves(find("party-shop-analytics")?.number()?),
            consent: ConsentId::new(random()),
            report: ConsentReport::default(),
        })
    }

    /// The citizen consents to the purchase-data service for shops, and a shop looks.
    async fn lend_purchases(&mut self) -> anyhow::Result<()> {
        let notice = publish(1);
        self.commit(Role::Service, vec![notice]).await?;
        let now = now();
        let grant = Operation::Grant(Grant {
            consent: self.consent,
            controller: self.service.number()?,
            terms_root: merkle::root(&self.hashes()),
            notice: NOTICE,
            notice_version: 1,
            language: japanese()?,
            notice_hash: notice_hash(1),
            presentation_commitment: random(),
            valid_from: now,
            expires: now.checked_add_millis(YEAR_MS).context("a year from now")?,
            use_limit: None,
            breadth: Breadth::Specific,
            compensation: None,
            on_behalf_of: None,
            profile: Profile::Ordinary,
        });
        self.commit(Role::Citizen, vec![grant]).await?;
        self.report.given += 1;
        self.disclose(Role::Shops).await
    }

    /// From the shops to the university: the shops are refused from then on.
    async fn change_recipient(&mut self) -> anyhow::Result<()> {
        let path = merkle::inclusion_path(&self.hashes(), 0);
        let before = self.leaf()?;
        let replacement = leaf_for(self.university.number()?);
        let change = LeafChange { index: 0, leaf: before, path, replacement: Some(replacement) };
        let amend =
            Amend { consent: self.consent, changes: vec![change], expires: None, use_limit: None };
        let (old, _) = self.ask()?;
        self.commit(Role::Citizen, vec![Operation::Amend(amend)]).await?;
        self.report.amended += 1;
        self.refuse(Role::Shops, old, NOT_IN_TERMS).await?;
        if let Some(leaf) = self.leaves.first_mut() {
            *leaf = replacement;
        }
        self.disclose(Role::University).await
    }

    /// The clinic breaks glass; another organisation reviews it, and the person is told.
    async fn save_a_life(&mut self) -> anyhow::Result<()> {
        let glass = of_today(random());
        let broken = BreakGlass {
            glass,
            person: random(),
            scope: random(),
            ground: random(),
            // A minute ago: nobody waits for a network to save a life.
            opened: Timestamp::from_millis(now().as_millis().saturating_sub(MINUTE_MS)),
            duration_ms: 30 * MINUTE_MS,
        };
        self.commit(Role::Clinic, vec![Operation::BreakGlass(broken)]).await?;
        let basis = AccessBasis::BreakGlass { glass };
        let (access, (holder, _)) = (of_today(random()), holder::named(self.clinic.number()?));
        let asked = Operation::RequestAccess(RequestAccess { access, basis, holder });
        self.commit(Role::Clinic, vec![asked]).await?;
        let (finding, commitment) = (Finding::Justified, random());
        let review = ReviewBreakGlass { glass, finding, commitment };
        self.commit(Role::Auditor, vec![Operation::ReviewBreakGlass(review)]).await?;
        let told = NotifySubject { glass, evidence: random() };
        self.commit(Role::Clinic, vec![Operation::NotifySubject(told)]).await?;
        self.report.reviewed += 1;
        Ok(())
    }

    /// The notice changes in substance: nothing is used until the citizen has renewed.
    async fn change_notice(&mut self) -> anyhow::Result<()> {
        self.commit(Role::Service, vec![publish(2)]).await?;
        let (asked, _) = self.ask()?;
        self.refuse(Role::University, asked, RENEWAL_DUE).await?;
        let renew = Operation::Renew(Renew {
            consent: self.consent,
            notice_version: 2,
            language: japanese()?,
            notice_hash: notice_hash(2),
            presentation_commitment: random(),
        });
        self.commit(Role::Citizen, vec![renew]).await?;
        self.report.renewed += 1;
        self.disclose(Role::University).await
    }

    /// One step, free, and at once.
    async fn withdraw(&mut self) -> anyhow::Result<()> {
        let withdraw = Operation::Withdraw(Withdraw { consent: self.consent });
        self.commit(Role::Citizen, vec![withdraw]).await?;
        self.report.withdrawn += 1;
        let (asked, _) = self.ask()?;
        self.refuse(Role::University, asked, CONSENT_ENDED).await
    }

    /// A use, with both halves of its record.
    async fn disclose(&mut self, to: Role) -> anyhow::Result<()> {
        let (asked, salt) = self.ask()?;
        let access = asked.access;
        self.commit(to, vec![Operation::RequestAccess(asked)]).await?;
        self.report.permitted += 1;
        let disclosure = random();
        let used = Operation::RecordUse(RecordUse { access, disclosure, salt });
        self.commit(Role::Service, vec![used]).await?;
        let received = Operation::RecordReceipt(RecordReceipt { access, disclosure });
        self.commit(to, vec![received]).await?;
        self.report.matched += 1;
        Ok(())
    }

    /// The city lets the auditor read; what it counts in the service's log must be what was done.
    async fn audit(&mut self) -> anyhow::Result<()> {
        let view = random();
        let in_an_hour = now().checked_add_millis(60 * MINUTE_MS);
        let grant = GrantAuditView {
            view,
            auditor: self.auditor.number()?,
            scope: AuditScope::All,
            until: in_an_hour.context("an hour from now")?,
            ground: random(),
        };
        self.commit(Role::City, vec![Operation::GrantAuditView(grant)]).await?;
        let service = self.told(self.service.number()?, &view).await?;
        let clinic = self.told(self.clinic.number()?, &view).await?;
        let count = |events: &[Event], is: fn(&Event) -> bool| {
            u64::try_from(events.iter().filter(|event| is(event)).count()).unwrap_or(u64::MAX)
        };
        let (report, halves) = (&self.report, self.report.matched * 2);
        self.report.adds_up = count(&service, |event| ConsentGranted::of(event).is_some())
            == report.given
            && count(&service, |event| AccessPermitted::of(event).is_some()) == report.permitted
            && count(&service, |event| HalfRecorded::of(event).is_some()) == halves
            && count(&service, |event| Amended::of(event).is_some()) == report.amended
            && count(&service, |event| Renewed::of(event).is_some()) == report.renewed
            && count(&service, |event| ConsentWithdrawn::of(event).is_some()) == report.withdrawn
            && count(&clinic, |event| GlassBroken::of(event).is_some()) == report.reviewed
            && count(&clinic, |event| GlassReviewed::of(event).is_some()) == report.reviewed;
        Ok(())
    }

    /// All events of a party's log, as the auditor reads them.
    async fn told(&self, party: PartyId, view: &Hash) -> anyhow::Result<Vec<Event>> {
        let Payer { account, key } = &self.auditor.payer;
        let prefix = &self.client.network().address_prefix;
        let reader = Reader { address: account.to_address(prefix), key: key.clone() };
        let asked =
            OfParty { view: Some(*view), limit: Some(PAGE_LIMIT_MAX), ..OfParty::default() };
        let page = self.client.party_log(party, &asked, &reader).await?;
        ensure!(page.next.is_none(), "the log of party {party} is longer than one page");
        let events: Result<Vec<Event>, _> =
            page.entries.iter().map(|entry| entry.event(prefix)).collect();
        Ok(events?)
    }

    /// A request for access to the service's data by the first process, under the terms as they are,
    /// and what opens the service's name in it.
    fn ask(&self) -> anyhow::Result<(RequestAccess, Hash)> {
        let basis = ConsentBasis {
            consent: self.consent,
            leaf: self.leaf()?,
            leaf_index: 0,
            path: merkle::inclusion_path(&self.hashes(), 0),
            purpose: None,
        };
        let (holder, salt) = holder::named(self.service.number()?);
        let (access, basis) = (of_today(random()), AccessBasis::Consent(basis));
        Ok((RequestAccess { access, basis, holder }, salt))
    }

    fn leaf(&self) -> anyhow::Result<TermsLeaf> {
        self.leaves.first().copied().context("the terms have a process")
    }

    fn hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(TermsLeaf::hash).collect()
    }

    async fn commit(&mut self, who: Role, operations: Vec<Operation>) -> anyhow::Result<()> {
        let outcome = self.send(who, operations).await?;
        ensure!(outcome == Outcome::Committed, "{who:?} was refused: {outcome:?}");
        Ok(())
    }

    /// The ledger must refuse, by this rule.
    async fn refuse(&mut self, who: Role, asked: RequestAccess, rule: u16) -> anyhow::Result<()> {
        let outcome = self.send(who, vec![Operation::RequestAccess(asked)]).await?;
        let is_refused = matches!(outcome, Outcome::Rejected { code, .. } if code.get() == rule);
        ensure!(is_refused, "{who:?} was to be refused by rule {rule}: {outcome:?}");
        self.report.refused += 1;
        Ok(())
    }

    /// What became of a transaction of these operations.
    async fn send(&mut self, who: Role, operations: Vec<Operation>) -> anyhow::Result<Outcome> {
        let genesis = self.client.network().genesis_hash;
        // A subject's first transaction carries its controller's signature.
        let cosigner = (who == Role::Citizen).then(|| self.service.payer.key.clone());
        let valid_until = now().checked_add_millis(10 * MINUTE_MS);
        let sender = self.sender(who);
        let cosigner = cosigner.filter(|_| sender.next == 0);
        let unsigned = Unsigned {
            network: genesis.network(),
            account: sender.payer.account,
            nonce: Nonce::new(sender.next),
            valid_until: valid_until.context("in ten minutes")?,
            purpose: 0,
            operations,
        };
        sender.next += 1;
        let keys: Vec<&SigningKey> = core::iter::once(&sender.payer.key).chain(&cosigner).collect();
        let signed = Signed::new(unsigned, &genesis, &keys);
        Ok(self.client.submit_and_wait(&signed).await?.outcome)
    }

    fn sender(&mut self, who: Role) -> &mut Sender {
        match who {
            Role::Service => &mut self.service,
            Role::Shops => &mut self.shops,
            Role::University => &mut self.university,
            Role::Clinic => &mut self.clinic,
            Role::Auditor => &mut self.auditor,
            Role::City => &mut self.city,
            Role::Citizen => &mut self.citizen,
        }
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Service,
    Shops,
    University,
    Clinic,
    Auditor,
    City,
    Citizen,
}

impl Sender {
    fn of(actor: &Actor) -> anyhow::Result<Self> {
        Ok(Self { payer: payer(actor)?, party: actor.party, next: 0 })
    }

    fn number(&self) -> anyhow::Result<PartyId> {
        self.party.context("an actor that should be a party is none")
    }
}

/// One process for a party, and seven random leaves that fill the tree, as a wallet makes it.
fn leaves(recipient: PartyId) -> Vec<TermsLeaf> {
    core::iter::repeat_with(|| leaf_for(recipient)).take(8).collect()
}

fn leaf_for(recipient: PartyId) -> TermsLeaf {
    let recipient = Recipient::Party(recipient);
    TermsLeaf { sensitive: false, recipient, commitment: random() }
}

fn publish(version: u32) -> Operation {
    let language = Language::new("ja");
    let contents = language
        .map(|language| vec![NoticeContent { language, content_hash: notice_hash(version) }]);
    Operation::PublishNotice(PublishNotice {
        notice: NOTICE,
        version,
        materiality: Materiality::Material,
        contents: contents.unwrap_or_default(),
        media_hashes: vec![],
    })
}

fn notice_hash(version: u32) -> Hash {
    Hash::of(&["買い物の記録を、地域のお店のために使います。".as_bytes(), &version.to_be_bytes()])
}

fn japanese() -> anyhow::Result<Language> {
    Language::new("ja").context("two letters are a language")
}

fn random() -> Hash {
    Hash::new(rand::random())
}
