//! The town before anybody attacks it: who pays, who consented, who may no longer act.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use kyojo_genesis::actors::{ActorRole, Actors};
use kyojo_tests::account::{actors, genesis, payer, payers};
use kyojo_tests::consent::{self, Population};
use kyojo_tests::engine::{Pace, drive};
use kyojo_tests::load::{Payer, now, of_today, sign};
use kyojo_tests::network::Network;
use kyojo_tests::rest::Rest;
use ledger_types::consent::Language;
use ledger_types::operation::{
    Delegate, GuardianPowers, KeyLoss, NotifyOptOut, ProposeRecovery, PublishLegalBasis,
    RecordReceipt, RecordUse, UpdateParty,
};
use ledger_types::registry::{Mechanism, PartyStatus, Regimes};
use ledger_types::{
    AccountId, Genesis, Hash, LegalBasisId, Operation, PartyId, PartyRoles, Regime, SigningKey,
    Timestamp,
};

/// How many of the citizens attack; the others pay.
pub(crate) const FOES: usize = 64;
/// How many people withdraw a consent while the network is attacked.
pub(crate) const WITHDRAWERS: u64 = 60;
/// The opt-out scheme of the controller.
pub(crate) const SCHEME: u32 = 1;
const BASIS: LegalBasisId = LegalBasisId::new(1);
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const WITHIN: Duration = Duration::from_secs(60);

/// Which data subjects are used for what, by their numbers.
pub(crate) mod subjects {
    use core::ops::Range;

    /// Change their own consents for ever.
    pub(crate) const ENDLESS: Range<u64> = 0..16;
    /// Ask and object without end; the first one alone, the others by turn.
    pub(crate) const ASKING: Range<u64> = 16..48;
    /// Suspend and resume.
    pub(crate) const FREE: Range<u64> = 48..52;
    /// Send wide amendments.
    pub(crate) const WIDE: Range<u64> = 52..60;
    /// To whose data access is asked for.
    pub(crate) const ASKED: Range<u64> = 60..68;
    /// Has a guardian who may only read.
    pub(crate) const CHILD: u64 = 68;
    /// The guardian.
    pub(crate) const GUARDIAN: u64 = 69;
    /// Its key was stolen.
    pub(crate) const ROBBED: u64 = 70;
    /// Registered no counter.
    pub(crate) const UNREGISTERED: u64 = 71;
    /// Withdraw in peace.
    pub(crate) const WITHDRAWING: u64 = 72;
}

/// A consent party with its key.
pub(crate) type Party = consent::Actor;

/// See the module.
pub(crate) struct Stage {
    /// The founding document.
    pub(crate) document: Genesis,
    /// Its hash.
    pub(crate) genesis: Hash,
    /// Every node's API.
    pub(crate) urls: Vec<String>,
    /// The citizens who pay.
    pub(crate) honest: Vec<Payer>,
    /// The citizens who attack.
    pub(crate) foes: Vec<Payer>,
    /// Those who consented, and to whom.
    pub(crate) people: Population,
    /// The access that has both halves.
    pub(crate) access: Hash,
    actors: Actors,
}

impl Stage {
    /// Prepares everything on a network that is ready.
    pub(crate) async fn set(network: &Network, seed: u64) -> anyhow::Result<Self> {
        let document = genesis(network.folder())?;
        let genesis = document.hash();
        let actors = actors(network.folder())?;
        let mut honest = payers(&actors, ActorRole::Citizen)?;
        ensure!(honest.len() > 2 * FOES, "too few citizens");
        let foes = honest.split_off(honest.len() - FOES);
        let urls = (0..network.size()).map(|index| network.url(index)).collect();
        let controller = party_of(&actors, "party-purchase-data")?;
        let people = Population { genesis, controller, seed };
        let access = of_today(Hash::of(&[b"both halves"]));
        let stage = Self { document, genesis, urls, honest, foes, people, access, actors };
        stage.register().await?;
        stage.consent().await?;
        stage.rob().await?;
        stage.disclose().await?;
        Ok(stage)
    }

    /// A party of the town by its name.
    pub(crate) fn party(&self, name: &str) -> anyhow::Result<Party> {
        party_of(&self.actors, name)
    }

    /// Anybody of the town by its name.
    pub(crate) fn actor(&self, name: &str) -> anyhow::Result<Payer> {
        let actor = self.actors.actors.iter().find(|actor| actor.name == name);
        payer(actor.with_context(|| format!("the town has no {name}"))?)
    }

    /// The citizen who attacks by claiming powers.
    pub(crate) fn citizen(&self) -> anyhow::Result<Payer> {
        self.foes.last().cloned().context("a citizen attacks")
    }

    /// Somebody's address.
    pub(crate) fn address(&self, account: &AccountId) -> String {
        account.to_address(&self.document.address_prefix)
    }

