//! `PublishRegime`: the registrar publishes the next version of a regime's deadlines.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Regime, RegimeRules};
use crate::facts::{event, operation};
use crate::height::Height;

operation! {
    /// By the registrar's account. Versions count from 1 without gaps; the last one holds.
    pub struct PublishRegime {
        /// The regime.
        regime: Regime,
        /// This version.
        version: u32,
        /// When the statute in this version came into force, as yyyymmdd.
        statute_date: u32,
        /// Its numbers.
        rules: RegimeRules,
    }

    refused [MemberRoleMissing, RegimeVersionNotNext, BadRegimeRules]
    samples [Self {
        regime: Regime::Private,
        version: 1,
        statute_date: 20_230_401,
        rules: RegimeRules::INITIAL,
    }]
}

/// A regime's deadlines in their current version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegimeVersion {
    /// The current version, from 1.
    pub version: u32,
    /// When the statute in this version came into force, as yyyymmdd.
    pub statute_date: u32,
    /// Its numbers.
    pub rules: RegimeRules,
    /// When this version was published.
    pub published: Height,
}

event! {
    /// A version of a regime's deadlines was published.
    pub struct RegimePublished {
        /// The regime.
        regime: Regime,
        /// The version.
        version: u32,
    }

    enters []
}
