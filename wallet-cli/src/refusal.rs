//! From the errors of nodes, keystores and the ledger to exit codes and texts for people.

use ledger_types::id::ParseAddressError;
use ledger_types::rejection::RejectionCode;
use ledger_types::{Inadmissible, Nonce, Outcome, Receipt};
use node_api::ApiCode;
use serde_json::json;

use crate::client::ClientError;
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::keystore::KeystoreError;
use crate::keystore::seal::SealError;
use crate::machine;

/// Codes that mean that there is not enough, or a limit is reached.
const BALANCE_CODES: [u16; 10] = [2004, 2005, 2007, 2051, 2052, 2053, 2054, 2055, 2056, 3004];

/// A failed request.
impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::BadUrl { url } => {
                Failure::new(Exit::Config, "err-bad-url").with("url", url)
            }
            ClientError::Tls { reason } => Failure::new(Exit::Config, "err-tls").because(reason),
            ClientError::Unreachable { url, reason, kind }
            | ClientError::Interrupted { url, reason, kind } => {
                Failure::new(Exit::Unreachable, "err-unreachable")
                    .with("url", url)
                    .told("reason", |lang| machine::network_words(lang, *kind, reason))
                    .details(json!({ "url": url, "reason": reason }))
            }
            ClientError::TimedOut => Failure::new(Exit::Timeout, "err-timeout"),
            ClientError::OutcomeUnknown { transaction } => {
                Failure::new(Exit::Timeout, "err-outcome-unknown")
                    .with("transaction", transaction)
                    .details(json!({ "transaction": transaction }))
            }
            ClientError::Problem(problem) => {
                let details = json!({
                    "number": problem.code, "name": problem.name, "detail": problem.detail,
                });
                coded(exit_of_problem(problem.code), problem.code, &problem.detail).details(details)
            }
            ClientError::Status { status } => {
                Failure::new(Exit::Unreachable, "err-bare-status").with("status", status)
            }
            ClientError::Answer { reason } => {
                Failure::new(Exit::Other, "err-answer").because(reason)
            }
            ClientError::Internal => Failure::new(Exit::Other, "err-internal"),
        }
    }
}

/// Whether the ledger knows nobody at the reader's address.
pub(crate) fn is_unknown_reader(error: &ClientError) -> bool {
    let codes = [ApiCode::UnknownReader, ApiCode::AccountNotFound];
    error.code().is_some_and(|code| codes.iter().any(|known| known.number() == code))
}

/// Whether a refusal is about now and not about the transaction.
pub(crate) fn is_for_now(error: &ClientError) -> bool {
    let (nonce, lowest_unused) = (Nonce::new(0), Nonce::new(0));
    let out_of_window = Inadmissible::NonceOutOfWindow { nonce, lowest_unused }.code();
    error.may_pass() || error.code() == Some(out_of_window)
}

/// A transaction that the ledger rejected; `None` where it was committed.
pub(crate) fn of_receipt(receipt: &Receipt) -> Option<Failure> {
    let Outcome::Rejected { code, operation } = receipt.outcome else {
        return None;
    };
    let exit = if BALANCE_CODES.contains(&code.get()) { Exit::Balance } else { Exit::Refused };
    Some(coded(exit, code.get(), code.name()).details(json!({
        "number": code.get(),
        "name": code.name(),
        "operation": operation,
        "transaction": receipt.transaction,
        "height": receipt.height,
    })))
}

/// A failed keystore operation.
impl From<KeystoreError> for Failure {
    fn from(error: KeystoreError) -> Self {
        match error {
            KeystoreError::BadAlias => Failure::new(Exit::Usage, "err-bad-alias"),
            KeystoreError::Exists { alias } => {
                Failure::new(Exit::Config, "err-wallet-exists").with("wallet", alias)
            }
            KeystoreError::Unknown { alias } => {
                Failure::new(Exit::NotFound, "err-wallet-unknown").with("wallet", alias)
            }
            KeystoreError::NotAWallet => Failure::new(Exit::Config, "err-not-a-wallet"),
            KeystoreError::Version { found } => {
                Failure::new(Exit::Config, "err-wallet-version").with("found", found)
            }
            KeystoreError::Sealed(SealError::Refused) => {
                Failure::new(Exit::Auth, "err-wrong-password")
            }
            KeystoreError::Sealed(SealError::Parameters) => {
                Failure::new(Exit::Config, "err-seal-parameters")
            }
            KeystoreError::File { path, error } => crate::settings::file_failure(&path, &error),
        }
    }
}

/// A text that is no address of the network, and what is wrong with it.
pub(crate) fn of_address(text: &str, error: &ParseAddressError) -> Failure {
    let failure = |key| Failure::new(Exit::Usage, key).with("text", text);
    match error {
        ParseAddressError::Checksum => failure("err-bad-address"),
        ParseAddressError::Prefix { expected, found } => {
            failure("err-address-network").with("ours", expected).with("theirs", found)
        }
        ParseAddressError::Length { characters } => {
            failure("err-address-length").with("count", characters)
        }
    }
}

const fn exit_of_problem(code: u16) -> Exit {
    match code {
        1000..=1999 => Exit::Refused,
        6101..=6199 | 6221 | 6228 => Exit::Auth,
        6201..=6299 => Exit::NotFound,
        6000..=6999 => Exit::Usage,
        7000..=7999 => Exit::Unreachable,
        _ => Exit::Other,
    }
}

/// The failure of a numbered rule; numbers of later versions have a text that shows the number.
fn coded(exit: Exit, code: u16, detail: &str) -> Failure {
    let key = format!("code-{code}");
    if Lang::En.find(&key).is_some() {
        return Failure::new(exit, &key);
    }
    Failure::new(exit, "err-unknown-code").with("code", code).because(detail)
}

/// A rule's text for people, for summaries.
pub(crate) fn rule_text(lang: Lang, code: RejectionCode) -> String {
    lang.find(&format!("code-{}", code.get())).unwrap_or_else(|| code.name().to_owned())
}
