//! `status`: what a running node says about itself.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use kyojo_cli::{Exit, Failure, Format, Reply, finish};
use ledger_types::instant::JapanTime;
use node_api::body::NodeBody;
use node_api::{Time, path};
use serde_json::{Value, json};

use crate::config::{Home, PeerAddress};

const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Show what a running node is, who is here, and what it waits for
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kyojo-node status --home /var/lib/kyojo
  kyojo-node status --url http://127.0.0.1:26602 --json")]
pub struct Status {
    /// The node's interface; that of the home directory's configuration where it is not given
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR", required_unless_present = "url")]
    home: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        finish(&self.asked(), Format::of(self.json))
    }

    fn asked(&self) -> Result<Reply, Failure> {
        let host = self.host().map_err(|reason| Failure::new(Exit::Config, "Config", reason))?;
        let ask = |path| {
            get(&host, path).map_err(|reason| {
                let told = format!(
                    "{host}: {reason}; where no node runs there, `systemctl start kyojo-node` starts it, \
                     and the last line of its log says why it ended"
                );
                Failure::new(Exit::Unreachable, "Unreachable", told)
            })
        };
        let (mut status, ready) = (ask(path::STATUS)?, ask(path::READYZ)?);
        let addresses = self.addresses();
        let data = json!({ "status": status, "readiness": ready, "addresses": addresses });
        let node = status.as_object_mut().and_then(|status| status.remove("node"));
        let node = node.and_then(|node| serde_json::from_value::<NodeBody>(node).ok());
        let node = node.map(|node| told(&node, &addresses)).unwrap_or_default();
        Ok(Reply::new(data, [lines(&status), node].concat().join("\n")))
    }

    /// Where the home's configuration has its peers, by their identities.
    fn addresses(&self) -> BTreeMap<String, Vec<String>> {
        let mut addresses: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let home = self.home.as_deref().and_then(|home| Home::load(home).ok());
        for config in home.iter().map(|home| &home.config) {
            for peer in config.consensus.peers.iter().chain(&config.gossip.peers) {
                addresses.entry(peer.peer().to_string()).or_default().push(place_of(peer));
            }
        }
        addresses
    }

    fn host(&self) -> Result<String, String> {
        if let Some(url) = &self.url {
            let rest = url.strip_prefix("http://").ok_or("the URL must begin with http://")?;
            return Ok(rest.trim_end_matches('/').to_owned());
        }
        let home = self.home.as_deref().ok_or("neither --url nor --home is given")?;
        let home = Home::load(home).map_err(|error| error.to_string())?;
        Ok(home.config.api.listen.to_string())
    }
}

/// An address without the identity at its end.
fn place_of(peer: &PeerAddress) -> String {
    let address = peer.to_string();
    let place = address.rsplit_once("/p2p/").map(|(place, _)| place.to_owned());
    place.unwrap_or(address)
}

/// What a node says of itself: its role, what it waits for and who is here, a line each.
fn told(node: &NodeBody, addresses: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let line = |name: &str, value: &str| format!("{name:<24} {value}");
    let place = node.validator.map(|place| format!(" {place}")).unwrap_or_default();
    let mut lines = vec![
        line("role", &format!("{}{place}, {}", node.role, node.stance)),
        line("ready", if node.ready { "yes" } else { "no" }),
    ];
    lines.extend(node.waits_for.iter().map(|reason| line("waits for", reason)));
    lines.extend(node.warnings.iter().map(|warning| line("warning", warning)));
    for peer in &node.peers {
        let height = peer.height.map_or_else(|| "?".to_owned(), |height| height.to_string());
        let state = match (peer.connected, peer.answers, peer.votes) {
            (true, true, true) => "votes",
            (true, true, false) => "does not vote",
            (false, true, _) => "consensus not connected",
            (true, false, _) => "gossip does not answer",
            (false, false, _) => "not here",
        };
        let at = addresses.get(&peer.peer).map(|at| at.join(" ")).unwrap_or_default();
        let said = format!("{}, height {height}, {state}  {} {at}", peer.name, peer.peer);
        lines.push(line("peer", said.trim_end()));
    }
    lines
}

fn lines(value: &Value) -> Vec<String> {
    let line = |(name, value): (&String, &Value)| match value.as_str() {
        Some(text) => format!("{name:<24} {}", for_people(text)),
        None => format!("{name:<24} {value}"),
    };
    value.as_object().into_iter().flatten().map(line).collect()
}

/// An instant as people in Japan read it, anything else as it is.
fn for_people(text: &str) -> String {
    let time = text.parse::<Time>();
    time.map_or_else(|_| text.to_owned(), |time| format!("{:#} (Japan)", JapanTime(time.get())))
}

/// Whether a node says that it is of use.
pub(super) fn is_ready(host: &str) -> bool {
    get(host, path::READYZ).is_ok_and(|answer| answer["status"] == "ok")
}

/// One GET over plain HTTP/1.1, its JSON body whatever the status code.
fn get(host: &str, path: &str) -> Result<Value, String> {
    let mut stream = TcpStream::connect(host).map_err(|error| error.to_string())?;
    let text = |error: std::io::Error| error.to_string();
    stream.set_read_timeout(Some(ANSWER_WITHIN)).map_err(text)?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(text)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).map_err(text)?;
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let body = split.and_then(|at| answer.get(at + 4..)).ok_or("not an HTTP answer")?;
    serde_json::from_slice(body).map_err(|error| format!("{path} answered no JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use ledger_types::Height;
    use node_api::body::PeerBody;

    use super::*;

    #[test]
    fn people_read_japans_time_and_machines_utc() {
        let status = json!({ "time": "2026-11-21T15:00:01.000Z", "height": 7, "version": "0.1" });
        let text = lines(&status).join("\n");
        assert!(text.contains("2026/11/22 00:00:01 (Japan)"), "{text}");
        assert!(text.contains("0.1") && !text.contains('Z'), "{text}");
    }

    #[test]
    fn status_shows_role_peers_with_heights_and_addresses_and_what_is_waited_for() {
        let peer = |validator: u32, votes| PeerBody {
            validator,
            name: format!("validator {validator} (Company)"),
            peer: format!("12D3{validator}"),
            connected: votes,
            answers: votes,
            votes,
            height: votes.then_some(Height::new(17)),
        };
        let node = NodeBody {
            role: "validator".to_owned(),
            validator: Some(0),
            stance: "voting".to_owned(),
            ready: false,
            waits_for: vec!["no quorum".to_owned()],
            warnings: vec!["two nodes have a key".to_owned()],
            peers: vec![peer(1, true), peer(2, false)],
        };
        let at = vec!["/ip4/192.0.2.1/tcp/26600".to_owned()];
        let shown = told(&node, &BTreeMap::from([("12D31".to_owned(), at)]));
        let expected = [
            "role                     validator 0, voting",
            "ready                    no",
            "waits for                no quorum",
            "warning                  two nodes have a key",
            "peer                     validator 1 (Company), height 17, votes  12D31 \
             /ip4/192.0.2.1/tcp/26600",
            "peer                     validator 2 (Company), height ?, not here  12D32",
        ];
        assert_eq!(shown, expected);
    }
}
