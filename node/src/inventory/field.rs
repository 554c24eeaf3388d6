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
    /// A public key, which belongs to a pseudonym, or to a letter.
    Key,
    /// An identity chosen at random for a consent, an access or the like.
    OpaqueId,
    /// A salted commitment: it tells nothing to whoever has no salt; a proof or a signature, which tells
    /// nothing that stands not beside it.
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

/// What each field is, by the last part of its name; where that means several things, by more of what
/// stands before it, its operation first of all. The names of each class are in order.
const CLASSES: [(Class, &str); 10] = [
    (
        Class::Pseudonym,
        "account guardian leaf.index leaf.list move_escrow.from on_behalf_of subject ticket \
         to",
    ),
    (Class::Key, "key sealing subject_key"),
    (Class::OpaqueId, "access consent glass mailbox nonce payment payout read redeem request view"),
    (
        Class::Commitment,
        "challenge commitment commitments core_banking_ref destination digest \
         disclosure evidence external_ref file form ground holder holder_commitment \
         household invoice_number path person presentation_commitment reason \
         reference response root scope sealed signature statement tax_lines \
         terms_root",
    ),
    (Class::Opening, "open_share.share salt secret"),
    (
        Class::Public,
        "area areas auditor bank basis capabilities carried_over category code \
         compensation content_hash controller corporate_number counter counterparty cycle \
         enter escrows evidence_required exclusions exit fee_schedule filing_hash fund \
         instrument iri_hash issuer items_hash leaves.path materiality mechanism \
         media_hashes merchant name notice notice_hash notice_version number operator \
         party payer programme prohibited_hash propagated_to publishes purpose_hash rank \
         regime regimes responsible roles round scheme sensitive_allowed status \
         statute_date takes terminal terms unit_hash unused_free_to unused_paid_to users \
         version vocabulary vouchers zone",
    ),
    (
        Class::Choice,
        "again allocation cause class combines direction finding half kind kyc_level \
         language loss powers return_payout.reason revoke_leaf.reason rights role \
         sensitive takes_cash tax type",
    ),
    (
        Class::Time,
        "acknowledge_within_ms apply_from apply_until break_glass_backdate_ms_max \
         break_glass_ms_max claim_ms deadline duration_ms expires fiscal_year from \
         holidays hour last_day made match_within_ms month notify_within_ms on opened \
         reconcile_by refund_until request_within_ms review_within_ms sale_from \
         sale_until seconds stopped_at until use_from use_until valid_from wait_until",
    ),
    (
        Class::Amount,
        "amount before cap cash charge eligible fee free holding max_outstanding \
         minimum paid per_day per_month per_payment per_refund price reserve smallest \
         yearly_cap",
    ),
    (
        Class::Count,
        "bucket burst chunk count entitled index leaf_index list months nodes of \
         per_household per_minute per_person rate sets share size threshold tier use_limit \
         wave weight",
    ),
];

/// Every field with what it is.
pub fn fields() -> impl Iterator<Item = (&'static str, Class)> {
    CLASSES.into_iter().flat_map(|(class, names)| names.split(' ').map(move |name| (name, class)))
}

/// What a field of an operation is: the longest of the table's names with which its own ends; `None`
/// where nobody has decided.
#[must_use]
pub fn class_of(operation: &str, name: &str) -> Option<Class> {
    let whole = format!("{operation}.{name}");
    let is_whole = |before: &str| before.is_empty() || before.ends_with('.');
    let fits = |field: &str| whole.strip_suffix(field).is_some_and(is_whole);
    let fitting = fields().filter(|(field, _)| fits(field));
    fitting.max_by_key(|(field, _)| field.len()).map(|(_, class)| class)
}
