//! `zone`: the zones, one's own sub-accounts in them, and what their operators set.

mod charge;
mod create;
mod fees;
mod instrument;
mod invoice;
mod ls;
mod open;
pub(crate) mod report;
mod shares;
mod show;
mod update;

use crate::commands::prelude::*;

/// `zone`.
#[derive(Debug, Subcommand)]
pub(crate) enum ZoneCommand {
    /// Lists the zones.
    Ls,
    /// Shows a zone: where it is, what shops pay, and who gets it.
    Show(open::ZoneNumber),
    /// Opens your sub-account in a zone.
    Open(open::ZoneNumber),
    /// Moves yen to your sub-account of a zone.
    Charge(charge::ZoneAmount),
    /// Moves yen back from your sub-account of a zone.
    Discharge(charge::ZoneAmount),
    /// Creates a zone; by the registrar.
    Create(create::CreateArgs),
    /// Says anew what a zone is called, serves and publishes; by its operator.
    Update(update::UpdateArgs),
    /// Sets what the zone's shops pay; by its operator.
    Fees(fees::FeesArgs),
    /// Sets who gets what the shops pay; by the zone's operator.
    Shares(shares::SharesArgs),
    /// Shows what a zone did in a month: payments, fees, who got them, and how the fund spent them.
    Report(report::ReportArgs),
    /// Writes a merchant's invoice for the fees of a month; by the zone's operator.
    Invoice(invoice::InvoiceArgs),
    /// Kinds of vouchers.
    #[command(subcommand)]
    Instrument(instrument::InstrumentCommand),
}

pub(crate) async fn run(app: &App, command: ZoneCommand) -> Result<Reply, Failure> {
    match command {
        ZoneCommand::Ls => ls::run(app).await,
        ZoneCommand::Show(args) => show::run(app, &args).await,
        ZoneCommand::Open(args) => open::run(app, &args).await,
        ZoneCommand::Charge(args) => charge::run(app, &args, charge::Way::In).await,
        ZoneCommand::Discharge(args) => charge::run(app, &args, charge::Way::Out).await,
        ZoneCommand::Create(args) => create::run(app, args).await,
        ZoneCommand::Update(args) => update::run(app, args).await,
        ZoneCommand::Fees(args) => fees::run(app, &args).await,
        ZoneCommand::Shares(args) => shares::run(app, &args).await,
        ZoneCommand::Report(args) => report::run(app, &args).await,
        ZoneCommand::Invoice(args) => invoice::run(app, &args).await,
        ZoneCommand::Instrument(command) => instrument::run(app, command).await,
    }
}
