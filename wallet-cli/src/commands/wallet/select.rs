//! `wallet use`: the wallet that is used by default.

use crate::commands::prelude::*;
use crate::commands::wallet::show::WalletName;
use crate::settings::set_default_wallet;

pub(crate) fn run(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let alias = wallet.header.alias.to_string();
    set_default_wallet(&app.settings.folders, &alias)?;
    let text = app.text("done-wallet-selected", &[("wallet", &alias)]);
    Ok(Reply::new(json!({ "wallet": alias }), text).next("kyojo balance"))
}
