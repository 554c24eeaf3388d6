//! A vocabulary that no longer changes: its trees as intervals, its hash and its Merkle root.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::consent::VocabularyNode;
use ledger_types::{Hash, merkle, refuse_if};
use serde::{Deserialize, Serialize};

use super::concept::{Concept, ConceptId, ConceptName, Sensitivity};
use crate::canonical::canonical_document;
use crate::format::Version;

/// Tag of a frozen vocabulary's hash.
pub const TAG_VOCABULARY: &[u8] = b"kyojo/vocabulary/v1";
/// The most concepts that a vocabulary may have.
const CONCEPTS_MAX: usize = 1 << 16;

/// A frozen vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    concepts: BTreeMap<ConceptName, Concept>,
    places: BTreeMap<ConceptName, usize>,
    /// In preorder, so that a node's index is its `enter`.
    nodes: Vec<VocabularyNode>,
    leaves: Vec<Hash>,
    hash: Hash,
}

/// A node with its path to the vocabulary's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeProof {
    /// The node.
    pub node: VocabularyNode,
    /// Its siblings up to the root, bottom first.
    pub path: Vec<Hash>,
}

/// The vocabulary as a document, concepts in order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: Version<1>,
    concepts: Vec<Concept>,
}

impl Vocabulary {
    /// Freezes concepts, given in any order.
    ///
    /// # Errors
    /// [`VocabularyError`] where names or numbers repeat, a broader concept is missing, or concepts
    /// are broader than themselves.
    pub fn freeze(mut concepts: Vec<Concept>) -> Result<Self, VocabularyError> {
        refuse_if(concepts.len() > CONCEPTS_MAX, VocabularyError::TooLarge { most: CONCEPTS_MAX })?;
        concepts.sort_by_key(|concept| concept.number);
        check_unique(&concepts)?;
        let document = Document { version: Version, concepts };
        let text = canonical_document(&document).map_err(|_| VocabularyError::NotCanonical)?;
        let hash = Hash::of(&[TAG_VOCABULARY, text.as_bytes()]);
        let nodes = Preorder::of(&document.concepts)?.nodes;
        let concepts = document.concepts.into_iter();
        let concepts: BTreeMap<_, _> =
            concepts.map(|concept| (concept.name.clone(), concept)).collect();
        let names: BTreeMap<ConceptId, &ConceptName> =
            concepts.values().map(|concept| (concept.number, &concept.name)).collect();
        let mut vocabulary = Self {
            concepts: BTreeMap::new(),
            places: BTreeMap::new(),
            nodes,
            leaves: Vec::new(),
            hash,
        };
        for (place, node) in vocabulary.nodes.iter_mut().enumerate() {
            if let Some(name) = names.get(&ConceptId::new(node.number)) {
                node.sensitive = marks(&concepts, name).is_sensitive();
                vocabulary.places.insert((*name).clone(), place);
            }
        }
        vocabulary.leaves = vocabulary.nodes.iter().map(VocabularyNode::hash).collect();
        vocabulary.concepts = concepts;
        Ok(vocabulary)
    }

    /// Reads the canonical text that [`Self::to_text`] writes.
    ///
    /// # Errors
    /// [`VocabularyError`] where the text is another document or its concepts do not fit together.
    pub fn from_text(text: &str) -> Result<Self, VocabularyError> {
        let document: Document = serde_json::from_str(text)
            .map_err(|error| VocabularyError::Malformed { row: error.to_string() })?;
        Self::freeze(document.concepts)
    }

    /// The canonical text, whose SHA-256 under [`TAG_VOCABULARY`] is [`Self::hash`].
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut concepts: Vec<Concept> = self.concepts.values().cloned().collect();
        concepts.sort_by_key(|concept| concept.number);
        canonical_document(&Document { version: Version, concepts })
            .expect("it was written once already, when it was frozen")
    }

    /// The hash over everything, labels included: what people were shown.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The Merkle root over the trees: what the ledger checks descent against.
    #[must_use]
    pub fn root(&self) -> Hash {
        merkle::root(&self.leaves)
    }

    /// How many concepts there are.
    #[must_use]
    pub fn size(&self) -> u32 {
        u32::try_from(self.nodes.len()).expect("at most CONCEPTS_MAX concepts")
    }

    /// All concepts in the order of their names.
    pub fn concepts(&self) -> impl Iterator<Item = &Concept> {
        self.concepts.values()
    }

    /// The concept of this name.
    #[must_use]
    pub fn concept(&self, name: &ConceptName) -> Option<&Concept> {
        self.concepts.get(name)
    }

    /// The node of this name.
    #[must_use]
    pub fn node(&self, name: &ConceptName) -> Option<&VocabularyNode> {
        self.nodes.get(*self.places.get(name)?)
    }

    /// Whether `narrow` is `broad` or lies under it; never where either is unknown.
    #[must_use]
    pub fn is_within(&self, narrow: &ConceptName, broad: &ConceptName) -> bool {
        match (self.node(narrow), self.node(broad)) {
            (Some(narrow), Some(broad)) => narrow.is_within(broad),
            _ => false,
        }
    }

    /// Whether `narrow` lies under the concept written as `broad`.
    #[must_use]
    pub fn is_under(&self, narrow: &ConceptName, broad: &str) -> bool {
        ConceptName::new(broad).is_ok_and(|broad| self.is_within(narrow, &broad))
    }

    /// Whether `narrow` is `broad` or lies under it by any of its broader concepts.
    #[must_use]
    pub fn lies_under(&self, narrow: &ConceptName, broad: &ConceptName) -> bool {
        above(&self.concepts, narrow).contains(broad)
    }

    /// The marks of a concept and of all above it, by any of its broader concepts.
    #[must_use]
    pub fn sensitivity(&self, name: &ConceptName) -> Sensitivity {
        marks(&self.concepts, name)
    }

    /// The proof that a node of this name is in the vocabulary.
    #[must_use]
    pub fn proof(&self, name: &ConceptName) -> Option<NodeProof> {
        let place = *self.places.get(name)?;
        let path = merkle::inclusion_path(&self.leaves, place);
        Some(NodeProof { node: *self.nodes.get(place)?, path })
    }
}

