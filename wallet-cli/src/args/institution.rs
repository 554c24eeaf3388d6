//! What banks, operators and merchants say on the command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use ledger_types::PublicKey;

/// `bank`.
#[derive(Debug, Subcommand)]
pub enum BankCommand {
    /// Accounts that the bank keeps.
    #[command(subcommand)]
    Account(BankAccountCommand),
    /// Issues deposit tokens to an account that the bank keeps.
    Issue(IssueArgs),
    /// Requests to pay out.
    #[command(subcommand)]
    Redeem(BankRedeemCommand),
}

/// `bank account`.
#[derive(Debug, Subcommand)]
pub enum BankAccountCommand {
    /// Opens an account for a holder's key.
    Open(OpenAccountArgs),
}

/// `bank account open`.
#[derive(Debug, ClapArgs)]
pub struct OpenAccountArgs {
    /// The holder's public key: `kyojo wallet show` prints it.
    #[arg(long = "key", value_name = "KEY", required = true)]
    pub keys: Vec<PublicKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub threshold: u16,
    /// What kind of holder.
    #[arg(long, value_name = "KIND", default_value = "citizen")]
    pub kind: HolderKind,
    /// How well the bank knows the holder; by default k2 for people and kb for others.
    #[arg(long, value_name = "LEVEL")]
    pub kyc: Option<Kyc>,
    /// File with what the bank knows of the holder; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub holder_file: PathBuf,
}

/// Kinds of holder that a bank may open accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HolderKind {
    /// A person.
    Citizen,
    /// A shop or company.
    Merchant,
    /// A municipality.
    Municipality,
    /// An operator.
    Operator,
}

/// KYC levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kyc {
    /// Receives free value only.
    K0,
    /// Small prepaid value.
    K1,
    /// Fully verified person.
    K2,
    /// Verified business.
    Kb,
}

/// `bank issue`.
#[derive(Debug, ClapArgs)]
pub struct IssueArgs {
    /// The account, or the name of a wallet on this machine.
    pub account: String,
    /// How much, such as 1200 or 1,200円.
    pub amount: String,
    /// The entry in the core banking system. Only a hash of it is sent; the same one never issues
    /// twice.
    #[arg(long, value_name = "TEXT")]
    pub core_ref: String,
}

/// `bank redeem`.
#[derive(Debug, Subcommand)]
pub enum BankRedeemCommand {
    /// Lists requests that are open, oldest first.
    Ls,
    /// Ends the tokens of a request that the bank has paid.
    Settle(RedeemName),
    /// Gives the tokens of a request back to the holder.
    Cancel(RedeemName),
}

/// A redeem request.
#[derive(Debug, ClapArgs)]
pub struct RedeemName {
    /// The request.
    pub request: String,
}

/// `merchant`.
#[derive(Debug, Subcommand)]
pub enum MerchantCommand {
    /// Registers a merchant in a zone; by the zone's operator.
    Register(RegisterArgs),
    /// Lists payments received, newest first.
    Payments(PaymentsArgs),
}

/// `merchant register`.
#[derive(Debug, ClapArgs)]
pub struct RegisterArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub account: String,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub zone: u16,
    /// The merchant's class.
    #[arg(long, value_name = "CLASS", default_value = "local")]
    pub class: ShopClass,
}

/// Classes of merchants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShopClass {
    /// A locally owned shop.
    Local,
    /// A shop of a chain.
    Chain,
}

/// `merchant payments`.
#[derive(Debug, ClapArgs)]
pub struct PaymentsArgs {
    /// Only payments whose number ends so: its last 4 digits.
    #[arg(long, value_name = "DIGITS")]
    pub last: Option<String>,
    /// How many payments at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20,
          value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
}

/// `zone`.
#[derive(Debug, Subcommand)]
pub enum ZoneCommand {
    /// Lists the zones.
    Ls,
    /// Opens your sub-account in a zone.
    Open(ZoneNumber),
    /// Moves yen to your sub-account of a zone.
    Charge(ZoneAmount),
    /// Moves yen back from your sub-account of a zone.
    Discharge(ZoneAmount),
}

/// A zone.
#[derive(Debug, ClapArgs)]
pub struct ZoneNumber {
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub zone: u16,
}

/// An amount and a zone.
#[derive(Debug, ClapArgs)]
pub struct ZoneAmount {
    /// How much, such as 1200 or 1,200円.
    pub amount: String,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub zone: u16,
}

/// `completions`.
#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}
