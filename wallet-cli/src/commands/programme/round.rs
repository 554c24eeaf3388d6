//! `programme open-round`: the next sale, with a lottery before it where the programme has one.

use ledger_types::operation::OpenRound;
use ledger_types::programme::{Allocation, LotteryTerms, RoundTerms};

use crate::acting::vouchers;
use crate::calendar::DAY_MS;
use crate::commands::prelude::*;

/// `programme open-round`.
#[derive(Debug, Args)]
pub(crate) struct RoundArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// How many sets are offered.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sets: u32,
    /// The first day of the sale.
    #[arg(long, value_name = "DAY")]
    pub(crate) sale_from: String,
    /// The last day of the sale.
    #[arg(long, value_name = "DAY")]
    pub(crate) sale_until: String,
    /// The first day on which people apply; members deposit their secrets before.
    #[arg(long, value_name = "DAY", requires = "apply_until")]
    pub(crate) apply_from: Option<String>,
    /// The last day on which people apply.
    #[arg(long, value_name = "DAY", requires = "apply_from")]
    pub(crate) apply_until: Option<String>,
    /// For how many days what was won waits for its winner.
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(crate) claim_days: u16,
}

pub(crate) async fn run(app: &App, args: &RoundArgs) -> Result<Reply, Failure> {
    let sale_from = calendar::read_from(&args.sale_from)?;
    let sale_until = calendar::read_until(&args.sale_until)?;
    let lottery = lottery(args)?;
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let has_lottery = programme.allocation != Allocation::FirstCome;
    if has_lottery != lottery.is_some() {
        let key = if has_lottery { "err-apply-days-needed" } else { "err-no-lottery-here" };
        return Err(Failure::new(Exit::Usage, key));
    }
    let last = programme.rounds.last().map_or(0, |round| round.round);
    let (number, round) = (programme.programme, last.saturating_add(1));
    let terms = RoundTerms { sets: args.sets, sale_from, sale_until, lottery };
    let time = node_api::Time::from;
    let applying = lottery.map(|it| {
        json!({ "from": time(it.apply_from), "until": time(it.apply_until), "claim_ms": it.claim_ms })
    });
    let data = json!({
        "programme": number, "round": round, "sets": args.sets, "sale_from": time(sale_from),
        "sale_until": time(sale_until), "applying": applying,
    });
    let open = Operation::OpenRound(OpenRound { programme: number, round, terms });
    let end = |at| calendar::show_end(app.output.lang, at);
    let mut act = Act::ending(open, "done-round-opened")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-round", round)
        .line("label-sets", args.sets);
    if let Some(LotteryTerms { apply_from, apply_until, .. }) = lottery {
        act = act
            .line("label-apply-from", calendar::show(apply_from))
            .line("label-apply-until", end(apply_until))
            .line("label-claim-days", args.claim_days);
    }
    act.line("label-sale-from", calendar::show(sale_from))
        .line("label-sale-until", end(sale_until))
        .data(data)
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

fn lottery(args: &RoundArgs) -> Result<Option<LotteryTerms>, Failure> {
    let (Some(from), Some(until)) = (&args.apply_from, &args.apply_until) else {
        return Ok(None);
    };
    let claim_ms = u64::from(args.claim_days).saturating_mul(DAY_MS);
    let (apply_from, apply_until) = (calendar::read_from(from)?, calendar::read_until(until)?);
    Ok(Some(LotteryTerms { apply_from, apply_until, claim_ms }))
}
