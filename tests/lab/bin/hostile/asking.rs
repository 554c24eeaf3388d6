//! People who ask, object and withdraw without end, alone or many, in transactions of up to 64
//! operations with 128 of them under way.

use kyojo_tests::load::of_today;
use ledger_types::operation::{RequestKind, StopOptOut, SubjectRequest, Withdraw};
use ledger_types::{ConsentId, Operation, PartyId};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{SCHEME, random, subjects};

/// As many as a nonce window holds.
const UNDER_WAY: u64 = 128;

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut people: Vec<Sender> =
        subjects::ASKING.map(|one| Sender::new(foe.stage.people.subject(one), 1)).collect();
    let controller = foe.stage.people.controller.party;
    while let Some(turn) = foe.turn().await {
        let place = if turn % 2 == 0 { 0 } else { turn / 2 % people.len() };
        let operation = || match turn / 2 % 4 {
            0 | 1 => request(controller),
            2 => objection(controller),
            _ => Operation::Withdraw(Withdraw { consent: ConsentId::new(random()) }),
        };
        // 64 weigh more than a person ever has; 40 do not.
        let count = if turn % 4 < 2 { 64 } else { 40 };
        let sender = &people[place];
        let bundle: Vec<_> = (0..UNDER_WAY)
            .map(|ahead| sender.sign(&foe.stage, ahead, (0..count).map(|_| operation()).collect()))
            .collect();
        let verdicts = foe.bulk(&bundle, Law::Bounded).await;
        people[place].learn(&verdicts);
    }
    Ok(foe.deeds)
}

fn request(controller: PartyId) -> Operation {
    Operation::SubjectRequest(SubjectRequest {
        request: of_today(random()),
        controller,
        kind: RequestKind::Erase,
        commitment: random(),
        on_behalf_of: None,
    })
}

fn objection(controller: PartyId) -> Operation {
    Operation::StopOptOut(StopOptOut {
        controller,
        scheme: SCHEME,
        person: random(),
        evidence: None,
    })
}
