//! `party break-glass`: one person's data is opened in an emergency.

use ledger_types::operation::BreakGlass;

use crate::commands::prelude::*;
use crate::reading::TAG_PERSON;

/// `party break-glass`.
#[derive(Debug, Args)]
pub(crate) struct BreakGlassArgs {
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
    /// File with what is looked at; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) scope: PathBuf,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) ground: PathBuf,
    /// When it was broken, such as 2026/11/22 18:00, where there was no network; by default now.
    #[arg(long, value_name = "TIME")]
    pub(crate) opened: Option<String>,
    /// For how many minutes it stays open.
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    pub(crate) minutes: u32,
}

const MINUTE_MS: u64 = 60 * 1000;

pub(crate) async fn run(app: &App, args: &BreakGlassArgs) -> Result<Reply, Failure> {
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let scope = Evidence::of_file("scope", &args.scope)?;
    let ground = Evidence::of_file("ground", &args.ground)?;
    let session = Session::begin(app).await?;
    let opened = match &args.opened {
        Some(text) => calendar::read_instant(text)?,
        None => session.client.status().await?.time.get(),
    };
    let glass = dated_id(session.client.network().clock.now());
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
