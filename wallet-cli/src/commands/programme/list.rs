//! Lists of who may buy: published as hashes, checked by their root, added to, and taken from.

use std::path::Path;

use clap::ValueEnum;
use kyojo_cli::Given;
use ledger_types::operation::{RevokeLeaf, SupplementEligibility};
use ledger_types::programme::{LeafPlace, LeafRevocation};
use public_draw::leaf::list_root;

use crate::acting::vouchers;
use crate::commands::prelude::*;

/// A published list as the ledger knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub(super) root: Hash,
    pub(super) size: u32,
}

/// `programme list-add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The published list: a hash a line.
    #[arg(long = "list", value_name = "FILE")]
    pub(crate) leaves: PathBuf,
}

/// `programme list-check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The published list: a hash a line.
    #[arg(long = "list", value_name = "FILE")]
    pub(crate) leaves: PathBuf,
}

/// `programme revoke-leaf`.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The list, counted from 1.
    #[arg(long = "list", value_name = "NUMBER", default_value_t = 1)]
    pub(crate) number: u16,
    /// The letter's place on the list, as its file says it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) index: u32,
    /// Why.
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Reason,
}

/// Why a letter is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reason {
    /// It was lost; another one was made.
    Lost,
    /// The same person has another one.
    Twice,
    /// The person died.
    Deceased,
    /// The person should not have been on the list.
    Error,
    /// The person is given another one, whatever the ground.
    Replaced,
}

/// The root and the size of a published list.
pub(super) fn read(file: &Path) -> Result<List, Failure> {
    let leaves = leaves(file)?;
    let size = u32::try_from(leaves.len()).map_err(|_| Failure::new(Exit::Usage, "code-3069"))?;
    Ok(List { root: list_root(&leaves), size })
}

/// The hashes of a published list, a line each.
pub(in crate::commands) fn leaves(file: &Path) -> Result<Vec<Hash>, Failure> {
    let text = Given::Table.text(file)?;
    let leaf = |(line, number): (&str, u64)| {
        line.trim().parse::<Hash>().map_err(|_| {
            let place = format!("{}:{number}", file.display());
            Failure::new(Exit::Usage, "err-bad-list-line").with("place", place)
        })
    };
    text.lines().zip(1..).map(leaf).collect()
}

pub(crate) async fn add(app: &App, args: &AddArgs) -> Result<Reply, Failure> {
    let List { root, size } = read(&args.leaves)?;
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let last = u16::try_from(programme.lists.len()).unwrap_or(u16::MAX);
    let (number, list) = (programme.programme, last.saturating_add(1));
    let add = SupplementEligibility { programme: number, list, root, size };
    Act::ending(Operation::SupplementEligibility(add), "done-list-added")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-list-number", list)
        .line("label-letters", size)
        .line("label-list-root", root)
        .data(json!({ "programme": number, "list": list, "root": root, "size": size }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

pub(crate) async fn check(app: &App, args: &CheckArgs) -> Result<Reply, Failure> {
    let List { root, size } = read(&args.leaves)?;
    let client = app.client().await?;
    let programme = vouchers::programme(&client, &args.programme).await?;
    let place = programme.lists.iter().position(|list| (list.root, list.size) == (root, size));
    let Some(place) = place else {
        return Err(Failure::new(Exit::Verification, "err-list-not-on-ledger")
            .with("root", root)
            .details(json!({ "root": root, "size": size })));
    };
    let (list, count) = (place.saturating_add(1).to_string(), size.to_string());
    let text = app.text("done-list-checked", &[("list", &list), ("size", &count)]);
    let data = json!({
        "programme": programme.programme, "list": place.saturating_add(1), "root": root,
        "size": size,
    });
    Ok(Reply::new(data, text).next(format!("kyojo programme show {}", programme.programme)))
}

pub(crate) async fn revoke(app: &App, args: &RevokeArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let (reason, key) = match args.reason {
        Reason::Lost => (LeafRevocation::Lost, "label-revoked-lost"),
        Reason::Twice => (LeafRevocation::Twice, "label-revoked-twice"),
        Reason::Deceased => (LeafRevocation::Deceased, "label-revoked-deceased"),
        Reason::Error => (LeafRevocation::Error, "label-revoked-error"),
        Reason::Replaced => (LeafRevocation::Replaced, "label-revoked-replaced"),
    };
    let (number, leaf) = (programme.programme, LeafPlace { list: args.number, index: args.index });
    let revoke = RevokeLeaf { programme: number, leaf, reason };
    Act::ending(Operation::RevokeLeaf(revoke), "done-leaf-revoked")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-list-number", leaf.list)
        .line("label-letter-place", leaf.index)
        .line("label-reason", app.text(key, &[]))
        .data(json!({ "programme": number, "list": leaf.list, "index": leaf.index,
                      "reason": reason }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}
