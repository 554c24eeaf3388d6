//! What a clinic, a pharmacy and their customers agree on, and how their gateways are configured.

use consent_records::Vocabulary;
use consent_records::format::Version;
use consent_records::terms::{DataPeriod, Process, Processing, Recipient, Region, Terms};
use consent_records::vocabulary::ConceptName;
use ledger_types::{AddressPrefix, Hash, PartyId};

/// The clinic, which holds the data.
pub const HOLDER: PartyId = PartyId::new(2);
/// The pharmacy.
pub const PHARMACY: PartyId = PartyId::new(3);
/// Who may break glass.
pub const AMBULANCE: PartyId = PartyId::new(7);

/// What a gateway must be told of a network.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its genesis.
    pub genesis: Hash,
    /// Its prefix of addresses.
    pub prefix: AddressPrefix,
    /// Its nodes, or what stands before them.
    pub nodes: Vec<String>,
}

/// An address on loopback that was free a moment ago: a restarted gateway has it again.
///
/// # Errors
/// The system has no port.
pub fn free_address() -> anyhow::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Medication records for the pharmacy, and something else for somebody else.
///
/// # Errors
/// The vocabulary has no such concepts.
pub fn terms() -> anyhow::Result<Terms> {
    let vocabulary = Vocabulary::built_in();
    let process = |category: &str, recipient| {
        Ok::<_, anyhow::Error>(Process {
            version: Version,
            vocabulary: vocabulary.hash(),
            category: ConceptName::new(category)?,
            purpose: ConceptName::new("kyojo:MedicalCare")?,
            excludes: vec![],
            recipient: Recipient::Party(recipient),
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
        vec![process("kyojo:MedicationRecord", PHARMACY)?, process("kyojo:MedicalRecord", HOLDER)?];
    Ok(Terms::new(processes, vocabulary)?)
}

fn common(facts: &Facts, nodes: &[String]) -> String {
    format!(
        "[network]\nnodes = {nodes:?}\ngenesis_hash = \"{}\"\naddress_prefix = \"{}\"\n\
         read_timeout_ms = 2000\ncommit_timeout_ms = 4000\n\n\
         [store]\nfolder = \"store\"\nkey_file = \"store.key\"\nmatch_every_s = 1\n\n",
        facts.genesis,
        facts.prefix.as_str(),
    )
}

/// The clinic's gateway; in an emergency the ambulance gets medication records.
#[must_use]
pub fn holder_config(facts: &Facts, upstream: &str, address: &str) -> String {
    let common = common(facts, &facts.nodes);
    format!(
        "{common}[holder]\nlisten = \"{address}\"\n\
         party = {{ number = {HOLDER}, key_file = \"party.key\" }}\n\n\
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
#[must_use]
pub fn recipient_config(
    facts: &Facts,
    issuer: &str,
    party: PartyId,
    clinic: &str,
    address: &str,
) -> String {
    let common = common(facts, &facts.nodes);
    format!(
        "{common}[recipient]\nlisten = \"{address}\"\n\
         party = {{ number = {party}, key_file = \"party.key\" }}\n\n\
         [recipient.oidc]\nissuer = \"{issuer}\"\naudience = \"kyojo-gateway\"\n\
         required = {{ claim = \"roles\", any_of = [\"pharmacist\"] }}\n\n\
         [recipient.use]\npurpose = \"kyojo:Dispensing\"\noperations = [\"consult\"]\n\
         retention_days = 30\nregion = \"JP-07\"\n\n\
         [[recipient.holder]]\nname = \"clinic\"\nurl = \"http://{clinic}\"\n\
         party = {HOLDER}\n\n\
         [[recipient.ground]]\nname = \"emergency\"\nbasis = \"break_glass\"\n\
         duration_ms = 600000\n"
    )
}
