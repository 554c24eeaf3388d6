//! `verify`: a bundle judged on this machine, with no node and no network.
//!
//! What is trusted comes from a file that the person has by another way: the genesis document, or a
//! trust root made from an earlier verification. The bundle itself is trusted in nothing. An exported
//! consent is judged by the bundle inside it, and by what it opens of the terms.

use std::path::Path;

use kyojo_cli::given::Fault;
use kyojo_cli::{Given, GivenError};
use ledger_proof::bundle::{Bundle, BundleError, Check, TrustRoot, verify};
use ledger_types::{AddressPrefix, Genesis};
use network_clock::Clock;

use crate::agreement::granting::label;
use crate::commands::prelude::*;
use crate::proof::exported::Inside;
use crate::proof::proved;

/// `verify`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("trusted").args(["genesis", "trust"]).required(true)))]
pub(crate) struct VerifyArgs {
    /// The proof.
    pub(crate) file: PathBuf,
    /// The network's genesis.json, from someone that you trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) genesis: Option<PathBuf>,
    /// A trust root (kyojo-trust/1) instead.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}

/// What is trusted, and how addresses of the network begin where that is known.
struct Trusted {
    root: TrustRoot,
    prefix: Option<AddressPrefix>,
}

pub(crate) fn run(app: &App, args: &VerifyArgs) -> Result<Reply, Failure> {
    let trusted = trusted(args)?;
    let mut bytes = Given::Bundle.text(&args.file)?.into_bytes();
    let inside = Inside::of(&bytes);
    if let Some(inside) = &inside {
        bytes = inside.bundle();
    }
    let verified = Bundle::from_json(&bytes).and_then(|bundle| verify(&bundle, &trusted.root));
    let verified = verified.map_err(|error| refused(&error))?;
    let text = proved::show(app.output.lang, &verified, trusted.prefix.as_ref());
    let Some(inside) = inside else {
        return Ok(Reply::new(json!(verified), text));
    };
    let processes = inside.check(&verified)?;
    let opened = processes.iter().map(|process| {
        let data = label(app, &process.category);
        let purpose = label(app, &process.purpose);
        app.text("note-proved-process", &[("data", &data), ("purpose", &purpose)])
    });
    let text = std::iter::once(text).chain(opened).collect::<Vec<_>>().join("\n");
    Ok(Reply::new(json!({ "verified": verified, "processes": processes }), text))
}

/// The failure of a file that nothing can be trusted by.
pub(crate) fn bad_trust(path: &Path, reason: &dyn core::fmt::Display) -> Failure {
    Failure::new(Exit::Config, "err-bad-trust").with("path", path.display()).because(reason)
}

/// Reads a genesis document that somebody trusts.
pub(crate) fn genesis(path: &Path) -> Result<Genesis, Failure> {
    Given::Genesis.json(path).map_err(|error: GivenError| match error.fault {
        Fault::Form { ref reason, .. } => bad_trust(Path::new(&error.place()), reason),
        Fault::Io(_) | Fault::TooLarge { .. } | Fault::NoText { .. } => error.into(),
    })
}

fn trusted(args: &VerifyArgs) -> Result<Trusted, Failure> {
    if let Some(path) = &args.genesis {
        let genesis = genesis(path)?;
        let root = TrustRoot::of_genesis(&genesis, Some(Clock::of(&genesis).now()));
        let root = root.map_err(|error| bad_trust(path, &error))?;
        return Ok(Trusted { root, prefix: Some(genesis.address_prefix) });
    }
    // The command line takes one of the two.
    let path = args.trust.as_deref().ok_or(Failure::new(Exit::Usage, "err-usage-missing"))?;
    let root = TrustRoot::from_json(Given::Bundle.text(path)?.as_bytes());
    let root = root.map_err(|error| bad_trust(path, &error))?;
    // A time in the file is for judging as of then. Without one it is real time: the file of a lab
    // network has to say it.
    let now = root.now.or_else(|| Some(Clock::real().now()));
    Ok(Trusted { root: TrustRoot { now, ..root }, prefix: None })
}

/// The check that failed, by the name that the format gives it.
fn refused(error: &BundleError) -> Failure {
    let at = match error.at {
        Check::Whole => json!(null),
        Check::Change(index) => json!({ "change": index }),
        Check::Claim(index) => json!({ "claim": index }),
    };
    let key = format!("proof-{}", error.code.as_str());
    Failure::new(Exit::Verification, &key).details(json!({ "at": at, "detail": error.detail }))
}

#[cfg(test)]
mod tests {
    use ledger_proof::bundle::BUNDLE_BYTES_MAX;

    use super::*;

    #[test]
    fn a_bundle_may_be_given_that_may_be_made() {
        assert_eq!(Given::Bundle.bytes_max(), BUNDLE_BYTES_MAX as u64);
    }
}
