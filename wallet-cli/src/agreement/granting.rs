//! A grant as it is made of notice, terms and times, whoever signs it.

use consent_records::commitment::random_id;
use consent_records::format::Version;
use consent_records::vocabulary::Vocabulary;
use ledger_types::consent::{Breadth, Profile};
use ledger_types::operation::Grant;
use ledger_types::{AccountId, ConsentId, NoticeId, PartyId, Timestamp};
use serde_json::Value;

use crate::acting::naming;
use crate::agreement::agreed::{self, Agreed, TermsArgs};
use crate::agreement::shown::{Shown, WithNotice};
use crate::app::App;
use crate::calendar::{self, DAY_MS};
use crate::client::Client;
use crate::consents::{Evidence, Kept};
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;

/// What somebody wants to be granted.
pub(crate) struct Wanted<'a> {
    pub(crate) party: PartyId,
    pub(crate) with: &'a WithNotice,
    pub(crate) terms: &'a TermsArgs,
    pub(crate) days: u32,
    pub(crate) use_limit: Option<u32>,
    pub(crate) compensation: Option<u32>,
    pub(crate) disaster: Option<u32>,
    /// Whose consent it is.
    pub(crate) subject: AccountId,
    /// Whether another signs for the subject.
    pub(crate) is_for_another: bool,
    /// When it begins, where not now.
    pub(crate) begins: Option<Timestamp>,
    /// The form that was signed, where there is one.
    pub(crate) form: Option<Value>,
}

/// A grant with what is kept of it.
pub(crate) struct Prepared {
    pub(crate) grant: Grant,
    pub(crate) kept: Kept,
    pub(crate) presentation: Evidence,
}

/// The terms and the notice, checked, with the vocabulary of a broad consent.
pub(crate) async fn read(
    app: &App,
    client: &Client,
    party: PartyId,
    with: &WithNotice,
    terms: &TermsArgs,
) -> Result<(Shown, Agreed), Failure> {
    let prefix = &client.network().address_prefix;
    let recipients = naming::recipients(app, &terms.recipients, prefix)?;
    let agreed = agreed::read(&TermsArgs { recipients, ..terms.clone() })?;
    let shown = Shown::check(app, client, (party, NoticeId::new(with.notice)), &with.read).await?;
    check_vocabulary(client, &agreed.breadth).await?;
    Ok((shown, agreed))
}

/// The published vocabulary must be the one in which the person was shown the words.
async fn check_vocabulary(client: &Client, breadth: &Breadth) -> Result<(), Failure> {
    let Breadth::Broad { vocabulary, version, .. } = breadth else {
        return Ok(());
    };
    let published = client.vocabulary(*vocabulary, *version).await?;
    if published.root == Vocabulary::built_in().root() {
        return Ok(());
    }
    Err(Failure::new(Exit::Verification, "err-vocabulary-differs")
        .with("vocabulary", vocabulary)
        .with("version", version))
}

/// Makes the grant at the ledger's time.
pub(crate) async fn prepare(
    app: &App,
    client: &Client,
    wanted: Wanted<'_>,
) -> Result<Prepared, Failure> {
    let Wanted { party, with, terms, subject, form, .. } = wanted;
    let (shown, agreed) = read(app, client, party, with, terms).await?;
    let status = client.status().await?;
    let now = status.time.get();
    let presentation = shown.presented(now, form)?;
    let grant = Grant {
        consent: ConsentId::new(random_id()),
        controller: party,
        terms_root: agreed.terms.root(),
        notice: shown.notice,
        notice_version: shown.version,
        language: shown.language,
        notice_hash: shown.text,
        presentation_commitment: presentation.commitment,
        valid_from: wanted.begins.unwrap_or(now),
        expires: days_after(now, wanted.days)?,
        use_limit: wanted.use_limit,
        breadth: agreed.breadth,
        compensation: wanted.compensation,
        on_behalf_of: wanted.is_for_another.then_some(subject),
        profile: wanted.disaster.map_or(Profile::Ordinary, |area| Profile::Disaster { area }),
    };
    let kept = Kept {
        version: Version,
        genesis_hash: client.network().genesis_hash,
        party,
        subject,
        notice: shown.kept(),
        terms: agreed.terms,
        broad: agreed.broad,
    };
    Ok(Prepared { grant, kept, presentation })
}

/// The instant so many days later.
pub(crate) fn days_after(now: Timestamp, days: u32) -> Result<Timestamp, Failure> {
    now.checked_add_millis(u64::from(days).saturating_mul(DAY_MS))
        .ok_or(Failure::new(Exit::Usage, "err-usage-value").with("argument", "--days"))
}

/// What people are shown of a grant before they agree.
pub(crate) fn lines(app: &App, prepared: &Prepared) -> Vec<(&'static str, String)> {
    let Prepared { grant, kept, .. } = prepared;
    let mut lines = vec![
        ("label-notice", app.versioned(grant.notice, grant.notice_version)),
        ("label-until", calendar::show_end(app.output.lang, grant.expires)),
    ];
    lines.extend(kept.terms.processes().iter().map(|process| {
        let process = &process.opening.document;
        let (data, purpose) = (label(app, &process.category), label(app, &process.purpose));
        ("label-process", format!("{data} → {purpose}"))
    }));
    if let Profile::Disaster { area } = grant.profile {
        lines.push(("label-disaster-area", area.to_string()));
    }
    lines
}

/// A concept as people read it.
pub(crate) fn label(app: &App, name: &consent_records::vocabulary::ConceptName) -> String {
    let concept = Vocabulary::built_in().concept(name);
    let label = concept.map(|concept| match app.output.lang {
        Lang::Ja => concept.label.japanese(),
        Lang::En => &concept.label.en,
    });
    label.unwrap_or(name.as_str()).to_owned()
}
