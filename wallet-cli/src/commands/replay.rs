//! `replay`: a file of real payments, fed through signed transactions, with a closing summary.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ledger_types::rejection::RejectionCode;
use ledger_types::{Hash, Height, Position, Yen};
use node_api::body::SupplyBody;
use serde_json::{Value, json};

use super::read_amount;
use super::wallet::read_actors;
use crate::actors::Actors;
use crate::amount;
use crate::app::App;
use crate::args::ReplayArgs;
use crate::client::Client;
use crate::commitment::random_id;
use crate::failure::{Exit, Failure};
use crate::output::{Reply, Volume, fields};
use crate::refusal;
use crate::replay::plan::{Bank, OpeningBalance};
use crate::replay::{Engine, EngineError, Files, Plan, ReadError, Row, Tally};

pub(super) async fn run(app: &App, args: ReplayArgs) -> Result<Reply, Failure> {
    let opening = match &args.opening_balance {
        Some(text) => OpeningBalance::Each(read_amount(text)?),
        None => OpeningBalance::Usual,
    };
    let actors = read_actors(&args.actors)?;
    let files = Files::read(&args.paths, args.scale).map_err(|error| of_read(&args, &error))?;
    for place in &files.cut {
        app.output.say(&app.text("note-replay-tail", &[("place", place)]));
    }
    let banks = banks(&actors)?;
    let run = args.seed.map_or_else(random_id, |seed| Hash::of(&[&seed.to_be_bytes()]));
    let plan = Plan::new(&files, &banks, &run, opening).map_err(|few| {
        Failure::new(Exit::Config, "err-replay-too-few-banks")
            .with("needed", few.needed)
            .with("found", few.found)
    })?;
    announce(app, &files, &plan, &banks);
    if app.global.dry_run {
        let data = json!({ "dry_run": true, "rows": plan.rows.len() });
        return Ok(Reply::new(data, app.text("note-dry-run", &[])));
    }
    let client = app.client().await?;
    let theirs = client.network().genesis_hash;
    if theirs != actors.genesis_hash {
        return Err(Failure::new(Exit::Config, "err-replay-other-network")
            .with("ours", actors.genesis_hash)
            .with("theirs", theirs));
    }
    let before = supply(&client).await?;
    let (tally, opened) = feed(app, &client, &plan, banks.len(), args.rate).await?;
    let after = supply_after(&client, tally.height).await?;
    summary(app, &plan, &tally, &opened, &before, &after)
}

/// The network's banks with their keys, in order of code.
fn banks(actors: &Actors) -> Result<Vec<Bank>, Failure> {
    let mut banks = Vec::new();
    for actor in actors.actors.iter().filter(|actor| actor.role == "bank") {
        let unusable =
            || Failure::new(Exit::Config, "err-bank-without-key").with("bank", &actor.name);
        let bank = actor.bank.ok_or_else(unusable)?;
        let key = actor.key().ok_or_else(unusable)?;
        banks.push(Bank { bank, account: actor.account, key });
    }
    banks.sort_by_key(|bank| bank.bank);
    Ok(banks)
}

fn announce(app: &App, files: &Files, plan: &Plan, banks: &[Bank]) {
    let numbers = [
        files.transactions.len().to_string(),
        files.orders.len().to_string(),
        (plan.senders.len() - banks.len()).to_string(),
        (plan.partner_banks.len() + 1).to_string(),
    ];
    let [transactions, orders, accounts, count] = &numbers;
    app.output.say(&app.text(
        "note-replay-read",
        &[
            ("transactions", transactions),
            ("orders", orders),
            ("accounts", accounts),
            ("banks", count),
        ],
    ));
    if let Some(own) = banks.first().filter(|_| !plan.partner_banks.is_empty()) {
        let own = format!("{:04}", own.bank.get());
        let others: Vec<String> = plan
            .partner_banks
            .iter()
            .map(|(code, bank)| format!("{code}={:04}", bank.get()))
            .collect();
        let others = others.join(" ");
        app.output.detail(&app.text("note-replay-banks", &[("own", &own), ("others", &others)]));
    }
}

