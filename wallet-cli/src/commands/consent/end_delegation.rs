//! `consent end-delegation`: the end of a guardian's authority.

use ledger_types::operation::EndDelegation;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// `consent end-delegation`.
#[derive(Debug, Args)]
pub(crate) struct ConsentEndDelegationArgs {
    /// Towards which controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The guardian, where you are the subject.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "subject")]
    pub(crate) guardian: Option<String>,
    /// The subject, where you are the guardian.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "guardian")]
    pub(crate) subject: Option<String>,
}

pub(crate) async fn run(app: &App, args: &ConsentEndDelegationArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let (own, _) = people.towards(party);
    let read = |text: &String| reading::address(text, people.prefix());
    let (subject, guardian) = match (&args.subject, &args.guardian) {
        (Some(subject), _) => (read(subject)?, own),
        (None, Some(guardian)) => (own, read(guardian)?),
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "err-usage-missing")
                .with("argument", "--guardian, --subject"));
        }
    };
    Act::new(
        "label-act-end-delegation",
        Operation::EndDelegation(EndDelegation { subject, guardian }),
    )
    .data(json!({ "party": party }))
    .unasked()
    .by_subject(app, &people, party)
    .await
}
