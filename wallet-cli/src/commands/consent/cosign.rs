//! `consent cosign`: the controller signs a first consent too, and sends it.

use std::time::Duration;

use ledger_types::{SigningKey, Transaction, codec};
use node_api::body::TransactionBody;

use crate::acting::transact::{checked, done, dry_run};
use crate::client::Signed;
use crate::commands::prelude::*;

/// `consent cosign`.
#[derive(Debug, Args)]
pub(crate) struct CosignArgs {
    /// The file that `consent grant --out` wrote.
    pub(crate) file: PathBuf,
}

/// How long a first consent waits for its controller's signature: within the ledger's 24 hours.
pub(crate) const COSIGN_VALIDITY: Duration = Duration::from_secs(23 * 60 * 60);

pub(crate) async fn run(app: &App, args: CosignArgs) -> Result<Reply, Failure> {
    let bytes = settings::read(&args.file)?;
    let session = Session::begin(app).await?;
    let network = session.client.network().clone();
    let bad = || {
        Failure::new(Exit::Verification, "err-bad-consent-file").with("path", args.file.display())
    };
    let body: TransactionBody = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    let transaction = body.transaction(&network.address_prefix).map_err(|_| bad())?;
    let [operation] = transaction.unsigned.operations.as_slice() else {
        return Err(bad());
    };
    let Some(grant) = operation.as_grant() else {
        return Err(bad());
    };
    transaction.verify(&network.genesis_hash).map_err(|_| bad())?;
    if session.attached.party != Some(grant.controller) {
        return Err(Failure::new(Exit::Config, "err-not-the-controller")
            .with("wallet", &session.wallet.header.alias));
    }
    let mut lines = session.lines(app);
    lines.push((app.text("label-cosign", &[]), grant.consent.get().to_string()));
    let plan = Plan {
        operations: Vec::new(),
        lines,
        data: json!({ "consent": grant.consent, "party": grant.controller }),
        done: "done-consent-granted",
        next: Vec::new(),
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan.lines, &plan.data));
    }
    app.confirm(&plan.lines)?;
    let unlocked = app.unlock(&session.wallet)?;
    let signed = add_signature(transaction, unlocked.secrets.account_key(), &network.genesis_hash);
    let receipt = session.client.submit_and_wait(&signed).await?;
    Ok(done(app, &checked(receipt)?, plan.done, &plan.data, plan.next))
}

fn add_signature(transaction: Transaction, key: &SigningKey, genesis: &Hash) -> Signed {
    let (id, unsigned) = (transaction.id(genesis), transaction.unsigned.clone());
    let mut signed = transaction;
    signed.authorisations.extend(unsigned.clone().sign(genesis, &[key]).authorisations);
    Signed {
        id,
        account: unsigned.account,
        nonce: unsigned.nonce,
        bytes: codec::encode(&signed).into(),
    }
}
