//! Whoever reads what is not its own: signed for another node or network, of strangers, by auditors
//! without a view; and whoever asks for headers and sums as fast as it can.

use kyojo_tests::load::{Payer, now};
use ledger_types::{Hash, Height, TransactionId};
use node_api::path::{self, Path};
use node_api::signature::{self, Message, Moment};
use reqwest::RequestBuilder;

use crate::foe::{Deeds, Foe, Law};
use crate::stage::subjects;

/// How many headers are asked for in a turn.
const HEADERS: u64 = 16;

/// How a request is signed.
#[derive(Clone, Copy, Debug)]
enum Seal {
    /// As it should be.
    Right,
    /// For the next node.
    OtherNode,
    /// For another network.
    OtherNetwork,
    /// An hour ago.
    Stale,
    /// By another key.
    OtherKey,
    /// Not at all.
    Missing,
}

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let readers = [
        foe.stage.foes[0].clone(),
        foe.stage.party("party-shop-analytics")?.payer,
        foe.stage.party("party-auditor")?.payer,
        foe.stage.actor("auditor")?,
        foe.stage.actor("university")?,
    ];
    let wrong = [Seal::OtherNode, Seal::OtherNetwork, Seal::Stale, Seal::OtherKey, Seal::Missing];
    while let Some(turn) = foe.turn().await {
        let reader = &readers[turn / 3 % readers.len()];
        match turn % 3 {
            // Everything of its own, but for how it is signed.
            0 => {
                let own = path::account(&foe.stage.address(&reader.account));
                let seal = wrong[turn / 3 % wrong.len()];
                let request = signed(&foe, &own, reader, seal);
                foe.ask(request, &format!("{seal:?} {own}"), Law::Forbidden).await;
            }
            1 => {
                let others = others(&foe)?;
                let path = &others[turn / 3 % others.len()];
                let request = signed(&foe, path, reader, Seal::Right);
                foe.ask(request, path.as_str(), Law::Forbidden).await;
            }
            _ => headers(&mut foe, turn as u64).await,
        }
    }
    Ok(foe.deeds)
}

/// What concerns others.
fn others(foe: &Foe) -> anyhow::Result<Vec<Path>> {
    let stage = &foe.stage;
    let holder = stage.address(&stage.honest[0].account);
    let child = stage.people.subject(subjects::CHILD);
    let subject = stage.address(&child.account);
    let consent = stage.people.consent(subjects::CHILD);
    let clinic = stage.party("party-clinic")?.party;
    Ok(vec![
        path::account(&holder),
        path::history(&holder),
        path::account_bundle(&holder),
        path::account(&subject),
        path::subject_log(&subject),
        path::consent(&consent),
        path::consent_log(&consent),
        path::consent_bundle(&consent),
        path::party_log(clinic),
        path::duties(clinic),
        path::request(&Hash::of(&[b"nobody's"])),
        path::view(&Hash::of(&[b"nobody's"])),
        path::glass(&Hash::of(&[b"nobody's"])),
    ])
}

fn signed(foe: &Foe, path: &Path, reader: &Payer, seal: Seal) -> RequestBuilder {
    let url = foe.url(0);
    let request = foe.http().get(format!("{url}{path}"));
    let (addressed, genesis) = match seal {
        Seal::OtherNode => (foe.url(1), foe.stage.genesis),
        Seal::OtherNetwork => (url, Hash::of(&[b"another network"])),
        Seal::Right | Seal::Stale | Seal::OtherKey => (url, foe.stage.genesis),
        Seal::Missing => return request,
    };
    let key = match seal {
        Seal::OtherKey => &foe.stage.foes[1].key,
        Seal::Right | Seal::OtherNode | Seal::OtherNetwork | Seal::Stale | Seal::Missing => {
            &reader.key
        }
    };
    let ago = if matches!(seal, Seal::Stale) { 3_600 } else { 0 };
    let message = Message {
        genesis: &genesis,
        method: "GET",
        authority: addressed.trim_start_matches("http://"),
        path: path.as_str(),
        query: None,
        body: &[],
    };
    let created = Moment::at(now().as_millis() / 1_000 - ago);
    let headers = signature::sign(&message, &foe.stage.address(&reader.account), key, created);
    request
        .header(signature::SIGNATURE_INPUT, headers.signature_input)
        .header(signature::SIGNATURE, headers.signature)
}

/// Headers, sums, proofs and whatever else is open, at once.
async fn headers(foe: &mut Foe, turn: u64) {
    for height in 1..=HEADERS {
        let height = 1 + (turn * HEADERS + height) % 200;
        let open = [
            path::block(Height::new(height)),
            path::block_receipts(Height::new(height)),
            path::block_bundle(Height::new(height)),
            path::supply(),
            path::receipt_proof(&TransactionId::new(Hash::of(&[&height.to_be_bytes()]))),
            path::log_proof(height),
        ];
        let path = &open[usize::try_from(height).unwrap_or(0) % open.len()];
        let request = foe.http().get(format!("{}{path}", foe.url(0)));
        foe.ask(request, path.as_str(), Law::Bounded).await;
    }
}
