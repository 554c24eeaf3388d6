//! `zone open`: one's own sub-account in a zone.

use ledger_types::ZoneId;
use ledger_types::operation::OpenZoneAccount;

use crate::commands::prelude::*;

/// A zone.
#[derive(Debug, Args)]
pub(crate) struct ZoneNumber {
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) zone: u16,
}

pub(crate) async fn run(app: &App, zone: ZoneId) -> Result<Reply, Failure> {
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
