//! The texts inside bodies: addresses, and names in the OpenAPI document for the ledger's values.

use ledger_types::id::ParseAddressError;
use ledger_types::key::ParseKeyError;
use ledger_types::{AccountId, AddressPrefix, NetworkId, Signature};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account's address: bech32m under the network's prefix. Checked where it is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(example = "aizu1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lk7f5p")]
pub struct Address(String);

impl Address {
    /// The address of an account on the network with this prefix.
    #[must_use]
    pub fn of(account: &AccountId, prefix: &AddressPrefix) -> Self {
        Self(account.to_address(prefix))
    }

    /// The account, where the text is an address of the network with this prefix.
    ///
    /// # Errors
    /// [`ParseAddressError`] names what is wrong with the text.
    pub fn account(&self, prefix: &AddressPrefix) -> Result<AccountId, ParseAddressError> {
        AccountId::from_address(&self.0, prefix)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A field of a body does not hold what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct BodyError {
    /// Which field.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl BodyError {
    pub(crate) fn new(field: &'static str, reason: &dyn core::fmt::Display) -> Self {
        Self { field, reason: reason.to_string() }
    }
}

/// Reads a network's name: 8 hexadecimal digits.
///
/// # Errors
/// [`BodyError`] where the text is anything else.
pub fn network(text: &str) -> Result<NetworkId, BodyError> {
    let mut bytes = [0; 4];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| BodyError::new("network", &"a network is 8 hexadecimal digits"))?;
    Ok(NetworkId::new(bytes))
}

/// A signature as text: `ed25519:` and 128 hexadecimal digits.
#[must_use]
pub fn signature_text(signature: &Signature) -> String {
    format!("ed25519:{}", hex::encode(signature.as_bytes()))
}

/// Reads a signature's text.
///
/// # Errors
/// [`ParseKeyError`] where it is not `ed25519:` and 128 hexadecimal digits.
pub fn signature(text: &str) -> Result<Signature, ParseKeyError> {
    let digits = text.strip_prefix("ed25519:").ok_or(ParseKeyError)?;
    let mut bytes = [0; 64];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| ParseKeyError)?;
    Ok(Signature::Ed25519(bytes))
}

/// Shapes of the ledger's own values in the OpenAPI document.
pub mod schema {
    use utoipa::ToSchema;

    /// An amount of whole yen: decimal digits, no sign, no separator, no leading zero.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^(0|[1-9][0-9]{0,19})$", example = "1200")]
    pub struct Amount(pub String);

    /// A signed amount of whole yen: positive is owed to the bank, negative is owed by it.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^(0|-?[1-9][0-9]{0,18})$", example = "-1200")]
    pub struct SignedAmount(pub String);

    /// 32 bytes in hexadecimal digits.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub struct Hex32(pub String);

    /// A bundle (`kyojo-bundle/1`): what anyone verifies offline. Its format is a document of its
    /// own.
    #[derive(ToSchema)]
    #[schema(value_type = Object)]
    pub struct BundleDocument(pub String);

    /// An instant in UTC, with milliseconds.
    #[derive(ToSchema)]
    #[schema(value_type = String, format = DateTime, example = "2026-11-22T09:00:00.000Z")]
    pub struct Instant(pub String);

    /// A public key with its type: `ed25519:` and 64 hexadecimal digits.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^ed25519:[0-9a-f]{64}$")]
    pub struct Key(pub String);

    /// A signature with its type: `ed25519:` and 128 hexadecimal digits.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^ed25519:[0-9a-f]{128}$")]
    pub struct KeySignature(pub String);

    /// Bytes as they are.
    #[derive(ToSchema)]
    #[schema(value_type = String, format = Binary)]
    pub struct Octets(pub Vec<u8>);

    /// A language tag of two lower-case letters (ISO 639-1).
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^[a-z]{2}$", example = "ja")]
    pub struct LanguageTag(pub String);

    /// What kind of holder an account has.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum AccountKind {
        /// A person.
        Citizen,
        /// A shop or company.
        Merchant,
        /// A bank's own account.
        Bank,
        /// A prepaid issuer.
        Issuer,
        /// A municipality.
        Municipality,
        /// A zone's or the network's operator.
        Operator,
    }

    /// How well the custodian knows the holder.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum KycLevel {
        /// Receives free value only.
        K0,
        /// Small prepaid value.
        K1,
        /// Fully verified person.
        K2,
        /// Verified business.
        #[schema(rename = "k_b")]
        KB,
    }

    /// What a zone's rules call a merchant.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum MerchantClass {
        /// A locally owned shop.
        Local,
        /// A shop of a chain.
        Chain,
    }

    /// How much a notice changed from the version before.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Materiality {
        /// Wording only.
        Editorial,
        /// A change that leaves what was agreed untouched.
        Minor,
        /// A change that makes dependent consents due for renewal.
        Material,
    }

    /// Where a consent stands, in the order in which the ledger would deny.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum ConsentStanding {
        /// Ended by the subject, or for the subject.
        Withdrawn,
        /// Ended by its controller.
        Revoked,
        /// Ended because it should never have counted.
        Invalidated,
        /// Ended by the subject, who was asked to renew it and said no.
        Refused,
        /// Its time is over.
        Expired,
        /// Its time has not begun.
        NotYetValid,
        /// Set aside by the subject.
        Suspended,
        /// Due for renewal.
        RenewalDue,
        /// Its uses are used up.
        Exhausted,
        /// In force, renewed at least once.
        Renewed,
        /// In force.
        Given,
    }

    /// A key that acts for an account, with its weight towards the threshold.
    #[derive(ToSchema)]
    pub struct WeightedKey {
        /// The key.
        pub key: Key,
        /// Its weight, at least 1.
        pub weight: u16,
    }
}
