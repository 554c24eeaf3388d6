//! What each field of an operation can tell about a person.
//!
//! `INVENTORY.md` beside the crate's manifest is this table for readers, and a test holds the two
//! together and every field of every operation against it: a new field is a decision about privacy.

/// What a value is to whoever reads it without the openings.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The address of an account: a pseudonym, for data subjects one for each party.
    Pseudonym,
    /// A public key, which belongs to a pseudonym.
    Key,
    /// An identity chosen at random for a consent, an access or the like.
    OpaqueId,
    /// A salted commitment: it tells nothing to whoever has no salt.
    Commitment,
    /// A number or hash of something public: a party, a bank, a zone, a notice, a basis of law.
    Public,
    /// One of a few choices, such as a kind of request or a language.
    Choice,
    /// An instant or a span of time.
    Time,
    /// Whole yen.
    Amount,
    /// How many, or a place in a list.
    Count,
}

/// Each field by the last part of its name, in order of name.
pub const FIELDS: [(&str, Class); 109] = [
    ("access", Class::OpaqueId),
    ("account", Class::Pseudonym),
    ("acknowledge_within_ms", Class::Time),
    ("amount", Class::Amount),
    ("area", Class::Public),
    ("auditor", Class::Public),
    ("bank", Class::Public),
    ("basis", Class::Public),
    ("break_glass_backdate_ms_max", Class::Time),
    ("break_glass_ms_max", Class::Time),
    ("cap", Class::Amount),
    ("chunk", Class::Count),
    ("class", Class::Choice),
    ("code", Class::Public),
    ("commitment", Class::Commitment),
    ("compensation", Class::Public),
    ("consent", Class::OpaqueId),
    ("content_hash", Class::Public),
    ("controller", Class::Public),
    ("core_banking_ref", Class::Commitment),
    ("corporate_number", Class::Public),
    ("count", Class::Count),
    ("counterparty", Class::Public),
    ("deadline", Class::Time),
    ("digest", Class::Commitment),
    ("disclosure", Class::Commitment),
    ("duration_ms", Class::Time),
    ("enter", Class::Public),
    ("evidence", Class::Commitment),
    ("evidence_required", Class::Public),
    ("exit", Class::Public),
    ("expires", Class::Time),
    ("filing_hash", Class::Public),
    ("finding", Class::Choice),
    ("glass", Class::OpaqueId),
    ("ground", Class::Commitment),
    ("guardian", Class::Pseudonym),
    ("half", Class::Choice),
    ("holder_commitment", Class::Commitment),
    ("hour", Class::Time),
    ("index", Class::Count),
    ("iri_hash", Class::Public),
    ("items_hash", Class::Public),
    ("key", Class::Key),
    ("kind", Class::Choice),
    ("kyc_level", Class::Choice),
    ("language", Class::Choice),
    ("leaf_index", Class::Count),
    ("mailbox", Class::OpaqueId),
    ("match_within_ms", Class::Time),
    ("materiality", Class::Public),
    ("mechanism", Class::Public),
    ("media_hashes", Class::Public),
    ("merchant", Class::Public),
    ("month", Class::Time),
    ("nodes", Class::Count),
    ("notice", Class::Public),
    ("notice_hash", Class::Public),
    ("notice_version", Class::Public),
    ("notify_within_ms", Class::Time),
    ("number", Class::Public),
    ("on_behalf_of", Class::Pseudonym),
    ("opened", Class::Time),
    ("party", Class::Public),
    ("path", Class::Commitment),
    ("payer", Class::Public),
    ("person", Class::Commitment),
    ("powers", Class::Choice),
    ("presentation_commitment", Class::Commitment),
    ("prohibited_hash", Class::Public),
    ("propagated_to", Class::Public),
    ("purpose_hash", Class::Public),
    ("read", Class::OpaqueId),
    ("reason", Class::Commitment),
    ("redeem", Class::OpaqueId),
    ("reference", Class::Commitment),
    ("regime", Class::Public),
    ("regimes", Class::Public),
    ("request", Class::OpaqueId),
    ("request_within_ms", Class::Time),
    ("responsible", Class::Public),
    ("review_within_ms", Class::Time),
    ("roles", Class::Public),
    ("root", Class::Commitment),
    ("scheme", Class::Public),
    ("scope", Class::Commitment),
    ("sensitive", Class::Choice),
    ("sensitive_allowed", Class::Public),
    ("status", Class::Public),
    ("statute_date", Class::Public),
    ("stopped_at", Class::Time),
    ("subject", Class::Pseudonym),
    ("subject_key", Class::Key),
    ("terms", Class::Public),
    ("terms_root", Class::Commitment),
    ("threshold", Class::Count),
    ("to", Class::Pseudonym),
    ("type", Class::Choice),
    ("unit_hash", Class::Public),
    ("until", Class::Time),
    ("use_limit", Class::Count),
    ("users", Class::Public),
    ("valid_from", Class::Time),
    ("version", Class::Public),
    ("view", Class::OpaqueId),
    ("vocabulary", Class::Public),
    ("wait_until", Class::Time),
    ("weight", Class::Count),
    ("zone", Class::Public),
];

/// What a field is, by the last part of its name; `None` where nobody has decided.
#[must_use]
pub fn class_of(name: &str) -> Option<Class> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let found = FIELDS.binary_search_by(|(field, _)| field.cmp(&last)).ok()?;
    FIELDS.get(found).map(|(_, class)| *class)
}
