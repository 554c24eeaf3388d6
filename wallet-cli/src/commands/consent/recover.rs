//! `consent recover`: the veto of a recovery that somebody else proposed.

use ledger_types::operation::VetoRecovery;

use crate::commands::consent::address::AddressArgs;
use crate::commands::prelude::*;

/// `consent recover`.
#[derive(Debug, Subcommand)]
pub(crate) enum RecoverSelfCommand {
    /// Says that you still have your key: the proposal to replace it is gone.
    Veto(AddressArgs),
}

pub(crate) async fn run(app: &App, command: RecoverSelfCommand) -> Result<Reply, Failure> {
    let RecoverSelfCommand::Veto(args) = command;
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let veto = Operation::VetoRecovery(VetoRecovery { on_behalf_of: None });
    Act::new("label-act-veto-recovery", veto)
        .data(json!({ "party": party }))
        .unasked()
        .by_subject(app, &people, party)
        .await
}
