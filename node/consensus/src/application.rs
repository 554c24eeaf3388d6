//! What consensus asks of the node: the chain behind the agreement.
//!
//! Every answer here is part of the network's safety. "Durable" means fsynced: it survives a power
//! cut at the instant after the call returns. Blocks are opaque bytes to this crate; their identity
//! is the hash of their header, which is what validators vote for.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use ledger_types::{CommitCertificate, Hash, Height, Rotation, Round, ValidatorSet};

use crate::fault::Fault;
use crate::steps::Steps;

/// The height after the tip and who decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHeight {
    /// The tip's height plus one.
    pub height: Height,
    /// Its validators.
    pub validators: ValidatorSet,
    /// Whose turns its rounds are.
    pub rotation: Rotation,
}

/// A block to propose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The hash of its header.
    pub hash: Hash,
    /// Its canonical bytes.
    pub bytes: Bytes,
}

/// What the application thinks of a block that somebody else made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It may be voted for, and its body is durable.
    Valid,
    /// The bytes are the block, and it breaks a rule: it may not be voted for.
    Invalid {
        /// Why, for the log.
        reason: String,
    },
    /// The bytes do not decode, or are not the block with this hash: its roots do not match its
    /// contents. Nothing is said about the block; whoever sent the bytes lied.
    NotTheBlock {
        /// Why, for the log.
        reason: String,
    },
}

/// The chain that consensus drives.
///
/// Calls are made from one task, one at a time, except [`Application::decided`],
/// [`Application::pace`], [`Application::history`] and [`Application::earliest`], which overlap
/// with the others. A [`Fault`] from any of them stops consensus at once, before anything further
/// is signed.
pub trait Application: Send + Sync + 'static {
    /// The height after the tip. Must already count a block whose `decided` call has returned.
    fn next(&self) -> NextHeight;

    /// Makes a block for `height` within about `deadline`. Its body is durable before this returns.
    ///
    /// Never asked twice for a round: what was proposed is recorded and proposed again.
    fn propose(
        &self,
        height: Height,
        deadline: Duration,
    ) -> impl Future<Output = Result<Proposed, Fault>> + Send;

    /// Judges a live proposal for the height after the tip.
    ///
    /// The proposer signed `hash`, but `bytes` may come from somebody else: decode bounded, hash the
    /// header and compare the roots of the contents first, and answer `NotTheBlock` where they do
    /// not fit. A valid body is durable before this returns. A verdict that rests on the local
    /// clock must not be remembered (rule 9).
    fn check(
        &self,
        height: Height,
        hash: Hash,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Validity, Fault>> + Send;

    /// Judges bytes that a peer says are the block that `certificate` decided (rule 19).
    ///
    /// The certificate has been verified against the height's validator set. Decode bounded and
    /// hash the header first: bytes that are not the certificate's block are `NotTheBlock`, which
    /// costs the peer. A block that *is* the certificate's, but does not fit our own parent or
    /// roots, is a [`Fault`], never `Invalid`. A valid body is durable before this returns.
    fn check_synced(
        &self,
        certificate: CommitCertificate,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Validity, Fault>> + Send;

    /// The bytes of a block that was proposed, judged valid, or decided.
    fn body(&self, height: Height, hash: Hash) -> Option<Bytes>;

    /// Keeps an opaque record of a round's proposal, durable before this returns.
    ///
    /// There may be several for one round; a record that is already there is not repeated. They
    /// may be dropped once the height is decided.
    ///
    /// # Errors
    /// [`Fault`] where the record could not be made durable.
    fn record_proposal(&self, height: Height, round: Round, record: Bytes) -> Result<(), Fault>;

    /// What [`Application::record_proposal`] kept for `height`, in the order of recording.
    fn proposals(&self, height: Height) -> Vec<(Round, Bytes)>;

    /// Commits the certificate's block: block and certificate durable, applied, roots known, all
    /// before this returns. A block whose body is missing is a [`Fault`].
    ///
    /// May be called again for a height that is already committed, by a replay after a crash; it
    /// then changes nothing, and a different block for that height is a [`Fault`].
    fn decided(
        &self,
        certificate: CommitCertificate,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// The engine begins `height`: said before anything else is asked of it, and again where the
    /// engine starts anew in the midst of it.
    fn begins(&self, height: Height);

    /// Returns when `height` should begin: something waits and the height before has begun long
    /// enough ago, a block's worth waits, or the idle interval has passed (rule 10). Dropped where
    /// the proposer opens the height first.
    fn pace(&self, height: Height) -> impl Future<Output = ()> + Send;

    /// Decided blocks from `from` to `to`, both included, in order, without gaps, starting with
    /// `from`; stops before their bytes pass `bytes_max`, but where `from` exists it gives at least
    /// that one. Empty where `from` is not stored.
    fn history(
        &self,
        from: Height,
        to: Height,
        bytes_max: usize,
    ) -> Vec<(CommitCertificate, Bytes)>;

    /// The first height that [`Application::history`] can give; the tip plus one where it has none.
    fn earliest(&self) -> Height;

    /// Where the steps of heights are noted; by default nobody sees them.
    fn steps(&self) -> Steps {
        Steps::default()
    }
}
