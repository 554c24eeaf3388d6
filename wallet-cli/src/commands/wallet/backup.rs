//! `wallet backup`: the recovery words, for their owner alone.

use crate::commands::prelude::*;
use crate::commands::wallet::words;
use crate::keystore::Source;

/// `wallet backup`.
#[derive(Debug, Args)]
pub(crate) struct BackupWallet {
    /// The wallet's name; by default the one in use.
    pub(crate) name: Option<String>,
    /// File to write the words to; it is made new, for you alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(app: &App, args: BackupWallet) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    if args.out.is_none() {
        app.need_terminal("err-backup-needs-terminal", Exit::Declined)?;
    }
    let (opened, _) = app.open(&wallet)?;
    let Source::Words(words) = opened.source else {
        return Err(Failure::new(Exit::NotFound, "err-no-words"));
    };
    let Some(path) = args.out else {
        words::print(&words, app)?;
        return Ok(Reply::new(json!({ "shown": true }), app.text("note-keep-words-safe", &[])));
    };
    let mut text = words.to_text();
    text.push('\n');
    settings::write_new(&path, text.as_bytes())?;
    let shown = path.display().to_string();
    let text = app.text("done-words-written", &[("path", &shown)]);
    Ok(Reply::new(json!({ "path": path }), text).next("kyojo wallet import NAME --words-file FILE"))
}
