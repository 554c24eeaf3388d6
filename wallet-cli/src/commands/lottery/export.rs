//! `lottery export`: a drawn round as one public file, counted again before it is written.
//!
//! The form is `kyojo/lottery/1`, which other programs count again too. What of it the ledger does not
//! say in so many words follows from what it says: how many sets a wave had to give is how many it
//! gave, or more than anybody wanted; and whoever bought less than it was given let the rest lapse.

use std::path::Path;

use ledger_types::programme as ledger;
use node_api::body::{LotteryBody, ProgrammeBody, PublicTicketBody, RoundBody, SecretBody};
use node_api::query::Page;
use public_draw::leaf::list_root;
use public_draw::lottery::{
    Award, Deposit, Drawn, LOTTERY_FORMAT, LeafPlace, List, Lottery, Opened,
};
use public_draw::on_ledger::{order_key_of, point, scalar};
use public_draw::order::{Allocation, Further, Outcome, Standing};
use public_draw::sharing::{Dealing, OpenedShare, SealingPublic};

use crate::acting::{pages, vouchers};
use crate::commands::prelude::*;
use crate::commands::programme::list::leaves;

/// `lottery export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The round, counted from 1.
    pub(crate) round: u16,
    /// A list that the sponsor published: a hash a line; one for each of the programme's, in their
    /// order.
    #[arg(long = "list", value_name = "FILE", required = true)]
    pub(crate) leaves: Vec<PathBuf>,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) async fn run(app: &App, args: &ExportArgs) -> Result<Reply, Failure> {
    let lists = args.leaves.iter().map(|file| list(file)).collect::<Result<Vec<_>, _>>()?;
    let client = app.client().await?;
    let programme = vouchers::programme(&client, &args.programme).await?;
    let number = programme.programme;
    check_lists(&programme, &lists)?;
    let round = programme.rounds.iter().find(|it| it.round == args.round);
    let round = round.ok_or_else(|| Failure::new(Exit::NotFound, "code-3044"))?;
    let secrets = client.secrets(number, args.round).await?.secrets;
    let tickets = pages::every(async |cursor| {
        client.tickets(number, args.round, &Page { cursor, limit: pages::LIMIT }).await
    });
    let tickets = tickets.await?;
    let genesis = client.network().genesis_hash;
    let lottery = lottery(genesis, &programme, round, lists, (&secrets, &tickets))?;
    let differences: Vec<String> = lottery.differences().iter().map(ToString::to_string).collect();
    if let Some(first) = differences.first() {
        return Err(Failure::new(Exit::Verification, "err-lottery-differs")
            .because(first)
            .details(json!({ "differences": differences })));
    }
    let text = serde_json::to_string_pretty(&lottery).map_err(|_| internal())?;
    settings::write_new(&args.out, text.as_bytes())?;
    let (out, count) = (args.out.display().to_string(), tickets.len().to_string());
    let text = app.text("done-lottery-exported", &[("path", &out), ("count", &count)]);
    let data = json!({
        "programme": number, "round": args.round, "file": args.out, "tickets": tickets.len(),
        "seed": lottery.seed,
    });
    Ok(Reply::new(data, text).next(format!("kyojo programme show {number}")))
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}

/// A published list.
fn list(file: &Path) -> Result<List, Failure> {
    let leaves = leaves(file)?;
    Ok(List { root: list_root(&leaves), leaves })
}

/// That they are the programme's, in their order.
fn check_lists(programme: &ProgrammeBody, lists: &[List]) -> Result<(), Failure> {
    if programme.lists.len() != lists.len() {
        return Err(
            Failure::new(Exit::Usage, "err-lists-missing").with("count", programme.lists.len())
        );
    }
    let mut both = programme.lists.iter().zip(lists);
    match both.find(|(known, list)| known.root != list.root) {
        None => Ok(()),
        Some((_, list)) => {
            Err(Failure::new(Exit::Verification, "err-list-not-on-ledger").with("root", list.root))
        }
    }
}

