//! `DefineInstrument`: what kind of value a zone's vouchers are in law, and what may be done with it.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, InstrumentId, ZoneId};
use crate::instant::JapanTime;
use crate::json::{choice, names};
use crate::newtype::set;
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::MunicipalityCode;

names! {
    /// What an instrument is in law. An instrument's class never changes.
    pub enum LegalClass {
        /// A bank's deposit token: the zone's coin.
        DepositToken = 0 as "deposit_token",
        /// Prepaid, usable at its issuer alone.
        PrepaidOwn = 1 as "prepaid_own",
        /// Prepaid, usable at others, by a registered issuer.
        PrepaidThirdParty = 2 as "prepaid_third_party",
        /// Prepaid, issued by a municipality: exempt.
        PrepaidMunicipal = 3 as "prepaid_municipal",
        /// Prepaid, usable for six calendar months at most and never longer: exempt.
        ShortPrepaid = 4 as "short_prepaid",
        /// Points that nobody paid for.
        FreePoint = 5 as "free_point",
        /// A discount with its funder.
        Coupon = 6 as "coupon",
        /// What a public benefit entitles to.
        BenefitEntitlement = 7 as "benefit_entitlement",
    }
}

set! {
    /// What may be done with an instrument's value; immutable.
    pub struct Capabilities(u8) as "Capability" {
        /// It pays merchants.
        SPEND = 0 as "spend",
        /// Its holder may give it to another person.
        GIFT = 1 as "gift",
        /// Its holder may have it back in yen.
        REDEEM = 2 as "redeem",
    }
}

choice! {
    /// Until when an instrument's value can be used.
    #[derive(Copy)]
    pub enum Life {
        /// Until a programme says.
        Programme = 0 as "programme",
        /// So many calendar months from the day on which it was recorded, and no longer than a
        /// programme says.
        Months {
            /// How many: 1 to 6.
            months: u16,
        } = 1 as "months",
    }
}

impl Life {
    /// The instant at which value that was recorded at `recorded` ends, at the latest; none where the
    /// programme alone says it. It is the start of the day after the last one, in Japan's time.
    #[must_use]
    pub fn ends(self, recorded: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Programme => None,
            Self::Months { months } => Some(JapanTime(recorded).months_later(months)),
        }
    }
}

operation! {
    /// By the zone operator's account. An instrument's number is never used again in the zone.
    pub struct DefineInstrument {
        /// The zone.
        zone: ZoneId,
        /// Its number.
        instrument: InstrumentId,
        /// Who owes it: the account that will sponsor its programmes.
        issuer: AccountId,
        /// What it is in law.
        class: LegalClass,
        /// What may be done with it.
        capabilities: Capabilities,
        /// The most that may be outstanding of it.
        max_outstanding: Yen,
        /// Until when its value can be used.
        life: Life,
        /// The municipalities in which it is used: some of the zone's, in ascending order; all of them
        /// where none is said.
        areas: Vec<MunicipalityCode>,
        /// SHA-256 of the published terms.
        terms: Hash,
    }

    refused [
        UnknownZone, NotZoneOperator, InstrumentExists, UnknownAccount, ClassNotYet,
        NotAMunicipality, BadInstrument,
    ]
    samples [
        Self {
            zone: ZoneId::new(0x0102),
            instrument: InstrumentId::new(7),
            issuer: account(0x51),
            class: LegalClass::PrepaidMunicipal,
            capabilities: Capabilities::SPEND,
            max_outstanding: Yen::new(200_000_000),
            life: Life::Programme,
            areas: areas(),
            terms: hash(0x52),
        },
        Self {
            zone: ZoneId::new(0x0102),
            instrument: InstrumentId::new(8),
            issuer: account(0x51),
            class: LegalClass::ShortPrepaid,
            capabilities: Capabilities::SPEND,
            max_outstanding: Yen::new(1),
            life: Life::Months { months: 6 },
            areas: vec![],
            terms: hash(0x52),
        },
    ]
    follows |define, _sender| InstrumentDefined {
        zone: define.zone,
        instrument: define.instrument,
        issuer: define.issuer,
    }
}

/// An instrument of a zone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Instrument {
    /// Who owes it.
    pub issuer: AccountId,
    /// What it is in law.
    pub class: LegalClass,
    /// What may be done with it.
    pub capabilities: Capabilities,
    /// The most that may be outstanding of it.
    pub max_outstanding: Yen,
    /// Until when its value can be used.
    pub life: Life,
    /// The municipalities in which it is used.
    pub areas: Vec<MunicipalityCode>,
    /// SHA-256 of the published terms.
    pub terms: Hash,
    /// When it was defined.
    pub defined: Height,
    /// All that was ever sold of it, paid and free.
    pub issued: Yen,
    /// What of it was paid with, less what was refunded.
    pub used: Yen,
    /// What of it ended unused and was reconciled.
    pub expired: Yen,
}

impl Instrument {
    /// What is outstanding: sold, not used and not reconciled as expired. None where the sums
    /// contradict each other.
    #[must_use]
    pub fn outstanding(&self) -> Option<Yen> {
        self.issued.checked_sub(self.used)?.checked_sub(self.expired)
    }
}

event! {
    /// An instrument was defined.
    pub struct InstrumentDefined {
        /// The zone.
        zone: ZoneId,
        /// The instrument.
        instrument: InstrumentId,
        /// Who owes it.
        issuer: AccountId,
    }

    enters [issuer]
}
