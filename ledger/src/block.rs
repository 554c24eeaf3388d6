//! Making a block on the tip, and judging one that somebody else made.

use ledger_types::certificate::CertificateError;
use ledger_types::{
    Block, Body, CommitCertificate, Enveloped, Hash, Header, Height, Inadmissible, Timestamp,
    ValidatorAddress, refuse_if,
};

use crate::admission::{Admission, Full, Refusal};
use crate::state::State;

/// Why a block may not follow the tip. Nothing was changed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBlock {
    /// Another network's.
    #[error("the block belongs to another network")]
    WrongNetwork,
    /// Not the next height.
    #[error("the block has height {found}, the next is after {tip}")]
    WrongHeight {
        /// The tip's height.
        tip: Height,
        /// The block's.
        found: Height,
    },
    /// The parent is not the tip.
    #[error("the block's parent is {found}, the tip is {tip}")]
    WrongParent {
        /// The tip's header hash.
        tip: Hash,
        /// The block's parent.
        found: Hash,
    },
    /// Not later than the parent.
    #[error("the block's time {found} is not after its parent's {parent}")]
    TimeNotAfterParent {
        /// The parent's time.
        parent: Timestamp,
        /// The block's.
        found: Timestamp,
    },
    /// The proposer is no validator.
    #[error("the block's proposer is not a validator")]
    UnknownProposer,
    /// A root after the parent is not ours.
    #[error("the block's {which} is {found}, ours after the parent is {ours}")]
    RootMismatch {
        /// Which one.
        which: Root,
        /// Ours.
        ours: Hash,
        /// The block's.
        found: Hash,
    },
    /// The certificate is not one of the parent.
    #[error("the body's certificate is not its header's or not the parent's")]
    WrongCertificate,
    /// The certificate of the parent proves nothing.
    #[error("the parent's certificate does not hold")]
    BadCertificate(#[source] CertificateError),
    /// Its transactions have too many bytes, or too many signatures to check.
    #[error("transaction {index} does not fit: {full}")]
    Full {
        /// The place of the first that has no room.
        index: usize,
        /// What there is no room for.
        full: Full,
    },
    /// A transaction may not stand in it.
    #[error("transaction {index} is inadmissible: {reason}")]
    Inadmissible {
        /// Its place.
        index: usize,
        /// Why.
        reason: Inadmissible,
    },
}

impl InvalidBlock {
    fn of_transaction(index: usize, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Inadmissible(reason) => Self::Inadmissible { index, reason },
            Refusal::Full(full) => Self::Full { index, full },
        }
    }
}

/// The commitments of a header to what came before it, and to the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// Over the records.
    State,
    /// Over the parent's receipts.
    Receipts,
    /// Over the audit log.
    AuditLog,
    /// Of the validator set.
    Validators,
    /// Of the rotation.
    Rotation,
    /// Over the body's transactions.
    Transactions,
}

impl core::fmt::Display for Root {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::State => "state root",
            Self::Receipts => "receipts root",
            Self::AuditLog => "audit log root",
            Self::Validators => "validators hash",
            Self::Rotation => "rotation hash",
            Self::Transactions => "transactions root",
        })
    }
}

/// The block that follows the tip with these transactions, which an [`Admission`] at `time` took.
///
/// `time` must be after the tip's, `parent_certificate` the tip's (none at height 1).
#[must_use]
pub fn propose(
    state: &State,
    txs: Vec<Enveloped>,
    time: Timestamp,
    proposer: ValidatorAddress,
    parent_certificate: Option<CommitCertificate>,
) -> Block {
    let body = Body { parent_certificate, transactions: txs };
    let parent_certificate = body.parent_certificate.as_ref();
    let certificate_hash = parent_certificate.map_or(Hash::ZERO, CommitCertificate::hash);
    let header = Header {
        network: state.network(),
        // Past the last number no block follows; the header is then refused by everyone.
        height: state.height().next().unwrap_or(state.height()),
        time,
        proposer,
        parent: state.header_hash(),
        transactions_root: body.transactions_root(),
        state_root: state.state_root(),
        receipts_root: state.receipts_root(),
        audit_log_root: state.audit_log_root(),
        certificate_hash,
        validators_hash: state.validators().hash(),
        rotation_hash: state.rotation().hash(),
    };
    Block { header, body }
}

/// Whether a block may follow the tip: all but the transactions' signatures, and but the upper
/// bound on its time (which depends on a clock).
///
/// # Errors
/// [`InvalidBlock`] says what is wrong first.
pub fn validate(state: &State, block: &Block) -> Result<(), InvalidBlock> {
    let Block { header, body } = block;
    check_header(state, header)?;
    check_certificate(state, header, body.parent_certificate.as_ref())?;
    agree(Root::Transactions, body.transactions_root(), header.transactions_root)?;
    let mut admission = Admission::new(state, header.time);
    for (index, tx) in body.transactions.iter().enumerate() {
        admission.take(tx).map_err(|refusal| InvalidBlock::of_transaction(index, refusal))?;
    }
    Ok(())
}

/// The header against the tip: everything that it says of the parent's state.
pub(crate) fn check_header(state: &State, header: &Header) -> Result<(), InvalidBlock> {
    refuse_if(header.network != state.network(), InvalidBlock::WrongNetwork)?;
    if Some(header.height) != state.height().next() {
        return Err(InvalidBlock::WrongHeight { tip: state.height(), found: header.height });
    }
    if header.parent != state.header_hash() {
        let (tip, found) = (state.header_hash(), header.parent);
        return Err(InvalidBlock::WrongParent { tip, found });
    }
    if header.time <= state.time() {
        let (parent, found) = (state.time(), header.time);
        return Err(InvalidBlock::TimeNotAfterParent { parent, found });
    }
    refuse_if(state.validators().get(&header.proposer).is_none(), InvalidBlock::UnknownProposer)?;
    agree(Root::State, state.state_root(), header.state_root)?;
    agree(Root::Receipts, state.receipts_root(), header.receipts_root)?;
    agree(Root::AuditLog, state.audit_log_root(), header.audit_log_root)?;
    agree(Root::Validators, state.validators().hash(), header.validators_hash)?;
    agree(Root::Rotation, state.rotation().hash(), header.rotation_hash)
}

fn agree(which: Root, ours: Hash, found: Hash) -> Result<(), InvalidBlock> {
    if ours == found { Ok(()) } else { Err(InvalidBlock::RootMismatch { which, ours, found }) }
}

/// The parent's certificate, whole; none where the parent is genesis.
fn check_certificate(
    state: &State,
    header: &Header,
    certificate: Option<&CommitCertificate>,
) -> Result<(), InvalidBlock> {
    check_certificate_names_parent(state, header, certificate)?;
    certificate.map_or(Ok(()), |certificate| {
        certificate
            .verify(state.validators(), &state.genesis_hash())
            .map_err(InvalidBlock::BadCertificate)
    })
}

/// The parent's certificate but for its signatures.
pub(crate) fn check_certificate_names_parent(
    state: &State,
    header: &Header,
    certificate: Option<&CommitCertificate>,
) -> Result<(), InvalidBlock> {
    let names_parent = match certificate {
        None => state.height() == Height::GENESIS && header.certificate_hash == Hash::ZERO,
        Some(certificate) => {
            state.height() != Height::GENESIS
                && certificate.height == state.height()
                && certificate.block == state.header_hash()
                && certificate.hash() == header.certificate_hash
        }
    };
    if names_parent { Ok(()) } else { Err(InvalidBlock::WrongCertificate) }
}
