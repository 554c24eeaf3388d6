//! Who is called what, as this machine knows it: wallets, the own address book, the city's lists.
//!
//! A typed name is one that is known, or it is nobody's: what is near, what looks like it and what
//! two are called is shown for people to choose from, and never chosen for them.

pub(crate) mod book;
pub(crate) mod cached;

use std::path::PathBuf;
use std::sync::OnceLock;

use ledger_types::{AccountId, AddressPrefix, BankId, Hash, PartyId, Timestamp, ZoneId};
use public_names::{Closeness, Directory, Entry, Forms, Named};

use crate::directory::Directory as Institutions;
use crate::failure::Failure;
use crate::keystore::Keystore;
use crate::named::book::Book;
use crate::named::cached::Pinned;
use crate::settings::Folders;

/// From where a name is known; the first of those that know the same is the one that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The directory that the city or the operator signed.
    Public,
    /// The ledger itself, which names banks and zones.
    Ledger,
    /// The list of institutions that the wallet took in.
    Institutions,
    /// The own address book.
    Book,
    /// A wallet on this machine.
    Wallet,
}

/// What is called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Is {
    Account(AccountId),
    Party(PartyId),
    Zone(ZoneId),
    Bank(BankId),
}

/// What somebody looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Account,
    Party,
    Zone,
    Bank,
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) reading: Option<String>,
    pub(crate) source: Source,
    pub(crate) is: Is,
    /// Where a shop takes payments.
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) area: Option<String>,
}

/// Why a typed name is not one that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotOne {
    /// Nobody has it, nor anything near it.
    Nobody,
    /// Nobody has it; these have it in theirs.
    Near(Vec<Known>),
    /// More than one has it, or looks as if.
    Several(Vec<Known>),
}

/// A file of names that cannot be read, and so counts as none: names are never what stops anybody.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    /// What people are told.
    pub(crate) key: &'static str,
    pub(crate) file: PathBuf,
    pub(crate) why: Failure,
}

/// Everybody who is known by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    known: Vec<Known>,
    /// The forms of each, once somebody looks for a name.
    forms: OnceLock<Vec<Forms>>,
    /// Whether there is a directory that is no longer good.
    pub(crate) is_expired: bool,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
}

impl Is {
    const fn kind(self) -> Kind {
        match self {
            Self::Account(_) => Kind::Account,
            Self::Party(_) => Kind::Party,
            Self::Zone(_) => Kind::Zone,
            Self::Bank(_) => Kind::Bank,
        }
    }
}

impl Known {
    /// What the ledger knows by a name of its own.
    pub(crate) fn on_ledger(name: &str, is: Is) -> Self {
        Self::of(name, Source::Ledger, is)
    }

    /// The party that the public directory calls so.
    pub(crate) const fn public_party(&self) -> Option<PartyId> {
        match (self.source, self.is) {
            (Source::Public, Is::Party(party)) => Some(party),
            _ => None,
        }
    }

    fn of(name: &str, source: Source, is: Is) -> Self {
        let (reading, zones, area) = (None, Vec::new(), None);
        Self { name: name.to_owned(), reading, source, is, zones, area }
    }

    fn public(entry: &Entry) -> Self {
        let is = match &entry.of {
            Named::Bank { bank } => Is::Bank(*bank),
            Named::Zone { zone } => Is::Zone(*zone),
            Named::Party { party } | Named::Counter { party } => Is::Party(*party),
            Named::Shop { account, .. } => Is::Account(*account),
        };
        Self {
            reading: entry.reading.as_ref().map(|reading| reading.as_str().to_owned()),
            zones: entry.of.zones().to_vec(),
            area: entry.area.as_ref().map(|area| area.as_str().to_owned()),
            ..Self::of(entry.name.as_str(), Source::Public, is)
        }
    }
}

impl Names {
    /// Those of a network that this machine knows now; what cannot be read names nobody.
    pub(crate) fn of(
        folders: &Folders,
        genesis: &Hash,
        prefix: &AddressPrefix,
        now: Timestamp,
    ) -> Self {
        let mut names = Self::default();
        let (key, file) = ("note-keys-unread", Pinned::path(folders, genesis));
        let pinned = names.read(key, file, Pinned::of(folders, genesis)).flatten();
        if let Some(pinned) = pinned {
            let (key, file) = ("note-directory-unread", Pinned::file(folders, genesis));
            let directory = names.read(key, file, pinned.directory(folders)).flatten();
            names.take_public(directory.as_ref(), now);
        }
        let (key, file) = ("note-institutions-unread", Institutions::path(folders));
        let institutions = names.read(key, file, Institutions::of(folders)).unwrap_or_default();
        names.known.extend(
            institutions
                .named()
                .into_iter()
                .map(|(party, name)| Known::of(&name, Source::Institutions, Is::Party(party))),
        );
        let book = names.read("note-book-unread", Book::path(folders), Book::of(folders));
        names.known.extend(
            book.unwrap_or_default()
                .entries(prefix)
                .map(|(name, account)| Known::of(name, Source::Book, Is::Account(account))),
        );
        let kept = folders.wallets().ok().and_then(|kept| Keystore::at(kept).list().ok());
        let wallets = kept.unwrap_or_default();
        for wallet in &wallets {
            let attached = wallet.header.attached.as_ref();
            if let Some(attached) = attached.filter(|it| it.address_prefix == *prefix) {
                let is = Is::Account(attached.account);
                names.known.push(Known::of(wallet.header.alias.as_str(), Source::Wallet, is));
            }
        }
        names
    }

