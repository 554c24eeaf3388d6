//! Where clients come in: in the clear, and over TLS where the configuration has that.

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{EndedPart, NodeError, listen};
use crate::api::{self, Tls};
use crate::config::Home;

/// An address with the certificate that clients get there.
pub(super) type Listener = (TcpListener, Option<Tls>);

/// Listens at every address that the configuration has for clients.
pub(super) async fn listen(home: &Home) -> Result<Vec<Listener>, NodeError> {
    let config = &home.config.api;
    if !config.listen.ip().is_loopback() {
        tracing::warn!(
            address = %config.listen,
            "[api] listens in the clear where others reach it: answers can be read on the way",
        );
    }
    let bind = async |section, address| {
        let bound = TcpListener::bind(address).await;
        bound.map_err(|error| listen::refused(section, address, &error))
    };
    let mut listeners = vec![(bind("api", config.listen).await?, None)];
    if let (Some(tls), Some(files)) = (&config.tls, home.tls_files()) {
        listeners.push((bind("api.tls", tls.listen).await?, Some(Tls::open(files)?)));
    }
    Ok(listeners)
}

/// Serves the interface wherever clients come in.
pub(super) fn serve(
    parts: &mut JoinSet<EndedPart>,
    listeners: Vec<Listener>,
    router: &axum::Router,
    stopped: &watch::Receiver<bool>,
) {
    for (listener, tls) in listeners {
        if let Some(tls) = tls.clone() {
            let watching = tls.watch(stopped.clone());
            parts.spawn(async move {
                watching.await;
                ("the certificate", Ok(()))
            });
        }
        let serving = api::serve(listener, tls, router.clone(), stopped.clone());
        let failed = |source| NodeError::Io { doing: "serving the interface", source };
        parts.spawn(async move { ("the interface", serving.await.map_err(failed)) });
    }
}