/// Opens and funds the accounts, then feeds the rows.
async fn feed(
    app: &App,
    client: &Client,
    plan: &Plan,
    banks: usize,
    rate: u32,
) -> Result<(Tally, Tally), Failure> {
    let mut engine = Engine::start(client, &plan.senders, banks).await?;
    let accounts = (plan.senders.len() - banks).to_string();
    app.output.say(&app.text("note-replay-opening", &[("accounts", &accounts)]));
    let mut opened = Tally::default();
    for rows in [&plan.openings, &plan.funding] {
        let tally = run_rows(app, &mut engine, rows, 0).await?;
        if let Some(code) = tally.rejected.keys().next() {
            let reason = refusal::rule_text(app.output.lang, RejectionCode::new(*code));
            return Err(Failure::new(Exit::Refused, "err-replay-unfinished")
                .with("reason", reason)
                .details(json!({ "rejected": tally.rejected })));
        }
        opened.transactions += tally.transactions;
        opened.issued += tally.issued;
    }
    let tally = run_rows(app, &mut engine, &plan.rows, rate).await?;
    Ok((tally, opened))
}

async fn run_rows(
    app: &App,
    engine: &mut Engine<'_>,
    rows: &[Row],
    rate: u32,
) -> Result<Tally, Failure> {
    let total = rows.len();
    let bar = progress_bar(app, total as u64);
    let outcome = engine.run(rows, rate, &|settled| bar.set_position(settled)).await;
    bar.finish_and_clear();
    outcome.map_err(|error| match error {
        EngineError::Client(error) => error.into(),
        EngineError::Stalled { after, settled } => {
            Failure::new(Exit::Timeout, "err-replay-stalled")
                .with("seconds", after.as_secs())
                .with("settled", settled)
                .with("rows", total)
                .details(json!({ "settled": settled, "rows": total }))
        }
    })
}

fn progress_bar(app: &App, total: u64) -> ProgressBar {
    let target = match app.output.volume {
        Volume::Quiet => ProgressDrawTarget::hidden(),
        Volume::Normal | Volume::Verbose => ProgressDrawTarget::stderr(),
    };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} {per_sec} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

async fn supply(client: &Client) -> Result<SupplyBody, Failure> {
    Ok(client.supply().await?)
}

