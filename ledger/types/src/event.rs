//! What committed operations did: the table of events, one row each.
//!
//! An event is said once, by `apply`, and goes as it is to every reader: histories, logs and the
//! API answer it. Its type, in the file of its area, says whose logs it enters and whom it masks
//! from whom. Events are no part of the state; a node keeps them in its index under these numbers,
//! which never change.

use borsh::{BorshDeserialize, BorshSerialize};
use serde_json::Value;

use crate::facts::{Nothing, Said};
use crate::hash::Hash;
use crate::id::{AccountId, AddressPrefix};
use crate::json::{Json, JsonError, Schemas, Whose, choice};

pub use crate::access::{
    AccessPermitted, DisclosuresRecorded, DividendPaid, EndAcknowledged, HalfRecorded, HolderNamed,
    ShredAcknowledged,
};
pub use crate::consent::{
    Amended, ConsentEnded, ConsentGranted, ConsentWithdrawn, Deferred, ReconsentRequested, Renewed,
    Resumed, Suspended, Widened,
};
pub use crate::facts::List;
pub use crate::money::{
    AccountClosed, AccountFrozen, AccountOpened, AccountUnfrozen, BankNet, CycleClosed, CycleEnd,
    CycleEnded, DeathCorrected, DeceasedMarked, EstateLots, EstateTransferred, Issued, LimitsSet,
    NetDebitCapSet, PairNet, RedeemCancelled, RedeemClaimed, RedeemReleased, RedeemRequested,
    RedeemSettled, SettlementConfirmed, Transferred,
};
pub use crate::oversight::{
    AccessLogRead, AuditViewEnded, AuditViewGranted, EmergencyEnded, EmergencyEndorsed,
    GlassBroken, GlassReviewed, Overdue, SubjectNotified,
};
pub use crate::payment::{
    FeeReturned, LotFate, LotsReturned, Refunded, RequestCancelled, ReturnedLot, Voided,
};
pub use crate::payout::{
    PayoutAccountSet, PayoutCancelled, PayoutCompleted, PayoutRequested, PayoutReturned,
    PayoutSent, PayoutTermsSet,
};
pub use crate::person::{
    AccountRecoveryExecuted, AccountRecoveryProposed, AccountRecoveryVetoed, ContactRegistered,
    CounterRegistered, DelegationEnded, DelegationGiven, Hastened, KeysRotated, OptOutStopped,
    RecoveryExecuted, RecoveryProposed, RecoveryVetoed, SubjectRequestAnswered, SubjectRequested,
};
pub use crate::programme::{
    EligibilitySupplemented, EscrowMoved, InstrumentDefined, LeafRevoked, LeftAwarded, LotsSpent,
    LotteryDrawn, ProgrammeCreated, ProgrammeFunded, ProgrammeReconciled, Purchased, RoundOpened,
    SecretDeposited, SecretOpened, TicketEntered,
};
pub use crate::registry::{
    AllowanceRaised, CompensationPublished, JointUsePublished, LegalBasisPublished,
    NoticePublished, OptOutNotified, PartyRegistered, PartyUpdated, RegimePublished,
    VocabularyPublished,
};
pub use crate::zone::{
    Charged, Discharged, FeeCharged, FeeScheduleSet, MerchantClosing, MerchantHeld,
    MerchantRegistered, MerchantUpdated, Paid, RevenueShareSet, TerminalEnded, TerminalRegistered,
    ZoneAccountOpened, ZoneCreated, ZoneUpdated,
};

/// An event in its place.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Happened {
    /// The place in the block of the transaction; none where consensus itself raised it, before all
    /// transactions.
    pub transaction: Option<u32>,
    /// The place in the transaction of the operation; 0 without a transaction.
    pub operation: u16,
    /// What happened.
    pub event: Event,
}

