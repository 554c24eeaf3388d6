//! The texts inside bodies: addresses, and names in the OpenAPI document for the ledger's values.

use ledger_types::id::ParseAddressError;
use ledger_types::key::ParseKeyError;
use ledger_types::{AccountId, AddressPrefix, JsonError, NetworkId, Signature};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account's address: bech32m under the network's prefix. Checked where it is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
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

/// Reads a network's name: 8 hexadecimal digits.
///
/// # Errors
/// [`JsonError`] where the text is anything else.
pub fn network(text: &str) -> Result<NetworkId, JsonError> {
    let mut bytes = [0; 4];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| JsonError::new("network", &"a network is 8 hexadecimal digits"))?;
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

/// `serde` for what holds no account, by the ledger's own form in JSON.
pub(crate) mod by_json {
    use ledger_types::{AddressPrefix, Json};
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(crate) fn serialize<T: Json, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.to_json(&AddressPrefix::default()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Json, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        T::of_json(Some(value), "it", &AddressPrefix::default()).map_err(D::Error::custom)
    }
}

/// Names in the OpenAPI document for the ledger's own values.
pub mod schema {
    use ledger_types::Json;
    use ledger_types::json::Schemas;
    use utoipa::ToSchema;

    /// The schemas behind the names that stand here without one: those of the ledger's own forms.
    #[must_use]
    pub fn of_the_ledger() -> Schemas {
        let mut schemas = ledger_types::Operation::schemas();
        ledger_types::Event::schema(&mut schemas);
        ledger_types::oversight::DutyKind::schema(&mut schemas);
        ledger_types::record::AccountStatus::schema(&mut schemas);
        schemas
    }

    macro_rules! of_the_ledger {
        ($($name:ident,)+) => { $(
            /// A form of the ledger's own: the document has its schema from there.
            #[derive(ToSchema)]
            #[schema(value_type = Object)]
            pub struct $name(pub String);
        )+ };
    }

    of_the_ledger! {
        AccessBasis,
        AccountKind,
        AccountStatus,
        Allocation,
        Amount,
        AuditScope,
        BasisKind,
        BasisPoints,
        Breadth,
        Capability,
        Deletion,
        DutyKind,
        Event,
        FeeTax,
        FeeTier,
        Finding,
        FreezeBasis,
        FreezeDirection,
        Further,
        Hex32,
        Instant,
        JapanDay,
        Key,
        KeyLoss,
        KycLevel,
        LanguageTag,
        LegalClass,
        LotKind,
        Materiality,
        Mechanism,
        MerchantClass,
        Municipality,
        NoticeContent,
        Obligation,
        Operation,
        Outcome,
        Pairing,
        PartyRole,
        PartyStatus,
        Profile,
        Published,
        Regime,
        RegimeRules,
        RequestKind,
        RequestOutcome,
        SettlementFailure,
        ShareProof,
        Sharing,
        SignedAmount,
        TakenBy,
        TerminalRight,
        WeightedKey,
    }

    /// A bundle (`kyojo-bundle/2`): what anyone verifies offline. Its format is a document of its
    /// own.
    #[derive(ToSchema)]
    #[schema(value_type = Object)]
    pub struct BundleDocument(pub String);

    /// A signature with its type: `ed25519:` and 128 hexadecimal digits.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^ed25519:[0-9a-f]{128}$")]
    pub struct KeySignature(pub String);

    /// A month in Japan.
    #[derive(ToSchema)]
    #[schema(value_type = String, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub struct Month(pub String);

    /// Bytes as they are.
    #[derive(ToSchema)]
    #[schema(value_type = String, format = Binary)]
    pub struct Octets(pub Vec<u8>);

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
}
