//! One peer's two streams: what this node asks of it, and what it asks of this node.
//!
//! Each side opens one stream and keeps it: a stream for every request would cost both sides a
//! negotiation each time. Requests go down the stream one after the other, without waiting, and
//! are answered in their order.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::io::WriteHalf;
use futures::{AsyncReadExt, AsyncWriteExt};
use ledger_types::Hash;
use libp2p::{PeerId, Stream};
use libp2p_stream::Control;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::Instant;

use super::codec::{self, PROTOCOL};
use super::message::{Acceptance, REQUEST_BYTES_MAX, RESPONSE_BYTES, Request, Response, Status};
use super::peers::Peers;
use crate::audit_log::Vote;
use crate::mempool::{Mempool, Source, SubmitError};

/// How long a request may take until its response.
const RESPONSE_WITHIN: Duration = Duration::from_secs(10);
/// How long it takes until a stream that failed is opened again.
const REOPEN_AFTER: Duration = Duration::from_millis(250);
/// How many requests may wait for the stream.
const WAITING_MAX: usize = 32;
/// How long answers are gathered, and how many, so that a peer is not woken for each.
const ANSWERS_GATHERED_FOR: Duration = Duration::from_millis(20);
const ANSWERS_GATHERED_MAX: usize = 2;
/// How many requests of one peer may be on their way through the mempool; more are not read.
const SUBMISSIONS_MAX: usize = 8;
/// How many things may wait until the gossip's loop looks at them.
pub(super) const HAPPENED_MAX: usize = 256;

/// What a link tells the gossip's loop.
#[derive(Debug)]
pub(super) enum Happened {
    /// The peer answered a request.
    Answered {
        /// Whom it was sent to.
        peer: PeerId,
        /// The request.
        request: Bytes,
        /// What it said.
        response: Response,
    },
    /// Nobody knows what became of the requests under way to the peer.
    Lost(PeerId),
    /// The peer does not speak the protocol.
    Offended(PeerId),
    /// The peer's genesis is another one.
    Foreign(PeerId, Hash),
}

/// The requests to one peer. Dropping it ends the stream.
#[derive(Debug)]
pub(super) struct Link {
    requests: mpsc::Sender<Bytes>,
    task: AbortHandle,
}

impl Link {
    /// Opens a stream to a connected peer, and again whenever it fails.
    pub(super) fn open(peer: PeerId, control: Control, happened: mpsc::Sender<Happened>) -> Self {
        let (requests, waiting) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(ask(peer, control, waiting, happened)).abort_handle();
        Self { requests, task }
    }

