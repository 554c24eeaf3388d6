//! `zone invoice`: a merchant's qualified invoice (適格請求書) for the fees of a month, by the operator.
//!
//! One line for each way in which fees stand to consumption tax, of what was charged less what came back in
//! the month, so that tax is rounded once a rate. Where more came back than was charged there is nothing to
//! invoice: that takes a return invoice of the month in which it was charged.

use ledger_types::Yen;
use ledger_types::zone::FeeTax;
use node_api::Month;
use node_api::body::MerchantFeesBody;
use shop_documents::invoice::{Issuer, Line, Prices, Rounding, Sale, TaxKind};
use shop_documents::{Date, Invoice, InvoiceNumber};

use super::report::month_said;
use crate::acting::naming;
use crate::acting::payee::{Payee, read_payee};
use crate::commands::prelude::*;
use crate::named::Is;

/// How many letters of the merchant's address stand in the invoice's number.
const ADDRESS_END: usize = 6;

/// `zone invoice`.
#[derive(Debug, Args)]
pub(crate) struct InvoiceArgs {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The merchant's account, by its address or name.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) merchant: String,
    /// The month, such as 2026-11, once it is over.
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: String,
    /// Your name as the issuer of invoices.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Your registration number: T and 13 digits.
    #[arg(long, value_name = "T_NUMBER")]
    pub(crate) number: InvoiceNumber,
    /// To whom it is; by default the merchant's public name.
    #[arg(long, value_name = "NAME")]
    pub(crate) recipient: Option<String>,
    /// What becomes of a fraction of a yen of tax.
    #[arg(long, value_name = "HOW", default_value = "floor")]
    pub(crate) rounding: RoundingArg,
    /// The new file: the invoice as JSON of the form kyojo-invoice/1.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// What becomes of a fraction of a yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoundingArg {
    /// It is left off.
    Floor,
    /// Half a yen and more counts as one.
    Nearest,
    /// It counts as one yen.
    Ceiling,
}

impl RoundingArg {
    const fn rule(self) -> Rounding {
        match self {
            Self::Floor => Rounding::Floor,
            Self::Nearest => Rounding::Nearest,
            Self::Ceiling => Rounding::Ceiling,
        }
    }
}

pub(crate) async fn run(app: &App, args: &InvoiceArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let month = month_said(&session.client, Some(&args.month))?;
    let merchant = read_payee(app, &args.merchant, prefix)?;
    let recipient = recipient(app, args, &merchant)?;
    let reader = app.unlock(&session.wallet)?.reader();
    let fees = session.client.merchant_fees(named.id, &merchant.address, month, &reader);
    let fees = fees.await?;
    let said = month.to_string();
    if !fees.complete {
        return Err(Failure::new(Exit::Refused, "err-month-runs").with("month", said));
    }
    let invoice = invoice(args, month, recipient, &fees)?;
    let bytes = invoice.to_json();
    let bytes = bytes.map_err(|error| Failure::new(Exit::Other, "err-internal").because(&error))?;
    settings::write_new(&args.to, &bytes)?;
    let written = args.to.display().to_string();
    let text = format!(
        "{}\n\n{}",
        invoice.text(),
        app.text("done-invoice-written", &[("path", &written)])
    );
    let data = json!({
        "file": args.to, "number": invoice.sale().number, "recipient": invoice.sale().recipient,
        "zone": named.id, "merchant": merchant.address, "month": said, "totals": invoice.totals(),
    });
    Ok(Reply::new(data, text))
}

/// To whom it is: as was said, or the name by which everybody knows the shop.
fn recipient(app: &App, args: &InvoiceArgs, merchant: &Payee) -> Result<String, Failure> {
    let public = || app.names().public_name_of(Is::Account(merchant.account));
    let said = args.recipient.clone().or_else(|| public().map(|known| known.name.clone()));
    said.ok_or_else(|| Failure::new(Exit::Usage, "err-no-recipient"))
}

/// The invoice for what was charged and did not come back in the month.
fn invoice(
    args: &InvoiceArgs,
    month: Month,
    recipient: String,
    fees: &MerchantFeesBody,
) -> Result<Invoice, Failure> {
    let (from, date) = days(month).ok_or_else(|| Failure::new(Exit::Other, "err-internal"))?;
    let mut lines = Vec::new();
    for tax in [FeeTax::Included, FeeTax::Exempt] {
        lines.extend(line(month, tax, fees)?);
    }
    if lines.is_empty() {
        return Err(Failure::new(Exit::NotFound, "err-no-fees").with("month", month.to_string()));
    }
    let address = fees.merchant.as_str();
    let end = address.get(address.len().saturating_sub(ADDRESS_END)..).unwrap_or(address);
    let sale = Sale {
        number: format!("{}-{month}-{end}", fees.zone),
        issuer: Issuer { name: args.name.clone(), number: args.number },
        date,
        from: Some(from),
        recipient: Some(recipient),
        prices: Prices::Included,
        rounding: args.rounding.rule(),
        lines,
        discounts: vec![],
    };
    let unwritten = |error| Failure::new(Exit::Usage, "err-invoice-unwritten").because(&error);
    Invoice::new(sale).map_err(unwritten)
}

/// The line of fees that stand to tax in one way; none where nothing was charged so.
fn line(month: Month, tax: FeeTax, fees: &MerchantFeesBody) -> Result<Option<Line>, Failure> {
    let (mut charged, mut returned) = (0_u64, 0_u64);
    for version in fees.versions.iter().filter(|version| version.tax == tax) {
        charged = charged.saturating_add(version.fees.charged.get());
        returned = returned.saturating_add(version.fees.returned.get());
    }
    if (charged, returned) == (0, 0) {
        return Ok(None);
    }
    let net = charged.checked_sub(returned).ok_or_else(|| {
        let of = Failure::new(Exit::Refused, "err-fees-came-back");
        let of = of.with("charged", amount::show(Yen::new(charged)));
        of.with("returned", amount::show(Yen::new(returned)))
    })?;
    let what = format!("加盟店手数料 {}年{}月分", month.year(), month.of_year());
    let name = if returned == 0 {
        what
    } else {
        let (charged, returned) = (Yen::new(charged), Yen::new(returned));
        let (charged, returned) = (amount::show(charged), amount::show(returned));
        format!("{what}（{charged}から返金にともなう返還{returned}を引いた額）")
    };
    let tax = match tax {
        FeeTax::Included => TaxKind::Standard,
        FeeTax::Exempt => TaxKind::Exempt,
    };
    Ok(Some(Line { name, quantity: 1, unit_price: Yen::new(net), tax }))
}

/// The first and the last day of a month.
fn days(month: Month) -> Option<(Date, Date)> {
    let (year, of_year) = (u16::try_from(month.year()).ok()?, u8::try_from(month.of_year()).ok()?);
    let last = (28..=31).rev().find_map(|day| Date::new(year, of_year, day))?;
    Some((Date::new(year, of_year, 1)?, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_days() {
        for (month, last) in [(202_611, 30), (202_612, 31), (202_702, 28), (202_802, 29)] {
            let (from, date) = days(Month::of_digits(month).unwrap()).unwrap();
            assert_eq!((from.day(), date.day(), date.month()), (1, last, from.month()));
        }
    }
}
