//! Every address that a node listens at is tried before anything starts.
//!
//! The parts that listen each tell a taken port in their own way, and one of them does not tell it at
//! all: it would run on, deaf. Here it is one line that says which part, where, why, and what to do.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

use super::NodeError;
use crate::config::Config;

/// Tries every address of a configuration.
///
/// # Errors
/// [`NodeError::Listen`] names the first that cannot be listened at.
pub(super) fn try_all(config: &Config) -> Result<(), NodeError> {
    let consensus = socket(config.consensus.listen.get()).map(|at| ("consensus", at));
    let gossip = socket(config.gossip.listen.get()).map(|at| ("gossip", at));
    let tls = config.api.tls.as_ref().map(|tls| ("api.tls", tls.listen));
    let operators = config.telemetry.as_ref().map(|telemetry| ("telemetry", telemetry.listen));
    let parts = consensus.into_iter().chain(gossip).chain([("api", config.api.listen)]);
    // All are held until the last was tried: two parts at one address are found too.
    let mut held = Vec::new();
    for (section, address) in parts.chain(tls).chain(operators) {
        held.push(TcpListener::bind(address).map_err(|error| refused(section, address, &error))?);
    }
    drop(held);
    Ok(())
}

/// What is said of an address that cannot be listened at.
pub(super) fn refused(section: &'static str, at: SocketAddr, error: &std::io::Error) -> NodeError {
    let port = at.port();
    let kind = error.kind();
    let mend = if kind == ErrorKind::AddrInUse {
        format!(
            "end the process that has the port (`ss -ltnp 'sport = :{port}'` names it), or give \
             this node another"
        )
    } else if kind == ErrorKind::AddrNotAvailable {
        "give an address that this machine has, or 0.0.0.0 for all of them".to_owned()
    } else if kind == ErrorKind::PermissionDenied {
        "give a port above 1023".to_owned()
    } else {
        "give another address".to_owned()
    };
    NodeError::Listen { section, at, reason: error.to_string(), mend }
}

/// The socket of a multiaddress; none where it has a name in the place of a number.
fn socket(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let first = parts.next()?;
    let host: IpAddr = if let Protocol::Ip4(ip) = first {
        ip.into()
    } else if let Protocol::Ip6(ip) = first {
        ip.into()
    } else {
        return None;
    };
    let Some(Protocol::Tcp(port)) = parts.next() else { return None };
    Some(SocketAddr::new(host, port))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::parse;

    fn config(ports: [u16; 4]) -> Config {
        let [consensus, gossip, api, telemetry] = ports;
        let text = format!(
            "[node]\ngenesis_hash = \"{}\"\n\
             [consensus]\nlisten = \"/ip4/127.0.0.1/tcp/{consensus}\"\n\
             [gossip]\nlisten = \"/ip4/127.0.0.1/tcp/{gossip}\"\n\
             [api]\nlisten = \"127.0.0.1:{api}\"\n\
             [telemetry]\nlisten = \"127.0.0.1:{telemetry}\"\n",
            "11".repeat(32)
        );
        parse(&text, Path::new("config.toml")).unwrap()
    }

    #[test]
    fn a_taken_port_is_one_line_with_its_part_its_address_the_reason_and_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let parts = ["consensus", "gossip", "api", "telemetry"];
        for (place, part) in parts.into_iter().enumerate() {
            let mut ports = [0; 4];
            ports[place] = port;
            let error = try_all(&config(ports)).expect_err("the port is taken");
            let told = error.to_string();
            for part in [&format!("[{part}]"), &format!("127.0.0.1:{port}"), "in use", "ss -ltnp"] {
                assert!(told.contains(part), "{part}: {told}");
            }
            assert_eq!((told.lines().count(), error.exit().code()), (1, 69), "{told}");
        }
        assert!(try_all(&config([0; 4])).is_ok());
    }

    #[test]
    fn two_parts_at_one_address_are_found() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let told = try_all(&config([port, port, 0, 0])).expect_err("twice").to_string();
        assert!(told.starts_with("[gossip]"), "{told}");
    }
}
