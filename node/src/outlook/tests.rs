//! What a node says of itself: each reason for itself, and nobody counted who does not vote.

use ledger_types::{SigningKey, Validator};

use super::*;
use crate::config::Lack;

fn validators() -> ValidatorSet {
    let keys = (1..=4).map(|number| SigningKey::from_seed(&[number; 32]).public_key());
    ValidatorSet::new(keys.map(|key| Validator { key, power: 1 }).collect()).unwrap()
}

fn seat(place: usize) -> Seat {
    let said = Peer { height: Some(Height::new(100)), answers: true, votes: true };
    let (name, peer) = (format!("validator {place}"), format!("peer {place}"));
    Seat { name, power: 1, peer, is_connected: true, said: Some(said) }
}

/// Validator 0 of four, among whom everything is well.
fn well() -> Outlook {
    Outlook {
        role: Role::Validator { place: 0 },
        stance: Stance::Voting,
        power: 1,
        seats: (1..4).map(|place| (place, seat(place))).collect(),
        connected: 3,
        configured: 3,
        may_see_quorum: true,
        validity: Duration::from_secs(60),
        highest: Height::new(100),
        begins: None,
        foreign: Vec::new(),
        genesis: Hash::ZERO,
        doubled: Vec::new(),
        shared: Vec::new(),
        twins: Vec::new(),
    }
}

/// The only validator there is.
pub(crate) fn alone() -> Outlook {
    Outlook {
        seats: BTreeMap::new(),
        connected: 0,
        configured: 0,
        highest: Height::GENESIS,
        ..well()
    }
}

fn now() -> Now {
    Now {
        height: Height::new(100),
        waiting: 0,
        since_commit: Duration::from_secs(3600),
        is_stopping: false,
    }
}

fn waits(change: impl FnOnce(&mut Outlook, &mut Now)) -> Vec<String> {
    let (mut outlook, mut now) = (well(), now());
    change(&mut outlook, &mut now);
    outlook.waits(&validators(), &now)
}

/// The one thing that is waited for.
fn sole(change: impl FnOnce(&mut Outlook, &mut Now)) -> String {
    let waits = waits(change);
    assert_eq!(waits.len(), 1, "{waits:?}");
    waits.concat()
}

#[test]
fn an_idle_network_with_its_quorum_is_ready_however_old_its_last_block_is() {
    assert_eq!(waits(|_, _| {}), [""; 0]);
}

/// What becomes of a seat.
type Change = fn(&mut Seat);

#[test]
fn without_a_quorum_an_idle_node_is_not_ready_and_names_who_is_missing() {
    let one = |change: fn(&mut Seat)| {
        move |outlook: &mut Outlook, _: &mut Now| {
            for place in [2, 3] {
                change(outlook.seats.get_mut(&place).unwrap());
            }
        }
    };
    let changes: [(Change, &str); 5] = [
        (|seat| (seat.is_connected, seat.said) = (false, None), "(not connected)"),
        (|seat| seat.is_connected = false, "(its consensus port is not connected)"),
        (|seat| seat.said = None, "(its gossip port is not connected)"),
        (|seat| seat.said.as_mut().unwrap().answers = false, "(does not answer)"),
        (|seat| seat.said.as_mut().unwrap().votes = false, "(does not vote)"),
    ];
    for (change, why) in changes {
        let told = sole(one(change));
        assert!(told.starts_with("validators with 2 of 4 votes are here and vote"), "{told}");
        assert!(told.contains(&format!("validator 2 {why}, validator 3 {why}")), "{told}");
    }
    // One of four may be missing.
    assert_eq!(waits(|outlook, _| _ = outlook.seats.remove(&2)), [""; 0]);
}

#[test]
fn a_validator_that_does_not_vote_says_so_and_what_to_do() {
    let mute = Role::Mute { place: 0, lacks: Lack::NoKey };
    let told = sole(|outlook, _| (outlook.role, outlook.stance) = (mute, Stance::Observing));
    assert!(told.contains("there is no consensus.key") && told.contains("backup"), "{told}");
    let live = Some(Height::new(90));
    let told = sole(|outlook, _| outlook.stance = Stance::Following { live });
    assert!(told.contains("no memory of its votes") && told.contains("90"), "{told}");
    let told = sole(|outlook, _| outlook.stance = Stance::Beginning);
    assert!(told.contains("waits for the first one"), "{told}");
    let told = sole(|outlook, _| outlook.stance = Stance::Asking);
    assert!(told.contains("asks where the others are") && told.contains("4 of 4"), "{told}");
    assert_eq!(
        sole(|outlook, _| outlook.stance = Stance::Starting),
        "consensus has not started yet"
    );
}

