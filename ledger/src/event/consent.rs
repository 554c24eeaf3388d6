//! Effects in the consent layer.

use ledger_types::operation::{Finding, Half, RequestKind, RequestOutcome};
use ledger_types::{
    AccountId, ConsentId, ConsentStatus, Hash, LegalBasisId, NoticeId, PartyId, Regime, Timestamp,
    VocabularyId,
};

use crate::record::{Duty, Pairing};

macro_rules! events {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty, )* } of $($whose:expr),* ; )*) => {
        /// What an operation of the consent layer, or the passing of a deadline, did.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ConsentEvent {
            $( $(#[$doc])* $name { $( $(#[$field_doc])* $field: $type, )* }, )*
        }

        impl ConsentEvent {
            /// The accounts to whose history it belongs; parties by their accounts.
            #[expect(unused_variables, reason = "most events concern some of their fields alone")]
            pub(super) fn accounts(&self) -> [Option<AccountId>; 3] {
                match self {
                    $( Self::$name { $($field,)* } => three([ $(Whose::account($whose)),* ]), )*
                }
            }
        }
    };
}

/// Who has a history.
trait Whose {
    fn account(self) -> AccountId;
}

impl Whose for &AccountId {
    fn account(self) -> AccountId {
        *self
    }
}

impl Whose for &PartyId {
    fn account(self) -> AccountId {
        AccountId::of_party(*self)
    }
}

fn three<const N: usize>(accounts: [AccountId; N]) -> [Option<AccountId>; 3] {
    const { assert!(N <= 3, "an event belongs to at most three histories") };
    let mut all = [None; 3];
    for (place, account) in all.iter_mut().zip(accounts) {
        *place = Some(account);
    }
    all
}

