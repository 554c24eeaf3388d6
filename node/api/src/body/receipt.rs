//! Receipts in JSON.

use ledger_types::rejection::RejectionCode;
use ledger_types::{Height, JsonError, Outcome, Receipt, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::text::schema;

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeBody {
    /// Every operation was applied.
    Committed,
    /// Nothing was applied but the nonce.
    Rejected,
}

body! {
    /// What became of a transaction. `code`, `name` and `operation` are there where it was rejected.
    pub struct ReceiptBody {
        /// The transaction.
        transaction: TransactionId as schema::Hex32,
        /// The block.
        height: Height as u64,
        /// Its place in the block, counted from 0.
        index: u32,
        /// How it ended.
        outcome: OutcomeBody,
        /// The number of the rule that it broke.
        #[schema(example = 2004)]
        code?: RejectionCode as u16,
        /// The rule's name.
        #[schema(example = "InsufficientFunds")]
        name?: String,
        /// Which operation broke it, counted from 0.
        operation?: u16,
    }
}

impl ReceiptBody {
    /// A receipt in JSON.
    #[must_use]
    pub fn of(receipt: &Receipt) -> Self {
        let (outcome, code, operation) = match receipt.outcome {
            Outcome::Committed => (OutcomeBody::Committed, None, None),
            Outcome::Rejected { code, operation } => {
                (OutcomeBody::Rejected, Some(code), Some(operation))
            }
        };
        Self {
            transaction: receipt.transaction,
            height: receipt.height,
            index: receipt.index,
            outcome,
            code,
            name: code.map(|code| code.name().to_owned()),
            operation,
        }
    }

    /// The receipt.
    ///
    /// # Errors
    /// [`JsonError`] where a rejection lacks its code or its operation.
    pub fn receipt(&self) -> Result<Receipt, JsonError> {
        let outcome = match (self.outcome, self.code, self.operation) {
            (OutcomeBody::Committed, None, None) => Outcome::Committed,
            (OutcomeBody::Rejected, Some(code), Some(operation)) => {
                Outcome::Rejected { code, operation }
            }
            _ => {
                return Err(JsonError::new("outcome", &"code and operation come with a rejection"));
            }
        };
        Ok(Receipt {
            transaction: self.transaction,
            height: self.height,
            index: self.index,
            outcome,
        })
    }
}
