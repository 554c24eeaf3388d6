//! A permitted access with the halves of its record.

use ledger_types::access::{AccessBasis, BasisKind, Pairing};
use ledger_types::{ConsentId, Hash, Height, PartyId, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::text::{Address, schema};
use crate::time::Time;

body! {
    /// A data holder's half of the record of a disclosure.
    pub struct HolderHalfBody {
        /// The data holder.
        holder: PartyId as u32,
        /// Salted commitment to what was disclosed.
        disclosure: Hash as schema::Hex32,
    }

    /// A permitted access, for its requester, its subject, and data holders to whom it is named.
    pub struct AccessBody {
        /// The access.
        access: Hash as schema::Hex32,
        /// Who asked.
        requester: PartyId as u32,
        /// What kind of basis it rests on.
        basis: BasisKind as schema::BasisKind,
        /// The consent, where it rests on one.
        consent?: ConsentId as schema::Hex32,
        /// The subject, where it rests on a consent.
        subject?: Address,
        /// Salted commitment to the data holder that was asked.
        holder: Hash as schema::Hex32,
        /// The data holder, where the requester named it because its half is missing.
        named?: PartyId as u32,
        /// The block's time at which it was permitted.
        at: Time as schema::Instant,
        /// The decision may be relied on before this.
        valid_until: Time as schema::Instant,
        /// What was asked, with the terms' leaf or the person's commitment: what a data holder checks
        /// openings against. Not there where the node keeps no index or no longer stores the block.
        asked?: AccessBasis as schema::AccessBasis,
        /// The data holder's half of the record.
        holder_half?: HolderHalfBody,
        /// The requester's half of the record.
        recipient_half?: Hash as schema::Hex32,
        /// How the halves stand to each other.
        pairing: Pairing as schema::Pairing,
        /// When the second half is due, once there is a first one.
        deadline?: Time as schema::Instant,
        /// The height at which the second half was found overdue.
        overdue?: Height as u64,
        /// Whether it has left the ledger's state: both halves came and match, nothing changes it any
        /// more, and all of it is served from this node's index and log, for as long as the genesis
        /// document says (`parameters.retention.access_served_days`, three years at least). What it
        /// permits is used up.
        ended: bool,
        /// What happened to it, in order, with the entries of the audit log that prove it; empty
        /// where the node keeps no index. Its bundle has the proofs.
        steps: Vec<AccessStepBody>,
        /// The height after which all this holds.
        height: Height as u64,
    }

    /// One thing that happened to an access, and where that is proved.
    pub struct AccessStepBody {
        /// What.
        step: AccessStep,
        /// The block.
        height: Height as u64,
        /// The block's time.
        time: Time as schema::Instant,
        /// The transaction; none where consensus itself raised it. Whom the operation concerns reads
        /// it there.
        transaction?: TransactionId as schema::Hex32,
        /// The operation's place in the transaction, counted from 0.
        operation?: u16,
        /// The audit log's entry, counted from 0: the transaction's receipt, or the commit of the
        /// block that raised it. Not there for the moment that the log takes to follow.
        entry?: u64,
    }
}

/// What can happen to an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessStep {
    /// It was permitted.
    Permitted,
    /// The data holder recorded its half.
    HolderHalf,
    /// The requester recorded its half.
    RecipientHalf,
    /// The second half did not come in time.
    Overdue,
    /// The requester named the data holder as the one whose half is missing.
    HolderNamed,
}
