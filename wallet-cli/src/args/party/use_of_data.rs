//! The use of data: access by each basis, the halves of records, broken glasses, emergencies.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::args::shared::{
    ByConsentArgs, ByExemptionArgs, ByGlassArgs, ByJointUseArgs, ByOptOutArgs,
};

/// `party access`, by the basis that it rests on.
#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    /// The person agreed.
    Consent(ByConsentArgs),
    /// The person did not object to a scheme.
    OptOut(ByOptOutArgs),
    /// The party belongs to a published circle.
    JointUse(ByJointUseArgs),
    /// The law itself allows it.
    Exemption(ByExemptionArgs),
    /// The party broke a glass.
    BreakGlass(ByGlassArgs),
}

/// `party record`.
#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// What was given; by the data holder.
    Use(RecordArgs),
    /// What was received; by whoever asked for the access.
    Receipt(RecordArgs),
    /// All of an hour between two parties, as one root.
    Hourly(HourlyArgs),
}

/// One half of a record.
#[derive(Debug, ClapArgs)]
pub struct RecordArgs {
    /// The access.
    pub access: String,
    /// What was given or received: 64 hexadecimal digits that both sides record, or the data itself
    /// in a file with its salt (an opening).
    #[arg(long, value_name = "DISCLOSURE")]
    pub disclosure: String,
}

/// `party record hourly`.
#[derive(Debug, ClapArgs)]
pub struct HourlyArgs {
    /// File with one disclosure a line, each 64 hexadecimal digits.
    pub file: PathBuf,
    /// Which half.
    #[arg(long, value_name = "HALF")]
    pub half: HalfName,
    /// The other party's number.
    #[arg(long, value_name = "NUMBER")]
    pub with: u32,
    /// The hour, by any instant in it, such as 2026/11/22 17:00. It must be over.
    #[arg(long, value_name = "TIME")]
    pub hour: String,
}

/// Which half of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HalfName {
    /// Who gave.
    Holder,
    /// Who received.
    Recipient,
}

/// `party break-glass`.
#[derive(Debug, ClapArgs)]
pub struct BreakGlassArgs {
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// File with what is looked at; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub scope: PathBuf,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub ground: PathBuf,
    /// When it was broken, where there was no network; by default now.
    #[arg(long, value_name = "TIME")]
    pub opened: Option<String>,
    /// For how many minutes it stays open.
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    pub minutes: u32,
}

/// `party notify`.
#[derive(Debug, ClapArgs)]
pub struct NotifyArgs {
    /// The broken glass.
    pub glass: String,
    /// File with the evidence that the person was told; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `party review`.
#[derive(Debug, ClapArgs)]
pub struct ReviewArgs {
    /// The broken glass.
    pub glass: String,
    /// What was found.
    #[arg(long, value_name = "FINDING")]
    pub finding: FindingName,
    /// File with the review; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

/// What a review found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingName {
    /// There was an emergency.
    Justified,
    /// There was none.
    Unjustified,
}

/// `party emergency`.
#[derive(Debug, Subcommand)]
pub enum EmergencyCommand {
    /// Endorses an emergency; two members, one of them the city, put it in force.
    Declare(EmergencyDeclareArgs),
    /// Ends an emergency; by the city.
    End(EmergencyEndArgs),
}

/// `party emergency declare`.
#[derive(Debug, ClapArgs)]
pub struct EmergencyDeclareArgs {
    /// The area.
    #[arg(long, value_name = "NUMBER")]
    pub area: u32,
    /// Until which day.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub ground: PathBuf,
}

/// `party emergency end`.
#[derive(Debug, ClapArgs)]
pub struct EmergencyEndArgs {
    /// The area.
    #[arg(long, value_name = "NUMBER")]
    pub area: u32,
}
