//! What follows the end of a consent, and what ends it from another's side; answers and requests.

use consent_records::commitment::random_id;
use ledger_types::operation::{
    AcknowledgeShred, AcknowledgeWithdrawal, AnswerSubjectRequest, Deletion, EndByController,
    Invalidate, RequestOutcome, RequestReconsent,
};
use ledger_types::{ConsentId, LegalBasisId, NoticeId, Operation};
use serde_json::json;

use super::own;
use crate::app::App;
use crate::args::{
    AcknowledgeArgs, AnswerArgs, EndArgs, OutcomeName, PartyReconsentCommand, ShredArgs,
};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::read_hash;
use crate::commands::reading;
use crate::commands::transact::Session;
use crate::consents::{Consents, Evidence};
use crate::failure::{Exit, Failure};
use crate::output::Reply;

fn consent(text: &str) -> Result<ConsentId, Failure> {
    read_hash(text).map(ConsentId::new)
}

pub(super) async fn acknowledge(app: &App, args: &AcknowledgeArgs) -> Result<Reply, Failure> {
    let consent = consent(&args.consent)?;
    let stopped_at = calendar::read_time(&args.stopped)?;
    let deletion = match args.retained {
        Some(basis) => Deletion::Retained { basis: LegalBasisId::new(basis) },
        None => Deletion::Done,
    };
    let propagated_to = reading::parties(&args.told);
    let said = AcknowledgeWithdrawal { consent, stopped_at, deletion, propagated_to };
    let session = Session::begin(app).await?;
    let fate = if args.deleted { "label-deleted" } else { "label-retained" };
    Act::new("label-act-acknowledge", Operation::AcknowledgeWithdrawal(said))
        .line("label-consent", consent.get())
        .line("label-stopped", calendar::show(stopped_at))
        .line("label-data", app.text(fate, &[]))
        .data(json!({ "consent": consent, "deletion": deletion }))
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}

pub(super) async fn answer(app: &App, args: &AnswerArgs) -> Result<Reply, Failure> {
    let request = read_hash(&args.name.request)?;
    let outcome = match args.outcome {
        OutcomeName::Done => RequestOutcome::Done,
        OutcomeName::Partly => RequestOutcome::Partly,
        OutcomeName::Refused => {
            let basis = args.basis.ok_or_else(|| {
                Failure::new(Exit::Usage, "err-usage-missing").with("argument", "--basis")
            })?;
            RequestOutcome::Refused { basis: LegalBasisId::new(basis) }
        }
    };
    let content = Evidence::of_file("answer", &args.file)?;
    let answered = AnswerSubjectRequest { request, outcome, commitment: content.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-answer", Operation::AnswerSubjectRequest(answered))
        .line("label-request", request)
        .data(json!({ "request": request, "outcome": outcome }))
        .evidence(None, content)
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}

pub(super) async fn reconsent(app: &App, command: PartyReconsentCommand) -> Result<Reply, Failure> {
    let PartyReconsentCommand::Request(args) = command;
    let reason = Evidence::of_file("reason", &args.reason)?;
    let deadline = calendar::read_time(&args.until)?;
    let session = Session::begin(app).await?;
    let party = own(&session)?;
    let notice = session.client.notice(party, NoticeId::new(args.notice)).await?;
    let request = random_id();
    let asked = RequestReconsent {
        request,
        notice: NoticeId::new(args.notice),
        version: notice.version,
        reason: reason.commitment,
        deadline,
    };
    Act::new("label-act-request-reconsent", Operation::RequestReconsent(asked))
        .line("label-notice", format!("{} v{}", args.notice, notice.version))
        .line("label-answer-before", calendar::show(deadline))
        .data(json!({ "request": request, "notice": args.notice, "version": notice.version }))
        .evidence(None, reason)
        .by_account(app, &session)
        .await
}

pub(super) async fn revoke(app: &App, args: &EndArgs) -> Result<Reply, Failure> {
    let (consent, ground) = (consent(&args.consent)?, Evidence::of_file("ground", &args.ground)?);
    let operation =
        Operation::EndByController(EndByController { consent, ground: ground.commitment });
    end(app, "label-act-revoke", operation, consent, ground).await
}

pub(super) async fn invalidate(app: &App, args: &EndArgs) -> Result<Reply, Failure> {
    let (consent, ground) = (consent(&args.consent)?, Evidence::of_file("ground", &args.ground)?);
    let operation = Operation::Invalidate(Invalidate { consent, ground: ground.commitment });
    end(app, "label-act-invalidate", operation, consent, ground).await
}

async fn end(
    app: &App,
    what: &'static str,
    operation: Operation,
    consent: ConsentId,
    ground: Evidence,
) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    Act::new(what, operation)
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent }))
        .evidence(Some(consent), ground)
        .by_account(app, &session)
        .await
}

/// Destroys what this wallet's vault has of a consent, then says so on the ledger.
pub(super) async fn shred(app: &App, args: &ShredArgs) -> Result<Reply, Failure> {
    let consent = consent(&args.consent)?;
    let session = Session::begin(app).await?;
    let party = own(&session)?;
    let lines = [(app.text("label-shred", &[]), consent.get().to_string())];
    if app.global.dry_run {
        let text = app.text("note-dry-run", &[]);
        return Ok(Reply::new(json!({ "dry_run": true, "consent": consent }), text));
    }
    app.confirm(&lines)?;
    let status = session.client.status().await?;
    let secrets = app.secrets(&session.wallet)?;
    let alias = &session.wallet.header.alias;
    let record = {
        let kept = Consents::open(&app.settings.folders, alias, &secrets)?;
        kept.shred(&consent, status.time.get())?
    };
    let genesis = session.client.network().genesis_hash;
    let digest = record.acknowledgement(&genesis, party);
    let said = AcknowledgeShred { consent, digest };
    Act::new("label-act-shred", Operation::AcknowledgeShred(said))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "record": record, "digest": digest }))
        .unasked()
        .by_account(app, &session)
        .await
}
