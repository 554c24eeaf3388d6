//! `CancelRequest`: a shop takes back what it asked for and nobody paid.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::time::Timestamp;
use crate::zone::{RequestNonce, request_id};

operation! {
    /// By the merchant's account, or by the key of one of its terminals that may ask. What was paid
    /// stays paid.
    pub struct CancelRequest {
        /// The zone.
        zone: ZoneId,
        /// When the request was made.
        made: Timestamp,
        /// Its nonce.
        nonce: RequestNonce,
        /// The terminal whose key signs this transaction; the account's own keys do where it is left out.
        terminal: Option<u16>,
    }

    refused [
        NotAMoneyAccount, UnknownZone, NotAMerchant, UnknownTerminal, TerminalRightMissing, RequestExpired,
        RequestUsed,
    ]
    samples [Self {
        zone: ZoneId::new(0x0102),
        made: time(30),
        nonce: RequestNonce::new([0x5d; 16]),
        terminal: Some(3),
    }]
    follows |cancel, sender| RequestCancelled {
        zone: cancel.zone,
        merchant: sender,
        request: request_id(cancel.zone, &sender, cancel.made, &cancel.nonce),
        terminal: cancel.terminal,
    }
    signed by terminal in zone
}

/// That a request was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Cancelled {
    /// When.
    pub cancelled: Height,
}

event! {
    /// A shop took back what it had asked for.
    pub struct RequestCancelled {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// The request.
        request: Hash,
        /// The terminal that did.
        terminal: Option<u16>,
    }

    enters [merchant]
}
