//! `OpenAccount`: a bank opens an account of which it is the custodian.

use borsh::{BorshDeserialize, BorshSerialize};

use super::closing::AccountStatus;
use crate::authority::{Authority, WeightedKey};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId};
use crate::json::names;
use crate::yen::Yen;

names! {
    /// What kind of holder an account has.
    pub enum AccountKind {
        /// A person.
        Citizen = 0 as "citizen",
        /// A shop or company.
        Merchant = 1 as "merchant",
        /// A bank's own account.
        Bank = 2 as "bank",
        /// A prepaid issuer.
        Issuer = 3 as "issuer",
        /// A municipality.
        Municipality = 4 as "municipality",
        /// A zone's or the network's operator.
        Operator = 5 as "operator",
        /// A programme's escrow.
        Program = 6 as "program",
    }
}

names! {
    /// How well the custodian knows the holder (the levels are domain terms, not numbers to
    /// compare).
    pub enum KycLevel {
        /// Receives free value only.
        K0 = 0 as "k0",
        /// Small prepaid value.
        K1 = 1 as "k1",
        /// Fully verified person.
        K2 = 2 as "k2",
        /// Verified business.
        KB = 3 as "k_b",
    }
}

operation! {
    /// By a custodian's own account: a bank's, or an issuer's, which opens accounts of citizens alone. The new account is [`AccountId::opened_by`] that bank.
    pub struct OpenAccount {
        /// Salted commitment to who holds it; the salt stays with the holder and the bank.
        holder_commitment: Hash,
        /// The holder's kind: anything but a bank; a citizen at an issuer.
        kind: AccountKind,
        /// How well the bank knows the holder.
        kyc_level: KycLevel,
        /// Keys that act for the account.
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    }

    refused [NotABank, AccountKindRefused, CitizensOnly, AccountExists, BadKeySet]
    samples [Self {
        holder_commitment: hash(0x11),
        kind: AccountKind::Merchant,
        kyc_level: KycLevel::KB,
        keys: keys(),
        threshold: 0x0304,
    }]
}

/// An account that can hold money at one custodian.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Account {
    /// The one debtor of what it holds.
    pub custodian: BankId,
    /// The holder's kind.
    pub kind: AccountKind,
    /// How well the custodian knows the holder.
    pub kyc_level: KycLevel,
    /// Whether it still lives.
    pub status: AccountStatus,
    /// Salted commitment to the holder.
    pub holder_commitment: Hash,
    /// What is posted: deposit tokens in the Financial Zone, those held included.
    pub balance: Yen,
    /// What redeem requests hold of it. Requests that lapsed count until the account's next
    /// payment releases them; `State::available` leaves them out at their instant.
    pub held: Yen,
    /// Who acts for it.
    pub authority: Authority,
    /// When it was opened.
    pub opened: Height,
}

event! {
    /// A bank opened an account.
    pub struct AccountOpened {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    }

    enters [account]
}
