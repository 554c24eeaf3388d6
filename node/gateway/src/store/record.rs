//! One half of a disclosure's record, and how far it has come.

use consent_records::commitment::Opening;
use ledger_types::operation::{Half, NameHolder, RecordReceipt, RecordUse};
use ledger_types::{AccountId, Hash, Height, Nonce, Operation, PartyId, Timestamp, TransactionId};
use node_client::Signed;
use serde::{Deserialize, Serialize};

use crate::disclosure::{Asker, Description, commitment};

/// A half: what was disclosed, and the transaction that records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfRecord {
    /// Whose half it is.
    pub half: Half,
    /// What was disclosed, with its salt.
    pub disclosure: Opening<Description>,
    /// Who asked; the recipient's half alone knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<Opening<Asker>>,
    /// What opens the access's commitment to its holder.
    pub holder_salt: Hash,
    /// When it was queued, by this machine's clock.
    pub queued: Timestamp,
    /// How far it has come.
    pub state: HalfState,
    /// The naming of the holder whose half is missing, once it was called for; the recipient's half
    /// alone has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naming: Option<Naming>,
}

/// What a transaction on its way does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// It records the half.
    Record,
    /// It names the holder whose half is missing.
    Name,
}

/// How far the naming of a holder has come; it is called for once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "naming", rename_all = "snake_case", deny_unknown_fields)]
pub enum Naming {
    /// It waits for its transaction to be in a block.
    Queued {
        /// The transaction, signed.
        transaction: Sealed,
    },
    /// It is on the ledger: the half is owed by the holder from here on.
    Named {
        /// The block.
        height: Height,
    },
    /// The ledger refused it: the half came meanwhile.
    Refused {
        /// The number of the rule.
        code: u16,
    },
}

impl Naming {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Named { .. } => "named",
            Self::Refused { .. } => "refused",
        }
    }
}

/// How far a half has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum HalfState {
    /// It waits for its transaction to be in a block.
    Queued {
        /// The transaction, signed: the same bytes go out until they are in a block.
        transaction: Sealed,
    },
    /// It is on the ledger, alone.
    Recorded {
        /// The block.
        height: Height,
    },
    /// The counterpart is on the ledger too and says the same.
    Matched {
        /// The block of this half.
        height: Height,
    },
    /// The counterpart says something else.
    Mismatched {
        /// The block of this half.
        height: Height,
    },
    /// The ledger refused it.
    Refused {
        /// The number of the rule.
        code: u16,
    },
}

/// A signed transaction on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Its identity.
    pub id: TransactionId,
    /// Its sender.
    pub account: AccountId,
    /// The nonce that it holds.
    pub nonce: Nonce,
    /// Its canonical bytes, signatures included.
    #[serde(with = "hex::serde")]
    pub bytes: Vec<u8>,
}

impl Sealed {
    /// A transaction to be kept.
    #[must_use]
    pub fn of(signed: &Signed) -> Self {
        let Signed { id, account, nonce, ref bytes } = *signed;
        Self { id, account, nonce, bytes: bytes.to_vec() }
    }

    /// The transaction to be sent.
    #[must_use]
    pub fn signed(&self) -> Signed {
        let bytes = self.bytes.clone().into();
        Signed { id: self.id, account: self.account, nonce: self.nonce, bytes }
    }
}

impl HalfRecord {
    /// The access.
    #[must_use]
    pub const fn access(&self) -> Hash {
        self.disclosure.document.access
    }

    /// Who keeps the other half.
    #[must_use]
    pub const fn counterparty(&self) -> PartyId {
        match self.half {
            Half::Holder => self.disclosure.document.recipient,
            Half::Recipient => self.disclosure.document.holder,
        }
    }

    /// What puts a half on the ledger.
    #[must_use]
    pub fn operation(half: Half, opening: &Opening<Description>, salt: Hash) -> Operation {
        let (access, disclosure) = (opening.document.access, commitment(opening));
        match half {
            Half::Holder => RecordUse { access, disclosure, salt }.into(),
            Half::Recipient => RecordReceipt { access, disclosure }.into(),
        }
    }

    /// What an errand does on the ledger.
    #[must_use]
    pub fn errand(&self, errand: Errand) -> Operation {
        let (access, salt) = (self.access(), self.holder_salt);
        match errand {
            Errand::Record => Self::operation(self.half, &self.disclosure, salt),
            Errand::Name => {
                NameHolder { access, party: self.disclosure.document.holder, salt }.into()
            }
        }
    }

    /// What waits for its transaction to be in a block.
    #[must_use]
    pub const fn on_its_way(&self) -> Option<(Errand, &Sealed)> {
        match (&self.state, &self.naming) {
            (HalfState::Queued { transaction }, _) => Some((Errand::Record, transaction)),
            (_, Some(Naming::Queued { transaction })) => Some((Errand::Name, transaction)),
            (_, Some(Naming::Named { .. } | Naming::Refused { .. }) | None) => None,
        }
    }

    /// Puts a transaction on its way.
    pub fn queue(&mut self, errand: Errand, transaction: Sealed) {
        match errand {
            Errand::Record => self.state = HalfState::Queued { transaction },
            Errand::Name => self.naming = Some(Naming::Queued { transaction }),
        }
    }

    /// Whether something is still to come.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.state.is_open() || self.on_its_way().is_some()
    }

    /// Who owes the half that is missing, as the ledger has it: the holder answers for its own only
    /// once it was named, and until then the requester does.
    #[must_use]
    pub const fn owed_by(&self) -> Option<PartyId> {
        let what = &self.disclosure.document;
        match (&self.state, self.half, &self.naming) {
            (HalfState::Recorded { .. }, Half::Recipient, Some(Naming::Named { .. })) => {
                Some(what.holder)
            }
            (HalfState::Recorded { .. }, Half::Holder | Half::Recipient, _) => Some(what.recipient),
            (
                HalfState::Queued { .. }
                | HalfState::Matched { .. }
                | HalfState::Mismatched { .. }
                | HalfState::Refused { .. },
                Half::Holder | Half::Recipient,
                _,
            ) => None,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("every member has a JSON form")
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl HalfState {
    /// Whether the half itself is still to be recorded or matched.
    #[must_use]
    const fn is_open(&self) -> bool {
        matches!(self, Self::Queued { .. } | Self::Recorded { .. })
    }

    /// The state's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Recorded { .. } => "recorded",
            Self::Matched { .. } => "matched",
            Self::Mismatched { .. } => "mismatched",
            Self::Refused { .. } => "refused",
        }
    }
}
