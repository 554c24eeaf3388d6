//! Public names of banks, zones, parties and shops: a signed file beside the ledger.
//!
//! The ledger knows numbers and accounts; what they are called stands in a directory that the city
//! or the operator signs with a key of genesis, so that a sole trader's name never enters the state
//! and can be taken out again. [`name`] says what a name may be, [`identity`] when two names are one
//! name, [`directory`] the file, [`finding`] how a typed name is looked up. FORMAT.md has the bytes.
//! Everything is pure.

pub mod directory;
pub mod finding;
pub mod identity;
pub mod name;

mod signed;

pub use directory::{Directory, Entry, Named};
pub use finding::{Closeness, Forms};
pub use name::{Name, NameError, Reading};
pub use signed::{DIRECTORY_BYTES_MAX, DirectoryError, SignedDirectory};
