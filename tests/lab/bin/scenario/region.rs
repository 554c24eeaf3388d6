//! Four validators with the parties that the scenarios need, and how those send and read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use kyojo_genesis::actors::Actors;
use kyojo_tests::account::{actors, genesis, payer};
use kyojo_tests::load::{Payer, Signed, now, sign};
use kyojo_tests::network::{Network, Plan, binaries};
use kyojo_tests::rest::Rest;
use kyojo_tests::verifiers::Verifiers;
use ledger_proof::bundle::TrustRoot;
use ledger_types::{Genesis, Hash, Operation, PartyId, TransactionId};
use node_api::query::Wait;
use node_client::{Client, Options, Reader};
use serde_json::Value;

const WITHIN: Duration = Duration::from_secs(30);

/// Someone who sends transactions: an account, its key, and its next nonce.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) payer: Payer,
    next: u64,
}

/// A consent party.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) number: PartyId,
    pub(crate) sender: Sender,
}

/// See the module.
pub(crate) struct Region {
    pub(crate) network: Network,
    pub(crate) document: Genesis,
    pub(crate) genesis: Hash,
    pub(crate) verifiers: Verifiers,
    pub(crate) out: PathBuf,
    actors: Actors,
    rest: Rest,
}

impl Sender {
    /// Someone whose first transaction is still to come.
    pub(crate) fn new(payer: Payer) -> Self {
        Self { payer, next: 0 }
    }

    /// The next transaction of these operations.
    pub(crate) fn sign(&mut self, genesis: &Hash, operations: Vec<Operation>) -> Signed {
        let nonce = self.take_nonce();
        sign(genesis, &self.payer, nonce, operations)
    }

    pub(crate) fn take_nonce(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}

impl Region {
    /// Starts the network; proofs go below `out`.
    pub(crate) async fn start(seed: u64, out: &Path) -> anyhow::Result<Self> {
        let network = Network::start(&Plan::small(seed))?;
        network.wait_ready(Duration::from_secs(60)).await?;
        let document = genesis(network.folder())?;
        let trust = TrustRoot::of_genesis(&document, Some(now()))?;
        let verifiers = Verifiers::new(&trust, &out.join("trust.json"))?;
        std::fs::create_dir(out.join("proofs"))?;
        std::fs::copy(network.folder().join("genesis.json"), out.join("genesis.json"))?;
        Ok(Self {
            actors: actors(network.folder())?,
            genesis: document.hash(),
            rest: Rest::new(Duration::from_secs(10))?,
            out: out.to_owned(),
            network,
            document,
            verifiers,
        })
    }

    /// A party of the town by its name.
    pub(crate) fn party(&self, name: &str) -> anyhow::Result<Party> {
        let actor = self.actors.actors.iter().find(|actor| actor.name == name);
        let actor = actor.with_context(|| format!("the town has no {name}"))?;
        let number = actor.party.with_context(|| format!("{name} is no party"))?;
        Ok(Party { number, sender: Sender::new(payer(actor)?) })
    }

    /// Sends and waits for the receipt, and until node 0, which is asked for proofs, has it too.
    pub(crate) async fn settle(&self, node: usize, made: &Signed) -> anyhow::Result<Value> {
        let answer = self.rest.settle(&self.network.url(node), made, WITHIN).await?;
        let receipt = answer["receipt"].clone();
        let height = receipt["height"].as_u64().context("a receipt names its block")?;
        self.rest.wait_height(&self.network.url(0), height, WITHIN).await?;
        Ok(receipt)
    }

    /// Sends what must be committed.
    pub(crate) async fn commit(&self, node: usize, made: &Signed) -> anyhow::Result<Value> {
        let receipt = self.settle(node, made).await?;
        ensure!(receipt["outcome"] == "committed", "not committed: {receipt}");
        Ok(receipt)
    }

    /// A client of a node.
    pub(crate) async fn client(&self, node: usize) -> anyhow::Result<Client> {
        Ok(Client::connect(&Options::new(self.network.url(node))).await?)
    }

    /// Someone as a reader.
    pub(crate) fn reader(&self, sender: &Sender) -> Reader {
        let address = sender.payer.account.to_address(&self.document.address_prefix);
        Reader { address, key: sender.payer.key.clone() }
    }

    /// Writes a transaction's bundle to a file of the proofs.
    pub(crate) async fn save_receipt(
        &self,
        id: &TransactionId,
        name: &str,
    ) -> anyhow::Result<PathBuf> {
        // What indexes blocks is behind the state by a little.
        let client = self.client(0).await?;
        client.receipt(id, Wait { wait_ms: Some(1_000) }).await?;
        self.save(&client.receipt_bundle(id).await?, name)
    }

    /// Writes a bundle to a file of the proofs.
    pub(crate) fn save(&self, bundle: &[u8], name: &str) -> anyhow::Result<PathBuf> {
        let file = self.out.join("proofs").join(name);
        std::fs::write(&file, bundle)?;
        Ok(file)
    }

    /// Copies the audit log as anyone may.
    pub(crate) fn copy_log(&self, to: &Path) -> anyhow::Result<()> {
        let home = tempfile::tempdir()?;
        let output = Command::new(binaries()?.join("kyojo"))
            .args(["audit", "log"])
            .arg(to)
            .args(["--json", "--node", &self.network.url(1)])
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .output()
            .context("kyojo does not start")?;
        ensure!(
            output.status.success(),
            "kyojo audit log: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        Ok(())
    }
}
