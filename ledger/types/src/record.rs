//! What the state holds: the table of records, one row each.
//!
//! A record stands under one key and is canonical borsh after a byte that names its kind, which is
//! also the first byte of its key, so that one kind's records lie side by side. Numbers never
//! change and are never used again: the state root depends on them. A row has the kind's number,
//! the type (boxed where it is large and rare, so that accounts stay small in memory), the names of
//! its read and write, its key, and what the key can tell about a person.

mod key;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::ConsentId;
use crate::id::{AccountId, BankId, InstrumentId, MemberId, ProgrammeId, ZoneId};
use crate::id::{LegalBasisId, NoticeId, PartyId, VocabularyId};
use crate::registry::Regime;

pub use crate::access::{
    Access, Acknowledged, Acknowledgement, BasisKind, Disclosures, Dividend, HolderHalf,
    HourlyRoot, Pairing, Shred,
};
pub use crate::authority::{Authority, Keys};
pub use crate::consent::{Consent, Guardian, Reconsent, ReconsentCount};
pub use crate::money::{
    Account, AccountStatus, Bank, Confirmation, CustodianKind, Cycle, CycleOver, CyclePart,
    CyclePledge, Frozen, Limits, OpenRedeem, OpenRedeems, PairPosition, Redeem, RedeemStatus,
    ReferenceMark, References, Spending,
};
pub use crate::oversight::{
    AuditView, Due, Duty, Emergency, Endorsement, Glass, LogRead, Owed, Review,
};
pub use crate::payment::{Cancelled, Payment, RecentPayment, RecentPayments};
pub use crate::payout::{NextDestination, Payout, PayoutAccount, PayoutStatus, PayoutTerms};
pub use crate::person::{
    AccountRecovery, AskedRequest, Contact, Counter, CounterDay, Delegation, Entered, OptOutStop,
    Recovery, RequestAnswer, Subject,
};
pub use crate::programme::{
    Applicant, BucketTally, BuyerCount, Deposited, Draw, EligibilityList, Escrow, Further,
    Household, Instrument, LeafPlace, LeafUse, Lot, LotKind, Lots, Opening, Outcome, PaidAndFree,
    Programme, Round, Tally, Ticket, TicketLeaf,
};
pub use crate::registry::{
    Compensation, Given, GivenUntil, JointUse, LegalBasis, Member, Notice, OptOut, Party, Raise,
    RegimeVersion, Vocabulary,
};
pub use crate::zone::{
    Announced, ChargedInYear, Closing, Dated, FeeRule, FeeSchedules, FeeTaken, Merchant,
    MerchantProfile, NextTier, RefundedOnDay, RevenueShares, Terminal, Zone, ZoneAccount,
};
pub use key::{KEY_BYTES_MAX, Key};

use key::Building;

/// What the key of a record can tell about a person, as for the fields of operations.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyClass {
    /// It has a pseudonym in it.
    Pseudonym,
    /// It is an identity chosen at random.
    OpaqueId,
    /// It is a salted commitment.
    Commitment,
    /// It is a number of something public.
    Public,
}

/// Where the next block goes on among the records of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Cursor {
    /// From this key on.
    pub from: Key,
}

/// What stands under one kind of key.
pub trait Kind: Sized {
    /// The number of the kind.
    const NUMBER: u8;

    /// The record, where it is of this kind.
    fn of(record: &Record) -> Option<&Self>;
}

