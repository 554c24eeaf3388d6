//! Transactions in JSON, and what the node answers to them.

use ledger_types::id::AddressPrefix;
use ledger_types::transaction::Authorisation;
use ledger_types::{JsonError, Nonce, Operation, PublicKey, Transaction, TransactionId, Unsigned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::receipt::ReceiptBody;
use crate::form::body;
use crate::text::{self, Address, schema};
use crate::time::Time;

body! {
    /// A signed transaction. The signatures are over the canonical bytes, not over this JSON: both
    /// forms convert to the same value and back without loss.
    #[serde(deny_unknown_fields)]
    pub struct TransactionBody {
        /// The network: the first 8 hexadecimal digits of its genesis hash.
        #[schema(pattern = "^[0-9a-f]{8}$")]
        network: String,
        /// The sender.
        account: Address,
        /// The sender's nonce.
        nonce: u64,
        /// Valid in blocks whose time is before this; at most 24 h ahead.
        valid_until: Time as schema::Instant,
        /// The purpose code; 0 is none.
        #[serde(default)]
        purpose: u16,
        /// 1 to 64 operations: all of them or nothing.
        #[schema(min_items = 1, max_items = 64)]
        operations: Vec<serde_json::Value> as Vec<schema::Operation>,
        /// 1 to 8 signatures, each of another key.
        #[schema(min_items = 1, max_items = 8)]
        authorisations: Vec<AuthorisationBody>,
    }

    /// One operation of a transaction, for whom it names: what else is in it is not theirs.
    pub struct OperationBody {
        /// Its place in the transaction, counted from 0.
        operation: u16,
        /// The operation as it was sent.
        asked: serde_json::Value as schema::Operation,
    }

    /// A key and its signature.
    #[serde(deny_unknown_fields)]
    pub struct AuthorisationBody {
        /// The key.
        key: PublicKey as schema::Key,
        /// Its signature over the canonical bytes.
        signature: String as schema::KeySignature,
    }
}

impl TransactionBody {
    /// A transaction in JSON on the network with this prefix.
    #[must_use]
    pub fn of(transaction: &Transaction, prefix: &AddressPrefix) -> Self {
        let unsigned = &transaction.unsigned;
        let operations = &unsigned.operations;
        Self {
            network: unsigned.network.to_string(),
            account: Address::of(&unsigned.account, prefix),
            nonce: unsigned.nonce.get(),
            valid_until: unsigned.valid_until.into(),
            purpose: unsigned.purpose,
            operations: operations.iter().map(|operation| operation.in_json(prefix)).collect(),
            authorisations: transaction.authorisations.iter().map(authorisation_body).collect(),
        }
    }

    /// The transaction. Its form, signatures and admissibility are not checked here.
    ///
    /// # Errors
    /// [`JsonError`] names the field that does not hold what it should.
    pub fn transaction(self, prefix: &AddressPrefix) -> Result<Transaction, JsonError> {
        let account =
            self.account.account(prefix).map_err(|error| JsonError::new("account", &error))?;
        let operations = self.operations.into_iter();
        let operations: Result<Vec<_>, JsonError> =
            operations.map(|operation| Operation::from_json(operation, prefix)).collect();
        let authorisations: Result<Vec<_>, JsonError> =
            self.authorisations.iter().map(authorisation).collect();
        Ok(Transaction {
            unsigned: Unsigned {
                network: text::network(&self.network)?,
                account,
                nonce: Nonce::new(self.nonce),
                valid_until: self.valid_until.get(),
                purpose: self.purpose,
                operations: operations?,
            },
            authorisations: authorisations?,
        })
    }
}

impl OperationBody {
    /// Each operation of a transaction in JSON on the network with this prefix, in order.
    pub fn each_of(
        transaction: &Transaction,
        prefix: &AddressPrefix,
    ) -> impl Iterator<Item = Self> {
        let operations = transaction.unsigned.operations.iter().zip(0..);
        operations.map(|(asked, operation)| Self { operation, asked: asked.in_json(prefix) })
    }
}

fn authorisation_body(authorisation: &Authorisation) -> AuthorisationBody {
    AuthorisationBody {
        key: authorisation.key,
        signature: text::signature_text(&authorisation.signature),
    }
}

fn authorisation(body: &AuthorisationBody) -> Result<Authorisation, JsonError> {
    let signature = text::signature(&body.signature)
        .map_err(|_| JsonError::new("signature", &"\"ed25519:\" and 128 hexadecimal digits"))?;
    Ok(Authorisation { key: body.key, signature })
}

body! {
    /// The answer to a submission: 200 with the receipt, or 202 without one yet.
    pub struct Submitted {
        /// The transaction's identity.
        transaction: TransactionId as schema::Hex32,
        /// What became of it, where a block holds it.
        receipt?: ReceiptBody,
    }

    /// The answer to a bulk submission.
    #[derive(Default)]
    pub struct BulkAnswer {
        /// How many were taken (those that a block holds already among them).
        accepted: u32,
        /// Those that were not, in order of index.
        refused: Vec<RefusedBody>,
    }

    /// One transaction of a bulk submission that was not taken.
    pub struct RefusedBody {
        /// Its place in the submission, counted from 0.
        index: u32,
        /// The stable number of the reason.
        code: u16,
        /// The stable name of the reason.
        name: String,
        /// The reason in words.
        detail: String,
    }
}

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    /// It waits for a block.
    Pending,
    /// Every operation was applied.
    Committed,
    /// Nothing was applied but its nonce; the receipt says why.
    Rejected,
}

body! {
    /// A transaction: its standing for everyone, its content for those whom it concerns.
    pub struct TransactionStatus {
        /// The transaction's identity.
        transaction: TransactionId as schema::Hex32,
        /// Where it stands.
        state: TransactionState,
        /// Its receipt, where a block holds it.
        receipt?: ReceiptBody,
        /// Its content: only in answer to a signed request of someone entitled, while it is stored.
        content?: TransactionBody,
        /// Instead of it, those of its operations that name the reader, where the rest is others'.
        operations?: Vec<OperationBody>,
    }
}