/// Calls a macro with the table of events: `number "name" Type;` a row.
macro_rules! events {
    ($call:ident) => {
        $call! {
            0 "account_opened" AccountOpened;
            1 "issued" Issued;
            2 "redeem_requested" RedeemRequested;
            3 "redeem_settled" RedeemSettled;
            4 "redeem_cancelled" RedeemCancelled;
            5 "transferred" Transferred;
            6 "net_debit_cap_set" NetDebitCapSet;
            7 "merchant_registered" MerchantRegistered;
            8 "zone_account_opened" ZoneAccountOpened;
            9 "charged" Charged;
            10 "discharged" Discharged;
            11 "paid" Paid;
            12 "party_registered" PartyRegistered;
            13 "party_updated" PartyUpdated;
            14 "notice_published" NoticePublished;
            15 "vocabulary_published" VocabularyPublished;
            16 "legal_basis_published" LegalBasisPublished;
            17 "regime_published" RegimePublished;
            18 "joint_use_published" JointUsePublished;
            19 "opt_out_notified" OptOutNotified;
            20 "terms_published" CompensationPublished;
            21 "consent_granted" ConsentGranted;
            22 "consent_withdrawn" ConsentWithdrawn;
            23 "consent_ended" ConsentEnded;
            24 "consent_amended" Amended;
            25 "consent_widened" Widened;
            26 "consent_suspended" Suspended;
            27 "consent_resumed" Resumed;
            28 "consent_renewed" Renewed;
            29 "renewal_deferred" Deferred;
            30 "reconsent_requested" ReconsentRequested;
            31 "contact_registered" ContactRegistered;
            32 "opt_out_stopped" OptOutStopped;
            33 "subject_requested" SubjectRequested;
            34 "subject_request_answered" SubjectRequestAnswered;
            35 "delegation_given" DelegationGiven;
            36 "delegation_ended" DelegationEnded;
            37 "recovery_proposed" RecoveryProposed;
            38 "recovery_executed" RecoveryExecuted;
            39 "recovery_vetoed" RecoveryVetoed;
            40 "access_permitted" AccessPermitted;
            41 "half_recorded" HalfRecorded;
            42 "disclosures_recorded" DisclosuresRecorded;
            43 "end_acknowledged" EndAcknowledged;
            44 "shred_acknowledged" ShredAcknowledged;
            45 "dividend_paid" DividendPaid;
            46 "glass_broken" GlassBroken;
            47 "glass_reviewed" GlassReviewed;
            48 "subject_notified" SubjectNotified;
            49 "emergency_endorsed" EmergencyEndorsed;
            50 "emergency_ended" EmergencyEnded;
            51 "audit_view_granted" AuditViewGranted;
            52 "audit_view_ended" AuditViewEnded;
            53 "access_log_read" AccessLogRead;
            54 "overdue" Overdue;
            55 "keys_rotated" KeysRotated;
            56 "account_frozen" AccountFrozen;
            57 "account_unfrozen" AccountUnfrozen;
            58 "account_recovery_proposed" AccountRecoveryProposed;
            59 "account_recovery_executed" AccountRecoveryExecuted;
            60 "account_recovery_vetoed" AccountRecoveryVetoed;
            61 "counter_registered" CounterRegistered;
            62 "hastened" Hastened;
            63 "allowance_raised" AllowanceRaised;
            64 "holder_named" HolderNamed;
            65 "redeem_claimed" RedeemClaimed;
            66 "redeem_released" RedeemReleased;
            67 "limits_set" LimitsSet;
            68 "account_closed" AccountClosed;
            69 "deceased_marked" DeceasedMarked;
            70 "estate_transferred" EstateTransferred;
            71 "death_corrected" DeathCorrected;
            72 "cycle_closed" CycleClosed;
            73 "settlement_confirmed" SettlementConfirmed;
            74 "cycle_ended" CycleEnded;
            75 "zone_created" ZoneCreated;
            76 "zone_updated" ZoneUpdated;
            77 "fee_schedule_set" FeeScheduleSet;
            78 "revenue_share_set" RevenueShareSet;
            79 "merchant_updated" MerchantUpdated;
            80 "fee_charged" FeeCharged;
            81 "instrument_defined" InstrumentDefined;
            82 "programme_created" ProgrammeCreated;
            83 "programme_funded" ProgrammeFunded;
            84 "escrow_moved" EscrowMoved;
            85 "round_opened" RoundOpened;
            86 "purchased" Purchased;
            87 "lots_spent" LotsSpent;
            88 "programme_reconciled" ProgrammeReconciled;
            89 "eligibility_supplemented" EligibilitySupplemented;
            90 "leaf_revoked" LeafRevoked;
            91 "ticket_entered" TicketEntered;
            92 "secret_deposited" SecretDeposited;
            93 "secret_opened" SecretOpened;
            94 "lottery_drawn" LotteryDrawn;
            95 "left_awarded" LeftAwarded;
            96 "estate_lots" EstateLots;
            97 "terminal_registered" TerminalRegistered;
            98 "terminal_ended" TerminalEnded;
            99 "request_cancelled" RequestCancelled;
            100 "refunded" Refunded;
            101 "voided" Voided;
            102 "lots_returned" LotsReturned;
            103 "fee_returned" FeeReturned;
            104 "payout_terms_set" PayoutTermsSet;
            105 "payout_account_set" PayoutAccountSet;
            106 "payout_requested" PayoutRequested;
            107 "payout_cancelled" PayoutCancelled;
            108 "payout_sent" PayoutSent;
            109 "payout_completed" PayoutCompleted;
            110 "payout_returned" PayoutReturned;
            111 "merchant_held" MerchantHeld;
            112 "merchant_closing" MerchantClosing;
        }
    };
}

