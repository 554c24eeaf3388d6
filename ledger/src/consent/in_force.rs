//! The one rule of decision (`ledger_types::consent::rule`), asked of the state.

use ledger_types::consent::Denial;
use ledger_types::record::Consent;
use ledger_types::{ConsentStanding, ConsentStatus, Timestamp};

use crate::state::{Books, State};

/// Until when the consent stays in force if nothing else happens.
pub(crate) fn until(books: &Books, consent: &Consent, now: Timestamp) -> Result<Timestamp, Denial> {
    let notice = books.notice(consent.controller, consent.notice);
    let emergency = |area| books.emergency(area)?.in_force_until(now);
    consent.in_force(notice, emergency, now)
}

impl State {
    /// Where a consent stands at the tip's time.
    ///
    /// A consent that waits for an emergency stands as `Given`: it was given for that.
    #[must_use]
    pub fn consent_standing(&self, consent: &Consent) -> ConsentStanding {
        let in_force =
            if consent.renewals > 0 { ConsentStanding::Renewed } else { ConsentStanding::Given };
        let until = until(&self.books, consent, self.time());
        match until.and_then(|_| consent.check_uses(0)) {
            Err(Denial::ConsentEnded { .. }) => match consent.status {
                ConsentStatus::Withdrawn => ConsentStanding::Withdrawn,
                ConsentStatus::Revoked => ConsentStanding::Revoked,
                ConsentStatus::Invalidated => ConsentStanding::Invalidated,
                ConsentStatus::Refused => ConsentStanding::Refused,
                // Whatever ends a consent gives it one of the statuses above.
                ConsentStatus::Given | ConsentStatus::Suspended => in_force,
            },
            Err(Denial::ConsentExpired { .. }) => ConsentStanding::Expired,
            Err(Denial::ConsentNotYetValid { .. }) => ConsentStanding::NotYetValid,
            Err(Denial::ConsentSuspended) => ConsentStanding::Suspended,
            Err(Denial::ConsentRenewalDue) => ConsentStanding::RenewalDue,
            Err(Denial::ConsentUsesExhausted) => ConsentStanding::Exhausted,
            Ok(()) | Err(Denial::UnknownNotice | Denial::EmergencyNotInForce) => in_force,
            // Of a requester and of what it asks, neither of which a standing knows.
            Err(
                Denial::PartySuspended
                | Denial::PartyRoleMissing
                | Denial::ReviewOverdue
                | Denial::NotInTerms
                | Denial::NotTheRecipient
                | Denial::PurposeNotCovered,
            ) => in_force,
        }
    }
}
