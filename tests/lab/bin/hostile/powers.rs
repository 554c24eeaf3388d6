//! Whoever acts without the power to: a counter that nobody registered, a guardian who may only
//! read, a party that is suspended, the thief of a key, and banks and holders of other accounts.

use kyojo_tests::consent::{NOTICE, notice_hash};
use kyojo_tests::load::{now, of_today};
use ledger_types::consent::{Breadth, Profile};
use ledger_types::operation::{
    BreakGlass, Delegate, ExecuteRecovery, Freeze, FreezeBasis, FreezeDirection, Grant,
    GuardianPowers, KeyLoss, ProposeAccountRecovery, ReadAccessLog, ReadRight, RegisterCounter,
    RotateKeys, UpdateParty, VetoRecovery, WeightedKey, WithdrawFor,
};
use ledger_types::registry::PartyStatus;
use ledger_types::{
    AccountId, ConsentId, Hash, Operation, PartyId, PartyRoles, Regime, SigningKey, Timestamp,
};

use crate::foe::{Deeds, Foe, Law, Sender};
use crate::stage::{Stage, ahead, language, random, subjects};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Somebody, and what it may not do.
struct Attempt {
    by: usize,
    operation: Operation,
}

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let people = |number| foe.stage.people.subject(number);
    let mut senders = [
        Sender::new(foe.stage.party("party-city-counter")?.payer, 1),
        Sender::new(people(subjects::GUARDIAN), 1),
        Sender::new(foe.stage.party("party-ambulance")?.payer, 0),
        Sender::new(people(subjects::ROBBED), 1),
        Sender::new(foe.stage.party("party-auditor")?.payer, 0),
        Sender::new(foe.stage.citizen()?, 0),
        Sender::new(foe.stage.actor("company-1")?, 0),
    ];
    while let Some(turn) = foe.turn().await {
        let mut attempts = attempts(&foe.stage)?;
        let Attempt { by, operation } = attempts.swap_remove(turn % attempts.len());
        foe.act(&mut senders[by], vec![operation], Law::Forbidden).await;
    }
    Ok(foe.deeds)
}

fn attempts(stage: &Stage) -> anyhow::Result<Vec<Attempt>> {
    let all = [
        by_counter(stage),
        by_guardian(stage),
        by_suspended(stage)?,
        by_thief(stage),
        by_auditor(stage),
        by_citizen(stage)?,
        by_company(stage),
    ];
    let of = |(by, operations): (usize, Vec<Operation>)| {
        operations.into_iter().map(move |operation| Attempt { by, operation })
    };
    Ok(all.into_iter().enumerate().flat_map(of).collect())
}

/// For somebody who registered no counter; and against its own proposal.
fn by_counter(stage: &Stage) -> Vec<Operation> {
    let person = stage.people.subject(subjects::UNREGISTERED).account;
    let robbed = stage.people.subject(subjects::ROBBED).account;
    vec![
        grant(stage, Some(person)),
        delegate(person, stage.foes[0].account),
        Operation::VetoRecovery(VetoRecovery { on_behalf_of: Some(robbed) }),
        Operation::ExecuteRecovery(ExecuteRecovery { subject: robbed }),
    ]
}

/// Whoever may only read gives and ends nothing.
fn by_guardian(stage: &Stage) -> Vec<Operation> {
    let child = stage.people.subject(subjects::CHILD).account;
    vec![
        grant(stage, Some(child)),
        withdraw_for(stage.people.consent(subjects::CHILD)),
        delegate(child, stage.foes[0].account),
    ]
}

/// Asks, breaks glass, and takes other keys.
fn by_suspended(stage: &Stage) -> anyhow::Result<Vec<Operation>> {
    let party = stage.party("party-ambulance")?.party;
    Ok(vec![
        stage.people.request(of_today(random()), subjects::ASKED.start),
        Operation::BreakGlass(BreakGlass {
            glass: of_today(random()),
            person: random(),
            scope: random(),
            ground: random(),
            opened: now(),
            duration_ms: 60_000,
        }),
        rotate(),
        active(party),
    ])
}

