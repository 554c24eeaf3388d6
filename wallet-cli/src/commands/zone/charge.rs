//! `zone charge` and `discharge`: yen to one's sub-account of a zone, and back.

use ledger_types::operation::{Charge, Discharge};

use crate::acting::naming;
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// An amount and a zone.
#[derive(Debug, Args)]
pub(crate) struct ZoneAmount {
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

#[derive(Clone, Copy)]
pub(crate) enum Way {
    In,
    Out,
}

pub(crate) async fn run(app: &App, args: &ZoneAmount, way: Way) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let (operation, label, done) = match way {
        Way::In => {
            let charge = Operation::Charge(Charge { zone, amount });
            (charge, "label-charge", "done-charged")
        }
        Way::Out => {
            let discharge = Operation::Discharge(Discharge { zone, amount });
            (discharge, "label-discharge", "done-discharged")
        }
    };
    Act::ending(operation, done)
        .line(label, amount::show(amount))
        .line("label-zone", named.shown(app))
        .data(json!({ "zone": zone, "amount": amount }))
        .next("kyojo balance")
        .by_account(app, &session)
        .await
}
