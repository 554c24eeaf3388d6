//! One file a noun; this one only finds the right function.

mod act;
mod agreed;
mod audit;
mod audit_log;
mod audit_report;
mod audit_view;
mod bank;
mod consent;
mod counter;
mod exported;
mod granting;
mod guardians;
mod history;
mod keys;
mod merchant;
mod money;
mod notice;
mod pages;
mod party;
mod people;
mod proof_file;
mod proved;
mod reading;
mod receipt;
mod shown;
mod slip;
mod transact;
mod verify;
mod wallet;
mod zone;

use ledger_types::{AccountId, AddressPrefix};

use crate::app::App;
use crate::args::Command;
use crate::failure::{Exit, Failure};
use crate::keystore::Alias;
use crate::output::Reply;
use reading::{read_amount, read_hash};

/// Runs a command.
pub(crate) async fn dispatch(app: &App, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::Wallet(command) => wallet::run(app, command).await,
        Command::Balance(args) => money::balance(app, args).await,
        Command::Send(args) => money::send(app, args).await,
        Command::Pay(args) => money::pay(app, args).await,
        Command::Redeem(args) => money::redeem(app, args).await,
        Command::History(args) => history::run(app, args).await,
        Command::Receipt(args) => receipt::run(app, args).await,
        Command::Consent(command) => consent::run(app, command).await,
        Command::Counter(command) => counter::run(app, command).await,
        Command::Party(command) => party::run(app, command).await,
        Command::Bank(command) => bank::run(app, command).await,
        Command::Merchant(command) => merchant::run(app, command).await,
        Command::Zone(command) => zone::run(app, command).await,
        Command::Audit(command) => audit::run(app, command).await,
        Command::Verify(args) => verify::run(app, &args),
        Command::Completions(args) => Ok(completions(args.shell)),
    }
}

fn completions(shell: clap_complete::Shell) -> Reply {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut crate::help::plain_command(), "kyojo", &mut script);
    let text = String::from_utf8_lossy(&script).trim_end().to_owned();
    Reply::new(serde_json::json!({ "shell": shell.to_string(), "script": text }), text)
}

/// Someone who is paid: an account, with the name by which this machine knows it.
struct Payee {
    account: AccountId,
    address: String,
    name: Option<String>,
}

/// Reads an address, or the name of a wallet on this machine.
fn read_payee(app: &App, text: &str, prefix: &AddressPrefix) -> Result<Payee, Failure> {
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

/// An address in short: enough to compare with one that was read out.
fn short(address: &str) -> String {
    let letters: Vec<char> = address.chars().collect();
    if letters.len() <= 20 {
        return address.to_owned();
    }
    let (head, tail) = (&letters[..11], &letters[letters.len() - 6..]);
    format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

/// An instant as people read it, in their time zone: `2026/11/22 18:00`.
fn show_time(time: &node_api::Time) -> String {
    let millis = i64::try_from(time.get().as_millis()).unwrap_or(i64::MAX);
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
    instant.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y/%m/%d %H:%M").to_string()
}
