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
    /// Random bytes that open a commitment, towards everybody.
    Opening,
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

/// What each field is, by the last part of its name; the names of each class are in order.
const CLASSES: [(Class, &str); 10] = [
    (Class::Pseudonym, "account guardian on_behalf_of subject to"),
    (Class::Key, "key subject_key"),
    (Class::OpaqueId, "access consent glass mailbox read redeem request view"),
    (
        Class::Commitment,
        "commitment core_banking_ref digest disclosure evidence external_ref form ground holder \
         holder_commitment path \
         person presentation_commitment reason reference root scope terms_root",
    ),
    (Class::Opening, "salt"),
    (
        Class::Public,
        "area areas auditor bank basis code compensation content_hash controller corporate_number \
         counter counterparty cycle enter evidence_required exit filing_hash fund iri_hash items_hash \
         materiality mechanism media_hashes merchant name notice notice_hash notice_version number \
         operator party payer prohibited_hash propagated_to publishes purpose_hash regime regimes \
         responsible roles scheme \
         sensitive_allowed status statute_date terms unit_hash users version vocabulary zone",
    ),
    (
        Class::Choice,
        "cause class direction finding half kind kyc_level language loss powers role sensitive tax \
         type",
    ),
    (
        Class::Time,
        "acknowledge_within_ms break_glass_backdate_ms_max break_glass_ms_max deadline \
         duration_ms expires from hour match_within_ms month notify_within_ms opened \
         request_within_ms review_within_ms stopped_at until valid_from wait_until",
    ),
    (Class::Amount, "amount cap charge holding minimum per_day per_month per_payment yearly_cap"),
    (
        Class::Count,
        "burst chunk count index leaf_index nodes per_minute rate share threshold tier use_limit weight",
    ),
];

/// Every field with what it is.
pub fn fields() -> impl Iterator<Item = (&'static str, Class)> {
    CLASSES.into_iter().flat_map(|(class, names)| names.split(' ').map(move |name| (name, class)))
}

/// What a field is, by the last part of its name; `None` where nobody has decided.
#[must_use]
pub fn class_of(name: &str) -> Option<Class> {
    let last = name.rsplit('.').next().unwrap_or(name);
    fields().find(|(field, _)| *field == last).map(|(_, class)| class)
}
