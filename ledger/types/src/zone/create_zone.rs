//! `CreateZone` and `UpdateZone`: a Business Zone begins, and its operator says what it is.

use borsh::{BorshDeserialize, BorshSerialize};

use super::area::MunicipalityCode;
use crate::facts::{List, event, operation};
use crate::id::{AccountId, ZoneId};
use crate::newtype::set;
use crate::yen::Yen;

set! {
    /// What of a zone anybody may read.
    pub struct Publishes(u8) as "Published" {
        /// Its merchants.
        MERCHANTS = 0 as "merchants",
        /// Its monthly report.
        REPORT = 1 as "report",
    }
}

operation! {
    /// By the registrar's account. A zone's number is never used again.
    pub struct CreateZone {
        /// Its number.
        zone: ZoneId,
        /// Its public name.
        name: String,
        /// The account of its operator: a member's that operates zones.
        operator: AccountId,
        /// The municipalities that it serves, in ascending order, each once.
        areas: Vec<MunicipalityCode>,
        /// What anybody may read of it.
        publishes: Publishes,
    }

    refused [MemberRoleMissing, ZoneExists, OperatorRoleMissing, BadZone]
    samples [Self {
        zone: ZoneId::new(0x0102),
        name: "Aizu".to_owned(),
        operator: account(0x24),
        areas: areas(),
        publishes: Publishes::MERCHANTS,
    }]
    follows |create, _sender| ZoneCreated { zone: create.zone, operator: create.operator }
}

operation! {
    /// By the zone operator's account.
    pub struct UpdateZone {
        /// The zone.
        zone: ZoneId,
        /// Its public name.
        name: String,
        /// The municipalities that it serves, in ascending order, each once.
        areas: Vec<MunicipalityCode>,
        /// What anybody may read of it.
        publishes: Publishes,
    }

    refused [UnknownZone, NotZoneOperator, BadZone]
    samples [Self {
        zone: ZoneId::new(0x0102),
        name: "Aizu".to_owned(),
        areas: vec![],
        publishes: Publishes::MERCHANTS.with(Publishes::REPORT),
    }]
    follows |update, _sender| ZoneUpdated { zone: update.zone }
}

/// A Business Zone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Zone {
    /// Its public name.
    pub name: String,
    /// The account of its operator.
    pub operator: AccountId,
    /// The municipalities that it serves, in ascending order; none where nothing is said.
    pub areas: Vec<MunicipalityCode>,
    /// What anybody may read of it.
    pub publishes: Publishes,
    /// The sum of its sub-accounts (the zone equation).
    pub total: Yen,
}

event! {
    /// A zone was created.
    pub struct ZoneCreated {
        /// The zone.
        zone: ZoneId,
        /// Its operator.
        operator: AccountId,
    }

    enters [operator]
}

event! {
    /// What a zone is called, serves or publishes was said anew.
    pub struct ZoneUpdated {
        /// The zone.
        zone: ZoneId,
    }

    enters [List::Zone(*zone)]
}
