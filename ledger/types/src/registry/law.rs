//! Law as data: legal bases, vocabularies and the deadlines of each regime.

use crate::day::DAY_MS;
use crate::json::{names, shape};

names! {
    /// How a legal basis permits a use.
    pub enum Mechanism {
        /// The law itself allows it (APPI article 27, paragraph 1).
        Exemption = 0 as "exemption",
        /// Allowed unless the person objects (APPI article 27, paragraph 2).
        OptOut = 1 as "opt_out",
        /// Used jointly within a published circle (APPI article 27, paragraph 5, item 3).
        JointUse = 2 as "joint_use",
        /// The person agreed.
        Consent = 3 as "consent",
    }
}

const HOUR_MS: u64 = 60 * 60 * 1000;

shape! {
    /// The deadlines and bounds of one regime, in milliseconds: data that a later statute replaces.
    #[derive(Copy, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RegimeRules {
        /// How soon a controller says what it did about an ended consent.
        acknowledge_within_ms: u64,
        /// How soon a controller answers a subject's request.
        request_within_ms: u64,
        /// How soon the second half of a record must follow the first.
        match_within_ms: u64,
        /// How soon another organisation reviews a broken glass.
        review_within_ms: u64,
        /// How soon the subject of a broken glass is told.
        notify_within_ms: u64,
        /// How long a broken glass may stay open.
        break_glass_ms_max: u64,
        /// How long ago a glass broken offline may have been broken when it is recorded.
        break_glass_backdate_ms_max: u64,
    }
}

impl RegimeRules {
    /// What holds until a regime publishes its own: two weeks where the APPI says "without delay"
    /// (articles 30, 33 to 35), a week for halves and reviews, which cross organisations once a
    /// working week, a month for telling a patient, a day for an emergency, and 72 hours for a
    /// disaster without a network (the time within which people are rescued).
    pub const INITIAL: Self = Self {
        acknowledge_within_ms: 14 * DAY_MS,
        request_within_ms: 14 * DAY_MS,
        match_within_ms: 7 * DAY_MS,
        review_within_ms: 7 * DAY_MS,
        notify_within_ms: 30 * DAY_MS,
        break_glass_ms_max: 24 * HOUR_MS,
        break_glass_backdate_ms_max: 72 * HOUR_MS,
    };
}
