//! The commands, one file each but for the small ones that edit a document.

mod edit;
mod keygen;
mod localnet;
mod new;
mod verify;

use kyojo_genesis::document::DocumentError;

use crate::args::Command;
use crate::output::{Failure, Success};

/// Runs a command.
pub(crate) fn run(command: &Command) -> Result<Success, Failure> {
    match command {
        Command::New(arguments) => new::run(arguments),
        Command::Keygen(arguments) => keygen::run(arguments),
        Command::AddBank(arguments) => edit::add_bank(arguments),
        Command::AddMember(arguments) => edit::add_member(arguments),
        Command::AddValidator(arguments) => edit::add_validator(arguments),
        Command::AddZone(arguments) => edit::add_zone(arguments),
        Command::Validate(arguments) => verify::validate(&arguments.file),
        Command::Hash(arguments) => verify::hash(&arguments.file),
        Command::Localnet(arguments) => localnet::run(arguments),
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        let (exit, code) = match &error {
            DocumentError::NotFound { .. } => (5, "not_found"),
            DocumentError::Exists { .. } => (1, "exists"),
            DocumentError::Io { .. } => (1, "io"),
            DocumentError::TooLarge { .. } => (3, "too_large"),
            DocumentError::Json { .. } => (3, "not_a_document"),
        };
        Self::new(exit, code, error.to_string())
    }
}
