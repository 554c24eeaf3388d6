//! Who is paid: an account, by its address or by the name of a wallet on this machine.

use ledger_types::{AccountId, AddressPrefix};

use crate::app::App;
use crate::failure::{Exit, Failure};
use crate::keystore::Alias;

/// Someone who is paid: an account, with the name by which this machine knows it.
pub(crate) struct Payee {
    pub(crate) account: AccountId,
    pub(crate) address: String,
    pub(crate) name: Option<String>,
}

/// Reads an address, or the name of a wallet on this machine.
pub(crate) fn read_payee(app: &App, text: &str, prefix: &AddressPrefix) -> Result<Payee, Failure> {
    let wallets = app.keystore().list().unwrap_or_default();
    let known = wallets.iter().filter_map(|wallet| {
        let attached = wallet.header.attached.as_ref()?;
        (attached.address_prefix == *prefix).then_some((&wallet.header.alias, attached))
    });
    let wanted = Alias::new(text);
    for (alias, attached) in known {
        if wanted.as_ref() == Some(alias) || attached.address == text {
            return Ok(Payee {
                account: attached.account,
                address: attached.address.clone(),
                name: Some(alias.to_string()),
            });
        }
    }
    let account = AccountId::from_address(text, prefix).map_err(|error| {
        Failure::new(Exit::Usage, "err-bad-address").with("text", text).with("reason", error)
    })?;
    Ok(Payee { account, address: account.to_address(prefix), name: None })
}
