//! `zone update`: what a zone is called, serves and publishes, by its operator.

use ledger_types::operation::UpdateZone;
use ledger_types::zone::MunicipalityCode;

use super::create::{Publish, in_order, published};
use super::show;
use crate::acting::naming;
use crate::commands::prelude::*;

/// `zone update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Its public name; by default as it was.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// A municipality that it serves, by its code of six digits; may be repeated; by default as it was.
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<MunicipalityCode>,
    /// What anybody may read of it; may be repeated; by default as it was.
    #[arg(long = "publish", value_name = "WHAT")]
    pub(crate) publish: Vec<Publish>,
}

pub(crate) async fn run(app: &App, args: UpdateArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let before = session.client.zone(named.id).await?;
    let zone = named.id;
    let name = args.name.unwrap_or(before.name);
    let areas = if args.areas.is_empty() { before.areas } else { in_order(args.areas) };
    let publishes =
        if args.publish.is_empty() { before.publishes } else { published(&args.publish) };
    let data = json!({
        "zone": zone, "name": name, "areas": areas, "publishes": publishes.names(),
    });
    let (shown_areas, shown) = (show::areas(app, &areas), show::published(app, publishes));
    let update = UpdateZone { zone, name: name.clone(), areas, publishes };
    Act::ending(Operation::UpdateZone(update), "done-zone-updated")
        .line("label-zone", named.shown(app))
        .line("label-name", name)
        .line("label-areas", shown_areas)
        .line("label-publishes", shown)
        .data(data)
        .next(format!("kyojo zone show --zone {zone}"))
        .by_account(app, &session)
        .await
}
