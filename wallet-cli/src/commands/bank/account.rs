//! `bank account`: accounts that the bank keeps.

use ledger_types::AccountId;
use ledger_types::operation::{AccountKind, KycLevel, OpenAccount};
use node_api::body::{BankBody, Custodian};

use crate::commands::bank::keys::GivenKeys;
use crate::commands::bank::lives::CloseArgs;
use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_HOLDER};
use crate::outbox::Opening;

/// `bank account`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankAccountCommand {
    /// Opens an account for a holder's key.
    Open(OpenAccountArgs),
    /// Closes an account in which nothing is left, for good.
    Close(CloseArgs),
}

/// `bank account open`.
#[derive(Debug, Args)]
pub(crate) struct OpenAccountArgs {
    /// The holder's keys.
    #[command(flatten)]
    pub(crate) given: GivenKeys,
    /// How many of the keys a transaction needs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) threshold: u16,
    /// What kind of holder.
    #[arg(long, value_name = "KIND", default_value = "citizen")]
    pub(crate) kind: HolderKind,
    /// How well the bank knows the holder; by default k2 for people, k1 at a prepaid issuer, and kb for
    /// others.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) kyc: Option<Kyc>,
    /// File with what the bank knows of the holder; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) holder_file: PathBuf,
}

/// Kinds of holder that a bank may open accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HolderKind {
    /// A person.
    Citizen,
    /// A shop or company.
    Merchant,
    /// A municipality.
    Municipality,
    /// An operator.
    Operator,
    /// A voucher programme's escrow.
    Program,
}

/// KYC levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kyc {
    /// Receives free value only.
    K0,
    /// Small prepaid value.
    K1,
    /// Fully verified person.
    K2,
    /// Verified business.
    Kb,
}

pub(crate) async fn run(app: &App, args: OpenAccountArgs) -> Result<Reply, Failure> {
    let holder = settings::read(&args.holder_file)?;
    let session = Session::begin(app).await?;
    let BankBody { bank, kind: custodian, .. } = super::own_bank(&session).await?;
    let salt = Salt::fresh();
    let holder_commitment = salt.commit(TAG_HOLDER, &holder);
    let account = AccountId::opened_by(bank, &holder_commitment);
    let address = account.to_address(&session.attached.address_prefix);
    let kind = match args.kind {
        HolderKind::Citizen => AccountKind::Citizen,
        HolderKind::Merchant => AccountKind::Merchant,
        HolderKind::Municipality => AccountKind::Municipality,
        HolderKind::Operator => AccountKind::Operator,
        HolderKind::Program => AccountKind::Program,
    };
    let kyc_level = match (args.kyc, kind) {
        (Some(Kyc::K0), _) => KycLevel::K0,
        (Some(Kyc::K1), _) => KycLevel::K1,
        (None, AccountKind::Citizen) if custodian == Custodian::PrepaidIssuer => KycLevel::K1,
        (Some(Kyc::K2), _) | (None, AccountKind::Citizen) => KycLevel::K2,
        (Some(Kyc::Kb), _) | (None, _) => KycLevel::KB,
    };
    let keys = args.given.read(session.client.network().id())?;
    let threshold = args.threshold;
    let opening = OpenAccount { holder_commitment, kind, kyc_level, keys, threshold };
    let document = json!({ "account": address, "salt": salt, "commitment": holder_commitment });
    let (member, name) = ("salt_file", Some(address.clone()));
    Act::ending(Operation::OpenAccount(opening), "done-account-opened")
        .line("label-open-account", &address)
        .data(json!({ "address": address, "account": account, "bank": bank,
                      "holder_commitment": holder_commitment }))
        .next(format!("kyojo bank issue {address} 1000 --core-ref REFERENCE"))
        .private("", Opening { member, name, document })
        .by_account(app, &session)
        .await
}
