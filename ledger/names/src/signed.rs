//! The file of a directory: its JSON form, its signature, and the strict reading of both.

use ledger_types::verify::verify;
use ledger_types::{Hash, PublicKey, Signature, SigningKey};
use serde::{Deserialize, Serialize};

use crate::directory::{Directory, Fault};

/// The most bytes of the file.
pub const DIRECTORY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// What the file says that it is.
const FORMAT: &str = "kyojo-directory/1";

/// A directory with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDirectory {
    directory: Directory,
    key: PublicKey,
    signature: Signature,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    directory: Directory,
    key: PublicKey,
    signature: String,
}

/// Why a file is no directory of the network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// It has more than 8 MiB.
    #[error("the file has {length} bytes, {DIRECTORY_BYTES_MAX} at most")]
    TooLarge {
        /// How many it has.
        length: usize,
    },
    /// It does not have the form.
    #[error("{reason}")]
    Form {
        /// What the reader met.
        reason: String,
    },
    /// It is another network's.
    #[error("the directory is of the network {found}, not of {expected}")]
    OtherNetwork {
        /// The network for which it was asked.
        expected: Hash,
        /// Its own.
        found: Hash,
    },
    /// It is signed by a key that does not sign directories of the network.
    #[error("{key} does not sign directories of this network")]
    OtherKey {
        /// The key.
        key: PublicKey,
    },
    /// The signature is not the key's over this content.
    #[error("the signature does not verify: the file was changed, or another key signed it")]
    Signature,
    /// It is signed, and still nobody may read it.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl SignedDirectory {
    /// Signs a directory.
    ///
    /// # Errors
    /// Everything for which nobody should sign it ([`Directory::findings`]).
    pub fn sign(directory: Directory, key: &SigningKey) -> Result<Self, Vec<Fault>> {
        let findings = directory.findings();
        if !findings.is_empty() {
            return Err(findings);
        }
        let message = directory.signed_bytes();
        Ok(Self { signature: key.sign(&message), key: key.public_key(), directory })
    }

    /// Reads a file of the network whose directories these keys sign.
    ///
    /// # Errors
    /// [`DirectoryError`] says what is wrong with it; nothing of it counts then.
    pub fn open(bytes: &[u8], network: &Hash, keys: &[PublicKey]) -> Result<Self, DirectoryError> {
        let found = Self::read(bytes)?;
        if found.directory.network != *network {
            let (expected, found) = (*network, found.directory.network);
            return Err(DirectoryError::OtherNetwork { expected, found });
        }
        if !keys.contains(&found.key) {
            return Err(DirectoryError::OtherKey { key: found.key });
        }
        Ok(found)
    }

    /// Reads a file and checks its signature, without knowing who may sign: nothing of it is to be
    /// believed for that.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn read(bytes: &[u8]) -> Result<Self, DirectoryError> {
        let length = bytes.len();
        if length > DIRECTORY_BYTES_MAX {
            return Err(DirectoryError::TooLarge { length });
        }
        let form = |reason: String| DirectoryError::Form { reason };
        let Written { format, directory, key, signature } =
            serde_json::from_slice(bytes).map_err(|error| form(error.to_string()))?;
        if format != FORMAT {
            return Err(form(format!("the format is {format:?}, not {FORMAT:?}")));
        }
        let mut digits = [0; 64];
        hex::decode_to_slice(&signature, &mut digits)
            .map_err(|_| form("the signature is not 128 hexadecimal digits".to_owned()))?;
        let signature = Signature::Ed25519(digits);
        let message = directory.signed_bytes();
        if !verify(&key, &message, &signature) {
            return Err(DirectoryError::Signature);
        }
        match directory.faults().into_iter().next() {
            Some(fault) => Err(fault.into()),
            None => Ok(Self { directory, key, signature }),
        }
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// Never: every directory has a JSON form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let file = Written {
            format: FORMAT.to_owned(),
            directory: self.directory.clone(),
            key: self.key,
            signature: hex::encode(self.signature.as_bytes()),
        };
        let mut bytes = serde_json::to_vec_pretty(&file)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// What is signed.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Who signed it.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The same without its signature.
    #[must_use]
    pub fn into_directory(self) -> Directory {
        self.directory
    }
}
