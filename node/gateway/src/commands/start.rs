//! `start`: runs the configured halves until the process is told to stop.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kyojo_cli::{Failure, Format, Given, Reply, finish};
use ledger_types::{AccountId, Height, SigningKey};
use node_client::Network;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing_subscriber::EnvFilter;

use super::{database, store_key, vault};
use crate::config::{
    Config, HolderConfig, LogFormat, PartyConfig, RecipientConfig, Seed, read_seed, read_text,
};
use crate::holder::{self, Holder, Upstream};
use crate::keep::Keep;
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::oidc::Verifier;
use crate::queue::{Parties, Patience, Queue};
use crate::recipient::{self, Recipient};
use crate::serve::serve;
use crate::signer::Signer;
use crate::store::{Purpose, Store};
use crate::tip;

/// What both halves share.
struct Shared {
    nodes: Nodes,
    keep: Keep,
    store: Store,
    queue: Arc<Queue>,
    parties: Parties,
    metrics: Arc<Metrics>,
}

/// Runs the command.
pub(super) fn run(config: &Config, json: bool) -> Result<(), Failure> {
    log_to_standard_error(config.log.format);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::other)?;
    let ended = runtime.block_on(gateway(config, json));
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended
}

async fn gateway(config: &Config, json: bool) -> Result<(), Failure> {
    let told = on_signal()?;
    let seed = store_key(config)?;
    let shared = shared(config, &seed).await?;
    let (tip, heights) = watch::channel(Height::GENESIS);
    let mut servers = JoinSet::new();
    let mut addresses = serde_json::Map::new();
    if let Some(holder) = &config.holder {
        let (listener, address) = listen(holder.listen).await?;
        let router = holder_of(config, holder, &shared, heights, address)?.router();
        servers.spawn(serve(listener, router, told.clone()));
        tokio::spawn(tip::follow(shared.nodes.clone(), tip, told.clone()));
        addresses.insert("holder".to_owned(), format!("http://{address}").into());
    }
    if let Some(recipient) = &config.recipient {
        let (listener, address) = listen(recipient.listen).await?;
        let recipient = recipient_of(config, recipient, &shared)?;
        servers.spawn(serve(listener, recipient.router(), told.clone()));
        addresses.insert("recipient".to_owned(), format!("http://{address}").into());
        tokio::spawn(async move { recipient.warm().await });
    }
    announce(&addresses, json);
    until_told(servers, &shared.queue, told).await
}

