//! Whoever changes its own consent for ever, and sends amounts and times near their ends.
//!
//! Every counter, sum and time that a user can move is moved as far as it goes: none of it may stop
//! a node.

use kyojo_tests::consent::{NOTICE, notice_hash};
use kyojo_tests::load::of_today;
use ledger_types::consent::{DATA_USERS, LeafChange, Recipient, TermsLeaf};
use ledger_types::operation::{
    Amend, Charge, Renew, RequestRedeem, Resume, Suspend, Transfer, Widen,
};
use ledger_types::{ConsentId, Hash, Operation, Timestamp, Yen, ZoneId};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{language, random, subjects};

/// As many as a transaction may hold within a data subject's allowance.
const MANY: u64 = 64;

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut people: Vec<(ConsentId, Sender)> = subjects::ENDLESS
        .map(|one| (foe.stage.people.consent(one), Sender::new(foe.stage.people.subject(one), 1)))
        .collect();
    let mut citizen = Sender::new(foe.stage.foes[0].clone(), 0);
    let samples = Operation::samples();
    let mut left = u64::from(u32::MAX);
    while let Some(turn) = foe.turn().await {
        let place = turn / 8 % people.len();
        let (consent, subject) = &mut people[place];
        match turn % 8 {
            0 => foe.act(subject, paused(*consent), Law::Bounded).await,
            1 => {
                let narrower = (0..MANY).map(|step| narrower(*consent, left - step)).collect();
                left -= MANY;
                foe.act(subject, narrower, Law::Bounded).await;
            }
            2 => foe.act(subject, renewed(*consent), Law::Bounded).await,
            3 => foe.act(subject, vec![far_amendment(*consent, turn)], Law::Forbidden).await,
            4 => foe.act(subject, vec![far_widening(*consent, turn)], Law::Forbidden).await,
            5 => {
                let to = foe.stage.honest[0].account;
                for operation in far_money(to, turn) {
                    foe.act(&mut citizen, vec![operation], Law::Forbidden).await;
                }
            }
            // Any operation at all, by whoever may not or may.
            6 => foe.act(&mut citizen, vec![sample(&samples, turn)], Law::Bounded).await,
            _ => foe.act(subject, vec![sample(&samples, turn)], Law::Bounded).await,
        }
    }
    Ok(foe.deeds)
}

fn sample(samples: &[Operation], turn: usize) -> Operation {
    samples[turn / 8 % samples.len()].clone()
}

fn paused(consent: ConsentId) -> Vec<Operation> {
    let pair = [Operation::Suspend(Suspend { consent }), Operation::Resume(Resume { consent })];
    (0..MANY / 2).flat_map(|_| pair.clone()).collect()
}

/// A limit of uses that is lower by one each time.
fn narrower(consent: ConsentId, use_limit: u64) -> Operation {
    let use_limit = u32::try_from(use_limit).ok();
    Operation::Amend(Amend { consent, changes: vec![], expires: None, use_limit })
}

fn renewed(consent: ConsentId) -> Vec<Operation> {
    let renew = || {
        Operation::Renew(Renew {
            consent,
            notice_version: 1,
            language: language(),
            notice_hash: notice_hash(),
            presentation_commitment: random(),
        })
    };
    (0..MANY).map(|_| renew()).collect()
}

/// A change that narrows nothing: its numbers lie at their ends.
fn far_amendment(consent: ConsentId, turn: usize) -> Operation {
    let recipient = Recipient::Roles(DATA_USERS);
    let leaf = TermsLeaf { sensitive: true, recipient, commitment: random() };
    let change =
        LeafChange { index: u32::MAX, leaf, path: vec![Hash::ZERO; 16], replacement: None };
    let (changes, expires, use_limit) = match turn / 8 % 4 {
        0 => (vec![], Some(Timestamp::from_millis(u64::MAX)), None),
        1 => (vec![], Some(Timestamp::from_millis(0)), Some(0)),
        2 => (vec![change; 16], None, Some(u32::MAX)),
        _ => (vec![], None, None),
    };
    Operation::Amend(Amend { consent, changes, expires, use_limit })
}

/// New terms under a notice that there is not, or until a time that there is not.
fn far_widening(consent: ConsentId, turn: usize) -> Operation {
    let notice_version = if (turn / 8).is_multiple_of(2) { u32::MAX } else { 0 };
    Operation::Widen(Widen {
        consent,
        terms_root: random(),
        notice: NOTICE,
        notice_version,
        language: language(),
        notice_hash: notice_hash(),
        presentation_commitment: random(),
        expires: Timestamp::from_millis(u64::MAX),
        use_limit: Some(u32::MAX),
    })
}

/// More money than there is, in every way.
fn far_money(to: ledger_types::AccountId, turn: usize) -> [Operation; 3] {
    let amount = Yen::new(u64::MAX - (turn as u64 & 1));
    let redeem =
        if (turn / 8).is_multiple_of(2) { of_today(random()) } else { Hash::new([0xff; 32]) };
    let transfer = Transfer { to, amount, reference: None };
    [
        Operation::Transfer(transfer),
        Operation::RequestRedeem(RequestRedeem { redeem, amount }),
        Operation::Charge(Charge { zone: ZoneId::new(1), amount }),
    ]
}
