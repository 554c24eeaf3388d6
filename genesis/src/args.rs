//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use ledger_types::genesis::{LotteryTimes, MemberRole};
use ledger_types::registry::CorporateNumber;
use ledger_types::zone::MunicipalityCode;
use ledger_types::{
    BankId, LabRate, MemberId, PartyId, PartyRoles, PublicKey, Regime, Yen, ZoneId,
};

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 other, 2 usage, 3 the document is faulty, \
                          5 not found, 10 a hash does not match.";

/// Makes, checks and hashes genesis documents.
#[derive(Debug, Parser)]
#[command(name = "kyojo-genesis", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// Answers with one JSON envelope on standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Starts a document: no members, banks or validators yet.
    New(New),
    /// Makes a validator's two keys and shows their public halves.
    Keygen(Keygen),
    /// Adds a bank, its own account, and the member that it is.
    AddBank(AddBank),
    /// Adds a prepaid issuer, its own account, and its float at a bank.
    AddIssuer(AddIssuer),
    /// Adds a member that is no bank, and its account.
    AddMember(AddMember),
    /// Adds a member's validator, by its node's card or key by key.
    AddValidator(AddValidator),
    /// Adds the validators of several cards, each for the member of its name.
    Collect(Collect),
    /// Adds a consent party.
    AddParty(AddParty),
    /// Adds a Business Zone.
    AddZone(AddZone),
    /// Tells every fault of a document, with its place and how to mend it.
    Validate(File),
    /// Prints a document's hash: the network's identity.
    Hash(File),
    /// Shows a key, a peer id, an address or an account in every form that it has.
    Address(Address),
    /// Lays out a whole local network with development keys.
    Localnet(Localnet),
}

/// A document.
#[derive(Debug, ClapArgs)]
pub(crate) struct File {
    /// The document.
    #[arg(default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `new`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis new --name aizu-test --prefix aizu")]
pub(crate) struct New {
    /// The network's name for people.
    #[arg(long)]
    pub(crate) name: String,
    /// The prefix of addresses: 1 to 16 lower-case letters.
    #[arg(long)]
    pub(crate) prefix: String,
    /// The time before which no block is, in milliseconds since 1970; by default, now.
    #[arg(long)]
    pub(crate) time_ms: Option<u64>,
    /// A key that signs directories of public names, such as the city's; may be given several times.
    #[arg(long = "directory-key", value_name = "KEY")]
    pub(crate) directory_keys: Vec<PublicKey>,
    /// Whether it is a lab.
    #[command(flatten)]
    pub(crate) lab: LabOptions,
    /// Where to write it.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) out: PathBuf,
    /// Replaces a document that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What makes a network a lab, for simulated years; never for real money or real people.
#[derive(Debug, ClapArgs)]
pub(crate) struct LabOptions {
    /// Makes a lab network: so many seconds pass in it while one passes outside, 2 to 10000. A node
    /// of it starts only with `lab = true` in its configuration.
    #[arg(long, value_parser = lab_rate)]
    pub(crate) lab_rate: Option<LabRate>,
    /// The real time at which the lab's time is that of genesis, in milliseconds since 1970; by
    /// default, now.
    #[arg(long, requires = "lab_rate")]
    pub(crate) lab_start_ms: Option<u64>,
    /// The shortest time for buying what was won in a lottery of the lab, and for telling its secrets,
    /// in milliseconds of the lab; by default 7 and 14 days, as everywhere.
    #[arg(long, requires = "lab_rate")]
    pub(crate) lab_lottery_ms: Option<u64>,
}

/// `keygen`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis keygen --out /var/lib/kyojo")]
pub(crate) struct Keygen {
    /// The folder for consensus.key and network.key; never overwrites either.
    #[arg(long)]
    pub(crate) out: PathBuf,
}

/// A bank or a prepaid issuer, as far as they are alike.
#[derive(Debug, ClapArgs)]
pub(crate) struct NewCustodian {
    /// Its code of four digits, which no other bank or prepaid issuer has.
    #[arg(long, value_parser = bank)]
    pub(crate) code: BankId,
    /// Its public name.
    #[arg(long)]
    pub(crate) name: String,
    /// A key that acts for it; may be given several times.
    #[arg(long = "key", required = true)]
    pub(crate) keys: Vec<PublicKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, default_value_t = 1)]
    pub(crate) threshold: u16,
    /// The most yen it may have outstanding.
    #[arg(long)]
    pub(crate) issue_allowance: Yen,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `add-bank`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis add-bank --code 9001 --name \"Bandai Demo Bank\" \
                        --key ed25519:… --issue-allowance 1000000000 --net-debit-cap 50000000")]
