//! Names of institutions: a public list that a wallet may hold, since the ledger has numbers only.
//!
//! The city publishes it as a JSON file and `kyojo consent directory FILE` takes it in. Without it
//! institutions are shown by their numbers; nothing else depends on it.

use std::path::PathBuf;

use consent_records::receipt::Organisation;
use consent_records::vocabulary::legal::Bilingual;
use kyojo_cli::{GivenError, given};
use ledger_types::PartyId;
use serde::{Deserialize, Serialize};

use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::settings::{self, Folders, file_failure};

/// One institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    party: PartyId,
    name: Bilingual,
    address: Bilingual,
    telephone: String,
    email: String,
    url: String,
}

/// The institutions that a wallet knows by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    listed: Vec<Listed>,
    /// Names out of the public directory.
    public: Vec<(PartyId, String)>,
}

impl Directory {
    /// Where the list is that was taken in.
    pub(crate) fn path(folders: &Folders) -> Result<PathBuf, Failure> {
        Ok(folders.data()?.join("institutions.json"))
    }

    /// The list that was taken in last; empty where none was.
    pub(crate) fn of(folders: &Folders) -> Result<Self, Failure> {
        // Where nothing is kept, no list was taken in.
        let Ok(path) = Self::path(folders) else { return Ok(Self::default()) };
        match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(file_failure(&path, &error)),
            Ok(text) => Self::read(&path, &text),
        }
    }

    /// Takes a list in, in the place of the one before, and says how long it is.
    pub(crate) fn take_in(folders: &Folders, from: &std::path::Path) -> Result<usize, Failure> {
        let text = settings::read_text(from)?;
        let read = Self::read(from, &text)?;
        let path = Self::path(folders)?;
        write_private(&path, text.as_bytes(), Existing::Replace)
            .map_err(|error| file_failure(&path, &error))?;
        Ok(read.listed.len())
    }

    fn read(path: &std::path::Path, text: &str) -> Result<Self, Failure> {
        let listed: Result<_, GivenError> = given::of_json(text, path);
        listed.map(|listed| Self { listed, public: Vec::new() }).map_err(|error| {
            Failure::new(Exit::Config, "err-bad-directory")
                .with("path", error.place())
                .because(error.fault)
        })
    }

    /// Every institution by the names that it has.
    pub(crate) fn named(&self) -> Vec<(PartyId, String)> {
        let names = |listed: &Listed| {
            [&listed.name.ja, &listed.name.en].map(|name| (listed.party, name.clone()))
        };
        self.listed.iter().flat_map(names).filter(|(_, name)| !name.is_empty()).collect()
    }

    /// The same with names that are public, for those that the list does not have.
    pub(crate) fn with_public(
        mut self,
        names: impl IntoIterator<Item = (PartyId, String)>,
    ) -> Self {
        self.public.extend(names);
        self
    }

    /// The institution's name, with its number; only the number where the name is not known.
    pub(crate) fn name(&self, party: PartyId, lang: Lang) -> String {
        let number = party.to_string();
        let variables = [("party", number.as_str())];
        match self.listed.iter().find(|listed| listed.party == party) {
            Some(listed) => {
                let name = match lang {
                    Lang::Ja => &listed.name.ja,
                    Lang::En => &listed.name.en,
                };
                lang.text("label-party-named", &[("name", name), ("party", &number)])
            }
            None => match self.public.iter().find(|(named, _)| *named == party) {
                Some((_, name)) => {
                    lang.text("label-party-public", &[("name", name), ("party", &number)])
                }
                None => lang.text("label-party-numbered", &variables),
            },
        }
    }

    /// The institution as receipts name it.
    pub(crate) fn organisation(&self, party: PartyId) -> Organisation {
        let listed = self.listed.iter().find(|listed| listed.party == party).cloned();
        let public = self.public.iter().find(|(named, _)| *named == party);
        let listed = listed.unwrap_or_else(|| {
            let number = party.to_string();
            let in_both = |key: &str| Bilingual {
                ja: Lang::Ja.text(key, &[("party", &number)]),
                en: Lang::En.text(key, &[("party", &number)]),
            };
            let nothing = || Bilingual { ja: String::new(), en: String::new() };
            let name = match public {
                Some((_, name)) => Bilingual { ja: name.clone(), en: name.clone() },
                None => in_both("label-party-numbered"),
            };
            let [telephone, email, url] = [const { String::new() }; 3];
            Listed { party, name, address: nothing(), telephone, email, url }
        });
        let Listed { party, name, address, telephone, email, url } = listed;
        Organisation { party, name, address, telephone, email, url }
    }
}