/// Calls a macro with the table of records.
#[macro_export]
macro_rules! records {
    ($call:path) => {
        $call! {
            /// An account that can hold money: kind 1, 20 bytes.
            1 Account(Account as Account) account put_account account(account: &AccountId) Pseudonym;
            /// A data subject: kind 2, 20 bytes.
            2 Subject(Subject as Subject) subject put_subject subject(account: &AccountId) Pseudonym;
            /// A consent party: kind 3, the 20 bytes of [`AccountId::of_party`].
            3 Party(Party as Party) party_at put_party party(account: &AccountId) Public;
            /// A bank: kind 4, its code.
            4 Bank(Bank as Box<Bank>) bank put_bank bank(bank: BankId) Public;
            /// What two banks owe each other: kind 5, the lower code, the higher code.
            5 PairPosition(PairPosition as PairPosition) pair put_pair pair_position(lower: BankId, higher: BankId) Public;
            /// A zone: kind 6, its number.
            6 Zone(Zone as Zone) zone put_zone zone(zone: ZoneId) Public;
            /// A sub-account: kind 7, the zone, 20 bytes.
            7 ZoneAccount(ZoneAccount as ZoneAccount) zone_account put_zone_account zone_account(zone: ZoneId, account: &AccountId) Pseudonym;
            /// A merchant: kind 8, the zone, 20 bytes.
            8 Merchant(Merchant as Box<Merchant>) merchant put_merchant merchant(zone: ZoneId, account: &AccountId) Public;
            /// A redeem request: kind 9, 32 bytes.
            9 Redeem(Redeem as Redeem) redeem put_redeem redeem(redeem: &Hash) OpaqueId;
            /// The redeem requests that hold value of an account: kind 10, 20 bytes.
            10 OpenRedeems(OpenRedeems as OpenRedeems) open_redeems put_open_redeems open_redeems(account: &AccountId) Pseudonym;
            /// A notice: kind 12, its controller, its number.
            12 Notice(Notice as Box<Notice>) notice put_notice notice(controller: PartyId, notice: NoticeId) Public;
            /// A consent: kind 13, 32 bytes.
            13 Consent(Consent as Box<Consent>) consent put_consent consent(consent: &ConsentId) OpaqueId;
            /// A member: kind 14, its number.
            14 Member(Member as Member) member put_member member(member: MemberId) Public;
            /// A version of a vocabulary: kind 15, vocabulary, version.
            15 Vocabulary(Vocabulary as Vocabulary) vocabulary put_vocabulary vocabulary(vocabulary: VocabularyId, version: u32) Public;
            /// A legal basis: kind 16, basis.
            16 LegalBasis(LegalBasis as Box<LegalBasis>) legal_basis put_legal_basis legal_basis(basis: LegalBasisId) Public;
            /// A regime's deadlines: kind 17, its number.
            17 RegimeVersion(RegimeVersion as Box<RegimeVersion>) regime put_regime regime(regime: Regime) Public;
            /// A version of a scheme of joint use: kind 18, controller, scheme, version.
            18 JointUse(JointUse as Box<JointUse>) joint_use put_joint_use joint_use(controller: PartyId, scheme: u32, version: u32) Public;
            /// A scheme that people may object to: kind 19, controller, scheme.
            19 OptOut(OptOut as Box<OptOut>) opt_out put_opt_out opt_out(controller: PartyId, scheme: u32) Public;
            /// A person's objection: kind 20, controller, scheme, 32 bytes.
            20 OptOutStop(OptOutStop as OptOutStop) opt_out_stop put_opt_out_stop opt_out_stop(controller: PartyId, scheme: u32, person: &Hash) Commitment;
            /// What a controller pays for data: kind 21, controller, terms.
            21 Compensation(Compensation as Compensation) terms put_terms terms(controller: PartyId, terms: u32) Public;
            /// Where requests reach a data subject: kind 22, subject's 20 bytes.
            22 Contact(Contact as Contact) contact put_contact contact(subject: &AccountId) Pseudonym;
            /// A request for renewals: kind 23, 32 bytes.
            23 Reconsent(Reconsent as Box<Reconsent>) reconsent put_reconsent reconsent(request: &Hash) OpaqueId;
            /// When a controller recently asked for renewals: kind 24, controller.
            24 ReconsentCount(ReconsentCount as ReconsentCount) reconsent_count put_reconsent_count reconsent_count(controller: PartyId) Public;
            /// What a subject asked of a controller: kind 25, 32 bytes.
            25 SubjectRequest(AskedRequest as Box<AskedRequest>) subject_request put_subject_request subject_request(request: &Hash) OpaqueId;
            /// A guardian's authority: kind 26, subject's 20 bytes, guardian's 20 bytes.
            26 Delegation(Delegation as Delegation) delegation put_delegation delegation(subject: &AccountId, guardian: &AccountId) Pseudonym;
            /// A proposal to give a data subject another key: kind 27, subject's 20 bytes.
            27 Recovery(Recovery as Box<Recovery>) recovery put_recovery recovery(subject: &AccountId) Pseudonym;
            /// A permitted access: kind 28, 32 bytes.
            28 Access(Access as Box<Access>) access put_access access(access: &Hash) OpaqueId;
            /// An hour's disclosures between two parties: kind 29, holder, recipient, hour.
            29 Disclosures(Disclosures as Box<Disclosures>) disclosures put_disclosures disclosures(holder: PartyId, recipient: PartyId, hour: u32) Public;
            /// What a controller owes once a consent has ended: kind 30, 32 bytes.
            30 Acknowledgement(Acknowledgement as Box<Acknowledgement>) acknowledgement put_acknowledgement acknowledgement(consent: &ConsentId) OpaqueId;
            /// A broken glass: kind 31, 32 bytes.
            31 Glass(Glass as Box<Glass>) glass put_glass glass(glass: &Hash) OpaqueId;
            /// An area's emergency: kind 32, area.
            32 Emergency(Emergency as Emergency) emergency put_emergency emergency(area: u32) Public;
            /// A part of a month's dividends: kind 33, controller, terms, month, chunk.
            33 Dividend(Dividend as Dividend) dividend put_dividend dividend(controller: PartyId, terms: u32, month: u32, chunk: u32) Public;
            /// A party's word that salts and keys are destroyed: kind 34, 32 bytes, party.
            34 Shred(Shred as Shred) shred put_shred shred(consent: &ConsentId, party: PartyId) OpaqueId;
            /// An auditor's right to read: kind 35, 32 bytes.
            35 AuditView(AuditView as Box<AuditView>) audit_view put_audit_view audit_view(view: &Hash) OpaqueId;
            /// A logged read of a subject's access log: kind 36, 32 bytes.
            36 LogRead(LogRead as Box<LogRead>) log_read put_log_read log_read(read: &Hash) OpaqueId;
            /// Something that must be done by an instant: kind 37, 0 for reviews and 1 for all else,
            /// the debtor, the instant, the duty's number, and 32 bytes that tell the duty from
            /// others of its number.
            37 Due(Due as Due) due put_due due(owed: &Owed) OpaqueId;
            /// That an account is frozen: kind 38, 20 bytes.
            38 Frozen(Frozen as Frozen) frozen put_frozen frozen(account: &AccountId) Pseudonym;
            /// A proposal to give an account other keys: kind 39, 20 bytes.
            39 AccountRecovery(AccountRecovery as Box<AccountRecovery>) account_recovery put_account_recovery account_recovery(account: &AccountId) Pseudonym;
            /// That a counter serves a person: kind 40, subject's 20 bytes, counter.
            40 Counter(Counter as Counter) counter put_counter counter(subject: &AccountId, counter: PartyId) Pseudonym;
            /// Which counter entered a consent: kind 41, 32 bytes.
            41 Entered(Entered as Entered) entered put_entered entered(consent: &ConsentId) OpaqueId;
            /// What a counter gave on a day: kind 42, counter.
            42 CounterDay(CounterDay as CounterDay) counter_day put_counter_day counter_day(counter: PartyId) Public;
            /// Where the next block goes on with what one block could not do: kind 43, the kind of
            /// the records that it goes through, which part of them.
            43 Cursor(Cursor as Cursor) cursor put_cursor cursor(of: u32, part: u32) Public;
            /// What a payer was given beside its kind's allowance: kind 44, 20 bytes.
            44 Raise(Raise as Raise) raise put_raise raise(account: &AccountId) Pseudonym;
            /// What a payer gave others of its allowance: kind 45, 20 bytes.
            45 Given(Given as Given) given put_given given(account: &AccountId) Pseudonym;
            /// Core banking references that a bank used: kind 46, the bank, the 16 bytes up to which
            /// they go. It stands for kind 11, a record for each.
            46 References(References as References) references put_references references(bank: BankId, up_to: &ReferenceMark) Commitment;
            /// An account's own limits: kind 47, 20 bytes.
            47 Limits(Limits as Limits) own_limits put_own_limits limits(account: &AccountId) Pseudonym;
            /// What left an account whose limits count it: kind 48, 20 bytes.
            48 Spending(Spending as Spending) spending put_spending spending(account: &AccountId) Pseudonym;
            /// A settlement cycle: kind 49, its number.
            49 Cycle(Cycle as Box<Cycle>) cycle put_cycle cycle(cycle: u32) Public;
            /// The fee schedules of a zone: kind 50, the zone.
            50 FeeSchedules(FeeSchedules as Box<FeeSchedules>) fee_schedules put_fee_schedules fee_schedules(zone: ZoneId) Public;
            /// Who gets the fees of a zone: kind 51, the zone.
            51 RevenueShares(RevenueShares as Box<RevenueShares>) revenue_shares put_revenue_shares revenue_shares(zone: ZoneId) Public;
            /// An instrument: kind 52, the zone, its number.
            52 Instrument(Instrument as Box<Instrument>) instrument put_instrument instrument(zone: ZoneId, instrument: InstrumentId) Public;
            /// The vouchers of a holder in a zone: kind 53, the zone, 20 bytes.
            53 Lots(Lots as Box<Lots>) lots put_lots lots(zone: ZoneId, account: &AccountId) Pseudonym;
            /// A programme: kind 54, its number.
            54 Programme(Programme as Box<Programme>) programme put_programme programme(programme: ProgrammeId) Public;
            /// A round: kind 55, the programme, its number.
            55 Round(Round as Box<Round>) round put_round round(programme: ProgrammeId, round: u16) Public;
            /// What became of a round's sets: kind 56, the programme, the round.
            56 Tally(Tally as Box<Tally>) tally put_tally tally(programme: ProgrammeId, round: u16) Public;
            /// That an account is an escrow: kind 57, 20 bytes.
            57 Escrow(Escrow as Escrow) escrow put_escrow escrow(account: &AccountId) Public;
            /// A list of people who may buy: kind 58, the programme, its number.
            58 EligibilityList(EligibilityList as EligibilityList) eligibility put_eligibility eligibility(programme: ProgrammeId, list: u16) Public;
            /// What became of a leaf: kind 59, the programme, the list, its place.
            59 LeafUse(LeafUse as LeafUse) leaf_use put_leaf_use leaf_use(programme: ProgrammeId, leaf: LeafPlace) Pseudonym;
            /// What a household asked for and bought: kind 60, the programme, its salted tag.
            60 Household(Household as Household) household put_household household(programme: ProgrammeId, tag: &Hash) Commitment;
            /// What an account bought: kind 61, the programme, 20 bytes.
            61 BuyerCount(BuyerCount as BuyerCount) buyer_count put_buyer_count buyer_count(programme: ProgrammeId, account: &AccountId) Pseudonym;
            /// An application: kind 62, the programme, the round, its number.
            62 Ticket(Ticket as Box<Ticket>) ticket put_ticket ticket(programme: ProgrammeId, round: u16, ticket: u32) Public;
            /// In which application an account is: kind 63, the programme, the round, 20 bytes.
            63 Applicant(Applicant as Applicant) applicant put_applicant applicant(programme: ProgrammeId, round: u16, account: &AccountId) Pseudonym;
            /// A committer's secret: kind 64, the programme, the round, the committer's place.
            64 Deposited(Deposited as Box<Deposited>) deposited put_deposited deposited(programme: ProgrammeId, round: u16, committer: u16) Public;
            /// A terminal of a merchant's: kind 65, the zone, the merchant's 20 bytes, its number.
            65 Terminal(Terminal as Box<Terminal>) terminal put_terminal terminal(zone: ZoneId, merchant: &AccountId, terminal: u16) Public;
            /// A payment at a shop: kind 66, 32 bytes.
            66 Payment(Payment as Box<Payment>) payment put_payment payment(payment: &Hash) OpaqueId;
            /// That a request was taken back: kind 67, 32 bytes.
            67 Cancelled(Cancelled as Cancelled) cancelled put_cancelled cancelled(request: &Hash) OpaqueId;
            /// The last payments of a payer by codes that stay: kind 68, the zone, 20 bytes.
            68 RecentPayments(RecentPayments as Box<RecentPayments>) recent put_recent recent(zone: ZoneId, account: &AccountId) Pseudonym;
            /// What a bank says of payouts: kind 69, the bank.
            69 PayoutTerms(PayoutTerms as Box<PayoutTerms>) payout_terms put_payout_terms payout_terms(bank: BankId) Public;
            /// Where a merchant's payouts go: kind 70, 20 bytes.
            70 PayoutAccount(PayoutAccount as PayoutAccount) payout_account put_payout_account payout_account(account: &AccountId) Pseudonym;
            /// A payout: kind 71, 32 bytes.
            71 Payout(Payout as Box<Payout>) payout put_payout payout(payout: &Hash) OpaqueId;
        }
    };
}

