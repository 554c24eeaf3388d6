//! `voucher buy`: buys sets, after the price and what the law asks for were shown.

use ledger_types::operation::{Buyer, Purchase};
use ledger_types::programme::{Allocation, Life};
use ledger_types::{Timestamp, Yen};
use node_api::body::{BucketBody, ProgrammeBody, RoundBody, RoundStanding};
use node_api::query::ByRead;

use crate::acting::letters::{self, For};
use crate::acting::vouchers;
use crate::app::Unlocked;
use crate::commands::prelude::*;

/// `voucher buy`.
#[derive(Debug, Args)]
pub(crate) struct BuyArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// How many sets; by default one, or all that your application won. With letters, how many for
    /// each person.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) sets: Option<u16>,
    /// The application that won, by its number; by default yours that can be bought now.
    #[arg(long, value_name = "NUMBER", conflicts_with = "letters")]
    pub(crate) ticket: Option<u32>,
    /// A letter that the city sent, where it asks for one: its file; may be repeated.
    #[arg(long = "letter", value_name = "FILE")]
    pub(crate) letters: Vec<PathBuf>,
}

pub(crate) async fn run(app: &App, args: &BuyArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let client = &session.client;
    let programme = vouchers::programme(client, &args.programme).await?;
    let round = selling(&programme)?;
    let opened = app.unlock_to_send(&session.wallet)?;
    let Wanted { buyer, sets, in_vain } =
        wanted(app, &session, args, (&programme, round), opened.as_ref()).await?;
    let price = times(programme.price, sets)?;
    let now = client.network().clock.now();
    let ends = ends(&session, &programme, now).await?;
    let in_vain = match (in_vain, &opened) {
        (None, Some(opened)) => short_of(&session, opened, price).await?,
        (in_vain, _) => in_vain,
    };
    let data = json!({
        "programme": programme.programme, "round": round.round, "sets": sets, "price": price,
        "face": times(programme.face, sets)?, "expires": node_api::Time::from(ends),
    });
    let purchase = Purchase { programme: programme.programme, round: round.round, buyer, price };
    let mut act = Act::ending(Operation::Purchase(purchase), "done-bought")
        .line("label-voucher", vouchers::shown(app, &programme))
        .line("label-sets", sets)
        .line("label-price", amount::show(price));
    for bucket in &programme.buckets {
        act = act.line("label-you-get", part(app, bucket, sets)?);
    }
    let prefix = &client.network().address_prefix;
    let to = |address: &str| vouchers::somebody(app, address, prefix);
    let (paid_to, free_to) =
        (to(programme.unused_paid_to.as_str()), to(programme.unused_free_to.as_str()));
    let until = calendar::show_end(app.output.lang, ends);
    let unused = [("paid", paid_to.as_str()), ("free", &free_to)];
    act.line("label-usable-when", when(app, &programme, now, &until))
        .line("label-voucher-issuer", to(programme.sponsor.as_str()))
        .line("label-terms-hash", programme.terms)
        .line("label-note", app.text("note-no-change", &[]))
        .line("label-note", app.text("note-no-refund", &[]))
        .line("label-note", app.text("note-unused", &unused))
        .in_vain(in_vain)
        .data(data)
        .next("kyojo voucher ls")
        .by_opened(app, &session, opened.as_ref())
        .await
}

/// The round that is sold now.
fn selling(programme: &ProgrammeBody) -> Result<&RoundBody, Failure> {
    let open = programme.rounds.iter().rev().find(|it| it.standing == RoundStanding::Selling);
    open.ok_or_else(|| {
        Failure::new(Exit::Refused, "err-not-selling").with("number", programme.programme)
    })
}

/// By what right somebody buys, and how many sets.
struct Wanted {
    buyer: Buyer,
    sets: u16,
    /// Why it would be in vain, unless it was sent before.
    in_vain: Option<Failure>,
}

impl Wanted {
    const fn new(buyer: Buyer, sets: u16) -> Self {
        Self { buyer, sets, in_vain: None }
    }
}

