//! `party register`: the registrar enters a party.

use ledger_types::PartyRoles;
use ledger_types::consent::CorporateNumber;
use ledger_types::operation::{RegisterParty, WeightedKey};

use crate::commands::party::publish::{RegimeName, regime_of};
use crate::commands::prelude::*;

/// `party register`.
#[derive(Debug, Args)]
pub(crate) struct PartyArgs {
    /// The party's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) party: u32,
    /// What it may do; may be repeated.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub(crate) roles: Vec<RoleName>,
    /// Under which rules it stands.
    #[arg(long, value_name = "REGIME", default_value = "private")]
    pub(crate) regime: RegimeName,
    /// Its corporate number (法人番号).
    #[arg(long, value_name = "NUMBER")]
    pub(crate) corporate_number: Option<u64>,
    /// A public key that acts for it, with maker: or checker: before it where it has that part; may be
    /// repeated.
    #[arg(long = "key", value_name = "KEY", required = true, value_parser = reading::weighted_key)]
    pub(crate) keys: Vec<WeightedKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) threshold: u16,
}

/// What a party may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Decides purposes and means.
    Controller,
    /// Uses data jointly with a controller.
    JointUser,
    /// Receives data.
    Recipient,
    /// Processes on a controller's behalf.
    Processor,
    /// Holds data.
    DataHolder,
    /// Audits.
    Auditor,
    /// May break glass.
    Emergency,
    /// Serves people at a counter.
    Counter,
}

pub(crate) async fn run(app: &App, args: &PartyArgs) -> Result<Reply, Failure> {
    let registered = RegisterParty {
        party: PartyId::new(args.party),
        roles: roles(&args.roles),
        regime: regime_of(args.regime),
        corporate_number: args.corporate_number.map(corporate_number).transpose()?,
        keys: args.keys.clone(),
        threshold: args.threshold,
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-register-party", Operation::RegisterParty(registered))
        .line("label-party", args.party)
        .line("label-roles", named(app, &args.roles))
        .data(json!({ "party": args.party }))
        .by_account(app, &session)
        .await
}

pub(crate) fn corporate_number(number: u64) -> Result<CorporateNumber, Failure> {
    CorporateNumber::new(number)
        .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-corporate-number").with("number", number))
}

pub(crate) fn roles(names: &[RoleName]) -> PartyRoles {
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

/// The roles in words.
pub(crate) fn named(app: &App, names: &[RoleName]) -> String {
    let in_words = names.iter().map(|name| {
        let key = match name {
            RoleName::Controller => "label-role-controller",
            RoleName::JointUser => "label-role-joint-user",
            RoleName::Recipient => "label-role-recipient",
            RoleName::Processor => "label-role-processor",
            RoleName::DataHolder => "label-data-holder",
            RoleName::Auditor => "label-role-auditor",
            RoleName::Emergency => "label-role-emergency",
            RoleName::Counter => "label-role-counter",
        };
        app.text(key, &[])
    });
    in_words.collect::<Vec<_>>().join(&app.text("label-list-comma", &[]))
}
