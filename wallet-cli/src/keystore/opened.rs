//! What a password opens: the secret with which of its keys is in use, and what earlier words left.

use zeroize::Zeroizing;

use super::mnemonic::{RecoveryWords, Secrets, WordList};
use super::{Header, KeystoreError, SecretKind};

/// The most often that a wallet's key is rotated within the same words.
pub(crate) const KEY_INDEX_MAX: u32 = (1 << 31) - 1;
const SUBJECT_BYTES: usize = 32;

/// What a new wallet is made from.
pub(crate) enum Source {
    /// Recovery words.
    Words(RecoveryWords),
    /// A bare seed.
    Seed(Zeroizing<[u8; 32]>),
}

impl Source {
    pub(super) fn kind(&self) -> SecretKind {
        match self {
            Self::Seed(_) => SecretKind::Seed,
            Self::Words(words) => match words.list() {
                WordList::Ja => SecretKind::WordsJa,
                WordList::En => SecretKind::WordsEn,
            },
        }
    }

    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Words(words) => words.entropy(),
            Self::Seed(seed) => Zeroizing::new(seed.to_vec()),
        }
    }

    /// The keys behind it, with the account's key of this index.
    #[must_use]
    pub(crate) fn secrets(&self, index: u32) -> Secrets {
        match self {
            Self::Words(words) => Secrets::from_words(words, index),
            Self::Seed(seed) => Secrets::from_seed(seed, index),
        }
    }

    fn read(kind: SecretKind, bytes: &[u8]) -> Result<Self, KeystoreError> {
        let list = match kind {
            SecretKind::WordsJa => WordList::Ja,
            SecretKind::WordsEn => WordList::En,
            SecretKind::Seed => {
                let seed = bytes.try_into().map_err(|_| KeystoreError::NotAWallet)?;
                return Ok(Self::Seed(Zeroizing::new(seed)));
            }
        };
        RecoveryWords::from_entropy(list, bytes)
            .map(Self::Words)
            .map_err(|_| KeystoreError::NotAWallet)
    }
}

/// What a wallet's password opens.
pub(crate) struct Opened {
    /// What the wallet was made from.
    pub(crate) source: Source,
    /// Which of its keys signs for the account.
    index: u32,
    /// The subject secret of the first words, where these are others.
    first: Option<Zeroizing<[u8; SUBJECT_BYTES]>>,
}

impl Opened {
    /// A wallet that was never rotated.
    pub(super) const fn new(source: Source) -> Self {
        Self { source, index: 0, first: None }
    }

    pub(super) fn kind(&self) -> SecretKind {
        self.source.kind()
    }

    pub(super) const fn index(&self) -> u32 {
        self.index
    }

    /// Whether it holds the subject secret of the first words.
    pub(super) const fn keeps_subject(&self) -> bool {
        self.first.is_some()
    }

    /// The keys in use.
    #[must_use]
    pub(crate) fn secrets(&self) -> Secrets {
        let secrets = self.source.secrets(self.index);
        match &self.first {
            Some(first) => secrets.with_first(first.clone()),
            None => secrets,
        }
    }

    /// The same with the key of another index.
    #[must_use]
    pub(crate) fn at(self, index: u32) -> Self {
        Self { index, ..self }
    }

    /// With the next key of the same words, or `None` where there is none left.
    #[must_use]
    pub(crate) fn next_key(self) -> Option<Self> {
        let index = self.index.checked_add(1)?;
        (index <= KEY_INDEX_MAX).then_some(Self { index, ..self })
    }

    /// With the keys of other words; what lies on this machine opens with it as before.
    #[must_use]
    pub(crate) fn with_words(&self, words: RecoveryWords) -> Self {
        let first = self.secrets().first();
        Self { source: Source::Words(words), index: 0, first: Some(first) }
    }

    /// Whether both began with the same words, as a wallet does over every rotation.
    #[must_use]
    pub(crate) fn continues(&self, other: &Self) -> bool {
        self.secrets().first() == other.secrets().first()
    }

    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = self.source.bytes();
        if let Some(first) = &self.first {
            bytes.extend_from_slice(&**first);
        }
        bytes
    }

    pub(super) fn read(header: &Header, bytes: &[u8]) -> Result<Self, KeystoreError> {
        let (bytes, first) = if header.keeps_subject {
            let split = bytes.split_last_chunk::<SUBJECT_BYTES>();
            let (bytes, first) = split.ok_or(KeystoreError::NotAWallet)?;
            (bytes, Some(Zeroizing::new(*first)))
        } else {
            (bytes, None)
        };
        let source = Source::read(header.kind, bytes)?;
        Ok(Self { source, index: header.key_index, first })
    }
}
