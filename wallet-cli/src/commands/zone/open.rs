//! `zone open`: one's own sub-account in a zone.

use ledger_types::operation::OpenZoneAccount;

use crate::acting::naming;
use crate::commands::prelude::*;

/// A zone.
#[derive(Debug, Args)]
pub(crate) struct ZoneNumber {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

pub(crate) async fn run(app: &App, args: &ZoneNumber) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    Act::ending(Operation::OpenZoneAccount(OpenZoneAccount { zone }), "done-zone-opened")
        .line("label-zone-open", named.shown(app))
        .data(json!({ "zone": zone }))
        .next(format!("kyojo zone charge 1000 --zone {zone}"))
        .by_account(app, &session)
        .await
}
