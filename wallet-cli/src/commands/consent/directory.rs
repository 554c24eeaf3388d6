//! `consent directory`: institutions' names.

use crate::commands::prelude::*;
use crate::directory::Directory;

/// `consent directory`.
#[derive(Debug, Args)]
pub(crate) struct DirectoryArgs {
    /// The list: JSON with number, name, address, telephone, email and url of each.
    pub(crate) file: PathBuf,
}

pub(crate) fn run(app: &App, args: &DirectoryArgs) -> Result<Reply, Failure> {
    let count = Directory::take_in(&app.settings.folders, &args.file)?;
    let shown = count.to_string();
    let text = app.text("done-directory", &[("count", &shown)]);
    Ok(Reply::new(json!({ "institutions": count }), text).next("kyojo consent ls"))
}
