//! Recovery words (BIP-39) in Japanese and English, and the keys that come from them (SLIP-10).
//!
//! Words are shown in NFC, Japanese ones parted by U+3000, as people write them; they are read in
//! any normal form. Path of keys: `m/44'/7043439'/0'/0'` signs for the account, and after it was
//! rotated `m/44'/7043439'/0'/0'/i'`; `m/44'/7043439'/0'/1'` is the subject secret, from which each party's consent key and pseudonym
//! are made as [`consent_records::pseudonym`] says (7043439 is "kyo" in ASCII; SLIP-44 has no number
//! for this ledger).

use bip39::{Language, Mnemonic};
use consent_records::pseudonym::{Pseudonym, SubjectSecret};
use hkdf::Hkdf;
use ledger_types::{Hash, PartyId, SigningKey};
use rand::RngCore;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The path of the key that signs for the account; every step is hardened.
pub(crate) const ACCOUNT_PATH: [u32; 4] = [44, COIN, 0, 0];
/// The path of the subject secret; every step is hardened.
pub(crate) const SUBJECT_PATH: [u32; 4] = [44, COIN, 0, 1];
const COIN: u32 = 0x6b_79_6f;
const ACCOUNT_KEY_INFO: &[u8] = b"kyojo/account-key/v1";
const SUBJECT_SECRET_INFO: &[u8] = b"kyojo/subject-secret/v1";
const VAULT_KEY_INFO: &[u8] = b"kyojo/vault-key/v1";

/// In which language recovery words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WordList {
    /// BIP-39's Japanese words.
    Ja,
    /// BIP-39's English words.
    En,
}

impl WordList {
    const fn language(self) -> Language {
        match self {
            Self::Ja => Language::Japanese,
            Self::En => Language::English,
        }
    }
}

/// How many recovery words there may be.
pub(crate) const COUNTS: [usize; 5] = [12, 15, 18, 21, 24];
/// How many words are offered for one that is in no list.
const NEAR_MAX: usize = 3;
/// How many letters those may be away.
const NEAR_LETTERS: usize = 2;

/// Words as they are compared: composed, in small letters, katakana as hiragana.
#[must_use]
pub(crate) fn folded(text: &str) -> String {
    let kana = |letter: char| match letter {
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter),
        other => other,
    };
    text.nfkc().map(kana).flat_map(char::to_lowercase).collect()
}

/// Whether a word is in one of the lists.
#[must_use]
pub(crate) fn is_known(word: &str) -> bool {
    let word: String = word.nfkd().collect();
    LISTS.iter().any(|list| list.language().find_word(&word).is_some())
}

/// The words of the lists that are most like one that is in none: few letters away, or beginning so.
#[must_use]
pub(crate) fn near(word: &str) -> Vec<String> {
    let wanted: Vec<char> = folded(word).chars().collect();
    let mut near: Vec<(usize, String)> = Vec::new();
    for of_list in LISTS.iter().flat_map(|list| list.language().word_list()) {
        let letters: Vec<char> = of_list.nfc().collect();
        let is_beginning = wanted.len() > 1 && letters.starts_with(&wanted);
        let away = if is_beginning { 1 } else { letters_away(&wanted, &letters) };
        if away <= NEAR_LETTERS && away < wanted.len() {
            near.push((away, letters.into_iter().collect()));
        }
    }
    near.sort();
    near.into_iter().take(NEAR_MAX).map(|(_, word)| word).collect()
}

/// How many letters are to be changed, put in or taken out to make one word of the other.
fn letters_away(one: &[char], other: &[char]) -> usize {
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut left = row + 1;
        let mut line = vec![left];
        for (column, against) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != against);
            left = changed.min(above[column + 1] + 1).min(left + 1);
            line.push(left);
        }
        above = line;
    }
    above[other.len()]
}

/// Both lists.
const LISTS: [WordList; 2] = [WordList::Ja, WordList::En];

