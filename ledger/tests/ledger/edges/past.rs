//! What happened before the ends came near: something of every kind, done by the operations.

use ledger_types::consent::Materiality;
use ledger_types::consent::{Breadth, Profile};
use ledger_types::operation::KeyLoss;
use ledger_types::operation::{
    AccessBasis, AccountKind, AuditScope, Charge, CloseCycle, ConfirmSettlement, DeclareEmergency,
    Grant, GrantAuditView, Half, Issue, KeyRole, KycLevel, Limits, MarkDeceased, OpenAccount,
    OpenZoneAccount, Operation, ProposeRecovery, PublishCompensation, ReadAccessLog, ReadRight,
    RegisterContact, RequestKind, RequestReconsent, RotateKeys, SetLimits, StopOptOut,
    SubjectRequest, Suspend, WeightedKey, Withdraw,
};
use ledger_types::{BankId, Genesis, Hash, SigningKey};

use crate::chain::Chain;
use crate::consent::world::{
    self, AMBULANCE, COUNTER, ask_on, at, care, child, city, glass, guardianship, hospital, joint,
    opt_out, registrar, university,
};
use crate::custody::{OTHER, PREPAID, float, mei, other_float, ren, with_issuers};
use crate::fixture::{
    AIZU, AUDITOR, Actor, HOSPITAL, NOTICE, PHARMACY, TADAMI, TOWN, access, akari, ask, botan,
    chika, commitment, consent_id, grant_of, hourly, keys_of, notice, received, seeded, shop,
    subject, toru, used, yen,
};
use crate::happy::{claim, request, transfer};
use crate::zones::charging;

/// A network whose numbers lie near their ends, or the small one.
pub(super) fn genesis(is_far: bool) -> Genesis {
    let mut genesis = with_issuers(world::genesis());
    if is_far {
        genesis.parameters.decision_validity_ms = u64::MAX;
    }
    genesis
}

/// A chain on which something of every kind happened.
pub(super) fn chain(genesis: &Genesis) -> Chain {
    let mut chain = world::town_of(genesis);
    let served = world::served(&chain, &child());
    chain.must(&Actor::party(COUNTER), served);
    chain.must(&Actor::party(COUNTER), guardianship(chain.now + 900_000_000));
    consents(&mut chain);
    money(&mut chain);
    people(&mut chain);
    uses(&mut chain);
    oversight(&mut chain);
    lives(&mut chain);
    chain
}

/// An account with limits, one whose holder died, and a bank whose keys have both parts.
fn lives(chain: &mut Chain) {
    let bank = Actor::bank(AIZU);
    let some = Some(yen(50));
    let limits = Limits { per_payment: None, per_day: some, per_month: some, holding: None };
    let limits = SetLimits { account: akari().account, limits };
    chain.must(&bank, Operation::SetLimits(limits));
    chain.must(&akari(), transfer(&chika(), 1));
    let (account, evidence) = (departed().account, commitment(97));
    let open = OpenAccount {
        holder_commitment: commitment(24),
        kind: AccountKind::Citizen,
        kyc_level: KycLevel::K2,
        keys: keys_of(&departed()),
        threshold: 1,
    };
    chain.must(&bank, Operation::OpenAccount(open));
    let issue = Issue { account, amount: yen(20), core_banking_ref: commitment(61) };
    chain.must(&bank, Operation::Issue(issue));
    let in_zone = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
    let charge = Operation::Charge(Charge { zone: TOWN, amount: yen(5) });
    let left = vec![in_zone, charge, request(commitment(53), 3), request(commitment(54), 2)];
    assert_eq!(chain.outcome(&departed(), left), 0);
    let claimed = claim(chain, commitment(53));
    chain.must(&bank, claimed);
    chain.must(&bank, Operation::MarkDeceased(MarkDeceased { account, evidence }));
    let part = |key: &SigningKey, role| WeightedKey { key: key.public_key(), weight: 1, role };
    let keys = vec![part(&bank.key, KeyRole::Maker), part(&checker(), KeyRole::Checker)];
    chain.must(&bank, Operation::RotateKeys(RotateKeys { keys, threshold: 1 }));
}

/// A holder who died and left something, in a zone and for a request to pay out too.
pub(super) fn departed() -> Actor {
    Actor::holder(AIZU, 24)
}

/// Who signs beside the first bank.
pub(super) fn checker() -> SigningKey {
    seeded(119)
}

fn consents(chain: &mut Chain) {
    let terms = PublishCompensation {
        terms: 1,
        payer: akari().account,
        unit_hash: commitment(100),
        zone: Some(TOWN),
    };
    chain.must(&hospital(), Operation::PublishCompensation(terms));
    let give = |number, change: &dyn Fn(&mut Grant)| {
        let mut grant = grant_of(number);
        grant.use_limit = None;
        change(&mut grant);
        Operation::Grant(grant)
    };
    let operations = vec![
        give(2, &|_| {}),
        give(3, &|grant| grant.breadth = care()),
        give(4, &|grant| grant.profile = Profile::Disaster { area: 7 }),
        give(5, &|grant| grant.on_behalf_of = Some(child().account)),
        give(6, &|grant| (grant.breadth, grant.compensation) = (Breadth::Specific, Some(1))),
        give(7, &|_| {}),
        give(8, &|_| {}),
        Operation::Suspend(Suspend { consent: consent_id(6) }),
        Operation::Withdraw(Withdraw { consent: consent_id(7) }),
    ];
    assert_eq!(chain.outcome(&subject(), operations), 0);
    chain.must(&hospital(), notice(2, Materiality::Minor));
    let (request, reason) = (commitment(92), commitment(93));
    let deadline = at(chain.now + 100_000_000);
    let ask = RequestReconsent { request, notice: NOTICE, version: 2, reason, deadline };
    chain.must(&hospital(), Operation::RequestReconsent(ask));
}

