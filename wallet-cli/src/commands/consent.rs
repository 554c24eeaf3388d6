//! `consent ls`, `show` and `revoke`: consents that one gave.

use std::collections::BTreeSet;

use ledger_types::operation::Withdraw;
use ledger_types::{AccountId, ConsentId, Hash, Operation, PartyId};
use node_api::body::{ConsentBody, ConsentPage, ConsentStanding};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::transact::{Plan, Sender, Session, done, dry_run, is_unknown_reader};
use super::{consent_grant, consent_publish, proof_file, read_hash, show_time};
use crate::app::{App, Unlocked};
use crate::args::{ConsentCommand, ConsentLsArgs, ConsentName, ConsentShowArgs};
use crate::client::Reader;
use crate::commitment::Salt;
use crate::failure::{Exit, Failure};
use crate::output::{Reply, fields, table};
use crate::refusal;
use crate::vault::ConsentFiles;

/// What the subject keeps of a consent: the opening of everything that was committed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ConsentFile {
    /// To whom it was given.
    pub(super) party: PartyId,
    /// On which network.
    pub(super) genesis_hash: Hash,
    /// The notice that was read, with what was committed to as evidence of reading it.
    pub(super) presentation: Value,
    /// The salt of that commitment.
    pub(super) presentation_salt: Salt,
    /// The processes with their salts, in the order of the terms tree's leaves.
    pub(super) processes: Vec<Process>,
    /// Every leaf of the terms tree, those that only fill it up included.
    pub(super) leaves: Vec<Hash>,
}

/// One process that a consent covers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Process {
    /// What is agreed.
    pub(super) process: Value,
    /// The salt of its commitment.
    pub(super) salt: Salt,
}

pub(super) async fn run(app: &App, command: ConsentCommand) -> Result<Reply, Failure> {
    match command {
        ConsentCommand::Grant(args) => consent_grant::grant(app, args).await,
        ConsentCommand::Cosign(args) => consent_grant::cosign(app, args).await,
        ConsentCommand::Ls(args) => list(app, &args).await,
        ConsentCommand::Show(args) => show(app, &args).await,
        ConsentCommand::Revoke(args) => revoke(app, &args).await,
        ConsentCommand::Publish(args) => consent_publish::publish(app, args).await,
    }
}

/// The wallet as one party knows it: another key and address for each.
pub(super) fn subject(unlocked: &Unlocked, genesis: &Hash, party: PartyId) -> (AccountId, Reader) {
    let key = unlocked.secrets.consent_key(genesis, party);
    let account = AccountId::of_subject(&key.public_key());
    let address = account.to_address(&unlocked.attached.address_prefix);
    (account, Reader { address, key })
}

async fn list(app: &App, args: &ConsentLsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let genesis = session.client.network().genesis_hash;
    let alias = &session.wallet.header.alias;
    let files = ConsentFiles::of(&app.settings.folders, alias, &unlocked.secrets);
    let mut parties: BTreeSet<PartyId> = args.party.iter().copied().map(PartyId::new).collect();
    for consent in files.list() {
        let file: Option<ConsentFile> = files.read(&consent)?;
        parties.extend(file.filter(|file| file.genesis_hash == genesis).map(|file| file.party));
    }
    let mut consents: Vec<ConsentBody> = Vec::new();
    for party in parties {
        let (_, reader) = subject(&unlocked, &genesis, party);
        consents.extend(of_subject(&session, &reader).await?);
    }
    if consents.is_empty() {
        let text = app.text("note-no-consents", &[]);
        return Ok(
            Reply::new(json!({ "consents": [] }), text).next("kyojo consent ls --party NUMBER")
        );
    }
    let titles = ["label-consent", "label-controller", "label-standing", "label-until"]
        .map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = consents
        .iter()
        .map(|consent| {
            vec![
                consent.consent.get().to_string(),
                consent.controller.to_string(),
                app.text(standing_key(consent.standing), &[]),
                show_time(&consent.expires),
            ]
        })
        .collect();
    Ok(Reply::new(json!({ "consents": consents }), table(&titles, &rows, &[]))
        .next("kyojo consent show CONSENT"))
}

async fn of_subject(session: &Session, reader: &Reader) -> Result<Vec<ConsentBody>, Failure> {
    let mut consents = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/consents?subject={}&limit=200{cursor}", reader.address);
        let page: ConsentPage = match session.client.get(&path, Some(reader)).await {
            Ok(page) => page,
            Err(error) if is_unknown_reader(&error) => return Ok(consents),
            Err(error) => return Err(refusal::of_client(&error)),
        };
        consents.extend(page.consents);
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(consents),
        }
    }
}

