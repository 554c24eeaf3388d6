//! The own address book: who is called what between this machine and its owner, and nobody else.

use std::path::PathBuf;

use consent_records::format::Version;
use ledger_types::{AccountId, AddressPrefix};
use public_names::Name;
use public_names::identity::fold;
use serde::{Deserialize, Serialize};

use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::settings::{Folders, file_failure};

/// The book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Book {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Name,
    address: String,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Version<1>,
    entries: Vec<Entry>,
}

impl Book {
    /// Where it is.
    pub(crate) fn path(folders: &Folders) -> Result<PathBuf, Failure> {
        Ok(folders.names()?.join("book.json"))
    }

    /// The book as it stands; an empty one where there is none.
    pub(crate) fn of(folders: &Folders) -> Result<Self, Failure> {
        // Where nothing is kept, nobody was entered.
        let Ok(path) = Self::path(folders) else { return Ok(Self::default()) };
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            text => text.map_err(|error| file_failure(&path, &error))?,
        };
        let written: Written = serde_json::from_str(&text).map_err(|error| {
            Failure::new(Exit::Config, "err-bad-json").with("path", path.display()).because(error)
        })?;
        Ok(Self { entries: written.entries })
    }

    /// Writes it, for its owner alone.
    pub(crate) fn write(&self, folders: &Folders) -> Result<(), Failure> {
        let path = Self::path(folders)?;
        let written = Written { version: Version, entries: self.entries.clone() };
        let bytes = serde_json::to_vec_pretty(&written)
            .map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
        write_private(&path, &bytes, Existing::Replace).map_err(|error| file_failure(&path, &error))
    }

    /// Everybody in it, by name.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|entry| (entry.name.as_str(), entry.address.as_str()))
    }

    /// Those whose addresses are of one network.
    pub(crate) fn entries(
        &self,
        prefix: &AddressPrefix,
    ) -> impl Iterator<Item = (&str, AccountId)> {
        self.entries.iter().filter_map(|entry| {
            let account = AccountId::from_address(&entry.address, prefix).ok()?;
            Some((entry.name.as_str(), account))
        })
    }

    /// Enters somebody, and gives the address in its one form.
    ///
    /// # Errors
    /// [`Failure`] where the name is in it already, or the text is no address.
    pub(crate) fn add(&mut self, name: &str, address: &str) -> Result<String, Failure> {
        let name = readable(name)?;
        self.refuse_known(&name)?;
        let address = whole(address)?;
        self.entries.push(Entry { name, address: address.clone() });
        self.entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(address)
    }

    /// Takes somebody out, and gives the address.
    ///
    /// # Errors
    /// [`Failure`] where nobody in it is called so.
    pub(crate) fn remove(&mut self, name: &str) -> Result<String, Failure> {
        let place = self.place(name)?;
        Ok(self.entries.remove(place).address)
    }

    /// Calls somebody otherwise, and gives the address.
    ///
    /// # Errors
    /// [`Failure`] where nobody in it is called so, or somebody else is called as wished.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<String, Failure> {
        let to = readable(to)?;
        let place = self.place(from)?;
        let entry = self.entries.remove(place);
        self.refuse_known(&to)?;
        let address = entry.address.clone();
        self.entries.push(Entry { name: to, ..entry });
        self.entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(address)
    }

    fn place(&self, name: &str) -> Result<usize, Failure> {
        let wanted = fold(name);
        let place = self.entries.iter().position(|entry| fold(entry.name.as_str()) == wanted);
        place.ok_or_else(|| Failure::new(Exit::NotFound, "err-not-in-book").with("text", name))
    }

    /// Refuses a name by which somebody is known already.
    fn refuse_known(&self, name: &Name) -> Result<(), Failure> {
        let alike = self
            .entries
            .iter()
            .find(|entry| public_names::identity::look_alike(entry.name.as_str(), name.as_str()));
        match alike {
            None => Ok(()),
            Some(other) => Err(Failure::new(Exit::Config, "err-in-book")
                .with("name", name)
                .with("other", &other.name)),
        }
    }
}

fn readable(text: &str) -> Result<Name, Failure> {
    Name::written(text).map_err(|_| Failure::new(Exit::Usage, "err-bad-name").with("text", text))
}

/// An address of any network, whole.
fn whole(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let prefix = text.rsplit_once('1').and_then(|(prefix, _)| AddressPrefix::new(prefix));
    let account = prefix.as_ref().and_then(|of| AccountId::from_address(text, of).ok());
    match (prefix, account) {
        (Some(prefix), Some(account)) => Ok(account.to_address(&prefix)),
        _ => Err(Failure::new(Exit::Usage, "err-no-address").with("text", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> String {
        AccountId::new([number; 20]).to_address(&AddressPrefix::new("aizu").unwrap())
    }

    #[test]
    fn a_book_keeps_one_name_for_one_and_one_for_another() {
        let mut book = Book::default();
        assert_eq!(book.add("山田  さん", &address(1)).unwrap(), address(1));
        assert_eq!(book.add("やまだ", &address(2)).unwrap(), address(2));
        for same in ["山田さん", "ヤマダ", "山田\u{3000}さん"] {
            assert_eq!(book.add(same, &address(3)).unwrap_err().code(), "in-book", "{same}");
        }
        let listed: Vec<_> = book.listed().collect();
        assert_eq!(listed, [("やまだ", &*address(2)), ("山田 さん", &*address(1))]);
        assert_eq!(book.rename("ヤマダ", "お母さん").unwrap(), address(2));
        assert_eq!(book.rename("やまだ", "父").unwrap_err().code(), "not-in-book");
        assert_eq!(book.remove("お母さん").unwrap(), address(2));
        assert_eq!(book.remove("お母さん").unwrap_err().exit, Exit::NotFound);
    }

    #[test]
    fn what_is_no_address_or_no_name_is_not_entered() {
        let mut book = Book::default();
        let mut mistyped = address(1);
        mistyped.pop();
        for wrong in [mistyped.as_str(), "山田", "", "1"] {
            assert_eq!(book.add("山田", wrong).unwrap_err().code(), "no-address", "{wrong}");
        }
        for wrong in ["", " ", "山\u{202e}田", "・"] {
            assert_eq!(book.add(wrong, &address(1)).unwrap_err().code(), "bad-name", "{wrong}");
        }
        assert_eq!(book, Book::default());
    }

    #[test]
    fn the_book_is_a_private_file_that_is_read_back() {
        use std::os::unix::fs::PermissionsExt as _;
        let at = tempfile::tempdir().unwrap();
        let folders = Folders::at(at.path());
        let mut book = Book::of(&folders).unwrap();
        book.add("山田", &address(1)).unwrap();
        book.write(&folders).unwrap();
        assert_eq!(Book::of(&folders).unwrap(), book);
        let mode = std::fs::metadata(Book::path(&folders).unwrap()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = AddressPrefix::new("other").unwrap();
        assert_eq!((book.entries(&other).count(), book.listed().count()), (0, 1));
    }
}
