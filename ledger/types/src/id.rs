//! Identities: accounts, banks, zones and members, and how an account is shown to people.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::{Hash, TAG_ACCOUNT, TAG_PARTY, TAG_SUBJECT};
use crate::key::PublicKey;
use crate::newtype::number;

/// An account: 20 bytes fixed at opening, so that it is a valid EVM address too.
#[derive(
    Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize,
)]
pub struct AccountId([u8; 20]);

impl AccountId {
    /// An account from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The 20 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The account that `custodian` opens for the holder behind `holder_commitment`.
    ///
    /// The commitment's salt makes it unique, so nothing about the holder shows in it.
    #[must_use]
    pub fn opened_by(custodian: BankId, holder_commitment: &Hash) -> Self {
        let custodian = custodian.get().to_be_bytes();
        Self(Hash::of(&[TAG_ACCOUNT, &custodian, holder_commitment.as_bytes()]).first_20())
    }

    /// The implicit account of a data subject: nothing stands behind it but the key.
    #[must_use]
    pub fn of_subject(key: &PublicKey) -> Self {
        Self(Hash::of(&[TAG_SUBJECT, &[key.tag()], key.as_bytes()]).first_20())
    }

    /// The account through which a consent party acts.
    #[must_use]
    pub fn of_party(party: PartyId) -> Self {
        Self(Hash::of(&[TAG_PARTY, &party.get().to_be_bytes()]).first_20())
    }

    /// The account as people see it: bech32m under the network's prefix.
    #[must_use]
    pub fn to_address(&self, prefix: &AddressPrefix) -> String {
        let Ok(hrp) = bech32::Hrp::parse(prefix.as_str()) else {
            return hex::encode(self.0);
        };
        bech32::encode::<bech32::Bech32m>(hrp, &self.0).unwrap_or_else(|_| hex::encode(self.0))
    }

    /// Reads an address of the network whose prefix is given.
    ///
    /// # Errors
    /// [`ParseAddressError`] names what is wrong: the checksum, the prefix or the length.
    pub fn from_address(text: &str, prefix: &AddressPrefix) -> Result<Self, ParseAddressError> {
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<bech32::Bech32m>(text)
            .map_err(|_| ParseAddressError::Checksum)?;
        let found = checked.hrp().to_lowercase();
        if found != prefix.as_str() {
            return Err(ParseAddressError::Prefix { expected: prefix.clone(), found });
        }
        let bytes: Vec<u8> = checked.byte_iter().collect();
        bytes.try_into().map(Self).map_err(|_| ParseAddressError::Length)
    }
}

impl core::fmt::Debug for AccountId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl serde::Serialize for AccountId {
    /// 40 hexadecimal digits: the form of genesis manifests, independent of a prefix.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> serde::Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        let mut bytes = [0; 20];
        hex::decode_to_slice(text.as_ref(), &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// The text is not an account's address on this network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAddressError {
    /// The checksum or the form is wrong: most often a typing error.
    #[error("the address is mistyped: its checksum does not match")]
    Checksum,
    /// The address belongs to another network.
    #[error("the address begins with \"{found}\", this network's begin with \"{expected}\"")]
    Prefix {
        /// The prefix of this network.
        expected: AddressPrefix,
        /// The prefix of the text.
        found: String,
    },
    /// The checksum is right but the content is not 20 bytes.
    #[error("the address does not hold 20 bytes")]
    Length,
}

/// The part of an address before its `1`, chosen at genesis: 1 to 16 lower-case letters.
///
/// The default is none: no address is ever written under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AddressPrefix(String);

impl AddressPrefix {
    /// A prefix, or `None` where the text is not 1 to 16 lower-case ASCII letters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
        fits.then(|| Self(text.to_owned()))
    }

    /// The prefix as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for AddressPrefix {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for AddressPrefix {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for AddressPrefix {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(&text)
            .ok_or_else(|| serde::de::Error::custom("a prefix is 1 to 16 lower-case letters"))
    }
}

number! {
    /// A custodian bank, by its four-digit code.
    pub struct BankId(u16);

    /// A Business Zone.
    pub struct ZoneId(u16);

    /// A member of the consortium.
    pub struct MemberId(u16);

    /// A registered party: a controller, a recipient, a data holder, an auditor.
    pub struct PartyId(u32);

    /// A notice of one controller; its versions share the number.
    pub struct NoticeId(u32);

    /// A legal basis for a use; its versions share the number.
    pub struct LegalBasisId(u32);

    /// A vocabulary of purposes or data categories; its versions share the number.
    pub struct VocabularyId(u32);

    /// A consent: 32 opaque bytes chosen at random by the subject's wallet.
    pub struct ConsentId(Hash);
}
