//! `consent resume`: a consent that was set aside is taken up again.

use ledger_types::operation::Resume;

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, name).await?;
    let consent = named.consent;
    Act::new("label-act-resume", Operation::Resume(Resume { consent }))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "party": named.party }))
        .next(format!("kyojo consent show {}", beginning(&consent)))
        .by_subject(app, &people, named.party)
        .await
}
