//! `add-bank`, `add-issuer`, `add-member`, `add-validator`, `collect`, `add-party`, `add-zone`: an entry
//! more in a document, or several.
//!
//! An entry that would bring a new fault is refused and the document stays as it was; what is
//! still missing elsewhere does not stand in the way.

use std::path::{Path, PathBuf};

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_genesis::check::{Finding, check};
use kyojo_genesis::{card, document};
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisIssuer, GenesisMember, GenesisParty, GenesisValidator,
    GenesisZone, MemberRole,
};
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::zone::Publishes;
use ledger_types::{AccountId, Genesis, Hash, MemberId, PartyRoles, PublicKey, Yen};
use rand::RngCore as _;
use serde_json::json;

use crate::args::{AddBank, AddIssuer, AddMember, AddParty, AddValidator, AddZone, Collect};
use crate::commands::verify::faulty;

/// Runs `add-bank`.
pub(crate) fn add_bank(arguments: &AddBank) -> Result<Reply, Failure> {
    let custodian = &arguments.custodian;
    let mut genesis = document::read(&custodian.file)?;
    let account = AccountId::opened_by(custodian.code, &fresh_commitment());
    let member = next_member(&genesis);
    let edit = |genesis: &mut Genesis| {
        genesis.banks.push(GenesisBank {
            bank: custodian.code,
            name: custodian.name.clone(),
            account,
            keys: weigh(&custodian.keys),
            threshold: custodian.threshold,
            issue_allowance: custodian.issue_allowance,
            net_debit_cap: arguments.net_debit_cap,
        });
        let (name, roles) = (custodian.name.clone(), vec![MemberRole::Bank]);
        genesis.members.push(GenesisMember { member, name, roles, account });
    };
    apply(&custodian.file, &mut genesis, edit)?;
    added(format!("bank {} is member {member}", custodian.code), json!({ "member": member }))
}

/// Runs `add-issuer`.
pub(crate) fn add_issuer(arguments: &AddIssuer) -> Result<Reply, Failure> {
    let custodian = &arguments.custodian;
    let mut genesis = document::read(&custodian.file)?;
    let issuer = custodian.code;
    let account = AccountId::opened_by(issuer, &fresh_commitment());
    let float = float_account(arguments);
    let identity = float.account;
    let edit = |genesis: &mut Genesis| {
        genesis.accounts.push(float);
        genesis.issuers.push(GenesisIssuer {
            issuer,
            name: custodian.name.clone(),
            account,
            keys: weigh(&custodian.keys),
            threshold: custodian.threshold,
            issue_allowance: custodian.issue_allowance,
            float: identity,
        });
    };
    apply(&custodian.file, &mut genesis, edit)?;
    let address = identity.to_address(&genesis.address_prefix);
    let text = format!("issuer {issuer} pays by its float {address}");
    added(text, json!({ "issuer": issuer, "account": account, "float": identity }))
}

fn float_account(arguments: &AddIssuer) -> GenesisAccount {
    let AddIssuer { custodian: issuer, float_keys, .. } = arguments;
    let holder_commitment = fresh_commitment();
    GenesisAccount {
        account: AccountId::opened_by(arguments.float_bank, &holder_commitment),
        custodian: arguments.float_bank,
        holder_commitment,
        kind: AccountKind::Issuer,
        kyc_level: KycLevel::KB,
        keys: weigh(if float_keys.is_empty() { &issuer.keys } else { float_keys }),
        threshold: arguments.float_threshold.unwrap_or(issuer.threshold),
        balance: arguments.float_balance,
    }
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
    let validator = of_arguments(arguments)?;
    let edit = |genesis: &mut Genesis| genesis.validators.push(validator);
    apply(&arguments.file, &mut genesis, edit)?;
    added(format!("validator {index}"), json!({ "index": index }))
}

fn of_arguments(arguments: &AddValidator) -> Result<GenesisValidator, Failure> {
    let AddValidator { member, power, card, .. } = arguments;
    if let Some(card) = card {
        return Ok(card::read(card)?.validator(*member, *power));
    }
    let AddValidator { key, network_key, log_key, cosignature_key, .. } = arguments;
    let given = |key: &Option<PublicKey>| {
        key.ok_or_else(|| Failure::new(Exit::Usage, "usage", "a card or four keys are expected"))
    };
    Ok(GenesisValidator {
        member: *member,
        key: given(key)?,
        power: *power,
        network_key: given(network_key)?,
        log_key: given(log_key)?,
        cosignature_key: given(cosignature_key)?,
    })
}