#[test]
fn a_network_that_has_not_begun_says_when_it_does() {
    let at = Timestamp::from_millis(1_793_750_400_000);
    let told = sole(|outlook, _| outlook.begins = Some((at, Duration::from_secs(90))));
    assert!(
        told.starts_with("the network begins at 2026-11-04T09:00:00.000+09:00, in 90 s"),
        "{told}"
    );
    assert!(told.contains("genesis.json") && told.contains("this machine's clock"), "{told}");
}

#[test]
fn an_observer_of_few_is_ready_while_blocks_come() {
    let observer = |seconds| {
        waits(|outlook, now| {
            outlook.seats.values_mut().for_each(|seat| seat.is_connected = false);
            (outlook.role, outlook.stance) = (Role::Observer, Stance::Observing);
            (outlook.power, outlook.may_see_quorum) = (0, false);
            now.since_commit = Duration::from_secs(seconds);
        })
    };
    assert_eq!(observer(30), [""; 0]);
    assert_eq!(observer(31), ["the last block came 31 s ago"]);
}

#[test]
fn every_other_reason_stands_for_itself() {
    assert_eq!(sole(|_, now| now.is_stopping = true), "the node is stopping");
    let told = sole(|outlook, _| outlook.connected = 0);
    assert_eq!(told, "none of 3 peers is connected");
    let told = sole(|outlook, _| outlook.highest = Height::new(111));
    assert_eq!(told, "11 blocks behind a peer at height 111");
    assert_eq!(waits(|outlook, _| outlook.highest = Height::new(110)), [""; 0]);
    let told = sole(|_, now| now.waiting = 5);
    assert_eq!(told, "5 transactions wait, the last commit is 3600 s old");
}

#[test]
fn another_genesis_is_named_with_both_hashes_and_waited_for_where_it_leaves_no_quorum() {
    let theirs = Hash::of(&[b"other"]);
    let foreign =
        |outlook: &mut Outlook| outlook.foreign = vec![("validator 2".to_owned(), theirs)];
    let mut outlook = well();
    foreign(&mut outlook);
    assert_eq!(outlook.waits(&validators(), &now()), [""; 0]);
    let warned = outlook.warnings().concat();
    let waits = waits(|outlook, _| {
        foreign(outlook);
        outlook.seats.values_mut().for_each(|seat| seat.said = None);
    });
    assert_eq!(waits[1], warned);
    for part in [theirs.to_string(), Hash::ZERO.to_string(), "validator 2".to_owned()] {
        assert!(warned.contains(&part), "{warned}");
    }
}

#[test]
fn a_network_key_that_two_nodes_have_is_named_to_both_and_to_the_others() {
    let mut outlook = well();
    outlook.shared = vec!["validator 2".to_owned()];
    outlook.twins = vec!["validator 1".to_owned(), "validator 3".to_owned()];
    let body = outlook.body(&validators(), &now());
    assert!(body.ready, "{body:?}");
    let [own, other] = body.warnings.as_slice() else { panic!("{body:?}") };
    for part in ["this node's network.key", "validator 1, validator 3", "kyojo-node init"] {
        assert!(own.contains(part), "{own}");
    }
    assert!(other.contains("network.key of validator 2") && other.contains("stops"), "{other}");
}

#[test]
fn a_key_that_two_nodes_have_is_named_though_the_network_goes_on() {
    let mut outlook = well();
    outlook.doubled = vec![("validator 2".to_owned(), Height::new(7))];
    assert_eq!(outlook.waits(&validators(), &now()), [""; 0]);
    let warnings = outlook.body(&validators(), &now()).warnings;
    assert!(
        warnings[0].contains("validator 2") && warnings[0].contains("two nodes"),
        "{warnings:?}"
    );
}
