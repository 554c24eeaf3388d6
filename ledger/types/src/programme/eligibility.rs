//! Who may buy: lists of leaves, what is added to them, and leaves that are taken back.
//!
//! A leaf is a hash of a key made from the secret on a person's letter, a salted household tag and a
//! number of sets. Nothing about the person is on the ledger.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ProgrammeId};
use crate::json::{names, shape};

shape! {
    /// A place on a programme's lists.
    #[derive(Copy, PartialOrd, Ord)]
    pub struct LeafPlace {
        /// The list, counted from 1; the first is the programme's own.
        list: u16,
        /// The leaf's place on it, counted from 0.
        index: u32,
    }
}

operation! {
    /// By the sponsor's account: one more list of people who may buy, as after the base date or for
    /// letters that were made anew. A person who is given a household tag of her own is on it like
    /// any other. From the end of a round's applications until its draw the lists stand as they are.
    pub struct SupplementEligibility {
        /// The programme.
        programme: ProgrammeId,
        /// The list: the last one's number and one.
        list: u16,
        /// The root over its leaves, as RFC 6962 has it.
        root: Hash,
        /// How many leaves.
        size: u32,
    }

    refused [UnknownProgramme, NotSponsor, ProgrammeClosed, NobodyIsListed, NotDrawn, ListNotNext, BadList]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        list: 2,
        root: hash(0x5c),
        size: 12,
    }]
    follows |supplement, sender| EligibilitySupplemented {
        programme: supplement.programme,
        list: supplement.list,
        size: supplement.size,
        sponsor: sender,
    }
}

names! {
    /// Why a leaf is taken back.
    pub enum LeafRevocation {
        /// Its letter was lost; another one was made.
        Lost = 0 as "lost",
        /// The same person has another leaf.
        Twice = 1 as "twice",
        /// The person died.
        Deceased = 2 as "deceased",
        /// The person should not have been on the list.
        Error = 3 as "error",
        /// The person is given another leaf, whatever the ground.
        Replaced = 4 as "replaced",
    }
}

operation! {
    /// By the sponsor's account, before anything was bought with it. A leaf that takes part in a
    /// draw stays in it from the end of applications until the sale is over, since whoever takes one
    /// out would choose who moves up.
    pub struct RevokeLeaf {
        /// The programme.
        programme: ProgrammeId,
        /// The leaf.
        leaf: LeafPlace,
        /// Why.
        reason: LeafRevocation,
    }

    refused [
        UnknownProgramme, NotSponsor, ProgrammeClosed, NobodyIsListed, BadLeaf, LeafIsRevoked,
        LeafBought, LeafInDraw,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        leaf: LeafPlace { list: 1, index: 77 },
        reason: LeafRevocation::Lost,
    }]
    follows |revoke, sender| LeafRevoked {
        programme: revoke.programme,
        leaf: revoke.leaf,
        reason: revoke.reason,
        sponsor: sender,
    }
}

/// A list of people who may buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EligibilityList {
    /// The root over its leaves.
    pub root: Hash,
    /// How many leaves.
    pub size: u32,
}

/// What became of a leaf; there is no record before anything did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LeafUse {
    /// Why it was taken back; none where it was not.
    pub revoked: Option<LeafRevocation>,
    /// The last round in which it took part, 0 for none.
    pub round: u16,
    /// The application in which it took part there, 0 where it bought at once.
    pub ticket: u32,
    /// How many sets were bought with it, over all rounds.
    pub bought: u16,
}

/// What a household asked for and bought; there is no record before either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Household {
    /// The round in which it asked for sets.
    pub round: u16,
    /// How many in that round.
    pub asked: u16,
    /// How many were bought, over all rounds.
    pub bought: u16,
}

event! {
    /// A list of people who may buy was added.
    pub struct EligibilitySupplemented {
        /// The programme.
        programme: ProgrammeId,
        /// The list.
        list: u16,
        /// How many leaves.
        size: u32,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor]
}

event! {
    /// A leaf was taken back.
    pub struct LeafRevoked {
        /// The programme.
        programme: ProgrammeId,
        /// The leaf.
        leaf: LeafPlace,
        /// Why.
        reason: LeafRevocation,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor]
}
