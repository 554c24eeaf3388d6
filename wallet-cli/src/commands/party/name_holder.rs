//! `party name-holder`: whose half of a record is missing, shown by whoever asked for the access.

use ledger_types::operation::NameHolder;

use crate::commands::prelude::*;
use crate::reading::NamedAccess;

/// `party name-holder`.
#[derive(Debug, Args)]
pub(crate) struct NameHolderArgs {
    /// The access's file (kyojo party access --out). What was received must be recorded before.
    pub(crate) access: PathBuf,
}

pub(crate) async fn run(app: &App, args: &NameHolderArgs) -> Result<Reply, Failure> {
    let NamedAccess { access, holder, salt, .. } = reading::from_json(&args.access)?;
    let named = NameHolder { access, party: holder, salt };
    let session = Session::begin(app).await?;
    Act::new("label-act-name-holder", Operation::NameHolder(named))
        .line("label-access", access)
        .line("label-data-holder", holder)
        .data(json!({ "access": access, "holder": holder }))
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}