/// A concept and everything above it; nothing where it is unknown.
fn above<'a>(
    concepts: &'a BTreeMap<ConceptName, Concept>,
    name: &ConceptName,
) -> BTreeSet<&'a ConceptName> {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    while let Some(concept) = open.pop().and_then(|name| concepts.get(name)) {
        if seen.insert(&concept.name) {
            open.extend(concept.broader.iter().chain(&concept.also));
        }
    }
    seen
}

fn marks(concepts: &BTreeMap<ConceptName, Concept>, name: &ConceptName) -> Sensitivity {
    above(concepts, name)
        .into_iter()
        .filter_map(|name| concepts.get(name))
        .fold(Sensitivity::default(), |marks, concept| marks.or(concept.sensitivity))
}

fn check_unique(concepts: &[Concept]) -> Result<(), VocabularyError> {
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for concept in concepts {
        if !names.insert(&concept.name) || !numbers.insert(concept.number) {
            return Err(VocabularyError::Repeated { name: concept.name.clone() });
        }
    }
    Ok(())
}

/// Concepts with what lies under them, walked once from each root.
struct Preorder<'a> {
    children: BTreeMap<Option<&'a ConceptName>, Vec<&'a Concept>>,
    nodes: Vec<VocabularyNode>,
}

impl<'a> Preorder<'a> {
    fn of(concepts: &'a [Concept]) -> Result<Self, VocabularyError> {
        let mut children: BTreeMap<_, Vec<&Concept>> = BTreeMap::new();
        let names: BTreeSet<&ConceptName> = concepts.iter().map(|concept| &concept.name).collect();
        for concept in concepts {
            let mut broader = concept.broader.iter().chain(&concept.also);
            if let Some(unknown) = broader.find(|name| !names.contains(name)) {
                return Err(VocabularyError::Unknown { name: unknown.clone() });
            }
            children.entry(concept.broader.as_ref()).or_default().push(concept);
        }
        let mut walk = Self { children, nodes: Vec::new() };
        for root in walk.under(None) {
            walk.visit(root, 0)?;
        }
        if walk.nodes.len() == concepts.len() {
            return Ok(walk);
        }
        let reached: BTreeSet<ConceptId> =
            walk.nodes.iter().map(|node| ConceptId::new(node.number)).collect();
        let circle = concepts.iter().find(|concept| !reached.contains(&concept.number));
        circle.map_or(Ok(walk), |concept| {
            Err(VocabularyError::Circular { name: concept.name.clone() })
        })
    }

    fn under(&self, broader: Option<&ConceptName>) -> Vec<&'a Concept> {
        self.children.get(&broader).cloned().unwrap_or_default()
    }

    fn visit(&mut self, concept: &'a Concept, depth: usize) -> Result<(), VocabularyError> {
        refuse_if(depth > DEPTH_MAX, VocabularyError::TooDeep { most: DEPTH_MAX })?;
        let place = self.nodes.len();
        let enter = u32::try_from(place).expect("at most CONCEPTS_MAX concepts");
        self.nodes.push(VocabularyNode {
            number: concept.number.get(),
            enter,
            exit: enter,
            sensitive: concept.sensitivity.is_sensitive(),
            iri_hash: Hash::of(&[concept.name.iri().as_bytes()]),
        });
        for child in self.under(Some(&concept.name)) {
            self.visit(child, depth + 1)?;
        }
        let last = self.nodes.len().saturating_sub(1);
        if let Some(node) = self.nodes.get_mut(place) {
            node.exit = u32::try_from(last).expect("at most CONCEPTS_MAX concepts");
        }
        Ok(())
    }
}

/// How deep a tree may be, so that walking it cannot exhaust the stack.
const DEPTH_MAX: usize = 64;

/// Why concepts are no vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// A line or a document is not in the form that is read here.
    #[error("not in the form of a vocabulary: {row}")]
    Malformed {
        /// What was met.
        row: String,
    },
    /// A name or a number stands twice.
    #[error("{name} repeats a name or a number")]
    Repeated {
        /// The second one.
        name: ConceptName,
    },
    /// A concept that others speak of is missing.
    #[error("{name} is not in the vocabulary")]
    Unknown {
        /// Which one.
        name: ConceptName,
    },
    /// A concept is broader than itself by way of others.
    #[error("{name} has no root above it")]
    Circular {
        /// One of the circle, or under it.
        name: ConceptName,
    },
    /// More concepts than a vocabulary may have.
    #[error("a vocabulary has at most {most} concepts")]
    TooLarge {
        /// The most.
        most: usize,
    },
    /// Concepts lie under each other too deeply.
    #[error("a vocabulary is at most {most} concepts deep")]
    TooDeep {
        /// The most.
        most: usize,
    },
    /// A number is too large to be written canonically.
    #[error("the vocabulary has no canonical form")]
    NotCanonical,
}
