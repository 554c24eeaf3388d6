//! The file of further accounts beside a document: concatenated canonical [`GenesisAccount`]s.
//!
//! Millions of accounts are written and read one at a time. The document names the file by its
//! SHA-256, so that it is as much part of the network's identity as the document itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use borsh::BorshDeserialize as _;
use ledger_types::genesis::GenesisAccount;
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::{AccountId, BankId, Hash, SigningKey, Yen, codec};
use sha2::{Digest as _, Sha256};

use crate::document::DocumentError;
use crate::keys::DevelopmentSeed;

/// The file's name beside `genesis.json`.
pub const FILE_NAME: &str = "accounts.bin";

/// What each further account holds at genesis.
pub const BALANCE: Yen = Yen::new(100_000);

/// How many different keys the further accounts share: enough that no batch of signatures is
/// cheaper for a repeated key, few enough that ten million accounts are made in a minute.
pub const KEYS: u64 = 65_536;

const LABEL: &str = "further-account";

/// The key that acts for further account `index`.
#[must_use]
pub fn key(seed: DevelopmentSeed, index: u64) -> SigningKey {
    seed.key(LABEL, index % KEYS)
}

/// The custodian of further account `index`: each bank in turn.
#[must_use]
pub fn custodian(banks: &[BankId], index: u64) -> Option<BankId> {
    let place = index.checked_rem(banks.len() as u64)?;
    banks.get(usize::try_from(place).ok()?).copied()
}

/// The identity of further account `index`.
#[must_use]
pub fn account_id(seed: DevelopmentSeed, banks: &[BankId], index: u64) -> Option<AccountId> {
    let custodian = custodian(banks, index)?;
    Some(AccountId::opened_by(custodian, &seed.digest(LABEL, index)))
}

/// Makes further accounts one after another, deriving each key once.
#[derive(Debug)]
pub struct Maker<'a> {
    seed: DevelopmentSeed,
    banks: &'a [BankId],
    keys: Vec<WeightedKey>,
}

impl<'a> Maker<'a> {
    /// Prepares the making of `count` accounts kept by `banks` in turn.
    #[must_use]
    pub fn new(seed: DevelopmentSeed, banks: &'a [BankId], count: u64) -> Self {
        let keys = (0..count.min(KEYS))
            .map(|index| WeightedKey::plain(key(seed, index).public_key(), 1))
            .collect();
        Self { seed, banks, keys }
    }

    /// Account `index`, or `None` past the count or without banks.
    #[must_use]
    pub fn account(&self, index: u64) -> Option<GenesisAccount> {
        let holder_commitment = self.seed.digest(LABEL, index);
        let custodian = custodian(self.banks, index)?;
        let key = *self.keys.get(usize::try_from(index % KEYS).ok()?)?;
        Some(GenesisAccount {
            account: AccountId::opened_by(custodian, &holder_commitment),
            custodian,
            holder_commitment,
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            keys: vec![key],
            threshold: 1,
            balance: BALANCE,
        })
    }
}

/// What was written: the file's hash, and what each bank issued by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of the file.
    pub hash: Hash,
    /// The sum of balances by custodian.
    pub issued: BTreeMap<BankId, Yen>,
}

/// Writes `count` further accounts.
///
/// # Errors
/// [`DocumentError`] where the file cannot be written.
pub fn write(
    path: &Path,
    seed: DevelopmentSeed,
    banks: &[BankId],
    count: u64,
) -> Result<Written, DocumentError> {
    let maker = Maker::new(seed, banks, count);
    let mut issued: BTreeMap<BankId, Yen> = BTreeMap::new();
    let mut hasher = Sha256::new();
    let mut pour = || -> std::io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let mut bytes = Vec::with_capacity(256);
        for account in (0..count).map_while(|index| maker.account(index)) {
            bytes.clear();
            codec::append(&account, &mut bytes);
            hasher.update(&bytes);
            file.write_all(&bytes)?;
            let sum = issued.entry(account.custodian).or_default();
            *sum = sum.checked_add(account.balance).ok_or(ErrorKind::InvalidInput)?;
        }
        file.into_inner()?.sync_all()
    };
    pour().map_err(|error| DocumentError::io(path, error))?;
    Ok(Written { hash: Hash::new(hasher.finalize().into()), issued })
}

/// Reads further accounts one at a time, hashing what it reads.
pub struct Accounts {
    source: Hashing<BufReader<File>>,
    ended: bool,
}

impl Accounts {
    /// Opens the file.
    ///
    /// # Errors
    /// [`DocumentError`] where it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, DocumentError> {
        let file = File::open(path).map_err(|error| DocumentError::io(path, error))?;
        let inner = BufReader::with_capacity(1 << 20, file);
        Ok(Self { source: Hashing { inner, hasher: Sha256::new() }, ended: false })
    }

    /// SHA-256 of the whole file; meaningful once iteration has ended.
    #[must_use]
    pub fn hash(self) -> Hash {
        Hash::new(self.source.hasher.finalize().into())
    }

    fn at_end(&mut self) -> std::io::Result<bool> {
        use std::io::BufRead as _;
        Ok(self.source.inner.fill_buf()?.is_empty())
    }
}

impl core::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Accounts").field("ended", &self.ended).finish_non_exhaustive()
    }
}

impl Iterator for Accounts {
    type Item = std::io::Result<GenesisAccount>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = match self.at_end() {
            Ok(true) => None,
            Ok(false) => Some(GenesisAccount::deserialize_reader(&mut self.source)),
            Err(error) => Some(Err(error)),
        };
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).ok_or(ErrorKind::InvalidData)?);
        Ok(count)
    }
}
