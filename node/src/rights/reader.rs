//! Who reads: whoever has signed the request, with the rights that it names.

use ledger::State;
use ledger_types::record::Access;
use ledger_types::{AccountId, BankId, Hash, PartyId, PublicKey};
use node_api::query::Right;

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who does not say who it is.
    Nobody,
    /// Somebody whose signature over the request was verified.
    Signed {
        /// Who.
        by: Signer,
        /// The rights that it names.
        named: Named,
    },
    /// Whoever holds this key, and does not say for whom: its signature was verified.
    Key(PublicKey),
}

/// Someone who signs a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Its account.
    pub account: AccountId,
    /// The bank whose own account it is.
    pub bank: Option<BankId>,
    /// The consent party that acts through it.
    pub party: Option<PartyId>,
}

/// Rights that a request names, each by its identity on the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// An access under a consent that the reader requested, or disclosed on.
    pub access: Option<Hash>,
    /// The reader's own audit view.
    pub view: Option<Hash>,
    /// The reader's own recorded read of a subject's log, or of accounts.
    pub read: Option<Hash>,
}

/// Accesses that a request names, as whoever asks found them: the state lets those go of which both
/// halves came, and who may read them, or by them, stays the same.
#[derive(Clone, Debug, Default)]
pub struct Accesses(Vec<(Hash, Access)>);

impl Accesses {
    /// The record of one that was found.
    #[must_use]
    pub fn get(&self, id: &Hash) -> Option<&Access> {
        self.0.iter().find(|(access, _)| access == id).map(|(_, record)| record)
    }
}

impl FromIterator<(Hash, Access)> for Accesses {
    fn from_iter<T: IntoIterator<Item = (Hash, Access)>>(found: T) -> Self {
        Self(found.into_iter().collect())
    }
}

impl From<&Right> for Named {
    fn from(right: &Right) -> Self {
        Self { access: right.access, view: right.view, read: None }
    }
}

impl Signer {
    /// Who acts through an account, with the keys that may sign for it; `None` where nobody does.
    #[must_use]
    pub fn find(state: &State, account: &AccountId) -> Option<(Self, Vec<PublicKey>)> {
        let authority = state.authority(account)?;
        let keys = authority.keys.as_slice().iter().map(|entry| entry.key).collect();
        let signer = Self {
            account: *account,
            bank: state.bank_of(account),
            party: state.party_at(account).map(|party| party.party),
        };
        Some((signer, keys))
    }

    /// The same as a reader that names rights.
    #[must_use]
    pub const fn naming(self, named: Named) -> Reader {
        Reader::Signed { by: self, named }
    }
}
