//! A TCP relay in front of a node that can leave its connections half open.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The relay; connections made after a break pass again.
pub(crate) struct Relay {
    /// Where it listens, as a multiaddress.
    pub(crate) address: String,
    breaks: watch::Sender<u32>,
}

impl Relay {
    /// Starts a relay to a port on this machine.
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("bound").port();
        let (breaks, broken) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, port, broken.clone()));
            }
        });
        Self { address: format!("/ip4/127.0.0.1/tcp/{own}"), breaks }
    }

    /// Closes every connection for its client. The node behind the relay learns nothing of it: as
    /// where the client's machine lost power.
    pub(crate) fn leave_half_open(&self) {
        self.breaks.send_modify(|count| *count += 1);
    }
}

async fn pass(mut client: TcpStream, port: u16, mut broken: watch::Receiver<u32>) {
    broken.mark_unchanged();
    let Ok(mut node) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let is_broken = tokio::select! {
        _ = copy_bidirectional(&mut client, &mut node) => false,
        changed = broken.changed() => changed.is_ok(),
    };
    drop(client);
    if is_broken {
        // Neither reads nor closes: the node's bytes vanish into buffers.
        core::future::pending::<()>().await;
    }
}
