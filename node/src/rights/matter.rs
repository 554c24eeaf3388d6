//! Everything that can be read here: what is open to everybody, and what concerns someone.
//!
//! A route answers one [`Kind`] or one [`Open`], and each of them has a route: what is to be read
//! at a new path is written here first, and then nothing compiles until it is decided who may.

use ledger_types::{AccountId, BankId, ConsentId, Hash, PartyId, PublicKey, ZoneId};

macro_rules! open {
    ($( $(#[$doc:meta])* $name:ident, )*) => {
        /// What everybody may read: it names nobody, or it was published.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Open { $( $(#[$doc])* $name, )* }

        impl Open {
            /// All of them.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];
        }
    };
}

open! {
    /// The answer to a submission, which is its sender's to make.
    Submission,
    /// The answer to many.
    BulkSubmission,
    /// What became of a transaction.
    Receipt,
    /// That its receipt is in the audit log.
    ReceiptProof,
    /// The same as a bundle.
    ReceiptBundle,
    /// A block.
    Block,
    /// A block's receipts.
    BlockReceipts,
    /// A block as a bundle.
    BlockBundle,
    /// The stream of blocks.
    BlockStream,
    /// How far the node is.
    Status,
    /// The validators.
    Validators,
    /// All money on the ledger, with what covers prepaid value: issuers' floats are public.
    Supply,
    /// Settlement cycles, as the positions in the supply are.
    Cycles,
    /// A settlement cycle.
    Cycle,
    /// The zones.
    Zones,
    /// A zone.
    Zone,
    /// What a bank says of the payouts of shops.
    PayoutTerms,
    /// The instruments of a zone.
    Instruments,
    /// Premium voucher programmes: their terms, escrows and sums are public.
    Programmes,
    /// A programme.
    Programme,
    /// The key of a shop's terminal.
    Terminal,
    /// A round's applications without who applied: enough to draw again.
    PublicTickets,
    /// What a round's seed is made from.
    Secrets,
    /// Public names, of those who agreed.
    Directory,
    /// The consent parties.
    Parties,
    /// A consent party.
    Party,
    /// A notice.
    Notice,
    /// A legal basis.
    LegalBasis,
    /// A regime's deadlines.
    Regime,
    /// A vocabulary.
    Vocabulary,
    /// A scheme of joint use.
    JointUse,
    /// A scheme that people may object to.
    OptOut,
    /// What a controller pays for data.
    Terms,
    /// Requests for renewal that are open.
    Reconsents,
    /// A request for renewal.
    Reconsent,
    /// An area's emergency.
    Emergency,
    /// The audit log's latest checkpoint.
    Checkpoint,
    /// The latest that a witness outside has cosigned.
    WitnessedCheckpoint,
    /// Which signatures make a checkpoint hold.
    AuditPolicy,
    /// That an entry is in the audit log.
    AuditProof,
    /// A tile of the audit log.
    AuditTile,
    /// What the interface is.
    Document,
    /// Whether the node lives.
    Health,
    /// Whether it is of use.
    Readiness,
    /// Its metrics.
    Metrics,
}

/// Whom a transaction's content concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concerned<'m> {
    /// Its sender, whose all of it is.
    pub sender: AccountId,
    /// Of each of its operations in order, those who are told all that it did.
    pub told: &'m [Vec<AccountId>],
}

/// Whose a payment at a shop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnePayment {
    /// Who paid.
    pub payer: AccountId,
    /// The shop.
    pub merchant: AccountId,
}

/// An account as a merchant of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneMerchant {
    /// The zone.
    pub zone: ZoneId,
    /// The account, whether or not it is one.
    pub account: AccountId,
}

macro_rules! matters {
    ($( $(#[$doc:meta])* $name:ident $( ($of:ty) )?, )*) => {
        /// Something to read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Matter<'m> {
            /// What everybody may.
            Open(Open),
            $( $(#[$doc])* $name $( ($of) )?, )*
        }

        /// What kind of thing it is to read, where not everybody may.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $( $(#[$doc])* $name, )* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];
        }
    };
}

/// A month of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportOf {
    /// The zone.
    pub zone: ZoneId,
    /// Whether the month is over. Whoever reads one that runs after each block has the amounts of
    /// single payments.
    pub is_over: bool,
}

matters! {
    /// An account, a data subject or a party: balance, keys, nonces.
    Account(AccountId),
    /// What an account did and what happened to it.
    History(AccountId),
    /// An account as a bundle.
    AccountBundle(AccountId),
    /// The lotteries that an account entered.
    Tickets(AccountId),
    /// What a bank used a core banking reference for.
    Reference(BankId),
    /// For whom a key acts.
    Key(PublicKey),
    /// A transaction's content, by whom it concerns; none where it is not stored, so that there is
    /// nothing to keep from anybody.
    Transaction(Option<Concerned<'m>>),
    /// A zone's merchants: known to everybody where the zone publishes them.
    Merchants(ZoneId),
    /// One merchant of a zone: whoever may read all of them, and its holder.
    Merchant(OneMerchant),
    /// The terminals of a merchant.
    Terminals(OneMerchant),
    /// A zone's monthly report: everybody's where the zone publishes it and the month is over.
    Report(ReportOf),
    /// The fees of a merchant.
    MerchantFees(OneMerchant),
    /// A payment at a shop; none where it is not remembered, so that there is nothing to keep from anybody.
    Payment(Option<OnePayment>),
    /// A subject's consents.
    Consents(AccountId),
    /// A consent.
    Consent(ConsentId),
    /// A consent as a bundle, with the records that a decision on it rests on.
    ConsentBundle(ConsentId),
    /// What became of a consent, and who used it.
    ConsentLog(ConsentId),
    /// The same of all of a subject's consents.
    SubjectLog(AccountId),
    /// What concerned a party.
    PartyLog(PartyId),
    /// What a party owes and waits for.
    Duties(PartyId),
    /// What the ledger would decide now on a request of the reader for data.
    Preview,
    /// A permitted access.
    Access(Hash),
    /// What happened to an access as a bundle.
    AccessBundle(Hash),
    /// What a subject asked of a controller.
    Request(Hash),
    /// A broken glass.
    Glass(Hash),
    /// An audit view.
    AuditView(Hash),
}