pub(crate) struct AddBank {
    /// What every custodian has.
    #[command(flatten)]
    pub(crate) custodian: NewCustodian,
    /// The most yen it may owe the other banks on net.
    #[arg(long)]
    pub(crate) net_debit_cap: Yen,
}

/// `add-issuer`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "What the issuer owes its customers never passes what its float has: the yen that it \
                        takes for prepaid value go there first. To make it a member too, add-member.\n\n\
                        Example: kyojo-genesis add-issuer --code 9991 --name \"Aizu Demo Prepaid\" \
                        --key ed25519:… --issue-allowance 100000000 --float-bank 9001 --float-balance 5000000"
)]
pub(crate) struct AddIssuer {
    /// What every custodian has.
    #[command(flatten)]
    pub(crate) custodian: NewCustodian,
    /// The bank that keeps its float.
    #[arg(long, value_parser = bank)]
    pub(crate) float_bank: BankId,
    /// A key that acts for the float; may be given several times. By default the issuer's own keys.
    #[arg(long = "float-key")]
    pub(crate) float_keys: Vec<PublicKey>,
    /// How many of the float's keys a transaction needs; by default as many as of the issuer's.
    #[arg(long)]
    pub(crate) float_threshold: Option<u16>,
    /// What the float has at genesis, as a deposit at its bank.
    #[arg(long, default_value = "0")]
    pub(crate) float_balance: Yen,
}

/// `add-member`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis add-member --name \"Demo City\" --role city \
                        --role registrar --bank 9001 --key ed25519:…")]
pub(crate) struct AddMember {
    /// Its public name.
    #[arg(long)]
    pub(crate) name: String,
    /// What it does for the consortium; may be given several times.
    #[arg(long = "role", required = true, value_enum)]
    pub(crate) roles: Vec<Role>,
    /// The bank that keeps its account.
    #[arg(long, value_parser = bank)]
    pub(crate) bank: BankId,
    /// A key that acts for it; may be given several times.
    #[arg(long = "key", required = true)]
    pub(crate) keys: Vec<PublicKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, default_value_t = 1)]
    pub(crate) threshold: u16,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// Roles of members that are no banks.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Role {
    /// The city.
    City,
    /// Operates a zone.
    ZoneOperator,
    /// Sets net debit caps.
    SettlementOperator,
    /// Enters consent parties.
    Registrar,
    /// A university.
    University,
    /// A company.
    Company,
    /// Audits.
    Auditor,
}

impl From<Role> for MemberRole {
    fn from(role: Role) -> Self {
        match role {
            Role::City => Self::City,
            Role::ZoneOperator => Self::ZoneOperator,
            Role::SettlementOperator => Self::SettlementOperator,
            Role::Registrar => Self::Registrar,
            Role::University => Self::University,
            Role::Company => Self::Company,
            Role::Auditor => Self::Auditor,
        }
    }
}

/// `add-validator`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  kyojo-genesis add-validator --member 1 company-a.json\n  \
                        kyojo-genesis add-validator --member 1 --key ed25519:… \
                        --network-key ed25519:… --log-key ed25519:… --cosignature-key ed25519:…")]
