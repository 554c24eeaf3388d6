//! What the ledger permitted: the access inside a committed transaction, and what opens it.

use consent_records::terms::{Disclosure, Process};
use consent_records::vocabulary::ConceptName;
use consent_records::{Vocabulary, holder};
use ledger_types::operation::{AccessBasis, BreakGlass, ConsentBasis};
use ledger_types::{ConsentId, Hash, Operation, PartyId, Timestamp, Transaction, merkle};
use network_clock::after;

use super::requester::Requester;
use super::{Holder, standing};
use crate::code::{Code, Refusal};
use crate::config::{BasisKind, WithoutConsent};
use crate::signer::rejection;
use crate::wire::DataRequest;

/// An access that the ledger permitted to its requester, not too long ago.
#[derive(Clone, Debug)]
pub(super) struct Permitted {
    /// The access.
    pub(super) access: Hash,
    /// What it rests on.
    pub(super) basis: AccessBasis,
    /// The commitment by which its person is known, where it rests on no consent.
    pub(super) person: Option<Hash>,
    /// The decision may be relied on before this.
    pub(super) until: Timestamp,
}

impl Permitted {
    /// The consent, where it rests on one.
    pub(super) fn consent(&self) -> Option<ConsentId> {
        match &self.basis {
            AccessBasis::Consent(basis) => Some(basis.consent),
            _ => None,
        }
    }

    /// The categories that the holder gives out on this basis to this requester.
    pub(super) fn given_out(
        &self,
        configured: &[WithoutConsent],
        requester: PartyId,
    ) -> Option<Vec<ConceptName>> {
        let kind = match self.basis {
            AccessBasis::Consent(_) => return None,
            AccessBasis::OptOut { .. } => BasisKind::OptOut,
            AccessBasis::JointUse { .. } => BasisKind::JointUse,
            AccessBasis::Exemption { .. } => BasisKind::Exemption,
            AccessBasis::BreakGlass { .. } => BasisKind::BreakGlass,
        };
        let fits = |one: &&WithoutConsent| one.basis == kind && one.recipients.contains(&requester);
        configured.iter().find(fits).map(|one| one.categories.clone())
    }

    /// Whether the basis reaches sensitive data; opt-out never does (APPI article 27(2)).
    pub(super) const fn reaches_sensitive(&self) -> bool {
        match self.basis {
            AccessBasis::OptOut { .. } => false,
            AccessBasis::Exemption { sensitive, .. } => sensitive,
            AccessBasis::Consent(_)
            | AccessBasis::JointUse { .. }
            | AccessBasis::BreakGlass { .. } => true,
        }
    }
}

impl Holder {
    /// The access that a request relies on, once it is shown that a block holds it as permitted.
    ///
    /// A transaction's identity is a hash of what it says, so a committed receipt for it shows that
    /// the ledger permitted just this access, to its sender.
    pub(super) async fn permitted(
        &self,
        request: &DataRequest,
        requester: &Requester,
    ) -> Result<Permitted, Refusal> {
        let refused = |detail: &str| Refusal::new(Code::AccessNotPermitted, detail);
        let transaction = request.transaction();
        let transaction = transaction.ok_or_else(|| refused("there is no transaction"))?;
        let access = request.access_in(&transaction);
        let access = access.ok_or_else(|| refused("the transaction asks for another access"))?;
        if transaction.unsigned.account != requester.account {
            return Err(refused("the access is another party's"));
        }
        if !holder::is_named(&access.holder, self.parts.party, &request.holder_salt) {
            let detail = "each access serves at the one holder that it names; ask for another";
            return Err(Refusal::new(Code::HolderNotNamed, detail));
        }
        let nodes = &self.parts.nodes;
        let id = transaction.id(&nodes.network().genesis_hash);
        let failed = |error| standing::unreachable(&error);
        let receipt = nodes.receipt(&id).await.map_err(failed)?;
        let receipt = receipt.ok_or_else(|| refused("no block holds the transaction"))?;
        if let Some(code) = rejection(&receipt) {
            return Err(Refusal::denied(code, Some("the ledger denied the access")));
        }
        let decided = nodes.block_time(receipt.height).await.map_err(failed)?;
        let until = after(decided, nodes.delta_ms().await.map_err(failed)?);
        let (person, until) = match &access.basis {
            AccessBasis::Consent(_) => (None, until),
            AccessBasis::OptOut { person, .. }
            | AccessBasis::JointUse { person, .. }
            | AccessBasis::Exemption { person, .. } => (Some(*person), until),
            AccessBasis::BreakGlass { glass } => {
                let apart = || refused("the glass was not broken in the same transaction");
                let broken = broken(glass, &transaction).ok_or_else(apart)?;
                (Some(broken.person), until.min(after(broken.opened, broken.duration_ms)))
            }
        };
        if nodes.clock().now() >= until {
            return Err(Refusal::new(Code::AccessExpired, "ask the ledger again"));
        }
        Ok(Permitted { access: access.access, basis: access.basis.clone(), person, until })
    }
}

