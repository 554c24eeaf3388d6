//! Decisions: what each of their checks refuses, and what is permitted.

use ledger_proof::bundle::{Claim, Code, DecisionClaim};
use ledger_proof::record::{Guardian, Record, consent_key, notice_key, party_key};
use ledger_types::consent::{Interval, PartyStatus, Profile, PurposeProof};
use ledger_types::{ConsentStatus, Height, PartyRoles, Timestamp};

use crate::python::{one_line, ours, theirs};
use crate::refusals::{Case, changed_decision, decision};
use crate::world::{
    HOSPITAL, NOTICE, NOW_MS, PHARMACY, World, broaden, genesis, key, notice, of_before, purpose,
    trust,
};

/// The last key signs what was signed before a length stood in front of it.
fn sign_as_before(claim: &mut DecisionClaim) {
    let message = claim.request.request.signed_bytes(&genesis());
    claim.request.authorisations[1].signature = key(0x62).sign(of_before(&message));
}

#[test]
fn what_a_request_signs_is_pinned() {
    let pinned = concat!(
        "376b796f6a6f2f6163636573732d726571756573742f7631",
        "ef288753da741aa7e492e1d187564d961ec96845b1dcdfccafa7dbf92750ef24",
        "0900000005000000",
        "1b31e2831fc375515a217aed834060d966e4cfbbf7ba143b7426b621310caa05",
        "010009000000",
        "df76d161ef1f69f7893d4548eca12a5b36856d086372ccd41d83b33132da45ba",
        "0200000002000000",
        "8533c1e0eb626d24afc7031fbd1a76a5a8ebeee73bd719a38027df0082b86d39",
        "38bf7f2d5004aeddba7a66f0b4b6a4587e5593e034209d7e242e61b9995217f4",
        "00d87edb769b010000",
    );
    assert_eq!(hex::encode(World::new().request.signed_bytes(&genesis())), pinned);
}

/// Each check of a decision with a world that fails it.
pub(crate) fn decisions() -> Vec<Case> {
    let mut untimed = decision(Code::TimeMissing, |_| ());
    untimed.trust.now = None;
    let later = Timestamp::from_millis(NOW_MS + 1);
    let consent = consent_key(&crate::world::consent_id());
    let material =
        Record::Notice(ledger_proof::record::Notice { last_material_version: 4, ..notice() });
    vec![
        untimed,
        changed_decision(Code::CommitNotLast, |_| (), |claim| claim.commit = World::new().entry(2)),
        decision(Code::CheckpointStale, |w| w.cosigned = NOW_MS / 1000 - 61),
        decision(Code::CheckpointStale, |w| w.cosigned = NOW_MS / 1000 + 61),
        decision(Code::CommitStale, |w| w.block_ms = NOW_MS - 60_001),
        decision(Code::RequestStale, |w| w.request.time = Timestamp::from_millis(NOW_MS - 60_001)),
        decision(Code::RequesterUnknown, |w| _ = w.state.0.remove(&party_key(PHARMACY))),
        decision(Code::RequesterSuspended, |w| w.put_party(|p| p.status = PartyStatus::Suspended)),
        decision(Code::RoleMissing, |w| w.put_party(|p| p.roles = PartyRoles::AUDITOR)),
        decision(Code::ReviewOverdue, |w| w.put_party(|p| p.overdue_reviews = 1)),
        decision(Code::RequestUnauthorised, |w| w.request_keys = vec![0x60]),
        decision(Code::RequestUnauthorised, |w| w.request_keys = vec![0x60, 0x62, 0x77]),
        changed_decision(
            Code::RequestSignatureInvalid,
            |_| (),
            |claim| claim.request.request.time = Timestamp::from_millis(NOW_MS),
        ),
        changed_decision(Code::RequestSignatureInvalid, |_| (), sign_as_before),
        decision(Code::ConsentUnknown, |w| _ = w.state.0.remove(&consent)),
        decision(Code::ConsentEnded, |w| {
            w.put_consent(|c| {
                (c.status, c.ended) = (ConsentStatus::Withdrawn, Some(Height::new(2)));
            });
        }),
        decision(Code::ConsentEnded, |w| w.put_consent(|c| c.ended = Some(Height::new(2)))),
        decision(Code::ConsentEnded, |w| w.put_consent(|c| c.status = ConsentStatus::Revoked)),
        decision(Code::ConsentSuspended, |w| {
            w.put_consent(|c| c.status = ConsentStatus::Suspended);
        }),
        decision(Code::ConsentExpired, |w| {
            w.put_consent(|c| c.expires = Timestamp::from_millis(NOW_MS));
        }),
        decision(Code::ConsentNotYetValid, |w| w.put_consent(|c| c.valid_from = later)),
        decision(Code::NoticeUnknown, |w| _ = w.state.0.remove(&notice_key(HOSPITAL, NOTICE))),
        decision(Code::ConsentRenewalDue, |w| w.put(notice_key(HOSPITAL, NOTICE), &material)),
        decision(Code::ConsentRenewalDue, |w| {
            let (account, until) =
                (crate::world::consent().subject, Timestamp::from_millis(NOW_MS));
            w.put_consent(|c| c.guardian = Some(Guardian { account, until }));
        }),
        decision(Code::EmergencyUnproved, |w| {
            w.put_consent(|c| c.profile = Profile::Disaster { area: 5 });
        }),
        decision(Code::NotInTerms, |w| w.request.leaf_index = 3),
        decision(Code::NotInTerms, |w| w.request.leaf.sensitive = false),
        decision(Code::PurposeNotCovered, |w| w.request.purpose = Some(purpose(1))),
        decision(Code::PurposeNotCovered, |w| {
            w.put_consent(|c| c.uses = 3);
            w.request.purpose = Some(purpose(1));
        }),
        decision(Code::ConsentUsesExhausted, |w| w.put_consent(|c| c.uses = 3)),
        decision(Code::ConsentUsesExhausted, |w| {
            w.put_consent(|c| c.uses = 3);
            w.opening.as_mut().unwrap().salt[0] ^= 1;
        }),
        decision(Code::OpeningMismatch, |w| w.opening.as_mut().unwrap().salt[0] ^= 1),
        decision(Code::OpeningMismatch, |w| w.opening.as_mut().unwrap().process.push(' ')),
        decision(Code::RecordUnknown, |w| w.state.0.get_mut(&consent).unwrap().push(0)),
    ]
}

