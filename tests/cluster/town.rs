//! A small running town: four validators, two banks, some citizens, and a client.

use std::time::{Duration, Instant};

use kyojo_genesis::actors::{ActorRole, Actors};
use kyojo_tests::account::{actors, genesis, payers};
use kyojo_tests::load::Payer;
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::rest::Rest;
use ledger_types::{Genesis, Hash};
use node_api::body::NodeBody;

/// The network with everything that a test needs beside it.
pub(crate) struct Town {
    pub(crate) network: Network,
    pub(crate) document: Genesis,
    pub(crate) genesis: Hash,
    pub(crate) actors: Actors,
    pub(crate) citizens: Vec<Payer>,
    pub(crate) rest: Rest,
}

impl Town {
    /// Starts four validators and waits until all are ready.
    pub(crate) async fn start(seed: u64) -> anyhow::Result<Self> {
        Self::with(Plan::small(seed)).await
    }

    /// Starts a network by another plan.
    pub(crate) async fn with(plan: Plan) -> anyhow::Result<Self> {
        let network = Network::start(&plan)?;
        network.wait_ready(Duration::from_secs(60)).await?;
        Self::of(network)
    }

    /// The town of a network, which may run or not.
    pub(crate) fn of(network: Network) -> anyhow::Result<Self> {
        let document = genesis(network.folder())?;
        let actors = actors(network.folder())?;
        let citizens = payers(&actors, ActorRole::Citizen)?;
        let rest = Rest::new(Duration::from_secs(10))?;
        Ok(Self { genesis: document.hash(), network, document, actors, citizens, rest })
    }

    /// The API of node `index`.
    pub(crate) fn url(&self, index: usize) -> String {
        self.network.url(index)
    }

    /// The APIs of every node.
    pub(crate) fn urls(&self) -> Vec<String> {
        (0..self.network.size()).map(|index| self.url(index)).collect()
    }

    /// Waits until a node says something of itself that is looked for; gives it.
    pub(crate) async fn until_said(
        &self,
        index: usize,
        within: Duration,
        is_said: impl Fn(&NodeBody) -> bool,
    ) -> anyhow::Result<NodeBody> {
        let deadline = Instant::now() + within;
        loop {
            let asked = self.rest.get(&self.url(index), node_api::path::STATUS).await;
            let node = asked.map(|(_, mut status)| status["node"].take());
            let node = node.map(|node| serde_json::from_value::<NodeBody>(node).ok());
            if let Ok(Some(node)) = &node
                && is_said(node)
            {
                return Ok(node.clone());
            }
            anyhow::ensure!(Instant::now() < deadline, "node {index} says {node:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Two citizens of different banks, the debtor first.
    pub(crate) fn across_banks(&self) -> (Payer, Payer) {
        let bank = |payer: &Payer| {
            self.actors.actors.iter().find(|a| a.account == payer.account).and_then(|a| a.bank)
        };
        let debtor = self.citizens[0].clone();
        let other = self.citizens.iter().find(|payer| bank(payer) != bank(&debtor));
        (debtor, other.expect("two banks have citizens").clone())
    }

    /// Asserts that every node reports a conserved supply, and the same one.
    pub(crate) async fn assert_conserved(&self) -> anyhow::Result<()> {
        for url in self.urls() {
            let (status, supply) = self.rest.get(&url, node_api::path::SUPPLY).await?;
            assert_eq!(status, 200, "{supply}");
            assert_eq!(supply["conserved"], true, "{supply}");
        }
        Ok(())
    }
}