/// How a glass was broken. Its person shows there alone, so the holder must see both together.
fn broken<'t>(glass: &Hash, transaction: &'t Transaction) -> Option<&'t BreakGlass> {
    transaction.unsigned.operations.iter().find_map(|operation| match operation {
        Operation::BreakGlass(broken) if broken.glass == *glass => Some(broken),
        _ => None,
    })
}

/// Whether the purpose that the ledger judged, where the consent is broad, is the one that is asked
/// for: the terms' purpose may be wider, and what lies in it may have been left out of the consent.
pub(super) fn proved(basis: &ConsentBasis, asked: &ConceptName) -> Result<(), Refusal> {
    let Some(proof) = &basis.purpose else { return Ok(()) };
    let node = Vocabulary::built_in().node(asked);
    if node.is_some_and(|node| node.iri_hash == proof.node.iri_hash) {
        return Ok(());
    }
    let detail = format!("the ledger did not judge a use for {asked}; ask it for that purpose");
    Err(Refusal::new(Code::PurposeDiffers, detail))
}

/// The process of an opening, once it is shown to be the very leaf that the ledger permitted.
pub(super) fn opened<'o>(
    basis: &ConsentBasis,
    opening: &'o Disclosure,
) -> Result<&'o Process, Refusal> {
    let refused = |detail: &str| Refusal::new(Code::OpeningRefused, detail);
    let leaf = opening.process.leaf();
    let is_it = leaf == basis.leaf
        && opening.process.index == basis.leaf_index
        && opening.path == basis.path;
    if !is_it {
        return Err(refused("the process is not the one that the ledger permitted"));
    }
    // The ledger found this leaf under the consent's root by this very path.
    let root = merkle::fixed_root(leaf.hash(), u64::from(basis.leaf_index), &basis.path);
    let root = root.ok_or_else(|| refused("the path leads nowhere"))?;
    opening.check(&root, Vocabulary::built_in()).map_err(|error| refused(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use ledger_types::consent::{PurposeProof, Recipient, TermsLeaf};

    use super::*;

    fn concept(name: &str) -> ConceptName {
        ConceptName::new(name).unwrap()
    }

    /// A use for what the ledger was shown a proof of.
    fn judged(purpose: Option<&str>) -> ConsentBasis {
        let proof = |name: &str| {
            let proof = Vocabulary::built_in().proof(&concept(name)).unwrap();
            PurposeProof { node: proof.node, path: proof.path }
        };
        let recipient = Recipient::Party(PartyId::new(3));
        ConsentBasis {
            consent: ConsentId::new(Hash::new([1; 32])),
            leaf: TermsLeaf { sensitive: true, recipient, commitment: Hash::new([2; 32]) },
            leaf_index: 0,
            path: vec![],
            purpose: purpose.map(proof),
        }
    }

    #[test]
    fn the_purpose_proved_is_the_purpose_asked() {
        let code = |basis: &ConsentBasis, asked| {
            proved(basis, &concept(asked)).map_err(|refusal| refusal.code)
        };
        let care = judged(Some("kyojo:MedicalCare"));
        assert_eq!(code(&care, "kyojo:MedicalCare"), Ok(()));
        // Neither what lies beside it, nor under it, nor above it was judged.
        for other in ["dpv:Marketing", "kyojo:Dispensing", "dpv:Purpose"] {
            assert_eq!(code(&care, other), Err(Code::PurposeDiffers.number()), "{other}");
        }
        assert_eq!(code(&care, "kyojo:Nothing"), Err(Code::PurposeDiffers.number()));
        assert_eq!(code(&judged(None), "kyojo:Dispensing"), Ok(()), "the terms say what for");
    }
}