    /// What a file says; where it cannot be read, that is kept to be told.
    fn read<T>(
        &mut self,
        key: &'static str,
        file: Result<PathBuf, Failure>,
        read: Result<T, Failure>,
    ) -> Option<T> {
        read.map_err(|why| {
            let file = file.unwrap_or_default();
            self.unread.push(Unread { key, file, why });
        })
        .ok()
    }

    fn take_public(&mut self, directory: Option<&Directory>, now: Timestamp) {
        let Some(directory) = directory else { return };
        if directory.is_good_at(now) {
            self.known.extend(directory.entries.iter().map(Known::public));
        } else {
            self.is_expired = true;
        }
    }

    /// The same with more that is known.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = Known>) -> Self {
        let known = self.known.iter().cloned().chain(more).collect();
        Self { known, ..Self::default() }
    }

    /// Everybody who is known, in no order.
    pub(crate) fn all(&self) -> &[Known] {
        &self.known
    }

    /// Who has this name.
    pub(crate) fn find(&self, kind: Kind, typed: &str) -> Result<Known, NotOne> {
        let mut met = self.near(typed);
        met.retain(|(_, known)| known.is.kind() == kind);
        let of = |wanted: &[Closeness]| {
            distinct(met.iter().filter(|it| wanted.contains(&it.0)).map(|(_, known)| *known))
        };
        let (is, alike) = (of(&[Closeness::Is]), of(&[Closeness::Is, Closeness::Looks]));
        match (is.as_slice(), alike.as_slice()) {
            ([one], [_]) => self.alone(kind, one),
            ([], []) => {
                let near = of(&[Closeness::Begins, Closeness::Has]);
                Err(if near.is_empty() { NotOne::Nobody } else { NotOne::Near(near) })
            }
            // What only looks like it was not typed; it is shown.
            ([], _) => Err(NotOne::Near(alike)),
            _ => Err(NotOne::Several(alike)),
        }
    }

    /// One that was found, where no other's name looks like its own: it may have been typed by its
    /// reading.
    fn alone(&self, kind: Kind, one: &Known) -> Result<Known, NotOne> {
        let own = Forms::of(&one.name, None);
        let others = self.forms().iter().zip(&self.known);
        let twins = others
            .filter(|(forms, known)| known.is.kind() == kind && forms.looks_like(&own))
            .map(|(_, known)| known);
        let all = distinct(core::iter::once(one).chain(twins));
        if all.len() == 1 { Ok(one.clone()) } else { Err(NotOne::Several(all)) }
    }

    /// Everybody whose name has this in it, the nearest first.
    pub(crate) fn search(&self, typed: &str) -> Vec<&Known> {
        self.near(typed).into_iter().map(|(_, known)| known).collect()
    }

    /// Everybody whose name is near what was typed, the nearest first.
    fn near(&self, typed: &str) -> Vec<(Closeness, &Known)> {
        let typed = Forms::of(typed, None);
        let mut met: Vec<(Closeness, &Known)> = self
            .forms()
            .iter()
            .zip(&self.known)
            .filter_map(|(forms, known)| Some((forms.closeness(&typed)?, known)))
            .collect();
        met.sort_by_key(|(near, known)| (*near, known.source));
        met
    }

    fn forms(&self) -> &[Forms] {
        let of = |known: &Known| Forms::of(&known.name, known.reading.as_deref());
        self.forms.get_or_init(|| self.known.iter().map(of).collect())
    }

    /// What an account is called: first by its wallet, then by its owner's book, then publicly.
    pub(crate) fn name_of(&self, is: Is) -> Option<&Known> {
        self.known.iter().filter(|known| known.is == is).max_by_key(|known| known.source)
    }

    /// What the public directory calls it, whatever people here do.
    pub(crate) fn public_name_of(&self, is: Is) -> Option<&Known> {
        self.known.iter().find(|known| known.is == is && known.source == Source::Public)
    }
}

