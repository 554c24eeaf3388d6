//! Broken glasses with their reviews and notices, and emergencies in an area.

use consent_records::commitment::random_id;
use ledger_types::Operation;
use ledger_types::operation::{
    BreakGlass, DeclareEmergency, EndEmergency, Finding, NotifySubject, ReviewBreakGlass,
};
use serde_json::json;

use crate::app::App;
use crate::args::{BreakGlassArgs, EmergencyCommand, FindingName, NotifyArgs, ReviewArgs};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::read_hash;
use crate::commands::reading::{self, TAG_PERSON};
use crate::commands::transact::Session;
use crate::consents::Evidence;
use crate::failure::Failure;
use crate::output::Reply;

const MINUTE_MS: u64 = 60 * 1000;

pub(super) async fn break_glass(app: &App, args: &BreakGlassArgs) -> Result<Reply, Failure> {
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let scope = Evidence::of_file("scope", &args.scope)?;
    let ground = Evidence::of_file("ground", &args.ground)?;
    let session = Session::begin(app).await?;
    let opened = match &args.opened {
        Some(text) => calendar::read_time(text)?,
        None => session.client.status().await?.time.get(),
    };
    let glass = random_id();
    let broken = BreakGlass {
        glass,
        person,
        scope: scope.commitment,
        ground: ground.commitment,
        opened,
        duration_ms: u64::from(args.minutes) * MINUTE_MS,
    };
    Act::new("label-act-break-glass", Operation::BreakGlass(broken))
        .line("label-glass", glass)
        .line("label-opened", calendar::show(opened))
        .line("label-minutes", args.minutes)
        .data(json!({ "glass": glass, "person": person }))
        .evidence(None, scope)
        .evidence(None, ground)
        .next(format!("kyojo party access break-glass {glass}"))
        .next(format!("kyojo party notify {glass} --evidence FILE"))
        .by_account(app, &session)
        .await
}

pub(super) async fn notify(app: &App, args: &NotifyArgs) -> Result<Reply, Failure> {
    let glass = read_hash(&args.glass)?;
    let evidence = Evidence::of_file("that the person was told", &args.evidence)?;
    let told = NotifySubject { glass, evidence: evidence.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-notify", Operation::NotifySubject(told))
        .line("label-glass", glass)
        .data(json!({ "glass": glass }))
        .evidence(None, evidence)
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}

pub(super) async fn review(app: &App, args: &ReviewArgs) -> Result<Reply, Failure> {
    let glass = read_hash(&args.glass)?;
    let content = Evidence::of_file("review", &args.file)?;
    let (finding, key) = match args.finding {
        FindingName::Justified => (Finding::Justified, "label-justified"),
        FindingName::Unjustified => (Finding::Unjustified, "label-unjustified"),
    };
    let reviewed = ReviewBreakGlass { glass, finding, commitment: content.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-review", Operation::ReviewBreakGlass(reviewed))
        .line("label-glass", glass)
        .line("label-finding", app.text(key, &[]))
        .data(json!({ "glass": glass, "finding": finding }))
        .evidence(None, content)
        .by_account(app, &session)
        .await
}

pub(super) async fn emergency(app: &App, command: EmergencyCommand) -> Result<Reply, Failure> {
    match command {
        EmergencyCommand::Declare(args) => {
            let ground = Evidence::of_file("ground", &args.ground)?;
            let until = calendar::read_time(&args.until)?;
            let area = args.area;
            let declared = DeclareEmergency { area, until, ground: ground.commitment };
            let session = Session::begin(app).await?;
            Act::new("label-act-declare", Operation::DeclareEmergency(declared))
                .line("label-disaster-area", area)
                .line("label-until", calendar::show(until))
                .data(json!({ "area": area }))
                .evidence(None, ground)
                .by_account(app, &session)
                .await
        }
        EmergencyCommand::End(args) => {
            let area = args.area;
            let session = Session::begin(app).await?;
            Act::new("label-act-end-emergency", Operation::EndEmergency(EndEmergency { area }))
                .line("label-disaster-area", area)
                .data(json!({ "area": area }))
                .by_account(app, &session)
                .await
        }
    }
}
