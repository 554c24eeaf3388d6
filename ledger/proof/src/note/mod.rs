//! Signed notes: a text and lines that sign it (<https://c2sp.org/signed-note>).
//!
//! ```text
//! the text, of one line or more
//! <empty line>
//! — <name> base64(key id of 4 bytes ‖ signature)
//! ```
//!
//! The text keeps its last newline; the empty line is not part of it. Two kinds of keys sign here:
//! Ed25519 (type 0x01) over the text, and cosignature/v1 (type 0x04, <https://c2sp.org/tlog-cosignature>)
//! over `"cosignature/v1\ntime <seconds>\n" ‖ text`, whose signature begins with the time as a
//! big-endian u64.
//!
//! Signatures are judged by ZIP-215, the ledger's one signature rule, and a verifier key is accepted
//! only where it may be registered on the ledger (a canonical point that is not of small order).
//! Every signature that a stricter verifier accepts is accepted here.

mod key;
mod sign;

pub use key::{KeyError, KeyName, SignatureKind, VerifierKey};
pub use sign::{Checked, NoteSigner};

use crate::text::{base64, from_base64, line};
use ledger_types::refuse_if;

/// The most bytes that a note has.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// The most signatures that a note has: a full validator set and as many witnesses again.
pub const NOTE_SIGNATURES_MAX: usize = 256;

/// What a signature line begins with: an em dash (U+2014) and a space.
const LINE_START: &str = "\u{2014} ";

/// A text with signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature of a note, by whom and over what its key alone can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The signer's name.
    pub name: KeyName,
    /// The key's id.
    pub id: [u8; 4],
    /// The signature, at least one byte.
    pub bytes: Vec<u8>,
}

/// Why a text is no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More bytes than a note has.
    #[error("a note has at most {NOTE_BYTES_MAX} bytes")]
    TooLarge,
    /// A control character other than newline.
    #[error("a note holds no control character but newline")]
    ControlCharacter,
    /// The text is empty, does not end in a newline, or no empty line follows it.
    #[error("a note is a text that ends in a newline, an empty line, and signatures")]
    NoSignatures,
    /// A line after the text is no signature.
    #[error("line {line} after the text is no signature")]
    BadSignatureLine {
        /// Which, counted from 1.
        line: usize,
    },
    /// More signatures than a note has.
    #[error("a note has at most {NOTE_SIGNATURES_MAX} signatures")]
    TooManySignatures,
}

impl Note {
    /// A note over this text.
    ///
    /// # Errors
    /// [`NoteError`] where the text or the number of signatures cannot stand in a note.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        let note = Self { text, signatures };
        // The parser is the one place that says what a note is.
        if Self::parse(&note.to_string())? == note {
            Ok(note)
        } else {
            Err(NoteError::NoSignatures)
        }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError`] says what it lacks.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        refuse_if(note.len() > NOTE_BYTES_MAX, NoteError::TooLarge)?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        let signatures = parse_signatures(lines)?;
        refuse_if(text.is_empty() || signatures.is_empty(), NoteError::NoSignatures)?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The signed text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

/// Reads signature lines alone, as a witness answers them.
///
/// # Errors
/// [`NoteError`] where a line is no signature, or there are too many.
pub fn parse_signatures(mut lines: &str) -> Result<Vec<NoteSignature>, NoteError> {
    let mut signatures = Vec::new();
    while !lines.is_empty() {
        refuse_if(signatures.len() >= NOTE_SIGNATURES_MAX, NoteError::TooManySignatures)?;
        let bad = NoteError::BadSignatureLine { line: signatures.len().saturating_add(1) };
        let (first, rest) = line(lines).ok_or(bad)?;
        signatures.push(NoteSignature::parse(first).ok_or(bad)?);
        lines = rest;
    }
    Ok(signatures)
}

impl core::fmt::Display for Note {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Reads a line without its newline.
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(LINE_START)?.split_once(' ')?;
        let bytes = from_base64(encoded)?;
        let (id, signature) = bytes.split_first_chunk::<4>()?;
        let name = KeyName::new(name)?;
        (!signature.is_empty()).then(|| Self { name, id: *id, bytes: signature.to_vec() })
    }
}

impl core::fmt::Display for NoteSignature {
    /// The line without its newline.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let bytes = [self.id.as_slice(), &self.bytes].concat();
        write!(f, "{LINE_START}{} {}", self.name, base64(&bytes))
    }
}
