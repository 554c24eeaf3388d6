//! What the state holds: one typed record under each key, encoded as canonical borsh.
//!
//! The first byte of a record's encoding is its kind's number, which is also the first byte of its
//! key (`state::keys`); numbers never change and are never used again.

mod authority;
mod consent;
mod governance;
mod money;
mod zone;

use borsh::{BorshDeserialize, BorshSerialize};

pub use authority::{Authority, Keys};
pub use consent::{Consent, Notice, Party, Subject};
pub use governance::Member;
pub use money::{
    Account, Bank, CoreReference, OpenRedeem, OpenRedeems, PairPosition, Redeem, RedeemStatus,
};
pub use zone::{Merchant, Zone, ZoneAccount};

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
        }
    }
}
