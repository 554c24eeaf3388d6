//! `verify`: a bundle judged on this machine, with no node and no network.
//!
//! What is trusted comes from a file that the person has by another way: the genesis document, or a
//! trust root made from an earlier verification. The bundle itself is trusted in nothing. An exported
//! consent is judged by the bundle inside it, and by what it opens of the terms.

use std::io::Read as _;
use std::path::Path;

use ledger_proof::bundle::{BUNDLE_BYTES_MAX, Bundle, BundleError, Check, TrustRoot, verify};
use ledger_types::genesis::GENESIS_BYTES_MAX;
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
    let mut bytes = read(&args.file, BUNDLE_BYTES_MAX)?;
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

fn trusted(args: &VerifyArgs) -> Result<Trusted, Failure> {
    let bad = |path: &Path, reason: &dyn core::fmt::Display| {
        Failure::new(Exit::Config, "err-bad-trust").with("path", path.display()).because(reason)
    };
    if let Some(path) = &args.genesis {
        let genesis: Genesis = serde_json::from_slice(&read(path, GENESIS_BYTES_MAX)?)
            .map_err(|error| bad(path, &error))?;
        let root = TrustRoot::of_genesis(&genesis, Some(Clock::of(&genesis).now()));
        let root = root.map_err(|error| bad(path, &error))?;
        return Ok(Trusted { root, prefix: Some(genesis.address_prefix) });
    }
    // The command line takes one of the two.
    let path = args.trust.as_deref().ok_or(Failure::new(Exit::Usage, "err-usage-missing"))?;
    let root = TrustRoot::from_json(&read(path, BUNDLE_BYTES_MAX)?);
    let root = root.map_err(|error| bad(path, &error))?;
    // A time in the file is for judging as of then. Without one it is real time: the file of a lab
    // network has to say it.
    let now = root.now.or_else(|| Some(Clock::real().now()));
    Ok(Trusted { root: TrustRoot { now, ..root }, prefix: None })
}

/// Reads a file; one of more bytes is cut, and then refused as what it is read for.
fn read(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| settings::file_failure(path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
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
