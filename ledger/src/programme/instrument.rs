//! `DefineInstrument`: a zone's operator says what its vouchers are in law.
//!
//! Rejections, in order: `UnknownZone`, `NotZoneOperator`, `InstrumentExists`, `UnknownAccount`,
//! `ClassNotYet`, `NotAMunicipality`, `BadInstrument`. An instrument is never changed nor removed.

use ledger_types::event::InstrumentDefined;
use ledger_types::limits::SHORT_LIFE_MONTHS_MAX;
use ledger_types::operation::{AccountKind, DefineInstrument};
use ledger_types::programme::{Capabilities, LegalClass, Life};
use ledger_types::record::{Instrument, Zone};
use ledger_types::{Rejection, Yen, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::zone::{are_areas, operated};

impl Execute for DefineInstrument {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone: zone_id, instrument, issuer, class, .. } = *self;
        let zone = operated(execution, zone_id)?;
        let exists = execution.books.instrument(zone_id, instrument).is_some();
        refuse_if(exists, Rejection::InstrumentExists)?;
        let account = execution.books.account(&issuer).ok_or(Rejection::UnknownAccount)?;
        refuse_if(!can_be_defined(class), Rejection::ClassNotYet)?;
        let by_municipality = account.kind == AccountKind::Municipality;
        let is_theirs = class == LegalClass::PrepaidMunicipal;
        refuse_if(is_theirs && !by_municipality, Rejection::NotAMunicipality)?;
        refuse_if(!is_usable(self, zone), Rejection::BadInstrument)?;
        let record = Instrument {
            issuer,
            class,
            capabilities: self.capabilities,
            max_outstanding: self.max_outstanding,
            life: self.life,
            areas: self.areas.clone(),
            terms: self.terms,
            defined: execution.height,
            issued: Yen::ZERO,
            used: Yen::ZERO,
            expired: Yen::ZERO,
        };
        execution.books.put_instrument(zone_id, instrument, record);
        execution.emit(InstrumentDefined { zone: zone_id, instrument, issuer });
        Ok(())
    }
}

/// Whether instruments of a class can be defined: what no operation sells or settles cannot.
const fn can_be_defined(class: LegalClass) -> bool {
    match class {
        LegalClass::DepositToken
        | LegalClass::PrepaidMunicipal
        | LegalClass::ShortPrepaid
        | LegalClass::FreePoint => true,
        LegalClass::PrepaidOwn
        | LegalClass::PrepaidThirdParty
        | LegalClass::Coupon
        | LegalClass::BenefitEntitlement => false,
    }
}

/// Whether capabilities, life, limit and areas go with the class and the zone.
fn is_usable(define: &DefineInstrument, zone: &Zone) -> bool {
    let DefineInstrument { class, capabilities, max_outstanding, life, ref areas, .. } = *define;
    // Gifts and refunds of prepaid value come with operations of their own.
    let can_do = match class {
        LegalClass::DepositToken => capabilities.bits() != 0,
        LegalClass::PrepaidOwn
        | LegalClass::PrepaidThirdParty
        | LegalClass::PrepaidMunicipal
        | LegalClass::ShortPrepaid
        | LegalClass::FreePoint
        | LegalClass::Coupon
        | LegalClass::BenefitEntitlement => capabilities == Capabilities::SPEND,
    };
    // Value that lasts longer is no longer exempt from the rules of prepaid instruments.
    let lasts = match life {
        Life::Programme => class != LegalClass::ShortPrepaid,
        Life::Months { months } => (1..=SHORT_LIFE_MONTHS_MAX).contains(&months),
    };
    let is_known = Capabilities::from_bits(capabilities.bits()).is_some();
    let within = areas.iter().all(|area| zone.areas.contains(area));
    can_do && lasts && is_known && !max_outstanding.is_zero() && are_areas(areas) && within
}
