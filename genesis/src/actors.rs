//! Development keys of everyone who acts on a local network, in one plain file.
//!
//! The file holds secrets in the clear and says so: it exists to try things out, never beside
//! real value.

use ledger_types::{AccountId, BankId, Hash, MemberId, PartyId};
use serde::{Deserialize, Serialize};

/// What the file says about itself.
pub const NOTICE: &str =
    "DEVELOPMENT ONLY: these secret keys follow from a public seed; never hold real value by them";

/// The content of `actors.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actors {
    /// A warning to whoever opens the file.
    pub notice: String,
    /// The network on which they act.
    pub genesis_hash: Hash,
    /// The prefix of its addresses.
    pub address_prefix: String,
    /// Everyone, each name once.
    pub actors: Vec<Actor>,
}

/// What someone does on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorRole {
    /// A bank, acting by its own account.
    Bank,
    /// A prepaid issuer: its own account, and its float at a bank.
    Issuer,
    /// The city.
    City,
    /// The university.
    University,
    /// A company that is a member.
    Company,
    /// Sets net debit caps.
    SettlementOperator,
    /// Enters consent parties.
    Registrar,
    /// Operates the zone.
    ZoneOperator,
    /// Audits.
    Auditor,
    /// A consent party.
    Party,
    /// A shop of the zone.
    Merchant,
    /// A person.
    Citizen,
    /// A person with an account at a prepaid issuer.
    PrepaidCitizen,
}

/// Someone who acts, with the key by which it acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// A short name, such as `citizen-0001`.
    pub name: String,
    /// What it does.
    pub role: ActorRole,
    /// Its account's address (bech32m).
    pub address: String,
    /// Its account (40 hexadecimal digits).
    pub account: AccountId,
    /// The bank or issuer that keeps the account; none for a consent party.
    pub bank: Option<BankId>,
    /// The secret: a 32-byte ed25519 seed in hexadecimal digits.
    pub seed: String,
    /// Its number among the members, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Its number among the consent parties, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
}