/// One of each that is the same, in order.
fn distinct<'k>(met: impl Iterator<Item = &'k Known>) -> Vec<Known> {
    let mut all: Vec<Known> = Vec::new();
    for known in met {
        if !all.iter().any(|other| other.is == known.is) {
            all.push(known.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(name: &str, reading: &str, number: u8) -> Known {
        Known {
            reading: Some(reading.to_owned()),
            zones: vec![ZoneId::new(1)],
            ..Known::of(name, Source::Public, account(number))
        }
    }

    const fn account(number: u8) -> Is {
        Is::Account(AccountId::new([number; 20]))
    }

    fn names(known: Vec<Known>) -> Names {
        Names { known, ..Names::default() }
    }

    #[test]
    fn a_name_is_never_guessed() {
        let town = names(vec![
            shop("みそ屋", "みそや", 1),
            shop("みそ屋本店", "みそやほんてん", 2),
            shop("いろは", "いろは", 3),
            shop("伊呂波", "いろは", 4),
            shop("カ屋", "かや", 5),
        ]);
        let found = |typed| town.find(Kind::Account, typed).map(|known| known.is);
        for typed in ["みそ屋", "ミソ屋", "みそや", "ﾐｿ屋", "みそ 屋"] {
            assert_eq!(found(typed), Ok(account(1)), "{typed}");
        }
        // One that only begins so is not taken, though it is the only one.
        let near = |typed| match town.find(Kind::Account, typed) {
            Err(NotOne::Near(near)) => near.into_iter().map(|known| known.is).collect(),
            _ => Vec::new(),
        };
        assert_eq!(near("みそ屋本"), [account(2)]);
        assert_eq!(near("みそ"), [account(1), account(2)]);
        // What looks the same and is written with another character was not typed.
        assert_eq!(near("力屋"), [account(5)]);
        // Two that are read alike.
        assert!(matches!(found("いろは"), Err(NotOne::Several(both)) if both.len() == 2));
        assert_eq!(found("伊呂波"), Ok(account(4)));
        assert_eq!(found("そば屋"), Err(NotOne::Nobody));
        // A shop is no party.
        assert_eq!(town.find(Kind::Party, "みそ屋"), Err(NotOne::Nobody));
    }

    #[test]
    fn where_book_and_directory_have_a_name_for_two_nobody_chooses() {
        let book = |name: &str, number| Known::of(name, Source::Book, account(number));
        let two = names(vec![shop("みそ屋", "みそや", 1), book("ミソ屋", 2)]);
        let Err(NotOne::Several(both)) = two.find(Kind::Account, "みそ屋") else { panic!() };
        assert_eq!(both.len(), 2);
        let same = names(vec![book("ミソ屋", 1), shop("みそ屋", "みそや", 1)]);
        let found = same.find(Kind::Account, "みそ屋").unwrap();
        assert_eq!((found.source, found.name.as_str()), (Source::Public, "みそ屋"));
        // What looks like the name of another is shown beside it.
        let alike = names(vec![book("カ屋", 1), shop("力屋", "ちからや", 2)]);
        assert!(matches!(alike.find(Kind::Account, "力屋"), Err(NotOne::Several(_))));
    }

    #[test]
    fn what_is_found_by_its_reading_is_shown_with_the_one_whose_name_looks_like_it() {
        let town = names(vec![
            shop("カ屋", "かや", 1),
            shop("力屋", "ちからや", 2),
            shop("伊呂波", "いろは", 3),
            shop("いろは", "いろはや", 4),
        ]);
        for typed in ["かや", "ちからや", "カ屋"] {
            let found = town.find(Kind::Account, typed);
            assert!(matches!(found, Err(NotOne::Several(both)) if both.len() == 2), "{typed}");
        }
        // To be read like the name that was found is not to look like it.
        let found = town.find(Kind::Account, "いろはや").map(|known| known.is);
        assert_eq!(found, Ok(account(4)));
    }

    #[test]
    fn a_file_of_names_that_cannot_be_read_counts_as_none() {
        let at = tempfile::tempdir().unwrap();
        let folders = Folders::at(at.path());
        let prefix = AddressPrefix::new("aizu").unwrap();
        let now = Timestamp::from_millis(1);
        let of = || Names::of(&folders, &Hash::ZERO, &prefix, now);
        assert!(of().unread.is_empty());
        std::fs::create_dir(folders.names().unwrap()).unwrap();
        let files = [
            Pinned::path(&folders, &Hash::ZERO).unwrap(),
            Institutions::path(&folders).unwrap(),
            Book::path(&folders).unwrap(),
        ];
        files.iter().for_each(|file| std::fs::write(file, "{").unwrap());
        let unread: Vec<PathBuf> = of().unread.into_iter().map(|one| one.file).collect();
        assert_eq!(unread, files);
    }

    #[test]
    fn a_directory_that_has_ended_names_nobody() {
        let entry = Entry {
            name: public_names::Name::new("みそ屋").unwrap(),
            reading: None,
            of: Named::Bank { bank: BankId::new(1) },
            area: None,
            web: None,
        };
        let (issued, expires) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
        let network = Hash::ZERO;
        let directory = Directory { network, serial: 1, issued, expires, entries: vec![entry] };
        for (now, known, is_expired) in [(1, 1, false), (2, 0, true)] {
            let mut names = Names::default();
            names.take_public(Some(&directory), Timestamp::from_millis(now));
            assert_eq!((names.all().len(), names.is_expired), (known, is_expired));
        }
    }
}
