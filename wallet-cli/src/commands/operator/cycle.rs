//! `operator cycle`: closes a settlement cycle, or ends one that cannot be settled.

use ledger_types::operation::{CloseCycle, FailSettlement, SettlementFailure};

use crate::acting::cycles::{cause_key, next_number, of_cycle, of_supply, paid, payments_now};
use crate::commands::prelude::*;
use crate::outbox::Outbox;

/// `operator cycle`.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCycleCommand {
    /// Captures what banks owe each other now, for them to pay it in the outside system.
    Close(CloseArgs),
    /// Ends a cycle that cannot be settled: nothing moves, and the next one captures it anew.
    Fail(FailArgs),
}

/// `operator cycle close`.
#[derive(Debug, Args)]
pub(crate) struct CloseArgs {
    /// The number that the cycle gets, for scripts; without it, the one after the last.
    pub(crate) cycle: Option<u32>,
}

/// `operator cycle fail`.
#[derive(Debug, Args)]
pub(crate) struct FailArgs {
    /// The cycle's number.
    pub(crate) cycle: u32,
    /// Why.
    #[arg(long, value_name = "CAUSE")]
    pub(crate) cause: Cause,
    /// What is behind it; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

/// Why a cycle was not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cause {
    /// A bank did not pay.
    Unpaid,
    /// A bank disputes what was captured.
    Disputed,
    /// The outside system could not be used.
    OutsideSystem,
    /// It was closed by mistake.
    Mistake,
}

pub(crate) async fn run(app: &App, command: OperatorCycleCommand) -> Result<Reply, Failure> {
    match command {
        OperatorCycleCommand::Close(args) => close(app, &args).await,
        OperatorCycleCommand::Fail(args) => fail(app, &args).await,
    }
}

async fn close(app: &App, args: &CloseArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let cycle = match args.cycle {
        Some(cycle) => cycle,
        None => match under_way(app, &session)? {
            // Its outcome is not known: the same is asked again, and never the next one.
            Some(cycle) => cycle,
            None => next_number(&session.client).await?,
        },
    };
    let supply = session.client.supply().await?;
    let payments = payments_now(&supply);
    let mut act = Act::ending(Operation::CloseCycle(CloseCycle { cycle }), "done-cycle-closed")
        .line("label-cycle-close", cycle);
    for payment in &payments {
        let shown = paid(app, payment, |bank| of_supply(&supply, bank));
        act = act.line("label-cycle-payment-now", shown);
    }
    act.data(json!({ "cycle": cycle, "payments_now": payments }))
        .next(format!("kyojo bank cycle show {cycle}"))
        .by_account(app, &session)
        .await
}

/// The cycle that this account closed with an outcome that is not known yet.
fn under_way(app: &App, session: &Session) -> Result<Option<u32>, Failure> {
    let (genesis, account) = (&session.attached.genesis_hash, &session.attached.account);
    let open = Outbox::of(&app.settings.folders)?.open()?;
    for record in open.iter().filter(|record| record.is_of(genesis, account)) {
        if let Some(close) = record.operations()?.iter().find_map(Operation::as_close_cycle) {
            return Ok(Some(close.cycle));
        }
    }
    Ok(None)
}

async fn fail(app: &App, args: &FailArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("settlement", &args.evidence)?;
    let session = Session::begin(app).await?;
    let body = session.client.cycle(args.cycle).await?;
    let cause = match args.cause {
        Cause::Unpaid => SettlementFailure::Unpaid,
        Cause::Disputed => SettlementFailure::Disputed,
        Cause::OutsideSystem => SettlementFailure::OutsideSystem,
        Cause::Mistake => SettlementFailure::Mistake,
    };
    let (cycle, ground) = (args.cycle, evidence.commitment);
    let operation = Operation::FailSettlement(FailSettlement { cycle, cause, ground });
    let mut act = Act::ending(operation, "done-settlement-failed")
        .line("label-cycle-fail", cycle)
        .line("label-cycle-cause", app.text(cause_key(cause), &[]));
    for payment in &body.payments {
        let shown = paid(app, payment, |bank| of_cycle(&body, bank));
        act = act.line("label-cycle-unpaid", shown);
    }
    act.data(json!({ "cycle": cycle, "cause": cause, "ground": ground }))
        .evidence(None, evidence)
        .next("kyojo operator cycle close")
        .by_account(app, &session)
        .await
}
