//! What the values inside operations look like in JSON.

use ledger_types::consent::{
    CorporateNumber, Interval, Language, LegalBasisId, Materiality, Mechanism, NoticeContent,
    PartyRoles, PartyStatus, Profile, Regime, RegimeRules, Regimes, VocabularyId, VocabularyNode,
};
use ledger_types::operation::{
    AccountKind, Deletion, Finding, GuardianPowers, Half, KycLevel, MerchantClass, RequestKind,
    RequestOutcome, WeightedKey,
};
use ledger_types::{
    AccountId, AddressPrefix, BankId, ConsentId, Hash, NoticeId, PartyId, PublicKey, Timestamp,
    Yen, ZoneId,
};

use super::shape::GuardianPower;
use crate::body::notice_text::{NoticeTextBody, language_of};
use crate::body::role::{PartyRole, roles_from_names, roles_to_names};
use crate::text::{Address, BodyError};
use crate::time::Time;

/// A value of the ledger with one form in JSON, which converts to it and back without loss.
pub trait Json: Sized {
    /// The form in JSON.
    type Body;

    /// The value in JSON on the network with this prefix.
    fn to_json(&self, prefix: &AddressPrefix) -> Self::Body;

    /// The value of a field on the network with this prefix.
    fn of_json(
        body: Self::Body,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, BodyError>;
}

/// Values whose own serde form is the one that the interface shows.
macro_rules! as_they_are {
    ($($type:ty),* $(,)?) => { $(
        impl Json for $type {
            type Body = Self;

            fn to_json(&self, _: &AddressPrefix) -> Self {
                self.clone()
            }

            fn of_json(body: Self, _: &'static str, _: &AddressPrefix) -> Result<Self, BodyError> {
                Ok(body)
            }
        }
    )* };
}

as_they_are!(
    bool,
    u16,
    u32,
    u64,
    String,
    Hash,
    Yen,
    PublicKey,
    ConsentId,
    PartyId,
    NoticeId,
    VocabularyId,
    LegalBasisId,
    BankId,
    ZoneId,
    CorporateNumber,
    AccountKind,
    KycLevel,
    MerchantClass,
    WeightedKey,
    Materiality,
    Regime,
    PartyStatus,
    Mechanism,
    RegimeRules,
    Profile,
    Interval,
    VocabularyNode,
    RequestKind,
    RequestOutcome,
    Half,
    Deletion,
    Finding,
);

impl<T: Json> Json for Option<T> {
    type Body = Option<T::Body>;

    fn to_json(&self, prefix: &AddressPrefix) -> Self::Body {
        self.as_ref().map(|value| value.to_json(prefix))
    }

    fn of_json(
        body: Self::Body,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        body.map(|body| T::of_json(body, field, prefix)).transpose()
    }
}

impl<T: Json> Json for Vec<T> {
    type Body = Vec<T::Body>;

    fn to_json(&self, prefix: &AddressPrefix) -> Self::Body {
        self.iter().map(|value| value.to_json(prefix)).collect()
    }

    fn of_json(
        body: Self::Body,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        body.into_iter().map(|body| T::of_json(body, field, prefix)).collect()
    }
}

impl Json for AccountId {
    type Body = Address;

    fn to_json(&self, prefix: &AddressPrefix) -> Address {
        Address::of(self, prefix)
    }

    fn of_json(
        body: Address,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        body.account(prefix).map_err(|error| BodyError::new(field, &error))
    }
}

impl Json for Timestamp {
    type Body = Time;

    fn to_json(&self, _: &AddressPrefix) -> Time {
        (*self).into()
    }

    fn of_json(body: Time, _: &'static str, _: &AddressPrefix) -> Result<Self, BodyError> {
        Ok(body.get())
    }
}

impl Json for Language {
    type Body = String;

    fn to_json(&self, _: &AddressPrefix) -> String {
        self.to_string()
    }

    fn of_json(body: String, _: &'static str, _: &AddressPrefix) -> Result<Self, BodyError> {
        language_of(&body)
    }
}

impl Json for NoticeContent {
    type Body = NoticeTextBody;

    fn to_json(&self, _: &AddressPrefix) -> NoticeTextBody {
        NoticeTextBody::of(self)
    }

    fn of_json(
        body: NoticeTextBody,
        _: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        body.content()
    }
}

impl Json for PartyRoles {
    type Body = Vec<PartyRole>;

    fn to_json(&self, _: &AddressPrefix) -> Vec<PartyRole> {
        roles_to_names(*self)
    }

    fn of_json(
        body: Vec<PartyRole>,
        _: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        roles_from_names(&body)
    }
}

/// The union of the bits of names, each of which comes once.
fn union<N: Copy + PartialEq>(
    field: &'static str,
    names: &[N],
    all: &[(N, u8)],
) -> Result<u8, BodyError> {
    let mut bits = 0;
    for (name, bit) in all {
        match names.iter().filter(|other| *other == name).count() {
            0 => {}
            1 => bits |= bit,
            _ => return Err(BodyError::new(field, &"a name comes twice")),
        }
    }
    Ok(bits)
}

const REGIMES: [(Regime, u8); 3] = [
    (Regime::Private, Regimes::of(Regime::Private).bits()),
    (Regime::PublicBody, Regimes::of(Regime::PublicBody).bits()),
    (Regime::HospitalOrUniversity, Regimes::of(Regime::HospitalOrUniversity).bits()),
];

impl Json for Regimes {
    type Body = Vec<Regime>;

    fn to_json(&self, _: &AddressPrefix) -> Vec<Regime> {
        REGIMES.iter().map(|(regime, _)| *regime).filter(|regime| self.contains(*regime)).collect()
    }

    fn of_json(
        body: Vec<Regime>,
        field: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        Ok(Self::from_bits(union(field, &body, &REGIMES)?).unwrap_or_default())
    }
}

const POWERS: [(GuardianPower, u8); 3] = [
    (GuardianPower::Grant, GuardianPowers::GRANT.bits()),
    (GuardianPower::Withdraw, GuardianPowers::WITHDRAW.bits()),
    (GuardianPower::Respond, GuardianPowers::RESPOND.bits()),
];

impl Json for GuardianPowers {
    type Body = Vec<GuardianPower>;

    fn to_json(&self, _: &AddressPrefix) -> Vec<GuardianPower> {
        let held = POWERS.iter().filter(|(_, bit)| self.bits() & bit != 0);
        held.map(|(power, _)| *power).collect()
    }

    fn of_json(
        body: Vec<GuardianPower>,
        field: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, BodyError> {
        Ok(Self::from_bits(union(field, &body, &POWERS)?).unwrap_or_default())
    }
}
