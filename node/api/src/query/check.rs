//! The use that a decision is asked about, as a query string: one legal basis with its fields.

use ledger_types::access::{AccessBasis, BasisKind, ConsentBasis};
use ledger_types::codec::{decode, encode};
use ledger_types::consent::{PurposeProof, Recipient, TermsLeaf};
use ledger_types::limits::{TERMS_PATH_MAX, VOCABULARY_PATH_MAX};
use ledger_types::{ConsentId, Hash, JsonError, LegalBasisId, PartyId, PartyRoles};

use crate::form::query;
use crate::text::schema;

/// The canonical bytes of a node, and of the longest path with its length.
const PROOF_BYTES_MAX: usize = 45 + 4 + VOCABULARY_PATH_MAX * 32;

query! {
    /// A use to decide on. `basis` says which of the other fields must be there; no others may be,
    /// but `access`.
    #[derive(Default)]
    pub struct Check {
        /// What it rests on: `consent` where it is not said.
        basis?: BasisKind as schema::BasisKind,
        /// Consent: the consent relied on.
        consent?: ConsentId as schema::Hex32,
        /// An access that was permitted on this basis: whether it would be permitted still, to its
        /// requester and with its own use counted. Without it, the requester is whoever signs.
        access?: Hash as schema::Hex32,
        /// Consent, opt-out, exemption: whether the process concerns sensitive data.
        sensitive?: bool,
        /// Consent: who the process is for: `party:7`, `roles:recipient,processor`, or `joint_use:2:3`
        /// for a scheme in one version.
        recipient?: String,
        /// Consent: the process's salted commitment.
        commitment?: Hash as schema::Hex32,
        /// Consent: the leaf's place among the terms.
        leaf_index?: u32,
        /// Consent: the leaf's path to the root, bottom first: at most 16 hashes with commas between;
        /// none where the terms have one leaf.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        path: String,
        /// Consent that is broad: the canonical bytes of the purpose's proof, in hexadecimal digits.
        purpose?: String,
        /// Opt-out, joint use: whose scheme.
        controller?: PartyId as u32,
        /// Opt-out, joint use: the scheme.
        scheme?: u32,
        /// Joint use: the scheme's version; exemption: the legal basis's.
        version?: u32,
        /// Exemption: the legal basis.
        legal_basis?: LegalBasisId as u32,
        /// Opt-out, joint use, exemption: the salted commitment by which the person is known.
        person?: Hash as schema::Hex32,
        /// Exemption: the salted commitment to the evidence, where the basis asks for it.
        evidence?: Hash as schema::Hex32,
        /// Broken glass: the glass.
        glass?: Hash as schema::Hex32,
    }
}

impl Check {
    /// The query about a use under this basis.
    #[must_use]
    pub fn of(basis: &AccessBasis) -> Self {
        match basis {
            AccessBasis::Consent(asked) => Self::of_consent(asked),
            AccessBasis::OptOut { controller, scheme, person, sensitive } => Self {
                basis: Some(BasisKind::OptOut),
                controller: Some(*controller),
                scheme: Some(*scheme),
                person: Some(*person),
                sensitive: Some(*sensitive),
                ..Self::default()
            },
            AccessBasis::JointUse { controller, scheme, version, person } => Self {
                basis: Some(BasisKind::JointUse),
                controller: Some(*controller),
                scheme: Some(*scheme),
                version: Some(*version),
                person: Some(*person),
                ..Self::default()
            },
            AccessBasis::Exemption { basis, version, person, evidence, sensitive } => Self {
                basis: Some(BasisKind::Exemption),
                legal_basis: Some(*basis),
                version: Some(*version),
                person: Some(*person),
                evidence: *evidence,
                sensitive: Some(*sensitive),
                ..Self::default()
            },
            AccessBasis::BreakGlass { glass } => {
                Self { basis: Some(BasisKind::BreakGlass), glass: Some(*glass), ..Self::default() }
            }
        }
    }

    fn of_consent(asked: &ConsentBasis) -> Self {
        let path: Vec<String> = asked.path.iter().map(Hash::to_string).collect();
        let proof = asked.purpose.as_ref();
        Self {
            consent: Some(asked.consent),
            sensitive: Some(asked.leaf.sensitive),
            recipient: Some(recipient_text(&asked.leaf.recipient)),
            commitment: Some(asked.leaf.commitment),
            leaf_index: Some(asked.leaf_index),
            path: path.join(","),
            purpose: proof.map(|proof| hex::encode(encode(proof))),
            ..Self::default()
        }
    }

