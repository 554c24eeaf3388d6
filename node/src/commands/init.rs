//! `init`: a whole home for a node, and the card that its company gives the others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::{Failure, Format, Problem, Reply, finish};
use ledger_types::SigningKey;
use rand::RngCore as _;
use serde_json::json;
use zeroize::Zeroizing;

use super::config::failure;
use super::id::card_text;
use crate::config::{
    CONSENSUS_KEY_FILE, COSIGNATURE_KEY_FILE, ConfigError, FILE_NAME, Home, LOG_KEY_FILE,
    NETWORK_KEY_FILE,
};

/// The file of the card in a home.
pub(super) const CARD_FILE: &str = "card.json";
/// What a configuration begins as.
const TEMPLATE: &str = include_str!("home.toml");

/// Write a whole home for a node: configuration, keys, and the card that the others are given
#[derive(Debug, Args)]
#[command(after_help = "Nothing that is there is overwritten.

Example:
  kyojo-node init --home /var/lib/kyojo --name \"Company A\" --address 192.0.2.7
  then give card.json to the founders, and wait for genesis.json and the others' cards")]
pub struct Init {
    /// The home directory, new or without a node in it
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
    /// The name of the company that runs the node, as the founding document has it
    #[arg(long)]
    name: String,
    /// The address or name under which the others reach this machine; this machine alone by default
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    address: String,
    /// The port for consensus; the two after it are for gossip and for clients
    #[arg(long, default_value_t = 26_600, value_parser = clap::value_parser!(u16).range(1..=65_533))]
    port: u16,
    /// An observer: it follows the network, and has no keys to vote with
    #[arg(long)]
    observer: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Init {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        finish(&self.done(), Format::of(self.json))
    }

    fn done(&self) -> Result<Reply, Failure> {
        let card = self.write().map_err(failure)?;
        let (home, file) = (self.home.display(), self.home.join(CARD_FILE));
        let text = format!(
            "{home}: configuration and keys of a new {}\n\
             give the others: {}\n{card}",
            if self.observer { "observer" } else { "validator" },
            file.display(),
        );
        let data = json!({ "home": self.home, "card_file": file, "card": card });
        let mut reply = Reply::new(data, text.trim_end())
            .next("once the founders gave back the document and the other companies' cards:")
            .next(format!("kyojo-node join --home {home} --genesis genesis.json CARD …"));
        if is_this_machine(&self.address) {
            let warning =
                "others do not reach 127.0.0.1: give --address, unless all nodes run here";
            reply.warnings.push(Problem::new("this_machine_alone", warning));
        }
        Ok(reply)
    }

    /// Writes everything; gives the card's text.
    fn write(&self) -> Result<String, ConfigError> {
        let keys: &[&str] = if self.observer {
            &[NETWORK_KEY_FILE]
        } else {
            &[CONSENSUS_KEY_FILE, NETWORK_KEY_FILE, LOG_KEY_FILE, COSIGNATURE_KEY_FILE]
        };
        for name in keys.iter().chain(&[FILE_NAME, CARD_FILE, CONSENSUS_KEY_FILE]) {
            refuse_where_there(&self.home.join(name))?;
        }
        let write = |file: PathBuf, written: std::io::Result<()>| {
            written.map_err(|source| ConfigError::Write { file, source })
        };
        write(self.home.clone(), kyojo_disk::create_directory(&self.home))?;
        for name in keys {
            let file = self.home.join(name);
            let digits = fresh_key();
            write(file.clone(), kyojo_disk::replace_private(&file, digits.as_bytes()))?;
        }
        let file = self.home.join(FILE_NAME);
        write(file.clone(), kyojo_disk::replace(&file, self.configuration().as_bytes()))?;
        let card = card_text(&Home::load(&self.home)?.card()?);
        let file = self.home.join(CARD_FILE);
        write(file.clone(), kyojo_disk::replace(&file, card.as_bytes()))?;
        Ok(card)
    }

    fn configuration(&self) -> String {
        let text = |value: &str| toml::Value::from(value).to_string();
        let address: Option<IpAddr> = self.address.parse().ok();
        // Several nodes on one machine may have loopback addresses of their own.
        let loopback = address.filter(IpAddr::is_loopback);
        let local = loopback.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let anywhere = match (is_this_machine(&self.address), address) {
            (true, _) => local,
            (false, Some(IpAddr::V6(_))) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            (false, Some(IpAddr::V4(_)) | None) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        let kind = if anywhere.is_ipv6() { "ip6" } else { "ip4" };
        let listen =
            |offset: u16| format!("/{kind}/{anywhere}/tcp/{}", self.port.saturating_add(offset));
        let api = SocketAddr::new(local, self.port.saturating_add(2));
        TEMPLATE
            .replace("{moniker}", &text(&self.name))
            .replace("{advertise}", &text(&self.address))
            .replace("{listen_consensus}", &listen(0))
            .replace("{listen_gossip}", &listen(1))
            .replace("{listen_api}", &api.to_string())
    }
}

fn refuse_where_there(file: &Path) -> Result<(), ConfigError> {
    match std::fs::symlink_metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(ConfigError::Read { file: file.to_owned(), source }),
        Ok(_) => Err(ConfigError::Exists {
            file: file.to_owned(),
            mend: "choose another --home; `kyojo-node id --home DIR` shows what is in this one",
        }),
    }
}

