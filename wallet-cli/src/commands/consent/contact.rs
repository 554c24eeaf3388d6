//! `consent contact`: where requests to consent again reach somebody, without an address.

use ledger_types::operation::RegisterContact;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// `consent contact`.
#[derive(Debug, Args)]
pub(crate) struct ContactArgs {
    /// Towards which controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The mailbox's opaque name: 64 hexadecimal digits; by default a new random one.
    #[arg(long, value_name = "MAILBOX")]
    pub(crate) mailbox: Option<String>,
}

pub(crate) async fn run(app: &App, args: &ContactArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let mailbox = args.mailbox.as_deref().map_or_else(|| Ok(random_id()), read_hash)?;
    Act::new("label-act-contact", Operation::RegisterContact(RegisterContact { mailbox }))
        .line("label-mailbox", mailbox)
        .data(json!({ "mailbox": mailbox, "party": party }))
        .by_subject(app, &people, party)
        .await
}
