//! Where settings come from: the command line, then the environment, then the configuration file.
//!
//! This is the one resolver and [`ENVIRONMENT`] the one table; nothing else reads a variable.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::calendar::Calendar;
use crate::failure::{Exit, Failure};
use crate::global::Global;
use crate::i18n::Lang;
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::machine;

/// Every environment variable that counts, with the key of its meaning.
pub(crate) const ENVIRONMENT: [(&str, &str); 10] = [
    ("KYOJO_HOME", "label-env-home"),
    ("KYOJO_NODE", "label-env-node"),
    ("KYOJO_WALLET", "label-env-wallet"),
    ("KYOJO_LANG", "label-env-lang"),
    ("KYOJO_PASSWORD_FILE", "label-env-password-file"),
    ("KYOJO_CA_FILE", "label-env-ca-file"),
    ("TZ", "label-env-time-zone"),
    ("NO_COLOR", "label-env-no-color"),
    ("XDG_DATA_HOME", "label-env-data-home"),
    ("XDG_CONFIG_HOME", "label-env-config-home"),
];

/// The node where nothing says otherwise: the first one of a local network.
pub(crate) const NODE_DEFAULT: &str = "http://127.0.0.1:26602";

/// The configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// URL of the node.
    pub(crate) node: Option<String>,
    /// Wallet to use.
    pub(crate) wallet: Option<String>,
    /// Language.
    pub(crate) lang: Option<Lang>,
    /// Certificates (PEM) that may vouch for an https node.
    pub(crate) ca_file: Option<PathBuf>,
    /// The zone in which payments are made where nothing says otherwise: its number or its name.
    pub(crate) zone: Option<String>,
    /// The time zone of texts, where it is not Japan's.
    pub(crate) time_zone: Option<String>,
}

/// Settings after resolving.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The node's URL without a slash at its end.
    pub(crate) node: String,
    /// Whether somebody said which; else it is the one of a local network.
    pub(crate) is_node_set: bool,
    /// The wallet asked for, where one was.
    pub(crate) wallet: Option<String>,
    /// The file with the password, where there is one.
    pub(crate) password_file: Option<PathBuf>,
    /// Certificates (PEM) that may vouch for an https node.
    pub(crate) ca_file: Option<PathBuf>,
    /// The zone where nothing says otherwise: its number or its name.
    pub(crate) zone: Option<String>,
    /// The folders.
    pub(crate) folders: Folders,
}

/// Where things are kept.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Wallets, and what they keep beside them.
    pub(crate) data: PathBuf,
    /// The configuration file.
    pub(crate) config_file: PathBuf,
}

impl Folders {
    /// The folders that the environment names.
    ///
    /// # Errors
    /// [`Failure`] where neither `KYOJO_HOME`, the XDG folders nor `HOME` is set.
    pub(crate) fn resolve() -> Result<Self, Failure> {
        if let Some(home) = path_of("KYOJO_HOME") {
            return Ok(Self { config_file: home.join("config.toml"), data: home });
        }
        let under_home = |rest: &str| path_of("HOME").map(|home| home.join(rest));
        let data = path_of("XDG_DATA_HOME").or_else(|| under_home(".local/share"));
        let config = path_of("XDG_CONFIG_HOME").or_else(|| under_home(".config"));
        match (data, config) {
            (Some(data), Some(config)) => Ok(Self {
                data: data.join("kyojo"),
                config_file: config.join("kyojo").join("config.toml"),
            }),
            _ => Err(Failure::new(Exit::Config, "err-no-home")),
        }
    }

    /// The folder of names: the address book, public directories.
    #[must_use]
    pub(crate) fn names(&self) -> PathBuf {
        self.data.join("names")
    }

    /// The folder of wallet files.
    #[must_use]
    pub(crate) fn wallets(&self) -> PathBuf {
        self.data.join("wallets")
    }
}

impl Settings {
    /// Resolves every setting.
    ///
    /// # Errors
    /// [`Failure`] where the configuration file cannot be read or understood.
    pub(crate) fn resolve(global: &Global) -> Result<Self, Failure> {
        let folders = Folders::resolve()?;
        let config = read_config(&folders.config_file)?;
        choose_zone(global.time_zone.as_deref(), config.time_zone.as_deref())?;
        let node = global.node.clone().or_else(|| variable("KYOJO_NODE")).or(config.node);
        let is_node_set = node.is_some();
        let node = node.unwrap_or_else(|| NODE_DEFAULT.to_owned());
        Ok(Self {
            node: node.trim_end_matches('/').to_owned(),
            is_node_set,
            wallet: global.wallet.clone().or_else(|| variable("KYOJO_WALLET")).or(config.wallet),
            password_file: global
                .password_file
                .clone()
                .or_else(|| global.password_fd.map(|fd| PathBuf::from(format!("/dev/fd/{fd}"))))
                .or_else(|| path_of("KYOJO_PASSWORD_FILE")),
            ca_file: global.ca_file.clone().or_else(|| path_of("KYOJO_CA_FILE")).or(config.ca_file),
            zone: config.zone,
            folders,
        })
    }
}

