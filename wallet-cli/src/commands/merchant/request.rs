//! `merchant request` and `merchant cancel`: what a terminal asks to be paid, and taking that back.

use std::path::Path;

use kyojo_cli::Given;
use ledger_types::operation::CancelRequest;
use ledger_types::zone::{Exception, RequestNonce, RequestTerms};
use ledger_types::{Timestamp, Yen, ZoneId};
use node_api::Time;
use rand::RngCore as _;
use rand::rngs::OsRng;
use shop_documents::emv::Asked;
use shop_documents::{Invoice, PaymentRequest, ShopPlace, ShopYen, SignedRequest};

use super::qr::{self, CodeArgs};
use crate::acting::{numbers, scanned, tills};
use crate::commands::prelude::*;
use crate::commitment::Salt;

/// How the file ends that opens a receipt's commitment.
const OPENING: &str = "opening.json";

/// `merchant request`.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The terminal that asks.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terminal: u16,
    /// What of it vouchers may pay; by default all of it, or 0.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) eligible: Option<String>,
    /// What of it vouchers with these exclusions may pay: the zone's number of them = an amount.
    #[arg(long, value_name = "NUMBER=AMOUNT")]
    pub(crate) except: Vec<String>,
    /// Lets a part of it be paid in cash at the till.
    #[arg(long)]
    pub(crate) takes_cash: bool,
    /// For how many seconds it can be paid.
    #[arg(long, value_name = "NUMBER", default_value_t = 300,
          value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// The receipt (kyojo-invoice/1): only a salted hash of it is in the code, and its salt is kept beside.
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// How the code is written and shown.
    #[command(flatten)]
    pub(crate) code: CodeArgs,
}

/// `merchant cancel`.
#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// The text of the code that asked for it.
    pub(crate) code: String,
    /// The terminal whose key alone signs; by default the merchant's own key does.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terminal: Option<u16>,
}

/// What a receipt leaves in a request, with what opens it.
struct Committed {
    tax_lines: Hash,
    salt: Salt,
    /// Where that is kept.
    path: PathBuf,
}

pub(crate) async fn request(app: &App, args: RequestArgs) -> Result<Reply, Failure> {
    let amount = at_a_till(&args.amount, reading::read_amount(&args.amount)?)?;
    let (eligible, exceptions) = eligible(&args, amount)?;
    let receipt = args.receipt.as_deref().map(|path| committed(path, amount)).transpose()?;
    let session = Session::begin(app).await?;
    let named = tills::zone(app, &session, args.zone.as_deref()).await?;
    let opened = app.unlock(&session.wallet)?;
    let own = tills::own(app, &session, &opened, (named.id, args.terminal)).await?;
    if !own.asks {
        let never = Failure::new(Exit::Refused, "err-terminal-asks-not");
        return Err(never.with("terminal", args.terminal));
    }
    let fees = session.client.zone(named.id).await?.fees;
    let in_force = fees.iter().find(|fees| fees.in_force).map_or(0, |fees| fees.version);
    let mut nonce = [0; 16];
    OsRng.fill_bytes(&mut nonce);
    let terms = RequestTerms {
        terminal: args.terminal,
        nonce: RequestNonce::new(nonce),
        eligible,
        exceptions,
        takes_cash: args.takes_cash,
        tax_lines: receipt.as_ref().map_or(Hash::ZERO, |receipt| receipt.tax_lines),
        fee_schedule: in_force,
        made: session.client.network().clock.now(),
        seconds: args.seconds,
    };
    let genesis = &session.attached.genesis_hash;
    let (network, shop) = (genesis.network(), session.attached.account);
    let place = ShopPlace { network, zone: named.id, shop };
    let request = PaymentRequest { place, amount, terms };
    let signed = SignedRequest::sign(request.clone(), genesis, &own.key);
    let signed = signed.map_err(|error| unusable(&error))?;
    let code = qr::code(app, &session, &args.code, Asked::Dynamic(Box::new(signed)))?;
    let text = code.encode().map_err(|error| qr::not_written(&error))?;
    let id = request.id();
    if let Some(receipt) = &receipt {
        receipt.keep(&id)?;
    }
    let mut data = data(&session, &request, &text);
    data["opening"] = json!(receipt.map(|receipt| receipt.path));
    let said = said(app, &request);
    if args.code.png.is_some() || args.code.text {
        app.output.say(&said);
    }
    let reply = qr::shown(app, &args.code, data, &text, said)?;
    Ok(reply.next("kyojo merchant payments"))
}

/// What people at the till are told above the code.
fn said(app: &App, request: &PaymentRequest) -> String {
    let digits = numbers::last_digits(&request.id().to_string());
    let amount = amount::show(request.amount.get());
    let until = calendar::show_second(request.terms.expires());
    let terminal = request.terms.terminal.to_string();
    let variables = [
        ("amount", amount.as_str()),
        ("terminal", &terminal),
        ("until", &until),
        ("digits", &digits),
    ];
    app.text("note-show-request", &variables)
}

