//! `programme fund`, `pledge` and `move-escrow`: the yen behind a programme's vouchers.

use ledger_types::AccountId;
use ledger_types::operation::{FundProgramme, MoveEscrow, Transfer};
use node_api::body::ProgrammeBody;

use super::ProgrammeName;
use crate::acting::payee::{Payee, read_payee};
use crate::acting::vouchers;
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// `programme fund`.
#[derive(Debug, Args)]
pub(crate) struct FundArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The escrow; by default the programme's main one.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) escrow: Option<String>,
}

/// `programme move-escrow`.
#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// Out of this escrow.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) from: String,
    /// Into this one.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) to: String,
}

pub(crate) async fn fund(app: &App, args: &FundArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let main = programme.escrows.first().map(|main| main.account.to_string());
    let said = args.escrow.clone().or(main).unwrap_or_default();
    let escrow = escrow(app, &session, &programme, &said)?;
    let transfer = Transfer { to: escrow.account, amount, reference: None };
    let number = programme.programme;
    Act::ending(Operation::Transfer(transfer), "done-funded")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-escrow", escrow.shown(app))
        .line("label-amount", amount::show(amount))
        .data(json!({ "programme": number, "escrow": escrow.address, "amount": amount }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

pub(crate) async fn pledge(app: &App, args: &ProgrammeName) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let own = escrow(app, &session, &programme, &session.attached.address)?;
    let number = programme.programme;
    let pledge = Operation::FundProgramme(FundProgramme { programme: number });
    Act::ending(pledge, "done-pledged")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-escrow", own.shown(app))
        .line("label-note", app.text("note-pledged-is-bound", &[]))
        .data(json!({ "programme": number, "escrow": own.address }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

pub(crate) async fn move_between(app: &App, args: &MoveArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let from = escrow(app, &session, &programme, &args.from)?;
    let to = escrow(app, &session, &programme, &args.to)?;
    let number = programme.programme;
    let (of, into): (AccountId, AccountId) = (from.account, to.account);
    let moved = MoveEscrow { programme: number, from: of, to: into, amount };
    Act::ending(Operation::MoveEscrow(moved), "done-escrow-moved")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-escrow-from", from.shown(app))
        .line("label-escrow-to", to.shown(app))
        .line("label-amount", amount::show(amount))
        .data(json!({ "programme": number, "from": from.address, "to": to.address,
                      "amount": amount }))
        .next(format!("kyojo programme show {number}"))
        .by_account(app, &session)
        .await
}

/// One of the programme's escrows.
fn escrow(
    app: &App,
    session: &Session,
    programme: &ProgrammeBody,
    said: &str,
) -> Result<Payee, Failure> {
    let payee = read_payee(app, said, &session.attached.address_prefix)?;
    if programme.escrows.iter().any(|one| one.account.as_str() == payee.address) {
        return Ok(payee);
    }
    Err(Failure::new(Exit::Refused, "err-not-an-escrow").with("address", &payee.address))
}
