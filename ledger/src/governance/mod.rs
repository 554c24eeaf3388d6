//! Governance: what members may do by their roles.

mod register_party;
mod update_party;

use ledger_types::genesis::MemberRole;
use ledger_types::{AccountId, Rejection};

pub(crate) use register_party::{are_usable, register_party};
pub(crate) use update_party::update_party;

use crate::execution::Execution;

/// The sending account, where a member with this role acts through it.
pub(crate) fn member_with(
    execution: &Execution<'_>,
    role: MemberRole,
) -> Result<AccountId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::MemberRoleMissing)?;
    let acts = execution.books.has_role(&account, role);
    acts.then_some(account).ok_or(Rejection::MemberRoleMissing)
}

/// The sending account, where a member with one of these roles acts through it.
pub(crate) fn member_with_any(
    execution: &Execution<'_>,
    roles: &[MemberRole],
) -> Result<AccountId, Rejection> {
    let found = roles.iter().find_map(|role| member_with(execution, *role).ok());
    found.ok_or(Rejection::MemberRoleMissing)
}

/// The sending account, where any member acts through it.
pub(crate) fn member(execution: &Execution<'_>) -> Result<AccountId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::MemberRoleMissing)?;
    let acts = execution.books.is_member(&account);
    acts.then_some(account).ok_or(Rejection::MemberRoleMissing)
}
