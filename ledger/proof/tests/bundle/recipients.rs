//! Who a process is for, and which holder it is asked of: permitted and refused by both verifiers.

use ledger_proof::bundle::{Claim, Code};
use ledger_proof::record::{Record, joint_use_key, party_key};
use ledger_types::PartyRoles;
use ledger_types::consent::Recipient;
use serde_json::{Value, json};

use crate::decisions::permitted;
use crate::python::{one_line, ours, theirs};
use crate::refusals::{Case, changed_decision, decision};
use crate::world::{
    CLINIC, HOSPITAL, PHARMACY, SCHEME, STRANGER, TO_PHARMACY, World, process, purpose, trust,
};

const CIRCLE: Recipient = Recipient::JointUse { scheme: SCHEME, version: 1 };
const TO_CIRCLE: &str = r#"{"scheme":2,"type":"joint_use","version":1}"#;
const TO_ROLES: &str = r#"{"roles":["recipient","emergency"],"type":"roles"}"#;

fn to_roles(world: &mut World, roles: PartyRoles) {
    world.ask_for(Recipient::Roles(roles), &process(TO_ROLES));
}

/// The process is for recipients and for whoever helps in emergencies.
pub(crate) fn to_pharmacists(world: &mut World) {
    to_roles(world, PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY));
}

/// The process is for the first version of a scheme in which the pharmacy is; the second is without
/// it, and with somebody else.
pub(crate) fn to_the_circle(world: &mut World) {
    world.put_joint_use(1, &[CLINIC, HOSPITAL, PHARMACY]);
    world.put_joint_use(2, &[CLINIC, HOSPITAL, STRANGER]);
    world.ask_for(CIRCLE, &process(TO_CIRCLE));
}

/// Requests to another holder, and by somebody whom the process is not for.
pub(crate) fn recipients() -> Vec<Case> {
    let refused = |change: fn(&mut World)| decision(Code::NotTheRecipient, change);
    let mut elsewhere = decision(Code::NotThisHolder, |_| ());
    elsewhere.trust.holder = Some(HOSPITAL);
    let cases = vec![
        elsewhere,
        decision(Code::NotThisHolder, |w| w.request.holder = HOSPITAL),
        // The holder is asked for before the requester, and the signature is over it.
        decision(Code::NotThisHolder, |w| {
            w.request.holder = HOSPITAL;
            _ = w.state.0.remove(&party_key(PHARMACY));
        }),
        changed_decision(
            Code::RequestSignatureInvalid,
            |w| w.request.holder = HOSPITAL,
            |claim| claim.request.request.holder = CLINIC,
        ),
        // Somebody else's leaf and path, by a party that is registered as the recipient is.
        refused(|w| w.ask_as(STRANGER)),
        // Made out to the stranger, it is another leaf.
        decision(Code::NotInTerms, |w| {
            w.ask_as(STRANGER);
            w.request.leaf.recipient = Recipient::Party(STRANGER);
        }),
        refused(|w| to_roles(w, PartyRoles::EMERGENCY)),
        refused(|w| to_roles(w, PartyRoles::default())),
        refused(|w| {
            w.put_consent(|c| c.uses = 3);
            w.request.purpose = Some(purpose(1));
            w.ask_as(STRANGER);
        }),
    ];
    cases.into_iter().chain(circles()).collect()
}

/// Joint use: another version, no version, another controller's, and proofs where none belongs.
fn circles() -> Vec<Case> {
    let refused = |change: fn(&mut World)| {
        decision(Code::NotTheRecipient, |w| {
            to_the_circle(w);
            change(w);
        })
    };
    let key = |version| joint_use_key(HOSPITAL, SCHEME, version);
    let mut later = World::new();
    to_the_circle(&mut later);
    let of_the_second = later.state.prove(&key(2));
    let of_the_first = World::new().state.prove(&key(1));
    vec![
        refused(|w| w.ask_as(STRANGER)),
        refused(|w| {
            let recipient = Recipient::JointUse { scheme: SCHEME, version: 2 };
            w.ask_for(recipient, &process(TO_CIRCLE));
        }),
        refused(|w| _ = w.state.0.remove(&joint_use_key(HOSPITAL, SCHEME, 1))),
        refused(|w| {
            let record = w.state.0.remove(&joint_use_key(HOSPITAL, SCHEME, 1)).unwrap();
            w.state.0.insert(joint_use_key(CLINIC, SCHEME, 1), record);
        }),
        refused(|w| {
            let notice = Record::Notice(crate::world::notice());
            w.put(joint_use_key(HOSPITAL, SCHEME, 1), &notice);
        }),
        decision(Code::RecordUnknown, |w| {
            to_the_circle(w);
            w.state.0.get_mut(&key(1)).unwrap().push(0);
        }),
        changed_decision(Code::StateRootMismatch, to_the_circle, |claim| {
            claim.joint_use = Some(of_the_second);
        }),
        // What is proved of the scheme is judged before the leaf is looked for.
        changed_decision(
            Code::StateRootMismatch,
            |w| {
                to_the_circle(w);
                w.request.leaf_index = 3;
            },
            |claim| claim.joint_use = Some(claim.party.clone()),
        ),
        changed_decision(Code::Malformed, to_the_circle, |claim| claim.joint_use = None),
        changed_decision(Code::Malformed, |_| (), |claim| claim.joint_use = Some(of_the_first)),
    ]
}

