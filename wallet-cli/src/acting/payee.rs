//! Who is paid: an account, by its address or by a name that this machine knows.

use ledger_types::{AccountId, AddressPrefix, ZoneId};

use crate::acting::naming::{marked, not_one};
use crate::app::App;
use crate::failure::{Exit, Failure};
use crate::named::{Is, Kind, Known, NotOne, Source};
use crate::output::short;
use crate::refusal;

/// Someone who is paid: an account, with the name by which this machine knows it.
pub(crate) struct Payee {
    pub(crate) account: AccountId,
    pub(crate) address: String,
    /// The name with where it is from.
    pub(crate) name: Option<String>,
    /// Where a shop of the public directory takes payments.
    pub(crate) zones: Vec<ZoneId>,
    /// Whether the name is the public directory's.
    pub(crate) is_public: bool,
}

impl Payee {
    /// Its name, or that it is not known, with enough of its address to compare.
    pub(crate) fn shown(&self, app: &App) -> String {
        let unknown = || app.text("label-unknown-payee", &[]);
        format!("{} ({})", self.name.clone().unwrap_or_else(unknown), short(&self.address))
    }
}

/// Reads an address, or the name of somebody whom this machine knows.
pub(crate) fn read_payee(app: &App, text: &str, prefix: &AddressPrefix) -> Result<Payee, Failure> {
    let names = app.names();
    let wrong = match AccountId::from_address(text, prefix) {
        Ok(account) => {
            let known = names.name_of(Is::Account(account));
            return Ok(payee(app, account, known, prefix));
        }
        Err(wrong) => wrong,
    };
    let known = match names.find(Kind::Account, text) {
        Ok(known) => known,
        Err(NotOne::Nobody) if is_meant_for_address(text, prefix) => {
            return Err(refusal::of_address(text, &wrong));
        }
        Err(why) => return Err(not_one(app, text, why, prefix)),
    };
    match known.is {
        Is::Account(account) => Ok(payee(app, account, Some(&known), prefix)),
        Is::Party(_) | Is::Zone(_) | Is::Bank(_) => Err(Failure::new(Exit::Other, "err-internal")),
    }
}

fn payee(app: &App, account: AccountId, known: Option<&Known>, prefix: &AddressPrefix) -> Payee {
    Payee {
        account,
        address: account.to_address(prefix),
        name: known.map(|known| marked(app, known)),
        zones: known.map(|known| known.zones.clone()).unwrap_or_default(),
        is_public: known.is_some_and(|known| known.source == Source::Public),
    }
}

/// Whether a text is an address with a mistake rather than a name.
fn is_meant_for_address(text: &str, prefix: &AddressPrefix) -> bool {
    let is_word = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let begins = text.to_ascii_lowercase().starts_with(&format!("{prefix}1"));
    is_word && (begins || text.len() >= 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_address_is_no_unknown_name() {
        let prefix = AddressPrefix::new("aizu").unwrap();
        for text in ["aizu1x", "AIZU1Q9", &"q".repeat(38)] {
            assert!(is_meant_for_address(text, &prefix), "{text}");
        }
        for text in ["taro", "みそ屋", "aizu", "", "aizu1 x"] {
            assert!(!is_meant_for_address(text, &prefix), "{text}");
        }
    }
}
