//! Bodies made from the state, and who may read what of it.

use ledger::State;
use ledger::record::{Authority, Consent};
use ledger_types::genesis::MemberRole;
use ledger_types::{
    AccountId, BankId, ConsentId, ConsentStatus, NoticeId, Operation, PartyId, PublicKey,
    Transaction, ZoneId,
};
use node_api::Address;
use node_api::body::{
    AccountBody, ConsentBody, ConsentStanding, MoneyBody, NoticeBody, NoticeTextBody, PartyBody,
    Standing, StatusBody, ZoneBalanceBody, ZoneBody, roles_to_names,
};

/// Someone who signs a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its account.
    pub account: AccountId,
    /// The bank whose own account it is.
    pub bank: Option<BankId>,
    /// The consent party that acts through it.
    pub party: Option<PartyId>,
    /// Whether it is an auditor member's account.
    pub is_auditor: bool,
}

/// By which right someone reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entitled {
    /// It is the reader's own, or the reader takes part in it.
    Own,
    /// The reader is the custodian.
    Custodian,
    /// The reader audits; such a read is logged.
    Auditor,
}

impl Reader {
    /// Who acts through an account, with the keys that may sign for it; `None` where nobody does.
    #[must_use]
    pub fn find(state: &State, account: &AccountId) -> Option<(Self, Vec<PublicKey>)> {
        let (_, authority) = authority(state, account)?;
        let keys = authority.keys.as_slice().iter().map(|entry| entry.key).collect();
        let audits = |roles: &[MemberRole]| roles.contains(&MemberRole::Auditor);
        let mut members = state.members();
        let reader = Self {
            account: *account,
            bank: state.bank_of(account),
            party: state.party_at(account).map(|party| party.party),
            is_auditor: members.any(|(_, m)| m.account == *account && audits(&m.roles)),
        };
        Some((reader, keys))
    }

    /// By which right the reader reads an account and its history.
    #[must_use]
    pub fn entitled(&self, state: &State, account: &AccountId) -> Option<Entitled> {
        if self.account == *account {
            return Some(Entitled::Own);
        }
        let custodian = state.account(account).map(|record| record.custodian);
        if custodian.is_some() && custodian == self.bank {
            return Some(Entitled::Custodian);
        }
        self.is_auditor.then_some(Entitled::Auditor)
    }

    /// By which right the reader reads a transaction's content.
    ///
    /// A merchant is not among those named in a payment inside a zone: it sees its history, where
    /// payers are pseudonyms.
    #[must_use]
    pub fn entitled_to_content(
        &self,
        state: &State,
        transaction: &Transaction,
    ) -> Option<Entitled> {
        let mut named = vec![transaction.unsigned.account];
        named.extend(transaction.unsigned.operations.iter().filter_map(|op| other_side(state, op)));
        let rights = named.iter().filter_map(|account| self.entitled(state, account));
        let order = [Entitled::Own, Entitled::Custodian, Entitled::Auditor];
        let rights: Vec<Entitled> = rights.collect();
        order.into_iter().find(|right| rights.contains(right))
    }

    /// Whether the reader is a consent's subject or its controller.
    #[must_use]
    pub fn may_read_consent(&self, consent: &Consent) -> bool {
        self.account == consent.subject || self.party == Some(consent.controller)
    }
}

/// The account beside the sender's that an operation names.
fn other_side(state: &State, operation: &Operation) -> Option<AccountId> {
    let holder = |redeem| state.redeem(redeem).map(|request| request.account);
    match operation {
        Operation::Issue(issue) => Some(issue.account),
        Operation::SettleRedeem(settle) => holder(&settle.redeem),
        Operation::CancelRedeem(cancel) => holder(&cancel.redeem),
        Operation::Transfer(transfer) => Some(transfer.to),
        Operation::RegisterMerchant(register) => Some(register.merchant),
        Operation::RegisterParty(register) => Some(AccountId::of_party(register.party)),
        Operation::Grant(grant) => Some(AccountId::of_party(grant.controller)),
        Operation::Withdraw(withdraw) => {
            state.consent(&withdraw.consent).map(|c| AccountId::of_party(c.controller))
        }
        Operation::RequestAccess(request) => state.consent(&request.consent).map(|c| c.subject),
        Operation::OpenAccount(_)
        | Operation::RequestRedeem(_)
        | Operation::SetNetDebitCap(_)
        | Operation::OpenZoneAccount(_)
        | Operation::Charge(_)
        | Operation::Discharge(_)
        | Operation::Pay(_)
        | Operation::PublishNotice(_) => None,
    }
}

/// What stands behind an account and who acts for it, in the ledger's order of resolution.
fn authority<'s>(state: &'s State, account: &AccountId) -> Option<(Standing, &'s Authority)> {
    if let Some(record) = state.account(account) {
        return Some((Standing::Account, &record.authority));
    }
    if let Some(record) = state.subject(account) {
        return Some((Standing::Subject, &record.authority));
    }
    state.party_at(account).map(|record| (Standing::Party, &record.authority))
}

/// Whoever may send from an account, in JSON.
#[must_use]
pub fn account(state: &State, account: &AccountId) -> Option<AccountBody> {
    let (standing, authority) = authority(state, account)?;
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
    })
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
        roles: roles_to_names(record.roles),
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
        contents: record.contents.iter().map(NoticeTextBody::of).collect(),
    })
}

/// A consent in JSON.
#[must_use]
pub fn consent(state: &State, id: ConsentId, record: &Consent) -> ConsentBody {
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
        standing: consent_standing(state, record),
        given: record.given,
        ended: record.ended,
        height: state.height(),
    }
}

/// Where a consent stands at the tip's time, in the order in which the ledger would deny.
fn consent_standing(state: &State, consent: &Consent) -> ConsentStanding {
    let now = state.time();
    let notice = state.notice(consent.controller, consent.notice);
    let renewal_due =
        notice.is_some_and(|notice| consent.notice_version < notice.last_material_version);
    if consent.status == ConsentStatus::Withdrawn {
        ConsentStanding::Withdrawn
    } else if consent.expires <= now {
        ConsentStanding::Expired
    } else if now < consent.valid_from {
        ConsentStanding::NotYetValid
    } else if renewal_due {
        ConsentStanding::RenewalDue
    } else if consent.use_limit.is_some_and(|limit| consent.uses >= limit) {
        ConsentStanding::Exhausted
    } else {
        ConsentStanding::Given
    }
}

/// The network and how far the node is.
#[must_use]
pub fn status(state: &State, waiting: usize) -> StatusBody {
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
    }
}
