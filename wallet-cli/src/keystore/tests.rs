//! Round trips, wrong passwords, tampering and files of the keystore.

use std::os::unix::fs::PermissionsExt;

use zeroize::Zeroizing;

use super::mnemonic::{RecoveryWords, WordList};
use super::*;

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

fn attachment() -> Attachment {
    let prefix = AddressPrefix::new("aizu").unwrap();
    let account = AccountId::new([7; 20]);
    Attachment {
        account,
        address: account.to_address(&prefix),
        genesis_hash: Hash::of(&[b"genesis"]),
        address_prefix: prefix,
        party: None,
    }
}

fn sealed(name: &str) -> (Source, Wallet) {
    let source = Source::Seed(Zeroizing::new([9; 32]));
    let sealed = Source::Seed(Zeroizing::new([9; 32]));
    let wallet = Wallet::seal(alias(name), sealed, Some(attachment()), &"right".into()).unwrap();
    (source, wallet)
}

#[test]
fn a_wallet_written_is_the_wallet_read_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = Keystore::at(folder.path().join("wallets"));
    let words = RecoveryWords::generate(WordList::Ja, 24).unwrap();
    let source = Source::Words(words.clone());
    let wallet = Wallet::seal(alias("花子"), source, None, &"合言葉".into()).unwrap();
    let path = keystore.write(&wallet, Existing::Keep).unwrap();

    let read = keystore.read(&alias("花子")).unwrap();
    assert_eq!(read, wallet);
    let Source::Words(opened) = read.open(&"合言葉".into()).unwrap().source else {
        panic!("words were sealed");
    };
    assert_eq!(opened.to_text(), words.to_text());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let folder_mode = path.parent().unwrap().metadata().unwrap().permissions().mode();
    assert_eq!(folder_mode & 0o777, 0o700);
    assert_eq!(keystore.list().unwrap(), [wallet]);
}

#[test]
fn a_wrong_password_opens_nothing_and_the_error_does_not_repeat_it() {
    let (_, wallet) = sealed("a");
    let error = wallet.open(&"hunter2".into()).err().unwrap();
    assert!(matches!(error, KeystoreError::Sealed(SealError::Refused)));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn every_readable_field_is_bound_to_the_secret() {
    let (_, wallet) = sealed("a");
    let change: [fn(&mut Header); 4] = [
        |header| header.alias = alias("b"),
        |header| header.public_key = PublicKey::Ed25519([1; 32]),
        |header| header.attached = None,
        |header| header.created.push('0'),
    ];
    for (index, change) in change.iter().enumerate() {
        let mut changed = wallet.clone();
        change(&mut changed.header);
        let opened = changed.open(&"right".into());
        assert!(
            matches!(opened, Err(KeystoreError::Sealed(SealError::Refused))),
            "change {index} went unseen"
        );
    }
}

#[test]
fn an_existing_wallet_is_replaced_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = Keystore::at(folder.path().to_owned());
    let (_, first) = sealed("a");
    let (_, second) = sealed("a");
    assert_ne!(first, second, "each file has its own salt");
    keystore.write(&first, Existing::Keep).unwrap();
    let refused = keystore.write(&second, Existing::Keep);
    assert!(matches!(refused, Err(KeystoreError::Exists { .. })));
    assert_eq!(keystore.read(&alias("a")).unwrap(), first);
    keystore.write(&second, Existing::Replace).unwrap();
    assert_eq!(keystore.read(&alias("a")).unwrap(), second);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "no half-written file is left");
}

#[test]
fn attaching_keeps_the_secret_and_the_date() {
    let (source, wallet) = sealed("a");
    let account = AccountId::new([8; 20]);
    let elsewhere = Attachment { account, ..attachment() };
    let opened = wallet.open(&"right".into()).unwrap();
    let again = wallet.attach(elsewhere.clone(), &opened, &"right".into()).unwrap();
    assert_eq!(again.header.attached, Some(elsewhere));
    assert_eq!(again.header.created, wallet.header.created);
    assert_eq!(again.open(&"right".into()).unwrap().bytes(), source.bytes());
}

