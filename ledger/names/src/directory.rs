//! The directory: who is called what, for one network, from one day to another.

use std::collections::BTreeMap;

use borsh::BorshSerialize;
use ledger_types::signed::Domain;
use ledger_types::{AccountId, BankId, Hash, PartyId, Timestamp, ZoneId};
use serde::{Deserialize, Serialize};

use crate::identity::{fold, looks};
use crate::name::{Name, Reading};

/// The most entries of a directory.
pub const ENTRIES_MAX: usize = 20_000;
/// The most zones in which one shop takes payments.
pub const ZONES_MAX: usize = 16;
/// The most bytes of a web address.
pub const WEB_BYTES_MAX: usize = 200;
/// How long a directory is good at most, in milliseconds.
pub const VALIDITY_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;

/// Names for one network.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The network: its genesis hash.
    pub network: Hash,
    /// Which of the network's directories: a higher number takes the place of a lower one.
    pub serial: u64,
    /// From when it is good.
    pub issued: Timestamp,
    /// Until before when it is good.
    pub expires: Timestamp,
    /// Who is called what.
    pub entries: Vec<Entry>,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name.
    pub name: Name,
    /// How it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// Whose it is.
    pub of: Named,
    /// Where it is, such as `会津若松市`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Name>,
    /// Where more of it can be read: an `https://` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Web>,
}

/// Whose name it is: what the ledger knows it by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Named {
    /// A bank.
    Bank {
        /// Its code.
        bank: BankId,
    },
    /// A Business Zone.
    Zone {
        /// Its number.
        zone: ZoneId,
    },
    /// A consent party.
    Party {
        /// Its number.
        party: PartyId,
    },
    /// A counter where people are helped.
    Counter {
        /// Its number among the consent parties.
        party: PartyId,
    },
    /// A shop that agreed to be named.
    Shop {
        /// Its account.
        account: AccountId,
        /// The zones in which it takes payments, in ascending order, each once; at least one.
        zones: Vec<ZoneId>,
    },
}

/// An `https://` address of printable ASCII, at most 200 bytes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize)]
#[serde(transparent)]
pub struct Web(String);

impl Web {
    /// The address; none where the text is no such address.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://")?;
        let fits = !rest.is_empty()
            && text.len() <= WEB_BYTES_MAX
            && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const NO_WEB: &str = "an address begins with https:// and has at most 200 bytes of printable ASCII";

impl<'de> Deserialize<'de> for Web {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| serde::de::Error::custom(NO_WEB))
    }
}

/// What is wrong with a directory, by the places of its entries, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It ends before it begins, or is good for more than 366 days.
    #[error("the directory ends before it begins, or is good for more than 366 days")]
    Validity,
    /// It has more than 20,000 entries.
    #[error("the directory has {count} entries, 20,000 at most")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// A shop's zones are none, too many, or not in ascending order.
    #[error("the zones of {name} are none, more than 16, or not in ascending order, each once")]
    Zones {
        /// Where.
        entry: usize,
        /// The name.
        name: Name,
    },
    /// Two entries are called the same.
    #[error("{name} and {other} are one name")]
    SameName {
        /// The later entry.
        entry: usize,
        /// Its name.
        name: Name,
        /// The name before it.
        other: Name,
    },
    /// Two entries name the same bank, zone, party, counter or account.
    #[error("{name} and {other} are one and the same on the ledger")]
    SameNamed {
        /// The later entry.
        entry: usize,
        /// Its name.
        name: Name,
        /// The name before it.
        other: Name,
    },
    /// Two names look alike.
    #[error("{name} and {other} look alike")]
    LookAlike {
        /// The later entry.
        entry: usize,
        /// Its name.
        name: Name,
        /// The name before it.
        other: Name,
    },
    /// A name mixes alphabets that are not written together.
    #[error("{name} mixes alphabets that are not written together")]
    Mixed {
        /// Where.
        entry: usize,
        /// The name.
        name: Name,
    },
}

