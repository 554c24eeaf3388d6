//! Why an authenticated transaction was refused: numbered, part of consensus, never renumbered.
//!
//! 2xxx money, 3xxx zones, 4xxx consent, 5xxx governance. A rejected transaction consumes its
//! nonce, leaves a receipt with the code, and changes nothing else.

mod money;
mod zones;

use crate::height::Height;
use crate::newtype::number;
use crate::time::Timestamp;
use crate::yen::Yen;

macro_rules! rejections {
    ($( $(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })? = $code:literal, $text:literal; )*) => {
        /// A rule that a transaction broke, with the values needed to understand it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Rejection {
            $( $(#[$doc])* #[error($text)] $name $({ $($(#[$field_doc])* $field: $type),* })? , )*
        }

        impl Rejection {
            /// The stable number, as receipts carry it.
            #[must_use]
            pub const fn code(&self) -> RejectionCode {
                match self { $( Self::$name { .. } => RejectionCode($code), )* }
            }

            /// The rule alone.
            #[must_use]
            pub const fn rule(&self) -> Rule {
                match self { $( Self::$name { .. } => Rule::$name, )* }
            }

            /// Every code with its stable name.
            pub const ALL: &'static [(RejectionCode, &'static str)] =
                &[ $( (RejectionCode($code), stringify!($name)), )* ];
        }

        /// A rule without the values of one case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule { $( $(#[$doc])* $name, )* }

        impl Rule {
            /// The stable number.
            #[must_use]
            pub const fn code(self) -> RejectionCode {
                match self { $( Self::$name => RejectionCode($code), )* }
            }
        }
    };
}

number! {
    /// The number of a rejection. Receipts may come from a later version, with numbers not known
    /// here.
    pub struct RejectionCode(u16);
}

impl RejectionCode {
    /// The rule's stable name, such as `InsufficientFunds`; `Unknown` for a later version's.
    #[must_use]
    pub fn name(self) -> &'static str {
        Rejection::ALL.iter().find(|(code, _)| *code == self).map_or("Unknown", |(_, name)| *name)
    }
}

