//! Parties, notices, consents, and the preview of a decision.

use ledger_types::access::{Deletion, Duties};
use ledger_types::consent::{Breadth, ConsentStanding, Profile};
use ledger_types::operation::WeightedKey;
use ledger_types::registry::{
    CorporateNumber, Language, Materiality, NoticeContent, PartyRoles, PartyStatus, Regime,
};
use ledger_types::rejection::RejectionCode;
use ledger_types::{ConsentId, Hash, Height, NoticeId, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::text::{Address, by_json, schema};
use crate::time::Time;

body! {
    /// A registered party.
    pub struct PartyBody {
        /// Its number.
        party: PartyId as u32,
        /// The account through which it acts.
        account: Address,
        /// What it may do.
        #[serde(with = "by_json")]
        roles: PartyRoles as Vec<schema::PartyRole>,
        /// Under which rules it stands.
        regime: Regime as schema::Regime,
        /// Its corporate number, where it has one.
        corporate_number?: CorporateNumber as u64,
        /// Whether it may act.
        status: PartyStatus as schema::PartyStatus,
        /// Keys that act for it.
        keys: Vec<WeightedKey> as Vec<schema::WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    }

    /// A page of the registered parties.
    pub struct PartyPage {
        /// The parties, in order of account.
        parties: Vec<PartyBody>,
        /// Where the next page begins; none at the end.
        next?: String,
    }

    /// A notice in its current version.
    pub struct NoticeBody {
        /// The controller that publishes it.
        party: PartyId as u32,
        /// Its number.
        notice: NoticeId as u32,
        /// The current version.
        version: u32,
        /// How much this version changed.
        materiality: Materiality as schema::Materiality,
        /// The last version that changed materially: consents to earlier ones are due for renewal.
        last_material_version: u32,
        /// Its texts, in order of language.
        #[serde(with = "by_json")]
        contents: Vec<NoticeContent> as Vec<schema::NoticeContent>,
        /// SHA-256 of each picture, sound or film that belongs to it.
        media_hashes: Vec<Hash> as Vec<schema::Hex32>,
    }

    /// A consent, for its subject and its controller.
    pub struct ConsentBody {
        /// Its identity.
        consent: ConsentId as schema::Hex32,
        /// The subject's implicit account.
        subject: Address,
        /// To whom it is given.
        controller: PartyId as u32,
        /// Root of the terms tree.
        terms_root: Hash as schema::Hex32,
        /// The notice.
        notice: NoticeId as u32,
        /// The notice's version.
        notice_version: u32,
        /// In force from.
        valid_from: Time as schema::Instant,
        /// In force until before.
        expires: Time as schema::Instant,
        /// How many times it may be used, if that is limited.
        use_limit?: u32,
        /// How many times it was used.
        uses: u32,
        /// The language in which the notice was presented.
        #[serde(with = "by_json")]
        language: Language as schema::LanguageTag,
        /// Salted commitment to the evidence of the presentation.
        presentation_commitment: Hash as schema::Hex32,
        /// How broad it is.
        breadth: Breadth as schema::Breadth,
        /// The controller's terms of compensation, where there are any.
        compensation?: u32,
        /// When it applies.
        profile: Profile as schema::Profile,
        /// The guardian who gave it or renewed it last, where one did.
        guardian?: GuardianBody,
        /// How often its terms or its notice changed.
        revision: u32,
        /// How often it was renewed.
        renewals: u32,
        /// Where it stands.
        standing: ConsentStanding as schema::ConsentStanding,
        /// The Data Privacy Vocabulary's status for it, where it has one.
        #[schema(example = "https://w3id.org/dpv#ConsentGiven")]
        dpv_status?: String,
        /// The height at which it was given.
        given: Height as u64,
        /// The height at which it was ended.
        ended?: Height as u64,
        /// What its controller owes since it has ended.
        acknowledgement?: AcknowledgementBody,
        /// The height after which all this holds.
        height: Height as u64,
    }

    /// The guardian behind a consent.
    pub struct GuardianBody {
        /// The guardian's account as a data subject.
        account: Address,
        /// From here on the consent is due for renewal by the subject.
        until: Time as schema::Instant,
    }

    /// What a controller owes once a consent has ended.
    pub struct AcknowledgementBody {
        /// When it is due.
        deadline: Time as schema::Instant,
        /// What the controller said, once it did.
        done?: AcknowledgedBody,
        /// The height at which it was found overdue.
        overdue?: Height as u64,
    }

    /// What a controller did about an ended consent.
    pub struct AcknowledgedBody {
        /// When the use stopped.
        stopped_at: Time as schema::Instant,
        /// What became of the data.
        deletion: Deletion as schema::Deletion,
        /// Who was told.
        propagated_to: Vec<PartyId> as Vec<u32>,
        /// The height at which it was said.
        height: Height as u64,
    }

    /// A page of a subject's consents.
    pub struct ConsentPage {
        /// The consents, in order of identity.
        consents: Vec<ConsentBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }
}

/// Whether a use is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is; only the record is owed that every disclosure leaves, by both who take part in it.
    Permit,
    /// It is, and more is owed than that: `duties` says what.
    PermitWithDuty,
    /// It is not; the code says why.
    Deny,
}

body! {
    /// What the ledger would decide now. Nothing is recorded and no use is counted.
    pub struct CheckBody {
        /// Permit or deny.
        decision: Decision,
        /// The number of the rule that denies.
        #[schema(example = 4014)]
        code?: RejectionCode as u16,
        /// The rule's name.
        #[schema(example = "ConsentEnded")]
        name?: String,
        /// The rule in words, with its values.
        detail?: String,
        /// The height after which it holds.
        height: Height as u64,
        /// That block's time.
        time: Time as schema::Instant,
        /// What a permit obliges to; empty where it is denied.
        #[serde(with = "by_json")]
        duties: Duties as Vec<schema::Obligation>,
        /// Until when a permit may be relied on.
        valid_until?: Time as schema::Instant,
    }
}
