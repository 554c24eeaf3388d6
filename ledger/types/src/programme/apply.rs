//! `Apply`: somebody enters a lottery for up to four people.

use borsh::{BorshDeserialize, BorshSerialize};

use super::eligibility::LeafPlace;
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ProgrammeId};
use crate::json::shape;
use crate::key::{PublicKey, Signature};

shape! {
    /// A leaf with what shows that its letter is there, and for whom it is used.
    pub struct LeafClaim {
        /// Where it stands.
        leaf: LeafPlace,
        /// The key made from the letter's secret.
        key: PublicKey,
        /// The household's salted tag.
        household: Hash,
        /// How many sets the leaf says are its most.
        entitled: u16,
        /// How many are asked for.
        sets: u16,
        /// The path from the leaf to the list's root, from the bottom.
        path: Vec<Hash>,
        /// The key's signature over programme, round and applicant's account.
        signature: Signature,
    }
}

operation! {
    /// By the applicant. One application of an account in a round; each leaf takes part once.
    pub struct Apply {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// For whom: one to four leaves.
        leaves: Vec<LeafClaim>,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, ApplicationsNotOpen, SecretsMissing,
        AppliedBefore, TooManyTickets, BadLeaf, LeafIsRevoked, LeafUsed, ZeroSets, PersonCapReached,
        HouseholdCapReached,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        round: 1,
        leaves: vec![LeafClaim {
            leaf: LeafPlace { list: 1, index: 77 },
            key: key(9).public_key(),
            household: hash(0x5d),
            entitled: 2,
            sets: 2,
            path: vec![hash(0x5e), hash(0x5f)],
            signature: signature(),
        }],
    }]
}

shape! {
    /// A leaf in an application.
    #[derive(Copy)]
    pub struct TicketLeaf {
        /// Where it stands.
        leaf: LeafPlace,
        /// Its household's salted tag.
        household: Hash,
        /// How many sets are asked for.
        asked: u16,
        /// How many were bought.
        bought: u16,
    }
}

/// An application. What it won follows from its lowest leaf and the draw.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Ticket {
    /// Who applied.
    pub applicant: AccountId,
    /// The lowest place of its leaves, whatever becomes of them: it is drawn by this.
    pub lowest: LeafPlace,
    /// For whom, in order of the places.
    pub leaves: Vec<TicketLeaf>,
}

impl Ticket {
    /// How many sets it asks for; a leaf that was taken back asks for none.
    #[must_use]
    pub fn asked(&self) -> u16 {
        self.leaves.iter().fold(0, |sum, leaf| sum.saturating_add(leaf.asked))
    }

    /// How many were bought with it.
    #[must_use]
    pub fn bought(&self) -> u16 {
        self.leaves.iter().fold(0, |sum, leaf| sum.saturating_add(leaf.bought))
    }
}

/// In which application an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Applicant {
    /// Its number.
    pub ticket: u32,
}

event! {
    /// Somebody entered a lottery.
    pub struct TicketEntered {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The application's number.
        ticket: u32,
        /// Who applied.
        applicant: AccountId,
        /// How many sets it asks for.
        asked: u16,
    }

    enters [applicant]
}