/// Recovery words: 12, 15, 18, 21 or 24 of one list, checksum included.
#[derive(Clone)]
pub(crate) struct RecoveryWords(Mnemonic);

impl RecoveryWords {
    /// New words from the operating system's generator.
    ///
    /// # Errors
    /// [`WordsError`] where `count` is not 12, 15, 18, 21 or 24.
    pub(crate) fn generate(list: WordList, count: usize) -> Result<Self, WordsError> {
        if !COUNTS.contains(&count) {
            return Err(WordsError::Count);
        }
        let mut entropy = Zeroizing::new([0; 32]);
        rand::rngs::OsRng.fill_bytes(entropy.as_mut());
        Self::from_entropy(list, entropy.split_at(count / 3 * 4).0)
    }

    /// The words that stand for this entropy of 16, 20, 24, 28 or 32 bytes.
    ///
    /// # Errors
    /// [`WordsError::Count`] for another length.
    pub(crate) fn from_entropy(list: WordList, entropy: &[u8]) -> Result<Self, WordsError> {
        Mnemonic::from_entropy_in(list.language(), entropy).map(Self).map_err(|_| WordsError::Count)
    }

    /// Reads words in either language and any normal form, Japanese ones also in katakana.
    ///
    /// # Errors
    /// [`WordsError`] says whether the count, a word or the checksum is wrong, never which words.
    pub(crate) fn parse(text: &str) -> Result<Self, WordsError> {
        Mnemonic::parse(folded(text)).map(Self).map_err(|error| match error {
            bip39::Error::BadWordCount(_) | bip39::Error::BadEntropyBitCount(_) => {
                WordsError::Count
            }
            bip39::Error::UnknownWord(index) => WordsError::Unknown { place: index + 1 },
            bip39::Error::InvalidChecksum => WordsError::Checksum,
            bip39::Error::AmbiguousLanguages(_) => WordsError::Checksum,
        })
    }

    /// The list that the words are from.
    #[must_use]
    pub(crate) fn list(&self) -> WordList {
        match self.0.language() {
            Language::Japanese => WordList::Ja,
            _ => WordList::En,
        }
    }

    /// Each word in NFC.
    #[must_use]
    pub(crate) fn words(&self) -> Vec<String> {
        self.0.words().map(|word| word.nfc().collect()).collect()
    }

    /// The words as people write them: NFC, Japanese parted by U+3000.
    #[must_use]
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let gap = match self.list() {
            WordList::Ja => "\u{3000}",
            WordList::En => " ",
        };
        Zeroizing::new(self.words().join(gap))
    }

    /// The entropy behind the words.
    #[must_use]
    pub(crate) fn entropy(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_entropy())
    }

    /// BIP-39's seed of 64 bytes.
    #[must_use]
    pub(crate) fn seed(&self, passphrase: &str) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(self.0.to_seed(passphrase))
    }
}

/// The secrets of one wallet.
pub(crate) struct Secrets {
    account: SigningKey,
    subject: Zeroizing<[u8; 32]>,
    /// The subject secret of the first words, where these are others.
    first: Option<Zeroizing<[u8; 32]>>,
}

impl Secrets {
    /// The secrets behind recovery words, without a passphrase: the account's key of this index.
    #[must_use]
    pub(crate) fn from_words(words: &RecoveryWords, index: u32) -> Self {
        let seed = words.seed("");
        let mut path = ACCOUNT_PATH.to_vec();
        if index > 0 {
            path.push(index);
        }
        let account = Zeroizing::new(slip10_ed25519::derive_ed25519_private_key(&*seed, &path));
        let subject =
            Zeroizing::new(slip10_ed25519::derive_ed25519_private_key(&*seed, &SUBJECT_PATH));
        Self { account: SigningKey::from_seed(&account), subject, first: None }
    }

