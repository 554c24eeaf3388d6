//! `consent reconsent ls` and `answer`: requests to consent again, answered one by one in one go.
//!
//! Nothing is ever answered for a person: a consent that is not named in the answer stays as it is
//! and lapses with its notice; there is no way to say yes to all without naming each.

use ledger_types::operation::{Answer, ReconsentAnswer, RespondReconsent};
use node_api::body::{ConsentBody, ReconsentBody};
use node_api::query::Reconsents;

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::agreement::shown::{ReadNotice, Shown};
use crate::commands::consent::ls::{All, all, unread_warning};
use crate::commands::prelude::*;

/// `consent reconsent`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReconsentCommand {
    /// Lists the requests that wait for your answer.
    Ls(ReconsentLsArgs),
    /// Answers a request for one or many consents. What is not named stays unanswered.
    Answer(AnswerReconsentArgs),
}

/// `consent reconsent ls`.
#[derive(Debug, Args)]
pub(crate) struct ReconsentLsArgs {
    /// Also ask about this controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Vec<PartyRef>,
}

/// `consent reconsent answer`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("answer").multiple(true).required(true)
    .args(["accept", "refuse", "defer"])))]
pub(crate) struct AnswerReconsentArgs {
    /// The request.
    pub(crate) request: String,
    /// Yes for this consent; may be repeated.
    #[arg(long, value_name = "CONSENT", requires = "notice_file")]
    pub(crate) accept: Vec<String>,
    /// No for this consent, which ends; may be repeated.
    #[arg(long, value_name = "CONSENT")]
    pub(crate) refuse: Vec<String>,
    /// Not now for this consent; may be repeated.
    #[arg(long, value_name = "CONSENT")]
    pub(crate) defer: Vec<String>,
    /// The notice's text as you read it; its hash must be the published one.
    #[arg(long, value_name = "FILE")]
    pub(crate) notice_file: Option<PathBuf>,
    /// Language of the notice that you read; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) notice_language: Option<String>,
}

pub(crate) async fn run(app: &App, command: ReconsentCommand) -> Result<Reply, Failure> {
    match command {
        ReconsentCommand::Ls(args) => ls(app, &args).await,
        ReconsentCommand::Answer(args) => answer(app, &args).await,
    }
}

async fn ls(app: &App, args: &ReconsentLsArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let more = PartyRef::ids(&args.party, app, &people.client).await?.into_iter();
    let All { consents, unread } = all(&people, more).await?;
    let warnings = unread_warning(app, &unread);
    let mut asked: Vec<(ReconsentBody, Vec<ConsentId>)> = Vec::new();
    let mut notices: Vec<_> = consents.iter().map(|body| (body.controller, body.notice)).collect();
    notices.sort();
    notices.dedup();
    for (party, notice) in notices {
        let requests = pages::every(async |cursor| {
            let asked = Reconsents { party, notice, cursor, limit: pages::LIMIT };
            people.client.reconsents(&asked).await
        });
        for request in requests.await?.into_iter().filter(|request| request.is_open) {
            let concerned = concerned(&consents, &request);
            if !concerned.is_empty() {
                asked.push((request, concerned));
            }
        }
    }
    if asked.is_empty() {
        let text = app.text("note-no-reconsents", &[]);
        let reply = Reply::new(json!({ "requests": [] }), text).next("kyojo consent ls");
        return Ok(Reply { warnings, ..reply });
    }
    let titles =
        ["label-request", "label-who", "label-notice", "label-consent", "label-answer-before"];
    let rows: Vec<Vec<String>> = asked
        .iter()
        .map(|(request, consents)| {
            vec![
                request.request.to_string(),
                people.directory.name(request.controller, app.output.lang),
                app.versioned(request.notice, request.version),
                consents.iter().map(beginning).collect::<Vec<_>>().join(" "),
                calendar::show_end(app.output.lang, request.deadline.get()),
            ]
        })
        .collect();
    let data: Vec<_> = asked
        .iter()
        .map(|(request, consents)| json!({ "request": request, "consents": consents }))
        .collect();
    let silence = app.text("note-silence-is-no", &[]);
    let text = format!("{}\n\n{silence}", app.table(&titles, &rows, &[]));
    let reply = Reply::new(json!({ "requests": data }), text)
        .next("kyojo consent reconsent answer REQUEST --accept NUMBER --notice-file FILE");
    Ok(Reply { warnings, ..reply })
}

/// The consents that a request is about and that go on.
fn concerned(consents: &[ConsentBody], request: &ReconsentBody) -> Vec<ConsentId> {
    let of_request = |body: &&ConsentBody| {
        (body.controller, body.notice) == (request.controller, request.notice)
            && body.ended.is_none()
            && body.notice_version < request.version
    };
    consents.iter().filter(of_request).map(|body| body.consent).collect()
}

async fn answer(app: &App, args: &AnswerReconsentArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let request = read_hash(&args.request)?;
    let body = people.client.reconsent(&request).await?;
    let party = body.controller;
    let (answers, evidence) = answers(app, &people, args, &body).await?;
    let named: Vec<_> = answers.iter().map(|answer| answer.consent).collect();
    let operation = RespondReconsent { request, answers: answers.clone() };
    let mut act = Act::new("label-act-respond", Operation::RespondReconsent(operation))
        .data(json!({ "request": request, "party": party, "answered": named }))
        .next("kyojo consent ls");
    for answer in &answers {
        let key = match answer.answer {
            Answer::Accept { .. } => "label-answer-accept",
            Answer::Refuse => "label-answer-refuse",
            Answer::Defer => "label-answer-defer",
        };
        act = act.line(key, answer.consent.get());
    }
    for (consent, one) in evidence {
        act = act.evidence(Some(consent), one);
    }
    act.by_subject(app, &people, party).await
}

/// The answers in the ledger's order, with the evidence for each yes.
async fn answers(
    app: &App,
    people: &People,
    args: &AnswerReconsentArgs,
    request: &ReconsentBody,
) -> Result<(Vec<ReconsentAnswer>, Vec<(ConsentId, Evidence)>), Failure> {
    let mut answers: Vec<ReconsentAnswer> = Vec::new();
    let mut evidence = Vec::new();
    if let Some(file) = args.notice_file.clone().filter(|_| !args.accept.is_empty()) {
        let read = ReadNotice { notice_file: file, notice_language: args.notice_language.clone() };
        let notice = (request.controller, request.notice);
        let shown = Shown::check(app, &people.client, notice, &read).await?;
        let status = people.client.status().await?;
        for text in &args.accept {
            let consent = people.consent(text)?;
            let presented = shown.presented(status.time.get(), None)?;
            let answer = Answer::Accept {
                language: shown.language,
                notice_hash: shown.text,
                presentation_commitment: presented.commitment,
            };
            answers.push(ReconsentAnswer { consent, answer });
            evidence.push((consent, presented));
        }
    }
    for (texts, answer) in [(&args.refuse, Answer::Refuse), (&args.defer, Answer::Defer)] {
        for text in texts {
            answers.push(ReconsentAnswer { consent: people.consent(text)?, answer });
        }
    }
    answers.sort_by_key(|answer| answer.consent);
    if let Some(twice) = answered_twice(&answers) {
        return Err(Failure::new(Exit::Usage, "err-answered-twice").with("consent", twice));
    }
    Ok((answers, evidence))
}

fn answered_twice(answers: &[ReconsentAnswer]) -> Option<Hash> {
    let pairs = answers.iter().zip(answers.iter().skip(1));
    pairs.filter(|(one, next)| one.consent == next.consent).map(|(one, _)| one.consent.get()).next()
}
