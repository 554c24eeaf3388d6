//! The commands, one file each but for the small ones that edit a document.

mod address;
mod edit;
mod keygen;
mod localnet;
mod new;
mod verify;

use crate::args::Command;
use kyojo_cli::{Failure, Reply};

/// Runs a command.
pub(crate) fn run(command: &Command) -> Result<Reply, Failure> {
    match command {
        Command::New(arguments) => new::run(arguments),
        Command::Keygen(arguments) => keygen::run(arguments),
        Command::AddBank(arguments) => edit::add_bank(arguments),
        Command::AddIssuer(arguments) => edit::add_issuer(arguments),
        Command::AddMember(arguments) => edit::add_member(arguments),
        Command::AddValidator(arguments) => edit::add_validator(arguments),
        Command::Collect(arguments) => edit::collect(arguments),
        Command::AddParty(arguments) => edit::add_party(arguments),
        Command::Address(arguments) => address::run(arguments),
        Command::AddZone(arguments) => edit::add_zone(arguments),
        Command::Validate(arguments) => verify::validate(&arguments.file),
        Command::Hash(arguments) => verify::hash(&arguments.file),
        Command::Localnet(arguments) => localnet::run(arguments),
    }
}
