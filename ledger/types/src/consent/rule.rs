//! The rule by which a use of data under a consent is permitted or denied, written once.
//!
//! The state machine decides by it what `RequestAccess` does; a data holder judges by it offline,
//! from records that are proved. Both ask in this order, and the first [`Denial`] is the answer:
//! the requester ([`Party::check_active`], [`Party::check_user`]), the consent
//! ([`Consent::in_force`]), what is asked of it and by whom ([`Asked::check`]), and whether a use is
//! left ([`Consent::check_uses`]): last, so that what was permitted as the last use can still be
//! held against all else. What each caller checks besides stands between these, in the order that
//! it publishes.

use super::{Consent, ConsentStatus, Profile, Recipient, TermsLeaf};
use crate::guard::refuse_if;
use crate::hash::Hash;
use crate::height::Height;
use crate::limits::TERMS_PATH_MAX;
use crate::merkle::verify_fixed_path;
use crate::registry::{JointUse, Notice, Party, PartyRoles, PartyStatus, PurposeProof};
use crate::time::Timestamp;

/// Roles that use data; auditing, breaking glass or serving at a counter alone is no such use.
pub const DATA_USERS: PartyRoles = PartyRoles::CONTROLLER
    .with(PartyRoles::JOINT_USER)
    .with(PartyRoles::RECIPIENT)
    .with(PartyRoles::PROCESSOR)
    .with(PartyRoles::DATA_HOLDER);

/// Why a use under a consent is denied, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denial {
    /// The party may not act.
    PartySuspended,
    /// The party has no role that uses data.
    PartyRoleMissing,
    /// The party broke glass and nobody reviewed it in time.
    ReviewOverdue,
    /// The consent was ended, by whomever.
    ConsentEnded {
        /// At which height.
        ended: Height,
    },
    /// The consent is past its time.
    ConsentExpired {
        /// Since when.
        expired: Timestamp,
    },
    /// The consent is before its time.
    ConsentNotYetValid {
        /// When it begins.
        begins: Timestamp,
    },
    /// The subject has set the consent aside.
    ConsentSuspended,
    /// There is no notice of the number under which the consent was given.
    UnknownNotice,
    /// The notice changed materially since, or the guardian's authority has ended.
    ConsentRenewalDue,
    /// The consent is for emergencies, and none is known to be in force in its area.
    EmergencyNotInForce,
    /// The process is not among the terms.
    NotInTerms,
    /// The process is for somebody else.
    NotTheRecipient,
    /// The purpose is not within the breadth.
    PurposeNotCovered,
    /// The consent was used as often as it may be.
    ConsentUsesExhausted,
}

impl Party {
    /// Whether the party may act.
    ///
    /// # Errors
    /// [`Denial::PartySuspended`].
    pub const fn check_active(&self) -> Result<(), Denial> {
        match self.status {
            PartyStatus::Active => Ok(()),
            PartyStatus::Suspended => Err(Denial::PartySuspended),
        }
    }

    /// Whether the party is one that uses data, with no review in its way.
    ///
    /// # Errors
    /// In order: [`Denial::PartyRoleMissing`], [`Denial::ReviewOverdue`].
    pub fn check_user(&self) -> Result<(), Denial> {
        refuse_if(!self.roles.intersects(DATA_USERS), Denial::PartyRoleMissing)?;
        if self.overdue_reviews > 0 { Err(Denial::ReviewOverdue) } else { Ok(()) }
    }
}

impl Consent {
    /// How many uses it allows: as many as can be counted where nobody set a limit.
    #[must_use]
    pub fn uses_allowed(&self) -> u32 {
        self.use_limit.unwrap_or(u32::MAX)
    }

    /// Whether the consent has neither been ended nor expired; it may be set aside.
    ///
    /// # Errors
    /// In order: [`Denial::ConsentEnded`], [`Denial::ConsentExpired`].
    pub fn check_ongoing(&self, now: Timestamp) -> Result<(), Denial> {
        // The ledger writes the height with the status. Proved bytes that say one without the
        // other are of an ended consent all the same; it was in force when given, if ever.
        match (self.ended, self.status) {
            (None, ConsentStatus::Given | ConsentStatus::Suspended) => {}
            (Some(ended), _) => return Err(Denial::ConsentEnded { ended }),
            (
                None,
                ConsentStatus::Withdrawn
                | ConsentStatus::Revoked
                | ConsentStatus::Invalidated
                | ConsentStatus::Refused,
            ) => return Err(Denial::ConsentEnded { ended: self.given }),
        }
        refuse_if(self.expires <= now, Denial::ConsentExpired { expired: self.expires })
    }

