//! `book`: the own address book, which never leaves this machine.

use crate::commands::prelude::*;
use crate::named::book::Book;

/// `book`.
#[derive(Debug, Subcommand)]
pub(crate) enum BookCommand {
    /// Writes somebody down.
    Add(AddArgs),
    /// Takes somebody out.
    Rm(RmArgs),
    /// Lists everybody in it.
    Ls,
    /// Calls somebody otherwise.
    Rename(RenameArgs),
}

/// `book add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// What you call them.
    pub(crate) name: String,
    /// The address.
    pub(crate) address: String,
}

/// `book rm`.
#[derive(Debug, Args)]
pub(crate) struct RmArgs {
    /// What you call them.
    pub(crate) name: String,
}

/// `book rename`.
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// What you call them now.
    pub(crate) name: String,
    /// What you want to call them.
    pub(crate) to: String,
}

pub(crate) fn run(app: &App, command: &BookCommand) -> Result<Reply, Failure> {
    let folders = &app.settings.folders;
    let mut book = Book::of(folders)?;
    let (key, name, address) = match command {
        BookCommand::Ls => return Ok(ls(app, &book)),
        BookCommand::Add(AddArgs { name, address }) => {
            ("done-book-added", name, book.add(name, address)?)
        }
        BookCommand::Rm(RmArgs { name }) => ("done-book-removed", name, book.remove(name)?),
        BookCommand::Rename(RenameArgs { name, to }) => {
            ("done-book-renamed", to, book.rename(name, to)?)
        }
    };
    book.write(folders)?;
    let text = app.text(key, &[("name", name), ("address", &address)]);
    let reply = Reply::new(json!({ "name": name, "address": address }), text);
    Ok(match command {
        BookCommand::Rm(_) | BookCommand::Ls => reply.next("kyojo book ls"),
        BookCommand::Add(_) | BookCommand::Rename(_) => {
            reply.next(format!("kyojo send {} 500", word(name)))
        }
    })
}

fn ls(app: &App, book: &Book) -> Reply {
    let listed: Vec<(&str, &str)> = book.listed().collect();
    let data = listed.iter().map(|(name, address)| json!({ "name": name, "address": address }));
    let data = json!({ "entries": data.collect::<Vec<_>>() });
    if listed.is_empty() {
        return Reply::new(data, app.text("note-book-empty", &[]))
            .next("kyojo book add NAME ADDRESS");
    }
    let rows: Vec<Vec<String>> =
        listed.iter().map(|(name, at)| vec![(*name).to_owned(), (*at).to_owned()]).collect();
    Reply::new(data, app.table(&["label-name", "label-address"], &rows, &[]))
}