impl Directory {
    /// Everything for which nobody may read it: what every reader asks, whatever its tables.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let days = self.expires.as_millis().checked_sub(self.issued.as_millis());
        if !days.is_some_and(|days| (1..=VALIDITY_MS_MAX).contains(&days)) {
            faults.push(Fault::Validity);
        }
        let count = self.entries.len();
        if count > ENTRIES_MAX {
            faults.push(Fault::TooMany { count });
            return faults;
        }
        let (mut names, mut named) = (BTreeMap::new(), BTreeMap::new());
        for (entry, one) in self.entries.iter().enumerate() {
            let name = one.name.clone();
            if let Some(other) = names.insert(fold(name.as_str()), name.clone()) {
                faults.push(Fault::SameName { entry, name: name.clone(), other });
            }
            if let Some(other) = named.insert(one.of.identity(), name.clone()) {
                faults.push(Fault::SameNamed { entry, name: name.clone(), other });
            }
            if !one.of.has_good_zones() {
                faults.push(Fault::Zones { entry, name });
            }
        }
        faults
    }

    /// Everything for which nobody should sign it: the faults, names that look alike or are made to,
    /// by the tables of Unicode that the signer has.
    #[must_use]
    pub fn findings(&self) -> Vec<Fault> {
        let mut found = self.faults();
        if self.entries.len() > ENTRIES_MAX {
            return found;
        }
        let mut seen: BTreeMap<String, &Name> = BTreeMap::new();
        for (entry, one) in self.entries.iter().enumerate() {
            let name = &one.name;
            if name.is_mixed() {
                found.push(Fault::Mixed { entry, name: name.clone() });
            }
            let looks = looks(name.as_str());
            let other = looks.iter().find_map(|look| seen.get(look)).copied();
            // What is one name has been said.
            if let Some(other) = other.filter(|it| fold(it.as_str()) != fold(name.as_str())) {
                let (name, other) = (name.clone(), other.clone());
                found.push(Fault::LookAlike { entry, name, other });
            }
            for look in looks {
                seen.entry(look).or_insert(name);
            }
        }
        found
    }

    /// Whether it is good at an instant.
    #[must_use]
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        now < self.expires
    }

    /// What something is called; none where the directory does not name it.
    #[must_use]
    pub fn entry_of(&self, of: &Named) -> Option<&Entry> {
        let wanted = of.identity();
        self.entries.iter().find(|entry| entry.of.identity() == wanted)
    }

    /// The bytes that a key signs.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        Domain::DIRECTORY.signed_bytes(&self.network, self)
    }

    /// What tells it from every other: the hash of what is signed, so of no white space.
    #[must_use]
    pub fn digest(&self) -> Hash {
        Hash::of(&[&self.signed_bytes()])
    }
}

impl Named {
    /// What it is on the ledger, whatever else is said of it: a shop is its account.
    #[must_use]
    pub fn identity(&self) -> Self {
        match self {
            Self::Shop { account, .. } => Self::Shop { account: *account, zones: Vec::new() },
            Self::Bank { .. } | Self::Zone { .. } | Self::Party { .. } | Self::Counter { .. } => {
                self.clone()
            }
        }
    }

    /// The account of a shop.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Shop { account, .. } => Some(account),
            Self::Bank { .. } | Self::Zone { .. } | Self::Party { .. } | Self::Counter { .. } => {
                None
            }
        }
    }

    /// The number of a party or counter.
    #[must_use]
    pub const fn party(&self) -> Option<PartyId> {
        match self {
            Self::Party { party } | Self::Counter { party } => Some(*party),
            Self::Bank { .. } | Self::Zone { .. } | Self::Shop { .. } => None,
        }
    }

    /// The zones in which a shop takes payments.
    #[must_use]
    pub fn zones(&self) -> &[ZoneId] {
        match self {
            Self::Shop { zones, .. } => zones,
            Self::Bank { .. } | Self::Zone { .. } | Self::Party { .. } | Self::Counter { .. } => {
                &[]
            }
        }
    }

    fn has_good_zones(&self) -> bool {
        match self {
            Self::Shop { zones, .. } => {
                (1..=ZONES_MAX).contains(&zones.len()) && zones.is_sorted_by(|a, b| a < b)
            }
            Self::Bank { .. } | Self::Zone { .. } | Self::Party { .. } | Self::Counter { .. } => {
                true
            }
        }
    }
}
