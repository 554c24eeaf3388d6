//! Bodies made from the state.

use ledger::State;
use ledger_types::record::{Announced, Consent, Dated, Limits, Merchant, PayoutTerms};
use ledger_types::zone::{FeeTerms, Share, ShareTerms};
use ledger_types::{
    AccountId, AddressPrefix, BankId, ConsentId, NoticeId, PartyId, Timestamp, ZoneId,
};
use network_clock::LabTime;
use node_api::Address;
use node_api::body::{
    AccountBody, AddressKind, ConsentBody, FeeScheduleBody, FrozenBody, GuardianBody,
    GuardianshipBody, LimitsBody, MerchantBody, MoneyBody, NoticeBody, PartyBody, PayoutTermsBody,
    RecoveryBody, RevenueShareBody, ShareBody, StatusBody, ZoneBalanceBody, ZoneBody,
};

use super::{programmes, records};

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
        status: record.status,
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
        limits: limits(state, account),
        zones: zones.collect(),
        vouchers: programmes::vouchers(state, account),
    })
}

/// The limits of an account that has any, with what counts against them.
fn limits(state: &State, account: &AccountId) -> Option<LimitsBody> {
    let Limits { per_payment, per_day, per_month, holding } = state.limits(account)?;
    let law = state.sends_prepaid(account).then_some(&state.parameters().limits);
    let (send, send_month) = law.map_or((None, None), |law| (law.send, law.send_month));
    let all = [per_payment, per_day, per_month, holding, send, send_month];
    let spent = state.spent(account);
    all.iter().any(Option::is_some).then(|| LimitsBody {
        per_payment,
        per_day,
        per_month,
        holding,
        send,
        send_month,
        spent_today: spent.of_day,
        spent_this_month: spent.of_month,
        sent_this_month: spent.sent,
        day_ends: spent.day.over().into(),
        month_ends: spent.month.over().into(),
    })
}

/// A merchant, as whoever may read of it sees it.
#[must_use]
pub fn merchant(account: &AccountId, merchant: &Merchant, prefix: &AddressPrefix) -> MerchantBody {
    MerchantBody {
        account: Address::of(account, prefix),
        class: merchant.class,
        category: Some(merchant.profile.category).filter(|category| *category != 0),
        area: merchant.profile.area,
        invoice_number: merchant.profile.invoice_number,
        closes: merchant.closing.map(|closing| closing.from.into()),
    }
}

/// What a bank says of payouts; none where there is no such bank.
#[must_use]
pub fn payout_terms(state: &State, bank: BankId) -> Option<PayoutTermsBody> {
    let kind = state.bank(bank)?.kind;
    let terms = state.payout_terms(bank).cloned().unwrap_or(PayoutTerms::UNSAID);
    let PayoutTerms { fee, smallest, holidays } = terms;
    kind.is_bank().then_some(PayoutTermsBody { fee, smallest, holidays })
}

/// A zone in JSON.
#[must_use]
pub fn zone(state: &State, zone: ZoneId) -> Option<ZoneBody> {
    let (record, now) = (state.zone(zone)?, state.time());
    Some(ZoneBody {
        zone,
        name: record.name.clone(),
        operator: Address::of(&record.operator, state.address_prefix()),
        areas: record.areas.clone(),
        publishes: record.publishes,
        fees: both(state.fee_schedules(zone), now, fees),
        shares: both(state.revenue_shares(zone), now, |dated, in_force| {
            shares(dated, in_force, state.address_prefix())
        }),
        total: record.total,
    })
}

/// What is in force, then what is announced, where there is either.
fn both<T, B>(
    standing: Option<&Announced<T>>,
    now: Timestamp,
    show: impl Fn(&Dated<T>, bool) -> B,
) -> Vec<B> {
    let in_force = standing.and_then(|standing| standing.in_force(now));
    let waiting = standing.and_then(|standing| standing.waiting(now));
    let in_force = in_force.map(|dated| show(dated, true));
    in_force.into_iter().chain(waiting.map(|dated| show(dated, false))).collect()
}

fn fees(dated: &Dated<FeeTerms>, in_force: bool) -> FeeScheduleBody {
    let Dated { version, from, terms } = dated;
    FeeScheduleBody {
        version: *version,
        from: (*from).into(),
        in_force,
        rate: terms.rate,
        minimum: terms.minimum,
        tax: terms.tax,
        tiers: terms.tiers.clone(),
    }
}

fn shares(dated: &Dated<ShareTerms>, in_force: bool, prefix: &AddressPrefix) -> RevenueShareBody {
    let Dated { version, from, terms } = dated;
    let share =
        |one: &Share| ShareBody { account: Address::of(&one.account, prefix), share: one.share };
    RevenueShareBody {
        version: *version,
        from: (*from).into(),
        in_force,
        shares: terms.shares.iter().map(share).collect(),
        fund: Address::of(&terms.fund, prefix),
    }
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
