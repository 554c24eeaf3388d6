//! The genesis document: who the members are and what the ledger holds before its first block.
//!
//! Its hash is the network's identity. The document is canonical borsh; the JSON form is for
//! people and converts to the same value.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::allowance::Allowances;
use crate::codec;
use crate::hash::{Hash, NetworkId, TAG_GENESIS};
use crate::id::PartyId;
use crate::id::{AccountId, AddressPrefix, BankId, MemberId, ZoneId};
use crate::key::PublicKey;
use crate::lab::{self, Lab};
use crate::limits::{ACCESS_SERVED_DAYS_MIN, RETENTION_DAYS_MIN};
pub use crate::money::LevelLimits;
use crate::operation::{AccountKind, KycLevel, MerchantClass, WeightedKey};
pub use crate::programme::{LotteryTimes, ShortLotteryTime};
pub use crate::registry::MemberRole;
use crate::registry::{CorporateNumber, PartyRoles, Regime};
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::{MunicipalityCode, Publishes};

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
    /// The prepaid issuers, which share the banks' codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<GenesisIssuer>,
    /// Accounts that exist from the start.
    pub accounts: Vec<GenesisAccount>,
    /// The Business Zones.
    pub zones: Vec<GenesisZone>,
    /// The merchants of the zones.
    pub merchants: Vec<GenesisMerchant>,
    /// The consent parties.
    pub parties: Vec<GenesisParty>,
    /// Keys of which each signs directories of public names, in ascending order, each once; the
    /// names themselves are no part of the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directory_keys: Vec<PublicKey>,
    /// SHA-256 of a file of further accounts beside this document, where there is one.
    pub accounts_file: Option<Hash>,
    /// How time runs, in a lab network alone; last, because it has no byte where it is not there.
    #[borsh(serialize_with = "lab::write", deserialize_with = "lab::read")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lab: Option<Lab>,
}

/// Rules with numbers in them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// How far ahead of its own clock a validator accepts a block's time, in milliseconds.
    pub drift_ms_max: u64,
    /// Δ: how long a consent decision may be relied on after its checkpoint, in milliseconds.
    pub decision_validity_ms: u64,
    /// How long waiting transactions are gathered for a block at most, in milliseconds of real
    /// time: no validator begins a height sooner than it must or later than this (rule 10).
    pub gather_ms_max: u64,
    /// How long what a counter gives for somebody waits before it begins, in milliseconds.
    pub counter_delay_ms: u64,
    /// How often a counter may give for others on one day.
    pub counter_acts_per_day: u32,
    /// How long records are kept that have ended; the usual where the manifest does not say.
    #[serde(default)]
    pub retention: Retention,
    /// How much one payer may have the ledger do (rule 33).
    pub allowances: Allowances,
    /// How much may leave an account and how much it may hold, by KYC level (rule 44); the usual where
    /// the manifest does not say.
    #[serde(default)]
    pub limits: LevelLimits,
    /// The shortest times of lotteries (rule 49); the usual where the manifest does not say.
    #[serde(default)]
    pub lotteries: LotteryTimes,
}

/// How many days records are kept once they have ended, counted from the day with which their
/// identity begins. What is unmatched, overdue or not reviewed has not ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Redeem requests that were settled or cancelled, or lapsed.
    pub redeem_days: u32,
    /// Subjects' requests that were answered.
    pub request_days: u32,
    /// Payments at shops, for which time they are refunded, and requests to be paid that were taken back.
    pub payment_days: u32,
    /// Accesses whose halves are both there and match: how long they stay in the state. Nodes go on
    /// serving them from their index and log.
    pub access_days: u32,
    /// How long every node serves such an access, with its halves and what proves them: nothing of
    /// that may be pruned before.
    pub access_served_days: u32,
    /// Broken glasses that were reviewed and of which the person was told.
    pub glass_days: u32,
    /// Reads of logs.
    pub read_days: u32,
}

impl Retention {
    /// What a document begins with.
    pub const USUAL: Self = Self {
        redeem_days: 30,
        request_days: 366,
        payment_days: 30,
        access_days: 7,
        access_served_days: ACCESS_SERVED_DAYS_MIN,
        glass_days: ACCESS_SERVED_DAYS_MIN,
        read_days: 30,
    };

    /// The shortest that a document may say.
    pub const SHORTEST: Self = Self {
        redeem_days: RETENTION_DAYS_MIN,
        request_days: RETENTION_DAYS_MIN,
        payment_days: RETENTION_DAYS_MIN,
        access_days: RETENTION_DAYS_MIN,
        access_served_days: ACCESS_SERVED_DAYS_MIN,
        glass_days: RETENTION_DAYS_MIN,
        read_days: RETENTION_DAYS_MIN,
    };

    /// All that are too short, in the order of the document.
    pub fn short(&self) -> impl Iterator<Item = ShortRetention> {
        let least = Self::SHORTEST;
        let (served, served_least) = (self.access_served_days, least.access_served_days);
        let bounds = [
            ("redeem_days", self.redeem_days, least.redeem_days, IDENTITIES_LIVE_ONCE),
            ("request_days", self.request_days, least.request_days, IDENTITIES_LIVE_ONCE),
            ("payment_days", self.payment_days, least.payment_days, IDENTITIES_LIVE_ONCE),
            ("access_days", self.access_days, least.access_days, IDENTITIES_LIVE_ONCE),
            ("access_served_days", served, served_least, DISCLOSURES_ARE_KEPT),
            ("glass_days", self.glass_days, least.glass_days, IDENTITIES_LIVE_ONCE),
            ("read_days", self.read_days, least.read_days, IDENTITIES_LIVE_ONCE),
        ];
        let short = bounds.into_iter().filter(|(_, days, least, _)| days < least);
        short.map(|(what, days, least, why)| ShortRetention { what, days, least, why })
    }
}