/// Purposes that a consent to care does not cover.
pub(crate) fn purposes() -> Vec<Case> {
    let asked = |purpose: Option<PurposeProof>, excludes: Vec<Interval>| {
        decision(Code::PurposeNotCovered, |w| {
            w.put_consent(|c| broaden(c, excludes));
            w.request.purpose = purpose;
        })
    };
    let changed = |change: fn(&mut PurposeProof)| {
        let mut proof = purpose(1);
        change(&mut proof);
        asked(Some(proof), vec![])
    };
    vec![
        asked(None, vec![]),
        asked(Some(purpose(3)), vec![]),
        asked(Some(purpose(1)), vec![Interval { enter: 1, exit: 1 }]),
        asked(Some(purpose(0)), vec![Interval { enter: 2, exit: 2 }]),
        changed(|proof| proof.node.number = 2),
        changed(|proof| proof.node.enter = 2),
        changed(|proof| proof.path.truncate(1)),
        decision(Code::PurposeNotCovered, |w| {
            w.put_consent(|c| {
                broaden(c, vec![]);
                c.frozen = None;
            });
            w.request.purpose = Some(purpose(1));
        }),
        decision(Code::PurposeNotCovered, |w| {
            ordinary_process(w);
            w.request.purpose = Some(purpose(2));
        }),
    ]
}

/// Makes the consent one to care, and the process asked for one without sensitive data.
fn ordinary_process(world: &mut World) {
    world.request.leaf.sensitive = false;
    world.agree_to_the_process();
    world.put_consent(|c| broaden(c, vec![]));
    world.opening = None;
}

/// Both verifiers on a decision in a changed world; what was proved.
pub(crate) fn permitted(change: impl FnOnce(&mut World)) -> serde_json::Value {
    let mut world = World::new();
    change(&mut world);
    let document = one_line(&world.bundle(vec![Claim::Decision(Box::new(world.decision()))]));
    let said = ours(&document, &trust());
    assert_eq!(theirs(std::slice::from_ref(&document), &trust()), std::slice::from_ref(&said));
    assert_eq!(said["ok"], true, "{said}");
    said["verified"]["proved"][0].clone()
}

#[test]
fn broad_consents_and_a_guardians_permit_what_the_ledger_would() {
    let sensitive = |world: &mut World, place| {
        world.put_consent(|c| broaden(c, vec![Interval { enter: 1, exit: 1 }]));
        world.request.purpose = Some(purpose(place));
    };
    assert_eq!(permitted(|w| sensitive(w, 2))["sensitive"], true);
    let ordinary = permitted(|w| {
        ordinary_process(w);
        w.request.purpose = Some(purpose(1));
    });
    assert_eq!(ordinary["sensitive"], false);
    let guarded = permitted(|w| {
        let (account, until) =
            (crate::world::consent().subject, Timestamp::from_millis(NOW_MS + 1));
        w.put_consent(|c| c.guardian = Some(Guardian { account, until }));
    });
    assert_eq!(guarded["valid_until"], NOW_MS + 1, "a guardian's word lasts no longer");
}
