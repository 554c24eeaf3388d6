//! Whoever sends more than its allowance at several nodes at once, leaves gaps among its nonces,
//! sends the same bytes everywhere, or uses what weighs nothing.

use kyojo_tests::load::Signed;
use ledger_types::operation::{Resume, Suspend, Transfer, Withdraw};
use ledger_types::{AccountId, ConsentId, Operation, Yen};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{random, subjects};

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut citizens: Vec<Sender> =
        foe.stage.foes[1..32].iter().map(|one| Sender::new(one.clone(), 0)).collect();
    let mut free: Vec<(ConsentId, Sender)> = subjects::FREE
        .map(|one| (foe.stage.people.consent(one), Sender::new(foe.stage.people.subject(one), 1)))
        .collect();
    let to = foe.stage.honest[0].account;
    while let Some(turn) = foe.turn().await {
        let place = turn / 5 % citizens.len();
        let citizen = &mut citizens[place];
        match turn % 5 {
            0 => everywhere(&mut foe, citizen, to, 0).await,
            1 => everywhere(&mut foe, citizen, to, 32).await,
            2 => {
                let gap = |ahead| citizen.sign(&foe.stage, ahead, transfers(to, 1));
                let bundle: Vec<Signed> =
                    [127, 126, 128, 1 << 32, u64::MAX].into_iter().map(gap).collect();
                foe.bulk(&bundle, Law::Bounded).await;
            }
            3 => {
                let same = vec![citizen.sign(&foe.stage, 0, transfers(to, 1)); 64];
                let bundles = vec![same; foe.stage.urls.len()];
                let verdicts = foe.bulks(bundles, Law::Bounded).await;
                citizen.learn(verdicts.first().and_then(|all| all.get(..1)).unwrap_or_default());
            }
            _ => {
                let place = turn / 5 % free.len();
                let (consent, subject) = &mut free[place];
                free_of_charge(&mut foe, *consent, subject).await;
            }
        }
    }
    Ok(foe.deeds)
}

/// Four bundles of a whole allowance each, to four nodes at the same time: with the same nonces, or
/// with nonces so far apart.
async fn everywhere(foe: &mut Foe, citizen: &mut Sender, to: AccountId, apart: u64) {
    let nodes = foe.stage.urls.len() as u64;
    let bundle = |node: u64| -> Vec<Signed> {
        (0..32).map(|at| citizen.sign(&foe.stage, node * apart + at, transfers(to, 8))).collect()
    };
    let bundles = (0..nodes).map(bundle).collect();
    let verdicts = foe.bulks(bundles, Law::Bounded).await;
    let first = verdicts.first().map(Vec::as_slice).unwrap_or_default();
    citizen.learn(first);
}

fn transfers(to: AccountId, count: usize) -> Vec<Operation> {
    let amount = Yen::new(1 + u64::from(random().as_bytes()[0]));
    vec![Operation::Transfer(Transfer { to, amount, reference: None }); count]
}

/// Takes a consent up again, and suspends it as often as the window holds before a block comes:
/// what ends one's own weighs nothing. Between, withdrawals of what never was.
async fn free_of_charge(foe: &mut Foe, consent: ConsentId, subject: &mut Sender) {
    let resume = Operation::Resume(Resume { consent });
    foe.act(subject, vec![resume], Law::Bounded).await;
    let suspend = || vec![Operation::Suspend(Suspend { consent }); 64];
    let mut bundle: Vec<Signed> =
        (0..96).map(|ahead| subject.sign(&foe.stage, ahead, suspend())).collect();
    let nothing = Operation::Withdraw(Withdraw { consent: ConsentId::new(random()) });
    bundle.extend((96..127).map(|ahead| subject.sign(&foe.stage, ahead, vec![nothing.clone()])));
    let verdicts = foe.bulk(&bundle, Law::Bounded).await;
    subject.learn(&verdicts);
}
