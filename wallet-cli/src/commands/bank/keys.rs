//! Keys that a holder gives its bank: as an opening code, or spelled out.

use std::io::Read as _;
use std::path::Path;

use ledger_types::NetworkId;
use ledger_types::operation::WeightedKey;

use crate::commands::prelude::*;
use crate::opening::{CodeError, OpeningCode};

/// The most bytes of a code that are read.
const CODE_BYTES_MAX: u64 = 4096;

/// The keys of a holder.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct GivenKeys {
    /// The holder's opening code (kyojo wallet code), a file that holds it, or - for standard input.
    #[arg(long = "code", value_name = "CODE")]
    pub(crate) codes: Vec<String>,
    /// The holder's public key (kyojo wallet show prints it), with maker: or checker: before it where
    /// it has that part.
    #[arg(long = "key", value_name = "KEY", value_parser = reading::weighted_key)]
    pub(crate) keys: Vec<WeightedKey>,
}

impl GivenKeys {
    /// Every key that was given, for an account of this network.
    pub(crate) fn read(&self, network: NetworkId) -> Result<Vec<WeightedKey>, Failure> {
        let mut keys = Vec::new();
        for code in &self.codes {
            keys.push(WeightedKey::plain(read_code(code, network)?.key, 1));
        }
        keys.extend(self.keys.iter().copied());
        Ok(keys)
    }
}

fn read_code(given: &str, network: NetworkId) -> Result<OpeningCode, Failure> {
    let path = Path::new(given);
    let text = if given == "-" {
        let mut text = String::new();
        let read = std::io::stdin().take(CODE_BYTES_MAX).read_to_string(&mut text);
        read.map_err(|error| settings::file_failure(Path::new("-"), &error))?;
        text
    } else if path.is_file() {
        settings::read_text(path)?
    } else {
        given.to_owned()
    };
    let code = OpeningCode::read(&text).map_err(|error| {
        Failure::new(
            Exit::Usage,
            match error {
                CodeError::Letters => "err-opening-code-letters",
                CodeError::Other => "err-opening-code-other",
                CodeError::Key => "err-opening-code-key",
            },
        )
    })?;
    match code.network.filter(|of_code| *of_code != network) {
        None => Ok(code),
        Some(of_code) => Err(Failure::new(Exit::Config, "err-opening-code-of-other-network")
            .with("ours", network)
            .with("theirs", of_code)),
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::SigningKey;

    use super::*;

    const HERE: NetworkId = NetworkId::new([1, 2, 3, 4]);

    fn code(network: Option<NetworkId>) -> OpeningCode {
        OpeningCode { key: SigningKey::from_seed(&[7; 32]).public_key(), network }
    }

    #[test]
    fn a_code_is_read_as_it_is_and_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.txt");
        std::fs::write(&path, format!("{}\n", code(Some(HERE)).text().to_uppercase())).unwrap();
        let given = [code(Some(HERE)).text(), code(None).text(), path.display().to_string()];
        for given in given {
            let read = GivenKeys { codes: vec![given.clone()], keys: Vec::new() }.read(HERE);
            assert_eq!(read.unwrap(), [WeightedKey::plain(code(None).key, 1)], "{given}");
        }
    }

    #[test]
    fn a_code_of_another_network_or_with_a_wrong_letter_is_refused() {
        let elsewhere = code(Some(NetworkId::new([9; 4]))).text();
        let refused = |text: &str| read_code(text, HERE).unwrap_err().code().to_owned();
        assert_eq!(refused(&elsewhere), "opening-code-of-other-network");
        let wrong = elsewhere.replace(&elsewhere[20..21], "b");
        assert_eq!(refused(&wrong), "opening-code-letters");
        assert_eq!(refused("aizu1"), "opening-code-letters");
    }
}
