//! `consent grant` and `consent cosign`: a consent is checked against the notice that was read.
//!
//! The terms go to the ledger as the root of a tree of salted leaves, filled up with random ones to
//! a power of two and to eight at least, so that neither a process nor how many there are shows.

use std::path::Path;
use std::time::Duration;

use consent_records::terms::LEAVES_MIN;
use ledger_types::consent::{Breadth, Language, Profile, TermsLeaf};
use ledger_types::limits::TERMS_PATH_MAX;
use ledger_types::operation::Grant;
use ledger_types::{
    ConsentId, Hash, Nonce, NoticeId, Operation, PartyId, SigningKey, Timestamp, Transaction,
    codec, merkle,
};
use node_api::body::{NoticeBody, TransactionBody};
use serde_json::{Value, json};

use super::consent::{ConsentFile, Process, subject};
use super::transact::{Plan, Sender, Session, account, checked, done, dry_run, is_unknown_reader};
use crate::app::{App, Unlocked, read_password};
use crate::args::{CosignArgs, GrantArgs};
use crate::client::{Client, Signed};
use crate::commitment::{Salt, TAG_PRESENTATION, TAG_TERMS, canonical_json, random_id};
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::output::Reply;
use crate::refusal;
use crate::settings::file_failure;
use crate::vault::ConsentFiles;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// How long a first consent waits for its controller's signature: within the ledger's 24 hours.
const COSIGN_VALIDITY: Duration = Duration::from_secs(23 * 60 * 60);

