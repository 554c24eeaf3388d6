//! `wallet veto`: the holder still has the key, and refuses the keys that its bank proposed.

use ledger_types::operation::VetoAccountRecovery;

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let veto = Operation::VetoAccountRecovery(VetoAccountRecovery { on_behalf_of: None });
    Act::new("label-act-veto-recovery", veto)
        .data(json!({ "account": session.attached.address }))
        .unasked()
        .by_account(app, &session)
        .await
}
