//! `ReadAccessLog`: reading a subject's access log is itself a logged access.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{List, event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId, ConsentId, PartyId, ZoneId};
use crate::json::{Whose, choice};
use crate::time::Timestamp;

choice! {
    /// By which right a party reads a subject's log.
    #[derive(Copy)]
    pub enum ReadRight {
        /// The subject consented to the reader.
        Consent {
            /// The consent.
            consent: ConsentId,
        } = 0 as "consent",
        /// The reader audits.
        View {
            /// The audit view.
            view: Hash,
            /// A consent of the subject to the controller that the view is about, where it is about
            /// one.
            consent: Option<ConsentId>,
        } = 1 as "view",
    }
}

impl ReadRight {
    /// The consent that it rests on, where there is one.
    #[must_use]
    pub const fn consent(&self) -> Option<ConsentId> {
        match self {
            Self::Consent { consent } => Some(*consent),
            Self::View { consent, .. } => *consent,
        }
    }
}

operation! {
    /// By a party: reads a subject's access log, or the accounts that its audit view covers, which is
    /// a logged access itself.
    pub struct ReadAccessLog {
        /// Identity of this read: the day, then random bytes.
        read: Hash,
        /// Whose log, or which account; by a view of a bank the bank's own, of a zone its operator's,
        /// which stand for all accounts in it.
        subject: AccountId,
        /// By which right.
        right: ReadRight,
    }

    refused [
        UnknownParty, PartySuspended, ReadExists, DayRefused, UnknownConsent, NotConsentController,
        NotConsentSubject, UnknownAuditView, AuditViewRefused,
    ]
    samples [Self {
        read: hash(0x86),
        subject: account(0x60),
        right: ReadRight::Consent { consent: consent() },
    }, Self {
        read: hash(0x86),
        subject: account(0x60),
        right: ReadRight::View { view: hash(0x80), consent: Some(consent()) },
    }]
}

/// A logged read of a subject's access log, or of accounts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LogRead {
    /// Who reads.
    pub reader: PartyId,
    /// Whose log, or which account.
    pub subject: AccountId,
    /// By which right.
    pub right: ReadRight,
    /// When.
    pub at: Timestamp,
}

event! {
    /// A party read a subject's access log, or accounts that it audits.
    pub struct AccessLogRead {
        /// The read.
        read: Hash,
        /// Whose log, or which account.
        subject: Whose,
        /// Who reads.
        reader: PartyId,
        /// By which right.
        right: ReadRight,
        /// The bank whose accounts are read, where it is all of a bank's.
        bank: Option<BankId>,
        /// The zone whose accounts are read, where it is all in a zone.
        zone: Option<ZoneId>,
    }

    enters [subject, reader, right.consent(), bank.map(List::Bank), zone.map(List::Zone)]
}
