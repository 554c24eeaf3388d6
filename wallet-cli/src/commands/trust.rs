//! `trust`: the trust root of a network, for verifiers that have no genesis document.
//!
//! It follows from the genesis document alone, so that whoever trusts that may trust this. Both
//! verifiers read it: `kyojo verify --trust`, and the one in Python (`tests/verify`).

use ledger_proof::bundle::TrustRoot;
use network_clock::Clock;

use crate::commands::prelude::*;
use crate::commands::verify;

/// `trust`.
#[derive(Debug, Args)]
pub(crate) struct TrustArgs {
    /// The network's genesis.json, from someone that you trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) genesis: PathBuf,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Decisions are judged as of then; by default as of now.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Decisions must be for this data holder.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) holder: Option<u32>,
}

pub(crate) fn run(app: &App, args: &TrustArgs) -> Result<Reply, Failure> {
    let genesis = verify::genesis(&args.genesis)?;
    let at = match &args.at {
        Some(text) => calendar::read_instant(text)?,
        None => Clock::of(&genesis).now(),
    };
    let root = TrustRoot::of_genesis(&genesis, Some(at));
    let root = root.map_err(|error| verify::bad_trust(&args.genesis, &error))?;
    let root = TrustRoot { holder: args.holder.map(PartyId::new), ..root };
    settings::write_new(&args.out, root.to_json().as_bytes())?;
    let path = args.out.display().to_string();
    let (hash, time) = (root.genesis.to_string(), calendar::show(at));
    let text = app.text("done-trust", &[("path", &path), ("genesis", &hash), ("time", &time)]);
    let data = json!({ "file": path, "genesis_hash": root.genesis, "now_ms": at.as_millis(),
                       "holder": root.holder });
    Ok(Reply::new(data, text).next(format!("kyojo verify FILE --trust {}", word(&path))))
}
