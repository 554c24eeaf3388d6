//! Who forgot its votes waits; who was there at the beginning does not.

use kyojo_disk::crash::{Disk, End};
use ledger_types::{Height, SigningKey, Validator, ValidatorSet};

use super::{Decision, FirstVoters, Mark, Place, Standing};

const FOLLOWING: Standing = Standing::Following { live: None };

fn height(number: u64) -> Height {
    Height::new(number)
}

#[test]
fn the_log_and_the_mark_decide_the_standing_at_start() {
    let seen = Standing::Following { live: Some(height(9)) };
    let table = [
        // mark, log, next height, expected
        (None, Some(5), 5, Standing::Voting),
        (None, Some(4), 5, Standing::Voting),
        (None, Some(3), 5, FOLLOWING),
        (None, None, 1, Standing::Beginning),
        (None, None, 5, FOLLOWING),
        (None, Some(0), 1, Standing::Voting),
        (Some(seen), Some(10), 11, seen),
        (Some(Standing::Beginning), Some(1), 1, Standing::Beginning),
        (Some(FOLLOWING), None, 1, FOLLOWING),
    ];
    for (mark, log, next, expected) in table {
        let standing = Standing::at_start(mark, log.map(height), height(next));
        assert_eq!(standing, expected, "mark {mark:?}, log {log:?}, next {next}");
    }
}

#[test]
fn a_follower_votes_two_heights_past_the_first_tip_it_saw() {
    let mut standing = FOLLOWING;
    for (number, decision, may_vote) in [
        (1, Decision::Synced, false),
        (2, Decision::Synced, false),
        // The tip is 2 when height 3 is decided before its eyes.
        (3, Decision::Live, false),
        (4, Decision::Live, true),
        (5, Decision::Synced, true),
    ] {
        standing = standing.after(height(number), decision, false);
        assert_eq!(standing.may_vote(), may_vote, "after {number}");
    }
}

#[test]
fn a_beginning_shows_itself_at_the_first_height() {
    let after =
        |decision, is_beginning| Standing::Beginning.after(height(1), decision, is_beginning);
    assert_eq!(after(Decision::Live, false), Standing::Voting);
    assert_eq!(after(Decision::Synced, true), Standing::Voting);
    assert_eq!(after(Decision::Synced, false), FOLLOWING);
}

#[test]
fn one_faulty_validator_cannot_pretend_a_beginning() {
    let key = |number| SigningKey::from_seed(&[number; 32]).public_key();
    let validators = (1..=4).map(|number| Validator { key: key(number), power: 10 }).collect();
    let set = ValidatorSet::new(validators).expect("a sound set");
    let members = set.as_slice();
    let mut voters = FirstVoters::default();
    assert!(!voters.show_a_beginning(&set, 10));
    voters.note(members[1].address(), 10);
    voters.note(members[1].address(), 10);
    assert!(!voters.show_a_beginning(&set, 10));
    voters.note(members[2].address(), 10);
    assert!(voters.show_a_beginning(&set, 10));
}

#[test]
fn the_mark_is_read_as_it_was_written_and_never_guessed() {
    let home = tempfile::tempdir().expect("a directory");
    let mark = Mark::in_home(home.path());
    assert_eq!(mark.read().expect("reads"), None);
    let seen = Standing::Following { live: Some(height(7)) };
    for standing in [Standing::Beginning, FOLLOWING, seen] {
        mark.write(standing).expect("writes");
        assert_eq!(mark.read().expect("reads"), Some(standing));
    }
    mark.write(Standing::Voting).expect("removes");
    assert_eq!(mark.read().expect("reads"), None);
    std::fs::write(home.path().join("standing"), "following the leader").expect("writes");
    assert!(mark.read().expect_err("says nothing known").do_not_restart());
}

#[test]
fn a_mark_that_was_written_or_removed_stays_so_after_any_crash() {
    let steps_of = |written: Standing, before: Standing| {
        let mut steps = 0;
        loop {
            let home = tempfile::tempdir().expect("a directory");
            let mark = Mark::in_home(home.path());
            mark.write(before).expect("writes");
            let disk = Disk::watch(home.path()).expect("watches");
            disk.end_after(steps, End::Power);
            let ended = mark.write(written);
            let images = tempfile::tempdir().expect("a directory");
            for place in disk.survivors(images.path()).expect("survives") {
                let found = Mark::in_home(&place).read().expect("whole");
                let expected = |standing| (standing != Standing::Voting).then_some(standing);
                let is_new = found == expected(written);
                assert!(is_new || (ended.is_err() && found == expected(before)), "{found:?}");
            }
            if ended.is_ok() {
                return steps;
            }
            steps += 1;
        }
    };
    let seen = Standing::Following { live: Some(height(7)) };
    assert!(steps_of(FOLLOWING, Standing::Voting) > 3);
    assert!(steps_of(seen, FOLLOWING) > 3);
    assert!(steps_of(Standing::Voting, seen) > 1);
}

#[test]
fn a_full_disk_is_told_from_a_mark_that_cannot_be_read() {
    let home = tempfile::tempdir().expect("a directory");
    let disk = Disk::watch(home.path()).expect("watches");
    for steps in 0..4 {
        disk.end_after(steps, End::Room);
        let fault = Mark::in_home(home.path()).write(FOLLOWING).expect_err("full");
        assert_eq!(fault.restart(), crate::fault::Restart::OnceFreed, "{fault}");
        assert!(fault.to_string().contains("free space on that file system"), "{fault}");
        assert!(disk.mend());
    }
    Mark::in_home(home.path()).write(FOLLOWING).expect("there is room again");
}

#[test]
fn a_log_that_was_copied_is_known_by_its_place() {
    let home = tempfile::tempdir().expect("a directory");
    let (log, place) = (home.path().join("consensus.wal"), Place::in_home(home.path()));
    assert!(!place.is_of_another(&log).expect("nothing is noted"));
    std::fs::write(&log, "what was signed").expect("writes");
    place.write(&log).expect("notes");
    assert!(!place.is_of_another(&log).expect("reads"), "it is where it was");
    std::fs::write(&log, "more was signed").expect("writes");
    assert!(!place.is_of_another(&log).expect("reads"), "it grew where it was");
    let backup = tempfile::tempdir().expect("a directory");
    for name in ["consensus.wal", "place"] {
        std::fs::copy(home.path().join(name), backup.path().join(name)).expect("copies");
    }
    let restored = Place::in_home(backup.path());
    assert!(restored.is_of_another(&backup.path().join("consensus.wal")).expect("reads"));
}
