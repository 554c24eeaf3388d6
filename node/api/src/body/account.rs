//! Accounts: money, authority and nonces, for those who may read them.

use ledger_types::operation::{
    AccountKind, AccountStatus, FreezeBasis, FreezeDirection, KeyLoss, KycLevel, WeightedKey,
};
use ledger_types::{BankId, Hash, Height, PartyId, PublicKey, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::VoucherBody;
use crate::form::body;
use crate::text::{Address, schema};
use crate::time::Time;

/// What stands behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Standing)]
pub enum AddressKind {
    /// An account that holds money.
    Account,
    /// A data subject's implicit account.
    Subject,
    /// A consent party's account.
    Party,
}

body! {
    /// Whoever may send transactions from an address.
    pub struct AccountBody {
        /// The address.
        address: Address,
        /// What stands behind it.
        standing: AddressKind,
        /// The lowest nonce not yet used.
        lowest_unused_nonce: u64,
        /// The 128 nonces from the lowest unused: 32 hexadecimal digits of a mask whose lowest bit
        /// stands for the lowest unused nonce.
        #[schema(pattern = "^[0-9a-f]{32}$")]
        used_nonces: String,
        /// Keys that act for it.
        keys: Vec<WeightedKey> as Vec<schema::WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
        /// The height after which all this holds.
        height: Height as u64,
        /// Its money, where it is an account that holds any.
        money?: MoneyBody,
        /// Its number, where it is a party.
        party?: PartyId as u32,
        /// Other keys that were proposed for it, and that its holder may still refuse.
        recovery?: RecoveryBody,
        /// Who may act for a data subject, or will, told to the subject alone; none where nobody.
        guardians?: Vec<GuardianshipBody>,
    }

    /// That somebody may act for a data subject.
    pub struct GuardianshipBody {
        /// The guardian.
        guardian: Address,
        /// It may act from here on; until then it can be ended before anything was done.
        from: Time as schema::Instant,
        /// Until before.
        until: Time as schema::Instant,
        /// The counter that entered it; none where the subject gave it itself.
        counter?: PartyId as u32,
    }

    /// Other keys that were proposed for an account or a data subject.
    pub struct RecoveryBody {
        /// How the keys of now were lost.
        loss: KeyLoss as schema::KeyLoss,
        /// From here on they can take over.
        executable_from: Time as schema::Instant,
        /// From here on the proposal is gone.
        lapses: Time as schema::Instant,
    }

    /// That an account is frozen.
    pub struct FrozenBody {
        /// Which way money is stopped.
        direction: FreezeDirection as schema::FreezeDirection,
        /// On what ground.
        basis: FreezeBasis as schema::FreezeBasis,
        /// Salted commitment to the order or the file behind it.
        ground: Hash as schema::Hex32,
        /// The account is free from here on.
        until: Time as schema::Instant,
    }

    /// Limits of an account, its own and its level's, with what counts against them at the height.
    pub struct LimitsBody {
        /// The most that leaves it in one payment.
        per_payment?: Yen as schema::Amount,
        /// The most that leaves it in one day of Japan.
        per_day?: Yen as schema::Amount,
        /// The most that leaves it in one month of Japan.
        per_month?: Yen as schema::Amount,
        /// The most that it may come to hold, zones included.
        holding?: Yen as schema::Amount,
        /// The most prepaid value that it sends a person at once, where that is what it holds.
        send?: Yen as schema::Amount,
        /// The most prepaid value that it sends persons in one month of Japan.
        send_month?: Yen as schema::Amount,
        /// What left it today, counted where a limit of a day or a month counts it.
        spent_today: Yen as schema::Amount,
        /// What left it this month.
        spent_this_month: Yen as schema::Amount,
        /// What of that was prepaid value sent to persons.
        sent_this_month: Yen as schema::Amount,
        /// From here on another day is counted.
        day_ends: Time as schema::Instant,
        /// From here on another month is counted.
        month_ends: Time as schema::Instant,
    }

    /// For whom a key acts.
    pub struct KeyBody {
        /// The key.
        key: PublicKey as schema::Key,
        /// Addresses of accounts, data subjects and parties for which it acts now, alone or with others.
        accounts: Vec<Address>,
        /// Where the next page begins; none at the end.
        next?: String,
    }

    /// The money side of an account.
    pub struct MoneyBody {
        /// The bank or prepaid issuer whose debt the balance is.
        custodian: BankId as u16,
        /// The holder's kind.
        kind: AccountKind as schema::AccountKind,
        /// How well the custodian knows the holder.
        kyc_level: KycLevel as schema::KycLevel,
        /// Whether it still lives.
        status: AccountStatus as schema::AccountStatus,
        /// Salted commitment to the holder.
        holder_commitment: Hash as schema::Hex32,
        /// What is posted.
        balance: Yen as schema::Amount,
        /// What of it is held for redeem requests that are open.
        held: Yen as schema::Amount,
        /// What may be spent: posted less held.
        available: Yen as schema::Amount,
        /// The height at which it was opened.
        opened: Height as u64,
        /// That it is frozen, where it is.
        frozen?: FrozenBody,
        /// Its limits, where it has any.
        limits?: LimitsBody,
        /// Its sub-accounts in zones, in order of zone.
        zones: Vec<ZoneBalanceBody>,
        /// Its vouchers, in order of zone; what has ended is left out.
        vouchers: Vec<VoucherBody>,
    }

    /// A sub-account.
    pub struct ZoneBalanceBody {
        /// The zone.
        zone: ZoneId as u16,
        /// What it holds there.
        balance: Yen as schema::Amount,
    }
}
