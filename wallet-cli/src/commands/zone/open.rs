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
    Act::ending(Operation::OpenZoneAccount(OpenZoneAccount { zone }), "done-zone-opened")
        .line("label-zone-open", zone)
        .data(json!({ "zone": zone }))
        .next(format!("kyojo zone charge 1000 --zone {zone}"))
        .by_account(app, &session)
        .await
}
