//! What one peer may ask, and what all may together: bounded, and simple on purpose.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use node_api::ApiCode;

use super::Api;
use super::failure::Failure;

/// The most requests that one peer may make at once after a pause.
pub const PEER_BURST: u32 = 10_000;
/// How many requests a second one peer may make in the long run.
pub const PEER_REQUESTS_PER_SECOND: u32 = 5_000;
/// How many peers are told apart; those past them share one allowance.
const PEERS_MAX: usize = 8_192;
/// How many requests may be answered at a time.
pub(super) const IN_FLIGHT_MAX: usize = 4_096;
/// How many bulk submissions may be answered at a time.
pub(super) const BULK_MAX: usize = 32;
/// How many of them may be one peer's.
pub(super) const BULK_OF_PEER_MAX: usize = 16;
/// How many event streams may be open.
pub(super) const STREAMS_MAX: usize = 256;
/// How many reads of the store may go on at a time.
pub(super) const STORE_READS_MAX: usize = 32;
/// The longest that a request may take, in seconds: more than any body and wait together.
const REQUEST_SECONDS_MAX: u64 = 75;

/// Allowances of peers, by address (of IPv6 the network's 64 bits).
#[derive(Debug)]
pub(super) struct Allowances {
    burst: f64,
    per_second: f64,
    peers: Mutex<HashMap<IpAddr, Allowance>>,
}

#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: f64,
    at: Instant,
}

impl Allowances {
    pub(super) fn new(burst: u32, per_second: u32) -> Self {
        let peers = Mutex::default();
        Self { burst: burst.into(), per_second: per_second.into(), peers }
    }

    /// Takes one request out of a peer's allowance; false where nothing is left of it.
    fn take(&self, peer: IpAddr, now: Instant) -> bool {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = network_of(peer);
        if peers.len() >= PEERS_MAX && !peers.contains_key(&key) {
            // Whoever has a whole allowance again is like one never seen.
            peers.retain(|_, allowance| self.left(allowance, now) < self.burst);
            if peers.len() >= PEERS_MAX {
                key = Ipv6Addr::UNSPECIFIED.into();
            }
        }
        let allowance = peers.entry(key).or_insert(Allowance { left: self.burst, at: now });
        let left = self.left(allowance, now);
        let granted = left >= 1.0;
        *allowance = Allowance { left: if granted { left - 1.0 } else { left }, at: now };
        granted
    }

    fn left(&self, allowance: &Allowance, now: Instant) -> f64 {
        let since = now.saturating_duration_since(allowance.at).as_secs_f64();
        (allowance.left + since * self.per_second).min(self.burst)
    }
}

/// What each peer holds of something that there is a bounded number of, so that none holds it all.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// One of what a peer holds, until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    of: Arc<Shares>,
    peer: IpAddr,
}

impl Shares {
    /// Each peer may hold so many.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, held: Mutex::default() })
    }

    /// Gives one more to a peer; none where it holds as many as it may.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Share> {
        let peer = network_of(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(peer).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { of: Arc::clone(self), peer })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.peer);
            }
        }
    }
}

fn network_of(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// Answers within the limits, or says which one was reached.
pub(super) async fn keep(Shared(api): Shared<Arc<Api>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(address)) = peer
        && !api.allowances.take(address.ip(), Instant::now())
    {
        let detail = format!("{PEER_REQUESTS_PER_SECOND} requests a second");
        return Failure::new(ApiCode::TooManyRequests, detail).into_response();
    }
    let Ok(_permit) = api.in_flight.try_acquire() else {
        return Failure::new(ApiCode::Busy, "too many requests at once").into_response();
    };
    let most = Duration::from_secs(REQUEST_SECONDS_MAX);
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!("no answer within {REQUEST_SECONDS_MAX} s");
            Failure::new(ApiCode::RequestTimeout, detail).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_runs_out_and_comes_back() {
        let allowances = Allowances::new(3, 2);
        let (peer, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = Instant::now();
        assert!((0..3).all(|_| allowances.take(peer, now)));
        assert!(!allowances.take(peer, now));
        assert!(allowances.take(other, now));
        let later = now + Duration::from_millis(500);
        assert!(allowances.take(peer, later));
        assert!(!allowances.take(peer, later));
        let rested = now + Duration::from_secs(60);
        assert!((0..3).all(|_| allowances.take(peer, rested)));
        assert!(!allowances.take(peer, rested));
    }

    #[test]
    fn one_network_has_one_allowance_however_many_addresses_it_takes() {
        let allowances = Allowances::new(1, 1);
        let now = Instant::now();
        assert!(allowances.take("2001:db8::1".parse().unwrap(), now));
        assert!(!allowances.take("2001:db8::ffff:2".parse().unwrap(), now));
        assert!(allowances.take("2001:db8:0:1::1".parse().unwrap(), now));
        assert!(allowances.take("10.0.0.1".parse().unwrap(), now));
        assert!(!allowances.take("::ffff:10.0.0.1".parse().unwrap(), now));
    }

    #[test]
    fn no_peer_holds_all_of_what_is_bounded() {
        let shares = Shares::new(2);
        let (peer, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let held = (shares.take(peer), shares.take(peer));
        assert!(held.0.is_some() && held.1.is_some() && shares.take(peer).is_none());
        assert!(shares.take(other).is_some());
        drop(held);
        assert!(shares.held.lock().unwrap().is_empty(), "nobody who holds nothing is remembered");
        assert!(shares.take(peer).is_some());
    }

    #[test]
    fn the_table_is_bounded() {
        let allowances = Allowances::new(2, 1);
        let now = Instant::now();
        for number in 0..u32::try_from(PEERS_MAX).unwrap() + 100 {
            allowances.take(IpAddr::from(number.to_be_bytes()), now);
        }
        assert!(allowances.peers.lock().unwrap().len() <= PEERS_MAX + 1);
        assert!(!allowances.take(IpAddr::from([255, 0, 0, 1]), now));
        assert!(allowances.take(IpAddr::from([255, 0, 0, 1]), now + Duration::from_secs(2)));
        assert!(allowances.peers.lock().unwrap().len() <= 2);
    }
}
