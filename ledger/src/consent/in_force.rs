//! Whether a consent is in force: one order of reasons, for decisions and for showing standings.

use ledger_types::consent::Profile;
use ledger_types::record::Consent;
use ledger_types::{ConsentStanding, ConsentStatus, Rejection, Timestamp};

use crate::acting;
use crate::state::{Books, State};

/// Until when the consent stays in force if nothing else happens.
///
/// Rejections, in order: `ConsentEnded`, `ConsentExpired`, `ConsentNotYetValid`,
/// `ConsentSuspended`, `UnknownNotice`, `ConsentRenewalDue`, `EmergencyNotInForce`,
/// `ConsentUsesExhausted`.
pub(crate) fn until(
    books: &Books,
    consent: &Consent,
    now: Timestamp,
) -> Result<Timestamp, Rejection> {
    acting::check_ongoing(consent, now)?;
    if now < consent.valid_from {
        return Err(Rejection::ConsentNotYetValid { begins: consent.valid_from });
    }
    if consent.status == ConsentStatus::Suspended {
        return Err(Rejection::ConsentSuspended);
    }
    let notice = books.notice(consent.controller, consent.notice);
    let notice = notice.ok_or(Rejection::UnknownNotice)?;
    let grown_up = consent.guardian.is_some_and(|guardian| guardian.until <= now);
    if consent.notice_version < notice.last_material_version || grown_up {
        return Err(Rejection::ConsentRenewalDue);
    }
    let profile_ends = profile_ends(books, consent, now)?;
    if consent.use_limit.is_some_and(|limit| consent.uses >= limit) {
        return Err(Rejection::ConsentUsesExhausted);
    }
    let guardian_ends = consent.guardian.map(|guardian| guardian.until);
    let ends = [Some(consent.expires), guardian_ends, profile_ends];
    Ok(ends.into_iter().flatten().min().unwrap_or(consent.expires))
}

/// When the emergency that a disaster profile needs ends; none for an ordinary consent.
fn profile_ends(
    books: &Books,
    consent: &Consent,
    now: Timestamp,
) -> Result<Option<Timestamp>, Rejection> {
    let Profile::Disaster { area } = consent.profile else { return Ok(None) };
    let in_force = books.emergency(area).and_then(|emergency| emergency.in_force_until(now));
    in_force.map(Some).ok_or(Rejection::EmergencyNotInForce)
}

impl State {
    /// Where a consent stands at the tip's time.
    ///
    /// A consent that waits for an emergency stands as `Given`: it was given for that.
    #[must_use]
    pub fn consent_standing(&self, consent: &Consent) -> ConsentStanding {
        let in_force =
            if consent.renewals > 0 { ConsentStanding::Renewed } else { ConsentStanding::Given };
        match consent.status {
            ConsentStatus::Withdrawn => return ConsentStanding::Withdrawn,
            ConsentStatus::Revoked => return ConsentStanding::Revoked,
            ConsentStatus::Invalidated => return ConsentStanding::Invalidated,
            ConsentStatus::Refused => return ConsentStanding::Refused,
            ConsentStatus::Given | ConsentStatus::Suspended => {}
        }
        match until(&self.books, consent, self.time()) {
            Err(Rejection::ConsentExpired { .. }) => ConsentStanding::Expired,
            Err(Rejection::ConsentNotYetValid { .. }) => ConsentStanding::NotYetValid,
            Err(Rejection::ConsentSuspended) => ConsentStanding::Suspended,
            Err(Rejection::ConsentRenewalDue) => ConsentStanding::RenewalDue,
            Err(Rejection::ConsentUsesExhausted) => ConsentStanding::Exhausted,
            Ok(_) | Err(_) => in_force,
        }
    }
}