/// Serves until told to stop, lets requests under way finish, and only then stops the queue.
async fn until_told(
    mut servers: JoinSet<()>,
    queue: &Arc<Queue>,
    mut told: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let queue = Arc::clone(queue);
    let mut sending = tokio::spawn(async move { queue.run(stopped).await });
    let failed = |reason: String| Failure::other(format!("the queue failed: {reason}"));
    tokio::select! {
        _ = told.wait_for(|told| *told) => {}
        ended = &mut sending => {
            return match ended {
                Ok(Err(error)) => Err(failed(error.to_string())),
                Ok(Ok(())) => Ok(()),
                Err(error) => Err(failed(error.to_string())),
            };
        }
    }
    while servers.join_next().await.is_some() {}
    stop.send_replace(true);
    match sending.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

async fn shared(config: &Config, seed: &Seed) -> Result<Shared, Failure> {
    let network = Network {
        genesis_hash: config.network.genesis_hash,
        address_prefix: config.address_prefix(),
        directory_keys: Vec::new(),
        clock: config.clock(),
    };
    let ca_pem = pem(config, config.network.ca_file.as_deref())?;
    let (read, commit) = (config.network.read_timeout_ms, config.network.commit_timeout_ms);
    let (read, commit) = (Duration::from_millis(read), Duration::from_millis(commit));
    let nodes = Nodes::new(&config.network.nodes, &network, ca_pem.as_deref(), read, commit);
    let nodes = nodes.map_err(Failure::config)?;
    let parties = parties(config, &nodes)?;
    let store = Store::open(&database(config), seed, Purpose::Serve).map_err(Failure::other)?;
    let metrics = Arc::new(Metrics::default());
    let patience = Patience {
        unmatched_after: Duration::from_secs(config.store.unmatched_after_s),
        match_every: Duration::from_secs(config.store.match_every_s.max(1)),
    };
    let (of_queue, counted) = (parties.clone(), Arc::clone(&metrics));
    let queue = Queue::open(store.clone(), nodes.clone(), of_queue, patience, counted).await;
    let queue = queue.map_err(Failure::other)?;
    let keep = Keep::new(&vault(config), seed);
    Ok(Shared { nodes, keep, store, queue, parties, metrics })
}

/// The parties that act; one that is both acts through one order of nonces.
fn parties(config: &Config, nodes: &Nodes) -> Result<Parties, Failure> {
    let signer = |party: &PartyConfig| {
        let seed = read_seed(&config.path(&party.key_file)).map_err(Failure::config)?;
        let key = SigningKey::from_seed(&seed);
        Ok::<_, Failure>(Signer::new(AccountId::of_party(party.number), key, nodes.clone()))
    };
    let holder = config.holder.as_ref().map(|holder| &holder.party);
    let recipient = config.recipient.as_ref().map(|recipient| &recipient.party);
    let is_one = matches!((holder, recipient), (Some(a), Some(b)) if a.number == b.number);
    let holder = holder.map(signer).transpose()?;
    let recipient = if is_one { holder.clone() } else { recipient.map(signer).transpose()? };
    Ok(Parties { holder, recipient })
}

fn holder_of(
    config: &Config,
    holder: &HolderConfig,
    shared: &Shared,
    tip: watch::Receiver<Height>,
    address: SocketAddr,
) -> Result<Arc<Holder>, Failure> {
    let upstream = &holder.upstream;
    let credential = upstream.credential_file.as_ref();
    let credential = credential.map(|file| read_text(&config.path(file))).transpose();
    let credential = credential.map_err(Failure::config)?;
    let header = upstream.credential_header.as_deref();
    let credential = header.zip(credential.as_ref().map(|text| text.as_str()));
    let ca_pem = pem(config, upstream.ca_file.as_deref())?;
    let timeout = Duration::from_millis(upstream.timeout_ms);
    let (url, bytes_max) = (&upstream.url, upstream.answer_bytes_max);
    let upstream = Upstream::new(url, credential, ca_pem.as_deref(), timeout, bytes_max);
    let acting = shared.parties.holder.clone();
    let parts = holder::Parts {
        party: holder.party.number,
        signer: acting.ok_or_else(|| Failure::other("no party acts as the holder"))?,
        nodes: shared.nodes.clone(),
        keep: shared.keep.clone(),
        store: shared.store.clone(),
        queue: Arc::clone(&shared.queue),
        upstream: upstream.map_err(Failure::config)?,
        tip,
        routes: holder.route.clone(),
        without_consent: holder.without_consent.clone(),
        authority: holder.authority.clone().unwrap_or_else(|| address.to_string()),
        metrics: Arc::clone(&shared.metrics),
    };
    Holder::new(parts).map_err(Failure::config)
}

fn recipient_of(
    config: &Config,
    recipient: &RecipientConfig,
    shared: &Shared,
) -> Result<Arc<Recipient>, Failure> {
    let ca_pem = pem(config, recipient.oidc.ca_file.as_deref())?;
    let verifier = Verifier::new(recipient.oidc.clone(), ca_pem.as_deref());
    let acting = shared.parties.recipient.clone();
    let parts = recipient::Parts {
        config: recipient.clone(),
        signer: acting.ok_or_else(|| Failure::other("no party acts as the recipient"))?,
        nodes: shared.nodes.clone(),
        keep: shared.keep.clone(),
        queue: Arc::clone(&shared.queue),
        verifier: verifier.map_err(Failure::config)?,
        metrics: Arc::clone(&shared.metrics),
    };
    let ca_pem: Result<Vec<Option<Vec<u8>>>, Failure> =
        recipient.holder.iter().map(|peer| pem(config, peer.ca_file.as_deref())).collect();
    Recipient::new(parts, &ca_pem?).map_err(Failure::config)
}

fn pem(config: &Config, file: Option<&Path>) -> Result<Option<Vec<u8>>, Failure> {
    let read = |file: &Path| Given::Certificates.bytes(&config.path(file));
    file.map(read).transpose().map_err(Failure::config)
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let refused = |error| Failure::config(format!("{address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}

/// Says where it listens, on standard output, once it does.
fn announce(addresses: &serde_json::Map<String, serde_json::Value>, json: bool) {
    let lines =
        addresses.iter().map(|(half, url)| format!("{half} {}", url.as_str().unwrap_or_default()));
    let text = lines.collect::<Vec<_>>().join("\n");
    let data = json!(addresses);
    let _ = finish(&Ok(Reply::new(data, text)), Format::of(json));
}

/// Holds true once the process is told to stop.
fn on_signal() -> Result<watch::Receiver<bool>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::other)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::other)?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("told to stop (SIGTERM)"),
            _ = interrupt.recv() => tracing::info!("told to stop (SIGINT)"),
        }
        tell.send_replace(true);
        // A second signal while draining changes nothing; the sender stays until the end.
        tell.closed().await;
    });
    Ok(told)
}

/// The variable `KYOJO_LOG` overrides what is logged.
fn log_to_standard_error(format: LogFormat) {
    let filter = EnvFilter::try_from_env("KYOJO_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Whoever closes the pipe of the logs has read enough; to say so there would be a panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second call, as tests make, leaves the first logger in place.
    let _ = match format {
        LogFormat::Text => logger.try_init(),
        LogFormat::Json => logger.json().try_init(),
    };
}
