//! What the clinic, the pharmacy and the citizen agreed on, and how the gateways are configured.

use anyhow::Context as _;
use consent_records::Vocabulary;
use consent_records::format::Version;
use consent_records::terms::{DataPeriod, Process, Processing, Recipient, Region, Terms};
use consent_records::vocabulary::ConceptName;
use kyojo_tests::load::{Payer, Presigned, now, sign};
use ledger_types::consent::{Breadth, Language, Materiality, NoticeContent, Profile};
use ledger_types::operation::{Grant, PublishNotice};
use ledger_types::{
    ConsentId, Hash, Nonce, NoticeId, Operation, PartyId, Timestamp, Unsigned, codec,
};

use super::stand_ins::{Gate, Issuer, Upstream};
use super::world::settle;
use crate::town::Town;

pub(crate) const CLINIC: PartyId = PartyId::new(2);
pub(crate) const PHARMACY: PartyId = PartyId::new(3);
pub(crate) const AMBULANCE: PartyId = PartyId::new(7);

/// Medication records for the pharmacy, and something else for somebody else.
pub(crate) fn terms() -> anyhow::Result<Terms> {
    let vocabulary = Vocabulary::built_in();
    let process = |category: &str, recipient| {
        Ok::<_, anyhow::Error>(Process {
            version: Version,
            vocabulary: vocabulary.hash(),
            category: ConceptName::new(category)?,
            purpose: ConceptName::new("kyojo:MedicalCare")?,
            excludes: vec![],
            recipients: vec![Recipient::Party(recipient)],
            operations: vec![Processing::Consult, Processing::Use],
            retention_days: 30,
            region: Region::new("JP-07")?,
            data_period: Some(DataPeriod {
                from: "2026-01-01".parse()?,
                until: "2027-01-01".parse()?,
            }),
            sensitive: true,
        })
    };
    let processes =
        vec![process("kyojo:MedicationRecord", PHARMACY)?, process("kyojo:MedicalRecord", CLINIC)?];
    Ok(Terms::new(processes, vocabulary)?)
}

/// The notice is published and the consent given.
pub(crate) async fn consented(
    town: &Town,
    clinic: &Payer,
    citizen: &Payer,
    consent: ConsentId,
    terms: &Terms,
) -> anyhow::Result<()> {
    let (notice, language) = (NoticeId::new(700), Language::new("ja").context("two letters")?);
    let content_hash = Hash::of(&[b"notice"]);
    let publish = Operation::PublishNotice(PublishNotice {
        notice,
        version: 1,
        materiality: Materiality::Material,
        contents: vec![NoticeContent { language, content_hash }],
        media_hashes: vec![],
    });
    settle(town, &sign(&town.genesis, clinic, 0, vec![publish])).await?;
    let grant = Operation::Grant(Grant {
        consent,
        controller: CLINIC,
        terms_root: terms.root(),
        notice,
        notice_version: 1,
        language,
        notice_hash: content_hash,
        presentation_commitment: Hash::new([6; 32]),
        valid_from: Timestamp::from_millis(0),
        expires: now().checked_add_millis(86_400_000).unwrap_or_default(),
        use_limit: None,
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    });
    let unsigned = Unsigned {
        network: town.genesis.network(),
        account: citizen.account,
        nonce: Nonce::new(0),
        valid_until: now().checked_add_millis(600_000).unwrap_or_default(),
        purpose: 0,
        operations: vec![grant],
    };
    let made = unsigned.sign(&town.genesis, &[&citizen.key, &clinic.key]);
    let presigned = Presigned { id: made.id(&town.genesis), bytes: codec::encode(&made) };
    settle(town, &presigned).await
}

fn common(town: &Town, nodes: &[String]) -> String {
    format!(
        "[network]\nnodes = {nodes:?}\ngenesis_hash = \"{}\"\naddress_prefix = \"{}\"\n\
         read_timeout_ms = 2000\ncommit_timeout_ms = 4000\n\n\
         [store]\nfolder = \"store\"\nkey_file = \"store.key\"\nmatch_every_s = 1\n\n",
        town.genesis,
        town.document.address_prefix.as_str(),
    )
}

/// The clinic's gateway; in an emergency the ambulance gets medication records.
pub(crate) fn holder_config(
    town: &Town,
    gate: &Gate,
    upstream: &Upstream,
    address: &str,
) -> String {
    let common = common(town, std::slice::from_ref(&gate.url));
    let upstream = &upstream.url;
    format!(
        "{common}[holder]\nlisten = \"{address}\"\n\
         party = {{ number = {CLINIC}, key_file = \"party.key\" }}\n\n\
         [holder.upstream]\nurl = \"{upstream}\"\ncredential_header = \"authorization\"\n\
         credential_file = \"upstream.token\"\n\n\
         [[holder.route]]\npath = \"/patients/{{person}}/medications\"\nrecords = \"/items\"\n\
         period = \"/dispensed\"\n\n[holder.route.fields]\n\
         \"/dispensed\" = \"kyojo:MedicationRecord\"\n\
         \"/drug/name\" = \"kyojo:MedicationRecord\"\n\"/notes\" = \"kyojo:MedicalRecord\"\n\n\
         [[holder.without_consent]]\nbasis = \"break_glass\"\nrecipients = [{AMBULANCE}]\n\
         categories = [\"kyojo:MedicationRecord\"]\n"
    )
}

/// A gateway that asks the clinic's.
pub(crate) fn recipient_config(
    town: &Town,
    issuer: &Issuer,
    party: PartyId,
    clinic: &str,
    address: &str,
) -> String {
    let common = common(town, &town.urls());
    let issuer = &issuer.url;
    format!(
        "{common}[recipient]\nlisten = \"{address}\"\n\
         party = {{ number = {party}, key_file = \"party.key\" }}\n\n\
         [recipient.oidc]\nissuer = \"{issuer}\"\naudience = \"kyojo-gateway\"\n\
         required = {{ claim = \"roles\", any_of = [\"pharmacist\"] }}\n\n\
         [recipient.use]\npurpose = \"kyojo:Dispensing\"\noperations = [\"consult\"]\n\
         retention_days = 30\nregion = \"JP-07\"\n\n\
         [[recipient.holder]]\nname = \"clinic\"\nurl = \"http://{clinic}\"\n\
         party = {CLINIC}\n\n\
         [[recipient.ground]]\nname = \"emergency\"\nbasis = \"break_glass\"\n\
         duration_ms = 600000\n"
    )
}