async fn show(app: &App, args: &ConsentShowArgs) -> Result<Reply, Failure> {
    let ConsentShowArgs { name, proof } = args;
    let consent = ConsentId::new(read_hash(&name.consent)?);
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let (file, party) = known(app, &session, &unlocked, &consent, name.party)?;
    let genesis = session.client.network().genesis_hash;
    let (_, reader) = subject(&unlocked, &genesis, party);
    let path = format!("/v1/consents/{}", consent.get());
    let body: ConsentBody = session
        .client
        .get(&path, Some(&reader))
        .await
        .map_err(|error| refusal::of_client(&error))?;
    let mut lines = vec![
        (app.text("label-consent", &[]), consent.get().to_string()),
        (app.text("label-controller", &[]), body.controller.to_string()),
        (app.text("label-standing", &[]), app.text(standing_key(body.standing), &[])),
        (app.text("label-notice", &[]), format!("{} v{}", body.notice, body.notice_version)),
        (app.text("label-from-time", &[]), show_time(&body.valid_from)),
        (app.text("label-until", &[]), show_time(&body.expires)),
        (app.text("label-uses", &[]), uses(&body)),
    ];
    for process in file.iter().flat_map(|file| &file.processes) {
        lines.push((app.text("label-process", &[]), process.process.to_string()));
    }
    let data = json!({ "consent": body, "terms": file });
    let reply = Reply::new(data, fields(&lines));
    let reply = reply.next(format!("kyojo consent revoke {}", consent.get()));
    let bundle = format!("{path}/bundle");
    let asked = (bundle.as_str(), Some(&reader));
    proof_file::attach(app, reply, &session.client, asked, proof.as_deref()).await
}

fn uses(body: &ConsentBody) -> String {
    match body.use_limit {
        Some(limit) => format!("{} / {limit}", body.uses),
        None => body.uses.to_string(),
    }
}

/// The file of a consent and to whom it was given.
fn known(
    app: &App,
    session: &Session,
    unlocked: &Unlocked,
    consent: &ConsentId,
    party: Option<u32>,
) -> Result<(Option<ConsentFile>, PartyId), Failure> {
    let alias = &session.wallet.header.alias;
    let files = ConsentFiles::of(&app.settings.folders, alias, &unlocked.secrets);
    let file: Option<ConsentFile> = files.read(consent)?;
    let party = file.as_ref().map(|file| file.party).or(party.map(PartyId::new));
    let party = party.ok_or_else(|| Failure::new(Exit::NotFound, "err-consent-party-unknown"))?;
    Ok((file, party))
}

/// Ends a consent in one step: withdrawing is never harder than granting, so nothing is asked.
async fn revoke(app: &App, args: &ConsentName) -> Result<Reply, Failure> {
    let consent = ConsentId::new(read_hash(&args.consent)?);
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let (_, party) = known(app, &session, &unlocked, &consent, args.party)?;
    let genesis = session.client.network().genesis_hash;
    let (account, reader) = subject(&unlocked, &genesis, party);
    let plan = Plan {
        operations: vec![Operation::Withdraw(Withdraw { consent })],
        lines: vec![(app.text("label-revoke", &[]), consent.get().to_string())],
        data: json!({ "consent": consent, "party": party }),
        done: "done-consent-revoked",
        next: vec!["kyojo consent ls".to_owned()],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    let sender = Sender::new(account, reader);
    let receipt = sender.send(app, &session.client, plan.operations).await?;
    Ok(done(app, &receipt, plan.done, &plan.data, plan.next))
}

const fn standing_key(standing: ConsentStanding) -> &'static str {
    match standing {
        ConsentStanding::Given => "label-standing-given",
        ConsentStanding::NotYetValid => "label-standing-not-yet-valid",
        ConsentStanding::RenewalDue => "label-standing-renewal-due",
        ConsentStanding::Exhausted => "label-standing-exhausted",
        ConsentStanding::Expired => "label-standing-expired",
        ConsentStanding::Withdrawn => "label-standing-withdrawn",
        ConsentStanding::Revoked => "label-standing-revoked",
        ConsentStanding::Invalidated => "label-standing-invalidated",
        ConsentStanding::Refused => "label-standing-refused",
        ConsentStanding::Suspended => "label-standing-suspended",
        ConsentStanding::Renewed => "label-standing-renewed",
    }
}
