//! Lotteries of rounds as the state has them: what anybody counts again, and what an account entered.

use core::cmp::Reverse;

use ledger::State;
use ledger_types::programme::{LotteryTerms, TicketLeaf};
use ledger_types::record::{Deposited, Opening, Programme, Round};
use ledger_types::{AccountId, Height, ProgrammeId};
use node_api::body::{
    LotteryBody, OpenedShareBody, PublicTicketBody, SecretBody, SecretsBody, TicketBody,
    TicketLeafBody, TicketsBody,
};

/// The lottery of a round, where it has one. What committers deposited is counted as long as the
/// programme is open: then it leaves the state.
pub(super) fn lottery(
    state: &State,
    programme: ProgrammeId,
    of: &Programme,
    number: u16,
) -> Option<LotteryBody> {
    let Round { terms, tickets, asked, draw, .. } = state.round(programme, number)?;
    let LotteryTerms { apply_from, apply_until, claim_ms } = terms.lottery?;
    let (mut there, mut known) = (0, 0);
    if of.closed.is_none() {
        for (_, deposited) in deposits(state, programme, of, number) {
            there += 1;
            known += u16::from(deposited.secret.is_some());
        }
    }
    Some(LotteryBody {
        apply_from: apply_from.into(),
        apply_until: apply_until.into(),
        claim_ms,
        tickets: *tickets,
        asked: *asked,
        deposited: there,
        known,
        seed: draw.as_ref().map(|draw| draw.seed),
        outcome: draw.as_ref().map(|draw| draw.outcome),
        from: draw.as_ref().map(|draw| draw.from.into()),
        further: draw.as_ref().map_or_else(Vec::new, |draw| draw.waves.clone()),
    })
}

/// What committers deposited for a round, by their places.
fn deposits<'s>(
    state: &'s State,
    programme: ProgrammeId,
    of: &Programme,
    round: u16,
) -> impl Iterator<Item = (u16, &'s Deposited)> + use<'s> {
    let places = (0..u16::MAX).take(of.terms.committers.len());
    places.filter_map(move |place| Some((place, state.deposited(programme, round, place)?)))
}

/// What a round's seed is made from.
#[must_use]
pub fn secrets(state: &State, programme: ProgrammeId, of: &Programme, round: u16) -> SecretsBody {
    let secret = |(committer, deposited): (u16, &Deposited)| SecretBody {
        committer,
        sharing: deposited.sharing.clone(),
        revealed: deposited.revealed,
        opened: deposited.opened.iter().copied().map(opening).collect(),
        secret: deposited.secret,
    };
    SecretsBody { secrets: deposits(state, programme, of, round).map(secret).collect() }
}

const fn opening(Opening { by, share, proof }: Opening) -> OpenedShareBody {
    OpenedShareBody { by, share, proof }
}

/// An application as anybody sees it: not who applied, nor for whom beside its lowest leaf.
#[must_use]
pub fn public_ticket(
    state: &State,
    programme: ProgrammeId,
    round: u16,
    ticket: u32,
) -> Option<PublicTicketBody> {
    let record = state.ticket(programme, round, ticket)?;
    Some(PublicTicketBody {
        ticket,
        list: record.lowest.list,
        index: record.lowest.index,
        asked: record.asked(),
        bought: record.bought(),
    })
}

/// What an account entered of programmes that are open, newest first. Programmes and their rounds are
/// few, so that each is asked.
#[must_use]
pub fn tickets(state: &State, account: &AccountId) -> TicketsBody {
    let open = state.programmes().filter(|(_, record)| record.closed.is_none());
    let mut found: Vec<(Height, TicketBody)> = open
        .flat_map(|(programme, of)| {
            let rounds = 1..=of.rounds;
            rounds.filter_map(move |round| {
                let number = state.applicant(programme, round, account)?.ticket;
                let opened = state.round(programme, round)?.opened;
                Some((opened, ticket(state, (programme, round, number))?))
            })
        })
        .collect();
    found.sort_by_key(|(opened, one)| Reverse((*opened, one.programme, one.round)));
    TicketsBody { tickets: found.into_iter().map(|(_, body)| body).collect() }
}

/// An application, for whoever entered it.
fn ticket(
    state: &State,
    (programme, round, number): (ProgrammeId, u16, u32),
) -> Option<TicketBody> {
    let record = state.ticket(programme, round, number)?;
    let won = state.won(programme, round, number);
    let window = won.and_then(|won| won.window);
    let leaf = |one: &TicketLeaf| TicketLeafBody {
        list: one.leaf.list,
        index: one.leaf.index,
        asked: one.asked,
        bought: one.bought,
    };
    Some(TicketBody {
        programme,
        round,
        ticket: number,
        leaves: record.leaves.iter().map(leaf).collect(),
        asked: record.asked(),
        won: won.map(|won| won.granted),
        bought: record.bought(),
        buyable: won.map_or(0, |won| won.buyable(state.time())),
        from: window.map(|(from, _)| from.into()),
        until: window.map(|(_, until)| until.into()),
    })
}