/// The supply once the node's read side has reached a height.
async fn supply_after(client: &Client, height: Height) -> Result<SupplyBody, Failure> {
    let deadline = Instant::now() + client.timeout();
    loop {
        let supply = supply(client).await?;
        if supply.height >= height {
            return Ok(supply);
        }
        if Instant::now() >= deadline {
            return Err(Failure::new(Exit::Timeout, "err-timeout"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the ledger says that everything adds up, and it does when added up here.
fn conserved(supply: &SupplyBody) -> bool {
    let sum = |of: fn(&node_api::body::BankBody) -> Yen| {
        supply.banks.iter().map(|bank| u128::from(of(bank).get())).sum::<u128>()
    };
    let positions: Option<i128> =
        supply.banks.iter().map(|bank| bank.position.parse::<i128>().ok()).sum();
    supply.conserved
        && sum(|bank| bank.liability) == u128::from(supply.liability.get())
        && sum(|bank| bank.issued) == u128::from(supply.issued.get())
        && sum(|bank| bank.redeemed) == u128::from(supply.redeemed.get())
        && supply.issued.checked_sub(supply.redeemed) == Some(supply.liability)
        && positions == Some(0)
}

fn summary(
    app: &App,
    plan: &Plan,
    tally: &Tally,
    opened: &Tally,
    before: &SupplyBody,
    after: &SupplyBody,
) -> Result<Reply, Failure> {
    let conserved = conserved(before) && conserved(after);
    let grew = |of: fn(&SupplyBody) -> Yen| {
        u128::from(of(after).get()).checked_sub(u128::from(of(before).get()))
    };
    let as_fed = grew(|supply| supply.issued) == Some(tally.issued + opened.issued)
        && grew(|supply| supply.redeemed) == Some(tally.redeemed);
    let millis = |percent| {
        tally
            .finality_percentile(percent)
            .map(|time| (time.as_secs_f64() * 10_000.0).round() / 10.0)
    };
    let code = |bank: &node_api::body::BankBody| format!("{:04}", bank.bank.get());
    let liabilities: BTreeMap<String, Yen> =
        after.banks.iter().map(|bank| (code(bank), bank.liability)).collect();
    let positions: BTreeMap<String, &String> =
        after.banks.iter().map(|bank| (code(bank), &bank.position)).collect();
    let data = json!({
        "rows": plan.rows.len(),
        "committed": tally.committed,
        "rejected": tally.rejected,
        "transactions": tally.transactions,
        "elapsed_ms": u64::try_from(tally.elapsed.as_millis()).unwrap_or(u64::MAX),
        "finality_p50_ms": millis(50),
        "finality_p99_ms": millis(99),
        "conserved": conserved,
        "supply_as_fed": as_fed,
        "supply_before": before.liability,
        "supply_after": after.liability,
        "supply_by_bank": liabilities,
        "interbank_positions": positions,
        "interbank_pairs": after.pairs,
        "height": after.height,
    });
    if !conserved {
        let violation = after.violation.clone().unwrap_or_else(|| "?".to_owned());
        return Err(Failure::new(Exit::Verification, "err-not-conserved")
            .with("violation", violation)
            .details(data));
    }
    let text = show(app, plan.rows.len(), tally, after, &data);
    Ok(Reply::new(data, text).next("kyojo audit supply"))
}

fn show(app: &App, rows: usize, tally: &Tally, after: &SupplyBody, data: &Value) -> String {
    let rows = rows.to_string();
    let mut lines = vec![
        (app.text("label-fed", &[]), rows.clone()),
        (app.text("label-committed", &[]), tally.committed.to_string()),
    ];
    for (code, count) in &tally.rejected {
        let rule = RejectionCode::new(*code);
        let reason = refusal::rule_text(app.output.lang, rule);
        lines.push((
            app.text("label-rejected", &[]),
            format!("{count} × {code} {} ({reason})", rule.name()),
        ));
    }
    let speed = u128::from(tally.transactions) * 1000 / tally.elapsed.as_millis().max(1);
    lines.push((app.text("label-speed", &[]), format!("{speed}/s")));
    lines.push((
        app.text("label-finality", &[]),
        format!("p50 {} ms, p99 {} ms", data["finality_p50_ms"], data["finality_p99_ms"]),
    ));
    for bank in &after.banks {
        let position = bank.position.parse().map_or_else(
            |_| bank.position.clone(),
            |yen| amount::show_position(Position::new(yen)),
        );
        lines.push((
            format!("{} {:04}", app.text("label-bank", &[]), bank.bank.get()),
            format!(
                "{} {}, {} {position}",
                app.text("label-liability", &[]),
                amount::show(bank.liability),
                app.text("label-position", &[]),
            ),
        ));
    }
    let done = app.text("done-replayed", &[("rows", &rows)]);
    let conserved = app.text("label-conserved-yes", &[]);
    let mut text = format!("{done}\n{}\n{conserved}", fields(&lines));
    if !tally.rejected.is_empty() {
        text.push('\n');
        text.push_str(&app.text("note-rejected-rows", &[]));
    }
    text
}

fn of_read(args: &ReplayArgs, error: &ReadError) -> Failure {
    match error {
        ReadError::File { path, error } => crate::settings::file_failure(path, error),
        ReadError::Nothing => {
            let paths: Vec<String> =
                args.paths.iter().map(|path| path.display().to_string()).collect();
            Failure::new(Exit::NotFound, "err-replay-no-files").with("paths", paths.join(" "))
        }
        ReadError::Row { place, reason } => Failure::new(Exit::Config, "err-bad-row")
            .with("place", place)
            .with("reason", reason)
            .details(json!({ "place": place, "reason": reason })),
    }
}
