//! `party register` and `update`: the registrar enters parties and says what they may do.

use ledger_types::consent::{CorporateNumber, PartyStatus};
use ledger_types::operation::{RegisterParty, UpdateParty, WeightedKey};
use ledger_types::{Operation, PartyId, PartyRoles};
use serde_json::json;

use super::publish::regime_of;
use crate::app::App;
use crate::args::{PartyArgs, RoleName, UpdatePartyArgs};
use crate::commands::act::Act;
use crate::commands::transact::Session;
use crate::failure::{Exit, Failure};
use crate::output::Reply;

pub(super) async fn register(app: &App, args: &PartyArgs) -> Result<Reply, Failure> {
    let registered = RegisterParty {
        party: PartyId::new(args.party),
        roles: roles(&args.roles),
        regime: regime_of(args.regime),
        corporate_number: args.corporate_number.map(corporate_number).transpose()?,
        keys: args.keys.iter().map(|key| WeightedKey { key: *key, weight: 1 }).collect(),
        threshold: args.threshold,
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-register-party", Operation::RegisterParty(registered))
        .line("label-party", args.party)
        .line("label-roles", named(&args.roles))
        .data(json!({ "party": args.party }))
        .by_account(app, &session)
        .await
}

/// What is not said stays as it is.
pub(super) async fn update(app: &App, args: &UpdatePartyArgs) -> Result<Reply, Failure> {
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
        .line("label-roles", named(&args.roles))
        .data(json!({ "party": args.party, "status": status }))
        .by_account(app, &session)
        .await
}

fn corporate_number(number: u64) -> Result<CorporateNumber, Failure> {
    CorporateNumber::new(number)
        .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-corporate-number").with("number", number))
}

fn roles(names: &[RoleName]) -> PartyRoles {
    names.iter().fold(PartyRoles::default(), |roles, name| {
        roles.with(match name {
            RoleName::Controller => PartyRoles::CONTROLLER,
            RoleName::JointUser => PartyRoles::JOINT_USER,
            RoleName::Recipient => PartyRoles::RECIPIENT,
            RoleName::Processor => PartyRoles::PROCESSOR,
            RoleName::DataHolder => PartyRoles::DATA_HOLDER,
            RoleName::Auditor => PartyRoles::AUDITOR,
            RoleName::Emergency => PartyRoles::EMERGENCY,
            RoleName::Counter => PartyRoles::COUNTER,
        })
    })
}

/// The roles as they are written on the command line.
fn named(names: &[RoleName]) -> String {
    use clap::ValueEnum;
    let names = names.iter().filter_map(ValueEnum::to_possible_value);
    names.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(" ")
}
