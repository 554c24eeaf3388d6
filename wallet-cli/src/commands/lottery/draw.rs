//! `lottery draw` and `award`: who won, and who gets what others let go; anybody may do it.

use ledger_types::operation::{AwardLeft, DrawLottery};
use node_api::body::{LotteryBody, ProgrammeBody};

use super::RoundName;
use crate::acting::vouchers;
use crate::commands::prelude::*;

pub(crate) async fn draw(app: &App, args: &RoundName) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let (number, round) = (programme.programme, args.round);
    let lottery = lottery(&programme, round)?;
    let draw = Operation::DrawLottery(DrawLottery { programme: number, round });
    Act::ending(draw, "done-drawn")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-round", round)
        .line("label-applications", lottery.tickets)
        .line("label-asked", lottery.asked)
        .data(json!({ "programme": number, "round": round, "tickets": lottery.tickets,
                      "asked": lottery.asked }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

pub(crate) async fn award(app: &App, args: &RoundName) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let (number, round) = (programme.programme, args.round);
    let lottery = lottery(&programme, round)?;
    // The draw is wave 0.
    let last = u16::try_from(lottery.further.len()).unwrap_or(u16::MAX);
    let wave = last.saturating_add(1);
    let award = Operation::AwardLeft(AwardLeft { programme: number, round, wave });
    Act::ending(award, "done-awarded")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-round", round)
        .line("label-wave", wave)
        .data(json!({ "programme": number, "round": round, "wave": wave }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

fn lottery(programme: &ProgrammeBody, round: u16) -> Result<&LotteryBody, Failure> {
    let of = programme.rounds.iter().find(|it| it.round == round);
    let of = of.ok_or_else(|| Failure::new(Exit::NotFound, "code-3044"))?;
    of.lottery.as_ref().ok_or_else(|| Failure::new(Exit::Refused, "code-3070"))
}