macro_rules! table {
    ($( $number:literal $name:literal $type:ident; )*) => {
        choice! {
            /// What an operation did, or a deadline that passed; `type` names it. New ones are only
            /// ever added at the end.
            pub enum Event { $( $type[event: $type] = $number as $name, )* }
        }

        $( impl From<$type> for Event {
            fn from(event: $type) -> Self {
                Self::$type(event)
            }
        } )*

        $( impl $type {
            /// The event, where it is of this type.
            #[must_use]
            pub const fn of(event: &Event) -> Option<&Self> {
                if let Event::$type(event) = event { Some(event) } else { None }
            }
        } )*

        impl Event {
            /// Every event's name in JSON, in the order of their numbers.
            pub const NAMES: &'static [&'static str] = &[ $( $name, )* ];

            /// Its name in JSON.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$type(_) => $name, )* }
            }

            /// The lists that it enters, in order, each once.
            #[must_use]
            pub fn enters(&self) -> Vec<List> {
                let mut lists = Vec::with_capacity(4);
                match self { $( Self::$type(event) => event.enters(&mut lists), )* }
                lists.sort_unstable();
                lists.dedup();
                lists
            }

            /// Masks whom this reader may not know, though the event concerns it.
            pub fn mask(&mut self, reader: &AccountId, genesis: &Hash) {
                match self { $( Self::$type(event) => event.mask(reader, genesis), )* }
            }
        }
    };
}

events!(table);

impl From<Nothing> for Event {
    fn from(nothing: Nothing) -> Self {
        match nothing {}
    }
}