    /// The secrets behind a bare key seed (development keys, keys made elsewhere).
    #[must_use]
    pub(crate) fn from_seed(seed: &[u8; 32], index: u32) -> Self {
        let subject = expand(seed, &[], SUBJECT_SECRET_INFO);
        let account = match index {
            0 => SigningKey::from_seed(seed),
            _ => SigningKey::from_seed(&expand(seed, &index.to_be_bytes(), ACCOUNT_KEY_INFO)),
        };
        Self { account, subject, first: None }
    }

    /// The same with the subject secret of the wallet's first words.
    #[must_use]
    pub(crate) fn with_first(self, first: Zeroizing<[u8; 32]>) -> Self {
        Self { first: Some(first), ..self }
    }

    /// The secret from which every party's key comes.
    #[must_use]
    pub(crate) fn subject(&self) -> Zeroizing<[u8; 32]> {
        self.subject.clone()
    }

    /// The secret of the wallet's first words: what is kept on this machine and the names by which
    /// parties know its owner stay over every rotation.
    #[must_use]
    pub(crate) fn first(&self) -> Zeroizing<[u8; 32]> {
        self.first.as_ref().unwrap_or(&self.subject).clone()
    }

    /// The key that signs for the account.
    #[must_use]
    pub(crate) const fn account_key(&self) -> &SigningKey {
        &self.account
    }

    /// The key used with one consent party of one network and with no other.
    ///
    /// Derived as [`consent_records::pseudonym`] says, so that two parties cannot see that they deal
    /// with the same person.
    #[must_use]
    pub(crate) fn consent_key(&self, genesis: &Hash, party: PartyId) -> SigningKey {
        SubjectSecret::new(self.subject()).signing_key(genesis, party)
    }

    /// The name under which one consent party of one network knows the wallet's owner off the
    /// ledger.
    #[must_use]
    pub(crate) fn pseudonym(&self, genesis: &Hash, party: PartyId) -> Pseudonym {
        SubjectSecret::new(self.first()).pseudonym(genesis, party)
    }

    /// The key that encrypts what the wallet keeps beside the keystore.
    #[must_use]
    pub(crate) fn vault_key(&self) -> Zeroizing<[u8; 32]> {
        expand(&*self.first(), &[], VAULT_KEY_INFO)
    }
}

fn expand(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, out.as_mut())
        .expect("32 bytes are within HKDF-SHA256's 8,160");
    out
}

