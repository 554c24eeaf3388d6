//! The ledger's tip as it moves: a height that changes with every block, from whichever node talks.

use std::time::Duration;

use ledger_types::Height;
use tokio::sync::watch;

use crate::nodes::{Nodes, Patience};

/// How long to wait before another node is followed.
const PAUSE: Duration = Duration::from_millis(250);

/// Follows the nodes' events until told to stop. What is learnt from the height is only *that*
/// something may have changed: whoever relies on a decision asks again.
pub async fn follow(nodes: Nodes, tip: watch::Sender<Height>, mut shutdown: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = follow_one(&nodes, &tip) => {}
            _ = shutdown.wait_for(|stop| *stop) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = shutdown.wait_for(|stop| *stop) => return,
        }
    }
}

/// Follows one node until it does not answer any more.
async fn follow_one(nodes: &Nodes, tip: &watch::Sender<Height>) {
    let connected = nodes
        .ask(Patience::Read, |client| async move {
            let height = client.status().await?.height;
            Ok((client, height))
        })
        .await;
    let Ok((client, height)) = connected else { return };
    tip.send_replace(height);
    let mut blocks = client.follow(height);
    loop {
        match blocks.next().await {
            Ok(block) => drop(tip.send_replace(block.height)),
            Err(error) => {
                tracing::warn!(%error, "a node's events ended");
                return;
            }
        }
    }
}
