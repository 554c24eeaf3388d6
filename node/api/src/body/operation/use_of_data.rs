//! Accesses and their records in JSON.

use ledger_types::consent::{PurposeProof, TermsLeaf, VocabularyNode};
use ledger_types::operation::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, ConsentBasis, Deletion, DividendRow,
    Half, PayDividend, RecordDisclosures, RecordReceipt, RecordUse, RequestAccess,
};
use ledger_types::{
    AccountId, AddressPrefix, ConsentId, Hash, LegalBasisId, PartyId, Timestamp, Yen,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::shape;
use super::subject::TermsLeafBody;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By a registered party.
    RequestAccessBody of RequestAccess {
        /// Identity of this access, chosen at random.
        access: Hash as [schema::Hex32],
        /// What it rests on.
        basis: AccessBasis as [AccessBasisBody],
    }

    /// By a data holder: its half of the record of a disclosure (APPI article 29).
    RecordUseBody of RecordUse {
        /// The access that permitted it.
        access: Hash as [schema::Hex32],
        /// Salted commitment to what was disclosed; both halves carry the same.
        disclosure: Hash as [schema::Hex32],
    }

    /// By the requester of an access: its half of the record of a disclosure (APPI article 30).
    RecordReceiptBody of RecordReceipt {
        /// The access.
        access: Hash as [schema::Hex32],
        /// Salted commitment to what was received; both halves carry the same.
        disclosure: Hash as [schema::Hex32],
    }

    /// By a data holder or a recipient: all disclosures of one hour between two parties, as one root,
    /// so that single visits show neither in clear nor in time.
    RecordDisclosuresBody of RecordDisclosures {
        /// Which half the sender keeps.
        half: Half as [shape::Half],
        /// Who keeps the other half.
        counterparty: PartyId as [u32],
        /// The hour, counted from the epoch; it must be over.
        hour: u32 as [u32],
        /// Root of the tree over the disclosures' commitments, in ascending order.
        root: Hash as [schema::Hex32],
        /// How many there were, at least 1.
        count: u32 as [u32],
    }

    /// By a controller whose consent ended: what it did about it.
    AcknowledgeWithdrawalBody of AcknowledgeWithdrawal {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// When the use stopped.
        stopped_at: Timestamp as [schema::Instant],
        /// What became of the data.
        deletion: Deletion as [shape::Deletion],
        /// Who was told, in ascending order, each once.
        propagated_to: Vec<PartyId> as [Vec<u32>],
    }

    /// By any party that held a consent's salts or keys: they are destroyed.
    AcknowledgeShredBody of AcknowledgeShred {
        /// The consent, which has ended.
        consent: ConsentId as [schema::Hex32],
        /// Salted commitment to the record of the destruction.
        digest: Hash as [schema::Hex32],
    }

    /// By the payer of terms of compensation: one bulk of a month's dividends.
    PayDividendBody of PayDividend {
        /// Whose terms.
        controller: PartyId as [u32],
        /// The terms.
        terms: u32 as [u32],
        /// The month, as yyyymm.
        month: u32 as [u32],
        /// Which part of the month's rows this is.
        chunk: u32 as [u32],
        /// Who is paid how much.
        rows: Vec<DividendRow> as [Vec<DividendRowBody>],
    }

    /// One payment of a bulk.
    DividendRowBody of DividendRow {
        /// The creditor.
        to: AccountId as [Address],
        /// How much.
        amount: Yen as [schema::Amount],
    }
}

bodies! {
    /// A process asked for under a consent.
    ConsentBasisBody of ConsentBasis {
        /// The consent relied on.
        consent: ConsentId as [schema::Hex32],
        /// The process asked for, as one leaf of the consent's terms.
        leaf: TermsLeaf as [TermsLeafBody],
        /// The leaf's place among the terms.
        leaf_index: u32 as [u32],
        /// The leaf's path to the root, bottom first.
        path: Vec<Hash> as [Vec<schema::Hex32>],
        /// That its purpose lies within the consent's breadth; there exactly where that is broad.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<PurposeProof> as [Option<PurposeProofBody>],
    }

    /// That a purpose stands in a frozen vocabulary.
    PurposeProofBody of PurposeProof {
        /// The purpose.
        node: VocabularyNode as [shape::VocabularyNode],
        /// Its inclusion path, bottom first.
        path: Vec<Hash> as [Vec<schema::Hex32>],
    }
}

choices! {
    /// The one legal basis that an access rests on.
    AccessBasisBody of AccessBasis
        [
            /// The subject agreed.
            Consent(ConsentBasisBody)
        ]
    {
        /// The subject did not object to a scheme that was notified.
        OptOut {
            /// Whose scheme.
            controller: PartyId as [u32],
            /// The scheme.
            scheme: u32 as [u32],
            /// Salted commitment by which the controller knows the person.
            person: Hash as [schema::Hex32],
            /// Whether the data is sensitive; then it is never permitted.
            sensitive: bool as [bool],
        },
        /// The requester belongs to a published circle.
        JointUse {
            /// Whose scheme.
            controller: PartyId as [u32],
            /// The scheme.
            scheme: u32 as [u32],
            /// The version under which the data was collected.
            version: u32 as [u32],
            /// Salted commitment by which the controller knows the person.
            person: Hash as [schema::Hex32],
        },
        /// The law itself allows it.
        Exemption {
            /// The basis.
            basis: LegalBasisId as [u32],
            /// Its current version.
            version: u32 as [u32],
            /// Salted commitment by which the holder knows the person.
            person: Hash as [schema::Hex32],
            /// Salted commitment to the evidence, where the basis asks for it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            evidence: Option<Hash> as [Option<schema::Hex32>],
            /// Whether the data is sensitive.
            sensitive: bool as [bool],
        },
        /// An emergency that the requester declared for one person.
        BreakGlass {
            /// The broken glass.
            glass: Hash as [schema::Hex32],
        },
    }
}
