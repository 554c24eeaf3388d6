//! Where settings come from: the command line, then the environment, then the configuration file.
//!
//! This is the one resolver and [`ENVIRONMENT`] the one table; nothing else reads a variable.

use std::ops::Range;
use std::path::{Path, PathBuf};

use kyojo_cli::given::{Fault, NoText};
use kyojo_cli::{Given, GivenError};
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
    #[serde(default, deserialize_with = "known_time_zone")]
    pub(crate) time_zone: Option<String>,
}

/// A time zone that is one, so that a wrong one is an error with its line.
fn known_time_zone<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(from)?;
    match Calendar::named(&name) {
        Some(_) => Ok(Some(name)),
        None => Err(serde::de::Error::custom(format_args!("time_zone = {name:?}"))),
    }
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

/// Where things are kept. Without a home there is no such place, which only those commands mind
/// that keep something or look for it.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    data: Option<PathBuf>,
    config_file: Option<PathBuf>,
}

impl Folders {
    /// The folders that the environment names: `KYOJO_HOME`, the XDG folders, or `HOME`.
    pub(crate) fn resolve() -> Self {
        Self::among(path_of)
    }

    fn among(path_of: impl Fn(&str) -> Option<PathBuf>) -> Self {
        if let Some(home) = path_of("KYOJO_HOME") {
            return Self { config_file: Some(home.join("config.toml")), data: Some(home) };
        }
        let under_home = |rest: &str| path_of("HOME").map(|home| home.join(rest));
        let data = path_of("XDG_DATA_HOME").or_else(|| under_home(".local/share"));
        let config = path_of("XDG_CONFIG_HOME").or_else(|| under_home(".config"));
        Self {
            data: data.map(|data| data.join("kyojo")),
            config_file: config.map(|config| config.join("kyojo").join("config.toml")),
        }
    }

    /// Everything in one folder, as tests have it.
    #[cfg(test)]
    pub(crate) fn at(home: &Path) -> Self {
        Self::among(|name| (name == "KYOJO_HOME").then(|| home.to_owned()))
    }

    /// The folder of wallets, and of what they keep beside them.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where that is.
    pub(crate) fn data(&self) -> Result<&Path, Failure> {
        self.data.as_deref().ok_or(Failure::new(Exit::Config, "err-no-home"))
    }

    /// The configuration file.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where that is.
    pub(crate) fn config_file(&self) -> Result<&Path, Failure> {
        self.config_file.as_deref().ok_or(Failure::new(Exit::Config, "err-no-home"))
    }

    /// The folder of names: the address book, public directories.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where that is.
    pub(crate) fn names(&self) -> Result<PathBuf, Failure> {
        Ok(self.data()?.join("names"))
    }

    /// The folder of wallet files.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where that is.
    pub(crate) fn wallets(&self) -> Result<PathBuf, Failure> {
        Ok(self.data()?.join("wallets"))
    }

    /// What the configuration file says; nothing where there is none.
    fn config(&self) -> Result<Config, Failure> {
        self.config_file.as_deref().map_or_else(|| Ok(Config::default()), read_config)
    }
}

impl Settings {
    /// Resolves every setting.
    ///
    /// # Errors
    /// [`Failure`] where the configuration file cannot be read or understood.
    pub(crate) fn resolve(global: &Global) -> Result<Self, Failure> {
        let folders = Folders::resolve();
        let config = folders.config()?;
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
    let configured = || Folders::resolve().config().ok()?.lang;
    match flag.or_else(|| variable("KYOJO_LANG")) {
        Some(tag) => Lang::of_locale(&tag),
        None => configured().unwrap_or_else(|| {
            sys_locale::get_locale().map_or(Lang::En, |tag| Lang::of_locale(&tag))
        }),
    }
}

/// Writes one setting of the configuration file: the others, what is written between them, and a
/// link that the file is, stay as they are.
///
/// # Errors
/// [`Failure`] where the file cannot be read or written.
pub(crate) fn set_default_wallet(folders: &Folders, alias: &str) -> Result<(), Failure> {
    let file = folders.config_file()?;
    let text = config_text(file)?;
    parsed(&text, file)?;
    let text = with_setting(&text, "wallet", alias)
        .map_err(|error| bad_config(&text, file, error.span(), error.message()))?;
    // Where nothing is yet, there is nothing that a link could lead to.
    let place = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    write_private(&place, text.as_bytes(), Existing::Replace)
        .map_err(|error| file_failure(file, &error))
}

/// A configuration's text with one setting more, or another value of it.
fn with_setting(text: &str, key: &str, value: &str) -> Result<String, toml_edit::TomlError> {
    let mut document: toml_edit::DocumentMut = text.parse()?;
    let mut item = toml_edit::value(value);
    // What is written behind a value on its line is about the setting.
    if let (Some(old), Some(new)) =
        (document.get(key).and_then(toml_edit::Item::as_value), item.as_value_mut())
    {
        *new.decor_mut() = old.decor().clone();
    }
    // Where the setting is there, what is written above it stays too.
    match document.get_mut(key) {
        Some(old) => *old = item,
        None => drop(document.insert(key, item)),
    }
    Ok(document.to_string())
}

/// The text of the configuration file; none where it is not there.
fn config_text(path: &Path) -> Result<String, Failure> {
    match Given::Settings.text(path) {
        Err(GivenError { fault: Fault::Io(error), .. })
            if error.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(String::new())
        }
        text => Ok(text?),
    }
}

