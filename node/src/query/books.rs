//! Bodies made from the state.

use ledger::State;
use ledger_types::record::Consent;
use ledger_types::{AccountId, ConsentId, NoticeId, PartyId, ZoneId};
use network_clock::LabTime;
use node_api::Address;
use node_api::body::{
    AccountBody, AddressKind, ConsentBody, FrozenBody, GuardianBody, GuardianshipBody, MoneyBody,
    NoticeBody, PartyBody, RecoveryBody, StatusBody, ZoneBalanceBody, ZoneBody,
};

use super::records;

/// Whoever may send from an account, in JSON.
#[must_use]
pub fn account(state: &State, account: &AccountId) -> Option<AccountBody> {
    let (standing, authority) = (standing(state, account)?, state.authority(account)?);
    Some(AccountBody {
        address: Address::of(account, state.address_prefix()),
        standing,
        lowest_unused_nonce: authority.window.lowest_unused().get(),
        used_nonces: format!("{:032x}", authority.window.used_mask()),
        keys: authority.keys.as_slice().to_vec(),
        threshold: authority.threshold,
        height: state.height(),
        money: money(state, account),
        party: state.party_at(account).map(|party| party.party),
        recovery: recovery(state, account),
        guardians: None,
    })
}

/// The same as its own holder reads it: also who may act for it.
#[must_use]
pub fn own_account(state: &State, account: &AccountId) -> Option<AccountBody> {
    let guardians: Vec<_> = state
        .guardians(account)
        .map(|(guardian, held)| GuardianshipBody {
            guardian: Address::of(&guardian, state.address_prefix()),
            from: held.from.into(),
            until: held.until.into(),
            counter: held.counter,
        })
        .collect();
    let guardians = (!guardians.is_empty()).then_some(guardians);
    Some(AccountBody { guardians, ..self::account(state, account)? })
}

/// Other keys that wait for an account or a data subject.
fn recovery(state: &State, account: &AccountId) -> Option<RecoveryBody> {
    let of_account = state
        .pending_account_recovery(account)
        .map(|one| (one.loss, one.executable_from, one.lapses));
    let of_subject =
        || state.pending_recovery(account).map(|one| (one.loss, one.executable_from, one.lapses));
    let (loss, executable_from, lapses) = of_account.or_else(of_subject)?;
    let (executable_from, lapses) = (executable_from.into(), lapses.into());
    Some(RecoveryBody { loss, executable_from, lapses })
}

/// What stands behind an account, in the order in which the ledger asks.
fn standing(state: &State, account: &AccountId) -> Option<AddressKind> {
    if state.account(account).is_some() {
        return Some(AddressKind::Account);
    }
    if state.subject(account).is_some() {
        return Some(AddressKind::Subject);
    }
    state.party_at(account).map(|_| AddressKind::Party)
}

fn money(state: &State, account: &AccountId) -> Option<MoneyBody> {
    let record = state.account(account)?;
    let available = state.available(account, state.time()).unwrap_or_default();
    let zones = state.zones().filter_map(|(zone, _)| {
        let balance = state.zone_account(zone, account)?.balance;
        Some(ZoneBalanceBody { zone, balance })
    });
    Some(MoneyBody {
        custodian: record.custodian,
        kind: record.kind,
        kyc_level: record.kyc_level,
        holder_commitment: record.holder_commitment,
        balance: record.balance,
        // Requests that have lapsed hold nothing any more, released or not.
        held: record.balance.checked_sub(available).unwrap_or_default(),
        available,
        opened: record.opened,
        frozen: state.freeze_in_force(account).map(|frozen| FrozenBody {
            direction: frozen.direction,
            basis: frozen.basis,
            ground: frozen.ground,
            until: frozen.until.into(),
        }),
        zones: zones.collect(),
    })
}

/// A zone in JSON.
#[must_use]
pub fn zone(state: &State, zone: ZoneId) -> Option<ZoneBody> {
    let record = state.zone(zone)?;
    Some(ZoneBody {
        zone,
        name: record.name.clone(),
        operator: Address::of(&record.operator, state.address_prefix()),
        total: record.total,
    })
}

/// A party in JSON.
#[must_use]
pub fn party(state: &State, party: PartyId) -> Option<PartyBody> {
    let record = state.party(party)?;
    Some(PartyBody {
        party,
        account: Address::of(&AccountId::of_party(party), state.address_prefix()),
        roles: record.roles,
        regime: record.regime,
        corporate_number: record.corporate_number,
        status: record.status,
        keys: record.authority.keys.as_slice().to_vec(),
        threshold: record.authority.threshold,
    })
}

/// A notice in JSON.
#[must_use]
pub fn notice(state: &State, party: PartyId, notice: NoticeId) -> Option<NoticeBody> {
    let record = state.notice(party, notice)?;
    Some(NoticeBody {
        party,
        notice,
        version: record.version,
        materiality: record.materiality,
        last_material_version: record.last_material_version,
        contents: record.contents.clone(),
        media_hashes: record.media_hashes.clone(),
    })
}

/// A consent in JSON.
#[must_use]
pub fn consent(state: &State, id: ConsentId, record: &Consent) -> ConsentBody {
    let standing = state.consent_standing(record);
    ConsentBody {
        consent: id,
        subject: Address::of(&record.subject, state.address_prefix()),
        controller: record.controller,
        terms_root: record.terms_root,
        notice: record.notice,
        notice_version: record.notice_version,
        valid_from: record.valid_from.into(),
        expires: record.expires.into(),
        use_limit: record.use_limit,
        uses: record.uses,
        language: record.language,
        presentation_commitment: record.presentation_commitment,
        breadth: record.breadth.clone(),
        compensation: record.compensation,
        profile: record.profile,
        guardian: record.guardian.map(|guardian| GuardianBody {
            account: Address::of(&guardian.account, state.address_prefix()),
            until: guardian.until.into(),
        }),
        revision: record.revision,
        renewals: record.renewals,
        standing,
        dpv_status: standing.dpv_iri().map(str::to_owned),
        given: record.given,
        ended: record.ended,
        acknowledgement: state.acknowledgement(&id).map(records::acknowledgement),
        height: state.height(),
    }
}

/// The network and how far the node is.
#[must_use]
pub fn status(state: &State, waiting: usize, lab: Option<LabTime>) -> StatusBody {
    StatusBody {
        network: state.network().to_string(),
        genesis_hash: state.genesis_hash(),
        address_prefix: state.address_prefix().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        height: state.height(),
        header_hash: state.header_hash(),
        time: state.time().into(),
        state_root: state.state_root(),
        audit_log_size: state.audit_log_size(),
        audit_log_root: state.audit_log_root(),
        validators: u32::try_from(state.validators().as_slice().len()).unwrap_or(u32::MAX),
        waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
        decision_validity_ms: state.parameters().decision_validity_ms,
        counter_delay_ms: state.parameters().counter_delay_ms,
        directory_keys: state.directory_keys().to_vec(),
        lab: lab.map(Into::into),
        node: None,
    }
}
