//! Those who are not on the list: they get nothing through and disturb nobody.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use kyojo_tests::load::transfer;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn raw_clients_that_never_identify_get_nothing_through() -> anyhow::Result<()> {
    let town = Town::start(31).await?;
    let mut sockets = Vec::new();
    for index in 0..town.network.size() {
        for port in [town.network.consensus_port(index), town.network.gossip_port(index)] {
            for garbage in [&b""[..], b"GET / HTTP/1.1\r\n\r\n", &[0xff; 4096]] {
                let mut socket = TcpStream::connect(("127.0.0.1", port))?;
                socket.set_read_timeout(Some(Duration::from_millis(200)))?;
                // The node may close at once; what matters is that it goes on.
                let _ = socket.write_all(garbage);
                sockets.push(socket);
            }
        }
    }
    for (nonce, url) in (0..).zip(town.urls()) {
        let payment =
            transfer(&town.genesis, &town.citizens[0], nonce, town.citizens[1].account, 1);
        let settled = town.rest.settle(&url, &payment, WAIT).await?;
        assert_eq!(settled["receipt"]["outcome"], "committed", "{settled}");
    }
    for socket in &mut sockets {
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        // At most the transport's own greeting: nothing of the ledger.
        assert!(answer.len() < 256, "{} bytes came back", answer.len());
    }
    Ok(())
}
