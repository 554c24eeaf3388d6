//! `zone`: the zones, and one's own sub-accounts in them.

use ledger_types::operation::{Charge, Discharge, OpenZoneAccount};
use ledger_types::{Operation, ZoneId};
use serde_json::json;

use super::read_amount;
use super::transact::{Plan, Session};
use crate::amount;
use crate::app::App;
use crate::args::{ZoneAmount, ZoneCommand};
use crate::failure::Failure;
use crate::output::{Reply, table};

pub(super) async fn run(app: &App, command: ZoneCommand) -> Result<Reply, Failure> {
    match command {
        ZoneCommand::Ls => list(app).await,
        ZoneCommand::Open(args) => open(app, ZoneId::new(args.zone)).await,
        ZoneCommand::Charge(args) => move_yen(app, &args, Way::In).await,
        ZoneCommand::Discharge(args) => move_yen(app, &args, Way::Out).await,
    }
}

async fn list(app: &App) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let zones = client.zones().await?;
    let titles = ["label-zone", "label-name", "label-total"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = zones
        .zones
        .iter()
        .map(|zone| vec![zone.zone.to_string(), zone.name.clone(), amount::show(zone.total)])
        .collect();
    Ok(Reply::new(json!(zones), table(&titles, &rows, &[2])).next("kyojo zone open --zone 1"))
}

async fn open(app: &App, zone: ZoneId) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let mut lines = session.lines(app);
    lines.push((app.text("label-zone-open", &[]), zone.to_string()));
    let plan = Plan {
        operations: vec![Operation::OpenZoneAccount(OpenZoneAccount { zone })],
        lines,
        data: json!({ "zone": zone }),
        done: "done-zone-opened",
        next: vec![format!("kyojo zone charge 1000 --zone {zone}")],
    };
    session.perform(app, plan).await
}

#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
}

async fn move_yen(app: &App, args: &ZoneAmount, way: Way) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let zone = ZoneId::new(args.zone);
    let session = Session::begin(app).await?;
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
    let mut lines = session.lines(app);
    lines.push((app.text(label, &[]), amount::show(amount)));
    lines.push((app.text("label-zone", &[]), zone.to_string()));
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: json!({ "zone": zone, "amount": amount }),
        done,
        next: vec!["kyojo balance".to_owned()],
    };
    session.perform(app, plan).await
}
