//! `programme`: voucher programmes, as anybody sees them and as their sponsors run them.

mod create;
mod escrow;
mod letters;
pub(super) mod list;
mod ls;
mod reconcile;
mod round;
mod show;

use crate::commands::prelude::*;

/// `programme`.
#[derive(Debug, Subcommand)]
pub(crate) enum ProgrammeCommand {
    /// Lists the voucher programmes.
    Ls,
    /// Shows a programme: what is in a set, its sales, and the money behind it.
    Show(ProgrammeName),
    /// Creates a programme; by the issuer of its kind of voucher.
    Create(create::CreateArgs),
    /// Pays yen into a programme's escrow.
    Fund(escrow::FundArgs),
    /// Pledges an escrow: from now on it pays vouchers and nothing else; with the escrow's wallet.
    Pledge(ProgrammeName),
    /// Moves yen from one escrow to another; by the sponsor.
    MoveEscrow(escrow::MoveArgs),
    /// Opens the next sale, with a lottery before it where the programme has one; by the sponsor.
    OpenRound(round::RoundArgs),
    /// Adds a list of letters, as for people who moved in; by the sponsor.
    ListAdd(list::AddArgs),
    /// Checks that a published list is the one on the ledger.
    ListCheck(list::CheckArgs),
    /// Takes a letter back, before anything was bought with it; by the sponsor.
    RevokeLeaf(list::RevokeArgs),
    /// Closes a programme to the yen, once refunds have ended; by the sponsor.
    Reconcile(ProgrammeName),
    /// Letters for the people on a list.
    #[command(subcommand)]
    Letters(letters::LettersCommand),
}

/// A programme.
#[derive(Debug, Args)]
pub(crate) struct ProgrammeName {
    /// The programme, by its number or name.
    pub(crate) programme: String,
}

pub(crate) async fn run(app: &App, command: ProgrammeCommand) -> Result<Reply, Failure> {
    match command {
        ProgrammeCommand::Ls => ls::run(app).await,
        ProgrammeCommand::Show(args) => show::run(app, &args).await,
        ProgrammeCommand::Create(args) => create::run(app, &args).await,
        ProgrammeCommand::Fund(args) => escrow::fund(app, &args).await,
        ProgrammeCommand::Pledge(args) => escrow::pledge(app, &args).await,
        ProgrammeCommand::MoveEscrow(args) => escrow::move_between(app, &args).await,
        ProgrammeCommand::OpenRound(args) => round::run(app, &args).await,
        ProgrammeCommand::ListAdd(args) => list::add(app, &args).await,
        ProgrammeCommand::ListCheck(args) => list::check(app, &args).await,
        ProgrammeCommand::RevokeLeaf(args) => list::revoke(app, &args).await,
        ProgrammeCommand::Reconcile(args) => reconcile::run(app, &args).await,
        ProgrammeCommand::Letters(letters::LettersCommand::Make(args)) => letters::run(app, &args),
    }
}
