//! How asking a node fails.

use std::io::ErrorKind;
use std::time::Duration;

use ledger_types::TransactionId;
use node_api::{ApiCode, Problem};

/// Why there is no answer, or which answer there is instead.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The text is not the URL of a node.
    #[error("{url} is not the URL of a node: http://host:port or https://host:port")]
    BadUrl {
        /// The text.
        url: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {reason}")]
    Tls {
        /// Why.
        reason: String,
    },
    /// No node answers there.
    #[error("no node answers at {url}: {reason}")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
        /// The kind of reason that the machine has for it.
        kind: ErrorKind,
    },
    /// The connection broke: the request may have arrived.
    #[error("the connection to {url} broke: {reason}")]
    Interrupted {
        /// To where.
        url: String,
        /// How.
        reason: String,
        /// The kind of reason that the machine has for it.
        kind: ErrorKind,
    },
    /// A read was not answered in time.
    #[error("no answer in time")]
    TimedOut,
    /// A transaction was sent, or may have been, and nothing is known of it. The same signed bytes
    /// can be sent again.
    #[error("the outcome of transaction {transaction} is not known yet")]
    OutcomeUnknown {
        /// The transaction.
        transaction: TransactionId,
    },
    /// The node says what is wrong.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The node, or something before it, answers with a bare status.
    #[error("the node answers with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is not what the API promises.
    #[error("the node's answer makes no sense: {reason}")]
    Answer {
        /// What is wrong with it.
        reason: String,
    },
    /// A bug of this client.
    #[error("an internal error of the client")]
    Internal,
}

impl ClientError {
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub(super) fn answer(reason: impl ToString) -> Self {
        Self::Answer { reason: reason.to_string() }
    }

    /// Whether the same request may be answered a moment later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Interrupted { .. } | Self::TimedOut => true,
            Self::Status { status } => matches!(status, 408 | 429 | 502 | 503 | 504),
            Self::Problem(problem) => problem.api_code().is_some_and(|code| {
                matches!(
                    code,
                    ApiCode::TooManyRequests
                        | ApiCode::RequestTimeout
                        | ApiCode::MempoolFull
                        | ApiCode::AccountQuotaReached
                        | ApiCode::AllowanceUsed
                        | ApiCode::SourceQuotaReached
                        | ApiCode::Busy
                        | ApiCode::NotReady
                        | ApiCode::ShuttingDown
                        | ApiCode::TooManyStreams
                )
            }),
            Self::BadUrl { .. }
            | Self::Tls { .. }
            | Self::OutcomeUnknown { .. }
            | Self::Answer { .. }
            | Self::Internal => false,
        }
    }

    /// Whether something answered, though not with what was asked for.
    #[must_use]
    pub(super) const fn is_of_node(&self) -> bool {
        matches!(self, Self::Problem(_) | Self::Status { .. })
    }

    /// Whether the request may have reached the node although there is no answer to it.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        matches!(
            self,
            Self::Interrupted { .. } | Self::TimedOut | Self::Status { .. } | Self::Answer { .. }
        )
    }

    /// How long the node asks to be left in peace, where it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem(problem) => problem.retry_after.map(Duration::from_secs),
            _ => None,
        }
    }

    /// The stable number of what the node says is wrong, where it does.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            _ => None,
        }
    }
}
