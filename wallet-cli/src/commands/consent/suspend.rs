//! `consent suspend`: a consent is set aside for a time.

use ledger_types::operation::Suspend;

use crate::commands::prelude::*;

/// Sets a consent aside; like a withdrawal it is never harder than granting.
pub(crate) async fn run(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, name).await?;
    let consent = named.consent;
    Act::new("label-act-suspend", Operation::Suspend(Suspend { consent }))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "party": named.party }))
        .next(format!("kyojo consent resume {}", beginning(&consent)))
        .unasked()
        .by_subject(app, &people, named.party)
        .await
}