/// The digits of a key that the operating system's generator made.
fn fresh_key() -> Zeroizing<String> {
    let mut seed = Zeroizing::new([0; 32]);
    rand::rngs::OsRng.fill_bytes(seed.as_mut());
    let key = SigningKey::from_seed(&seed);
    Zeroizing::new(format!("{}\n", hex::encode(key.seed().as_ref())))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// An address or a name, and nothing that a multiaddress would read as something else.
fn host(text: &str) -> Result<String, String> {
    let is_name = |text: &str| {
        // What has digits and points alone was meant as an address.
        text.chars().any(|c| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    };
    if text.parse::<IpAddr>().is_ok() || is_name(text) {
        return Ok(text.to_owned());
    }
    Err("an address such as 192.0.2.7, or a name such as node.example".to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::config::{StoreConfig, parse};

    fn init(home: &Path, address: &str, observer: bool) -> Init {
        let (name, address) = ("Company \"A\"".to_owned(), address.to_owned());
        Init { home: home.to_owned(), name, address, port: 26_600, observer, json: false }
    }

    #[test]
    fn a_node_listens_in_the_family_of_the_address_that_it_gives_the_others() {
        let config = |address: &str| init(Path::new("home"), address, false).configuration();
        for (address, listens) in [
            ("2001:db8::7", "/ip6/::/tcp/26600"),
            ("::1", "/ip6/::1/tcp/26600"),
            ("192.0.2.7", "/ip4/0.0.0.0/tcp/26600"),
            ("node.example", "/ip4/0.0.0.0/tcp/26600"),
        ] {
            assert!(config(address).contains(listens), "{address}: {}", config(address));
        }
        assert!(config("::1").contains("[::1]:26602"));
        assert!(host("192.0.2.999").is_err() && host("2001:db8::7").is_ok());
        assert!(host("node.example").is_ok() && host("").is_err());
    }

    #[test]
    fn init_writes_a_whole_home_with_safe_modes_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("new/home");
        let card = init(&home, "192.0.2.7", false).write().unwrap();
        for name in [CONSENSUS_KEY_FILE, NETWORK_KEY_FILE, LOG_KEY_FILE, COSIGNATURE_KEY_FILE] {
            let mode = std::fs::metadata(home.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
            let secret = std::fs::read_to_string(home.join(name)).unwrap();
            assert!(!card.contains(secret.trim_end()), "{name} is in the card");
        }
        let loaded = Home::load(&home).unwrap();
        assert_eq!(loaded.config.node.moniker, "Company \"A\"");
        let read = crate::config::card::read(&home.join(CARD_FILE)).unwrap();
        assert_eq!(read, loaded.card().unwrap());
        assert!(read.consensus.starts_with("/ip4/192.0.2.7/tcp/26600/p2p/12D3"), "{read:?}");
        assert!(read.gossip.starts_with("/ip4/192.0.2.7/tcp/26601/p2p/12D3"), "{read:?}");
        assert_eq!(
            read.validator.unwrap().key,
            loaded.consensus_key().unwrap().unwrap().public_key()
        );
        let told = loaded.genesis().unwrap_err().to_string();
        assert!(told.contains("kyojo-node join"), "{told}");

        let before = std::fs::read(home.join(CONSENSUS_KEY_FILE)).unwrap();
        let error = init(&home, "192.0.2.8", false).write().unwrap_err().to_string();
        assert!(error.contains("nothing is overwritten"), "{error}");
        assert_eq!(std::fs::read(home.join(CONSENSUS_KEY_FILE)).unwrap(), before);
        assert_eq!(crate::config::card::read(&home.join(CARD_FILE)).unwrap(), read);
    }

    #[test]
    fn an_observer_has_no_key_to_vote_with() {
        let folder = tempfile::tempdir().unwrap();
        let card = init(folder.path(), "node.example", true).write().unwrap();
        assert!(card.contains("/dns/node.example/tcp/26600/p2p/") && !card.contains("validator\""));
        assert!(Home::load(folder.path()).unwrap().consensus_key().unwrap().is_none());
    }

    #[test]
    fn the_comments_of_a_new_configuration_show_what_holds_without_them() {
        let text = init(Path::new("."), "127.0.0.1", false).configuration();
        let config = parse(&text, Path::new(FILE_NAME)).unwrap();
        let shown: Vec<&str> = text
            .lines()
            .filter(|line| !line.contains("genesis_hash") && !line.contains("node.example"))
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.split(' ').nth(1) == Some("=") => rest,
                Some(_) | None => line,
            })
            .collect();
        assert_eq!(parse(&shown.join("\n"), Path::new(FILE_NAME)).unwrap(), config);
        assert!(shown.contains(&"idle_interval_ms = 5000"), "{shown:?}");
        assert_eq!(config.store, StoreConfig::default());
    }

    #[test]
    fn a_host_is_an_address_or_a_name() {
        for good in ["192.0.2.7", "2001:db8::1", "node-1.example"] {
            assert!(host(good).is_ok(), "{good}");
        }
        for bad in ["", "/ip4/192.0.2.7", "192.0.2.7:26600", "node.example/tcp"] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }
}