    /// A notice, a scheme that people may object to, and a party that is suspended.
    async fn register(&self) -> anyhow::Result<()> {
        let notice = self.people.notice();
        self.settle(&notice).await?;
        let registrar = self.actor("registrar")?;
        self.commit(&registrar, 0, opt_out_basis()).await?;
        let suspended = Operation::UpdateParty(UpdateParty {
            party: self.party("party-ambulance")?.party,
            roles: PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY),
            regime: Regime::PublicBody,
            corporate_number: None,
            status: PartyStatus::Suspended,
        });
        self.commit(&registrar, 1, suspended).await?;
        let scheme = Operation::NotifyOptOut(NotifyOptOut {
            scheme: SCHEME,
            filing_hash: Hash::of(&[b"filing"]),
            prohibited_hash: Hash::of(&[b"prohibited"]),
            wait_until: ahead(30 * DAY_MS),
            basis: BASIS,
        });
        self.commit(&self.people.controller.payer, 1, scheme).await
    }

    /// Everybody's consent.
    async fn consent(&self) -> anyhow::Result<()> {
        let all = subjects::WITHDRAWING + WITHDRAWERS;
        let grants = self.people.grants(0..all);
        let pace = Pace { in_flight_max: 128, bundle: 64, again_after: None };
        let tally = drive(&self.urls, grants, None, WITHIN, pace).await?;
        let given = tally.acknowledged.len() as u64;
        ensure!(given == all, "{given} of {all} consents: {:?}", tally.rejected);
        Ok(())
    }

    /// A guardian who may only read, and a key that was stolen.
    async fn rob(&self) -> anyhow::Result<()> {
        let child = self.people.subject(subjects::CHILD);
        let delegate = Operation::Delegate(Delegate {
            subject: child.account,
            subject_key: None,
            guardian: self.people.subject(subjects::GUARDIAN).account,
            powers: GuardianPowers::READ,
            from: now(),
            until: ahead(DAY_MS),
            evidence: Hash::of(&[b"guardian"]),
        });
        self.commit(&child, 1, delegate).await?;
        let counter = self.party("party-city-counter")?;
        let recovery = Operation::ProposeRecovery(ProposeRecovery {
            subject: self.people.subject(subjects::ROBBED).account,
            key: SigningKey::from_seed(&[77; 32]).public_key(),
            evidence: Hash::of(&[b"identity"]),
            loss: KeyLoss::Stolen,
        });
        self.commit(&counter.payer, 0, recovery).await
    }

    /// An access of which both sides have kept their half.
    async fn disclose(&self) -> anyhow::Result<()> {
        let requester = self.party("party-shop-analytics")?.payer;
        let (access, disclosure) = (self.access, Hash::of(&[b"disclosed"]));
        let asked = self.people.request(access, subjects::ASKED.start);
        self.commit(&requester, 0, asked).await?;
        // The access's identity is what opens its commitment to the holder, too.
        let held = Operation::RecordUse(RecordUse { access, disclosure, salt: access });
        self.commit(&self.people.controller.payer, 2, held).await?;
        let received = Operation::RecordReceipt(RecordReceipt { access, disclosure });
        self.commit(&requester, 1, received).await
    }

    async fn commit(&self, by: &Payer, nonce: u64, operation: Operation) -> anyhow::Result<()> {
        let name = operation.name();
        let settled = self.settle(&sign(&self.genesis, by, nonce, vec![operation])).await;
        settled.context(name)
    }

    async fn settle(&self, signed: &kyojo_tests::load::Signed) -> anyhow::Result<()> {
        let rest = Rest::new(Duration::from_secs(10))?;
        let answer = rest.settle(&self.urls[0], signed, WITHIN).await?;
        let receipt = &answer["receipt"];
        ensure!(receipt["outcome"] == "committed", "not committed: {receipt}");
        Ok(())
    }
}

/// So many milliseconds from now.
pub(crate) fn ahead(millis: u64) -> Timestamp {
    now().checked_add_millis(millis).unwrap_or_default()
}

/// The language of the controller's notice.
pub(crate) fn language() -> Language {
    consent::japanese()
}

/// Bytes that nobody has seen before.
pub(crate) fn random() -> Hash {
    Hash::new(rand::random())
}

fn opt_out_basis() -> Operation {
    Operation::PublishLegalBasis(PublishLegalBasis {
        basis: BASIS,
        version: 1,
        code: "APPI 27(2)".to_owned(),
        statute_date: 20_230_401,
        content_hash: Hash::of(&[b"basis"]),
        mechanism: Mechanism::OptOut,
        regimes: Regimes::ALL,
        evidence_required: false,
        sensitive_allowed: false,
    })
}

fn party_of(actors: &Actors, name: &str) -> anyhow::Result<Party> {
    let actor = actors.actors.iter().find(|actor| actor.name == name);
    let actor = actor.with_context(|| format!("the town has no {name}"))?;
    let party: PartyId = actor.party.with_context(|| format!("{name} is no party"))?;
    Ok(Party { party, payer: payer(actor)? })
}