/// The configuration file with every setting and what each means; what nobody set is a comment.
#[must_use]
pub(crate) fn template(lang: Lang, node: Option<&str>) -> String {
    let line = |name: &str, value: &str| format!("{name} = {}", toml::Value::from(value));
    let node = match node {
        Some(url) => line("node", url),
        None => format!("# {}", line("node", "https://node.example:26602")),
    };
    let settings = [
        ("label-config-node", node),
        ("label-config-wallet", format!("# {}", line("wallet", "hanako"))),
        ("label-config-lang", format!("# {}", line("lang", "ja"))),
        ("label-config-zone", format!("# {}", line("zone", "1"))),
        ("label-config-time-zone", format!("# {}", line("time_zone", "Asia/Tokyo"))),
        ("label-config-ca-file", format!("# {}", line("ca_file", "/etc/kyojo/ca.pem"))),
    ];
    let mut text = String::new();
    for key in ["label-config", "label-config-order", "label-config-use"] {
        text.push_str(&format!("# {}\n", lang.text(key, &[])));
    }
    for (meaning, setting) in settings {
        text.push_str(&format!("\n# {}\n{setting}\n", lang.text(meaning, &[])));
    }
    text
}

/// Chooses the time zone of everything that is read and shown; Japan's where nothing names one.
fn choose_zone(asked: Option<&str>, configured: Option<&str>) -> Result<(), Failure> {
    let calendar = match asked.or(configured) {
        Some(name) => Some(
            Calendar::named(name)
                .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-time-zone").with("text", name))?,
        ),
        // A machine whose zone has no name here is a machine that says nothing.
        None => variable("TZ").and_then(|name| Calendar::named(&name)),
    };
    if let Some(calendar) = calendar {
        calendar.choose();
    }
    Ok(())
}

/// The language, decided before anything else so that even the first error speaks it.
///
/// The command line is searched by hand because it may not parse; a broken configuration file is
/// passed over here and reported by [`Settings::resolve`].
#[must_use]
pub(crate) fn language(arguments: &[String]) -> Lang {
    let flag = arguments.iter().enumerate().find_map(|(index, argument)| {
        match argument.strip_prefix("--lang") {
            Some("") => arguments.get(index + 1).cloned(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        }
    });
    let configured = || {
        let folders = Folders::resolve().ok()?;
        read_config(&folders.config_file).ok()?.lang
    };
    match flag.or_else(|| variable("KYOJO_LANG")) {
        Some(tag) => Lang::of_locale(&tag),
        None => configured().unwrap_or_else(|| {
            sys_locale::get_locale().map_or(Lang::En, |tag| Lang::of_locale(&tag))
        }),
    }
}

/// Writes one setting of the configuration file, keeping the others.
///
/// # Errors
/// [`Failure`] where the file cannot be read or written.
pub(crate) fn set_default_wallet(folders: &Folders, alias: &str) -> Result<(), Failure> {
    read_config(&folders.config_file)?;
    let text = std::fs::read_to_string(&folders.config_file).unwrap_or_default();
    let mut table: toml::Table = text.parse().unwrap_or_default();
    table.insert("wallet".to_owned(), alias.to_owned().into());
    let text = table.to_string();
    write_private(&folders.config_file, text.as_bytes(), Existing::Replace)
        .map_err(|error| file_failure(&folders.config_file, &error))
}

fn read_config(path: &Path) -> Result<Config, Failure> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Config::default());
        }
        text => text.map_err(|error| file_failure(path, &error))?,
    };
    toml::from_str(&text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
        Failure::new(Exit::Config, "err-config-file")
            .with("place", format!("{}:{line}", path.display()))
            .because(error.message())
    })
}

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| file_failure(path, &error))
}

/// A file's text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| file_failure(path, &error))
}

/// Writes a new file, for its owner alone.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_private(path, bytes, Existing::Keep).map_err(|error| file_failure(path, &error))
}

/// The failure of a file that cannot be read or written.
#[must_use]
pub(crate) fn file_failure(path: &Path, error: &std::io::Error) -> Failure {
    let exit = match error.kind() {
        std::io::ErrorKind::NotFound => Exit::NotFound,
        _ => Exit::Config,
    };
    Failure::new(exit, "err-file")
        .with("path", path.display())
        .told("reason", |lang| machine::file_words(lang, error))
}

/// Whether colours are unwanted (<https://no-color.org>).
#[must_use]
pub(crate) fn no_color() -> bool {
    variable("NO_COLOR").is_some()
}

fn variable(name: &str) -> Option<String> {
    debug_assert!(name == "HOME" || ENVIRONMENT.iter().any(|(known, _)| *known == name));
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn path_of(name: &str) -> Option<PathBuf> {
    variable(name).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_names_every_setting_and_is_read_as_it_is_and_with_its_comments_taken_away() {
        for lang in [Lang::Ja, Lang::En] {
            let text = template(lang, None);
            assert_eq!(toml::from_str::<Config>(&text).unwrap(), Config::default());
            let settings: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("# ").filter(|line| line.contains(" = ")))
                .collect();
            let Config { node, wallet, lang: of_texts, ca_file, zone, time_zone } =
                toml::from_str(&settings.join("\n")).unwrap();
            assert!(node.is_some() && wallet.is_some(), "{text}");
            assert!(
                of_texts.is_some() && ca_file.is_some() && zone.is_some() && time_zone.is_some(),
                "{text}"
            );
            let set: Config = toml::from_str(&template(lang, Some("http://a:1"))).unwrap();
            assert_eq!(set.node.as_deref(), Some("http://a:1"));
        }
    }
}