    /// Sends a request; false where too many wait already.
    pub(super) fn send(&self, request: Bytes) -> bool {
        self.requests.try_send(request).is_ok()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ask(
    peer: PeerId,
    mut control: Control,
    mut waiting: mpsc::Receiver<Bytes>,
    happened: mpsc::Sender<Happened>,
) {
    loop {
        match control.open_stream(peer, PROTOCOL).await {
            Ok(stream) => {
                if ask_on(peer, stream, &mut waiting, &happened).await == Ending::Offence {
                    let _ = happened.send(Happened::Offended(peer)).await;
                    return;
                }
            }
            Err(error) => tracing::debug!(%peer, %error, "a stream could not be opened"),
        }
        if waiting.is_closed() || happened.send(Happened::Lost(peer)).await.is_err() {
            return;
        }
        tokio::time::sleep(REOPEN_AFTER).await;
    }
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It broke, or nobody needs it any more.
    Broken,
    /// The other side broke the protocol.
    Offence,
}

/// Writes what waits and reads the answers until either fails.
async fn ask_on(
    peer: PeerId,
    stream: Stream,
    waiting: &mut mpsc::Receiver<Bytes>,
    happened: &mpsc::Sender<Happened>,
) -> Ending {
    let (mut reader, mut writer) = stream.split();
    let (asked, mut unanswered) = mpsc::unbounded_channel();
    let write = async {
        while let Some(request) = waiting.recv().await {
            let _ = asked.send((Instant::now(), request.clone()));
            codec::write(&mut writer, &request).await?;
            if waiting.is_empty() {
                writer.flush().await?;
            }
        }
        Ok(())
    };
    let read = async {
        while let Some((at, request)) = unanswered.recv().await {
            let read = codec::read(&mut reader, RESPONSE_BYTES);
            let response = tokio::time::timeout_at(at + RESPONSE_WITHIN, read).await??;
            let response = Response::parse(&response)?;
            let answered = Happened::Answered { peer, request, response };
            if happened.send(answered).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let ended: io::Result<()> = tokio::select! {
        ended = write => ended,
        ended = read => ended,
    };
    ending(ended)
}

fn ending(ended: io::Result<()>) -> Ending {
    let is_offence = |error: io::Error| error.kind() == io::ErrorKind::InvalidData;
    if ended.is_err_and(is_offence) { Ending::Offence } else { Ending::Broken }
}

/// What requests of peers need.
#[derive(Clone, Debug)]
pub(super) struct Answering {
    pub(super) mempool: Arc<Mempool>,
    pub(super) peers: Arc<Peers>,
    pub(super) votes: mpsc::Sender<Vote>,
    pub(super) happened: mpsc::Sender<Happened>,
    /// The network's identity.
    pub(super) genesis: Hash,
}

/// A request's way through this node.
enum Taking {
    Done(Acceptance),
    Submitted(JoinHandle<Acceptance>),
}

impl Answering {
    /// Answers what a peer asks on its stream, until the stream ends.
    ///
    /// `place` is the peer's among the validators of genesis.
    pub(super) async fn run(self, peer: PeerId, place: Option<usize>, stream: Stream) {
        let (mut reader, mut writer) = stream.split();
        let (taking, mut taken) = mpsc::channel(SUBMISSIONS_MAX);
        let read = async {
            loop {
                let request = codec::read(&mut reader, REQUEST_BYTES_MAX).await?;
                let request = self.take(peer, place, Request::parse(request)?);
                if taking.send(request).await.is_err() {
                    return Ok(());
                }
            }
        };
        let write = async {
            while let Some(request) = taken.recv().await {
                self.answer(request, &mut writer).await?;
                for _ in 1..ANSWERS_GATHERED_MAX {
                    let next = tokio::time::timeout(ANSWERS_GATHERED_FOR, taken.recv()).await;
                    let Ok(Some(request)) = next else { break };
                    self.answer(request, &mut writer).await?;
                }
                writer.flush().await?;
            }
            Ok(())
        };
        let ended: io::Result<()> = tokio::select! {
            ended = read => ended,
            ended = write => ended,
        };
        if ending(ended) == Ending::Offence {
            let _ = self.happened.send(Happened::Offended(peer)).await;
        }
    }

    async fn answer(&self, request: Taking, writer: &mut WriteHalf<Stream>) -> io::Result<()> {
        let standing = match request {
            Taking::Done(standing) => standing,
            // The node stops while it takes the bundle: to be sent again, to whoever runs.
            Taking::Submitted(task) => task.await.unwrap_or(Acceptance::Busy),
        };
        let response = Response { standing, height: self.mempool.height() };
        codec::write(writer, &response.encode()).await
    }

    fn take(&self, peer: PeerId, place: Option<usize>, request: Request) -> Taking {
        match request {
            Request::Status(Status { height, votes, genesis, process }) => {
                if genesis == self.genesis {
                    self.peers.set_status(&peer, height, votes);
                } else {
                    // Said again every second: one that finds no room is made up for.
                    let _ = self.happened.try_send(Happened::Foreign(peer, genesis));
                }
                let is_doubled = self.peers.hear(peer, process);
                Taking::Done(if is_doubled { Acceptance::Doubled } else { Acceptance::Taken })
            }
            Request::Bundle { transactions } => {
                let mempool = Arc::clone(&self.mempool);
                Taking::Submitted(tokio::spawn(async move {
                    let verdicts = mempool.submit(transactions, Source::Peer(peer)).await;
                    let again = verdicts.contains(&Err(SubmitError::Busy));
                    if again { Acceptance::Busy } else { Acceptance::Taken }
                }))
            }
            Request::Cosignature { size, cosignature } => {
                if let Some(validator) = place {
                    // A full board is behind: the next cosignature makes up for this one.
                    let _ = self.votes.try_send(Vote { validator, size, cosignature });
                }
                Taking::Done(Acceptance::Taken)
            }
        }
    }
}
