//! `PublishLegalBasis`: the registrar publishes the next version of a legal basis.
//!
//! An opt-out never covers sensitive data (APPI article 27, paragraph 2).

use ledger_types::consent::{Mechanism, Regimes};
use ledger_types::event::LegalBasisPublished;
use ledger_types::genesis::MemberRole;
use ledger_types::limits::LEGAL_BASIS_CODE_BYTES_MAX;
use ledger_types::operation::PublishLegalBasis;
use ledger_types::record::LegalBasis;
use ledger_types::{Rejection, refuse_if};

use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PublishLegalBasis {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let (basis, version) = (self.basis, self.version);
        member_with(execution, MemberRole::Registrar)?;
        let current = execution.books.legal_basis(basis).map_or(0, |before| before.version);
        if current.checked_add(1) != Some(version) {
            return Err(Rejection::LegalBasisVersionNotNext { current }.into());
        }
        refuse_if(!is_usable(self), Rejection::BadLegalBasis)?;
        let record = LegalBasis {
            version,
            code: self.code.clone(),
            statute_date: self.statute_date,
            content_hash: self.content_hash,
            mechanism: self.mechanism,
            regimes: self.regimes,
            evidence_required: self.evidence_required,
            sensitive_allowed: self.sensitive_allowed,
            published: execution.height,
        };
        execution.books.put_legal_basis(basis, record);
        execution.emit(LegalBasisPublished { basis, version });
        Ok(())
    }
}

fn is_usable(publish: &PublishLegalBasis) -> bool {
    let code_fits = (1..=LEGAL_BASIS_CODE_BYTES_MAX).contains(&publish.code.len());
    let bits = publish.regimes.bits();
    let sensitive_opt_out = publish.mechanism == Mechanism::OptOut && publish.sensitive_allowed;
    code_fits
        && bits != 0
        && Regimes::from_bits(bits).is_some()
        && is_date(publish.statute_date)
        && !sensitive_opt_out
}

/// Whether the number is a day as yyyymmdd, from the year 1000 on (no month is told from another).
pub(super) fn is_date(date: u32) -> bool {
    let (year, rest) = (date.checked_div(10_000), date.checked_rem(10_000));
    let month = rest.and_then(|rest| rest.checked_div(100));
    let day = rest.and_then(|rest| rest.checked_rem(100));
    year.is_some_and(|year| (1000..=9999).contains(&year))
        && month.is_some_and(|month| (1..=12).contains(&month))
        && day.is_some_and(|day| (1..=31).contains(&day))
}
