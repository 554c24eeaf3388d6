//! `wallet close`: the holder closes the account, in which nothing may be left, for good.

use ledger_types::operation::CloseAccount;

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let account = session.attached.account;
    let close = Operation::CloseAccount(CloseAccount { account });
    Act::new("label-act-close-account", close)
        .line("label-address", &session.attached.address)
        .line("label-note", app.text("note-closing-is-for-good", &[]))
        .data(json!({ "account": session.attached.address }))
        .by_account(app, &session)
        .await
}
