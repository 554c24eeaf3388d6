//! Files that people give: read whole, bounded, and as text whatever program wrote them.
//!
//! One table says how large each kind may be ([`Given::bytes_max`]), so that a document that one
//! program takes is taken by all. A fault names the file and the line.

mod text;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub use text::{NoText, decode, line_at};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// A kind of file that people give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A password, recovery words, a seed, a token.
    Secret,
    /// A configuration.
    Settings,
    /// Certificates (PEM).
    Certificates,
    /// A genesis document, in JSON: up to about four times as long as its encoding.
    Genesis,
    /// Development keys of a network.
    Actors,
    /// Rows of payments or numbers.
    Table,
    /// A bundle, or what is trusted.
    Bundle,
    /// A node's card.
    Card,
    /// Any other document or text.
    Document,
}

impl Given {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Secret,
        Self::Settings,
        Self::Certificates,
        Self::Genesis,
        Self::Actors,
        Self::Table,
        Self::Bundle,
        Self::Card,
        Self::Document,
    ];

    /// How many bytes such a file may have.
    #[must_use]
    pub const fn bytes_max(self) -> u64 {
        match self {
            Self::Secret => 4 * KIB,
            Self::Card => 16 * KIB,
            Self::Settings | Self::Certificates => MIB,
            Self::Genesis | Self::Actors => 256 * MIB,
            Self::Table => 64 * MIB,
            Self::Bundle | Self::Document => 16 * MIB,
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`GivenError`] where it cannot be read or is too large.
    pub fn bytes(self, file: &Path) -> Result<Vec<u8>, GivenError> {
        let failed = |fault| GivenError { file: file.to_owned(), fault };
        let most = self.bytes_max();
        let read = || {
            // A length that the system says is none of a pipe's; so the bytes are counted.
            let opened = File::open(file)?;
            let mut bytes = Vec::new();
            opened.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error| failed(Fault::Io(error)))?;
        if bytes.len() as u64 > most {
            return Err(failed(Fault::TooLarge { bytes_max: most }));
        }
        Ok(bytes)
    }

    /// The text of a file; its lines end with a line feed.
    ///
    /// # Errors
    /// [`GivenError`] where it cannot be read, is too large, or is no text.
    pub fn text(self, file: &Path) -> Result<String, GivenError> {
        text_of(self.bytes(file)?, file)
    }

    /// The value that a file of JSON holds. Not for secrets: what is wrong with a file repeats it.
    ///
    /// # Errors
    /// [`GivenError`] where it cannot be read, is too large, no text, or of another form.
    pub fn json<T: DeserializeOwned>(self, file: &Path) -> Result<T, GivenError> {
        of_json(&self.text(file)?, file)
    }
}

/// The text of bytes that were read from a file.
///
/// # Errors
/// [`GivenError`] where they are no text.
pub fn text_of(bytes: Vec<u8>, file: &Path) -> Result<String, GivenError> {
    decode(bytes).map_err(|(line, reason)| GivenError {
        file: file.to_owned(),
        fault: Fault::NoText { line, reason },
    })
}

/// The value in a JSON text that was read from a file.
///
/// # Errors
/// [`GivenError`] with the line where the text has another form.
pub fn of_json<T: DeserializeOwned>(text: &str, file: &Path) -> Result<T, GivenError> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let (reason, _) = said.rsplit_once(" at line ").unwrap_or((&said, ""));
        let (line, column) = (error.line(), error.column());
        let fault = Fault::Form { line, column, reason: reason.to_owned() };
        GivenError { file: file.to_owned(), fault }
    })
}

/// A secret text, wiped from memory when dropped. Its faults never repeat it.
///
/// # Errors
/// [`GivenError`] where the file cannot be read, is too large, or is no text.
pub fn secret(file: &Path) -> Result<Zeroizing<String>, GivenError> {
    let bytes = Zeroizing::new(Given::Secret.bytes(file)?);
    text_of(bytes.to_vec(), file).map(Zeroizing::new)
}

/// What is wrong with a file that somebody gave.
#[derive(Debug)]
pub struct GivenError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// A fault of a file.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read.
    Io(std::io::Error),
    /// It has more bytes than its kind may have.
    TooLarge {
        /// How many it may have.
        bytes_max: u64,
    },
    /// It is no text.
    NoText {
        /// At which line, from 1.
        line: usize,
        /// Why.
        reason: NoText,
    },
    /// It has another form than its kind has.
    Form {
        /// At which line, from 1; 0 where it is the whole file.
        line: usize,
        /// At which column of it, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
}

impl GivenError {
    /// Where the fault is: the file, and the line where there is one.
    #[must_use]
    pub fn place(&self) -> String {
        let file = self.file.display();
        match &self.fault {
            Fault::Io(_) | Fault::TooLarge { .. } => file.to_string(),
            Fault::NoText { line, .. } => format!("{file}:{line}"),
            Fault::Form { line, column, .. } => format!("{file}:{line}:{column}"),
        }
    }
}

impl core::fmt::Display for GivenError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.place(), self.fault)
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::TooLarge { bytes_max } => write!(f, "more than {bytes_max} bytes"),
            Self::NoText { reason, .. } => reason.fmt(f),
            Self::Form { reason, .. } => f.write_str(reason),
        }
    }
}

impl core::fmt::Display for NoText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Unknown => "no text in UTF-8, Shift_JIS (Windows-31J) or UTF-16 with its mark",
            Self::Ambiguous => "text in Shift_JIS or in EUC-JP",
            Self::Cut => "text in UTF-16 that ends within a character",
            Self::Zero => "a byte of zero: no text, or UTF-16 without its mark",
        })?;
        f.write_str("; save the file as UTF-8")
    }
}

impl std::error::Error for GivenError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("given");
        std::fs::write(&file, bytes).unwrap();
        (folder, file)
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_and_not_cut() {
        for kind in [Given::Secret, Given::Settings] {
            let most = usize::try_from(kind.bytes_max()).unwrap();
            let (_folder, file) = written(&vec![b'a'; most]);
            assert_eq!(kind.text(&file).unwrap().len(), most);
            let (_folder, file) = written(&vec![b'a'; most + 1]);
            let refused = kind.text(&file).unwrap_err();
            assert!(matches!(refused.fault, Fault::TooLarge { .. }), "{refused}");
        }
    }

    #[test]
    fn faults_name_the_file_and_the_line() {
        let (_folder, file) = written(b"{\n  \"a\": 1,\n  \"b\" 2\n}");
        let fault = Given::Document.json::<serde_json::Value>(&file).unwrap_err();
        assert_eq!(fault.to_string(), format!("{}:3:7: expected `:`", file.display()));
        let (_folder, file) = written(b"{\n\xff}");
        let fault = Given::Document.json::<serde_json::Value>(&file).unwrap_err().to_string();
        assert!(fault.starts_with(&format!("{}:2: no text in UTF-8", file.display())), "{fault}");
    }

    #[test]
    fn a_document_may_begin_with_a_mark_and_be_in_utf_16() {
        let text = "{\"名\": \"会津\"}\r\n";
        let units = core::iter::once(0xFEFF).chain(text.encode_utf16());
        let utf_16: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        for bytes in [format!("\u{feff}{text}").into_bytes(), utf_16] {
            let (_folder, file) = written(&bytes);
            let read: serde_json::Value = Given::Genesis.json(&file).unwrap();
            assert_eq!(read["名"], "会津");
        }
    }
}