impl Event {
    /// Whether it is of the consent layer, not of money.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line an event")]
    pub const fn is_of_consent(&self) -> bool {
        match self {
            Self::AccountOpened(_)
            | Self::Issued(_)
            | Self::RedeemRequested(_)
            | Self::RedeemSettled(_)
            | Self::RedeemCancelled(_)
            | Self::RedeemClaimed(_)
            | Self::RedeemReleased(_)
            | Self::Transferred(_)
            | Self::NetDebitCapSet(_)
            | Self::MerchantRegistered(_)
            | Self::MerchantUpdated(_)
            | Self::ZoneCreated(_)
            | Self::ZoneUpdated(_)
            | Self::FeeScheduleSet(_)
            | Self::RevenueShareSet(_)
            | Self::FeeCharged(_)
            | Self::ZoneAccountOpened(_)
            | Self::Charged(_)
            | Self::Discharged(_)
            | Self::Paid(_)
            | Self::AccountFrozen(_)
            | Self::AccountUnfrozen(_)
            | Self::AccountRecoveryProposed(_)
            | Self::AccountRecoveryExecuted(_)
            | Self::AccountRecoveryVetoed(_)
            | Self::LimitsSet(_)
            | Self::AccountClosed(_)
            | Self::DeceasedMarked(_)
            | Self::EstateTransferred(_)
            | Self::DeathCorrected(_)
            | Self::CycleClosed(_)
            | Self::SettlementConfirmed(_)
            | Self::CycleEnded(_)
            | Self::InstrumentDefined(_)
            | Self::ProgrammeCreated(_)
            | Self::ProgrammeFunded(_)
            | Self::EscrowMoved(_)
            | Self::RoundOpened(_)
            | Self::Purchased(_)
            | Self::LotsSpent(_)
            | Self::ProgrammeReconciled(_)
            | Self::EligibilitySupplemented(_)
            | Self::LeafRevoked(_)
            | Self::TicketEntered(_)
            | Self::SecretDeposited(_)
            | Self::SecretOpened(_)
            | Self::LotteryDrawn(_)
            | Self::LeftAwarded(_)
            | Self::EstateLots(_)
            | Self::TerminalRegistered(_)
            | Self::TerminalEnded(_)
            | Self::RequestCancelled(_)
            | Self::Refunded(_)
            | Self::Voided(_)
            | Self::LotsReturned(_)
            | Self::FeeReturned(_)
            | Self::PayoutTermsSet(_)
            | Self::PayoutAccountSet(_)
            | Self::PayoutRequested(_)
            | Self::PayoutCancelled(_)
            | Self::PayoutSent(_)
            | Self::PayoutCompleted(_)
            | Self::PayoutReturned(_)
            | Self::MerchantHeld(_)
            | Self::MerchantClosing(_) => false,
            Self::PartyRegistered(_)
            | Self::PartyUpdated(_)
            | Self::NoticePublished(_)
            | Self::VocabularyPublished(_)
            | Self::LegalBasisPublished(_)
            | Self::RegimePublished(_)
            | Self::JointUsePublished(_)
            | Self::OptOutNotified(_)
            | Self::CompensationPublished(_)
            | Self::ConsentGranted(_)
            | Self::ConsentWithdrawn(_)
            | Self::ConsentEnded(_)
            | Self::Amended(_)
            | Self::Widened(_)
            | Self::Suspended(_)
            | Self::Resumed(_)
            | Self::Renewed(_)
            | Self::Deferred(_)
            | Self::ReconsentRequested(_)
            | Self::ContactRegistered(_)
            | Self::OptOutStopped(_)
            | Self::SubjectRequested(_)
            | Self::SubjectRequestAnswered(_)
            | Self::DelegationGiven(_)
            | Self::DelegationEnded(_)
            | Self::RecoveryProposed(_)
            | Self::RecoveryExecuted(_)
            | Self::RecoveryVetoed(_)
            | Self::AccessPermitted(_)
            | Self::HalfRecorded(_)
            | Self::DisclosuresRecorded(_)
            | Self::EndAcknowledged(_)
            | Self::ShredAcknowledged(_)
            | Self::DividendPaid(_)
            | Self::GlassBroken(_)
            | Self::GlassReviewed(_)
            | Self::SubjectNotified(_)
            | Self::EmergencyEndorsed(_)
            | Self::EmergencyEnded(_)
            | Self::AuditViewGranted(_)
            | Self::AuditViewEnded(_)
            | Self::AccessLogRead(_)
            | Self::Overdue(_)
            | Self::KeysRotated(_)
            | Self::CounterRegistered(_)
            | Self::Hastened(_)
            | Self::AllowanceRaised(_)
            | Self::HolderNamed(_) => true,
        }
    }

    /// Whether it says who acts for a subject or where it is reached: every controller's matter
    /// that the subject consented to.
    #[must_use]
    pub const fn is_of_who_acts(&self) -> bool {
        matches!(
            self,
            Self::ContactRegistered(_)
                | Self::DelegationGiven(_)
                | Self::DelegationEnded(_)
                | Self::RecoveryProposed(_)
                | Self::RecoveryExecuted(_)
                | Self::RecoveryVetoed(_)
                | Self::KeysRotated(_)
                | Self::CounterRegistered(_)
                | Self::Hastened(_)
        )
    }

    /// Hides every person that the event names: for readers to whom nobody in it is known.
    pub fn hide_people(&mut self) {
        self.each_whose(&mut |whose| *whose = Whose::Hidden);
    }

    /// The event in JSON on the network with this prefix.
    #[must_use]
    pub fn in_json(&self, prefix: &AddressPrefix) -> Value {
        self.to_json(prefix).unwrap_or_default()
    }

    /// The event that JSON says, on the network with this prefix.
    ///
    /// # Errors
    /// [`JsonError`] names the field that does not hold what it should.
    pub fn from_json(value: Value, prefix: &AddressPrefix) -> Result<Self, JsonError> {
        Self::of_json(Some(value), "event", prefix)
    }

    /// The schemas of all events.
    #[must_use]
    pub fn schemas() -> Schemas {
        let mut schemas = Schemas::default();
        Self::schema(&mut schemas);
        schemas
    }
}
