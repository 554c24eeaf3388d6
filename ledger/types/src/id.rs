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

    /// Reads an address of the network whose prefix is given. An account has this one text, in small
    /// letters or in capitals (which codes to scan are shorter in).
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
        // What is left over of a character is not looked at by the library, so that one character
        // more would be another spelling of the same account: 160 bits are 32 characters, and no more.
        let characters = checked.data_part_ascii_no_checksum().len();
        if characters != ADDRESS_CHARACTERS {
            return Err(ParseAddressError::Length { characters });
        }
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let bytes = bytes.try_into().map_err(|_| ParseAddressError::Length { characters })?;
        Ok(Self(bytes))
    }
}

/// How many characters say an account, between the prefix's `1` and the checksum.
pub const ADDRESS_CHARACTERS: usize = 32;

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
    /// The checksum is right but another number of characters stands before it.
    #[error(
        "the address has {characters} characters before its checksum, not {ADDRESS_CHARACTERS}"
    )]
    Length {
        /// How many there are.
        characters: usize,
    },
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

    /// An instrument of one zone.
    pub struct InstrumentId(u32);

    /// A premium voucher programme.
    pub struct ProgrammeId(u32);

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

#[cfg(test)]
mod tests {
    use bech32::primitives::iter::{ByteIterExt as _, Fe32IterExt as _};
    use bech32::{Bech32m, Fe32, Hrp};

    use super::*;

    /// The text of an account's characters with others after them, under a checksum that fits.
    fn spelled(account: &AccountId, more: &[u8]) -> String {
        let more: Vec<Fe32> = more.iter().map(|five| Fe32::try_from(*five).unwrap()).collect();
        let characters = account.as_bytes().iter().copied().bytes_to_fes().chain(more);
        let hrp = Hrp::parse("aizu").unwrap();
        characters.with_checksum::<Bech32m>(&hrp).chars().collect()
    }

    #[test]
    fn an_account_has_one_address_of_32_characters() {
        let (account, prefix) = (AccountId::new([7; 20]), AddressPrefix::new("aizu").unwrap());
        let address = account.to_address(&prefix);
        assert_eq!(spelled(&account, &[]), address);
        assert_eq!(AccountId::from_address(&address, &prefix), Ok(account));
        assert_eq!(AccountId::from_address(&address.to_uppercase(), &prefix), Ok(account));
        for five in 0..32 {
            let refused = AccountId::from_address(&spelled(&account, &[five]), &prefix);
            assert_eq!(refused, Err(ParseAddressError::Length { characters: 33 }), "{five}");
        }
        let short = Hrp::parse("aizu").unwrap();
        let short = bech32::encode::<Bech32m>(short, &[7; 19]).unwrap();
        let refused = AccountId::from_address(&short, &prefix);
        assert_eq!(refused, Err(ParseAddressError::Length { characters: 31 }));
    }
}