fn lottery(
    genesis: Hash,
    programme: &ProgrammeBody,
    round: &RoundBody,
    lists: Vec<List>,
    (secrets, tickets): (&[SecretBody], &[PublicTicketBody]),
) -> Result<Lottery, Failure> {
    let body = round.lottery.as_ref();
    let body = body.ok_or_else(|| Failure::new(Exit::Refused, "code-3070"))?;
    let not_drawn = || Failure::new(Exit::Refused, "code-3087");
    let seed = body.seed.ok_or_else(not_drawn)?;
    let outcome: Outcome = body.outcome.ok_or_else(not_drawn)?.into();
    let drawn = tickets.iter().map(|ticket| drawn(&seed, &outcome, body, ticket));
    Ok(Lottery {
        format: LOTTERY_FORMAT.to_owned(),
        genesis,
        programme: programme.programme.get(),
        round: u8::try_from(round.round).map_err(|_| internal())?,
        lists,
        members: members(programme),
        threshold: u8::try_from(programme.threshold).map_err(|_| internal())?,
        deposits: deposits(programme, secrets)?,
        seed,
        allocation: Allocation::on_ledger(programme.allocation).ok_or_else(internal)?,
        sets: round.sets,
        tickets: drawn.collect::<Result<_, _>>()?,
        outcome,
        further: body.further.iter().map(award).collect(),
    })
}

fn members(programme: &ProgrammeBody) -> Vec<SealingPublic> {
    programme.committers.iter().map(|one| SealingPublic::new(point(one.sealing))).collect()
}

fn award(wave: &ledger::Further) -> Award {
    Award { left: wave.given, award: Further::from(*wave) }
}

/// What each committer deposited, in the order of their places.
fn deposits(
    programme: &ProgrammeBody,
    secrets: &[SecretBody],
) -> Result<Vec<Option<Deposit>>, Failure> {
    let of = |(place, _): (u16, _)| secrets.iter().find(|one| one.committer == place);
    let places = (0_u16..).zip(&programme.committers).map(of);
    places.map(|found| found.map(deposit).transpose()).collect()
}

fn deposit(body: &SecretBody) -> Result<Deposit, Failure> {
    let opened = body.opened.iter().map(|one| {
        let member = one.by.checked_add(1).and_then(|member| u8::try_from(member).ok());
        let member = member.ok_or_else(internal)?;
        let share = OpenedShare { opened: point(one.share), proof: one.proof.into() };
        Ok(Opened { member, share })
    });
    Ok(Deposit {
        dealing: Dealing::from(&body.sharing),
        revealed: body.revealed.map(scalar),
        opened: opened.collect::<Result<_, Failure>>()?,
    })
}

/// What a ticket was given by the draw and by each wave.
fn drawn(
    seed: &Hash,
    outcome: &Outcome,
    lottery: &LotteryBody,
    ticket: &PublicTicketBody,
) -> Result<Drawn, Failure> {
    let lowest = ledger::LeafPlace { list: ticket.list, index: ticket.index };
    let key = order_key_of(seed, lowest).ok_or_else(internal)?;
    let granted = outcome.granted(&key, ticket.asked);
    let mut standing = Standing { key, asked: ticket.asked, granted, has_lapsed: false };
    let (mut further, mut lapsed) = (Vec::new(), None);
    for (wave, number) in lottery.further.iter().zip(0_u8..) {
        standing.has_lapsed = ticket.bought < standing.granted;
        if standing.has_lapsed && lapsed.is_none() {
            lapsed = Some(number);
        }
        let extra = Further::from(*wave).extra(&standing);
        further.push(extra);
        standing.granted = standing.granted.saturating_add(extra);
    }
    let list = ticket.list.checked_sub(1).and_then(|list| u8::try_from(list).ok());
    let leaf = LeafPlace { list: list.ok_or_else(internal)?, index: ticket.index };
    Ok(Drawn { leaves: vec![leaf], asked: ticket.asked, granted, further, lapsed })
}
