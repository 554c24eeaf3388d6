//! `bank cycle`: settlement cycles as banks see them, and a bank's word that its part was paid.

use ledger_types::operation::ConfirmSettlement;
use node_api::body::CycleBody;

use crate::acting::cycles::{cause_key, of_cycle, paid, standing};
use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_SETTLEMENT};
use crate::outbox::Opening;

/// `bank cycle`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankCycleCommand {
    /// Lists settlement cycles, newest first.
    Ls,
    /// Shows who pays whom how much in a cycle, and who confirmed.
    Show(ShowArgs),
    /// Confirms that the bank's part of a cycle was paid in the outside system.
    Confirm(ConfirmArgs),
}

/// `bank cycle show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The cycle's number; the last one without it.
    pub(crate) cycle: Option<u32>,
}

/// `bank cycle confirm`.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// The cycle's number.
    pub(crate) cycle: u32,
    /// The bank's own reference of the payment in the outside system; only a salted hash of it is
    /// sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: String,
}

pub(crate) async fn run(app: &App, command: BankCycleCommand) -> Result<Reply, Failure> {
    match command {
        BankCycleCommand::Ls => list(app).await,
        BankCycleCommand::Show(args) => show(app, &args).await,
        BankCycleCommand::Confirm(args) => confirm(app, &args).await,
    }
}

async fn list(app: &App) -> Result<Reply, Failure> {
    let cycles = app.client().await?.cycles().await?;
    if cycles.cycles.is_empty() {
        return Ok(Reply::new(json!(cycles), app.text("note-no-cycles", &[])));
    }
    let titles = ["label-cycle", "label-cycle-closed-at", "label-cycle-state"];
    let row = |cycle: &CycleBody| {
        let closed = calendar::show(cycle.closed_at.get());
        vec![cycle.cycle.to_string(), closed, standing(app, cycle)]
    };
    let rows: Vec<Vec<String>> = cycles.cycles.iter().map(row).collect();
    Ok(Reply::new(json!(cycles), app.table(&titles, &rows, &[0])).next("kyojo bank cycle show"))
}

async fn show(app: &App, args: &ShowArgs) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let cycle = match args.cycle {
        Some(number) => Some(client.cycle(number).await?),
        None => client.cycles().await?.cycles.into_iter().next(),
    };
    let Some(cycle) = cycle else {
        return Ok(Reply::new(json!({ "cycle": null }), app.text("note-no-cycles", &[])));
    };
    let reply = Reply::new(json!(cycle), text(app, &cycle));
    let is_over = cycle.ended.is_some();
    let next = format!("kyojo bank cycle confirm {} --reference TEXT", cycle.cycle);
    Ok(if is_over { reply } else { reply.next(next) })
}

/// The cycle, the payments that settle it, and each bank's part.
fn text(app: &App, cycle: &CycleBody) -> String {
    let mut lines = vec![
        (app.text("label-cycle", &[]), cycle.cycle.to_string()),
        (app.text("label-cycle-state", &[]), standing(app, cycle)),
        (app.text("label-cycle-closed-at", &[]), calendar::show(cycle.closed_at.get())),
    ];
    if let Some(at) = cycle.ended_at {
        lines.push((app.text("label-cycle-ended-at", &[]), calendar::show(at.get())));
    }
    if let Some(cause) = cycle.cause {
        let words = app.text(cause_key(cause), &[]);
        lines.push((app.text("label-cycle-cause", &[]), words));
    }
    let name = |bank| of_cycle(cycle, bank);
    lines.extend(
        cycle
            .payments
            .iter()
            .map(|payment| (app.text("label-cycle-payment", &[]), paid(app, payment, name))),
    );
    let titles = ["label-bank", "label-position", "label-cycle-confirmed"];
    let rows: Vec<Vec<String>> = cycle
        .parts
        .iter()
        .map(|part| {
            let word = if part.confirmed.is_some() { "label-yes" } else { "label-not-yet" };
            let position = amount::show_position(part.position);
            vec![of_cycle(cycle, part.bank), position, app.text(word, &[])]
        })
        .collect();
    if rows.is_empty() {
        return fields(&lines);
    }
    format!("{}\n{}", fields(&lines), app.table(&titles, &rows, &[1]))
}

async fn confirm(app: &App, args: &ConfirmArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let bank = super::own_bank(&session).await?.bank;
    let cycle = session.client.cycle(args.cycle).await?;
    let salt = Salt::fresh();
    let external_ref = salt.commit(TAG_SETTLEMENT, args.reference.as_bytes());
    let number = args.cycle;
    let operation = Operation::ConfirmSettlement(ConfirmSettlement { cycle: number, external_ref });
    let part = cycle.parts.iter().find(|part| part.bank == bank);
    let mut act = Act::ending(operation, "done-settlement-confirmed")
        .line("label-cycle-confirm", number)
        .line("label-bank", of_cycle(&cycle, bank));
    if let Some(part) = part {
        act = act.line("label-position", amount::show_position(part.position));
    }
    let name = |bank| of_cycle(&cycle, bank);
    for payment in cycle.payments.iter().filter(|one| one.from == bank || one.to == bank) {
        act = act.line("label-cycle-payment", paid(app, payment, name));
    }
    let document = json!({ "cycle": number, "reference": args.reference, "salt": salt });
    let opening = Opening { member: "settlement_opening", name: None, document };
    act.line("label-cycle-reference", &args.reference)
        .data(json!({ "cycle": number, "bank": bank, "external_ref": external_ref,
                      "position": part.map(|part| part.position) }))
        .private(&args.reference, opening)
        .next(format!("kyojo bank cycle show {number}"))
        .by_account(app, &session)
        .await
}
