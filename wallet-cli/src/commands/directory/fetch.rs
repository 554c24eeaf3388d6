//! `directory fetch` and `import`: the public directory onto this machine.

use ledger_types::Genesis;

use crate::commands::prelude::*;
use crate::named::cached::{Pinned, Taken};

/// `directory import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The signed directory.
    pub(crate) file: PathBuf,
    /// The network's genesis document, which says who signs its directories; by default the node is
    /// asked.
    #[arg(long, value_name = "FILE")]
    pub(crate) genesis: Option<PathBuf>,
}

pub(crate) async fn fetch(app: &App) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let folders = &app.settings.folders;
    let none = || Failure::new(Exit::NotFound, "err-no-directory");
    let mut pinned = Pinned::of_node(folders, &client)?.ok_or_else(none)?;
    let taken = pinned.fetch(folders, &client).await?.ok_or_else(none)?;
    Ok(reply(app, &taken))
}

pub(crate) async fn import(app: &App, args: &ImportArgs) -> Result<Reply, Failure> {
    let folders = &app.settings.folders;
    let bytes = settings::read(&args.file)?;
    let mut pinned = match &args.genesis {
        Some(path) => {
            let genesis: Genesis = reading::from_json(path)?;
            Pinned::by_genesis(folders, &genesis)?
        }
        None => {
            let pinned = Pinned::of_node(folders, &app.client().await?)?;
            pinned.ok_or_else(|| Failure::new(Exit::NotFound, "err-no-directory"))?
        }
    };
    let taken = pinned.take_in(folders, &bytes)?;
    Ok(reply(app, &taken))
}

fn reply(app: &App, taken: &Taken) -> Reply {
    let (count, serial) = (taken.entries.to_string(), taken.serial.to_string());
    let until = calendar::show(taken.expires);
    let variables = [("count", &*count), ("serial", &*serial), ("until", &*until)];
    let data = json!({ "serial": taken.serial, "entries": taken.entries,
                       "expires": taken.expires, "new": taken.is_new });
    Reply::new(data, app.text("done-directory-taken", &variables)).next("kyojo directory ls")
}
