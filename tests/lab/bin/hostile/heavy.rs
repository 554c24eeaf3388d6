//! Whoever would fill blocks: large notices and broken glasses by parties, wide amendments by
//! people and citizens, and signatures that do not verify.

use kyojo_tests::load::{Signed, now, of_today};
use ledger_types::consent::{
    DATA_USERS, Language, LeafChange, Materiality, NoticeContent, Recipient, TermsLeaf,
};
use ledger_types::limits::{LEAF_CHANGES_MAX, NOTICE_MEDIA_MAX, TERMS_PATH_MAX};
use ledger_types::operation::{Amend, BreakGlass, PublishNotice};
use ledger_types::{ConsentId, Hash, NoticeId, Operation, Transaction, codec};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{random, subjects};

/// As many wide amendments as fit into a transaction's bytes.
const AMENDMENTS: usize = 6;
/// As many transactions of them as a person's allowance holds, and some more.
const AMENDING: u64 = 48;

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut publisher = Sender::new(foe.stage.party("party-city-health")?.payer, 0);
    let mut clinic = Sender::new(foe.stage.party("party-clinic")?.payer, 0);
    let people = subjects::WIDE.map(|one| Sender::new(foe.stage.people.subject(one), 1));
    let citizens = foe.stage.foes[32..63].iter().map(|foe| Sender::new(foe.clone(), 0));
    let mut wide: Vec<Sender> = people.chain(citizens).collect();
    let mut published = 0;
    while let Some(turn) = foe.turn().await {
        match turn % 4 {
            0 => {
                let bundle: Vec<Signed> = (0..16)
                    .map(|ahead| {
                        published += 64;
                        publisher.sign(&foe.stage, ahead, notices(published))
                    })
                    .collect();
                let verdicts = foe.bulk(&bundle, Law::Bounded).await;
                publisher.learn(&verdicts);
            }
            1 => {
                let glasses = |_| (0..64).map(|_| glass()).collect();
                let bundle: Vec<Signed> =
                    (0..16).map(|ahead| clinic.sign(&foe.stage, ahead, glasses(ahead))).collect();
                let verdicts = foe.bulk(&bundle, Law::Bounded).await;
                clinic.learn(&verdicts);
            }
            2 => {
                let place = turn / 4 % wide.len();
                let sender = &wide[place];
                let amended = |ahead| sender.sign(&foe.stage, ahead, vec![amendment(); AMENDMENTS]);
                let bundle: Vec<Signed> = (0..AMENDING).map(amended).collect();
                let verdicts = foe.bulk(&bundle, Law::Bounded).await;
                wide[place].learn(&verdicts);
            }
            _ => {
                let sender = &wide[turn / 4 % wide.len()];
                let unsigned = sender.sign(&foe.stage, 0, vec![amendment()]);
                let bundle: Vec<Signed> = (0..64).map(|_| spoilt(&unsigned)).collect();
                foe.bulk(&bundle, Law::Bounded).await;
            }
        }
    }
    Ok(foe.deeds)
}

/// 64 notices in every language that fits, each new.
fn notices(first: u32) -> Vec<Operation> {
    let languages = ('a'..='p').filter_map(|letter| Language::new(&format!("a{letter}")));
    let contents: Vec<NoticeContent> =
        languages.map(|language| NoticeContent { language, content_hash: random() }).collect();
    let notice = |number| {
        Operation::PublishNotice(PublishNotice {
            notice: NoticeId::new(first + number),
            version: 1,
            materiality: Materiality::Material,
            contents: contents.clone(),
            media_hashes: vec![Hash::ZERO; NOTICE_MEDIA_MAX],
        })
    };
    (0..64).map(notice).collect()
}

/// An emergency that somebody has to review.
fn glass() -> Operation {
    Operation::BreakGlass(BreakGlass {
        glass: of_today(random()),
        person: random(),
        scope: random(),
        ground: random(),
        opened: now(),
        duration_ms: 60_000,
    })
}

/// As many bytes as an amendment may have, for a weight of 2.
fn amendment() -> Operation {
    let recipient = Recipient::Roles(DATA_USERS);
    let leaf = TermsLeaf { sensitive: true, recipient, commitment: random() };
    let path = vec![random(); TERMS_PATH_MAX];
    let change = LeafChange { index: 1, leaf, path, replacement: Some(leaf) };
    Operation::Amend(Amend {
        consent: ConsentId::new(random()),
        changes: vec![change; LEAF_CHANGES_MAX],
        expires: None,
        use_limit: None,
    })
}

/// The same with a signature that is not one.
fn spoilt(signed: &Signed) -> Signed {
    let mut signed = signed.clone();
    if let Ok(mut transaction) = Transaction::decode(&signed.bytes) {
        for authorisation in &mut transaction.authorisations {
            let mut bytes = [0; 64];
            bytes[..32].copy_from_slice(random().as_bytes());
            authorisation.signature = ledger_types::Signature::Ed25519(bytes);
        }
        signed.bytes = codec::encode(&transaction).into();
    }
    signed
}
