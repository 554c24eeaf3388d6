//! Why the gossip cannot run.

use ledger_types::PublicKey;

/// Why the gossip did not start or had to stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GossipError {
    /// An address in the configuration is not one, or names no peer.
    #[error("\"{address}\" is not an address such as /ip4/127.0.0.1/tcp/26601/p2p/<peer id>")]
    BadAddress {
        /// The text.
        address: String,
    },
    /// A network key is not a point of the curve.
    #[error("{key} is not a usable network key")]
    BadKey {
        /// The key.
        key: PublicKey,
    },
    /// The transport could not be built.
    #[error("the transport cannot be built: {reason}")]
    Transport {
        /// What went wrong.
        reason: String,
    },
    /// The node cannot listen, or no longer.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Where.
        address: String,
        /// What went wrong.
        reason: String,
    },
}