    /// What the consent's own record says of now: it goes on, has begun, and is not set aside.
    ///
    /// # Errors
    /// As [`Consent::check_ongoing`], then [`Denial::ConsentNotYetValid`],
    /// [`Denial::ConsentSuspended`].
    pub fn check_own(&self, now: Timestamp) -> Result<(), Denial> {
        self.check_ongoing(now)?;
        refuse_if(now < self.valid_from, Denial::ConsentNotYetValid { begins: self.valid_from })?;
        refuse_if(self.status == ConsentStatus::Suspended, Denial::ConsentSuspended)
    }

    /// Until when the consent stays in force if nothing else happens.
    ///
    /// `notice` is the one that the consent names, if there is one. `emergency` answers until when
    /// an emergency is known to be in force in an area; it is asked only where the consent needs
    /// it.
    ///
    /// # Errors
    /// As [`Consent::check_own`], then [`Denial::UnknownNotice`], [`Denial::ConsentRenewalDue`],
    /// [`Denial::EmergencyNotInForce`].
    pub fn in_force(
        &self,
        notice: Option<&Notice>,
        emergency: impl FnOnce(u32) -> Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Timestamp, Denial> {
        self.check_own(now)?;
        let notice = notice.ok_or(Denial::UnknownNotice)?;
        let guardian_ends = self.guardian.map(|guardian| guardian.until);
        let is_grown_up = guardian_ends.is_some_and(|until| until <= now);
        if self.notice_version < notice.last_material_version || is_grown_up {
            return Err(Denial::ConsentRenewalDue);
        }
        let emergency_ends = match self.profile {
            Profile::Ordinary => None,
            Profile::Disaster { area } => Some(emergency(area).ok_or(Denial::EmergencyNotInForce)?),
        };
        let sooner = [guardian_ends, emergency_ends].into_iter().flatten();
        Ok(sooner.fold(self.expires, Timestamp::min))
    }

    /// Whether one more use is left, beside `counted` that the record has already counted.
    ///
    /// # Errors
    /// [`Denial::ConsentUsesExhausted`].
    pub fn check_uses(&self, counted: u32) -> Result<(), Denial> {
        let others = self.uses.saturating_sub(counted);
        refuse_if(others >= self.uses_allowed(), Denial::ConsentUsesExhausted)
    }
}

/// A process that somebody asks for under a consent.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The process, as a leaf of the consent's terms.
    pub leaf: &'a TermsLeaf,
    /// The leaf's place among the terms.
    pub index: u32,
    /// The leaf's path to the terms' root, bottom first.
    pub path: &'a [Hash],
    /// That its purpose lies within the consent's breadth.
    pub purpose: Option<&'a PurposeProof>,
}

impl Asked<'_> {
    /// Whether the process stands at its place among the terms, is for the requester, and its
    /// purpose lies in the breadth. `circle` is the version of the scheme of joint use that the
    /// leaf names, where it names one.
    ///
    /// # Errors
    /// In order: [`Denial::NotInTerms`], [`Denial::NotTheRecipient`],
    /// [`Denial::PurposeNotCovered`].
    pub fn check(
        &self,
        consent: &Consent,
        requester: &Party,
        circle: Option<&JointUse>,
    ) -> Result<(), Denial> {
        let Self { leaf, index, path, purpose } = *self;
        let is_in_terms = path.len() <= TERMS_PATH_MAX
            && verify_fixed_path(leaf.hash(), u64::from(index), path, &consent.terms_root);
        refuse_if(!is_in_terms, Denial::NotInTerms)?;
        refuse_if(!leaf.recipient.includes(requester, circle), Denial::NotTheRecipient)?;
        let is_covered = consent.breadth.covers(consent.frozen.as_ref(), purpose, leaf.sensitive);
        refuse_if(!is_covered, Denial::PurposeNotCovered)
    }

    /// The scheme of joint use, and its version, that the leaf names, where it names one.
    #[must_use]
    pub const fn circle(&self) -> Option<(u32, u32)> {
        match self.leaf.recipient {
            Recipient::JointUse { scheme, version } => Some((scheme, version)),
            Recipient::Party(_) | Recipient::Roles(_) => None,
        }
    }
}
