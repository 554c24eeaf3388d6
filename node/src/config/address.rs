//! Multiaddresses in the configuration, checked while the file is read so that errors have a line.

use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An address to listen on, such as `/ip4/127.0.0.1/tcp/26600`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress(Multiaddr);

impl ListenAddress {
    /// The address.
    #[must_use]
    pub const fn get(&self) -> &Multiaddr {
        &self.0
    }
}

impl core::fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ListenAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ListenAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let address = multiaddress(deserializer)?;
        let has_port = address.iter().any(|part| matches!(part, Protocol::Tcp(_)));
        if !has_port {
            return Err(de::Error::custom(
                "expected a TCP multiaddress such as \"/ip4/127.0.0.1/tcp/26600\"",
            ));
        }
        Ok(Self(address))
    }
}

/// The address of another node with its identity: `/ip4/…/tcp/…/p2p/<peer id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerAddress {
    address: Multiaddr,
    peer: PeerId,
}

impl PeerAddress {
    /// The whole address, identity included.
    #[must_use]
    pub const fn get(&self) -> &Multiaddr {
        &self.address
    }

    /// The peer at the address.
    #[must_use]
    pub const fn peer(&self) -> PeerId {
        self.peer
    }
}

impl core::fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.address.fmt(f)
    }
}

impl Serialize for PeerAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.address)
    }
}

impl<'de> Deserialize<'de> for PeerAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let address = multiaddress(deserializer)?;
        let Some(Protocol::P2p(peer)) = address.iter().last() else {
            return Err(de::Error::custom(
                "expected a multiaddress that ends in \"/p2p/<peer id>\", so that nobody else \
                 can answer at the address",
            ));
        };
        Ok(Self { address, peer })
    }
}

fn multiaddress<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Multiaddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        de::Error::custom(format!(
            "\"{text}\" is not a multiaddress such as \"/ip4/127.0.0.1/tcp/26600\""
        ))
    })
}
