//! Server-sent events: one `block` event a height, in order, none left out.
//!
//! A stream is pulled: it holds a height and nothing else, so a slow client costs no memory, and one
//! that comes back with `Last-Event-ID` gets what it missed from the store.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use ledger_types::Height;
use node_api::ApiCode;
use node_api::body::BlockEvent;
use node_api::path;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::Api;
use super::extract::number;
use super::failure::{Answer, Failure};

/// How often a silent stream shows that it lives, in seconds.
const KEEP_ALIVE_SECONDS: u64 = 5;

/// Follow the blocks.
///
/// Server-sent events named `block` with the height as id and JSON data. `Last-Event-ID` resumes
/// after that height; without it the stream begins with the next block. The stream ends when the
/// node stops: come back with the last id.
#[utoipa::path(
    get, path = path::EVENTS, tag = "blocks",
    params(("Last-Event-ID" = Option<u64>, Header, description = "The last height seen.")),
    responses(
        (status = 200, description = "The stream.", body = BlockEvent,
            content_type = "text/event-stream"),
        (status = "4XX",
            description = "The height is malformed (6001), past the last block (6203), or not \
                           stored any more (6204)."),
        (status = "5XX",
            description = "Too many streams (7007), or no index to resume from (7003)."),
    ),
)]
pub(super) async fn events(
    Shared(api): Shared<Arc<Api>>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let full = |_| Failure::new(ApiCode::TooManyStreams, "come back later");
    let permit = Arc::clone(&api.streams).try_acquire_owned().map_err(full)?;
    let mut fed = api.query.feed().height();
    let tip = *fed.borrow_and_update();
    let last = match headers.get("last-event-id") {
        None => tip,
        Some(value) => Height::new(number(value.to_str().unwrap_or("?"))?),
    };
    // The feed comes a moment behind the state, from which clients have their heights too.
    let newest = tip.max(api.query.state().height());
    if last > newest {
        // Silence until then would look like a network that stands still.
        let detail = format!("block {last} is not here yet: the last one is {newest}");
        return Err(Failure::new(ApiCode::BlockNotFound, detail));
    }
    let next = last.next().unwrap_or(last);
    if next <= tip && load(&api, next).await?.is_none() {
        let detail = format!("block {next} is no longer stored here");
        return Err(Failure::new(ApiCode::BlockPruned, detail));
    }
    let shutdown = api.shutdown.clone();
    let follower = Follower { api, fed, shutdown, next, _permit: permit };
    let stream = futures::stream::unfold(follower, Follower::step);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(KEEP_ALIVE_SECONDS));
    Ok(Sse::new(stream).keep_alive(keep_alive))
}

async fn load(api: &Arc<Api>, height: Height) -> Answer<Option<BlockEvent>> {
    match api.query.feed().event(height) {
        Some(event) => Ok(Some(event)),
        None => Ok(api.blocking(move |query| query.event(height)).await??),
    }
}

struct Follower {
    api: Arc<Api>,
    fed: watch::Receiver<Height>,
    shutdown: watch::Receiver<bool>,
    next: Height,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    /// The next event; `None` ends the stream, and the client comes back.
    async fn step(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let next = self.next;
        tokio::select! {
            fed = self.fed.wait_for(|fed| *fed >= next) => fed.map(|_| ()).ok()?,
            _ = self.shutdown.wait_for(|stop| *stop) => return None,
        }
        let event = load(&self.api, next).await.ok()??;
        self.next = next.next()?;
        let sent = Event::default().event("block").id(next.to_string()).json_data(&event).ok()?;
        Some((Ok(sent), self))
    }
}