fn money(chain: &mut Chain) {
    for holder in [akari(), botan(), chika(), toru()] {
        let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
        let charge = Operation::Charge(Charge { zone: TOWN, amount: yen(10) });
        assert_eq!(chain.outcome(&holder, vec![open, charge]), 0);
    }
    let issue =
        Issue { account: akari().account, amount: yen(5), core_banking_ref: commitment(60) };
    chain.must(&Actor::bank(AIZU), Operation::Issue(issue));
    for (number, (from, to)) in
        (50..).zip([(akari(), botan()), (botan(), toru()), (toru(), akari())])
    {
        assert_eq!(chain.outcome(&from, vec![transfer(&to, 3), request(commitment(number), 7)]), 0);
    }
    let claimed = claim(chain, commitment(52));
    chain.must(&Actor::bank(TADAMI), claimed);
    let pay = ledger_types::operation::Pay {
        zone: TOWN,
        merchant: shop().account,
        amount: yen(1),
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    };
    chain.must(&akari(), Operation::Pay(pay.clone()));
    chain.must(&registrar(), Operation::CloseCycle(CloseCycle { cycle: 1 }));
    let word = ConfirmSettlement { cycle: 1, external_ref: commitment(104) };
    chain.must(&Actor::bank(AIZU), Operation::ConfirmSettlement(word));
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
    let charge = Operation::Charge(Charge { zone: TOWN, amount: yen(10) });
    assert_eq!(chain.outcome(&mei(), vec![open, charge, Operation::Pay(pay)]), 0);
    chain.must(&float(), request(commitment(56), 5));
    charging(chain);
}

fn people(chain: &mut Chain) {
    chain.must(&subject(), Operation::RegisterContact(RegisterContact { mailbox: commitment(95) }));
    chain.must(&hospital(), opt_out(1, chain.now + 2000));
    chain.must(&hospital(), joint(1, 2, &[PHARMACY]));
    let (controller, evidence) = (HOSPITAL, Some(commitment(97)));
    let stop = StopOptOut { controller, scheme: 1, person: commitment(130), evidence };
    chain.must(&Actor::party(COUNTER), Operation::StopOptOut(stop));
    for number in [107, 108] {
        let asked = SubjectRequest {
            request: commitment(number),
            controller,
            kind: RequestKind::Erase,
            commitment: commitment(1),
            on_behalf_of: None,
        };
        chain.must(&subject(), Operation::SubjectRequest(asked));
    }
    let recovery = ProposeRecovery {
        subject: child().account,
        key: seeded(77).public_key(),
        evidence: commitment(96),
        loss: KeyLoss::Lost,
    };
    chain.must(&Actor::party(COUNTER), Operation::ProposeRecovery(recovery));
}

fn uses(chain: &mut Chain) {
    for id in 1..=4 {
        chain.must(&Actor::party(PHARMACY), ask(id, access(2, 1)));
    }
    for id in [1, 2] {
        chain.must(&hospital(), used(id, 160));
    }
    chain.must(&Actor::party(PHARMACY), received(3, 160));
    chain.now = chain.now.max(3_600_000);
    let hourly = hourly(1, Half::Holder, PHARMACY, 0, 4);
    chain.must(&hospital(), Operation::RecordDisclosures(hourly));
}

fn oversight(chain: &mut Chain) {
    let ambulance = Actor::party(AMBULANCE);
    for number in [140, 141] {
        chain.must(&ambulance, glass(number, chain.now));
    }
    chain.must(&ambulance, ask_on(9, AccessBasis::BreakGlass { glass: commitment(140) }));
    for member in [city(), university()] {
        let (until, ground) = (at(chain.now + 100_000_000), commitment(99));
        let declare = DeclareEmergency { area: 7, until, ground };
        chain.must(&member, Operation::DeclareEmergency(declare));
    }
    let (view, ground) = (commitment(101), commitment(102));
    let (auditor, until) = (AUDITOR, at(chain.now + 900_000_000));
    let grant = GrantAuditView { view, auditor, scope: AuditScope::All, until, ground };
    chain.must(&university(), Operation::GrantAuditView(grant));
    let right = ReadRight::View { view, consent: None };
    let read = ReadAccessLog { read: commitment(103), subject: subject().account, right };
    chain.must(&Actor::party(AUDITOR), Operation::ReadAccessLog(read));
}

/// Who may send: everybody that the network knows, and two whom it does not.
pub(super) fn senders() -> Vec<Actor> {
    let mut all = vec![akari(), botan(), chika(), toru(), shop(), registrar(), subject(), child()];
    all.extend((1..=3).map(|number| Actor::bank(BankId::new(number))));
    all.extend((1..=7).map(|number| Actor::party(ledger_types::PartyId::new(number))));
    all.extend([Actor::subject(43), crate::fixture::nobody(), departed()]);
    all.extend([PREPAID, OTHER].map(Actor::bank));
    all.extend([mei(), ren(), float(), other_float()]);
    all
}

/// Identities that are in use.
pub(super) fn identities() -> Vec<Hash> {
    let of_numbers = [50, 51, 52, 53, 60, 92, 95, 101, 103, 107, 108, 130, 140, 141];
    let mut all: Vec<Hash> = of_numbers.into_iter().map(commitment).collect();
    all.extend((1..=9).map(crate::fixture::access_id));
    all
}