    /// The basis that is asked about.
    ///
    /// # Errors
    /// [`JsonError`] names a field that is missing, malformed, or another basis's.
    pub fn access_basis(&self) -> Result<AccessBasis, JsonError> {
        let basis = match self.basis.unwrap_or(BasisKind::Consent) {
            BasisKind::Consent => AccessBasis::Consent(ConsentBasis {
                consent: there("consent", self.consent)?,
                leaf: TermsLeaf {
                    sensitive: there("sensitive", self.sensitive)?,
                    recipient: self.recipient()?,
                    commitment: there("commitment", self.commitment)?,
                },
                leaf_index: there("leaf_index", self.leaf_index)?,
                path: self.hashes()?,
                purpose: self.proof()?,
            }),
            BasisKind::OptOut => AccessBasis::OptOut {
                controller: there("controller", self.controller)?,
                scheme: there("scheme", self.scheme)?,
                person: there("person", self.person)?,
                sensitive: there("sensitive", self.sensitive)?,
            },
            BasisKind::JointUse => AccessBasis::JointUse {
                controller: there("controller", self.controller)?,
                scheme: there("scheme", self.scheme)?,
                version: there("version", self.version)?,
                person: there("person", self.person)?,
            },
            BasisKind::Exemption => AccessBasis::Exemption {
                basis: there("legal_basis", self.legal_basis)?,
                version: there("version", self.version)?,
                person: there("person", self.person)?,
                evidence: self.evidence,
                sensitive: there("sensitive", self.sensitive)?,
            },
            BasisKind::BreakGlass => AccessBasis::BreakGlass { glass: there("glass", self.glass)? },
        };
        // What the basis does not have would be lost on the way there and back.
        let said = Self { basis: None, access: None, ..self.clone() };
        let used = Self { basis: None, ..Self::of(&basis) };
        if said == used {
            Ok(basis)
        } else {
            Err(JsonError::new("basis", &"a field is there that this basis does not have"))
        }
    }

    fn recipient(&self) -> Result<Recipient, JsonError> {
        let text = there("recipient", self.recipient.as_deref())?;
        let malformed = "party:NUMBER, roles:NAME,NAME or joint_use:SCHEME:VERSION";
        recipient_of(text).ok_or_else(|| JsonError::new("recipient", &malformed))
    }

    fn hashes(&self) -> Result<Vec<Hash>, JsonError> {
        if self.path.is_empty() {
            return Ok(Vec::new());
        }
        let texts = self.path.split(',').take(TERMS_PATH_MAX + 1);
        let hashes: Option<Vec<Hash>> = texts.map(|text| text.parse().ok()).collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= TERMS_PATH_MAX);
        hashes.ok_or_else(|| JsonError::new("path", &"at most 16 hashes with commas between"))
    }

    fn proof(&self) -> Result<Option<PurposeProof>, JsonError> {
        let Some(text) = &self.purpose else { return Ok(None) };
        let bytes = hex::decode(text).ok();
        let proof = bytes.and_then(|bytes| decode(&bytes, PROOF_BYTES_MAX).ok());
        let proof = proof.filter(|_| !text.bytes().any(|byte| byte.is_ascii_uppercase()));
        let malformed =
            "the canonical bytes of a purpose's proof, in lower-case hexadecimal digits";
        proof.map(Some).ok_or_else(|| JsonError::new("purpose", &malformed))
    }
}

fn recipient_text(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Party(party) => format!("party:{party}"),
        Recipient::Roles(roles) => format!("roles:{}", roles.names().join(",")),
        Recipient::JointUse { scheme, version } => format!("joint_use:{scheme}:{version}"),
    }
}

fn recipient_of(text: &str) -> Option<Recipient> {
    let recipient = match text.split_once(':')? {
        ("party", number) => Recipient::Party(PartyId::new(number.parse().ok()?)),
        ("roles", names) => Recipient::Roles(PartyRoles::of_names(names.split(','))?),
        ("joint_use", numbers) => {
            let (scheme, version) = numbers.split_once(':')?;
            Recipient::JointUse { scheme: scheme.parse().ok()?, version: version.parse().ok()? }
        }
        (_, _) => return None,
    };
    // One text for one recipient: no signs, no leading zeros, names in their order.
    (recipient_text(&recipient) == text).then_some(recipient)
}