/// Runs `collect`: all cards or none.
pub(crate) fn collect(arguments: &Collect) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let first = genesis.validators.len();
    let (mut validators, mut added) = (Vec::new(), Vec::new());
    for path in &arguments.cards {
        let card = card::read(path)?;
        refuse_namesakes(&genesis, path, card.name())?;
        let member = named(&genesis, card.name()).ok_or_else(|| {
            let names = genesis.members.iter().map(|member| member.name.as_str());
            let message = format!(
                "{}: no member is called \"{}\" (there are: {}); add it with `add-member`, or name \
                 the right one with `add-validator --member`",
                path.display(),
                card.name(),
                names.collect::<Vec<_>>().join(", ")
            );
            Failure::new(Exit::NotFound, "unknown_member", message)
        })?;
        let validator = card.validator(member, 1);
        let mut known = genesis.validators.iter().chain(&validators);
        if let Some(index) = known.position(|known| is_same_node(known, &validator)) {
            let other = index.checked_sub(first).and_then(|place| arguments.cards.get(place));
            return Err(card_twice(path, index, other.map(PathBuf::as_path)));
        }
        let mut known = genesis.validators.iter().chain(&validators);
        if known.any(|known| known.member == member) {
            return Err(has_validator(path, card.name(), member));
        }
        added.push((member, card.name().to_owned(), path.display().to_string()));
        validators.push(validator);
    }
    let added: Vec<String> = (first..)
        .zip(added)
        .map(|(index, (member, name, path))| {
            format!("validator {index}  member {member} \"{name}\"  {path}")
        })
        .collect();
    apply(&arguments.file, &mut genesis, |genesis| genesis.validators.extend(validators))?;
    let data = json!({ "first": first, "validators": arguments.cards.len() });
    Ok(Reply::new(data, added.join("\n"))
        .next("kyojo-genesis validate; then give every company the document and all cards")
        .next("kyojo-node join --home DIR --genesis genesis.json CARD …"))
}

/// Whether two entries are one node's.
fn is_same_node(one: &GenesisValidator, other: &GenesisValidator) -> bool {
    one.key == other.key && one.network_key == other.network_key
}

/// Nobody signs a card: which company sent it is known by a name that one member alone has.
fn refuse_namesakes(genesis: &Genesis, path: &Path, name: &str) -> Result<(), Failure> {
    let namesakes = genesis.members.iter().filter(|member| member.name == name);
    let numbers: Vec<String> = namesakes.map(|member| member.member.to_string()).collect();
    if numbers.len() < 2 {
        return Ok(());
    }
    let message = format!(
        "{}: members {} are all called \"{name}\"; name the right one with `add-validator --member`",
        path.display(),
        numbers.join(", ")
    );
    Err(Failure::new(Exit::Config, "member_ambiguous", message))
}

/// A second card under a name that a validator's member has: anybody can write a name on a card.
fn has_validator(path: &Path, name: &str, member: MemberId) -> Failure {
    let message = format!(
        "{}: member {member} \"{name}\" has a validator already; ask the company which card is \
         theirs, and add a second node of theirs with `add-validator --member {member}`",
        path.display()
    );
    Failure::new(Exit::Config, "member_has_validator", message)
}

/// A card of a node that the document has already, or that another card is of.
fn card_twice(path: &Path, index: usize, other: Option<&Path>) -> Failure {
    let whose = match other {
        Some(other) => format!("the same node's card as {}", other.display()),
        None => format!("the card of a node that the document has already, as validator {index}"),
    };
    let path = path.display();
    let message =
        format!("{path}: {whose}; give the card of each node once, and leave this one out");
    Failure::new(Exit::Config, "card_twice", message)
}

fn named(genesis: &Genesis, name: &str) -> Option<MemberId> {
    genesis.members.iter().find(|member| member.name == name).map(|member| member.member)
}

/// Runs `add-party`.
pub(crate) fn add_party(arguments: &AddParty) -> Result<Reply, Failure> {
    let mut genesis = document::read(&arguments.file)?;
    let roles = arguments
        .roles
        .iter()
        .fold(PartyRoles::default(), |roles, role| roles.with((*role).into()));
    let party = GenesisParty {
        party: arguments.number,
        roles,
        regime: arguments.regime.into(),
        corporate_number: arguments.corporate_number,
        keys: weigh(&arguments.keys),
        threshold: arguments.threshold,
    };
    let account = AccountId::of_party(arguments.number).to_address(&genesis.address_prefix);
    apply(&arguments.file, &mut genesis, |genesis| genesis.parties.push(party))?;
    let data = json!({ "party": arguments.number, "account": account });
    added(format!("party {} acts through {account}", arguments.number), data)
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
        let mut areas = arguments.areas.clone();
        areas.sort_unstable();
        areas.dedup();
        let publishes =
            if arguments.private_shops { Publishes::default() } else { Publishes::MERCHANTS };
        genesis.zones.push(GenesisZone { zone, name, operator, areas, publishes });
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
