//! `programme reconcile`: a programme is closed to the yen, with the sums before anybody agrees.

use ledger_types::Yen;
use ledger_types::operation::ReconcileProgramme;
use node_api::body::{BucketTallyBody, ProgrammeBody};
use serde_json::Value;

use super::ProgrammeName;
use crate::acting::vouchers;
use crate::commands::prelude::*;

/// What became of what was sold, paid for and premium each: sold = used + unused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    sold: (Yen, Yen),
    used: (Yen, Yen),
    unused: (Yen, Yen),
}

impl Sums {
    /// Over all rounds and buckets.
    ///
    /// # Errors
    /// [`Failure`] where a node tells sums that contradict each other.
    pub(super) fn of(programme: &ProgrammeBody) -> Result<Self, Failure> {
        let buckets = programme.rounds.iter().flat_map(|round| &round.buckets);
        let sums = buckets.into_iter().try_fold(Self::default(), |sums, one| sums.with(one));
        let failure = || Failure::new(Exit::Verification, "err-sums-differ");
        let mut sums = sums.ok_or_else(failure)?;
        let unused = |sold: Yen, used: Yen| sold.checked_sub(used).ok_or_else(failure);
        sums.unused = (unused(sums.sold.0, sums.used.0)?, unused(sums.sold.1, sums.used.1)?);
        Ok(sums)
    }

    fn with(self, one: &BucketTallyBody) -> Option<Self> {
        let local = (one.used_local_paid, one.used_local_free);
        let chain = (one.used_chain_paid, one.used_chain_free);
        Some(Self {
            sold: both(self.sold, (one.sold_paid, one.sold_free))?,
            used: both(both(self.used, local)?, chain)?,
            unused: self.unused,
        })
    }

    pub(super) fn lines(&self, app: &App) -> Vec<(String, String)> {
        let three = [
            ("label-sum-sold", self.sold),
            ("label-sum-used", self.used),
            ("label-sum-unused", self.unused),
        ];
        let line = |(key, (paid, free)): (&str, (Yen, Yen))| {
            let (paid, free) = (amount::show(paid), amount::show(free));
            let value = app.text("label-paid-and-free", &[("paid", &paid), ("free", &free)]);
            (app.text(key, &[]), value)
        };
        three.into_iter().map(line).collect()
    }

    fn data(&self) -> Value {
        let both = |(paid, free): (Yen, Yen)| json!({ "paid": paid, "free": free });
        json!({ "sold": both(self.sold), "used": both(self.used), "unused": both(self.unused) })
    }
}

fn both(one: (Yen, Yen), other: (Yen, Yen)) -> Option<(Yen, Yen)> {
    Some((one.0.checked_add(other.0)?, one.1.checked_add(other.1)?))
}

pub(crate) async fn run(app: &App, args: &ProgrammeName) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let prefix = &session.attached.address_prefix;
    let sums = Sums::of(&programme)?;
    let shown: Vec<String> = sums.lines(app).into_iter().map(|(l, v)| format!("{l} {v}")).collect();
    let to = |address: &str| vouchers::somebody(app, address, prefix);
    let number = programme.programme;
    let reconcile = Operation::ReconcileProgramme(ReconcileProgramme { programme: number });
    Act::ending(reconcile, "done-reconciled")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-sums", shown.join(app.text("label-and", &[]).as_str()))
        .line("label-unused-paid-to", to(programme.unused_paid_to.as_str()))
        .line("label-unused-free-to", to(programme.unused_free_to.as_str()))
        .line("label-note", app.text("note-reconcile-for-good", &[]))
        .data(json!({ "programme": number, "sums": sums.data() }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}
