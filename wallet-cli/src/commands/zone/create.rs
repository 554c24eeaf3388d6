//! `zone create`: a new zone, by the registrar.

use ledger_types::ZoneId;
use ledger_types::operation::CreateZone;
use ledger_types::zone::{MunicipalityCode, Publishes};

use super::show;
use crate::acting::payee::read_payee;
use crate::commands::prelude::*;

/// `zone create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The zone's number, which no other ever had.
    pub(crate) number: u16,
    /// Its public name.
    pub(crate) name: String,
    /// The account of its operator.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) operator: String,
    /// A municipality that it serves, by its code of six digits, such as 072028; may be repeated.
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<MunicipalityCode>,
    /// What anybody may read of it; may be repeated.
    #[arg(long = "publish", value_name = "WHAT", default_value = "merchants")]
    pub(crate) publish: Vec<Publish>,
}

/// What anybody may read of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Publish {
    /// Its merchants.
    Merchants,
    /// Its monthly report.
    Report,
    /// Nothing.
    Nothing,
}

/// All of these together.
pub(super) fn published(several: &[Publish]) -> Publishes {
    let bits = several.iter().map(|one| match one {
        Publish::Merchants => Publishes::MERCHANTS,
        Publish::Report => Publishes::REPORT,
        Publish::Nothing => Publishes::default(),
    });
    bits.fold(Publishes::default(), Publishes::with)
}

/// In order, each once, as the ledger takes them.
pub(super) fn in_order(mut areas: Vec<MunicipalityCode>) -> Vec<MunicipalityCode> {
    areas.sort_unstable();
    areas.dedup();
    areas
}

pub(crate) async fn run(app: &App, args: CreateArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let operator = read_payee(app, &args.operator, &session.attached.address_prefix)?;
    let (zone, name, areas) = (ZoneId::new(args.number), args.name, in_order(args.areas));
    let publishes = published(&args.publish);
    let create =
        CreateZone { zone, name: name.clone(), operator: operator.account, areas, publishes };
    let (areas, shown) = (show::areas(app, &create.areas), show::published(app, publishes));
    let data = json!({
        "zone": zone, "name": name, "operator": operator.address,
        "areas": create.areas, "publishes": publishes.names(),
    });
    Act::ending(Operation::CreateZone(create), "done-zone-created")
        .line("label-zone", zone)
        .line("label-name", name)
        .line("label-operator", operator.shown(app))
        .line("label-areas", areas)
        .line("label-publishes", shown)
        .data(data)
        .next(format!("kyojo zone show --zone {zone}"))
        .by_account(app, &session)
        .await
}
