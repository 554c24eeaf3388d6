//! `consent widen`: more than before, under a newer notice.

use consent_records::format::Version;
use ledger_types::operation::Widen;

use crate::agreement::agreed::TermsArgs;
use crate::agreement::granting::{self, days_after};
use crate::agreement::shown::WithNotice;
use crate::commands::prelude::*;
use crate::consents::Kept;

/// `consent widen`.
#[derive(Debug, Args)]
pub(crate) struct WidenArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// The notice.
    #[command(flatten)]
    pub(crate) with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub(crate) terms: TermsArgs,
    /// For how many days from now.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) use_limit: Option<u32>,
}

pub(crate) async fn run(app: &App, args: &WidenArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
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
        .line("label-notice", app.versioned(shown.notice, shown.version))
        .line("label-until", calendar::show_end(app.output.lang, widening.expires));
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
