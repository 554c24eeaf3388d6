//! Consents, what becomes of them and what they permit: the subject's, and those who take part.

use ledger_types::operation::{AuditScope, GuardianPowers, ReadRight};
use ledger_types::record::{Access, Consent, LogRead};
use ledger_types::{AccountId, ConsentId, Hash, PartyId, PartyRoles};
use node_api::ApiCode;

use super::oversight::{About, view_refused};
use super::{Asking, Extent, Ground, Judged, READ_VALID_MS, Refusal, not_entitled};

impl Asking<'_> {
    /// Whether the reader is the subject, or a guardian who may read now.
    pub(super) fn is_subjects(&self, subject: &AccountId) -> bool {
        let delegation = self.state.delegation(subject, &self.by.account);
        let is_guardian =
            delegation.is_some_and(|one| one.may(GuardianPowers::READ, self.state.time()));
        self.by.account == *subject || is_guardian
    }

    /// A subject's consents: all are its own, a controller sees those that were given to it.
    pub(super) fn consents(&self, subject: &AccountId) -> Judged<(Extent, Ground)> {
        if self.is_subjects(subject) {
            return Ok((Extent::All, Ground::Own));
        }
        let detail = "a subject's consents are its own and its controllers'";
        let party = self.by.party.ok_or(not_entitled(detail))?;
        Ok((Extent::AsTo(party), Ground::Own))
    }

    /// A consent: by taking part in it, by an audit view, or by an access under it.
    pub(super) fn consent(&self, id: &ConsentId) -> Judged<Ground> {
        let hidden = not_entitled("a consent is read by those who take part in it");
        let record = self.state.consent(id).ok_or(hidden)?;
        if self.by.party == Some(record.controller) || self.is_subjects(&record.subject) {
            return Ok(Ground::Own);
        }
        if let Some(view) = &self.named.view {
            return self.by_view(view, About::of(record));
        }
        let used = self.named.access.as_ref().and_then(|access| self.access_record(access));
        let used = used.filter(|used| used.consent == Some(*id));
        let is_user = used.is_some_and(|used| {
            let users = [Some(used.requester), used.holder_half.map(|half| half.holder)];
            self.by.party.is_some() && users.contains(&self.by.party)
        });
        if is_user { Ok(Ground::Own) } else { Err(hidden) }
    }

    /// A consent's log: whoever may not see the consent sees nothing of it.
    pub(super) fn consent_log(&self, id: &ConsentId) -> Judged<(Extent, Ground)> {
        let hidden =
            not_entitled("a consent's log is its subject's, and by record its controller's");
        let record = self.state.consent(id).ok_or(hidden)?;
        // Without a recorded read, only those who may record one learn that they need it.
        let takes_part = self.is_subjects(&record.subject)
            || self.by.party == Some(record.controller)
            || self.named.read.is_some();
        if !takes_part {
            return Err(hidden);
        }
        let (extent, ground) = self.subject_log(&record.subject)?;
        let is_anothers = extent.is_as_to_another(record);
        if is_anothers { Err(hidden) } else { Ok((extent, ground)) }
    }

    /// A subject's log: its own, and by a recorded read a party's.
    pub(super) fn subject_log(&self, subject: &AccountId) -> Judged<(Extent, Ground)> {
        if self.is_subjects(subject) {
            return Ok((Extent::All, Ground::Own));
        }
        let detail = "a log is its subject's, its guardian's, and by record a party's";
        let party = self.by.party.ok_or(not_entitled(detail))?;
        let record = self.recorded(party, |record| record.subject == *subject)?;
        let record = record.ok_or(Refusal {
            code: ApiCode::ReadNotRecorded,
            detail: "commit read_access_log about this subject, by a consent to the reader or by \
                its audit view, and name it with read=",
        })?;
        match record.right {
            ReadRight::Consent { .. } => Ok((Extent::AsTo(party), Ground::Own)),
            ReadRight::View { view, .. } => Ok(match self.own_view(&view)?.scope {
                AuditScope::Controller { controller } => (Extent::AsTo(controller), Ground::Audit),
                AuditScope::All | AuditScope::Subject { .. } => (Extent::All, Ground::Audit),
                AuditScope::Account { .. } | AuditScope::Bank { .. } | AuditScope::Zone { .. } => {
                    return Err(view_refused("the audit view is about accounts, not about a log"));
                }
            }),
        }
    }

    /// The party's own recorded read that it names, while it may be used; none where it names none
    /// of its own that covers what is read.
    pub(super) fn recorded(
        &self,
        party: PartyId,
        covers: impl Fn(&LogRead) -> bool,
    ) -> Judged<Option<&LogRead>> {
        let record = self.named.read.and_then(|read| self.state.log_read(&read));
        let own = record.filter(|record| record.reader == party && covers(record));
        let Some(record) = own else { return Ok(None) };
        let valid_until = record.at.checked_add_millis(READ_VALID_MS);
        if valid_until.is_some_and(|until| until < self.state.time()) {
            let detail = "a recorded read may be used for 10 minutes of block time: commit another";
            return Err(Refusal { code: ApiCode::ReadTooOld, detail });
        }
        Ok(Some(record))
    }

    /// What would be decided on a request of the reader: a party's, for no one else may request.
    pub(super) fn preview(&self) -> Judged<Ground> {
        let not_a_party = not_entitled("the reader is not a consent party");
        self.by.party.map(|_| Ground::Own).ok_or(not_a_party)
    }

    /// An access: those who take part in it, and data holders, so that they can check what they
    /// are shown. A view that is named is what it is read by, whatever else the reader may.
    pub(super) fn access(&self, id: &Hash) -> Judged<Ground> {
        let hidden =
            not_entitled("an access is read by those who take part in it, and by data holders");
        let holds = self.has_role(PartyRoles::DATA_HOLDER);
        let Some(record) = self.access_record(id) else {
            let (code, detail) = (ApiCode::AccessNotFound, "no such access was permitted yet");
            return Err(if holds { Refusal { code, detail } } else { hidden });
        };
        let consent = record.consent.and_then(|consent| self.state.consent(&consent));
        let controller = consent.map(|consent| consent.controller);
        if let Some(view) = &self.named.view {
            return self.by_view(view, About { subject: record.subject, party: controller });
        }
        let is_own = record.subject.is_some_and(|subject| self.is_subjects(&subject));
        let takes_part = self.by.party.is_some_and(|party| {
            let holder = record.holder_half.map(|half| half.holder);
            record.requester == party || holder == Some(party) || controller == Some(party)
        });
        if is_own || takes_part || holds { Ok(Ground::Own) } else { Err(hidden) }
    }

    /// An access's record, from the state or from where it is kept since it left.
    fn access_record(&self, id: &Hash) -> Option<&Access> {
        self.accesses.get(id).or_else(|| self.state.access(id))
    }

    /// Whether the reader is a party with one of these roles.
    pub(super) fn has_role(&self, roles: PartyRoles) -> bool {
        let party = self.by.party.and_then(|party| self.state.party(party));
        party.is_some_and(|party| party.roles.intersects(roles))
    }
}

impl Extent {
    /// Whether it is what concerns another controller than a consent's.
    fn is_as_to_another(self, consent: &Consent) -> bool {
        match self {
            Self::AsTo(controller) => controller != consent.controller,
            Self::All
            | Self::WithoutPeople
            | Self::WithPseudonyms
            | Self::Operations(_)
            | Self::WithoutContent => false,
        }
    }
}
