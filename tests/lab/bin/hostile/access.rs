//! Whoever would use an access that is not its own, or use one twice: strangers, second halves, and
//! the same permit at one holder after another.
//! An access names its holder by a commitment, which is opened here by whoever may not record.

use kyojo_tests::load::of_today;
use ledger_types::operation::{Half, NameHolder, RecordDisclosures, RecordReceipt, RecordUse};
use ledger_types::{Hash, Operation, PartyId};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{Party, Stage, random, subjects};

/// Those who take part, each with its next nonce.
struct Cast {
    /// Asks for access.
    requester: Sender,
    /// Holds the data.
    holder: Sender,
    /// Holds other data.
    another: Sender,
    /// Neither holds nor asked.
    stranger: Sender,
    another_number: PartyId,
}

impl Cast {
    fn of(stage: &Stage) -> anyhow::Result<Self> {
        let begin = |party: Party, next| Sender::new(party.payer, next);
        Ok(Self {
            requester: begin(stage.party("party-shop-analytics")?, 2),
            holder: begin(stage.people.controller.clone(), 3),
            another: begin(stage.party("party-pharmacy")?, 0),
            stranger: begin(stage.party("party-university-research")?, 0),
            another_number: stage.party("party-pharmacy")?.party,
        })
    }
}

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut cast = Cast::of(&foe.stage)?;
    let settled = foe.stage.access;
    let mut fresh = Vec::new();
    while let Some(turn) = foe.turn().await {
        match turn % 11 {
            // Second halves, by those whose first is there.
            0 => foe.act(&mut cast.holder, held(settled), Law::Forbidden).await,
            1 => foe.act(&mut cast.requester, received(settled), Law::Forbidden).await,
            // Halves by others than those who take part.
            2 => foe.act(&mut cast.another, held(settled), Law::Forbidden).await,
            3 => foe.act(&mut cast.stranger, held(settled), Law::Forbidden).await,
            4 => foe.act(&mut cast.stranger, received(settled), Law::Forbidden).await,
            // Halves of what nobody asked for.
            5 => foe.act(&mut cast.holder, held(of_today(random())), Law::Forbidden).await,
            // The identity of an access that is there, for another person.
            6 => {
                let subject = subjects::ASKED.start + 1;
                let again = foe.stage.people.request(settled, subject);
                foe.act(&mut cast.requester, vec![again], Law::Forbidden).await;
            }
            // An access that will be shown to two holders.
            7 => {
                let span = subjects::ASKED.end - subjects::ASKED.start;
                let subject = subjects::ASKED.start + turn as u64 % span;
                let access = of_today(random());
                fresh.push(access);
                let asked = foe.stage.people.request(access, subject);
                foe.act(&mut cast.requester, vec![asked], Law::Bounded).await;
            }
            8 => another_holder(&mut foe, &mut cast, &fresh).await,
            9 => {
                // Blame for a half that is there, at somebody who was not asked.
                let blamed = named(settled, cast.another_number);
                foe.act(&mut cast.requester, blamed, Law::Forbidden).await;
            }
            _ => {
                let hour = hourly(settled, cast.another_number);
                foe.act(&mut cast.holder, hour, Law::Forbidden).await;
            }
        }
    }
    Ok(foe.deeds)
}

/// Everybody keeps a half of the same access, again and again; its holder may, once.
async fn another_holder(foe: &mut Foe, cast: &mut Cast, fresh: &[Hash]) {
    let Some(access) = fresh.last().copied() else { return };
    foe.act(&mut cast.another, held(access), Law::Forbidden).await;
    foe.act(&mut cast.holder, held(access), Law::Bounded).await;
    foe.act(&mut cast.stranger, received(access), Law::Forbidden).await;
}

fn held(access: Hash) -> Vec<Operation> {
    let salt = opens(access);
    vec![Operation::RecordUse(RecordUse { access, disclosure: random(), salt })]
}

/// What opens the commitment of an access to its holder ([`kyojo_tests::consent`]).
const fn opens(access: Hash) -> Hash {
    access
}

fn named(access: Hash, party: PartyId) -> Vec<Operation> {
    vec![Operation::NameHolder(NameHolder { access, party, salt: opens(access) })]
}

fn received(access: Hash) -> Vec<Operation> {
    vec![Operation::RecordReceipt(RecordReceipt { access, disclosure: random() })]
}

/// An hour's disclosures to somebody to whom nothing was disclosed.
fn hourly(access: Hash, counterparty: PartyId) -> Vec<Operation> {
    let hour = 400_000 + u32::from(random().as_bytes()[0]);
    let (half, root, count, salt) = (Half::Holder, random(), u32::MAX, opens(access));
    let said = RecordDisclosures { half, counterparty, hour, root, count, access, salt };
    vec![Operation::RecordDisclosures(said)]
}
