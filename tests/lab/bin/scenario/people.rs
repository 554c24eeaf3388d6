//! A citizen with everything personal that must never reach a validator's disk.

use consent_records::commitment::Salt;
use consent_records::format::Version;
use consent_records::pseudonym::SubjectSecret;
use consent_records::sweep::Sweep;
use consent_records::terms::{Process, Processing, Recipient, Region, Terms};
use consent_records::vocabulary::{ConceptName, Vocabulary};
use kyojo_tests::load::Payer;
use ledger_types::{AccountId, Hash, PartyId};
use zeroize::Zeroizing;

use crate::region::Sender;

/// What only she, the clinic and the pharmacy know.
const PERSONAL: [(&str, &str); 8] = [
    ("name", "会津花子 はなこ"),
    ("kana", "アイヅ ハナコ"),
    ("birthday", "1951-03-14"),
    ("address", "福島県会津若松市東栄町3番46号"),
    ("telephone", "0242-39-1111"),
    ("insurance", "保険者番号 06070123"),
    ("diagnosis", "2型糖尿病の疑い"),
    ("prescription", "メトホルミン塩酸塩錠250mg 朝夕食後"),
];

/// A citizen.
pub(crate) struct Citizen {
    pub(crate) sender: Sender,
    pub(crate) terms: Terms,
    pub(crate) presentation: (String, Salt),
    secret: [u8; 32],
}

impl Citizen {
    /// A citizen who agrees that the pharmacy may see what the clinic prescribes.
    pub(crate) fn new(
        genesis: &Hash,
        controller: PartyId,
        recipient: PartyId,
    ) -> anyhow::Result<Self> {
        let secret = *Hash::of(&[b"hanako", genesis.as_bytes()]).as_bytes();
        let key = SubjectSecret::new(Zeroizing::new(secret)).signing_key(genesis, controller);
        let payer = Payer { account: AccountId::of_subject(&key.public_key()), key };
        let vocabulary = Vocabulary::built_in();
        let process = Process {
            version: Version,
            vocabulary: vocabulary.hash(),
            category: ConceptName::new("kyojo:MedicationRecord")?,
            purpose: ConceptName::new("kyojo:RegionalMedicalCoordination")?,
            excludes: vec![],
            recipient: Recipient::Party(recipient),
            operations: vec![Processing::Consult, Processing::Use],
            retention_days: 365,
            region: Region::new("JP-07")?,
            data_period: None,
            sensitive: true,
        };
        let evidence: Vec<&str> = PERSONAL.iter().map(|(_, text)| *text).collect();
        Ok(Self {
            sender: Sender::new(payer),
            terms: Terms::new(vec![process], vocabulary)?,
            presentation: (evidence.join("、"), Salt::fresh()),
            secret,
        })
    }

    /// What must not be found, and how many strings that is.
    pub(crate) fn sweep(&self) -> anyhow::Result<(Sweep, usize)> {
        let mut sweep = Sweep::new();
        for (name, text) in PERSONAL {
            sweep.add_text(name, text)?;
        }
        sweep.add_bytes("secret", &self.secret)?;
        sweep.add_bytes("salt of the presentation", self.presentation.1.as_bytes())?;
        for process in self.terms.processes() {
            sweep.add_bytes("salt of the terms", process.opening.salt.as_bytes())?;
            let process = &process.opening.document;
            // Without the vocabulary's prefix, of which a sweep would look for nothing else.
            let concept =
                |name: &ConceptName| name.as_str().trim_start_matches("kyojo:").to_owned();
            sweep.add_text("category", &concept(&process.category))?;
            sweep.add_text("purpose", &concept(&process.purpose))?;
        }
        Ok((sweep, PERSONAL.len() + 5))
    }
}
