//! `lottery`: what the committee of a voucher lottery does, and drawing, which anybody may.

mod draw;
mod export;
mod key;
mod secret;

use crate::commands::prelude::*;

/// `lottery`.
#[derive(Debug, Subcommand)]
pub(crate) enum LotteryCommand {
    /// Sealing keys, to which other members' shares are sealed for you.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Deposits your secret, before applications open.
    Deposit(RoundName),
    /// Tells your secret, after applications closed.
    Reveal(RoundName),
    /// Opens your share of another member's secret, where that member is silent.
    Open(secret::OpenArgs),
    /// Draws the lottery, once every deposited secret is known.
    Draw(RoundName),
    /// Gives on what was not bought in time.
    Award(RoundName),
    /// Writes a drawn round to a file from which anybody counts it again.
    Export(export::ExportArgs),
}

/// A round of a programme.
#[derive(Debug, Args)]
pub(crate) struct RoundName {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The round, counted from 1.
    pub(crate) round: u16,
}

pub(crate) async fn run(app: &App, command: LotteryCommand) -> Result<Reply, Failure> {
    match command {
        LotteryCommand::Key(key::KeyCommand::New(args)) => key::run(app, &args),
        LotteryCommand::Deposit(args) => secret::deposit(app, &args).await,
        LotteryCommand::Reveal(args) => secret::reveal(app, &args).await,
        LotteryCommand::Open(args) => secret::open(app, &args).await,
        LotteryCommand::Draw(args) => draw::draw(app, &args).await,
        LotteryCommand::Award(args) => draw::award(app, &args).await,
        LotteryCommand::Export(args) => export::run(app, &args).await,
    }
}
