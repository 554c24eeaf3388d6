//! `party review`: an auditor judges a broken glass.

use ledger_types::operation::{Finding, ReviewBreakGlass};

use crate::commands::prelude::*;

/// `party review`.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// The broken glass.
    pub(crate) glass: String,
    /// What was found.
    #[arg(long, value_name = "FINDING")]
    pub(crate) finding: FindingName,
    /// File with the review; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// What a review found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingName {
    /// There was an emergency.
    Justified,
    /// There was none.
    Unjustified,
}

pub(crate) async fn run(app: &App, args: &ReviewArgs) -> Result<Reply, Failure> {
    let glass = read_hash(&args.glass)?;
    let content = Evidence::of_file("review", &args.file)?;
    let (finding, key) = match args.finding {
        FindingName::Justified => (Finding::Justified, "label-justified"),
        FindingName::Unjustified => (Finding::Unjustified, "label-unjustified"),
    };
    let reviewed = ReviewBreakGlass { glass, finding, commitment: content.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-review", Operation::ReviewBreakGlass(reviewed))
        .line("label-glass", glass)
        .line("label-finding", app.text(key, &[]))
        .data(json!({ "glass": glass, "finding": finding }))
        .evidence(None, content)
        .by_account(app, &session)
        .await
}