pub(crate) struct AddValidator {
    /// The member that runs it.
    #[arg(long, value_parser = member)]
    pub(crate) member: MemberId,
    /// Its node's card, which `kyojo-node init` wrote; in the place of the keys.
    #[arg(conflicts_with_all = ["key", "network_key", "log_key", "cosignature_key"])]
    pub(crate) card: Option<PathBuf>,
    /// Its public consensus key.
    #[arg(long, required_unless_present = "card")]
    pub(crate) key: Option<PublicKey>,
    /// Its public network key.
    #[arg(long, required_unless_present = "card")]
    pub(crate) network_key: Option<PublicKey>,
    /// Its public log key: it signs the checkpoints of the audit log that it serves.
    #[arg(long, required_unless_present = "card")]
    pub(crate) log_key: Option<PublicKey>,
    /// Its public cosignature key: it cosigns checkpoints after finality.
    #[arg(long, required_unless_present = "card")]
    pub(crate) cosignature_key: Option<PublicKey>,
    /// Its voting power.
    #[arg(long, default_value_t = 1)]
    pub(crate) power: u64,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `collect`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example: kyojo-genesis collect company-a.json company-b.json company-c.json\n\n\
                        Each card names a member of the document; `add-member` adds one."
)]
pub(crate) struct Collect {
    /// The cards, which `kyojo-node init` wrote.
    #[arg(required = true)]
    pub(crate) cards: Vec<PathBuf>,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `add-party`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis add-party --number 7 --role controller \
                        --role data-holder --key ed25519:…")]
pub(crate) struct AddParty {
    /// Its number.
    #[arg(long, value_parser = party)]
    pub(crate) number: PartyId,
    /// What it does with personal data; may be given several times.
    #[arg(long = "role", required = true, value_enum)]
    pub(crate) roles: Vec<PartyRole>,
    /// Under which rules it stands.
    #[arg(long, value_enum, default_value = "private")]
    pub(crate) regime: PartyRegime,
    /// Its corporate number of thirteen digits, where it has one.
    #[arg(long, value_parser = corporate_number)]
    pub(crate) corporate_number: Option<CorporateNumber>,
    /// A key that acts for it; may be given several times.
    #[arg(long = "key", required = true)]
    pub(crate) keys: Vec<PublicKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, default_value_t = 1)]
    pub(crate) threshold: u16,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// What a consent party does.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PartyRole {
    /// Decides purposes and means; consents are granted to it.
    Controller,
    /// Uses data jointly with a controller.
    JointUser,
    /// Receives data from a controller.
    Recipient,
    /// Processes data on a controller's behalf.
    Processor,
    /// Holds data and discloses it on a permit.
    DataHolder,
    /// Audits.
    Auditor,
    /// May break glass in an emergency.
    Emergency,
    /// Serves people at a counter.
    Counter,
}

impl From<PartyRole> for PartyRoles {
    fn from(role: PartyRole) -> Self {
        match role {
            PartyRole::Controller => Self::CONTROLLER,
            PartyRole::JointUser => Self::JOINT_USER,
            PartyRole::Recipient => Self::RECIPIENT,
            PartyRole::Processor => Self::PROCESSOR,
            PartyRole::DataHolder => Self::DATA_HOLDER,
            PartyRole::Auditor => Self::AUDITOR,
            PartyRole::Emergency => Self::EMERGENCY,
            PartyRole::Counter => Self::COUNTER,
        }
    }
}

/// Under which rules a consent party stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PartyRegime {
    /// A private business.
    Private,
    /// A public body.
    PublicBody,
    /// A public hospital or university.
    HospitalOrUniversity,
}

impl From<PartyRegime> for Regime {
    fn from(regime: PartyRegime) -> Self {
        match regime {
            PartyRegime::Private => Self::Private,
            PartyRegime::PublicBody => Self::PublicBody,
            PartyRegime::HospitalOrUniversity => Self::HospitalOrUniversity,
        }
    }
}

/// `address`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  kyojo-genesis address ed25519:…\n  \
                        kyojo-genesis address 12D3KooW…\n  \
                        kyojo-genesis address /ip4/192.0.2.1/tcp/26600/p2p/12D3KooW…\n  \
                        kyojo-genesis address aizu1…\n  \
                        kyojo-genesis address --prefix aizu 64-HEXADECIMAL-DIGITS")]
