//! `DrawLottery` and `AwardLeft`: who won, and who gets what others let go.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ProgrammeId};
use crate::json::{serde_by_json, shape};
use crate::time::Timestamp;

operation! {
    /// By anybody's account, once applications closed and every deposited secret is known.
    pub struct DrawLottery {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, ApplicationsNotClosed, DrawnBefore,
        SecretsMissing, SecretsUnknown, SaleOver,
    ]
    samples [Self { programme: ProgrammeId::new(0x0708), round: 1 }]
}

operation! {
    /// By anybody's account, once the time to buy what was won is over: what was let go goes to the
    /// next in the same order, who can buy it for as long.
    pub struct AwardLeft {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The wave: the last one's number and one; the draw is wave 0.
        wave: u16,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, NotDrawn, WaveNotNext, ClaimsGoOn,
        SaleOver, NothingLeft,
    ]
    samples [Self { programme: ProgrammeId::new(0x0708), round: 1, wave: 1 }]
}

shape! {
    /// What a draw gave: the most that an application gets of what it asked for, by where its order key
    /// stands to one other.
    #[derive(Copy)]
    pub struct Outcome {
        /// The key at which the order is cut: the first application's that got less than those before
        /// it could. All zeros where every one got what it asked for.
        cut: Hash,
        /// The most that an application before the cut gets.
        before: u16,
        /// The most that the one at the cut gets.
        at: u16,
        /// The most that one after the cut gets.
        after: u16,
        /// How many sets were given in all.
        given: u32,
    }
}

serde_by_json!(Outcome);

shape! {
    /// A wave: how sets that others let go were given on, to applications that asked for more than they
    /// were given and bought all of that.
    #[derive(Copy)]
    pub struct Further {
        /// From when on they are bought.
        from: Timestamp,
        /// The order key of the first application that did not get all that it still wanted. All zeros
        /// where every one did.
        cut: Hash,
        /// What the application at the cut got.
        at: u16,
        /// The most that one after the cut gets: 0, or 65,535 where there is no cut.
        after: u16,
        /// How many sets were given on in all.
        given: u32,
    }
}

serde_by_json!(Further);

/// A draw, and how what was let go was given on.
///
/// What an application that lets something lapse was given never grows again, and what lapsed is not
/// bought any more: so what it bought says at any later time whether it took part in a wave, and a
/// wave is these few numbers for all applications.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Draw {
    /// The seed: the hash of all secrets.
    pub seed: Hash,
    /// What it gave.
    pub outcome: Outcome,
    /// When it was drawn.
    pub drawn: Height,
    /// From when on what was won is bought.
    pub from: Timestamp,
    /// The waves, from the first on.
    pub waves: Vec<Further>,
}

event! {
    /// A lottery was drawn.
    pub struct LotteryDrawn {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The seed.
        seed: Hash,
        /// What it gave.
        outcome: Outcome,
        /// How many applications took part.
        tickets: u32,
        /// How many sets they asked for.
        asked: u32,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor]
}

event! {
    /// What was let go was given on.
    pub struct LeftAwarded {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The wave.
        wave: u16,
        /// How it was given on.
        award: Further,
        /// How many sets are still left.
        left: u32,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor]
}
