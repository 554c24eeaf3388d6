//! What a receipt is made of: the wallet's opening, the ledger's word, and the public list of names.

use consent_records::commitment::random_id;
use consent_records::receipt::{self, Event, Facts, Notice, Reading, ReceiptStatus};
use consent_records::terms::Recipient;
use consent_records::vocabulary::Vocabulary;
use consent_records::vocabulary::legal::LegalBases;
use ledger_types::{Hash, Height, PartyId, Timestamp};
use node_api::body::{ConsentBody, ConsentStanding};
use node_api::query::Log;

use crate::acting::pages;
use crate::acting::people::{People, beginning};
use crate::app::App;
use crate::consents::Kept;
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::regions;

/// Consent to provide data to others (Article 27, paragraph 1 of the Act).
const CONSENT_BASIS: &str = "appi-27-1";

/// The consent in plain words, in the language of the texts.
pub(crate) async fn text(
    app: &App,
    people: &People,
    body: &ConsentBody,
    kept: &Kept,
) -> Result<String, Failure> {
    let mut facts = facts(people, body, kept).await?;
    facts.withdraw_url = format!("kyojo consent revoke {}", beginning(&body.consent));
    facts.notice.url = app.text("label-notice", &[]);
    let reading = match app.output.lang {
        Lang::Ja => Reading::Japanese,
        Lang::En => Reading::English,
    };
    Ok(receipt::text(&facts, Vocabulary::built_in(), reading))
}

/// All that a receipt is made from, without a proof.
pub(crate) async fn facts(
    people: &People,
    body: &ConsentBody,
    kept: &Kept,
) -> Result<Facts, Failure> {
    let bases = LegalBases::built_in();
    let basis = bases.basis(CONSENT_BASIS).ok_or(Failure::new(Exit::Other, "err-internal"))?;
    let status = people.client.status().await?;
    let processes: Vec<_> =
        kept.terms.processes().iter().map(|process| process.opening.document.clone()).collect();
    let mut others: Vec<PartyId> = processes
        .iter()
        .filter_map(|process| match process.recipient {
            Recipient::Party(party) => Some(party),
            Recipient::Roles(_) | Recipient::JointUse { .. } => None,
        })
        .collect();
    others.sort();
    others.dedup();
    let mut regions: Vec<_> = processes.iter().map(|process| process.region.clone()).collect();
    regions.sort();
    regions.dedup();
    let named = |region| regions::name(&region).map(|name| (region, name));
    let regions = regions.into_iter().filter_map(named).collect();
    let controller = people.directory.organisation(body.controller);
    let (notice, version) = (body.notice, body.notice_version);
    let url = format!("urn:kyojo:notice:{}:{notice}:{version}", body.controller);
    Ok(Facts {
        receipt: random_id(),
        issued_at: status.time.get(),
        genesis: people.genesis(),
        consent: body.consent,
        subject: people.secrets.pseudonym(&people.genesis(), body.controller),
        withdraw_url: controller.url.clone(),
        withdraw_telephone: controller.telephone.clone(),
        controller,
        others: others.into_iter().map(|party| people.directory.organisation(party)).collect(),
        notice: Notice {
            notice,
            version,
            language: body.language.to_string(),
            content_hash: notice_hash(kept, version),
            url,
        },
        basis: (basis.clone(), bases.statute.clone()),
        processes,
        regions,
        valid_from: body.valid_from.get(),
        expires: body.expires.get(),
        use_limit: body.use_limit,
        events: events(people, body).await?,
        proof: None,
    })
}

/// The hash of the text that was read; nothing where the wallet did not keep that version.
fn notice_hash(kept: &Kept, version: u32) -> Hash {
    if kept.notice.version == version { kept.notice.content_hash } else { Hash::ZERO }
}

/// When it was given, and when it came to stand where it stands.
///
/// # Errors
/// A time that nobody tells: a receipt that made one up would lie.
async fn events(people: &People, body: &ConsentBody) -> Result<Vec<Event>, Failure> {
    let given = time_of(people, body, body.given).await?;
    let mut events = vec![Event { standing: ReceiptStatus::Given, at: given, height: body.given }];
    let now = standing(body.standing);
    if now != ReceiptStatus::Given {
        let at = match body.ended {
            Some(height) => time_of(people, body, height).await?,
            None if now == ReceiptStatus::Expired => body.expires.get(),
            None => time_of(people, body, body.height).await?,
        };
        let height = body.ended.unwrap_or(body.height);
        events.push(Event { standing: now, at, height });
    }
    Ok(events)
}

/// The time of a block; from the consent's own log where the node no longer has the block.
async fn time_of(
    people: &People,
    body: &ConsentBody,
    height: Height,
) -> Result<Timestamp, Failure> {
    let error = match people.client.block(height).await {
        Ok(block) => return Ok(block.time.get()),
        Err(error) => error,
    };
    let (_, reader) = people.towards(body.controller);
    let log = pages::every(async |cursor| {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        people.client.consent_log(&body.consent, &asked, &reader).await
    })
    .await;
    let entry = log.ok().and_then(|log| log.into_iter().find(|entry| entry.height == height));
    entry.map(|entry| entry.time.get()).ok_or_else(|| error.into())
}

/// The receipt's word for where the ledger has it. A consent that has not begun, or is used up, was
/// given and has not ended.
const fn standing(standing: ConsentStanding) -> ReceiptStatus {
    match standing {
        ConsentStanding::Given | ConsentStanding::NotYetValid | ConsentStanding::Exhausted => {
            ReceiptStatus::Given
        }
        ConsentStanding::Renewed => ReceiptStatus::Renewed,
        ConsentStanding::RenewalDue => ReceiptStatus::RenewalDue,
        ConsentStanding::Suspended => ReceiptStatus::Suspended,
        ConsentStanding::Expired => ReceiptStatus::Expired,
        ConsentStanding::Withdrawn => ReceiptStatus::Withdrawn,
        ConsentStanding::Revoked => ReceiptStatus::Revoked,
        ConsentStanding::Invalidated => ReceiptStatus::Invalidated,
        ConsentStanding::Refused => ReceiptStatus::Refused,
    }
}
