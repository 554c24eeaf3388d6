//! What is audited, and by which view: parties' logs and duties, requests, broken glass, the views.

use ledger_types::operation::AuditScope;
use ledger_types::record::{AuditView, Consent};
use ledger_types::{AccountId, Hash, PartyId, PartyRoles};
use node_api::ApiCode;

use super::{Asking, Extent, Ground, Judged, Refusal, not_entitled};

/// What an audit view is held against.
#[derive(Clone, Copy)]
pub(super) struct About {
    /// The subject that it is about, where there is one.
    pub(super) subject: Option<AccountId>,
    /// The controller or party that it is about, where there is one.
    pub(super) party: Option<PartyId>,
}

impl About {
    /// A consent's subject and controller.
    pub(super) const fn of(consent: &Consent) -> Self {
        Self { subject: Some(consent.subject), party: Some(consent.controller) }
    }
}

pub(super) const fn view_refused(detail: &'static str) -> Refusal {
    Refusal { code: ApiCode::ViewRefused, detail }
}

impl Asking<'_> {
    /// The reader's own audit view, in force now.
    pub(super) fn own_view(&self, view: &Hash) -> Judged<&AuditView> {
        let own = |record: &&AuditView| self.by.party == Some(record.auditor);
        let record = self.state.audit_view(view).filter(own);
        let record = record.filter(|record| record.is_in_force(self.state.time()));
        record.ok_or(view_refused("the audit view is not the reader's, or it is not in force"))
    }

    /// Whether the reader's audit view covers something.
    pub(super) fn by_view(&self, view: &Hash, about: About) -> Judged<Ground> {
        let covers = match self.own_view(view)?.scope {
            AuditScope::All => true,
            AuditScope::Subject { subject } => about.subject == Some(subject),
            AuditScope::Controller { controller } => about.party == Some(controller),
            AuditScope::Account { .. } | AuditScope::Bank { .. } | AuditScope::Zone { .. } => false,
        };
        let elsewhere = view_refused("the audit view is about something else");
        if covers { Ok(Ground::Audit) } else { Err(elsewhere) }
    }

    /// What concerns a party: its own, and whoever audits it.
    pub(super) fn of_party(&self, party: PartyId) -> Judged<Ground> {
        if self.by.party == Some(party) {
            return Ok(Ground::Own);
        }
        if let Some(view) = &self.named.view {
            return self.by_view(view, About { subject: None, party: Some(party) });
        }
        Err(not_entitled("what a party owes and did is read by itself and by an audit view"))
    }

    /// A party's log. An auditor is not told which subjects it was about: whose log is read must be
    /// recorded first, and this counts without it.
    pub(super) fn party_log(&self, party: PartyId) -> Judged<(Extent, Ground)> {
        let ground = self.of_party(party)?;
        let is_own = self.by.party == Some(party);
        Ok((if is_own { Extent::All } else { Extent::WithoutPeople }, ground))
    }

    /// A subject's request: who asked and who was asked.
    pub(super) fn request(&self, id: &Hash) -> Judged<Ground> {
        let hidden = not_entitled("a request is read by who asked and who was asked");
        let record = self.state.subject_request(id).ok_or(hidden)?;
        if self.is_subjects(&record.subject) || self.by.party == Some(record.controller) {
            return Ok(Ground::Own);
        }
        let view = self.named.view.ok_or(hidden)?;
        let about = About { subject: Some(record.subject), party: Some(record.controller) };
        self.by_view(&view, about)
    }

    /// A broken glass: who broke it, and whoever audits, for any of them may review it.
    pub(super) fn glass(&self, id: &Hash) -> Judged<Ground> {
        let hidden = not_entitled("a broken glass is read by who broke it and by auditors");
        let record = self.state.glass(id).ok_or(hidden)?;
        if self.by.party == Some(record.opener) {
            return Ok(Ground::Own);
        }
        let audits = self.has_role(PartyRoles::AUDITOR);
        if audits { Ok(Ground::Audit) } else { Err(hidden) }
    }

    /// An audit view: who reads by it, who gave it, and whom it is about. It says who audits and
    /// nothing that is audited, so that reading it is no audit.
    pub(super) fn audit_view(&self, id: &Hash) -> Judged<Ground> {
        let hidden = not_entitled("an audit view is read by those who take part in it");
        let record = self.state.audit_view(id).ok_or(hidden)?;
        let is_about = match record.scope {
            AuditScope::Subject { subject } => self.is_subjects(&subject),
            AuditScope::Controller { controller } => self.by.party == Some(controller),
            AuditScope::Account { account } => self.by.account == account,
            AuditScope::Bank { bank } => self.by.bank == Some(bank),
            AuditScope::Zone { zone } => {
                self.state.zone(zone).is_some_and(|of| of.operator == self.by.account)
            }
            AuditScope::All => false,
        };
        let takes_part =
            self.by.party == Some(record.auditor) || self.by.account == record.given_by;
        if is_about || takes_part { Ok(Ground::Own) } else { Err(hidden) }
    }
}
