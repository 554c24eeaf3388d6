//! `consent disclose`: one process of a consent, opened for whoever asks for the data.

use crate::commands::prelude::*;

/// `consent disclose`.
#[derive(Debug, Args)]
pub(crate) struct DiscloseArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// Which process: its number in `consent show`.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) process: usize,
    /// The new file, for whoever asks for the data.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) async fn run(app: &App, args: &DiscloseArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
    let body = people.body(named).await?;
    let kept = people.kept(&body)?;
    let opened = args.process.checked_sub(1).and_then(|position| kept.terms.disclose(position));
    let opened = opened.ok_or_else(|| {
        Failure::new(Exit::Usage, "err-terms-no-process").with("number", args.process)
    })?;
    let file = json!({ "consent": named.consent, "disclosure": opened });
    let text =
        serde_json::to_vec_pretty(&file).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    settings::write_new(&args.out, &text)?;
    let path = args.out.display().to_string();
    let data = json!({ "consent": named.consent, "file": path });
    Ok(Reply::new(data, app.text("done-disclosed", &[("path", &path)]))
        .next(format!("kyojo party access consent {} --holder NUMBER", word(&path))))
}
