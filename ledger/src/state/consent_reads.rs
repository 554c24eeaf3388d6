//! Typed reads of the consent layer's records.

use ledger_types::{AccountId, ConsentId, Hash, LegalBasisId, PartyId, Regime, VocabularyId};

use super::State;
use crate::record::{
    Access, Acknowledgement, AuditView, Contact, Delegation, Disclosures, Dividend, Emergency,
    Glass, JointUse, LegalBasis, LogRead, OptOut, OptOutStop, Reconsent, Recovery, RegimeVersion,
    Shred, SubjectRequest, Terms, Vocabulary,
};

impl State {
    /// A version of a vocabulary.
    #[must_use]
    pub fn vocabulary(&self, vocabulary: VocabularyId, version: u32) -> Option<&Vocabulary> {
        self.books.vocabulary(vocabulary, version)
    }

    /// A legal basis.
    #[must_use]
    pub fn legal_basis(&self, basis: LegalBasisId) -> Option<&LegalBasis> {
        self.books.legal_basis(basis)
    }

    /// A regime's deadlines.
    #[must_use]
    pub fn regime(&self, regime: Regime) -> Option<&RegimeVersion> {
        self.books.regime(regime)
    }

    /// A version of a scheme of joint use.
    #[must_use]
    pub fn joint_use(&self, controller: PartyId, scheme: u32, version: u32) -> Option<&JointUse> {
        self.books.joint_use(controller, scheme, version)
    }

    /// A scheme that people may object to.
    #[must_use]
    pub fn opt_out(&self, controller: PartyId, scheme: u32) -> Option<&OptOut> {
        self.books.opt_out(controller, scheme)
    }

    /// A person's objection.
    #[must_use]
    pub fn opt_out_stop(
        &self,
        controller: PartyId,
        scheme: u32,
        person: &Hash,
    ) -> Option<&OptOutStop> {
        self.books.opt_out_stop(controller, scheme, person)
    }

    /// What a controller pays for data.
    #[must_use]
    pub fn terms(&self, controller: PartyId, terms: u32) -> Option<&Terms> {
        self.books.terms(controller, terms)
    }

    /// Where requests reach a data subject.
    #[must_use]
    pub fn contact(&self, subject: &AccountId) -> Option<&Contact> {
        self.books.contact(subject)
    }

    /// A request for renewals.
    #[must_use]
    pub fn reconsent(&self, request: &Hash) -> Option<&Reconsent> {
        self.books.reconsent(request)
    }

    /// What a subject asked of a controller.
    #[must_use]
    pub fn subject_request(&self, request: &Hash) -> Option<&SubjectRequest> {
        self.books.subject_request(request)
    }

    /// A guardian's authority.
    #[must_use]
    pub fn delegation(&self, subject: &AccountId, guardian: &AccountId) -> Option<&Delegation> {
        self.books.delegation(subject, guardian)
    }

    /// A proposal to give a data subject another key.
    #[must_use]
    pub fn recovery(&self, subject: &AccountId) -> Option<&Recovery> {
        self.books.recovery(subject)
    }

    /// A permitted access.
    #[must_use]
    pub fn access(&self, access: &Hash) -> Option<&Access> {
        self.books.access(access)
    }

    /// An hour's disclosures between two parties.
    #[must_use]
    pub fn disclosures(
        &self,
        holder: PartyId,
        recipient: PartyId,
        hour: u32,
    ) -> Option<&Disclosures> {
        self.books.disclosures(holder, recipient, hour)
    }

    /// What a controller owes once a consent has ended.
    #[must_use]
    pub fn acknowledgement(&self, consent: &ConsentId) -> Option<&Acknowledgement> {
        self.books.acknowledgement(consent)
    }

    /// A broken glass.
    #[must_use]
    pub fn glass(&self, glass: &Hash) -> Option<&Glass> {
        self.books.glass(glass)
    }

    /// An area's emergency.
    #[must_use]
    pub fn emergency(&self, area: u32) -> Option<&Emergency> {
        self.books.emergency(area)
    }

    /// A part of a month's dividends.
    #[must_use]
    pub fn dividend(
        &self,
        controller: PartyId,
        terms: u32,
        month: u32,
        chunk: u32,
    ) -> Option<&Dividend> {
        self.books.dividend(controller, terms, month, chunk)
    }

    /// A party's word that salts and keys are destroyed.
    #[must_use]
    pub fn shred(&self, consent: &ConsentId, party: PartyId) -> Option<&Shred> {
        self.books.shred(consent, party)
    }

    /// An auditor's right to read.
    #[must_use]
    pub fn audit_view(&self, view: &Hash) -> Option<&AuditView> {
        self.books.audit_view(view)
    }

    /// A logged read of a subject's access log.
    #[must_use]
    pub fn log_read(&self, read: &Hash) -> Option<&LogRead> {
        self.books.log_read(read)
    }
}
