//! `party update`: the registrar says anew what a party may do.

use ledger_types::consent::PartyStatus;
use ledger_types::operation::UpdateParty;

use crate::commands::party::publish::{RegimeName, regime_of};
use crate::commands::party::register::{RoleName, corporate_number, named, roles};
use crate::commands::prelude::*;

/// `party update`.
#[derive(Debug, Args)]
pub(crate) struct UpdatePartyArgs {
    /// The party's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) party: u32,
    /// What it may do from now on; may be repeated; by default as before.
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<RoleName>,
    /// Under which rules it stands; by default as before.
    #[arg(long, value_name = "REGIME")]
    pub(crate) regime: Option<RegimeName>,
    /// Its corporate number (法人番号); by default as before.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) corporate_number: Option<u64>,
    /// Suspend it.
    #[arg(long, conflicts_with = "activate")]
    pub(crate) suspend: bool,
    /// End its suspension.
    #[arg(long)]
    pub(crate) activate: bool,
}

/// What is not said stays as it is.
pub(crate) async fn run(app: &App, args: &UpdatePartyArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let before = session.client.party(PartyId::new(args.party)).await?;
    let roles = if args.roles.is_empty() { before.roles } else { roles(&args.roles) };
    let status = match (args.suspend, args.activate) {
        (true, _) => PartyStatus::Suspended,
        (false, true) => PartyStatus::Active,
        (false, false) => before.status,
    };
    let number = args.corporate_number.map(corporate_number).transpose()?;
    let updated = UpdateParty {
        party: PartyId::new(args.party),
        roles,
        regime: args.regime.map_or(before.regime, regime_of),
        corporate_number: number.or(before.corporate_number),
        status,
    };
    Act::new("label-act-update-party", Operation::UpdateParty(updated))
        .line("label-party", args.party)
        .line("label-roles", named(app, &args.roles))
        .data(json!({ "party": args.party, "status": status }))
        .by_account(app, &session)
        .await
}
