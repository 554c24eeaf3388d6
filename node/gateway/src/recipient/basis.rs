//! The basis that an access names on the ledger, and what opens it towards the holder.

use std::time::Duration;

use consent_records::Vocabulary;
use consent_records::commitment::{Opening, dated_id};
use consent_records::vault::VaultError;
use consent_records::vocabulary::ConceptName;
use ledger_types::consent::PurposeProof;
use ledger_types::operation::{AccessBasis, BreakGlass, ConsentBasis};
use ledger_types::{ConsentId, Hash, Operation, Timestamp};
use network_clock::Clock;

use super::Recipient;
use super::ask::{Asking, Reliance};
use crate::code::{Code, Refusal};
use crate::config::GroundConfig;
use crate::disclosure::TAG_PERSON;
use crate::keep::{KeepError, KeptTerms};
use crate::wire::BasisOpening;

/// Tag of the commitment to why a glass was broken, or to an exemption's evidence.
const TAG_REASON: &[u8] = b"kyojo/reason/v1";
/// How far before now a glass is said to be opened: the ledger's clock may lie behind this one.
const CLOCKS_DIFFER: Duration = Duration::from_secs(3);

/// What the access names, what must come before it in the same transaction, and what opens it.
type Basis = (AccessBasis, Option<Operation>, BasisOpening);

impl Recipient {
    /// The basis of a request.
    pub(super) async fn basis(&self, asking: &Asking) -> Result<Basis, Refusal> {
        match &asking.reliance {
            Reliance::Consent { consent, process } => {
                let terms = self.terms(*consent).await?;
                on_consent(*consent, &terms, *process, &asking.asked.purpose)
            }
            Reliance::Ground { name, person, reason } => {
                let mut grounds = self.parts.config.ground.iter();
                let unknown = || Refusal::new(Code::UnknownBasis, "no ground of that name");
                let ground = grounds.find(|ground| ground.name() == name).ok_or_else(unknown)?;
                on_ground(ground, person, reason.as_deref(), self.parts.nodes.clock())
            }
        }
    }

    async fn terms(&self, consent: ConsentId) -> Result<KeptTerms, Refusal> {
        let keep = self.parts.keep.clone();
        let read = tokio::task::spawn_blocking(move || keep.terms(&consent)).await;
        let read = read.map_err(|_| Refusal::new(Code::Busy, "the gateway is stopping"))?;
        match read {
            Ok(Some(terms)) => Ok(terms),
            Ok(None) => {
                Err(Refusal::new(Code::TermsUnknown, "no opening was handed over: `terms add`"))
            }
            Err(KeepError::Vault(VaultError::Shredded { .. })) => {
                Err(Refusal::new(Code::TermsShredded, "the consent's openings were destroyed"))
            }
            Err(error) => {
                tracing::error!(%error, "the vault failed");
                Err(Refusal::new(Code::StoreFailed, "the vault failed"))
            }
        }
    }
}

fn on_consent(
    consent: ConsentId,
    terms: &KeptTerms,
    process: usize,
    purpose: &ConceptName,
) -> Result<Basis, Refusal> {
    let none = || Refusal::new(Code::TermsUnknown, "the consent has no such opened process");
    let opening = terms.processes.get(process).ok_or_else(none)?;
    let proof = || {
        let proof = Vocabulary::built_in().proof(purpose)?;
        Some(PurposeProof { node: proof.node, path: proof.path })
    };
    let basis = ConsentBasis {
        consent,
        leaf: opening.process.leaf(),
        leaf_index: opening.process.index,
        path: opening.path.clone(),
        purpose: if terms.broad { proof() } else { None },
    };
    let opening = BasisOpening::Consent(Box::new(opening.clone()));
    Ok((AccessBasis::Consent(basis), None, opening))
}

fn on_ground(
    ground: &GroundConfig,
    person: &str,
    reason: Option<&str>,
    clock: &Clock,
) -> Result<Basis, Refusal> {
    let opening = Opening::fresh(person.to_owned());
    let person = committed(&opening, TAG_PERSON);
    let mut before = None;
    let basis = match ground {
        GroundConfig::OptOut { controller, scheme, .. } => AccessBasis::OptOut {
            controller: *controller,
            scheme: *scheme,
            person,
            sensitive: false,
        },
        GroundConfig::JointUse { controller, scheme, version, .. } => AccessBasis::JointUse {
            controller: *controller,
            scheme: *scheme,
            version: *version,
            person,
        },
        GroundConfig::Exemption { legal_basis, version, sensitive, .. } => AccessBasis::Exemption {
            basis: *legal_basis,
            version: *version,
            person,
            evidence: reason.map(|reason| committed(&Opening::fresh(reason), TAG_REASON)),
            sensitive: *sensitive,
        },
        GroundConfig::BreakGlass { duration_ms, name } => {
            let missing = || Refusal::new(Code::Malformed, "kyojo-reason: why the glass is broken");
            let reason = reason.ok_or_else(missing)?;
            let glass = dated_id(clock.now());
            let differ = clock.stretched(CLOCKS_DIFFER);
            let opened = clock.now().as_millis().saturating_sub(differ);
            before = Some(Operation::BreakGlass(BreakGlass {
                glass,
                person,
                scope: committed(&Opening::fresh(name.as_str()), TAG_REASON),
                ground: committed(&Opening::fresh(reason), TAG_REASON),
                opened: Timestamp::from_millis(opened),
                duration_ms: *duration_ms,
            }));
            AccessBasis::BreakGlass { glass }
        }
    };
    Ok((basis, before, BasisOpening::Person(opening)))
}

fn committed<T: serde::Serialize>(opening: &Opening<T>, tag: &[u8]) -> Hash {
    opening.commitment(tag).expect("a text has a canonical form")
}