/// A stolen key vetoes, binds, rotates, and calls others in.
fn by_thief(stage: &Stage) -> Vec<Operation> {
    let robbed = stage.people.subject(subjects::ROBBED).account;
    let counter = PartyId::new(10);
    vec![
        Operation::VetoRecovery(VetoRecovery { on_behalf_of: None }),
        rotate(),
        grant(stage, None),
        delegate(robbed, stage.foes[0].account),
        Operation::RegisterCounter(RegisterCounter {
            subject: robbed,
            counter,
            form: None,
            until: ahead(DAY_MS),
        }),
    ]
}

/// Reads by a view that there is not.
fn by_auditor(stage: &Stage) -> Vec<Operation> {
    let subject = stage.people.subject(subjects::ASKED.start).account;
    let view = |subject, consent| {
        let right = ReadRight::View { view: Hash::of(&[b"no view"]), consent };
        Operation::ReadAccessLog(ReadAccessLog { read: of_today(random()), subject, right })
    };
    let consent = stage.people.consent(subjects::ASKED.start);
    let by_consent = ReadRight::Consent { consent };
    let read = of_today(random());
    vec![
        view(subject, None),
        view(stage.honest[0].account, Some(consent)),
        Operation::ReadAccessLog(ReadAccessLog { read, subject, right: by_consent }),
        withdraw_for(consent),
    ]
}

/// Acts as the registrar, a bank, a counter.
fn by_citizen(stage: &Stage) -> anyhow::Result<Vec<Operation>> {
    let ambulance = stage.party("party-ambulance")?.party;
    let account = stage.honest[1].account;
    Ok(vec![
        active(ambulance),
        frozen(account),
        Operation::ProposeAccountRecovery(ProposeAccountRecovery {
            account,
            keys: keys(),
            threshold: 1,
            evidence: random(),
            loss: KeyLoss::Lost,
        }),
        withdraw_for(stage.people.consent(subjects::ASKED.start)),
    ])
}

/// A member that is no bank freezes and opens nothing.
fn by_company(stage: &Stage) -> Vec<Operation> {
    vec![frozen(stage.honest[2].account), active(PartyId::new(7))]
}

fn grant(stage: &Stage, on_behalf_of: Option<AccountId>) -> Operation {
    Operation::Grant(Grant {
        consent: ConsentId::new(random()),
        controller: stage.people.controller.party,
        terms_root: random(),
        notice: NOTICE,
        notice_version: 1,
        language: language(),
        notice_hash: notice_hash(),
        presentation_commitment: random(),
        valid_from: now(),
        expires: ahead(DAY_MS),
        use_limit: None,
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of,
        profile: Profile::Ordinary,
    })
}

fn delegate(subject: AccountId, guardian: AccountId) -> Operation {
    Operation::Delegate(Delegate {
        subject,
        subject_key: None,
        guardian,
        powers: GuardianPowers::ALL,
        from: Timestamp::from_millis(0),
        until: ahead(DAY_MS),
        evidence: random(),
    })
}

fn withdraw_for(consent: ConsentId) -> Operation {
    Operation::WithdrawFor(WithdrawFor { consent, evidence: random() })
}

fn keys() -> Vec<WeightedKey> {
    let key = SigningKey::from_seed(random().as_bytes()).public_key();
    vec![WeightedKey::plain(key, 1)]
}

fn rotate() -> Operation {
    Operation::RotateKeys(RotateKeys { keys: keys(), threshold: 1 })
}

/// Nobody but the registrar says this.
fn active(party: PartyId) -> Operation {
    Operation::UpdateParty(UpdateParty {
        party,
        roles: PartyRoles::COUNTER,
        regime: Regime::PublicBody,
        corporate_number: None,
        status: PartyStatus::Active,
    })
}

/// Nobody but the account's bank does this.
fn frozen(account: AccountId) -> Operation {
    Operation::Freeze(Freeze {
        account,
        direction: FreezeDirection::Both,
        basis: FreezeBasis::Attachment,
        ground: random(),
        until: ahead(DAY_MS),
    })
}