fn read_config(path: &Path) -> Result<Config, Failure> {
    parsed(&config_text(path)?, path)
}

fn parsed(text: &str, path: &Path) -> Result<Config, Failure> {
    toml::from_str(text).map_err(|error| bad_config(text, path, error.span(), error.message()))
}

/// What is wrong in a configuration, with its line.
fn bad_config(text: &str, path: &Path, span: Option<Range<usize>>, reason: &str) -> Failure {
    let offset = span.map_or(0, |span| span.start);
    let line = text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    Failure::new(Exit::Config, "err-config-file")
        .with("place", format!("{}:{line}", path.display()))
        .because(reason)
}

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(Given::Document.bytes(path)?)
}

/// A file's text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    Ok(Given::Document.text(path)?)
}

impl From<GivenError> for Failure {
    /// The failure of a file that somebody gave.
    fn from(error: GivenError) -> Self {
        let place = error.place();
        match error.fault {
            Fault::Io(source) => file_failure(&error.file, &source),
            Fault::TooLarge { bytes_max } => Self::new(Exit::Config, "err-file-too-large")
                .with("path", place)
                .with("most", bytes_max / 1024),
            Fault::NoText { reason, .. } => {
                let key = match reason {
                    NoText::Unknown => "err-not-text",
                    NoText::Ambiguous => "err-not-one-encoding",
                    NoText::Cut | NoText::Zero => "err-not-whole-text",
                };
                Self::new(Exit::Config, key).with("place", place)
            }
            Fault::Form { reason, .. } => {
                Self::new(Exit::Config, "err-bad-json").with("path", place).because(reason)
            }
        }
    }
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

/// A path is taken as it is, whatever its bytes.
fn path_of(name: &str) -> Option<PathBuf> {
    debug_assert!(name == "HOME" || ENVIRONMENT.iter().any(|(known, _)| *known == name));
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_that_is_none_is_an_error_of_the_file_and_names_its_line() {
        let told = parsed("lang = \"ja\"\ntime_zone = \"Asia/Nowhere\"\n", Path::new("c.toml"));
        let failure = told.unwrap_err();
        assert_eq!(failure.exit, Exit::Config);
        let shown = failure.message(Lang::En);
        assert!(shown.contains("c.toml:2") && shown.contains("Asia/Nowhere"), "{shown}");
        assert!(parsed("time_zone = \"Asia/Tokyo\"\n", Path::new("c.toml")).is_ok());
    }

    #[test]
    fn an_edited_configuration_keeps_its_comments_and_its_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("dotfiles.toml"), folder.path().join("config.toml"));
        let text = "# Mine.\nnode = \"http://n\" # at home\n\nwallet = \"a\" # for now\n# End.\n";
        std::fs::write(&file, text).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let folders = Folders { data: None, config_file: Some(link.clone()) };
        set_default_wallet(&folders, "b").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text.replace("\"a\"", "\"b\""));
        assert_eq!(with_setting("# New.\n", "wallet", "b").unwrap(), "wallet = \"b\"\n# New.\n");
    }

    #[test]
    fn a_configuration_may_come_from_any_editor() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let text = "\u{feff}node = \"http://n\"\r\nlang = \"ja\"\r\n";
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes().to_vec(), units] {
            std::fs::write(&file, bytes).unwrap();
            let config = read_config(&file).unwrap();
            assert_eq!((config.node.as_deref(), config.lang), (Some("http://n"), Some(Lang::Ja)));
        }
    }

    #[test]
    fn without_a_home_only_what_is_kept_fails() {
        let folders = Folders::among(|_| None);
        assert_eq!(folders.config().unwrap(), Config::default());
        assert_eq!(folders.wallets().unwrap_err().code(), "no-home");
        let folders = Folders::among(|name| (name == "HOME").then(|| PathBuf::from("/h")));
        assert_eq!(folders.wallets().unwrap(), Path::new("/h/.local/share/kyojo/wallets"));
    }

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
