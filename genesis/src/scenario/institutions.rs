//! The institutions of the built-in consortium beside its banks.

use ledger_types::genesis::MemberRole;
use ledger_types::operation::AccountKind;

use crate::actors::ActorRole;

/// An institution: its actor's name, public name, member role, and its account's kind.
pub(crate) struct Institution {
    pub(crate) name: String,
    pub(crate) public_name: String,
    pub(crate) member: MemberRole,
    pub(crate) actor: ActorRole,
    pub(crate) kind: AccountKind,
}

impl Institution {
    fn new(
        name: &str,
        public_name: &str,
        member: MemberRole,
        actor: ActorRole,
        kind: AccountKind,
    ) -> Self {
        Self { name: name.to_owned(), public_name: public_name.to_owned(), member, actor, kind }
    }

    pub(crate) fn company(number: usize) -> Self {
        Self::new(
            &format!("company-{number}"),
            &format!("Demo Works No. {number}"),
            MemberRole::Company,
            ActorRole::Company,
            AccountKind::Merchant,
        )
    }
}

/// The institutions beside banks and companies.
pub(crate) fn institutions() -> [Institution; 6] {
    use AccountKind::{Municipality, Operator};
    let make = Institution::new;
    [
        make("city", "Akabeko Demo City", MemberRole::City, ActorRole::City, Municipality),
        make(
            "university",
            "Akabeko Demo University",
            MemberRole::University,
            ActorRole::University,
            Operator,
        ),
        make(
            "zone-operator",
            "Akabeko Coin Demo Office",
            MemberRole::ZoneOperator,
            ActorRole::ZoneOperator,
            Operator,
        ),
        make(
            "settlement-operator",
            "Demo Settlement Office",
            MemberRole::SettlementOperator,
            ActorRole::SettlementOperator,
            Operator,
        ),
        make(
            "registrar",
            "Demo Consent Registrar",
            MemberRole::Registrar,
            ActorRole::Registrar,
            Operator,
        ),
        make("auditor", "Demo Audit Office", MemberRole::Auditor, ActorRole::Auditor, Operator),
    ]
}
