//! Checks of a genesis document that need no records.

use ledger_types::genesis::{GenesisMember, GenesisValidator};
use ledger_types::limits::ZONES_MAX;
use ledger_types::{Genesis, PublicKey, Validator, ValidatorSet, refuse_if};

use super::GenesisError;

/// The longest name in a document, in bytes.
pub const GENESIS_NAME_BYTES_MAX: usize = 256;

/// Names are neither empty nor endless; members are each named once, with roles in order.
pub(super) fn names_and_members(genesis: &Genesis) -> Result<(), GenesisError> {
    let members = genesis.members.iter().map(|member| &member.name);
    let banks = genesis.banks.iter().map(|bank| &bank.name);
    let issuers = genesis.issuers.iter().map(|issuer| &issuer.name);
    let custodians = banks.chain(issuers);
    let zones = genesis.zones.iter().map(|zone| &zone.name);
    let mut names = core::iter::once(&genesis.name).chain(members).chain(custodians).chain(zones);
    if let Some(name) = names.find(|name| !(1..=GENESIS_NAME_BYTES_MAX).contains(&name.len())) {
        return Err(GenesisError::BadName { name: name.clone() });
    }
    for (index, entry) in genesis.members.iter().enumerate() {
        let member = entry.member;
        if genesis.members.iter().take(index).any(|earlier| earlier.member == member) {
            return Err(GenesisError::MemberRepeated { member });
        }
        refuse_if(!roles_are_in_order(entry), GenesisError::RolesNotInOrder { member })?;
    }
    Ok(())
}

/// Records are kept at least as long as the law and their identities ask for.
pub(super) fn retention(genesis: &Genesis) -> Result<(), GenesisError> {
    genesis.parameters.retention.short().next().map_or(Ok(()), |short| Err(short.into()))
}

/// No limit is of nothing: nobody's payments are stopped but by a freeze, which has a ground and an end.
pub(super) fn limits(genesis: &Genesis) -> Result<(), GenesisError> {
    refuse_if(genesis.parameters.limits.have_zero(), GenesisError::LimitOfNothing)
}

/// Whoever won has time to buy, and whoever deposited a secret to tell it.
pub(super) fn lotteries(genesis: &Genesis) -> Result<(), GenesisError> {
    let mut short = genesis.parameters.lotteries.short(genesis.lab.is_some());
    short.next().map_or(Ok(()), |short| Err(short.into()))
}

/// No more zones than operations could make, so that every network stays within them.
pub(super) fn zones(genesis: &Genesis) -> Result<(), GenesisError> {
    let count = genesis.zones.len();
    refuse_if(count > ZONES_MAX, GenesisError::TooManyZones { count })
}

/// Whoever signs directories has a sound key, and the list of them one form.
pub(super) fn directory_keys(genesis: &Genesis) -> Result<(), GenesisError> {
    let mut before: Option<&PublicKey> = None;
    for key in &genesis.directory_keys {
        if !key.is_registrable() || before.is_some_and(|before| before >= key) {
            return Err(GenesisError::BadDirectoryKey { key: key.to_string() });
        }
        before = Some(key);
    }
    Ok(())
}

fn roles_are_in_order(member: &GenesisMember) -> bool {
    member.roles.iter().zip(member.roles.iter().skip(1)).all(|(one, next)| one < next)
}

/// The validator set: members run its validators, and every key is sound and used once.
pub(super) fn validators(genesis: &Genesis) -> Result<ValidatorSet, GenesisError> {
    let mut keys: Vec<PublicKey> = Vec::new();
    for validator in &genesis.validators {
        let member = validator.member;
        if !genesis.members.iter().any(|entry| entry.member == member) {
            return Err(GenesisError::UnknownMember { member });
        }
        let GenesisValidator { key, network_key, log_key, cosignature_key, .. } = *validator;
        for key in [key, network_key, log_key, cosignature_key] {
            if !key.is_registrable() || keys.contains(&key) {
                return Err(GenesisError::BadValidatorKey { key: key.to_string() });
            }
            keys.push(key);
        }
    }
    let entries = genesis.validators.iter();
    let set = entries.map(|entry| Validator { key: entry.key, power: entry.power }).collect();
    ValidatorSet::new(set).ok_or(GenesisError::BadValidatorSet)
}