/// Why recovery words are not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WordsError {
    /// Not 12, 15, 18, 21 or 24 words.
    #[error("recovery words are 12, 15, 18, 21 or 24")]
    Count,
    /// A word is in neither list.
    #[error("word {place} is not in the list")]
    Unknown {
        /// Which one, counted from 1.
        place: usize,
    },
    /// The words are known but do not fit together.
    #[error("the words do not fit together: one is wrong or out of order")]
    Checksum,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABANDON: &str = "abandon abandon abandon abandon abandon abandon abandon abandon \
                           abandon abandon abandon about";

    #[test]
    fn english_facts_of_bip39_hold() {
        let words = RecoveryWords::from_entropy(WordList::En, &[0; 16]).unwrap();
        assert_eq!(words.to_text().as_str(), ABANDON);
        assert_eq!(
            hex::encode(words.seed("TREZOR").as_ref()),
            "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1\
             e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"
        );
    }

    #[test]
    fn japanese_words_are_shown_in_nfc_and_read_in_any_form() {
        let words = RecoveryWords::from_entropy(WordList::Ja, &[0; 16]).unwrap();
        let text = words.to_text();
        assert!(text.starts_with("あいこくしん\u{3000}あいこくしん"));
        assert!(text.ends_with("\u{3000}あおぞら"), "composed, not か + ゛: {}", *text);
        let decomposed: String = text.nfkd().collect();
        assert_ne!(decomposed, *text);
        for form in [text.as_str(), &decomposed, &text.replace('\u{3000}', " ")] {
            let again = RecoveryWords::parse(form).unwrap();
            assert_eq!(again.entropy(), words.entropy());
            assert_eq!(again.seed(""), words.seed(""));
        }
    }

    #[test]
    fn wrong_words_say_what_is_wrong() {
        let cases = [
            ("abandon about", WordsError::Count),
            (&ABANDON.replacen("abandon", "abundant", 1), WordsError::Unknown { place: 1 }),
            (&ABANDON.replace("about", "abandon"), WordsError::Checksum),
        ];
        for (text, expected) in cases {
            assert_eq!(RecoveryWords::parse(text).err(), Some(expected), "{text}");
        }
    }

    #[test]
    fn generated_words_read_back() {
        for list in [WordList::Ja, WordList::En] {
            for count in [12, 15, 18, 21, 24] {
                let words = RecoveryWords::generate(list, count).unwrap();
                assert_eq!(words.words().len(), count);
                let again = RecoveryWords::parse(&words.to_text()).unwrap();
                assert_eq!(again.entropy(), words.entropy());
                assert_eq!(again.list(), list);
            }
        }
        assert_eq!(RecoveryWords::generate(WordList::En, 13).err(), Some(WordsError::Count));
    }

    #[test]
    fn keys_are_pinned_and_differ_by_use_party_and_network() {
        let secrets = Secrets::from_words(&RecoveryWords::parse(ABANDON).unwrap(), 0);
        let network = Hash::of(&[b"one"]);
        let mut keys = vec![
            secrets.account_key().public_key(),
            secrets.consent_key(&network, PartyId::new(1)).public_key(),
            secrets.consent_key(&network, PartyId::new(2)).public_key(),
            secrets.consent_key(&Hash::of(&[b"two"]), PartyId::new(1)).public_key(),
        ];
        assert_eq!(
            keys.iter().map(|key| hex::encode(&key.as_bytes()[..8])).collect::<Vec<_>>(),
            PINNED,
            "a wallet restored from its words must find its keys again"
        );
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 4);
    }

    const PINNED: [&str; 4] =
        ["9086aa813bff0ab3", "c61f9cc51522e8db", "328dfdfcd78f9932", "e4a9520b0263b086"];

    #[test]
    fn each_index_has_an_account_key_of_its_own_and_the_subjects_secret_stays() {
        let words = RecoveryWords::parse(ABANDON).unwrap();
        let mut keys = Vec::new();
        for index in 0..3 {
            let (of_words, of_seed) =
                (Secrets::from_words(&words, index), Secrets::from_seed(&[7; 32], index));
            assert_eq!(of_words.subject(), Secrets::from_words(&words, 0).subject());
            assert_eq!(of_seed.subject(), Secrets::from_seed(&[7; 32], 0).subject());
            keys.extend([of_words.account_key().public_key(), of_seed.account_key().public_key()]);
        }
        let pinned = keys.iter().map(|key| hex::encode(&key.as_bytes()[..8])).collect::<Vec<_>>();
        assert_eq!(pinned, PINNED_INDICES, "a rotated wallet must find its keys again");
    }

    const PINNED_INDICES: [&str; 6] = [
        "9086aa813bff0ab3",
        "ea4a6c63e29c520a",
        "8c0d05836b47d350",
        "4220e48c4d9ab2c2",
        "f24a3a10d3b1f00b",
        "043fca0a5bbec3c2",
    ];

    #[test]
    fn trezor_vectors_hold() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../shared/data/vectors/bip39-english.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("skipped: {} is not here", path.display());
            return;
        };
        let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
        let vectors = vectors["english"].as_array().unwrap();
        assert!(vectors.len() >= 24);
        for vector in vectors {
            let entropy = hex::decode(vector[0].as_str().unwrap()).unwrap();
            let words = RecoveryWords::from_entropy(WordList::En, &entropy).unwrap();
            assert_eq!(words.to_text().as_str(), vector[1].as_str().unwrap());
            let parsed = RecoveryWords::parse(vector[1].as_str().unwrap()).unwrap();
            assert_eq!(parsed.entropy().as_slice(), entropy);
            assert_eq!(hex::encode(words.seed("TREZOR").as_ref()), vector[2].as_str().unwrap());
        }
    }
}
