//! `zone instrument`: the kinds of vouchers that a zone has, by its operator.

use ledger_types::InstrumentId;
use ledger_types::operation::DefineInstrument;
use ledger_types::programme::{Capabilities, LegalClass, Life};
use ledger_types::zone::MunicipalityCode;
use node_api::body::InstrumentBody;

use super::create::in_order;
use super::open::ZoneNumber;
use super::show;
use crate::acting::naming;
use crate::acting::payee::read_payee;
use crate::acting::vouchers;
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// `zone instrument`.
#[derive(Debug, Subcommand)]
pub(crate) enum InstrumentCommand {
    /// Lists the kinds of vouchers of a zone.
    Ls(ZoneNumber),
    /// Defines a kind of voucher; by the zone's operator. It never changes.
    Define(DefineArgs),
}

/// `zone instrument define`.
#[derive(Debug, Args)]
pub(crate) struct DefineArgs {
    /// Its number, which no other of the zone ever had.
    pub(crate) number: u32,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The account that owes it, and that will sponsor its programmes.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) issuer: String,
    /// What it is in law.
    #[arg(long, value_name = "KIND")]
    pub(crate) class: VoucherClass,
    /// The most yen that may be outstanding of it.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) most: String,
    /// For how many calendar months it can be used, at most six; by default as its programmes say.
    #[arg(long, value_name = "MONTHS", value_parser = clap::value_parser!(u16).range(1..=6))]
    pub(crate) months: Option<u16>,
    /// A municipality in which it is used, by its code of six digits; may be repeated; by default
    /// all of the zone's.
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<MunicipalityCode>,
    /// File of the published terms; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) terms_file: PathBuf,
}

/// What vouchers are in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VoucherClass {
    /// A municipality's, prepaid.
    PrepaidMunicipal,
    /// Prepaid, usable for six months at most.
    ShortPrepaid,
    /// Points that nobody paid for.
    FreePoint,
}

pub(crate) async fn run(app: &App, command: InstrumentCommand) -> Result<Reply, Failure> {
    match command {
        InstrumentCommand::Ls(args) => ls(app, &args).await,
        InstrumentCommand::Define(args) => define(app, args).await,
    }
}

async fn ls(app: &App, args: &ZoneNumber) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let named = naming::zone(app, &client, args.zone.as_deref(), &[]).await?;
    let instruments = client.instruments(named.id).await?;
    if instruments.instruments.is_empty() {
        return Ok(Reply::new(json!(instruments), app.text("note-no-instruments", &[])));
    }
    let titles = [
        "label-number",
        "label-class",
        "label-voucher-issuer",
        "label-life",
        "label-sum-sold",
        "label-sum-used",
        "label-sum-expired",
    ];
    let prefix = &client.network().address_prefix;
    let row = |one: &InstrumentBody| {
        vec![
            one.instrument.to_string(),
            app.text(class_key(one.class), &[]),
            vouchers::somebody(app, one.issuer.as_str(), prefix),
            life(app, one.months),
            amount::show(one.issued),
            amount::show(one.used),
            amount::show(one.expired),
        ]
    };
    let rows: Vec<Vec<String>> = instruments.instruments.iter().map(row).collect();
    let text = app.table(&titles, &rows, &[4, 5, 6]);
    Ok(Reply::new(json!(instruments), text).next("kyojo programme ls"))
}

async fn define(app: &App, args: DefineArgs) -> Result<Reply, Failure> {
    let most = read_amount(&args.most)?;
    let terms = reading::file_hash(&args.terms_file)?;
    let session = Session::begin(app).await?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let issuer = read_payee(app, &args.issuer, &session.attached.address_prefix)?;
    let class = match args.class {
        VoucherClass::PrepaidMunicipal => LegalClass::PrepaidMunicipal,
        VoucherClass::ShortPrepaid => LegalClass::ShortPrepaid,
        VoucherClass::FreePoint => LegalClass::FreePoint,
    };
    let (zone, instrument) = (named.id, InstrumentId::new(args.number));
    let areas = in_order(args.areas);
    let data = json!({
        "zone": zone, "instrument": instrument, "issuer": issuer.address, "class": class,
        "max_outstanding": most, "months": args.months, "areas": areas, "terms": terms,
    });
    let shown_areas = if areas.is_empty() {
        app.text("label-areas-of-zone", &[])
    } else {
        show::areas(app, &areas)
    };
    let define = DefineInstrument {
        zone,
        instrument,
        issuer: issuer.account,
        class,
        // What is prepaid is neither given on nor paid back.
        capabilities: Capabilities::SPEND,
        max_outstanding: most,
        life: args.months.map_or(Life::Programme, |months| Life::Months { months }),
        areas,
        terms,
    };
    Act::ending(Operation::DefineInstrument(define), "done-instrument-defined")
        .line("label-zone", named.shown(app))
        .line("label-number", instrument)
        .line("label-class", app.text(class_key(class), &[]))
        .line("label-voucher-issuer", issuer.shown(app))
        .line("label-most-outstanding", amount::show(most))
        .line("label-life", life(app, args.months))
        .line("label-areas", shown_areas)
        .line("label-terms-hash", terms)
        .line("label-note", app.text("note-never-changes", &[]))
        .data(data)
        .next(format!("kyojo zone instrument ls --zone {zone}"))
        .by_account(app, &session)
        .await
}

fn life(app: &App, months: Option<u16>) -> String {
    months.map_or_else(
        || app.text("label-life-programme", &[]),
        |months| app.text("label-life-months", &[("months", &months.to_string())]),
    )
}

const fn class_key(class: LegalClass) -> &'static str {
    match class {
        LegalClass::DepositToken => "label-class-deposit-token",
        LegalClass::PrepaidOwn => "label-class-prepaid-own",
        LegalClass::PrepaidThirdParty => "label-class-prepaid-third-party",
        LegalClass::PrepaidMunicipal => "label-class-prepaid-municipal",
        LegalClass::ShortPrepaid => "label-class-short-prepaid",
        LegalClass::FreePoint => "label-class-free-point",
        LegalClass::Coupon => "label-class-coupon",
        LegalClass::BenefitEntitlement => "label-class-benefit",
    }
}
