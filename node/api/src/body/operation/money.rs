//! Operations of the Financial Zone in JSON.

use ledger_types::operation::{
    AccountKind, CancelRedeem, Issue, KycLevel, OpenAccount, RequestRedeem, SetNetDebitCap,
    SettleRedeem, Transfer, WeightedKey,
};
use ledger_types::{AccountId, AddressPrefix, BankId, Hash, Yen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By a bank's own account. The new account is `AccountId::opened_by` that bank.
    OpenAccountBody of OpenAccount {
        /// Salted commitment to who holds it; the salt stays with the holder and the bank.
        holder_commitment: Hash as [schema::Hex32],
        /// The holder's kind: anything but a bank.
        kind: AccountKind as [schema::AccountKind],
        /// How well the bank knows the holder.
        kyc_level: KycLevel as [schema::KycLevel],
        /// Keys that act for the account.
        keys: Vec<WeightedKey> as [Vec<schema::WeightedKey>],
        /// The weight that a transaction needs.
        threshold: u16 as [u16],
    }

    /// By the custodian bank's own account, within its issue allowance.
    IssueBody of Issue {
        /// The account credited.
        account: AccountId as [Address],
        /// How much.
        amount: Yen as [schema::Amount],
        /// Salted commitment to the core banking entry; a repeated one is refused.
        core_banking_ref: Hash as [schema::Hex32],
    }

    /// By the holder.
    RequestRedeemBody of RequestRedeem {
        /// Identity of this request, chosen at random by the wallet.
        redeem: Hash as [schema::Hex32],
        /// How much.
        amount: Yen as [schema::Amount],
    }

    /// By the custodian bank's own account.
    SettleRedeemBody of SettleRedeem {
        /// The request.
        redeem: Hash as [schema::Hex32],
    }

    /// By the holder or the custodian bank's own account.
    CancelRedeemBody of CancelRedeem {
        /// The request.
        redeem: Hash as [schema::Hex32],
    }

    /// By the debtor.
    TransferBody of Transfer {
        /// The creditor.
        to: AccountId as [Address],
        /// How much.
        amount: Yen as [schema::Amount],
        /// Salted commitment to a reference that the two parties keep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Hash> as [Option<schema::Hex32>],
    }

    /// By the settlement operator's account.
    SetNetDebitCapBody of SetNetDebitCap {
        /// The bank.
        bank: BankId as [u16],
        /// The most it may owe the others on net.
        cap: Yen as [schema::Amount],
    }
}
