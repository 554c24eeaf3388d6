//! `GrantAuditView` and `EndAuditView`: whom the city or a university lets read, and what.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId, PartyId, ZoneId};
use crate::json::{Whose, choice};
use crate::time::Timestamp;

choice! {
    /// What an auditor may read.
    #[derive(Copy)]
    pub enum AuditScope {
        /// What concerns one subject.
        Subject {
            /// The subject.
            subject: AccountId,
        } = 0 as "subject",
        /// What concerns consents to one controller.
        Controller {
            /// The controller.
            controller: PartyId,
        } = 1 as "controller",
        /// Everything.
        All = 2 as "all",
        /// One account that can hold money.
        Account {
            /// The account.
            account: AccountId,
        } = 3 as "account",
        /// The accounts that a bank keeps.
        Bank {
            /// The bank.
            bank: BankId,
        } = 4 as "bank",
        /// The accounts that have a sub-account in a zone.
        Zone {
            /// The zone.
            zone: ZoneId,
        } = 5 as "zone",
    }
}

operation! {
    /// By the city or a university that does not audit itself.
    pub struct GrantAuditView {
        /// Identity of this view, chosen at random.
        view: Hash,
        /// Who may read.
        auditor: PartyId,
        /// What.
        scope: AuditScope,
        /// Until before.
        until: Timestamp,
        /// Salted commitment to the ground.
        ground: Hash,
    }

    refused [
        MemberRoleMissing, AuditorMayNotGrant, AuditViewExists, UnknownParty, PartyRoleMissing,
        BadDeadline,
    ]
    samples [Self::sample(AuditScope::Subject { subject: account(0x60) }),
    Self::sample(AuditScope::Controller { controller: PARTY }),
    Self::sample(AuditScope::All), Self::sample(AuditScope::Account { account: account(0x60) }),
    Self::sample(AuditScope::Bank { bank: BankId::new(17) }),
    Self::sample(AuditScope::Zone { zone: ZoneId::new(1) })]
}

impl GrantAuditView {
    fn sample(scope: AuditScope) -> Self {
        use crate::sample::{PARTY, hash, time};
        Self { view: hash(0x80), auditor: PARTY, scope, until: time(99), ground: hash(0x85) }
    }
}

operation! {
    /// By the city or a university.
    pub struct EndAuditView {
        /// The view.
        view: Hash,
    }

    refused [MemberRoleMissing, UnknownAuditView]
    samples [Self { view: hash(0x80) }]
}

/// An auditor's right to read.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AuditView {
    /// Who may read.
    pub auditor: PartyId,
    /// What.
    pub scope: AuditScope,
    /// The end, exclusive.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// Which member's account gave it.
    pub given_by: AccountId,
    /// When it was given.
    pub given: Height,
    /// When it was ended before its time, if it was.
    pub ended: Option<Height>,
}

impl AuditView {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.until
    }
}

event! {
    /// An auditor may read.
    pub struct AuditViewGranted {
        /// The view.
        view: Hash,
        /// Who may read.
        auditor: PartyId,
        /// The subject or account that it is about, where it is about one; of a bank its own, of a
        /// zone its operator's.
        subject: Option<Whose>,
        /// The one controller that it is about, where it is about one.
        controller: Option<PartyId>,
        /// Until before.
        until: Timestamp,
    }

    enters [auditor, subject, controller]
}

event! {
    /// An auditor may not read any more.
    pub struct AuditViewEnded {
        /// The view.
        view: Hash,
        /// Who may read.
        auditor: PartyId,
        /// The subject or account that it is about, where it is about one; of a bank its own, of a
        /// zone its operator's.
        subject: Option<Whose>,
        /// The one controller that it is about, where it is about one.
        controller: Option<PartyId>,
    }

    enters [auditor, subject, controller]
}
