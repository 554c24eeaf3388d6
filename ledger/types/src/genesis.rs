//! The genesis document: who the members are and what the ledger holds before its first block.
//!
//! Its hash is the network's identity. The document is canonical borsh; the JSON form is for
//! people and converts to the same value.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::codec;
use crate::hash::{Hash, NetworkId, TAG_GENESIS};
use crate::id::PartyId;
use crate::id::{AccountId, AddressPrefix, BankId, MemberId, ZoneId};
use crate::key::PublicKey;
use crate::operation::{AccountKind, KycLevel, MerchantClass, WeightedKey};
pub use crate::registry::MemberRole;
use crate::registry::{CorporateNumber, PartyRoles, Regime};
use crate::time::Timestamp;
use crate::yen::Yen;

/// The most bytes that an encoded genesis document may have.
pub const GENESIS_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The network's name for people, such as `aizu-dev`.
    pub name: String,
    /// The prefix of addresses.
    pub address_prefix: AddressPrefix,
    /// The time before which no block is.
    pub time: Timestamp,
    /// Rules with numbers in them.
    pub parameters: Parameters,
    /// The consortium's members.
    pub members: Vec<GenesisMember>,
    /// The validators.
    pub validators: Vec<GenesisValidator>,
    /// The banks.
    pub banks: Vec<GenesisBank>,
    /// Accounts that exist from the start.
    pub accounts: Vec<GenesisAccount>,
    /// The Business Zones.
    pub zones: Vec<GenesisZone>,
    /// The merchants of the zones.
    pub merchants: Vec<GenesisMerchant>,
    /// The consent parties.
    pub parties: Vec<GenesisParty>,
    /// SHA-256 of a file of further accounts beside this document, where there is one.
    pub accounts_file: Option<Hash>,
}

/// Rules with numbers in them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// How far ahead of its own clock a validator accepts a block's time, in milliseconds.
    pub drift_ms_max: u64,
    /// Δ: how long a consent decision may be relied on after its checkpoint, in milliseconds.
    pub decision_validity_ms: u64,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisMember {
    /// Its number.
    pub member: MemberId,
    /// Its public name.
    pub name: String,
    /// Its roles, in ascending order, each once.
    pub roles: Vec<MemberRole>,
    /// The account through which it acts: one of `accounts`, or a bank's own account.
    pub account: AccountId,
}

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisValidator {
    /// The member that runs it.
    pub member: MemberId,
    /// Its consensus key.
    pub key: PublicKey,
    /// Its voting power.
    pub power: u64,
    /// Its network key: peers know it by this on both swarms.
    pub network_key: PublicKey,
    /// Its log key: it signs the checkpoints of the audit log that it serves.
    pub log_key: PublicKey,
    /// Its cosignature key: by it others know that it saw a checkpoint after finality.
    pub cosignature_key: PublicKey,
}

/// A bank with its own account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisBank {
    /// Its four-digit code.
    pub bank: BankId,
    /// Its public name.
    pub name: String,
    /// Its own account (kind bank, kept by itself), which must not be listed in `accounts`.
    pub account: AccountId,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that its transactions need.
    pub threshold: u16,
    /// The most it may have outstanding.
    pub issue_allowance: Yen,
    /// The most it may owe the other banks on net.
    pub net_debit_cap: Yen,
}

/// An account that exists from the start; its balance counts as issued by its custodian.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisAccount {
    /// The account.
    pub account: AccountId,
    /// Its custodian.
    pub custodian: BankId,
    /// Salted commitment to the holder.
    pub holder_commitment: Hash,
    /// Its kind.
    pub kind: AccountKind,
    /// Its KYC level.
    pub kyc_level: KycLevel,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that its transactions need.
    pub threshold: u16,
    /// What it holds.
    pub balance: Yen,
}

/// A Business Zone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisZone {
    /// Its number.
    pub zone: ZoneId,
    /// Its public name.
    pub name: String,
    /// The account of its operator.
    pub operator: AccountId,
}

/// A merchant of a zone; it gets a sub-account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisMerchant {
    /// The zone.
    pub zone: ZoneId,
    /// The merchant's account.
    pub account: AccountId,
    /// Its class.
    pub class: MerchantClass,
}

/// A consent party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisParty {
    /// Its number.
    pub party: PartyId,
    /// Its roles.
    pub roles: PartyRoles,
    /// Under which rules it stands; private where the manifest does not say.
    #[serde(default)]
    pub regime: Regime,
    /// Its corporate number, where it has one.
    #[serde(default)]
    pub corporate_number: Option<CorporateNumber>,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that its transactions need.
    pub threshold: u16,
}

impl Genesis {
    /// The genesis hash: the network's identity.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[TAG_GENESIS, &codec::encode(self)])
    }

    /// The network's name on the wire.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.hash().network()
    }
}
