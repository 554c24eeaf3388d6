//! Why a connection is of no more use.

use std::io;

/// Why a connection is of no more use.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Broken {
    /// The peer said what no message is.
    #[error("a malformed message")]
    Malformed,
    /// The peer takes too little.
    #[error("too much waits for the peer")]
    Slow,
    /// The peer does not speak the protocol.
    #[error("the peer does not speak the protocol")]
    Unsupported,
    /// The stream failed.
    #[error("the stream failed: {0}")]
    Stream(io::ErrorKind),
}
