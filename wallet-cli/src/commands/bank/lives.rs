//! `bank account close`, `bank deceased` and `bank estate`: how accounts end, and what goes to heirs.

use ledger_types::ZoneId;
use ledger_types::operation::{CloseAccount, CorrectDeath, MarkDeceased, TransferEstate};

use crate::acting::payee::read_payee;
use crate::commands::prelude::*;

/// `bank account close`.
#[derive(Debug, Args)]
pub(crate) struct CloseArgs {
    /// The account, or the name of a wallet on this machine; nothing may be left in it.
    pub(crate) account: String,
}

/// `bank deceased`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankDeceasedCommand {
    /// Marks the holder as deceased: nothing leaves the account by its keys any more.
    Mark(DeathArgs),
    /// Takes it back: the holder lives, and the keys act again.
    Correct(DeathArgs),
}

/// `bank deceased mark` and `correct`.
#[derive(Debug, Args)]
pub(crate) struct DeathArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The document that says so; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

/// `bank estate`.
#[derive(Debug, Args)]
pub(crate) struct EstateArgs {
    /// The deceased's account, or the name of a wallet on this machine.
    pub(crate) from: String,
    /// An heir's account, at this bank or another.
    pub(crate) to: String,
    /// How much of it; 0 where vouchers alone go.
    pub(crate) amount: String,
    /// A zone of which all vouchers go to this heir, by its number; may be repeated.
    #[arg(long, value_name = "ZONE")]
    pub(crate) vouchers: Vec<u16>,
    /// The document that says who inherits what; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn close(app: &App, args: &CloseArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let close = Operation::CloseAccount(CloseAccount { account: payee.account });
    Act::new("label-act-close-account", close)
        .line("label-address", payee.shown(app))
        .data(json!({ "account": payee.address }))
        .by_account(app, &session)
        .await
}

pub(crate) async fn deceased(app: &App, command: BankDeceasedCommand) -> Result<Reply, Failure> {
    let (args, is_mark) = match command {
        BankDeceasedCommand::Mark(args) => (args, true),
        BankDeceasedCommand::Correct(args) => (args, false),
    };
    let document = Evidence::of_file("death", &args.evidence)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let (account, evidence) = (payee.account, document.commitment);
    let act = if is_mark {
        let mark = Operation::MarkDeceased(MarkDeceased { account, evidence });
        Act::new("label-act-mark-deceased", mark)
            .next(format!("kyojo bank deceased correct {} --evidence FILE", payee.address))
    } else {
        let correct = Operation::CorrectDeath(CorrectDeath { account, evidence });
        Act::new("label-act-correct-death", correct)
    };
    act.line("label-address", payee.shown(app))
        .data(json!({ "account": payee.address, "evidence": evidence }))
        .evidence(None, document)
        .by_account(app, &session)
        .await
}

pub(crate) async fn estate(app: &App, args: &EstateArgs) -> Result<Reply, Failure> {
    let mut vouchers: Vec<ZoneId> = args.vouchers.iter().copied().map(ZoneId::new).collect();
    vouchers.sort_unstable();
    vouchers.dedup();
    let amount = match amount::read(&args.amount) {
        // Where vouchers are named they may be all that goes.
        Ok(nothing) if nothing.is_zero() && !vouchers.is_empty() => nothing,
        _ => reading::read_amount(&args.amount)?,
    };
    let document = Evidence::of_file("estate", &args.evidence)?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let deceased = read_payee(app, &args.from, prefix)?;
    let heir = read_payee(app, &args.to, prefix)?;
    let (account, to, evidence) = (deceased.account, heir.account, document.commitment);
    let zones: Vec<String> = vouchers.iter().map(ToString::to_string).collect();
    let mut data = json!({ "account": deceased.address, "to": heir.address, "amount": amount,
                           "evidence": evidence });
    if !vouchers.is_empty() {
        data["vouchers"] = json!(vouchers);
    }
    let estate = TransferEstate { account, to, amount, vouchers, evidence };
    let mut act = Act::new("label-act-transfer-estate", Operation::TransferEstate(estate))
        .line("label-deceased", deceased.shown(app))
        .line("label-heir", heir.shown(app))
        .line("label-amount", amount::show(amount));
    if !zones.is_empty() {
        act = act.line("label-all-vouchers-of", zones.join(app.text("label-and", &[]).as_str()));
    }
    act.data(data).evidence(None, document).by_account(app, &session).await
}