/// The rows of everything but money, behind those that are given.
macro_rules! with_the_others {
    ($($given:tt)*) => {
        rejections! {
            $($given)*

            /// The party does not exist.
            UnknownParty = 4001, "the party does not exist";
            /// The party exists already.
            PartyExists = 4002, "the party exists already";
            /// The party does not have the role.
            PartyRoleMissing = 4003, "the party does not have the role";
            /// The notice does not exist.
            UnknownNotice = 4004, "the notice does not exist";
            /// The notice's version is not the next one.
            NoticeVersionNotNext {
                /// The current version.
                current: u32,
            } = 4005, "the notice's current version is {current}; versions count on by one";
            /// The notice's version is not the current one.
            NoticeNotCurrent {
                /// The current version.
                current: u32,
            } = 4006, "the notice's current version is {current}";
            /// The notice was not published in that language with that text.
            NoticeTextMismatch = 4007, "the notice was not published in that language with that text";
            /// The notice's texts are none, too many, unordered or repeated.
            BadNoticeContents = 4008, "the notice's texts are none, too many, or not in order of language";
            /// The consent's identity was used before.
            ConsentExists = 4009, "the consent's identity was used before";
            /// The consent's times are not a span that lies ahead.
            BadConsentPeriod = 4010, "the consent's times are not a span that ends after now";
            /// Only a data subject's account may do this.
            NotASubject = 4011, "the sender is not a data subject's account";
            /// The consent does not exist.
            UnknownConsent = 4012, "the consent does not exist";
            /// The consent is not the sender's.
            NotConsentSubject = 4013, "the consent is not the sender's";
            /// The consent was ended before.
            ConsentEnded {
                /// When.
                ended: Height,
            } = 4014, "the consent ended at height {ended}";
            /// The consent's time is over.
            ConsentExpired {
                /// When it ended.
                expired: Timestamp,
            } = 4015, "the consent expired at {expired} ms";
            /// The consent's time has not begun.
            ConsentNotYetValid {
                /// When it begins.
                begins: Timestamp,
            } = 4016, "the consent begins at {begins} ms";
            /// The consent's uses are used up.
            ConsentUsesExhausted = 4017, "the consent's uses are used up";
            /// The process asked for is not among the consent's terms.
            NotInTerms = 4018, "the process asked for is not among the consent's terms";
            /// A use limit of none.
            ZeroUseLimit = 4019, "a use limit is at least 1";
            /// A material change of the notice made the consent due for renewal.
            ConsentRenewalDue = 4020, "the notice changed materially; the consent must be renewed first";
            /// The party's roles are none, or bits without a meaning.
            BadPartyRoles = 4021, "the party's roles are none, or have no meaning";
            /// The party is suspended.
            PartySuspended = 4022, "the party is suspended";
            /// The corporate number's check digit is wrong.
            BadCorporateNumber = 4023, "the corporate number's check digit is wrong";
            /// The vocabulary's version is not the next one, or it has no nodes.
            VocabularyVersionNotNext = 4024, "the vocabulary's version is not the next one";
            /// A vocabulary of nothing.
            EmptyVocabulary = 4025, "a vocabulary has at least one node";
            /// The vocabulary was not published in that version.
            UnknownVocabulary = 4026, "the vocabulary was not published in that version";
            /// The legal basis's version is not the next one.
            LegalBasisVersionNotNext {
                /// The current version.
                current: u32,
            } = 4027, "the legal basis's current version is {current}; versions count on by one";
            /// The legal basis's code, date or regimes are unusable, or an opt-out would cover sensitive
            /// data.
            BadLegalBasis = 4028, "the legal basis's code, date, regimes or reach are unusable";
            /// The legal basis does not exist.
            UnknownLegalBasis = 4029, "the legal basis does not exist";
            /// The legal basis's version is not the current one.
            LegalBasisNotCurrent {
                /// The current version.
                current: u32,
            } = 4030, "the legal basis's current version is {current}";
            /// The legal basis permits in another way, or other parties.
            LegalBasisRefused = 4031, "the legal basis permits in another way, or other parties";
            /// The legal basis asks for evidence.
            EvidenceMissing = 4032, "the legal basis asks for evidence";
            /// The regime's version is not the next one.
            RegimeVersionNotNext {
                /// The current version.
                current: u32,
            } = 4033, "the regime's current version is {current}; versions count on by one";
            /// A regime's number is zero or too large, or its date is none.
            BadRegimeRules = 4034, "a regime's number is zero or too large, or its date is none";
            /// The scheme's version is not the next one.
            JointUseVersionNotNext = 4035, "the scheme's version is not the next one";
            /// The scheme's users are none, too many, unordered, or not registered.
            BadJointUse = 4036, "the scheme's users are none, too many, not in order, or not registered";
            /// A new user needs a newer notice than the version before's.
            JointUseNoticeNotNewer = 4037, "a new joint user needs a newer notice than the version before's";
            /// The scheme was not published in that version.
            UnknownJointUse = 4038, "the scheme was not published in that version";
            /// The requester is not among that version's users.
            NotAJointUser = 4039, "the requester is not among that version's joint users";
            /// The opt-out scheme exists already.
            OptOutExists = 4040, "the opt-out scheme exists already";
            /// Only the private regime knows opt-outs.
            OptOutRegimeRefused = 4041, "only controllers of the private regime may notify opt-outs";
            /// A deadline is past, or too far ahead.
            BadDeadline = 4042, "the deadline is not ahead, or too far ahead";
            /// The opt-out scheme does not exist.
            UnknownOptOut = 4043, "the opt-out scheme does not exist";
            /// The opt-out scheme may not be used yet.
            OptOutWaiting {
                /// From when on it may.
                until: Timestamp,
            } = 4044, "the opt-out scheme may be used from {until} ms on";
            /// The person objected.
            OptOutStopped = 4045, "the person objected to the opt-out scheme";
            /// Sensitive data is not covered.
            SensitiveRefused = 4046, "the basis does not cover sensitive data";
            /// The terms of compensation exist already.
            TermsExist = 4047, "the terms of compensation exist already";
            /// The terms of compensation do not exist.
            UnknownTerms = 4048, "the terms of compensation do not exist";
            /// The breadth's places are out of order, or its exclusions too many or outside.
            BadBreadth = 4049, "the breadth's places are out of order, or its exclusions too many or outside";
            /// The sender has no such authority over the subject's consents.
            DelegationMissing = 4050, "the sender has no such authority over the subject's consents";
            /// The consent is suspended.
            ConsentSuspended = 4051, "the subject suspended the consent";
            /// The consent is not suspended.
            ConsentNotSuspended = 4052, "the consent is not suspended";
            /// The consent was not given to the sender.
            NotConsentController = 4053, "the consent was not given to the sender";
            /// Nothing changes, or too much at once.
            BadAmendment = 4054, "an amendment changes something, and at most 16 processes";
            /// The amendment would widen the consent.
            AmendmentNotNarrower = 4055, "an amendment only narrows";
            /// The notice is not newer than the consent's.
            NoticeNotNewer = 4056, "the notice is not newer than the consent's";
            /// The evidence of the presentation is the one from before.
            PresentationNotFresh = 4057, "the notice must be presented anew";
            /// The request for renewals exists already.
            ReconsentExists = 4058, "the request for renewals exists already";
            /// The controller asked for renewals too often.
            ReconsentCapReached = 4059, "the controller asked for renewals as often as it may";
            /// The request for renewals does not exist.
            UnknownReconsent = 4060, "the request for renewals does not exist";
            /// The request's deadline has passed.
            ReconsentDeadlinePassed {
                /// When it was.
                deadline: Timestamp,
            } = 4061, "the request lapsed at {deadline} ms";
            /// The answers are none, too many, unordered or repeated.
            BadAnswers = 4062, "the answers are none, too many, or not in order of consent";
            /// The request does not concern the consent.
            ConsentNotInRequest = 4063, "the request does not concern the consent";
            /// The subject's request exists already.
            SubjectRequestExists = 4064, "the subject's request exists already";
            /// The subject's request does not exist.
            UnknownSubjectRequest = 4065, "the subject's request does not exist";
            /// The subject's request was answered before.
            SubjectRequestAnswered = 4066, "the subject's request was answered before";
            /// The subject's request was put to another controller.
            NotRequestController = 4067, "the subject's request was put to another controller";
            /// The guardian has authority already.
            DelegationExists = 4068, "the guardian has authority already";
            /// The guardian, the powers or the end are unusable.
            BadDelegation = 4069, "the guardian, the powers or the end are unusable";
            /// The guardian has no authority that could end.
            UnknownDelegation = 4070, "the guardian has no authority that could end";
            /// The key is weak, not canonical, or not the one that the account derives from.
            BadSubjectKey = 4071, "the key is weak, not canonical, or not the subject's";
            /// The subject is not known to the ledger.
            UnknownSubject = 4072, "the subject is not known to the ledger";
            /// A recovery is proposed already.
            RecoveryExists = 4073, "a recovery is proposed already";
            /// No recovery is proposed.
            UnknownRecovery = 4074, "no recovery is proposed";
            /// The sender did not propose the recovery. No operation is refused by it any more.
            NotRecoveryProposer = 4075, "the sender did not propose the recovery";
            /// The subject may still veto the recovery.
            RecoveryDelayed {
                /// From when on it can be executed.
                until: Timestamp,
            } = 4076, "the recovery can be executed from {until} ms on";
            /// The access's identity was used before.
            AccessExists = 4077, "the access's identity was used before";
            /// The access does not exist.
            UnknownAccess = 4078, "the access does not exist, or has left the state with both its halves";
            /// The purpose is not proved to lie within the consent's breadth.
            PurposeNotCovered = 4079, "the purpose is not proved to lie within the consent's breadth";
            /// No emergency is in force in the consent's area.
            EmergencyNotInForce = 4080, "no emergency is in force in the area";
            /// A review of the party's broken glass is overdue.
            ReviewOverdue = 4081, "a review of the party's broken glass is overdue";
            /// The half was recorded before.
            HalfRecorded = 4082, "the half was recorded before";
            /// The sender did not request the access.
            NotAccessRequester = 4083, "the sender did not request the access";
            /// The hour is not over, or there was nothing in it.
            BadDisclosures = 4084, "the hour is not over, nothing was disclosed, or one party has both halves";
            /// The consent has not ended: there is nothing to acknowledge.
            ConsentNotEnded = 4085, "the consent has not ended";
            /// The end was acknowledged before.
            EndAcknowledged = 4086, "the end was acknowledged before";
            /// The acknowledgement's time lies ahead, or those told are too many, unordered or unknown.
            BadAcknowledgement = 4087, "the time lies ahead, or those told are too many, not in order or unknown";
            /// The broken glass's identity was used before.
            GlassExists = 4088, "the broken glass's identity was used before";
            /// The broken glass does not exist.
            UnknownGlass = 4089, "the broken glass does not exist";
            /// The glass was broken too long ago, lies ahead, or would stay open too long.
            BadGlassPeriod = 4090, "the glass was broken too long ago, lies ahead, or would stay open too long";
            /// The sender did not break the glass.
            NotGlassOpener = 4091, "the sender did not break the glass";
            /// The broken glass is closed.
            GlassClosed {
                /// Since when.
                until: Timestamp,
            } = 4092, "the glass was open until {until} ms";
            /// The broken glass was reviewed before.
            GlassReviewed = 4093, "the broken glass was reviewed before";
            /// The reviewer is of the organisation that broke the glass.
            SameOrganisation = 4094, "the reviewer is of the organisation that broke the glass";
            /// The subject was told before.
            SubjectNotified = 4095, "the subject was told before";
            /// The member endorses the emergency already.
            EmergencyEndorsed = 4096, "the member endorses the emergency already";
            /// No member endorses an emergency in the area.
            UnknownEmergency = 4097, "no member endorses an emergency in the area";
            /// The sender does not pay these terms.
            NotTermsPayer = 4098, "the sender does not pay these terms";
            /// The month is none, or the rows are none or too many.
            BadDividend = 4099, "the month is none, or the rows are none or too many";
            /// This part of the month was paid before.
            DividendPaid = 4100, "this part of the month was paid before";
            /// The party acknowledged the destruction before.
            ShredAcknowledged = 4101, "the party acknowledged the destruction before";
            /// The audit view's identity was used before.
            AuditViewExists = 4102, "the audit view's identity was used before";
            /// The audit view does not exist, or has ended.
            UnknownAuditView = 4103, "the audit view does not exist, or has ended";
            /// The audit view is another's, or does not cover the subject.
            AuditViewRefused = 4104, "the audit view is another's, or does not cover the subject";
            /// The read's identity was used before.
            ReadExists = 4105, "the read's identity was used before";
            /// The member audits, and so may not let auditors read.
            AuditorMayNotGrant = 4106, "a member that audits may not let auditors read";
            /// The consent changed as often as can be counted; it can still be ended.
            ConsentChangesExhausted = 4107, "the consent changed as often as can be counted";
            /// The identity does not begin with the day, or with one next to it.
            DayRefused = 4108, "the identity does not begin with the block's day";
            /// The process asked for is for somebody else.
            NotTheRecipient = 4109, "the process asked for is for another recipient";
            /// The access did not name that data holder.
            NotAccessHolder = 4110, "the access did not name that data holder";
            /// The sender kept no half of the record itself.
            HalfMissing = 4111, "the sender kept no half of the record itself";
            /// The data holder was named before.
            HolderNamed = 4112, "the data holder was named before";
            /// The access was not permitted in that hour.
            HourWithoutAccess = 4113, "the access was not permitted in that hour";
            /// The sender's key was said to be stolen, and can only narrow and end until that is settled.
            KeyFrozen = 4140, "the key was said to be stolen and can only narrow and end until a counter settles it";
            /// It is for a counter of another organisation than the one that began it.
            SameCounter = 4141, "the counter is of the organisation that began it";
            /// The person did not register the counter.
            CounterNotRegistered = 4142, "the person did not register the counter";
            /// The counter gave for others as often as it may on one day.
            CounterLimitReached {
                /// How often that is.
                limit: u32,
            } = 4143, "the counter gave for others {limit} times today, as often as it may";
            /// What a counter gives begins after a delay, in which it can be refused.
            TooSoonForAnother {
                /// The earliest instant.
                earliest: Timestamp,
            } = 4144, "what a counter gives begins at {earliest} ms at the earliest";
            /// Nothing waits that a counter gave.
            NothingToHasten = 4145, "nothing waits that a counter gave";
            /// Only a member with the role may do this.
            MemberRoleMissing = 5001, "the sender is not a member with the role";
        }
    };
}

/// The rows of zones behind those of money.
macro_rules! with_zones {
    ($($money:tt)*) => {
        zones::rejections_of_zones!(with_the_others: $($money)*);
    };
}

money::rejections_of_money!(with_zones);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_so_that_none_is_used_twice_and_names_are_all_different() {
        let ascending = Rejection::ALL.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert!(ascending);
        let mut names: Vec<&str> = Rejection::ALL.iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Rejection::ALL.len());
    }

    #[test]
    fn a_code_knows_its_name_and_a_later_versions_is_unknown() {
        let rejection = Rejection::InsufficientFunds { available: Yen::ZERO, amount: Yen::new(1) };
        assert_eq!(rejection.code().name(), "InsufficientFunds");
        assert_eq!(RejectionCode::new(2999).name(), "Unknown");
    }
}