#[test]
fn a_rotated_wallet_has_the_keys_of_its_words_and_opens_what_lay_here_before() {
    let (_, wallet) = sealed("a");
    let opened = wallet.open(&"right".into()).unwrap();
    let of_party = |opened: &Opened| {
        opened.secrets().consent_key(&Hash::of(&[b"genesis"]), PartyId::new(1)).public_key()
    };
    let (first, consents) = (wallet.header.public_key, of_party(&opened));
    let next = wallet.rotated(&opened.next_key().unwrap(), &"right".into()).unwrap();
    let opened = next.open(&"right".into()).unwrap();
    assert_eq!((next.header.key_index, of_party(&opened)), (1, consents));
    assert_ne!(next.header.public_key, first);

    let words = RecoveryWords::generate(WordList::En, 12).unwrap();
    let of_words = Source::Words(words.clone()).secrets(0);
    let own = of_words.account_key().public_key();
    let other = next.rotated(&opened.with_words(words), &"right".into()).unwrap();
    let opened = other.open(&"right".into()).unwrap();
    assert_eq!((other.header.public_key, other.header.key_index), (own, 0));
    let consents = of_words.consent_key(&Hash::of(&[b"genesis"]), PartyId::new(1)).public_key();
    assert_eq!((other.header.kind, of_party(&opened)), (SecretKind::WordsEn, consents));
    let vault = |wallet: &Wallet| wallet.open(&"right".into()).unwrap().secrets().vault_key();
    assert_eq!(vault(&other), vault(&wallet));
    assert!(opened.continues(&next.open(&"right".into()).unwrap()));
    let stranger = Source::Words(RecoveryWords::generate(WordList::En, 12).unwrap());
    let stranger = Wallet::seal(alias("a"), stranger, Some(attachment()), &"right".into()).unwrap();
    assert!(!opened.continues(&stranger.open(&"right".into()).unwrap()));
    // And once more, with the next of the new words.
    let last = other.rotated(&opened.next_key().unwrap(), &"right".into()).unwrap();
    assert_eq!(of_party(&last.open(&"right".into()).unwrap()), consents);
    assert_eq!(vault(&last), vault(&wallet));
    for (wallet, has_index) in [(&wallet, false), (&next, true), (&other, false)] {
        let text = serde_json::to_string(wallet).unwrap();
        assert_eq!(text.contains("key_index"), has_index, "{text}");
    }
}

#[test]
fn a_rotation_that_was_begun_waits_beside_the_wallet_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = Keystore::at(folder.path().to_owned());
    let (_, wallet) = sealed("a");
    keystore.write(&wallet, Existing::Keep).unwrap();
    assert_eq!(keystore.begun_rotation(&alias("a")).unwrap(), None);
    let next = wallet.open(&"right".into()).unwrap().next_key().unwrap();
    let next = wallet.rotated(&next, &"right".into()).unwrap();
    keystore.begin_rotation(&next).unwrap();
    assert_eq!(keystore.read(&alias("a")).unwrap(), wallet);
    assert_eq!(keystore.list().unwrap(), [wallet]);
    assert_eq!(keystore.begun_rotation(&alias("a")).unwrap(), Some(next.clone()));
    // What was begun is never written over.
    assert!(matches!(keystore.begin_rotation(&next), Err(KeystoreError::Exists { .. })));
    keystore.end_rotation(&alias("a")).unwrap();
    assert_eq!(keystore.begun_rotation(&alias("a")).unwrap(), None);
    assert_eq!(keystore.read(&alias("a")).unwrap(), next);
}

#[test]
fn names_that_are_no_names_are_refused() {
    for text in ["", "../x", "a/b", ".hidden", "-f", "a b", "a\0", &"x".repeat(65)] {
        assert_eq!(Alias::new(text), None, "{text:?}");
    }
    for text in ["alice", "花子", "shop-1", "か\u{3099}"] {
        assert!(Alias::new(text).is_some(), "{text:?}");
    }
    assert_eq!(alias("か\u{3099}"), alias("が"), "one name in every normal form");
}

#[test]
fn a_file_under_another_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = Keystore::at(folder.path().to_owned());
    let (_, wallet) = sealed("a");
    keystore.write(&wallet, Existing::Keep).unwrap();
    std::fs::rename(keystore.path(&alias("a")), keystore.path(&alias("b"))).unwrap();
    assert!(matches!(keystore.read(&alias("b")), Err(KeystoreError::NotAWallet)));
}