/// Why nothing leaves the state before its day is over everywhere.
const IDENTITIES_LIVE_ONCE: &str = "until an identity is too old to be taken again";
/// Why accesses are served for as long as they are.
const DISCLOSURES_ARE_KEPT: &str =
    "both halves of the record of a disclosure are kept for three years (APPI articles 29 and 30)";

/// Days in a genesis document that are too few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameters.retention.{what} is {days}, at least {least} are asked: {why}")]
pub struct ShortRetention {
    /// Which, as the document names it.
    pub what: &'static str,
    /// What it says.
    pub days: u32,
    /// The fewest.
    pub least: u32,
    /// Why no fewer.
    pub why: &'static str,
}

impl Default for Retention {
    fn default() -> Self {
        Self::USUAL
    }
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

/// A prepaid issuer with its own account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisIssuer {
    /// Its four-digit code, which no bank has.
    pub issuer: BankId,
    /// Its public name.
    pub name: String,
    /// Its own account (kind issuer, kept by itself), which must not be listed in `accounts`.
    pub account: AccountId,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that its transactions need.
    pub threshold: u16,
    /// The most it may have outstanding.
    pub issue_allowance: Yen,
    /// Its float: one of `accounts` (kind issuer, level KB, at a bank), no merchant, and with at
    /// least what the issuer's accounts hold.
    pub float: AccountId,
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
    /// The municipalities that it serves, in ascending order, each once; none where the document
    /// does not say.
    #[serde(default)]
    pub areas: Vec<MunicipalityCode>,
    /// What anybody may read of it; nothing where the document does not say.
    #[serde(default)]
    pub publishes: Publishes,
}

/// A merchant of a zone; it gets a sub-account, and is in the first tier of the fee schedule.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::LabRate;

    fn genesis() -> Genesis {
        Genesis {
            name: "aizu".to_owned(),
            address_prefix: AddressPrefix::new("aizu").unwrap(),
            time: Timestamp::from_millis(1_767_193_200_000),
            parameters: Parameters {
                drift_ms_max: 2_000,
                decision_validity_ms: 60_000,
                gather_ms_max: 100,
                counter_delay_ms: 86_400_000,
                counter_acts_per_day: 200,
                retention: Retention::USUAL,
                allowances: Allowances::INITIAL,
                limits: LevelLimits::USUAL,
                lotteries: LotteryTimes::USUAL,
            },
            members: Vec::new(),
            validators: Vec::new(),
            banks: Vec::new(),
            issuers: Vec::new(),
            accounts: Vec::new(),
            zones: Vec::new(),
            merchants: Vec::new(),
            parties: Vec::new(),
            directory_keys: Vec::new(),
            accounts_file: None,
            lab: None,
        }
    }

    fn lab(rate: u32) -> Genesis {
        let start = Timestamp::from_millis(1_767_193_200_000);
        let lab = LabRate::new(rate).map(|rate| Lab { rate, start });
        Genesis { lab, ..genesis() }
    }

    /// The digits were made by another program, from the encoding without a lab.
    #[test]
    fn a_network_that_is_no_lab_keeps_its_bytes_and_its_hash() {
        let encoded = hex::encode(codec::encode(&genesis()));
        let expected = concat!(
            "0400000061697a750400000061697a758045ec749b010000d007000000000000",
            "60ea0000000000006400000000000000005c260500000000c80000001e000000",
            "6e0100001e0000000700000048040000480400001e000000000100001e000000",
            "000100000a00000000040000580200000000010060ea000000000100c0d40100",
            "0040000070170000000001a08601000000000001a086010000000000000001e0",
            "9304000000000001e093040000000000000000000000000001a0860100000000",
            "0001e09304000000000000840c24000000000008194800000000000000000000",
            "00000000000000000000000000000000000000000000000000000000000000",
        );
        assert_eq!(encoded, expected);
        let hash = "4177c5029499d49b81816ab0785b482eb1c65a8ca77dcad6ee8149cea88714d7";
        assert_eq!(genesis().hash().to_string(), hash);
        assert!(!serde_json::to_string(&genesis()).unwrap().contains("lab"));
    }

    #[test]
    fn a_lab_is_part_of_the_hash_and_of_both_forms() {
        let hash = "cddd50b917d47f6b4d6637d7634aa21563a30b685d0ab65d79a4149711ddc9a6";
        assert_eq!(lab(1000).hash().to_string(), hash);
        assert_ne!(lab(1001).hash(), lab(1000).hash());
        for document in [genesis(), lab(2)] {
            let bytes = codec::encode(&document);
            assert_eq!(codec::decode(&bytes, GENESIS_BYTES_MAX).as_ref(), Ok(&document));
            let json = serde_json::to_string(&document).unwrap();
            assert_eq!(serde_json::from_str::<Genesis>(&json).unwrap(), document);
            let longer = [bytes.as_slice(), &[0]].concat();
            assert!(codec::decode::<Genesis>(&longer, GENESIS_BYTES_MAX).is_err());
        }
    }

    #[test]
    fn a_section_that_makes_no_lab_is_refused() {
        let bytes = codec::encode(&genesis());
        for rate in [0_u32, 1, crate::lab::LAB_RATE_MAX + 1] {
            let section = [rate.to_le_bytes().as_slice(), &[0; 8]].concat();
            let found = codec::decode::<Genesis>(&[bytes.as_slice(), &section].concat(), 1000);
            assert!(found.is_err(), "{rate}");
            let json = serde_json::to_string(&lab(2)).unwrap();
            let json = json.replace("\"rate\":2", &format!("\"rate\":{rate}"));
            assert!(serde_json::from_str::<Genesis>(&json).is_err(), "{rate}");
        }
    }
}