fn data(session: &Session, request: &PaymentRequest, text: &str) -> serde_json::Value {
    let PaymentRequest { place, amount, terms } = request;
    let except = terms
        .exceptions
        .iter()
        .map(|one| json!({ "category": one.category, "eligible": one.eligible }));
    json!({
        "payment": request.id(), "code": text, "zone": place.zone,
        "merchant": session.attached.address, "terminal": terms.terminal, "amount": amount,
        "eligible": terms.eligible, "except": except.collect::<Vec<_>>(),
        "takes_cash": terms.takes_cash, "tax_lines": terms.tax_lines,
        "fee_schedule": terms.fee_schedule, "made": Time::from(terms.made),
        "expires": Time::from(terms.expires()),
    })
}

/// An amount that a till may ask for.
fn at_a_till(said: &str, amount: Yen) -> Result<ShopYen, Failure> {
    let bad = || Failure::new(Exit::Usage, "err-bad-amount").with("amount", said);
    ShopYen::new(amount).ok_or_else(bad)
}

/// A part of an amount, which may be nothing.
fn part(said: &str) -> Result<ShopYen, Failure> {
    let bad = |_| Failure::new(Exit::Usage, "err-bad-amount").with("amount", said);
    at_a_till(said, amount::read(said).map_err(bad)?)
}

/// What programmes may pay, and what of that is another amount for some of them.
fn eligible(args: &RequestArgs, amount: ShopYen) -> Result<(ShopYen, Vec<Exception>), Failure> {
    let eligible = args.eligible.as_deref().map_or(Ok(amount), part)?;
    let mut exceptions = Vec::with_capacity(args.except.len());
    for said in &args.except {
        let bad = || Failure::new(Exit::Usage, "err-bad-exception").with("text", said);
        let (category, eligible) = said.split_once('=').ok_or_else(bad)?;
        let category: u8 = category.trim().parse().map_err(|_| bad())?;
        exceptions.push(Exception { category, eligible: part(eligible)? });
    }
    exceptions.sort_by_key(|one| one.category);
    Ok((eligible, exceptions))
}

/// Reads a receipt and commits to it; it must be of what is asked.
fn committed(path: &Path, amount: ShopYen) -> Result<Committed, Failure> {
    let bad = |reason: String| {
        Failure::new(Exit::Usage, "err-bad-receipt").with("path", path.display()).because(reason)
    };
    let invoice = Invoice::from_json(Given::Document.text(path)?.as_bytes());
    let invoice = invoice.map_err(|error| bad(error.to_string()))?;
    let to_pay = invoice.totals().to_pay;
    if to_pay != amount.get() {
        return Err(Failure::new(Exit::Usage, "err-receipt-other-amount")
            .with("receipt", amount::show(to_pay))
            .with("said", amount::show(amount.get())));
    }
    let salt = Salt::fresh();
    let tax_lines = invoice.commitment(salt.as_bytes());
    let tax_lines = tax_lines.map_err(|error| bad(error.to_string()))?;
    Ok(Committed { tax_lines, salt, path: path.with_extension(OPENING) })
}

impl Committed {
    /// Keeps what opens the commitment, before anybody sees the code.
    fn keep(&self, payment: &Hash) -> Result<(), Failure> {
        let document = json!({
            "payment": payment, "tax_lines": self.tax_lines, "salt": self.salt,
        });
        settings::write_new(&self.path, format!("{document}\n").as_bytes())
    }
}

fn unusable(error: &shop_documents::RequestError) -> Failure {
    Failure::new(Exit::Usage, "err-request-unusable").because(error)
}

pub(crate) async fn cancel(app: &App, args: CancelArgs) -> Result<Reply, Failure> {
    let read = scanned::read(&args.code)?;
    let signed = read.and_then(|code| code.request);
    let signed = signed.ok_or_else(|| Failure::new(Exit::Usage, "err-code-of-no-terminal"))?;
    let session = Session::begin(app).await?;
    let PaymentRequest { place, amount, terms } = signed.request();
    let attached = &session.attached;
    if (place.network, place.shop) != (attached.genesis_hash.network(), attached.account) {
        return Err(Failure::new(Exit::Usage, "err-request-of-other"));
    }
    let (zone, terminal): (ZoneId, Option<u16>) = (place.zone, args.terminal);
    let opened = app.unlock_to_send(&session.wallet)?;
    let signer = match &opened {
        None => None,
        Some(opened) => tills::signer(app, &session, opened, (zone, terminal)).await?,
    };
    let (made, nonce): (Timestamp, RequestNonce) = (terms.made, terms.nonce);
    let cancel = CancelRequest { zone, made, nonce, terminal };
    let id = signed.request().id();
    Act::ending(Operation::CancelRequest(cancel), "done-request-cancelled")
        .line("label-zone", zone)
        .line("label-take-back", amount::show(amount.get()))
        .line("label-terminal", terms.terminal)
        .line("label-payment-number", numbers::shown(&id))
        .data(json!({ "payment": id, "zone": zone, "amount": amount, "terminal": terminal }))
        .next("kyojo merchant payments")
        .signed_by(signer)
        .by_opened(app, &session, opened.as_ref())
        .await
}
