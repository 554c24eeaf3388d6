//! `directory sign`: a list becomes the network's directory.

use public_names::{Directory, SignedDirectory};

use super::check;
use super::source;
use crate::commands::prelude::*;
use crate::named::cached::Pinned;

/// `directory sign`.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The list: CSV whose first line names its columns: kind, name, number, and where there are
    /// such, reading, zone, area, web. A shop's number is its address.
    pub(crate) list: PathBuf,
    /// Where to write the signed directory: a new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How many days it is good.
    #[arg(long, value_name = "NUMBER", default_value_t = 90,
          value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
    /// Its number; by default the next after the newest that is known.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) serial: Option<u64>,
}

pub(crate) async fn run(app: &App, args: &SignArgs) -> Result<Reply, Failure> {
    let wallet = app.wallet(None)?;
    let client = app.client().await?;
    if let Some(attached) = &wallet.header.attached {
        app.check_network(&client, attached)?;
    }
    let none = || Failure::new(Exit::Config, "err-no-directory-keys");
    let mut pinned = Pinned::of_node(&app.settings.folders, &client)?.ok_or_else(none)?;
    pinned.fetch(&app.settings.folders, &client).await?;
    let (source, entries) = check::listed(app, &client, &args.list).await?;
    let (network, issued) = (client.network().genesis_hash, client.network().clock.now());
    let most = u64::from(args.days).saturating_mul(calendar::DAY_MS);
    let expires =
        issued.checked_add_millis(most).ok_or(Failure::new(Exit::Other, "err-internal"))?;
    let serial = pinned.serial(args.serial)?;
    let directory = Directory { network, serial, issued, expires, entries };
    let wrong = check::wrong(&client, &source, &directory).await?;
    if !wrong.is_empty() {
        return Err(source::faulty(app, &args.list, &wrong));
    }
    let (count, until) = (directory.entries.len(), calendar::show(expires));
    let secrets = app.secrets(&wallet)?;
    let key = secrets.account_key();
    if !pinned.keys.contains(&key.public_key()) {
        return Err(Failure::new(Exit::Auth, "err-directory-not-signer")
            .with("wallet", &wallet.header.alias));
    }
    app.confirm(&[
        (app.text("label-act", &[]), app.text("label-act-sign-directory", &[])),
        (app.text("label-number", &[]), serial.to_string()),
        (app.text("label-count", &[]), count.to_string()),
        (app.text("label-until", &[]), until),
    ])?;
    let signed = SignedDirectory::sign(directory, key)
        .map_err(|findings| source::faulty(app, &args.list, &source.wrong(&findings)))?;
    let bytes = signed.to_bytes().map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    settings::write_new(&args.out, &bytes)?;
    let path = args.out.display().to_string();
    let text = app.text("done-directory-signed", &[("path", &path)]);
    let data = json!({ "file": path, "serial": serial, "entries": count, "expires": expires });
    let reply = Reply::new(data, text).next(format!("kyojo directory import {}", word(&path)));
    Ok(Reply { warnings: source.warnings, ..reply })
}
