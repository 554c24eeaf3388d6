//! `consent resume`, `renew` and `widen`: what a subject agrees to anew.

use consent_records::format::Version;
use ledger_types::Operation;
use ledger_types::operation::{Renew, Resume, Widen};
use serde_json::json;

use crate::app::App;
use crate::args::{ConsentName, RenewArgs, WidenArgs};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::granting::{self, days_after};
use crate::commands::people::{People, beginning};
use crate::commands::shown::Shown;
use crate::consents::Kept;
use crate::failure::Failure;
use crate::output::Reply;

pub(super) async fn resume(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(name)?;
    let consent = named.consent;
    Act::new("label-act-resume", Operation::Resume(Resume { consent }))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "party": named.party }))
        .next(format!("kyojo consent show {}", beginning(&consent)))
        .by_subject(app, &people, named.party)
        .await
}

/// The same terms, under the notice as it is now.
pub(super) async fn renew(app: &App, args: &RenewArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
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
        .line("label-notice", format!("{} v{}", shown.notice, shown.version))
        .data(json!({ "consent": consent, "party": party, "notice_version": shown.version }))
        .evidence(Some(consent), presentation)
        .next(format!("kyojo consent show {}", beginning(&consent)));
    let kept = people.consents.current(&consent, &body.terms_root)?;
    if let Some(kept) = kept.filter(|_| !app.global.dry_run) {
        people.consents.keep(&consent, &Kept { notice: shown.kept(), ..kept })?;
    }
    act.by_subject(app, &people, party).await
}

pub(super) async fn widen(app: &App, args: &WidenArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
    let (consent, party) = (named.consent, named.party);
    let (shown, agreed) =
        granting::read(app, &people.client, party, &args.with, &args.terms).await?;
    let status = people.client.status().await?;
    let now = status.time.get();
    let presentation = shown.presented(now, None)?;
    let widening = Widen {
        consent,
        terms_root: agreed.terms.root(),
        notice: shown.notice,
        notice_version: shown.version,
        language: shown.language,
        notice_hash: shown.text,
        presentation_commitment: presentation.commitment,
        expires: days_after(now, args.days)?,
        use_limit: args.use_limit,
    };
    let mut act = Act::new("label-act-widen", Operation::Widen(widening.clone()))
        .line("label-consent", consent.get())
        .line("label-notice", format!("{} v{}", shown.notice, shown.version))
        .line("label-until", calendar::show(widening.expires));
    for process in agreed.terms.processes() {
        let process = &process.opening.document;
        let category = granting::label(app, &process.category);
        let purpose = granting::label(app, &process.purpose);
        act = act.line("label-process", format!("{category} → {purpose}"));
    }
    let act = act
        .data(json!({ "consent": consent, "party": party }))
        .evidence(Some(consent), presentation)
        .next(format!("kyojo consent show {}", beginning(&consent)));
    let (own, _) = people.towards(party);
    let kept = Kept {
        version: Version,
        genesis_hash: people.genesis(),
        party,
        subject: own,
        notice: shown.kept(),
        terms: agreed.terms,
        broad: agreed.broad,
    };
    if !app.global.dry_run {
        people.consents.keep(&consent, &kept)?;
    }
    act.by_subject(app, &people, party).await
}
