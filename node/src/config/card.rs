//! A node's card: what it gives the others, made from its keys and its configuration.

use std::net::IpAddr;

use kyojo_cli::Given;
use kyojo_cli::given::Fault;
use ledger_types::card::{CardForm, NodeCard, ValidatorKeys};
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use node_consensus::peer_id;

use super::{ConfigError, Home, ListenAddress};

impl Home {
    /// What this node gives the others.
    ///
    /// # Errors
    /// [`ConfigError`] where a key cannot be read, or nothing says where others reach this machine.
    pub fn card(&self) -> Result<NodeCard, ConfigError> {
        let network_key = self.network_key()?.public_key();
        let validator = match self.consensus_key()? {
            None => None,
            Some(key) => {
                let keys = self.audit_keys()?;
                Some(ValidatorKeys {
                    key: key.public_key(),
                    log_key: keys.log.public_key(),
                    cosignature_key: keys.cosignature.public_key(),
                })
            }
        };
        let peer = peer_id(&network_key);
        let at = |listen: &ListenAddress| -> Result<String, ConfigError> {
            let address = self.reached_at(listen.get());
            let address = address
                .ok_or_else(|| ConfigError::NoAddress { file: self.path.join(super::FILE_NAME) })?;
            Ok(format!("{address}/p2p/{peer}"))
        };
        Ok(NodeCard {
            form: CardForm::One,
            name: self.config.node.moniker.clone(),
            network_key,
            validator,
            consensus: at(&self.config.consensus.listen)?,
            gossip: at(&self.config.gossip.listen)?,
        })
    }

    /// Where others reach an address that this node listens at.
    fn reached_at(&self, listen: &Multiaddr) -> Option<Multiaddr> {
        let port = listen.iter().find(|part| matches!(part, Protocol::Tcp(_)))?;
        if let Some(host) = &self.config.node.advertise {
            return Some(Multiaddr::from(protocol_of(host)).with(port));
        }
        let host = listen.iter().next()?;
        let is_anywhere = matches!(&host, Protocol::Ip4(ip) if ip.is_unspecified())
            || matches!(&host, Protocol::Ip6(ip) if ip.is_unspecified());
        (!is_anywhere).then(|| Multiaddr::from(host).with(port))
    }
}

/// A host's part of a multiaddress.
fn protocol_of(host: &str) -> Protocol<'static> {
    match host.parse() {
        Ok(IpAddr::V4(ip)) => Protocol::Ip4(ip),
        Ok(IpAddr::V6(ip)) => Protocol::Ip6(ip),
        Err(_) => Protocol::Dns(host.to_owned().into()),
    }
}

/// Reads a card.
///
/// # Errors
/// [`ConfigError::Card`] names the file and what is wrong with it.
pub(crate) fn read(file: &std::path::Path) -> Result<NodeCard, ConfigError> {
    let refused = |reason: String| ConfigError::Card { file: file.to_owned(), reason };
    let card: NodeCard = Given::Card.json(file).map_err(|error| match error.fault {
        Fault::Io(_) => error.into(),
        Fault::TooLarge { .. } | Fault::NoText { .. } | Fault::Form { .. } => {
            ConfigError::Card { file: error.place().into(), reason: error.fault.to_string() }
        }
    })?;
    let peer = peer_id(&card.network_key);
    for address in [&card.consensus, &card.gossip] {
        let is_own = address.ends_with(&format!("/p2p/{peer}"));
        if !is_own || address.parse::<Multiaddr>().is_err() {
            return Err(refused(format!("{address} is no address that ends in /p2p/{peer}")));
        }
    }
    Ok(card)
}