fn there<T>(field: &'static str, value: Option<T>) -> Result<T, JsonError> {
    value.ok_or_else(|| JsonError::new(field, &"the basis needs it"))
}

#[cfg(test)]
mod tests {
    use ledger_types::consent::VocabularyNode;

    use super::*;

    fn hash(byte: u8) -> Hash {
        Hash::new([byte; 32])
    }

    fn under_consent(path: Vec<Hash>) -> ConsentBasis {
        let node =
            VocabularyNode { number: 7, enter: 1, exit: 3, sensitive: true, iri_hash: hash(0xab) };
        ConsentBasis {
            consent: ConsentId::new(hash(1)),
            leaf: TermsLeaf {
                sensitive: true,
                recipient: Recipient::Party(PartyId::new(7)),
                commitment: hash(2),
            },
            leaf_index: 3,
            path,
            purpose: Some(PurposeProof { node, path: vec![hash(5)] }),
        }
    }

    fn all() -> Vec<AccessBasis> {
        let (controller, person) = (PartyId::new(4), hash(6));
        vec![
            AccessBasis::Consent(under_consent(vec![hash(3); 16])),
            AccessBasis::Consent(ConsentBasis { purpose: None, ..under_consent(vec![]) }),
            AccessBasis::OptOut { controller, scheme: 1, person, sensitive: false },
            AccessBasis::JointUse { controller, scheme: 1, version: 2, person },
            AccessBasis::Exemption {
                basis: LegalBasisId::new(3),
                version: 2,
                person,
                evidence: Some(hash(7)),
                sensitive: true,
            },
            AccessBasis::BreakGlass { glass: hash(8) },
        ]
    }

    #[test]
    fn every_basis_survives_its_query() {
        for basis in all() {
            assert_eq!(Check::of(&basis).access_basis().unwrap(), basis);
        }
    }

    #[test]
    fn a_field_that_the_basis_lacks_or_does_not_have_is_named() {
        for basis in all() {
            let good = Check::of(&basis);
            let extra = if good.glass.is_some() {
                Check { scheme: Some(1), ..good.clone() }
            } else {
                Check { glass: Some(hash(9)), ..good.clone() }
            };
            assert_eq!(extra.access_basis().unwrap_err().field, "basis");
        }
        let glass = Check { glass: None, ..Check::of(&all()[5]) };
        assert_eq!(glass.access_basis().unwrap_err().field, "glass");
        let consent = Check { leaf_index: None, ..Check::of(&all()[0]) };
        assert_eq!(consent.access_basis().unwrap_err().field, "leaf_index");
    }

    #[test]
    fn a_recipient_has_one_text() {
        let roles = PartyRoles::RECIPIENT.with(PartyRoles::PROCESSOR);
        let recipients = [
            (Recipient::Party(PartyId::new(7)), "party:7"),
            (Recipient::Roles(roles), "roles:recipient,processor"),
            (Recipient::JointUse { scheme: 2, version: 3 }, "joint_use:2:3"),
        ];
        for (recipient, text) in recipients {
            assert_eq!(recipient_text(&recipient), text);
            assert_eq!(recipient_of(text), Some(recipient));
        }
        let others = ["party:07", "party:+7", "roles:processor,recipient", "roles:", "joint_use:2"];
        for text in others.into_iter().chain(["", "party", "anyone:1", "joint_use:2:3:4"]) {
            assert_eq!(recipient_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_path_is_at_most_sixteen_hashes_and_a_proof_is_canonical() {
        let good = Check::of(&all()[0]);
        for path in ["12".to_owned(), ",".to_owned(), vec![hash(0).to_string(); 17].join(",")] {
            let check = Check { path, ..good.clone() };
            assert_eq!(check.access_basis().unwrap_err().field, "path");
        }
        let text = good.purpose.clone().unwrap();
        for purpose in [text.to_uppercase(), format!("{text}00"), "zz".to_owned()] {
            let check = Check { purpose: Some(purpose), ..good.clone() };
            assert_eq!(check.access_basis().unwrap_err().field, "purpose");
        }
    }
}
