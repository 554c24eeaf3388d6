//! The `config.toml` of each node of a local network.

use ledger_types::{Hash, Lab, PublicKey};

use crate::peer_id::peer_id;

/// How many ports lie between one node's first port and the next node's.
pub const PORTS_PER_NODE: u16 = 10;

/// The three ports of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Where validators agree.
    pub consensus: u16,
    /// Where they pass transactions on.
    pub gossip: u16,
    /// Where clients come in.
    pub api: u16,
}

/// The ports of node `index`, counted from 0; `None` past the last port.
#[must_use]
pub fn ports(base: u16, index: usize) -> Option<Ports> {
    let offset = u16::try_from(index).ok()?.checked_mul(PORTS_PER_NODE)?;
    let consensus = base.checked_add(offset)?;
    Some(Ports { consensus, gossip: consensus.checked_add(1)?, api: consensus.checked_add(2)? })
}

/// What every node's configuration is made of.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// The document's hash, which each node pins.
    pub genesis_hash: Hash,
    /// How time runs, where the network is a lab: its nodes have to say that they know.
    pub lab: Option<Lab>,
    /// The network keys of all validators, in the document's order.
    pub network_keys: &'a [PublicKey],
    /// The consensus port of node 0.
    pub base_port: u16,
}

impl Network<'_> {
    /// The configuration of node `index`, whose home is the folder it lies in; `None` past the
    /// last port.
    #[must_use]
    pub fn config(&self, index: usize) -> Option<String> {
        let own = ports(self.base_port, index)?;
        Some(format!(
            "# Node {index} of a local network, for development only.\n\
             \n\
             [node]\n\
             genesis = \"genesis.json\"\n\
             genesis_hash = \"{hash}\"\n\
             moniker = \"node{index}\"\n\
             {lab}\
             \n\
             [consensus]\n\
             listen = \"{listen}\"\n\
             peers = [\n{peers}]\n\
             \n\
             [gossip]\n\
             listen = \"{gossip}\"\n\
             peers = [\n{gossip_peers}]\n\
             observers = []\n\
             \n\
             [api]\n\
             listen = \"127.0.0.1:{api}\"\n\
             directory = \"directory.json\"\n\
             \n\
             [store]\n\
             index = true\n\
             \n\
             [log]\n\
             format = \"text\"\n\
             level = \"info\"\n",
            hash = self.genesis_hash,
            lab = if self.lab.is_some() { "lab = true\n" } else { "" },
            listen = multiaddr(own.consensus),
            peers = self.peers(index, |ports| ports.consensus)?,
            gossip = multiaddr(own.gossip),
            gossip_peers = self.peers(index, |ports| ports.gossip)?,
            api = own.api,
        ))
    }

    /// The addresses of all nodes but `own`, one a line.
    fn peers(&self, own: usize, port: impl Fn(Ports) -> u16) -> Option<String> {
        let mut lines = String::new();
        for (index, key) in self.network_keys.iter().enumerate() {
            if index != own {
                let address = multiaddr(port(ports(self.base_port, index)?));
                lines.push_str(&format!("    \"{address}/p2p/{}\",\n", peer_id(key)));
            }
        }
        Some(lines)
    }
}

fn multiaddr(port: u16) -> String {
    format!("/ip4/127.0.0.1/tcp/{port}")
}
