//! Effects of committed operations, for histories and queries; no part of the state.

use ledger_types::operation::MerchantClass;
use ledger_types::{AccountId, BankId, ConsentId, Hash, NoticeId, PartyId, Timestamp, Yen, ZoneId};

/// What an operation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A bank opened an account.
    AccountOpened {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    },
    /// A bank created deposit tokens.
    Issued {
        /// The account credited.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// How much.
        amount: Yen,
    },
    /// A holder asked for deposit tokens to be paid out.
    RedeemRequested {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
        /// When the request lapses.
        expires: Timestamp,
    },
    /// A bank paid out.
    RedeemSettled {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    },
    /// Held value was given back.
    RedeemCancelled {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    },
    /// A holder paid another.
    Transferred {
        /// The debtor.
        debtor: AccountId,
        /// The creditor.
        creditor: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to their reference.
        reference: Option<Hash>,
    },
    /// A bank's net debit cap was set.
    NetDebitCapSet {
        /// The bank.
        bank: BankId,
        /// The cap.
        cap: Yen,
        /// Who set it.
        operator: AccountId,
    },
    /// A merchant was registered.
    MerchantRegistered {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Its class.
        class: MerchantClass,
    },
    /// A sub-account was opened.
    ZoneAccountOpened {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
    },
    /// Yen moved into a zone.
    Charged {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
        /// How much.
        amount: Yen,
    },
    /// Yen moved out of a zone.
    Discharged {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
        /// How much.
        amount: Yen,
    },
    /// A merchant was paid inside a zone.
    Paid {
        /// The zone.
        zone: ZoneId,
        /// The payer.
        payer: AccountId,
        /// The merchant.
        merchant: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to their receipt.
        reference: Option<Hash>,
    },
    /// A party was registered.
    PartyRegistered {
        /// The party.
        party: PartyId,
    },
    /// A version of a notice was published.
    NoticePublished {
        /// Whose.
        controller: PartyId,
        /// The notice.
        notice: NoticeId,
        /// The version.
        version: u32,
    },
    /// A data subject consented.
    ConsentGranted {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    },
    /// A data subject ended a consent.
    ConsentWithdrawn {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// The controller.
        controller: PartyId,
    },
    /// A use was permitted.
    AccessPermitted {
        /// The consent relied on.
        consent: ConsentId,
        /// The subject.
        subject: AccountId,
        /// Who asked.
        requester: PartyId,
        /// The decision may be relied on before this.
        valid_until: Timestamp,
    },
}

impl Event {
    /// The accounts to whose history the event belongs; parties by their accounts. A redeem request
    /// is its holder's and its bank's, whoever of them ends it.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let (one, other) = match self {
            Self::AccountOpened { account, .. }
            | Self::Issued { account, .. }
            | Self::ZoneAccountOpened { account, .. }
            | Self::Charged { account, .. }
            | Self::Discharged { account, .. } => (*account, None),
            Self::RedeemRequested { account, bank_account, .. }
            | Self::RedeemSettled { account, bank_account, .. }
            | Self::RedeemCancelled { account, bank_account, .. } => {
                (*account, Some(*bank_account))
            }
            Self::Transferred { debtor, creditor, .. } => (*debtor, Some(*creditor)),
            Self::NetDebitCapSet { operator, .. } => (*operator, None),
            Self::MerchantRegistered { merchant, .. } => (*merchant, None),
            Self::Paid { payer, merchant, .. } => (*payer, Some(*merchant)),
            Self::PartyRegistered { party } => (AccountId::of_party(*party), None),
            Self::NoticePublished { controller, .. } => (AccountId::of_party(*controller), None),
            Self::ConsentGranted { subject, controller, .. }
            | Self::ConsentWithdrawn { subject, controller, .. } => {
                (*subject, Some(AccountId::of_party(*controller)))
            }
            Self::AccessPermitted { subject, requester, .. } => {
                (*subject, Some(AccountId::of_party(*requester)))
            }
        };
        core::iter::once(one).chain(other)
    }
}
