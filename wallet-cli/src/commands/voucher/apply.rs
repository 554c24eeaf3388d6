//! `voucher apply`: somebody enters a lottery with the letters that the city sent.

use ledger_types::operation::Apply;
use node_api::body::{ProgrammeBody, RoundBody, RoundStanding};

use crate::acting::letters::{self, For};
use crate::acting::vouchers;
use crate::commands::prelude::*;

/// `voucher apply`.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// A letter that the city sent: its file; may be repeated, for up to four people.
    #[arg(long = "letter", value_name = "FILE", required = true)]
    pub(crate) letters: Vec<PathBuf>,
    /// How many sets for each person; by default as many as each may have.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) sets: Option<u16>,
}

pub(crate) async fn run(app: &App, args: &ApplyArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let client = &session.client;
    let programme = vouchers::programme(client, &args.programme).await?;
    let round = applying(&programme)?;
    let of = For {
        genesis: &client.network().genesis_hash,
        programme: &programme,
        round: round.round,
        applicant: session.attached.account,
        sets: args.sets,
    };
    let leaves = letters::claims(app, &args.letters, &of)?;
    let (people, asked) = (leaves.len(), letters::asked(&leaves));
    let data = json!({
        "programme": programme.programme, "round": round.round, "asked": asked,
        "letters": letters::data(&leaves),
    });
    let until = round.lottery.as_ref().map(|lottery| lottery.apply_until.get());
    let until = until.map(|until| calendar::show_end(app.output.lang, until)).unwrap_or_default();
    let apply = Apply { programme: programme.programme, round: round.round, leaves };
    Act::ending(Operation::Apply(apply), "done-applied")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-people", people)
        .line("label-asked", asked)
        .line("label-price-if-won", amount::show(programme.price))
        .line("label-apply-until", until)
        .line("label-note", app.text("note-apply-once", &[]))
        .data(data)
        .next("kyojo voucher tickets")
        .by_account(app, &session)
        .await
}

/// The round for which people apply now.
fn applying(programme: &ProgrammeBody) -> Result<&RoundBody, Failure> {
    let open = programme.rounds.iter().rev().find(|it| it.standing == RoundStanding::Applying);
    open.ok_or_else(|| {
        Failure::new(Exit::Refused, "err-not-applying").with("number", programme.programme)
    })
}
