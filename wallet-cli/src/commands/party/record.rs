//! `party record`: the two halves of the record of a disclosure (APPI articles 29 and 30).

use ledger_types::merkle;
use ledger_types::operation::{Half, RecordDisclosures, RecordReceipt, RecordUse};

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;
use crate::reading::{NamedAccess, TAG_DISCLOSURE};

/// `party record`.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    /// What was given; by the data holder that the access names.
    Use(UseArgs),
    /// What was received; by whoever asked for the access.
    Receipt(ReceiptArgs),
    /// All of an hour between two parties, as one root.
    Hourly(HourlyArgs),
}

/// The holder's half of a record.
#[derive(Debug, Args)]
pub(crate) struct UseArgs {
    /// The access's file, as whoever asked for it gave it (kyojo party access --out).
    pub(crate) access: PathBuf,
    /// What was given: 64 hexadecimal digits that both sides record, or the data itself in a file with
    /// its salt (an opening).
    #[arg(long, value_name = "DISCLOSURE")]
    pub(crate) disclosure: String,
}

/// The recipient's half of a record.
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The access: 64 hexadecimal digits, or its file.
    pub(crate) access: String,
    /// What was received: 64 hexadecimal digits that both sides record, or the data itself in a file
    /// with its salt (an opening).
    #[arg(long, value_name = "DISCLOSURE")]
    pub(crate) disclosure: String,
}

/// `party record hourly`.
#[derive(Debug, Args)]
pub(crate) struct HourlyArgs {
    /// File with one disclosure a line, each 64 hexadecimal digits.
    pub(crate) file: PathBuf,
    /// Which half.
    #[arg(long, value_name = "HALF")]
    pub(crate) half: HalfName,
    /// The other party's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) with: PartyRef,
    /// The hour, by any instant in it, such as 2026/11/22 17:00. It must be over.
    #[arg(long, value_name = "TIME")]
    pub(crate) hour: String,
    /// The file of an access between the two in that hour: it shows that there was something to give.
    #[arg(long, value_name = "FILE")]
    pub(crate) access: PathBuf,
}

/// Which half of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HalfName {
    /// Who gave.
    Holder,
    /// Who received.
    Recipient,
}

const HOUR_MS: u64 = 60 * 60 * 1000;

pub(crate) async fn run(app: &App, command: RecordCommand) -> Result<Reply, Failure> {
    match command {
        RecordCommand::Use(args) => {
            let NamedAccess { access, salt, .. } = reading::from_json(&args.access)?;
            let disclosure = reading::number_or_opening(&args.disclosure, TAG_DISCLOSURE)?;
            let operation = Operation::RecordUse(RecordUse { access, disclosure, salt });
            half(app, "label-act-record-use", operation, access, disclosure).await
        }
        RecordCommand::Receipt(args) => {
            let access = reading::access(&args.access)?;
            let disclosure = reading::number_or_opening(&args.disclosure, TAG_DISCLOSURE)?;
            let operation = Operation::RecordReceipt(RecordReceipt { access, disclosure });
            half(app, "label-act-record-receipt", operation, access, disclosure).await
        }
        RecordCommand::Hourly(args) => hourly(app, &args).await,
    }
}

async fn half(
    app: &App,
    what: &'static str,
    operation: Operation,
    access: Hash,
    disclosure: Hash,
) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    Act::new(what, operation)
        .line("label-access", access)
        .line("label-disclosure", disclosure)
        .data(json!({ "access": access, "disclosure": disclosure }))
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}

async fn hourly(app: &App, args: &HourlyArgs) -> Result<Reply, Failure> {
    let (root, count) = root_of(args)?;
    let at = calendar::read_instant(&args.hour)?;
    let hour = u32::try_from(at.as_millis() / HOUR_MS)
        .map_err(|_| Failure::new(Exit::Usage, "err-bad-date").with("text", &args.hour))?;
    let half = match args.half {
        HalfName::Holder => Half::Holder,
        HalfName::Recipient => Half::Recipient,
    };
    let NamedAccess { access, salt, .. } = reading::from_json(&args.access)?;
    let session = Session::begin(app).await?;
    let counterparty = args.with.id(app, &session.client).await?;
    let recorded = RecordDisclosures { half, counterparty, hour, root, count, access, salt };
    Act::new("label-act-record-hourly", Operation::RecordDisclosures(recorded))
        .line("label-counterparty", counterparty)
        .line("label-time", calendar::show(at))
        .line("label-count", count)
        .data(json!({ "counterparty": counterparty, "hour": hour, "root": root, "count": count }))
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}

/// The root over an hour's disclosures in ascending order, and how many there are.
fn root_of(args: &HourlyArgs) -> Result<(Hash, u32), Failure> {
    let text = settings::read_text(&args.file)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut disclosures: Vec<Hash> = lines.map(read_hash).collect::<Result<_, _>>()?;
    disclosures.sort();
    let leaves: Vec<Hash> =
        disclosures.iter().map(|one| merkle::leaf_hash(one.as_bytes())).collect();
    let count = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Err(
            Failure::new(Exit::Usage, "err-no-disclosures").with("path", args.file.display())
        );
    }
    Ok((merkle::root(&leaves), count))
}
