//! `merchant terminal export` and `import`: a terminal's key for the till's own machine.
//!
//! The file is a wallet of its own, under a password of its own: the terminal's key alone, with the
//! merchant's account, so that the till asks to be paid and nobody who has it can spend.

use super::terminal::{ExportArgs, ImportArgs};
use crate::acting::tills;
use crate::commands::prelude::*;
use crate::commands::wallet::alias;
use crate::keystore::{self, Attachment, Existing, SecretKind, Source, Wallet};

pub(super) async fn export(app: &App, args: ExportArgs) -> Result<Reply, Failure> {
    let terminal = args.terminal;
    let name = args.name.unwrap_or_else(|| format!("till-{terminal}"));
    let alias = alias(&name)?;
    let session = Session::begin(app).await?;
    let zone = tills::zone(app, &session, args.zone.as_deref()).await?.id;
    let opened = app.unlock(&session.wallet)?;
    let own = tills::own(app, &session, &opened, (zone, terminal)).await?;
    let seed = tills::seed(app, &session, &opened, (zone, terminal))?;
    let seed = seed.ok_or_else(|| tills::elsewhere(terminal))?;
    let attached = Attachment { party: None, ..session.attached.clone() };
    let password = app.new_password()?;
    let wallet = Wallet::seal(alias, Source::Seed(seed), Some(attached), &password)?;
    let internal = |_| Failure::new(Exit::Other, "err-internal");
    let mut bytes = serde_json::to_vec_pretty(&wallet).map_err(internal)?;
    bytes.push(b'\n');
    settings::write_new(&args.file, &bytes)?;
    let path = args.file.display().to_string();
    let text = app.text("done-terminal-exported", &[("path", &path)]);
    let data = json!({
        "path": path, "name": name, "zone": zone, "terminal": terminal,
        "key": own.key.public_key(),
    });
    Ok(Reply::new(data, text).next(format!("kyojo merchant terminal import {path}")))
}

pub(super) fn import(app: &App, args: &ImportArgs) -> Result<Reply, Failure> {
    let wallet = keystore::read_file(&args.file)?;
    let header = &wallet.header;
    let (SecretKind::Seed, Some(attached)) = (header.kind, &header.attached) else {
        return Err(Failure::new(Exit::Config, "err-not-a-wallet"));
    };
    // Whoever cannot open it is told so now, and not at the till.
    wallet.open(&app.password(header.alias.as_str())?)?;
    app.keystore()?.write(&wallet, Existing::Keep)?;
    let name = header.alias.as_str();
    let text = app.text("done-terminal-imported", &[("name", name)]);
    let data = json!({ "name": name, "merchant": attached.address, "key": header.public_key });
    let next = format!("kyojo merchant request 850 --terminal 1 --wallet {name}");
    Ok(Reply::new(data, text).next(next))
}
