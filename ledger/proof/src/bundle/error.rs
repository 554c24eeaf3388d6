//! Why a bundle proves nothing: one code for each check, never renamed.

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident = $code:literal, $text:literal; )*) => {
        /// A check that failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $( $(#[$doc])* $name, )* }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// What it means.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $( Self::$name => $text, )* }
            }
        }
    };
}

codes! {
    /// The document is too large.
    TooLarge = "too_large", "the bundle has too many bytes";
    /// Another format or version.
    UnknownFormat = "unknown_format", "the bundle is of another format or version";
    /// A field is missing, unknown, or not of its form.
    Malformed = "malformed", "the document or bytes inside it are not of the format";
    /// Another network's.
    WrongGenesis = "wrong_genesis", "the bundle is of another network than the trusted one";
    /// The first validator set is not the trusted one.
    ValidatorsUntrusted = "validators_untrusted", "the validator set is not the trusted one";
    /// A header is claimed, or the set changes, without a set to begin with.
    ValidatorsMissing = "validators_missing", "the bundle has no validator set to begin with";
    /// Changes of the set do not follow each other.
    ChangeOutOfOrder = "change_out_of_order", "changes of the validator set are not in order of height";
    /// A header's network is another.
    WrongNetwork = "wrong_network", "a header is of another network";
    /// A header is from before the trusted set.
    HeaderBeforeTrust = "header_before_trust", "a header is older than the trusted validator set";
    /// A header names another set than the one in force.
    SetMismatch = "set_mismatch", "a header names another validator set";
    /// A certificate is not of its header.
    CertificateMismatch = "certificate_mismatch", "a certificate is of another header";
    /// A certificate proves nothing.
    CertificateInvalid = "certificate_invalid", "a certificate is not a quorum's";
    /// The set before does not vouch for the next.
    ChangeNotVouched = "change_not_vouched", "too few of the validators before vouch for the new set";
    /// The policy is not the trusted one.
    PolicyUntrusted = "policy_untrusted", "the log's policy is not the trusted one";
    /// The origin is not of the policy.
    LogUnknown = "log_unknown", "the checkpoint is of a log that the policy does not know";
    /// A signature of a known key does not verify.
    NoteSignatureInvalid = "note_signature_invalid", "a signature of the checkpoint does not verify";
    /// The log did not sign.
    LogSignatureMissing = "log_signature_missing", "the log did not sign the checkpoint";
    /// Too few witnesses.
    NoQuorum = "no_quorum", "the witnesses of the checkpoint make no quorum";
    /// A claim needs the log.
    LogMissing = "log_missing", "the bundle has no checkpoint";
    /// An entry is of another kind than the claim needs.
    WrongEntryKind = "wrong_entry_kind", "an entry of the log is of the wrong kind";
    /// An entry is not in the log.
    NotInLog = "not_in_log", "an entry is not in the log at its place";
    /// A state proof's gap is not around the key.
    StateNotInGap = "state_not_in_gap", "the state proof shows a gap elsewhere";
    /// A state proof does not lead to the root.
    StateRootMismatch = "state_root_mismatch", "the state proof does not lead to the state root";
    /// A decision needs the time.
    TimeMissing = "time_missing", "a decision cannot be judged without the time";
    /// The checkpoint does not show the block to be the latest.
    CommitNotLast = "commit_not_last", "the block is not the last of the checkpoint";
    /// The cosignatures are too old.
    CheckpointStale = "checkpoint_stale", "too few witnesses cosigned within the validity of a decision";
    /// The block is too old.
    CommitStale = "commit_stale", "the block is older than the validity of a decision";
    /// The request is too old.
    RequestStale = "request_stale", "the request was not made within the validity of a decision";
    /// The request is to another data holder.
    NotThisHolder = "not_this_holder", "the request is to another data holder";
    /// No such party.
    RequesterUnknown = "requester_unknown", "the requester is not registered";
    /// The party may not act.
    RequesterSuspended = "requester_suspended", "the requester is suspended";
    /// The party may not use data.
    RoleMissing = "role_missing", "the requester has no role that uses data";
    /// The party broke glass and nobody reviewed it in time.
    ReviewOverdue = "review_overdue", "a review of the requester's broken glass is overdue";
    /// The keys are not the requester's, or weigh too little.
    RequestUnauthorised = "request_unauthorised", "the request's keys do not act for the requester";
    /// A signature of the request does not verify.
    RequestSignatureInvalid = "request_signature_invalid", "a signature of the request does not verify";
    /// No such consent.
    ConsentUnknown = "consent_unknown", "there is no such consent";
    /// Withdrawn or otherwise ended.
    ConsentEnded = "consent_ended", "the consent was ended";
    /// Past its time.
    ConsentExpired = "consent_expired", "the consent has expired";
    /// Before its time.
    ConsentNotYetValid = "consent_not_yet_valid", "the consent is not in force yet";
    /// Set aside.
    ConsentSuspended = "consent_suspended", "the subject has set the consent aside";
    /// No such notice.
    NoticeUnknown = "notice_unknown", "there is no such notice";
    /// The notice changed materially since, or the guardian's authority has ended.
    ConsentRenewalDue = "consent_renewal_due", "the consent is due for renewal";
    /// Only for an emergency, of which a bundle has no proof.
    EmergencyUnproved = "emergency_unproved", "the consent is for an emergency, which a bundle does not prove";
    /// The process is not among the terms.
    NotInTerms = "not_in_terms", "the process is not among the consent's terms";
    /// The process is for somebody else.
    NotTheRecipient = "not_the_recipient", "the process is for another recipient";
    /// The purpose is not within the consent's breadth.
    PurposeNotCovered = "purpose_not_covered", "the purpose is not within the consent's breadth";
    /// Used as often as it may be.
    ConsentUsesExhausted = "consent_uses_exhausted", "the consent has no use left";
    /// The process in clear is not the leaf's.
    OpeningMismatch = "opening_mismatch", "the process in clear is not the one asked for";
    /// A record is not of the layout that is known.
    RecordUnknown = "record_unknown", "a record is of a layout that this verifier does not know";
}

/// Which part of a bundle a check was of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The document, the trust in it, or its log.
    Whole,
    /// A change of the validator set, counted from 0.
    Change(usize),
    /// A claim, counted from 0.
    Claim(usize),
}

/// The first check that failed, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {detail}", code.text(), place(*at))]
pub struct BundleError {
    /// Which check.
    pub code: Code,
    /// Of which part.
    pub at: Check,
    /// More, for people; not stable.
    pub detail: String,
}

impl BundleError {
    pub(super) fn malformed(detail: impl core::fmt::Display) -> Self {
        Self { code: Code::Malformed, at: Check::Whole, detail: detail.to_string() }
    }

    pub(super) fn at(self, at: Check) -> Self {
        Self { at, ..self }
    }
}

impl From<Code> for BundleError {
    fn from(code: Code) -> Self {
        Self { code, at: Check::Whole, detail: code.as_str().to_owned() }
    }
}

fn place(at: Check) -> String {
    match at {
        Check::Whole => String::new(),
        Check::Change(index) => format!(" (change {index})"),
        Check::Claim(index) => format!(" (claim {index})"),
    }
}
