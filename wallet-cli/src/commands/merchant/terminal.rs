//! `merchant terminal`: the keys by which a shop's tills and clerks act for it.

use ledger_types::ZoneId;
use ledger_types::operation::{EndTerminal, RegisterTerminal};
use ledger_types::zone::TerminalRights;
use node_api::body::TerminalBody;

use super::till;
use crate::acting::tills;
use crate::commands::prelude::*;

/// `merchant terminal`.
#[derive(Debug, Subcommand)]
pub(crate) enum TerminalCommand {
    /// Makes a terminal's key on this machine and registers it.
    Add(AddArgs),
    /// Lists your terminals.
    Ls(LsArgs),
    /// Writes a terminal's key to a new encrypted file, for the till's own machine.
    Export(ExportArgs),
    /// Takes in the key of a terminal as a wallet of this machine.
    Import(ImportArgs),
    /// Ends a terminal at once; what it asked for and nobody paid is void.
    End(EndArgs),
}

/// `merchant terminal add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The terminal's number; one that was used before is never taken again.
    pub(crate) terminal: u16,
    /// What it may do, with commas between.
    #[arg(long, value_name = "RIGHTS", value_delimiter = ',', default_value = "request")]
    pub(crate) rights: Vec<Right>,
    /// The most that it refunds at once, such as 5000 or 5,000円.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) per_refund: Option<String>,
    /// The most that it refunds on a day.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) per_day: Option<String>,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// `merchant terminal ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// `merchant terminal export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The terminal's number.
    pub(crate) terminal: u16,
    /// The new file; it asks for a password of its own.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How the till's machine calls it; by default till- and its number.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// `merchant terminal import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file that was written for this till.
    pub(crate) file: PathBuf,
}

/// `merchant terminal end`.
#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// The terminal's number.
    pub(crate) terminal: u16,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// What a terminal may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Right {
    /// Ask to be paid, and take that back.
    Request,
    /// Void a payment of the day.
    Void,
    /// Refund.
    Refund,
}

impl Right {
    const fn on_ledger(self) -> TerminalRights {
        match self {
            Self::Request => TerminalRights::REQUEST,
            Self::Void => TerminalRights::VOID,
            Self::Refund => TerminalRights::REFUND,
        }
    }
}

pub(crate) async fn run(app: &App, command: TerminalCommand) -> Result<Reply, Failure> {
    match command {
        TerminalCommand::Add(args) => add(app, args).await,
        TerminalCommand::Ls(args) => ls(app, args).await,
        TerminalCommand::Export(args) => till::export(app, args).await,
        TerminalCommand::Import(args) => till::import(app, &args),
        TerminalCommand::End(args) => end(app, args).await,
    }
}

/// What a terminal may do, in words.
fn in_words(app: &App, rights: TerminalRights) -> String {
    let all = [
        (TerminalRights::REQUEST, "label-right-request"),
        (TerminalRights::VOID, "label-right-void"),
        (TerminalRights::REFUND, "label-right-refund"),
    ];
    let may = all.iter().filter(|(right, _)| rights.intersects(*right));
    may.map(|(_, key)| app.text(key, &[])).collect::<Vec<_>>().join(", ")
}

async fn add(app: &App, args: AddArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let named = tills::zone(app, &session, args.zone.as_deref()).await?;
    let (zone, terminal) = (named.id, args.terminal);
    let rights = args.rights.iter().map(|right| right.on_ledger());
    let rights = rights.fold(TerminalRights::default(), TerminalRights::with);
    let cap = |said: &Option<String>| said.as_deref().map(reading::read_amount).transpose();
    let (per_refund, per_day) = (cap(&args.per_refund)?, cap(&args.per_day)?);
    // A dry run makes nothing that would have to be kept: the wallet's own key stands for it.
    let opened = app.unlock_to_send(&session.wallet)?;
    let key = match &opened {
        None => session.wallet.header.public_key,
        Some(opened) => tills::kept_or_new(app, &session, opened, (zone, terminal))?.public_key(),
    };
    let register = RegisterTerminal { zone, terminal, key, rights, per_refund, per_day };
    let mut act = Act::ending(Operation::RegisterTerminal(register), "done-terminal-added")
        .line("label-zone", named.shown(app))
        .line("label-terminal", terminal)
        .line("label-rights", in_words(app, rights));
    for (label, cap) in [("label-per-refund", per_refund), ("label-refund-per-day", per_day)] {
        if let Some(cap) = cap {
            act = act.line(label, amount::show(cap));
        }
    }
    let data = json!({
        "zone": zone, "terminal": terminal, "key": opened.is_some().then_some(key),
        "rights": rights.names(), "per_refund": per_refund, "per_day": per_day,
    });
    act.line("label-note", app.text("note-terminal-key-kept", &[]))
        .data(data)
        .next(format!("kyojo merchant request 850 --terminal {terminal}"))
        .by_opened(app, &session, opened.as_ref())
        .await
}

async fn ls(app: &App, args: LsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let zone = tills::zone(app, &session, args.zone.as_deref()).await?.id;
    let opened = app.unlock(&session.wallet)?;
    let (address, reader) = (&session.attached.address, opened.reader());
    let terminals = session.client.terminals(zone, address, &reader).await?.terminals;
    let mut rows = Vec::new();
    let mut data = Vec::new();
    for one in &terminals {
        let kept = tills::kept(app, &session, &opened, (zone, one.terminal))?;
        let is_here = kept.is_some_and(|key| key.public_key() == one.key);
        rows.push(row(app, one, is_here));
        let mut one = json!(one);
        one["is_key_here"] = json!(is_here);
        data.push(one);
    }
    let text = if rows.is_empty() {
        app.text("note-no-terminals", &[])
    } else {
        let titles = [
            "label-terminal",
            "label-rights",
            "label-per-refund",
            "label-refund-per-day",
            "label-refunded-today",
            "label-state",
            "label-key",
        ];
        app.table(&titles, &rows, &[2, 3, 4])
    };
    let reply = Reply::new(json!({ "zone": zone, "terminals": data }), text);
    Ok(reply.next("kyojo merchant terminal add 1 --rights request"))
}

fn row(app: &App, one: &TerminalBody, is_here: bool) -> Vec<String> {
    let cap = |cap: Option<ledger_types::Yen>| cap.map(amount::show).unwrap_or_default();
    let state = if one.ended { "label-terminal-ended" } else { "label-terminal-in-use" };
    let key = if is_here { "label-key-here" } else { "label-key-elsewhere" };
    vec![
        one.terminal.to_string(),
        in_words(app, one.rights),
        cap(one.per_refund),
        cap(one.per_day),
        amount::show(one.refunded_today),
        app.text(state, &[]),
        app.text(key, &[]),
    ]
}

async fn end(app: &App, args: EndArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let named = tills::zone(app, &session, args.zone.as_deref()).await?;
    let (zone, terminal): (ZoneId, u16) = (named.id, args.terminal);
    let end = EndTerminal { zone, terminal };
    Act::ending(Operation::EndTerminal(end), "done-terminal-ended")
        .line("label-zone", named.shown(app))
        .line("label-terminal-to-end", terminal)
        .data(json!({ "zone": zone, "terminal": terminal }))
        .next("kyojo merchant terminal ls")
        .by_account(app, &session)
        .await
}
