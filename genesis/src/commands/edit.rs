//! `add-bank`, `add-member`, `add-validator`, `add-zone`: one entry more in a document.
//!
//! An entry that would bring a new fault is refused and the document stays as it was; what is
//! still missing elsewhere does not stand in the way.

use std::path::Path;

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_genesis::check::{Finding, check};
use kyojo_genesis::document;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisMember, GenesisValidator, GenesisZone, MemberRole,
};
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::{AccountId, Genesis, Hash, MemberId, PublicKey, Yen};
use rand::RngCore as _;
use serde_json::json;

use crate::args::{AddBank, AddMember, AddValidator, AddZone};
use crate::commands::verify::faulty;

/// Runs `add-bank`.
pub(crate) fn add_bank(arguments: &AddBank) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let account = AccountId::opened_by(arguments.code, &fresh_commitment());
    let member = next_member(&genesis);
    let edit = |genesis: &mut Genesis| {
        genesis.banks.push(GenesisBank {
            bank: arguments.code,
            name: arguments.name.clone(),
            account,
            keys: weigh(&arguments.keys),
            threshold: arguments.threshold,
            issue_allowance: arguments.issue_allowance,
            net_debit_cap: arguments.net_debit_cap,
        });
        let (name, roles) = (arguments.name.clone(), vec![MemberRole::Bank]);
        genesis.members.push(GenesisMember { member, name, roles, account });
    };
    apply(&arguments.file, &mut genesis, edit)?;
    added(format!("bank {} is member {member}", arguments.code), json!({ "member": member }))
}

/// Runs `add-member`.
pub(crate) fn add_member(arguments: &AddMember) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let mut roles: Vec<MemberRole> = arguments.roles.iter().map(|role| (*role).into()).collect();
    roles.sort_unstable();
    roles.dedup();
    let account = member_account(arguments, &roles);
    let identity = account.account;
    let member = next_member(&genesis);
    let edit = |genesis: &mut Genesis| {
        genesis.accounts.push(account);
        let name = arguments.name.clone();
        genesis.members.push(GenesisMember { member, name, roles, account: identity });
    };
    apply(&arguments.file, &mut genesis, edit)?;
    added(format!("member {member}"), json!({ "member": member, "account": identity }))
}

/// Runs `add-validator`.
pub(crate) fn add_validator(arguments: &AddValidator) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let index = genesis.validators.len();
    let edit = |genesis: &mut Genesis| {
        genesis.validators.push(GenesisValidator {
            member: arguments.member,
            key: arguments.key,
            power: arguments.power,
            network_key: arguments.network_key,
            log_key: arguments.log_key,
            cosignature_key: arguments.cosignature_key,
        });
    };
    apply(&arguments.file, &mut genesis, edit)?;
    added(format!("validator {index}"), json!({ "index": index }))
}

/// Runs `add-zone`.
pub(crate) fn add_zone(arguments: &AddZone) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let operator = genesis.members.iter().find(|member| member.member == arguments.operator);
    let Some(operator) = operator.map(|member| member.account) else {
        let message = format!("--operator: member {} is not listed", arguments.operator);
        return Err(Failure::new(Exit::NotFound, "unknown_member", message));
    };
    let edit = |genesis: &mut Genesis| {
        let (zone, name) = (arguments.number, arguments.name.clone());
        genesis.zones.push(GenesisZone { zone, name, operator });
    };
    apply(&arguments.file, &mut genesis, edit)?;
    added(format!("zone {}", arguments.number), json!({ "zone": arguments.number }))
}

/// Edits and writes the document, unless the edit brings a fault that was not there.
fn apply(
    file: &Path,
    genesis: &mut Genesis,
    edit: impl FnOnce(&mut Genesis),
) -> Result<(), Failure> {
    let before = check(genesis, []);
    edit(genesis);
    let is_new = |finding: &Finding| {
        !before.iter().any(|old| old.code == finding.code && old.place == finding.place)
    };
    let brought: Vec<Finding> = check(genesis, []).into_iter().filter(is_new).collect();
    if brought.is_empty() { Ok(document::replace(file, genesis)?) } else { Err(faulty(&brought)) }
}

fn added(text: String, data: serde_json::Value) -> Result<Reply, Failure> {
    Ok(Reply::new(data, text).next("kyojo-genesis validate"))
}

fn member_account(arguments: &AddMember, roles: &[MemberRole]) -> GenesisAccount {
    let holder_commitment = fresh_commitment();
    let kind = match roles {
        [MemberRole::City, ..] => AccountKind::Municipality,
        [MemberRole::Company] => AccountKind::Merchant,
        _ => AccountKind::Operator,
    };
    GenesisAccount {
        account: AccountId::opened_by(arguments.bank, &holder_commitment),
        custodian: arguments.bank,
        holder_commitment,
        kind,
        kyc_level: KycLevel::KB,
        keys: weigh(&arguments.keys),
        threshold: arguments.threshold,
        balance: Yen::ZERO,
    }
}

fn weigh(keys: &[PublicKey]) -> Vec<WeightedKey> {
    keys.iter().map(|key| WeightedKey::plain(*key, 1)).collect()
}

fn next_member(genesis: &Genesis) -> MemberId {
    let highest = genesis.members.iter().map(|member| member.member.get()).max();
    MemberId::new(highest.unwrap_or(0).saturating_add(1))
}

/// A commitment with nothing behind it but chance: the institution is public by name anyway.
fn fresh_commitment() -> Hash {
    let mut bytes = [0; 32];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    Hash::new(bytes)
}
