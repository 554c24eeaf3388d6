//! What was queued is there after the process is gone, once, sealed.

use consent_records::commitment::Opening;
use consent_records::format::Version;
use ledger_types::{AccountId, Height, Nonce, PartyId, Timestamp, TransactionId};

use super::*;
use crate::disclosure::Description;

fn record(access: u8, half: Half) -> HalfRecord {
    let document = Description {
        version: Version,
        access: Hash::new([access; 32]),
        consent: None,
        holder: PartyId::new(2),
        recipient: PartyId::new(3),
        at: Timestamp::from_millis(1_800_000_000_000).into(),
        route: "/patients/{person}".to_owned(),
        fields: vec!["/drug".to_owned()],
        count: 1,
        body: Hash::new([4; 32]),
        asker: Hash::new([5; 32]),
    };
    let transaction = Sealed {
        id: TransactionId::new(Hash::new([access; 32])),
        account: AccountId::new([2; 20]),
        nonce: Nonce::new(u64::from(access)),
        bytes: vec![1, 2, 3],
    };
    HalfRecord {
        half,
        disclosure: Opening::fresh(document),
        asker: None,
        holder_salt: Hash::new([6; 32]),
        naming: None,
        queued: Timestamp::from_millis(1),
        state: HalfState::Queued { transaction },
    }
}

#[test]
fn a_queued_half_is_found_after_the_store_was_closed_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let key = [7; 32];
    let (holder, recipient) = (record(1, Half::Holder), record(1, Half::Recipient));
    {
        let store = Store::open(folder.path(), &key, Purpose::Serve).unwrap();
        assert!(!store.has_served(&holder.access()).unwrap());
        store.queue(&holder).unwrap();
        store.queue(&recipient).unwrap();
        assert!(matches!(store.queue(&record(1, Half::Holder)), Err(StoreError::Served)));
        assert!(Store::open(folder.path(), &key, Purpose::Serve).is_err(), "one process serves");
    }
    let store = Store::open(folder.path(), &key, Purpose::Serve).unwrap();
    assert!(store.has_served(&holder.access()).unwrap());
    assert_eq!(store.open_halves().unwrap(), [holder.clone(), recipient]);
    let mut done = holder;
    done.state = HalfState::Matched { height: Height::new(9) };
    store.update(&done).unwrap();
    assert_eq!(store.open_halves().unwrap().len(), 1, "what met its counterpart is not open");
    assert_eq!(store.all_halves().unwrap().len(), 2, "but kept");
    assert_eq!(store.record(Half::Holder, &done.access()).unwrap(), Some(done));
}

#[test]
fn a_look_beside_the_process_that_serves_sees_what_was_queued() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Store::open(folder.path(), &[7; 32], Purpose::Serve).unwrap();
    serving.queue(&record(1, Half::Holder)).unwrap();
    let looking = Store::open(folder.path(), &[7; 32], Purpose::Look).unwrap();
    assert_eq!(looking.open_halves().unwrap().len(), 1);
    assert!(looking.queue(&record(2, Half::Holder)).is_err());
}

#[test]
fn another_key_opens_nothing_and_a_moved_record_neither() {
    let folder = tempfile::tempdir().unwrap();
    let access = record(1, Half::Holder).access();
    {
        let store = Store::open(folder.path(), &[7; 32], Purpose::Serve).unwrap();
        store.queue(&record(1, Half::Holder)).unwrap();
    }
    let store = Store::open(folder.path(), &[8; 32], Purpose::Serve).unwrap();
    assert!(matches!(store.open_halves(), Err(StoreError::Broken { .. })));
    drop(store);
    let store = Store::open(folder.path(), &[7; 32], Purpose::Serve).unwrap();
    let sealed = store.inner.database.get(half_key(RECORD, Half::Holder, &access)).unwrap();
    let elsewhere = half_key(RECORD, Half::Recipient, &access);
    store.inner.database.put(elsewhere, sealed.unwrap()).unwrap();
    assert!(matches!(store.record(Half::Recipient, &access), Err(StoreError::Broken { .. })));
}

#[test]
fn a_holder_that_is_being_named_stays_open_until_the_ledger_has_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let mut half = record(1, Half::Recipient);
    let HalfState::Queued { transaction } = half.state.clone() else { panic!("it is queued") };
    assert_eq!((half.owed_by(), half.on_its_way()), (None, Some((Errand::Record, &transaction))));
    half.state = HalfState::Recorded { height: Height::new(9) };
    assert_eq!((half.owed_by(), half.on_its_way()), (Some(PartyId::new(3)), None));
    half.queue(Errand::Name, transaction.clone());
    assert_eq!(half.owed_by(), Some(PartyId::new(3)), "the requester, until the ledger says more");
    half.state = HalfState::Matched { height: Height::new(9) };
    {
        let store = Store::open(folder.path(), &[7; 32], Purpose::Serve).unwrap();
        store.queue(&half).unwrap();
    }
    let store = Store::open(folder.path(), &[7; 32], Purpose::Serve).unwrap();
    let open = store.open_halves().unwrap();
    assert_eq!(open, [half.clone()]);
    assert_eq!(open[0].on_its_way(), Some((Errand::Name, &transaction)));
    half.naming = Some(Naming::Named { height: Height::new(10) });
    store.update(&half).unwrap();
    assert_eq!(store.open_halves().unwrap(), []);
    half.state = HalfState::Recorded { height: Height::new(9) };
    assert_eq!(half.owed_by(), Some(PartyId::new(2)), "the holder that was named");
    assert_eq!(record(1, Half::Holder).owed_by(), None);
}
