//! `merchant export`: the table of payments that an accountant's program reads.

use ledger_types::japan::JapanDay;
use shop_documents::takings::{Encoding, Payment, Status, write};

use crate::acting::naming;
use crate::acting::takings::{self, Period, Sale};
use crate::commands::prelude::*;
use crate::named::Is;

/// `merchant export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The first day in Japan, such as 2026-11-01.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: String,
    /// The last day.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: String,
    /// Writes the table to this new file: CSV of 14 columns.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// How the file is written.
    #[arg(long, value_name = "ENCODING", default_value = "utf8")]
    pub(crate) encoding: Written,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// UTF-8 with its mark (BOM).
    Utf8,
    /// Windows-31J, which people call Shift_JIS.
    #[value(name = "windows-31j")]
    Windows31J,
}

pub(crate) async fn run(app: &App, args: ExportArgs) -> Result<Reply, Failure> {
    let (from, until) = (reading::japan_day(&args.from)?, reading::japan_day(&args.until)?);
    if until < from {
        return Err(Failure::new(Exit::Usage, "err-bad-day").with("text", &args.until));
    }
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let public = app.names().public_name_of(Is::Account(attached.account));
    let zones = public.as_ref().map(|known| known.zones.as_slice()).unwrap_or_default();
    let named = naming::zone(app, &session.client, args.zone.as_deref(), zones).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let (shop, zone) = (attached.account, named.id);
    let period = Period { shop, zone, from: from.begin(), until: until.over() };
    let takings = takings::read(&session, &reader, period).await?;
    let name = public.map(|known| known.name.to_string()).unwrap_or_default();
    let place = Place {
        merchant: attached.address.clone(),
        name,
        zone: zone.to_string(),
        zone_name: session.client.zone(zone).await?.name,
    };
    let rows: Vec<Payment> = takings.sales.iter().map(|sale| row(sale, &place)).collect();
    let encoding = match args.encoding {
        Written::Utf8 => Encoding::Utf8,
        Written::Windows31J => Encoding::Windows31J,
    };
    let bytes = write(&rows, encoding).map_err(|why| {
        let failure = Failure::new(Exit::Refused, "err-takings-unwritten");
        failure.with("row", why.row).with("column", why.column).with("character", why.character)
    })?;
    settings::write_new(&args.to, &bytes)?;
    let count = rows.len();
    let path = args.to.display().to_string();
    let text = app.text("done-takings-exported", &[("count", &count.to_string()), ("path", &path)]);
    let data = json!({ "file": args.to, "payments": count, "from": from, "until": until,
                       "zone": zone });
    Ok(Reply::new(data, text).next("kyojo merchant payout --statement FILE"))
}

/// The table is Japan's, whatever language the wallet speaks.
const VOUCHERS: &str = "商品券";
const COIN: &str = "コイン";
const CASH: &str = "現金";
const REFUNDED: &str = "返金";

/// Who took the payments, and where.
struct Place {
    merchant: String,
    name: String,
    zone: String,
    zone_name: String,
}

fn status(sale: &Sale) -> Status {
    if sale.is_voided {
        Status::Voided
    } else if sale.refunded.is_zero() {
        Status::Paid
    } else if sale.refunded == sale.amount {
        Status::Refunded
    } else {
        Status::PartlyRefunded
    }
}

fn row(sale: &Sale, place: &Place) -> Payment {
    let coin = sale.coin().unwrap_or_default();
    let vouchers = sale.amount.checked_sub(coin).unwrap_or_default();
    let parts = [(VOUCHERS, vouchers), (COIN, coin)];
    let tendered = parts.iter().filter(|(_, amount)| !amount.is_zero());
    let method = tendered.map(|(name, _)| *name).collect::<Vec<_>>().join("+");
    let detail = parts.into_iter().chain([(CASH, sale.cash), (REFUNDED, sale.refunded)]);
    let detail = detail.filter(|(_, amount)| !amount.is_zero());
    let detail: Vec<String> = detail.map(|(name, yen)| format!("{name} {}", yen.get())).collect();
    Payment {
        number: sale.number.to_string(),
        merchant: place.merchant.clone(),
        merchant_name: place.name.clone(),
        store: place.zone.clone(),
        store_name: place.zone_name.clone(),
        terminal: sale.terminal.map(|terminal| terminal.to_string()).unwrap_or_default(),
        status: status(sale),
        at: sale.time,
        amount: sale.amount,
        receipt: String::new(),
        method,
        detail: detail.join(" "),
        final_at: Some(JapanDay::of(sale.time).over()),
        reference: sale.transaction.map(|id| id.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{Hash, Timestamp, Yen};

    use super::*;

    fn sale(refunded: u64, is_voided: bool) -> Sale {
        Sale {
            number: Hash::new([7; 32]),
            transaction: None,
            time: Timestamp::from_millis(1_795_359_600_000),
            terminal: Some(3),
            amount: Yen::new(900),
            cash: Yen::new(100),
            vouchers_paid: Yen::new(200),
            vouchers_free: Yen::new(50),
            fee: Yen::new(18),
            refunded: Yen::new(refunded),
            is_voided,
        }
    }

    #[test]
    fn a_row_says_how_it_was_paid_and_what_it_has_become() {
        let place = Place {
            merchant: "aizu1q".to_owned(),
            name: "みそ屋".to_owned(),
            zone: "1".to_owned(),
            zone_name: "あいづ".to_owned(),
        };
        let made = row(&sale(300, false), &place);
        assert_eq!((made.method.as_str(), made.terminal.as_str()), ("商品券+コイン", "3"));
        assert_eq!(made.detail, "商品券 250 コイン 650 現金 100 返金 300");
        assert_eq!(made.status, Status::PartlyRefunded);
        assert_eq!(status(&sale(0, false)), Status::Paid);
        assert_eq!(status(&sale(900, false)), Status::Refunded);
        assert_eq!(status(&sale(0, true)), Status::Voided);
        // Undone on its day in Japan alone.
        assert_eq!(made.final_at, Some(JapanDay::of(made.at).over()));
    }
}
