//! A permitted access with the halves of its record.

use ledger_types::access::{AccessBasis, BasisKind, Pairing};
use ledger_types::{ConsentId, Hash, Height, PartyId};

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
        /// The height after which all this holds.
        height: Height as u64,
    }
}
