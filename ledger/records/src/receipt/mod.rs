//! Receipts: what a consent says, for people and for other systems, with its proof inside.
//!
//! A receipt is made off the ledger from the subject's opening and what the ledger says of the
//! consent ([`Facts`]). Its forms:
//! - [`json_ld()`]: a consent receipt around a consent record in the structure of ISO/IEC TS
//!   27560:2023, written in the Data Privacy Vocabulary as the W3C community group's guide on TS
//!   27560 lays out;
//! - [`fhir()`]: an HL7 FHIR R5 `Consent` resource of the processes that concern health;
//! - [`kantara()`]: a Kantara consent receipt 1.1;
//! - [`text()`]: plain Japanese (やさしい日本語) or English: who, what, for what, until when, and how to
//!   withdraw.
//!
//! The proof is an opaque value: whoever issues the receipt puts in the bundle that its reader can
//! verify. A receipt names no person, only the pseudonym towards the controller.

mod fhir;
mod json_ld;
mod kantara;
mod text;

pub use fhir::fhir;
pub use json_ld::json_ld;
pub use kantara::kantara;
pub use text::{Reading, text};

use ledger_types::instant::Time;
use ledger_types::{ConsentId, Hash, Height, NoticeId, PartyId, Timestamp};
use serde_json::Value;

use crate::pseudonym::Pseudonym;
use crate::terms::{Process, Region};
use crate::vocabulary::legal::{Bilingual, LegalBasis, Statute};

/// Where the identities of this ledger's things begin.
const BASE: &str = "https://kyojo.example/";

/// A registered party as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its number on the ledger.
    pub party: PartyId,
    /// Its name.
    pub name: Bilingual,
    /// Its address.
    pub address: Bilingual,
    /// Its telephone.
    pub telephone: String,
    /// Its mail address.
    pub email: String,
    /// Its page.
    pub url: String,
}

/// The notice that was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number on the ledger.
    pub notice: NoticeId,
    /// Its version.
    pub version: u32,
    /// In which language, as ISO 639-1 has it.
    pub language: String,
    /// SHA-256 of the text.
    pub content_hash: Hash,
    /// Where the text can be read.
    pub url: String,
}

/// Where a consent stands, in the design's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptStatus {
    /// Asked for.
    Requested,
    /// Refused.
    Refused,
    /// Put off.
    Deferred,
    /// In force.
    Given,
    /// Held back for a time.
    Suspended,
    /// In force until the notice's deadline.
    RenewalDue,
    /// Given again after a new notice.
    Renewed,
    /// Its time is over.
    Expired,
    /// Ended by the subject.
    Withdrawn,
    /// Ended by another.
    Revoked,
    /// Found never to have been valid.
    Invalidated,
}

impl ReceiptStatus {
    /// The status of the Data Privacy Vocabulary, or ours where it has none.
    #[must_use]
    pub const fn concept(self) -> &'static str {
        match self {
            Self::Requested => "dpv:ConsentRequested",
            Self::Refused => "dpv:ConsentRefused",
            Self::Deferred => "dpv:ConsentRequestDeferred",
            Self::Given => "dpv:ConsentGiven",
            Self::Suspended => "kyojo:ConsentSuspended",
            Self::RenewalDue => "kyojo:ConsentRenewalDue",
            Self::Renewed => "dpv:RenewedConsentGiven",
            Self::Expired => "dpv:ConsentExpired",
            Self::Withdrawn => "dpv:ConsentWithdrawn",
            Self::Revoked => "dpv:ConsentRevoked",
            Self::Invalidated => "dpv:ConsentInvalidated",
        }
    }

    /// The standing in one word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Given => "given",
            Self::Suspended => "suspended",
            Self::RenewalDue => "renewal-due",
            Self::Renewed => "renewed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "revoked",
            Self::Invalidated => "invalidated",
        }
    }

    /// Whether it has ended: an ended consent never returns.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::Expired | Self::Withdrawn | Self::Revoked | Self::Invalidated
        )
    }

    /// Whether data may be used on it, as far as its standing goes.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Given | Self::RenewalDue | Self::Renewed)
    }
}

/// A change of standing, as the ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// To which standing.
    pub standing: ReceiptStatus,
    /// The block's time.
    pub at: Timestamp,
    /// The block's height.
    pub height: Height,
}

/// All that a receipt is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The receipt's own identity.
    pub receipt: Hash,
    /// When the receipt was made.
    pub issued_at: Timestamp,
    /// On which network.
    pub genesis: Hash,
    /// The consent.
    pub consent: ConsentId,
    /// The subject, as the controller knows it.
    pub subject: Pseudonym,
    /// To whom it was given.
    pub controller: Organisation,
    /// Other parties that the processes name.
    pub others: Vec<Organisation>,
    /// The notice.
    pub notice: Notice,
    /// On what basis, with the statute that it is in.
    pub basis: (LegalBasis, Statute),
    /// What was agreed.
    pub processes: Vec<Process>,
    /// Names of the regions in them.
    pub regions: Vec<(Region, Bilingual)>,
    /// In force from.
    pub valid_from: Timestamp,
    /// When it expires, exclusive.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
    /// Its changes of standing, oldest first; the last is where it stands.
    pub events: Vec<Event>,
    /// Where the subject withdraws, in one step.
    pub withdraw_url: String,
    /// The telephone for those who cannot.
    pub withdraw_telephone: String,
    /// What proves it, opaque here.
    pub proof: Option<Value>,
}

impl Facts {
    /// Where the consent stands.
    #[must_use]
    pub fn standing(&self) -> ReceiptStatus {
        self.events.last().map_or(ReceiptStatus::Requested, |event| event.standing)
    }

    /// When it ended, where it has.
    #[must_use]
    pub fn ended(&self) -> Option<Timestamp> {
        self.events.last().filter(|event| event.standing.has_ended()).map(|event| event.at)
    }

    fn organisation(&self, party: PartyId) -> Option<&Organisation> {
        core::iter::once(&self.controller).chain(&self.others).find(|known| known.party == party)
    }

    fn party_iri(&self, party: PartyId) -> String {
        format!("{BASE}{}/parties/{party}", self.genesis.network())
    }

    fn consent_iri(&self) -> String {
        format!("{BASE}{}/consents/{}", self.genesis.network(), self.consent.get())
    }
}

/// RFC 3339 in UTC, to the second.
fn rfc_3339(at: Timestamp) -> String {
    let text = Time::from(at).to_string();
    text.split_once('.').map_or_else(|| text.clone(), |(whole, _)| format!("{whole}Z"))
}

#[cfg(test)]
mod tests;
