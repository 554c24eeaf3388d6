//! What the state holds: one typed record under each key, encoded as canonical borsh.
//!
//! The first byte of a record's encoding is its kind's number, which is also the first byte of its
//! key (`state::keys`); numbers never change and are never used again. Records that a light client
//! reads are defined where it does: `ledger_proof::record` and `ledger_proof::holding`.

mod governance;
mod money;
mod oversight;
mod person;
mod registry;
mod use_of_data;
mod zone;

use borsh::{BorshDeserialize, BorshSerialize};

pub use governance::Member;
pub use ledger_proof::holding::{Account, ZoneAccount};
pub use ledger_proof::record::{Consent, Guardian, Notice, Party};
pub use ledger_types::{Authority, Keys};
pub use money::{Bank, CoreReference, OpenRedeem, OpenRedeems, PairPosition, Redeem, RedeemStatus};
pub use oversight::{AuditView, Due, Duty, Emergency, Endorsement, Glass, LogRead, Review};
pub use person::{
    Contact, Delegation, Reconsent, ReconsentCount, Recovery, RequestAnswer, Subject,
    SubjectRequest,
};
pub use registry::{
    Dividend, JointUse, LegalBasis, OptOut, OptOutStop, RegimeVersion, Terms, Vocabulary,
};
pub use use_of_data::{
    Access, Acknowledged, Acknowledgement, BasisKind, Disclosures, HolderHalf, HourlyRoot, Pairing,
    Shred,
};
pub use zone::{Merchant, Zone};

/// Any record. Large and rare ones are boxed, so that accounts stay small in memory.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Record {
    /// An account that can hold money.
    Account(Account) = 1,
    /// A data subject.
    Subject(Subject) = 2,
    /// A consent party.
    Party(Party) = 3,
    /// A bank.
    Bank(Box<Bank>) = 4,
    /// What one bank owes another.
    PairPosition(PairPosition) = 5,
    /// A Business Zone.
    Zone(Zone) = 6,
    /// A sub-account in a zone.
    ZoneAccount(ZoneAccount) = 7,
    /// A merchant of a zone.
    Merchant(Merchant) = 8,
    /// A redeem request.
    Redeem(Redeem) = 9,
    /// The redeem requests that hold value of an account.
    OpenRedeems(OpenRedeems) = 10,
    /// A core banking reference that was used.
    CoreReference(CoreReference) = 11,
    /// A notice.
    Notice(Box<Notice>) = 12,
    /// A consent.
    Consent(Box<Consent>) = 13,
    /// A member.
    Member(Member) = 14,
    /// A version of a vocabulary.
    Vocabulary(Vocabulary) = 15,
    /// A legal basis.
    LegalBasis(Box<LegalBasis>) = 16,
    /// A regime's deadlines.
    RegimeVersion(Box<RegimeVersion>) = 17,
    /// A version of a scheme of joint use.
    JointUse(Box<JointUse>) = 18,
    /// A scheme that people may object to.
    OptOut(Box<OptOut>) = 19,
    /// A person's objection.
    OptOutStop(OptOutStop) = 20,
    /// What a controller pays for data.
    Terms(Terms) = 21,
    /// Where requests reach a data subject.
    Contact(Contact) = 22,
    /// A request for renewals.
    Reconsent(Box<Reconsent>) = 23,
    /// When a controller asked for renewals of late.
    ReconsentCount(ReconsentCount) = 24,
    /// What a subject asked of a controller.
    SubjectRequest(Box<SubjectRequest>) = 25,
    /// A guardian's authority.
    Delegation(Delegation) = 26,
    /// A proposal to give a data subject another key.
    Recovery(Box<Recovery>) = 27,
    /// A permitted access.
    Access(Box<Access>) = 28,
    /// An hour's disclosures between two parties.
    Disclosures(Box<Disclosures>) = 29,
    /// What a controller owes once a consent has ended.
    Acknowledgement(Box<Acknowledgement>) = 30,
    /// A broken glass.
    Glass(Box<Glass>) = 31,
    /// An area's emergency.
    Emergency(Emergency) = 32,
    /// A part of a month's dividends.
    Dividend(Dividend) = 33,
    /// A party's word that salts and keys are destroyed.
    Shred(Shred) = 34,
    /// An auditor's right to read.
    AuditView(Box<AuditView>) = 35,
    /// A logged read of a subject's access log.
    LogRead(Box<LogRead>) = 36,
    /// Something that must be done by an instant.
    Due(Due) = 37,
}

/// Millions of accounts lie in memory, so what a record takes there is watched.
const _: () = assert!(size_of::<Record>() <= 144, "a record has grown in memory");

impl Record {
    /// The number of the record's kind.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match self {
            Self::Account(_) => 1,
            Self::Subject(_) => 2,
            Self::Party(_) => 3,
            Self::Bank(_) => 4,
            Self::PairPosition(_) => 5,
            Self::Zone(_) => 6,
            Self::ZoneAccount(_) => 7,
            Self::Merchant(_) => 8,
            Self::Redeem(_) => 9,
            Self::OpenRedeems(_) => 10,
            Self::CoreReference(_) => 11,
            Self::Notice(_) => 12,
            Self::Consent(_) => 13,
            Self::Member(_) => 14,
            Self::Vocabulary(_) => 15,
            Self::LegalBasis(_) => 16,
            Self::RegimeVersion(_) => 17,
            Self::JointUse(_) => 18,
            Self::OptOut(_) => 19,
            Self::OptOutStop(_) => 20,
            Self::Terms(_) => 21,
            Self::Contact(_) => 22,
            Self::Reconsent(_) => 23,
            Self::ReconsentCount(_) => 24,
            Self::SubjectRequest(_) => 25,
            Self::Delegation(_) => 26,
            Self::Recovery(_) => 27,
            Self::Access(_) => 28,
            Self::Disclosures(_) => 29,
            Self::Acknowledgement(_) => 30,
            Self::Glass(_) => 31,
            Self::Emergency(_) => 32,
            Self::Dividend(_) => 33,
            Self::Shred(_) => 34,
            Self::AuditView(_) => 35,
            Self::LogRead(_) => 36,
            Self::Due(_) => 37,
        }
    }
}
