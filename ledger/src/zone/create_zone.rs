//! `CreateZone` and `UpdateZone`: a Business Zone begins, and its operator says what it is.
//!
//! Zones are never removed, so that no number is used again. Whoever registers parties also enters
//! zones: the consortium decides who operates one, and the operator what it is called and serves.

use ledger_types::event::{ZoneCreated, ZoneUpdated};
use ledger_types::genesis::MemberRole;
use ledger_types::limits::{ZONE_AREAS_MAX, ZONE_NAME_BYTES_MAX, ZONES_MAX};
use ledger_types::operation::{CreateZone, UpdateZone};
use ledger_types::record::Zone;
use ledger_types::zone::{MunicipalityCode, Publishes};
use ledger_types::{Rejection, Yen, refuse_if};

use super::operated;
use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for CreateZone {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, name, operator, areas, publishes } = self;
        let (zone, operator) = (*zone, *operator);
        member_with(execution, MemberRole::Registrar)?;
        let books = &mut *execution.books;
        refuse_if(books.zone(zone).is_some(), Rejection::ZoneExists)?;
        let operates = books.account(&operator).is_some()
            && books.has_role(&operator, MemberRole::ZoneOperator);
        refuse_if(!operates, Rejection::OperatorRoleMissing)?;
        let is_full = books.of_kind::<Zone>().count() >= ZONES_MAX;
        refuse_if(is_full || !are_usable(name, areas, *publishes), Rejection::BadZone)?;
        let (name, areas, publishes) = (name.clone(), areas.clone(), *publishes);
        let record = Zone { name, operator, areas, publishes, total: Yen::ZERO };
        books.put_zone(zone, record);
        execution.emit(ZoneCreated { zone, operator });
        Ok(())
    }
}

impl Execute for UpdateZone {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, name, areas, publishes } = self;
        let before = operated(execution, *zone)?;
        refuse_if(!are_usable(name, areas, *publishes), Rejection::BadZone)?;
        let (name, areas, publishes) = (name.clone(), areas.clone(), *publishes);
        let record = Zone { name, areas, publishes, ..before.clone() };
        execution.books.put_zone(*zone, record);
        execution.emit(ZoneUpdated { zone: *zone });
        Ok(())
    }
}

/// Whether there is a name, the areas are few enough and in order, and every bit has a meaning.
fn are_usable(name: &str, areas: &[MunicipalityCode], publishes: Publishes) -> bool {
    (1..=ZONE_NAME_BYTES_MAX).contains(&name.len())
        && are_areas(areas)
        && Publishes::from_bits(publishes.bits()).is_some()
}

/// Whether areas are few enough, in ascending order, each once.
pub(crate) fn are_areas(areas: &[MunicipalityCode]) -> bool {
    areas.len() <= ZONE_AREAS_MAX && areas.is_sorted_by(|one, next| one < next)
}