/// Processes in clear that do not say what their leaf says, though it commits to them.
pub(crate) fn openings() -> Vec<Case> {
    let pharmacy = Recipient::Party(PHARMACY);
    let roles = Recipient::Roles(PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY));
    let wrong = [
        (pharmacy, process(r#"{"party":11,"type":"party"}"#)),
        (pharmacy, process(r#"{"party":9,"type":"parties"}"#)),
        (pharmacy, process(r#"{"party":9}"#)),
        (pharmacy, process(r#"{"party":9,"note":"","type":"party"}"#)),
        (pharmacy, process(r#"{"party":9.0,"type":"party"}"#)),
        (pharmacy, process(r#"{"party":"9","type":"party"}"#)),
        (pharmacy, process("9")),
        (pharmacy, process("null")),
        (pharmacy, r#"{"sensitive":true}"#.to_owned()),
        (pharmacy, r#"["sensitive","recipient"]"#.to_owned()),
        (pharmacy, process(TO_PHARMACY).replace("true", "1")),
        (pharmacy, process(TO_PHARMACY).replace("true", "false")),
        (pharmacy, process(TO_PHARMACY).replace(r#""care""#, "NaN")),
        (pharmacy, process(TO_PHARMACY).replace(r#""care""#, "1e999")),
        (pharmacy, process(TO_PHARMACY).replace("care", r"\ud800")),
        (pharmacy, process(TO_PHARMACY).replace(r#""care""#, &nested(127))),
        (pharmacy, process(&format!("{TO_PHARMACY},\"recipient\":null"))),
        (roles, process(r#"{"roles":["emergency","recipient"],"type":"roles"}"#)),
        (roles, process(r#"{"roles":["recipient"],"type":"roles"}"#)),
        (roles, process(r#"{"roles":68,"type":"roles"}"#)),
        (CIRCLE, process(r#"{"scheme":2,"type":"joint_use","version":2}"#)),
        (CIRCLE, process(r#"{"scheme":2,"type":"joint_use","version":true}"#)),
    ];
    let wrong = wrong.into_iter().map(|(recipient, process)| {
        decision(Code::OpeningMismatch, |world| {
            to_the_circle(world);
            world.ask_for(recipient, &process);
        })
    });
    wrong.collect()
}

/// Lists in lists; a process holds them one deeper.
fn nested(depth: usize) -> String {
    ["[".repeat(depth), "]".repeat(depth)].concat()
}

#[test]
fn whom_a_process_is_for_is_permitted() {
    let party = permitted(|_| ());
    assert_eq!((&party["requester"], &party["holder"]), (&json!(9), &json!(5)));
    assert_eq!(party["process"], process(TO_PHARMACY));
    assert_eq!(permitted(to_pharmacists)["process"], process(TO_ROLES));
    let jointly = permitted(to_the_circle);
    assert_eq!(jointly["process"], process(TO_CIRCLE), "though a later version is without it");
    // Another controller's scheme of that number and version is another one.
    permitted(|world| {
        to_the_circle(world);
        let of_another = joint_use_key(CLINIC, SCHEME, 1);
        let record = world.state.0[&joint_use_key(HOSPITAL, SCHEME, 2)].clone();
        world.state.0.insert(of_another, record);
    });
}

#[test]
fn a_role_counts_as_the_partys_record_has_it_now() {
    let emergency = |world: &mut World, roles: PartyRoles| {
        world.put_party(|party| party.roles = roles);
        let process = process(r#"{"roles":["emergency"],"type":"roles"}"#);
        world.ask_for(Recipient::Roles(PartyRoles::EMERGENCY), &process);
    };
    let both = PartyRoles::EMERGENCY.with(PartyRoles::PROCESSOR);
    let said = permitted(|world| emergency(world, both));
    assert_eq!(said["process"], process(r#"{"roles":["emergency"],"type":"roles"}"#));
    let mut world = World::new();
    emergency(&mut world, PartyRoles::PROCESSOR);
    assert_eq!(judged(&world, Some(CLINIC.get()))["code"], "not_the_recipient");
}

#[test]
fn a_process_in_clear_may_say_more_and_in_any_order() {
    for text in [
        process(r#"{ "type": "party", "party": 9 }"#),
        process(&format!("null,\"recipient\":{TO_PHARMACY}")),
        process(TO_PHARMACY).replace(r#""care""#, &nested(126)),
        process(TO_PHARMACY).replace(r#""care""#, "-1.5e3"),
    ] {
        let said = permitted(|world| world.ask_for(Recipient::Party(PHARMACY), &text));
        assert_eq!(said["process"], text);
    }
}

/// What both say of the world's decision, where the verifier is this holder.
fn judged(world: &World, holder: Option<u32>) -> Value {
    let document = one_line(&world.bundle(vec![Claim::Decision(Box::new(world.decision()))]));
    let mut trust = trust();
    trust.holder = holder.map(ledger_types::PartyId::new);
    let said = ours(&document, &trust);
    assert_eq!(theirs(std::slice::from_ref(&document), &trust), std::slice::from_ref(&said));
    said
}

#[test]
fn a_request_serves_at_the_holder_that_it_names() {
    let mut world = World::new();
    for (asked, verifier, is_permitted) in [
        (CLINIC, Some(CLINIC), true),
        (CLINIC, None, true),
        (HOSPITAL, None, true),
        (HOSPITAL, Some(HOSPITAL), true),
        (HOSPITAL, Some(CLINIC), false),
        (CLINIC, Some(HOSPITAL), false),
    ] {
        world.request.holder = asked;
        let said = judged(&world, verifier.map(ledger_types::PartyId::get));
        assert_eq!(said["ok"], is_permitted, "{said}");
        let holder = &said["verified"]["proved"][0]["holder"];
        assert!(!is_permitted || *holder == json!(asked.get()));
        assert!(is_permitted || said["code"] == "not_this_holder");
    }
}
