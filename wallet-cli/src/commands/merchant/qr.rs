//! `merchant qr`: the code that a shop puts on its counter, to be paid by.

use ledger_types::AddressPrefix;
use shop_documents::emv::{Additional, Asked, Category, Japanese, Latin, Wide};
use shop_documents::{MerchantCode, ShopPlace, ShopYen};

use crate::acting::naming;
use crate::commands::prelude::*;
use crate::named::{Is, Known};
use crate::picture;

/// The city where nobody said one.
const NO_CITY: &str = "JAPAN";
/// How many letters of an address stand for a name that nobody knows.
const ADDRESS_END: usize = 6;

/// `merchant qr`.
#[derive(Debug, Args)]
pub(crate) struct QrArgs {
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// A fixed amount, such as 500 or 500円; without it the payer types one.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: Option<String>,
    /// How the code is written and shown.
    #[command(flatten)]
    pub(crate) code: CodeArgs,
}

/// How a code is written and shown.
#[derive(Debug, Args)]
pub(crate) struct CodeArgs {
    /// The shop's name in Latin letters, at most 25, for other apps.
    #[arg(long, value_name = "NAME")]
    pub(crate) latin: Option<String>,
    /// The city in Latin letters, at most 15.
    #[arg(long, value_name = "CITY")]
    pub(crate) city: Option<String>,
    /// The kind of shop: four digits of ISO 18245, such as 5812 for a restaurant.
    #[arg(long, value_name = "NUMBER", default_value_t = 0,
          value_parser = clap::value_parser!(u16).range(0..=9999))]
    pub(crate) category: u16,
    /// Writes the picture to this new file, as a PNG to print black on white.
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    /// Prints the code as text alone.
    #[arg(long, conflicts_with = "png")]
    pub(crate) text: bool,
}

pub(crate) async fn run(app: &App, args: QrArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let public = app.names().public_name_of(Is::Account(attached.account));
    let zones = public.map(|known| known.zones.as_slice()).unwrap_or_default();
    let zone = naming::zone(app, &session.client, args.zone.as_deref(), zones).await?;
    let is_merchant = naming::is_merchant(&session.client, zone.id, &attached.address).await?;
    if is_merchant == Some(false) {
        return Err(Failure::new(Exit::Refused, "err-not-merchant").with("zone", zone.shown(app)));
    }
    let amount = args.amount.as_deref().map(reading::read_amount).transpose()?;
    let amount = match amount.map(|amount| ShopYen::new(amount).ok_or(amount)) {
        Some(Err(amount)) => {
            return Err(Failure::new(Exit::Usage, "err-bad-amount").with("amount", amount));
        }
        Some(Ok(amount)) => Some(amount),
        None => None,
    };
    let network = attached.genesis_hash.network();
    let place = ShopPlace { network, zone: zone.id, shop: attached.account };
    let code = code(app, &session, &args.code, Asked::Static { place, amount })?;
    let text = code.encode().map_err(|error| not_written(&error))?;
    let data = json!({
        "code": text, "zone": zone.id, "merchant": attached.address,
        "amount": amount.map(ShopYen::get), "name": code.name.as_str(),
        "is_merchant": is_merchant,
        "name_ja": code.japanese.as_ref().map(|japanese| japanese.name.as_str()),
    });
    if is_merchant.is_none() {
        app.output.say(&app.text("note-merchant-unchecked", &[]));
    }
    let said = app.text("note-show-code", &[("zone", &zone.shown(app))]);
    let reply = shown(app, &args.code, data, &text, said)?;
    Ok(reply.next("kyojo merchant payments"))
}

/// The code of the wallet's own shop.
///
/// # Errors
/// [`Failure`] where a name cannot stand in a code.
pub(super) fn code(
    app: &App,
    session: &Session,
    args: &CodeArgs,
    asked: Asked,
) -> Result<MerchantCode, Failure> {
    let attached = &session.attached;
    let public = app.names().public_name_of(Is::Account(attached.account));
    Ok(MerchantCode {
        asked,
        category: Category::new(args.category).unwrap_or_default(),
        name: latin(args.latin.as_deref(), public, &attached.address, &attached.address_prefix)?,
        city: city(args.city.as_deref(), public)?,
        japanese: public.and_then(japanese),
        additional: Additional::default(),
    })
}

/// The code as it was asked for: a picture in a file, its text alone, or both under what is `said`.
///
/// # Errors
/// [`Failure`] where the file cannot be written.
pub(super) fn shown(
    app: &App,
    args: &CodeArgs,
    mut data: serde_json::Value,
    text: &str,
    said: String,
) -> Result<Reply, Failure> {
    if let Some(path) = &args.png {
        let unwritten = || Failure::new(Exit::Other, "err-internal");
        settings::write_new(path, &picture::png(text).ok_or_else(unwritten)?)?;
        data["png"] = json!(path);
        let written = app.text("done-code-written", &[("path", &path.display().to_string())]);
        return Ok(Reply::new(data, written));
    }
    if args.text {
        return Ok(Reply::new(data, text));
    }
    let mut parts = vec![said];
    parts.extend(picture::of(text).map(|picture| picture::drawn(&picture)));
    parts.push(text.to_owned());
    Ok(Reply::new(data, parts.join("\n\n")))
}

/// That names and what is asked do not go into a code together.
pub(super) fn not_written(error: &shop_documents::EmvError) -> Failure {
    Failure::new(Exit::Usage, "err-code-unwritten").because(error)
}

/// What was said, the public name where it is in Latin letters, else the end of the address.
fn latin(
    said: Option<&str>,
    public: Option<&Known>,
    address: &str,
    prefix: &AddressPrefix,
) -> Result<Latin<25>, Failure> {
    if let Some(said) = said {
        return Latin::new(said).ok_or_else(|| bad_latin(said, 25));
    }
    if let Some(name) = public.and_then(|known| Latin::new(&known.name)) {
        return Ok(name);
    }
    let end: String = address.chars().skip(address.len() - ADDRESS_END).collect();
    let name = format!("{prefix} {end}").to_uppercase();
    Latin::new(&name).ok_or_else(|| bad_latin(&name, 25))
}

fn city(said: Option<&str>, public: Option<&Known>) -> Result<Latin<15>, Failure> {
    if let Some(said) = said {
        return Latin::new(said).ok_or_else(|| bad_latin(said, 15));
    }
    let area = public.and_then(|known| known.area.as_deref()).and_then(Latin::new);
    area.or_else(|| Latin::new(NO_CITY)).ok_or_else(|| bad_latin(NO_CITY, 15))
}

fn bad_latin(text: &str, most: usize) -> Failure {
    Failure::new(Exit::Usage, "err-bad-latin").with("text", text).with("count", most)
}

/// The public name, where a code has room for it: no part of a name is one.
fn japanese(known: &Known) -> Option<Japanese> {
    let city = known.area.as_deref().and_then(Wide::new);
    Some(Japanese { name: Wide::new(&known.name)?, city })
}