pub(super) async fn grant(app: &App, args: GrantArgs) -> Result<Reply, Failure> {
    let terms = Terms::read(&args.terms)?;
    let session = Session::begin(app).await?;
    let status = session.client.status().await.map_err(|error| refusal::of_client(&error))?;
    let (grant, presentation, presentation_salt) =
        prepare(app, &session, &args, &terms, status.time.get()).await?;
    let party = grant.controller;
    let mut lines = session.lines(app);
    lines.push((app.text("label-controller", &[]), party.to_string()));
    let version = grant.notice_version;
    lines.push((app.text("label-notice", &[]), format!("{} v{version}", grant.notice)));
    lines.push((app.text("label-days", &[]), args.days.to_string()));
    lines.extend(
        terms
            .processes
            .iter()
            .map(|process| (app.text("label-process", &[]), process.process.to_string())),
    );
    let consent = grant.consent;
    let plan = Plan {
        operations: vec![Operation::Grant(grant)],
        lines,
        data: json!({ "consent": consent, "party": party }),
        done: "done-consent-granted",
        next: vec![format!("kyojo consent show {}", consent.get())],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    app.confirm(&plan.lines)?;
    let unlocked = app.unlock(&session.wallet)?;
    let genesis_hash = session.client.network().genesis_hash;
    let Terms { processes, leaves } = terms;
    let file =
        ConsentFile { party, genesis_hash, presentation, presentation_salt, processes, leaves };
    let alias = &session.wallet.header.alias;
    ConsentFiles::of(&app.settings.folders, alias, &unlocked.secrets).keep(&consent, &file)?;
    submit(app, &session, &unlocked, &args, plan).await
}

/// Sends the grant: alone, with the controller's key from this machine, or by way of a file.
async fn submit(
    app: &App,
    session: &Session,
    unlocked: &Unlocked,
    args: &GrantArgs,
    plan: Plan,
) -> Result<Reply, Failure> {
    let genesis = session.client.network().genesis_hash;
    let (account_id, reader) = subject(unlocked, &genesis, PartyId::new(args.party));
    let first = match account(&session.client, &reader).await {
        Ok(_) => false,
        Err(error) if is_unknown_reader(&error) => true,
        Err(error) => return Err(refusal::of_client(&error)),
    };
    let mut sender = Sender::new(account_id, reader);
    if first {
        if let Some(name) = &args.controller_wallet {
            sender = sender.with_cosigner(controller_key(app, name, args)?);
        } else if let Some(path) = &args.out {
            return write_for_cosigning(app, session, &sender, path, plan);
        } else {
            return Err(Failure::new(Exit::Usage, "err-cosignature-needed"));
        }
    }
    let receipt = sender.send(app, &session.client, plan.operations).await?;
    Ok(done(app, &receipt, plan.done, &plan.data, plan.next))
}

fn controller_key(app: &App, name: &str, args: &GrantArgs) -> Result<SigningKey, Failure> {
    let wallet = app.wallet(Some(name))?;
    let attached = app.attachment(&wallet)?;
    if attached.party != Some(PartyId::new(args.party)) {
        return Err(Failure::new(Exit::Config, "err-not-the-controller").with("wallet", name));
    }
    let password = match &args.controller_password_file {
        Some(path) => read_password(path)?,
        None => app.password(name)?,
    };
    let source = wallet.open(&password).map_err(|error| refusal::of_keystore(&error))?;
    Ok(source.secrets().account_key().clone())
}

fn write_for_cosigning(
    app: &App,
    session: &Session,
    sender: &Sender,
    path: &Path,
    plan: Plan,
) -> Result<Reply, Failure> {
    let network = session.client.network();
    let genesis = network.genesis_hash;
    let mut unsigned = sender.unsigned(&genesis, Nonce::new(0), plan.operations);
    unsigned.valid_until = Client::valid_until(COSIGN_VALIDITY);
    let id = unsigned.id(&genesis);
    let transaction = sender.sign_unsigned(unsigned, &genesis);
    let body = TransactionBody::of(&transaction, &network.address_prefix);
    let text =
        serde_json::to_vec_pretty(&body).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    write_private(path, &text, Existing::Keep).map_err(|error| file_failure(path, &error))?;
    let shown = path.display().to_string();
    let mut data = plan.data;
    data["transaction"] = json!(id);
    data["file"] = json!(path);
    let text = app.text("done-consent-to-cosign", &[("path", &shown)]);
    Ok(Reply::new(data, text).next(format!("kyojo consent cosign {shown} --wallet CONTROLLER")))
}

pub(super) async fn cosign(app: &App, args: CosignArgs) -> Result<Reply, Failure> {
    let bytes = std::fs::read(&args.file).map_err(|error| file_failure(&args.file, &error))?;
    let session = Session::begin(app).await?;
    let network = session.client.network().clone();
    let bad = || {
        Failure::new(Exit::Verification, "err-bad-consent-file").with("path", args.file.display())
    };
    let body: TransactionBody = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    let transaction = body.transaction(&network.address_prefix).map_err(|_| bad())?;
    let [Operation::Grant(grant)] = transaction.unsigned.operations.as_slice() else {
        return Err(bad());
    };
    transaction.verify(&network.genesis_hash).map_err(|_| bad())?;
    if session.attached.party != Some(grant.controller) {
        return Err(Failure::new(Exit::Config, "err-not-the-controller")
            .with("wallet", &session.wallet.header.alias));
    }
    let mut lines = session.lines(app);
    lines.push((app.text("label-cosign", &[]), grant.consent.get().to_string()));
    let plan = Plan {
        operations: Vec::new(),
        lines,
        data: json!({ "consent": grant.consent, "party": grant.controller }),
        done: "done-consent-granted",
        next: Vec::new(),
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    app.confirm(&plan.lines)?;
    let unlocked = app.unlock(&session.wallet)?;
    let signed = add_signature(transaction, unlocked.secrets.account_key(), &network.genesis_hash);
    let receipt = session
        .client
        .submit_and_wait(&signed)
        .await
        .map_err(|error| refusal::of_client(&error))?;
    Ok(done(app, &checked(receipt)?, plan.done, &plan.data, plan.next))
}

fn add_signature(transaction: Transaction, key: &SigningKey, genesis: &Hash) -> Signed {
    let (id, unsigned) = (transaction.id(genesis), transaction.unsigned.clone());
    let mut signed = transaction;
    signed.authorisations.extend(unsigned.clone().sign(genesis, &[key]).authorisations);
    Signed {
        id,
        account: unsigned.account,
        nonce: unsigned.nonce,
        bytes: codec::encode(&signed).into(),
    }
}

/// Makes the grant after checking that the notice read is the notice published.
async fn prepare(
    app: &App,
    session: &Session,
    args: &GrantArgs,
    terms: &Terms,
    now: Timestamp,
) -> Result<(Grant, Value, Salt), Failure> {
    let read = std::fs::read(&args.notice_file)
        .map_err(|error| file_failure(&args.notice_file, &error))?;
    let notice_hash = Hash::of(&[&read]);
    let path = format!("/v1/notices/{}/{}", args.party, args.notice);
    let notice: NoticeBody =
        session.client.get(&path, None).await.map_err(|error| refusal::of_client(&error))?;
    let own = match app.output.lang {
        crate::i18n::Lang::Ja => "ja",
        crate::i18n::Lang::En => "en",
    };
    let tag = args.notice_language.as_deref().unwrap_or(own);
    let language = Language::new(tag)
        .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-language").with("language", tag))?;
    let published = notice.contents.iter().find(|content| content.language == tag);
    if published.map(|content| content.content_hash) != Some(notice_hash) {
        return Err(Failure::new(Exit::Verification, "err-notice-differs")
            .with("path", args.notice_file.display())
            .with("language", tag));
    }
    let presentation = json!({
        "notice": args.notice, "version": notice.version, "language": tag,
        "content_hash": notice_hash, "presented_at_ms": now,
    });
    let canonical =
        canonical_json(&presentation).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    let salt = Salt::fresh();
    let span = u64::from(args.days) * DAY_MS;
    let expires = now
        .checked_add_millis(span)
        .ok_or(Failure::new(Exit::Usage, "err-usage-value").with("argument", "--days"))?;
    let grant = Grant {
        consent: ConsentId::new(random_id()),
        controller: PartyId::new(args.party),
        terms_root: merkle::root(&terms.leaves),
        notice: NoticeId::new(args.notice),
        notice_version: notice.version,
        language,
        notice_hash,
        presentation_commitment: salt.commit(TAG_PRESENTATION, canonical.as_bytes()),
        valid_from: now,
        expires,
        use_limit: args.use_limit,
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    };
    Ok((grant, presentation, salt))
}

/// The terms with their salts and the leaves of their tree.
struct Terms {
    processes: Vec<Process>,
    leaves: Vec<Hash>,
}

impl Terms {
    /// Reads a JSON list of objects, each of which says whether it concerns sensitive data.
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| file_failure(path, &error))?;
        Self::parse(&text)
            .ok_or_else(|| Failure::new(Exit::Config, "err-bad-terms").with("path", path.display()))
    }

    fn parse(text: &str) -> Option<Self> {
        let values: Vec<Value> = serde_json::from_str(text).ok()?;
        let most = 1 << TERMS_PATH_MAX;
        if values.is_empty() || values.len() > most {
            return None;
        }
        let (mut processes, mut leaves) = (Vec::new(), Vec::new());
        for process in values {
            let sensitive = process.get("sensitive")?.as_bool()?;
            let salt = Salt::fresh();
            let canonical = canonical_json(&process).ok()?;
            let commitment = salt.commit(TAG_TERMS, canonical.as_bytes());
            leaves.push(TermsLeaf { sensitive, commitment }.hash());
            processes.push(Process { process, salt });
        }
        let count = processes.len().next_power_of_two().max(LEAVES_MIN);
        leaves.resize_with(count, random_id);
        Some(Self { processes, leaves })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_has_a_path_to_the_root_that_the_ledger_accepts() {
        let text = r#"[{"sensitive": true, "purpose": "care"}, {"sensitive": false, "n": 2},
                       {"sensitive": false, "recipients": ["a", "b"]}]"#;
        let terms = Terms::parse(text).unwrap();
        assert_eq!((terms.processes.len(), terms.leaves.len()), (3, LEAVES_MIN));
        let root = merkle::root(&terms.leaves);
        for (index, process) in terms.processes.iter().enumerate() {
            let canonical = canonical_json(&process.process).unwrap();
            let leaf = TermsLeaf {
                sensitive: index == 0,
                commitment: process.salt.commit(TAG_TERMS, canonical.as_bytes()),
            };
            let path = merkle::inclusion_path(&terms.leaves, index);
            assert_eq!(path.len(), 3);
            assert!(merkle::verify_fixed_path(leaf.hash(), index as u64, &path, &root));
        }
    }

    #[test]
    fn terms_that_say_too_little_are_refused() {
        for text in
            ["", "{}", "[]", "[{}]", r#"[{"sensitive": 1}]"#, r#"[{"sensitive": true, "x": 1.5}]"#]
        {
            assert!(Terms::parse(text).is_none(), "{text}");
        }
    }
}