macro_rules! table {
    ($( $(#[doc = $doc:literal])* $number:literal $kind:ident($type:ty as $held:ty) $read:ident $write:ident $key:ident($($name:ident: $part:ty),*) $class:ident; )*) => {
        /// Any record.
        #[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
        #[borsh(use_discriminant = true)]
        #[repr(u8)]
        pub enum Record { $( $(#[doc = $doc])* $kind($held) = $number, )* }

        impl Record {
            /// The number of the record's kind.
            #[must_use]
            pub const fn kind(&self) -> u8 {
                match self { $( Self::$kind(_) => $number, )* }
            }

            /// Each kind's number and name, and what its key can tell about a person.
            pub const KINDS: &'static [(u8, &'static str, KeyClass)] =
                &[ $( ($number, stringify!($kind), KeyClass::$class), )* ];
        }

        $( impl Kind for $type {
            const NUMBER: u8 = $number;

            fn of(record: &Record) -> Option<&Self> {
                if let Record::$kind(record) = record { Some(record) } else { None }
            }
        } )*

        /// Every key of the state.
        pub mod keys {
            use super::{
                AccountId, BankId, Building, ConsentId, Hash, InstrumentId, Key, LeafPlace,
                LegalBasisId, MemberId, NoticeId, Owed, PartyId, ProgrammeId, ReferenceMark, Regime,
                VocabularyId, ZoneId,
            };

            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $key($($name: $part),*) -> Key {
                    let mut building = Building::new($number);
                    $( building.add(&$name); )*
                    building.key()
                }
            )*
        }
    };
}

records!(table);

/// Millions of accounts lie in memory, so what a record takes there is watched.
const _: () = assert!(size_of::<Record>() <= 152, "a record has grown in memory");
