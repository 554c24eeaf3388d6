//! `init`: the configuration file as a template with comments, where there is none yet.

use crate::commands::prelude::*;
use crate::settings::template;

/// Writes the template; a file that is there stays as it is.
pub(crate) fn run(app: &App) -> Result<Reply, Failure> {
    let path = app.settings.folders.config_file()?;
    let shown = path.display().to_string();
    if path.exists() {
        return Err(Failure::new(Exit::Config, "err-config-exists").with("path", shown));
    }
    let node = app.global.node.as_deref();
    let text = template(app.output.lang, node);
    settings::write_new(path, text.as_bytes())?;
    let key = if node.is_some() { "done-config-written" } else { "done-config-to-fill-in" };
    Ok(Reply::new(json!({ "path": path, "node": node }), app.text(key, &[("path", &shown)]))
        .next("kyojo wallet new NAME"))
}