events! {
    /// What a party may do was changed.
    PartyUpdated {
        /// The party.
        party: PartyId,
    } of party;
    /// A version of a vocabulary was frozen.
    VocabularyPublished {
        /// The vocabulary.
        vocabulary: VocabularyId,
        /// The version.
        version: u32,
    } of;
    /// A version of a legal basis was published.
    LegalBasisPublished {
        /// The basis.
        basis: LegalBasisId,
        /// The version.
        version: u32,
    } of;
    /// A version of a regime's deadlines was published.
    RegimePublished {
        /// The regime.
        regime: Regime,
        /// The version.
        version: u32,
    } of;
    /// A version of a scheme of joint use was published.
    JointUsePublished {
        /// Whose.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// The version.
        version: u32,
    } of controller;
    /// A scheme was notified that people may object to.
    OptOutNotified {
        /// Whose.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// No use before this.
        wait_until: Timestamp,
    } of controller;
    /// Terms of compensation were published.
    TermsPublished {
        /// Whose.
        controller: PartyId,
        /// The terms.
        terms: u32,
        /// Who pays.
        payer: AccountId,
    } of controller, payer;
    /// A consent was narrowed.
    Amended {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
        /// How often its terms or its notice changed.
        revision: u32,
    } of subject, controller;
    /// A consent was widened.
    Widened {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
        /// How often its terms or its notice changed.
        revision: u32,
    } of subject, controller;
    /// A consent was ended by somebody else, or refused when its renewal was asked for.
    Ended {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
        /// How.
        status: ConsentStatus,
        /// Who ended it.
        by: AccountId,
    } of subject, controller, by;
    /// A subject set a consent aside.
    Suspended {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    } of subject, controller;
    /// A subject took a consent up again.
    Resumed {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    } of subject, controller;
    /// A consent was renewed.
    Renewed {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
        /// Under which version of its notice.
        version: u32,
    } of subject, controller;
    /// A renewal was put off.
    Deferred {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    } of subject, controller;
    /// A controller asked for renewals.
    ReconsentRequested {
        /// The request.
        request: Hash,
        /// Who asks.
        controller: PartyId,
        /// For which notice.
        notice: NoticeId,
        /// In which version.
        version: u32,
        /// Answers come before this.
        deadline: Timestamp,
    } of controller;
    /// A subject said where requests reach it.
    ContactRegistered {
        /// The subject.
        subject: AccountId,
    } of subject;
    /// A person objected to a scheme.
    OptOutStopped {
        /// Whose scheme.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// Commitment to the person.
        person: Hash,
    } of controller;
    /// A subject asked something of a controller.
    SubjectRequested {
        /// The request.
        request: Hash,
        /// Who asks.
        subject: AccountId,
        /// Of whom.
        controller: PartyId,
        /// For what.
        kind: RequestKind,
        /// The answer is due at this instant.
        deadline: Timestamp,
    } of subject, controller;
    /// A controller answered a subject.
    SubjectRequestAnswered {
        /// The request.
        request: Hash,
        /// Who asked.
        subject: AccountId,
        /// Who answers.
        controller: PartyId,
        /// What came of it.
        outcome: RequestOutcome,
    } of subject, controller;
    /// A guardian got authority.
    DelegationGiven {
        /// For whom it acts.
        subject: AccountId,
        /// The guardian.
        guardian: AccountId,
        /// Until before.
        until: Timestamp,
    } of subject, guardian;
    /// A guardian's authority ended early.
    DelegationEnded {
        /// For whom it acted.
        subject: AccountId,
        /// The guardian.
        guardian: AccountId,
    } of subject, guardian;
    /// A new key was proposed for a subject.
    RecoveryProposed {
        /// The subject.
        subject: AccountId,
        /// Who proposed it.
        proposer: PartyId,
        /// It can be vetoed until before this.
        executable_from: Timestamp,
    } of subject, proposer;
    /// A new key took over.
    RecoveryExecuted {
        /// The subject.
        subject: AccountId,
        /// Who proposed it.
        proposer: PartyId,
    } of subject, proposer;
    /// A subject vetoed a recovery.
    RecoveryVetoed {
        /// The subject.
        subject: AccountId,
        /// Who had proposed it.
        proposer: PartyId,
    } of subject, proposer;
    /// Half of an access's record was kept. Halves that differ are an alarm.
    HalfRecorded {
        /// The access.
        access: Hash,
        /// Which half.
        half: Half,
        /// Who keeps it.
        party: PartyId,
        /// Who requested the access.
        requester: PartyId,
        /// How the halves stand to each other now.
        pairing: Pairing,
    } of party, requester;
    /// Half of the record of an hour's disclosures was kept. Halves that differ are an alarm.
    DisclosuresRecorded {
        /// The holder.
        holder: PartyId,
        /// The recipient.
        recipient: PartyId,
        /// The hour.
        hour: u32,
        /// Which half.
        half: Half,
        /// How the halves stand to each other now.
        pairing: Pairing,
    } of holder, recipient;
    /// A controller said what it did about an ended consent.
    EndAcknowledged {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    } of subject, controller;
    /// A party broke glass.
    GlassBroken {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
        /// Open until before.
        until: Timestamp,
    } of opener;
    /// A broken glass was reviewed.
    GlassReviewed {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
        /// Who reviewed.
        reviewer: PartyId,
        /// What was found.
        finding: Finding,
    } of opener, reviewer;
    /// The person was told of a broken glass.
    SubjectNotified {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
    } of opener;
    /// A member endorsed an emergency.
    EmergencyEndorsed {
        /// The area.
        area: u32,
        /// The member's account.
        member: AccountId,
        /// Until when the emergency is in force, if it is.
        in_force_until: Option<Timestamp>,
    } of member;
    /// The city ended an emergency.
    EmergencyEnded {
        /// The area.
        area: u32,
        /// The city's account.
        member: AccountId,
    } of member;
    /// A part of a month's dividends was paid.
    DividendPaid {
        /// Whose terms.
        controller: PartyId,
        /// The terms.
        terms: u32,
        /// The month, as yyyymm.
        month: u32,
        /// The part.
        chunk: u32,
        /// How many were paid.
        rows: u32,
    } of controller;
    /// A party destroyed its salts and keys of an ended consent.
    ShredAcknowledged {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The party.
        party: PartyId,
    } of subject, party;
    /// An auditor may read.
    AuditViewGranted {
        /// The view.
        view: Hash,
        /// Who may read.
        auditor: PartyId,
        /// Until before.
        until: Timestamp,
    } of auditor;
    /// An auditor may not read any more.
    AuditViewEnded {
        /// The view.
        view: Hash,
        /// Who might read.
        auditor: PartyId,
    } of auditor;
    /// A party read a subject's access log.
    AccessLogRead {
        /// The read.
        read: Hash,
        /// Whose log.
        subject: AccountId,
        /// Who reads.
        reader: PartyId,
    } of subject, reader;
    /// A deadline passed: raised by consensus itself, not by a transaction.
    Overdue {
        /// What was owed.
        duty: Duty,
        /// The party that it is about: who owes it, or whose record or glass it is.
        debtor: PartyId,
        /// By when.
        deadline: Timestamp,
    } of debtor;
}
