//! `bank freeze` and `bank unfreeze`: no money leaves or enters an account for a time.

use ledger_types::operation::{Freeze, FreezeBasis, FreezeDirection, Unfreeze};

use crate::acting::payee::read_payee;
use crate::commands::balance::way_key;
use crate::commands::prelude::*;

/// `bank freeze`.
#[derive(Debug, Args)]
pub(crate) struct FreezeArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// Which way money is stopped.
    #[arg(long, value_name = "WAY")]
    pub(crate) direction: Way,
    /// On what ground of law.
    #[arg(long, value_name = "GROUND")]
    pub(crate) basis: Ground,
    /// The order or the file behind it; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
    /// The last day, which counts, at most 365 days ahead.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
}

/// Which way money is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// None leaves.
    Out,
    /// None comes in.
    In,
    /// Neither.
    Both,
}

/// Grounds of a freeze.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ground {
    /// A court or an authority attached it.
    Attachment,
    /// It is suspected of use in a fraud.
    Fraud,
    /// A transaction is suspicious.
    CriminalProceeds,
    /// Assets are to be frozen.
    Sanction,
    /// Its holder asked for it.
    Holder,
    /// Its holder died.
    Death,
}

/// `bank unfreeze`.
#[derive(Debug, Args)]
pub(crate) struct UnfreezeArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
}

pub(crate) async fn freeze(app: &App, args: &FreezeArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("freeze", &args.evidence)?;
    let until = calendar::read_until(&args.until)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let direction = match args.direction {
        Way::Out => FreezeDirection::Out,
        Way::In => FreezeDirection::In,
        Way::Both => FreezeDirection::Both,
    };
    let basis = match args.basis {
        Ground::Attachment => FreezeBasis::Attachment,
        Ground::Fraud => FreezeBasis::Fraud,
        Ground::CriminalProceeds => FreezeBasis::CriminalProceeds,
        Ground::Sanction => FreezeBasis::Sanction,
        Ground::Holder => FreezeBasis::Holder,
        Ground::Death => FreezeBasis::Death,
    };
    let (account, ground) = (payee.account, evidence.commitment);
    let freeze = Operation::Freeze(Freeze { account, direction, basis, ground, until });
    Act::ending(freeze, "done-frozen")
        .line("label-freeze", payee.shown(app))
        .line("label-freeze-way", app.text(way_key(direction), &[]))
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "account": payee.address, "direction": direction, "basis": basis,
                      "ground": ground }))
        .evidence(None, evidence)
        .next(format!("kyojo bank unfreeze {}", payee.address))
        .by_account(app, &session)
        .await
}

pub(crate) async fn unfreeze(app: &App, args: &UnfreezeArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let unfreeze = Operation::Unfreeze(Unfreeze { account: payee.account });
    Act::ending(unfreeze, "done-unfrozen")
        .line("label-unfreeze", payee.shown(app))
        .data(json!({ "account": payee.address }))
        .by_account(app, &session)
        .await
}
