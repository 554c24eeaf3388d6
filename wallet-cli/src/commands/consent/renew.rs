//! `consent renew`: the same terms, under the notice as it is now.

use ledger_types::operation::Renew;

use crate::agreement::shown::{ReadNotice, Shown};
use crate::commands::prelude::*;
use crate::consents::Kept;

/// `consent renew`.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// The notice's text.
    #[command(flatten)]
    pub(crate) read: ReadNotice,
}

/// The same terms, under the notice as it is now.
pub(crate) async fn run(app: &App, args: &RenewArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
    let (consent, party) = (named.consent, named.party);
    let body = people.body(named).await?;
    let shown = Shown::check(app, &people.client, (party, body.notice), &args.read).await?;
    let status = people.client.status().await?;
    let presentation = shown.presented(status.time.get(), None)?;
    let renewal = Renew {
        consent,
        notice_version: shown.version,
        language: shown.language,
        notice_hash: shown.text,
        presentation_commitment: presentation.commitment,
    };
    let act = Act::new("label-act-renew", Operation::Renew(renewal))
        .line("label-consent", consent.get())
        .line("label-notice", app.versioned(shown.notice, shown.version))
        .data(json!({ "consent": consent, "party": party, "notice_version": shown.version }))
        .evidence(Some(consent), presentation)
        .next(format!("kyojo consent show {}", beginning(&consent)));
    let kept = people.consents.current(&consent, &body.terms_root)?;
    if let Some(kept) = kept.filter(|_| !app.global.dry_run) {
        people.consents.keep(&consent, &Kept { notice: shown.kept(), ..kept })?;
    }
    act.by_subject(app, &people, party).await
}
