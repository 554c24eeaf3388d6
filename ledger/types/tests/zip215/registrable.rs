//! Which keys may enter the state: canonical points that are not of small order.

use ledger_types::{PublicKey, SigningKey};

use crate::cases::{all_non_canonical, small_order_encodings};
use crate::reference;

#[test]
fn keys_of_small_order_are_refused() {
    for bytes in small_order_encodings() {
        assert!(!PublicKey::Ed25519(bytes).is_registrable(), "{bytes:02x?}");
    }
}

#[test]
fn keys_in_a_form_that_is_not_canonical_are_refused() {
    let mut count = 0;
    for bytes in all_non_canonical() {
        assert!(!PublicKey::Ed25519(bytes).is_registrable(), "{bytes:02x?}");
        // The point itself may be a good key: it is the form that is refused.
        let canonical = reference::canonical(&bytes);
        let small = small_order_encodings().contains(&canonical);
        assert_eq!(PublicKey::Ed25519(canonical).is_registrable(), !small);
        count += 1;
    }
    assert!(count > 14, "only {count} such encodings");
}

#[test]
fn what_is_no_point_is_refused_and_honest_keys_are_not() {
    for byte in 0..=u8::MAX {
        let honest = SigningKey::from_seed(&[byte; 32]).public_key();
        assert!(honest.is_registrable());
        if reference::decode(&[byte; 32]).is_none() {
            assert!(!PublicKey::Ed25519([byte; 32]).is_registrable());
        }
    }
}
