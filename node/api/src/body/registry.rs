//! The public registries: law, vocabularies, schemes that need no consent, and emergencies.

use ledger_types::registry::{Mechanism, Regime, RegimeRules, Regimes};
use ledger_types::{Hash, Height, LegalBasisId, NoticeId, PartyId, VocabularyId, ZoneId};

use crate::form::body;
use crate::text::{Address, by_json, schema};
use crate::time::Time;

body! {
    /// A legal basis in its current version.
    pub struct LegalBasisBody {
        /// Its number.
        basis: LegalBasisId as u32,
        /// The current version, from 1.
        version: u32,
        /// The provision as lawyers cite it.
        #[schema(example = "APPI 27(1)(iii)")]
        code: String,
        /// When the statute in this version came into force, as yyyymmdd.
        #[schema(example = 20220401)]
        statute_date: u32,
        /// SHA-256 of the document that explains it.
        content_hash: Hash as schema::Hex32,
        /// How it permits a use.
        mechanism: Mechanism as schema::Mechanism,
        /// Whom it is for.
        #[serde(with = "by_json")]
        regimes: Regimes as Vec<schema::Regime>,
        /// Whether a use needs a commitment to evidence.
        evidence_required: bool,
        /// Whether it covers sensitive data.
        sensitive_allowed: bool,
        /// The height at which this version was published.
        published: Height as u64,
    }

    /// A regime's deadlines in their current version.
    pub struct RegimeBody {
        /// The regime.
        regime: Regime as schema::Regime,
        /// The current version; 0 where none was published and the ledger's own numbers hold.
        version: u32,
        /// When the statute in this version came into force, as yyyymmdd.
        statute_date?: u32,
        /// Its numbers.
        rules: RegimeRules as schema::RegimeRules,
        /// The height at which this version was published.
        published?: Height as u64,
    }

    /// A version of a vocabulary, which never changes.
    pub struct VocabularyBody {
        /// The vocabulary.
        vocabulary: VocabularyId as u32,
        /// The version, from 1.
        version: u32,
        /// Root of the tree over its nodes, in preorder.
        root: Hash as schema::Hex32,
        /// How many nodes there are.
        nodes: u32,
        /// SHA-256 of the document that holds them.
        content_hash: Hash as schema::Hex32,
        /// The height at which it was published.
        published: Height as u64,
    }

    /// A version of a scheme of joint use, which never changes.
    pub struct JointUseBody {
        /// Whose scheme.
        controller: PartyId as u32,
        /// The scheme, counted by the controller.
        scheme: u32,
        /// The version, from 1.
        version: u32,
        /// Who uses the data jointly, in ascending order.
        users: Vec<PartyId> as Vec<u32>,
        /// SHA-256 of the list of items.
        items_hash: Hash as schema::Hex32,
        /// SHA-256 of the purpose.
        purpose_hash: Hash as schema::Hex32,
        /// Who answers for it.
        responsible: PartyId as u32,
        /// The notice that tells people of it.
        notice: NoticeId as u32,
        /// In which version.
        notice_version: u32,
        /// The height at which it was published.
        published: Height as u64,
    }

    /// A scheme that people may object to.
    pub struct OptOutBody {
        /// Whose scheme.
        controller: PartyId as u32,
        /// The scheme, counted by the controller.
        scheme: u32,
        /// SHA-256 of the filing with its number.
        filing_hash: Hash as schema::Hex32,
        /// SHA-256 of the list of data categories that it leaves out.
        prohibited_hash: Hash as schema::Hex32,
        /// No use before this.
        wait_until: Time as schema::Instant,
        /// The legal basis.
        basis: LegalBasisId as u32,
        /// The height at which it was notified.
        notified: Height as u64,
    }

    /// What a controller pays for data.
    pub struct TermsBody {
        /// Whose terms.
        controller: PartyId as u32,
        /// The terms, counted by the controller.
        terms: u32,
        /// The account that pays.
        payer: Address,
        /// SHA-256 of what is paid for which unit.
        unit_hash: Hash as schema::Hex32,
        /// The zone whose contract reckons it, where one does.
        zone?: ZoneId as u16,
        /// The height at which they were published.
        published: Height as u64,
    }

    /// A controller's request to those who consented under a notice to renew. Silence grants nothing.
    pub struct ReconsentBody {
        /// The request.
        request: Hash as schema::Hex32,
        /// Who asks.
        controller: PartyId as u32,
        /// For which notice.
        notice: NoticeId as u32,
        /// In which version.
        version: u32,
        /// Salted commitment to the reason.
        reason: Hash as schema::Hex32,
        /// Answers come before this.
        deadline: Time as schema::Instant,
        /// The height at which it was asked.
        requested: Height as u64,
        /// Whether an answer could still come at the time of the last block.
        is_open: bool,
    }

    /// A page of requests for renewal.
    pub struct ReconsentPage {
        /// The requests, newest first; those that are open.
        requests: Vec<ReconsentBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }

    /// An area's emergency: those members who endorse it.
    pub struct EmergencyBody {
        /// The area.
        area: u32,
        /// Until when it is in force if nothing else happens; none where it is not in force.
        in_force_until?: Time as schema::Instant,
        /// One a member, in the order in which they came, those that ran out among them.
        endorsements: Vec<EndorsementBody>,
    }

    /// A member's word that there is an emergency.
    pub struct EndorsementBody {
        /// The member's account.
        member: Address,
        /// Whether it is the city's.
        is_city: bool,
        /// It counts until before.
        until: Time as schema::Instant,
        /// Salted commitment to the ground.
        ground: Hash as schema::Hex32,
        /// The height at which it was given.
        given: Height as u64,
    }
}