async fn wanted(
    app: &App,
    session: &Session,
    args: &BuyArgs,
    (programme, round): (&ProgrammeBody, &RoundBody),
    opened: Option<&Unlocked>,
) -> Result<Wanted, Failure> {
    let is_lottery = programme.allocation != Allocation::FirstCome;
    if !is_lottery && args.ticket.is_some() {
        return Err(Failure::new(Exit::Usage, "err-no-ticket-needed"));
    }
    match (is_lottery, programme.lists.is_empty()) {
        (true, _) if !args.letters.is_empty() => {
            Err(Failure::new(Exit::Usage, "err-letter-not-needed"))
        }
        (true, _) => by_ticket(session, args, (programme, round), opened).await,
        (false, true) if !args.letters.is_empty() => {
            Err(Failure::new(Exit::Usage, "err-letter-not-needed"))
        }
        (false, true) => {
            let sets = args.sets.unwrap_or(1);
            Ok(Wanted::new(Buyer::Anybody { sets }, sets))
        }
        (false, false) if args.letters.is_empty() => {
            Err(Failure::new(Exit::Usage, "err-letter-needed"))
        }
        (false, false) => {
            let of = For {
                genesis: &session.client.network().genesis_hash,
                programme,
                round: round.round,
                applicant: session.attached.account,
                sets: args.sets,
            };
            let leaves = letters::claims(app, &args.letters, &of)?;
            let sets = letters::asked(&leaves);
            Ok(Wanted::new(Buyer::Leaves { leaves }, sets))
        }
    }
}

/// By the application of this round that won; which one it is only its owner may read.
async fn by_ticket(
    session: &Session,
    args: &BuyArgs,
    (programme, round): (&ProgrammeBody, &RoundBody),
    opened: Option<&Unlocked>,
) -> Result<Wanted, Failure> {
    let Some(opened) = opened else {
        // A dry run opens no wallet: what was won is not known.
        let (ticket, sets) = (args.ticket.unwrap_or(0), args.sets.unwrap_or(1));
        return Ok(Wanted::new(Buyer::Ticket { ticket, sets }, sets));
    };
    let reader = opened.reader();
    let tickets = session.client.account_tickets(&reader.address, &reader).await?.tickets;
    let mut own = tickets.iter().filter(|one| {
        (one.programme, one.round) == (programme.programme, round.round)
            && args.ticket.is_none_or(|ticket| ticket == one.ticket)
    });
    let none = || Failure::new(Exit::NotFound, "err-no-ticket");
    let own = own.next().ok_or_else(none)?;
    let sets = args.sets.unwrap_or(own.buyable);
    let is_vain = sets == 0 || sets > own.buyable;
    let in_vain =
        is_vain.then(|| Failure::new(Exit::Refused, "err-not-buyable").with("sets", own.buyable));
    Ok(Wanted { buyer: Buyer::Ticket { ticket: own.ticket, sets }, sets, in_vain })
}

/// So many sets' worth.
fn times(yen: Yen, sets: u16) -> Result<Yen, Failure> {
    let product = yen.get().checked_mul(u64::from(sets)).map(Yen::new);
    product.ok_or_else(|| Failure::new(Exit::Usage, "err-too-many-sets"))
}

/// The instant from which what is bought now is worth nothing.
async fn ends(
    session: &Session,
    programme: &ProgrammeBody,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    let instruments = session.client.instruments(programme.zone).await?.instruments;
    let own = instruments.iter().find(|one| one.instrument == programme.instrument);
    let life =
        own.and_then(|one| one.months).map_or(Life::Programme, |months| Life::Months { months });
    let until = programme.use_until.get();
    Ok(life.ends(now).map_or(until, |end| end.min(until)))
}

/// Until when they are used, and from when on where that is still to come.
fn when(app: &App, programme: &ProgrammeBody, now: Timestamp, until: &str) -> String {
    let from = programme.use_from.get();
    if from <= now {
        return app.text("label-usable-until", &[("until", until)]);
    }
    let from = calendar::show(from);
    app.text("label-usable-from", &[("from", &from), ("until", until)])
}

/// What somebody gets of one bucket: at which shops, how much, and what of it is the premium.
fn part(app: &App, bucket: &BucketBody, sets: u16) -> Result<String, Failure> {
    let (paid, free) = (times(bucket.paid, sets)?, times(bucket.free, sets)?);
    let all = paid.checked_add(free).map(amount::show).unwrap_or_default();
    let (paid, free) = (amount::show(paid), amount::show(free));
    let shops = app.text(vouchers::shops_key(bucket.takes), &[]);
    let variables = [("all", all.as_str()), ("shops", &shops), ("paid", &paid), ("free", &free)];
    Ok(app.text("label-you-get-part", &variables))
}

/// Why there is not enough money for it, where there is not.
async fn short_of(
    session: &Session,
    opened: &Unlocked,
    price: Yen,
) -> Result<Option<Failure>, Failure> {
    let reader = opened.reader();
    let account = session.client.account(&reader.address, &ByRead::default(), &reader).await?;
    let Some(money) = account.money else {
        return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
    };
    let is_short = money.available < price;
    Ok(is_short.then(|| {
        Failure::new(Exit::Balance, "err-buy-short")
            .with("price", amount::show(price))
            .with("available", amount::show(money.available))
            .details(json!({ "price": price, "available": money.available }))
    }))
}