pub(crate) struct Address {
    /// A key, a peer id, an address of a node, or an account.
    pub(crate) text: String,
    /// The prefix of the network's addresses; where it is not given, that of the text or of the
    /// document here.
    #[arg(long)]
    pub(crate) prefix: Option<String>,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `add-zone`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example: kyojo-genesis add-zone --number 1 --name \"Demo Coin\" --operator 3"
)]
pub(crate) struct AddZone {
    /// Its number.
    #[arg(long, value_parser = zone)]
    pub(crate) number: ZoneId,
    /// Its public name.
    #[arg(long)]
    pub(crate) name: String,
    /// The member that operates it.
    #[arg(long, value_parser = member)]
    pub(crate) operator: MemberId,
    /// The municipalities that it serves, by their codes of six digits.
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<MunicipalityCode>,
    /// Keeps the list of its merchants from the public.
    #[arg(long)]
    pub(crate) private_shops: bool,
    /// The document.
    #[arg(long, default_value = "genesis.json")]
    pub(crate) file: PathBuf,
}

/// `localnet`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: kyojo-genesis localnet -n 4 --out devnet --seed 1")]
pub(crate) struct Localnet {
    /// How many validators.
    #[arg(short = 'n', long = "validators", default_value_t = 4)]
    pub(crate) validators: usize,
    /// The folder, new or empty.
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// The number from which every key and balance follows.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Node i uses this port plus 10 i for consensus, and the two after it for gossip and the API.
    #[arg(long, default_value_t = 26_600)]
    pub(crate) base_port: u16,
    /// How many banks.
    #[arg(long, default_value_t = 2)]
    pub(crate) banks: usize,
    /// How many citizens.
    #[arg(long, default_value_t = 2_000)]
    pub(crate) citizens: u32,
    /// How many shops.
    #[arg(long, default_value_t = 50)]
    pub(crate) merchants: u32,
    /// How many further accounts to write into accounts.bin, for benchmarks.
    #[arg(long, default_value_t = 0)]
    pub(crate) accounts_file_count: u64,
    /// The most yen each bank may have outstanding; by default twice what it starts with, and at
    /// least 10000000000.
    #[arg(long)]
    pub(crate) issue_allowance: Option<Yen>,
    /// The most yen each bank may owe the others on net.
    #[arg(long, default_value = "1000000000")]
    pub(crate) net_debit_cap: Yen,
    /// How many times the usual allowances each payer has: for load tests, where few act as many.
    #[arg(long, default_value = "1")]
    pub(crate) allowances_times: NonZeroU32,
    /// Whether it is a lab.
    #[command(flatten)]
    pub(crate) lab: LabOptions,
}

impl LabOptions {
    /// The shortest times of the document's lotteries.
    pub(crate) fn lotteries(&self) -> LotteryTimes {
        let both = |ms| LotteryTimes { claim_ms_min: ms, secrets_ms_min: ms };
        self.lab_lottery_ms.map_or(LotteryTimes::USUAL, both)
    }
}

fn lab_rate(text: &str) -> Result<LabRate, String> {
    let rate: u32 = text.parse().map_err(|_| "a whole number is expected".to_owned())?;
    LabRate::try_from(rate).map_err(|error| error.to_string())
}

fn bank(text: &str) -> Result<BankId, core::num::ParseIntError> {
    text.parse().map(BankId::new)
}

fn member(text: &str) -> Result<MemberId, core::num::ParseIntError> {
    text.parse().map(MemberId::new)
}

fn party(text: &str) -> Result<PartyId, core::num::ParseIntError> {
    text.parse().map(PartyId::new)
}

fn corporate_number(text: &str) -> Result<CorporateNumber, String> {
    let number = text.parse().ok().and_then(CorporateNumber::new);
    number.ok_or_else(|| "thirteen digits, of which the first checks the others".to_owned())
}

fn zone(text: &str) -> Result<ZoneId, core::num::ParseIntError> {
    text.parse().map(ZoneId::new)
}
