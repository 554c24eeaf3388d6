//! `party person`: the number by which one person is known, from what identifies them.

use consent_records::commitment::Opening;

use crate::commands::prelude::*;
use crate::reading::TAG_PERSON;

/// `party person`.
#[derive(Debug, Args)]
pub(crate) struct PersonArgs {
    /// File with what identifies the person.
    pub(crate) file: PathBuf,
    /// The new file that opens the number, for those who must know the person.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// Makes a person's number, and the file that opens it for those who must know the person.
pub(crate) fn run(app: &App, args: &PersonArgs) -> Result<Reply, Failure> {
    let text = settings::read_text(&args.file)?;
    let opening = Opening::fresh(json!({ "version": 1, "person": text.trim() }));
    let internal = || Failure::new(Exit::Other, "err-internal");
    let person = opening.commitment(TAG_PERSON).map_err(|_| internal())?;
    let file = serde_json::to_vec_pretty(&opening).map_err(|_| internal())?;
    settings::write_new(&args.out, &file)?;
    let (number, path) = (person.to_string(), args.out.display().to_string());
    let text = app.text("done-person", &[("person", &number), ("path", &path)]);
    Ok(Reply::new(json!({ "person": person, "file": path }), text))
}
