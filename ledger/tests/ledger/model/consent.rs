//! The model's consent: parties, notices, grants and decisions.

use ledger_types::consent::{Materiality, Recipient};
use ledger_types::genesis::MemberRole;
use ledger_types::operation::{
    AccessBasis, ConsentBasis, Grant, PublishNotice, RegisterParty, RequestAccess,
};
use ledger_types::{AccountId, ConsentId, Hash, merkle};

use super::{Given, Model, Refused, rule, usable};

const CONTROLLER: u16 = 1;
/// Controller, joint user, recipient, processor, data holder.
const USERS: u16 = 0b1_1111;

impl Model {
    pub(super) fn register_party(
        &mut self,
        sender: AccountId,
        register: &RegisterParty,
    ) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::Registrar)), 5001)?;
        let bits = register.roles.bits();
        rule(bits > 0 && bits < 256, 4021)?;
        rule(!self.parties.contains_key(&register.party.get()), 4002)?;
        rule(usable(&register.keys, register.threshold), 2013)?;
        self.parties.insert(register.party.get(), bits);
        Ok(())
    }

    pub(super) fn publish(&mut self, sender: AccountId, publish: &PublishNotice) -> Refused {
        let party = self.party(&sender).ok_or(4001_u16)?;
        rule(self.parties[&party] & CONTROLLER != 0, 4003)?;
        let versions = self.notices.entry((party, publish.notice.get())).or_default();
        rule(usize::try_from(publish.version).unwrap() == versions.len() + 1, 4005)?;
        rule(!publish.contents.is_empty(), 4008)?;
        versions.push((publish.materiality, publish.contents.clone()));
        Ok(())
    }

    pub(super) fn grant(&mut self, sender: AccountId, grant: &Grant) -> Refused {
        rule(self.subjects.contains(&sender), 4011)?;
        rule(!self.consents.contains_key(&grant.consent), 4009)?;
        let roles = self.parties.get(&grant.controller.get()).ok_or(4001_u16)?;
        rule(roles & CONTROLLER != 0, 4003)?;
        let versions = self.notices.get(&(grant.controller.get(), grant.notice.get()));
        let versions = versions.filter(|versions| !versions.is_empty()).ok_or(4004_u16)?;
        rule(versions.len() == usize::try_from(grant.notice_version).unwrap(), 4006)?;
        let (_, contents) = versions.last().unwrap();
        let text = (grant.language, grant.notice_hash);
        rule(contents.iter().any(|c| (c.language, c.content_hash) == text), 4007)?;
        let (from, until) = (grant.valid_from.as_millis(), grant.expires.as_millis());
        rule(from < until && self.now < until, 4010)?;
        rule(grant.use_limit != Some(0), 4019)?;
        let given = Given { grant: grant.clone(), subject: sender, uses: 0, withdrawn: false };
        self.consents.insert(grant.consent, given);
        Ok(())
    }

    pub(super) fn withdraw(&mut self, sender: AccountId, consent: ConsentId) -> Refused {
        rule(self.subjects.contains(&sender), 4011)?;
        let given = self.consents.get_mut(&consent).ok_or(4012_u16)?;
        rule(given.subject == sender, 4013)?;
        rule(!given.withdrawn, 4014)?;
        given.withdrawn = true;
        Ok(())
    }

    pub(super) fn access(&mut self, sender: AccountId, asked: &RequestAccess) -> Refused {
        let party = self.party(&sender).ok_or(4001_u16)?;
        rule(self.accesses.insert(asked.access), 4077)?;
        rule(self.is_of_now(&asked.access), 4108)?;
        let AccessBasis::Consent(request) = &asked.basis else { panic!("not generated here") };
        rule(self.parties[&party] & USERS != 0, 4003)?;
        let given = self.consents.get(&request.consent).ok_or(4012_u16)?;
        rule(!given.withdrawn, 4014)?;
        let grant = &given.grant;
        rule(self.now < grant.expires.as_millis(), 4015)?;
        rule(self.now >= grant.valid_from.as_millis(), 4016)?;
        let versions = &self.notices[&(grant.controller.get(), grant.notice.get())];
        let presented = usize::try_from(grant.notice_version).unwrap();
        let later = versions.iter().skip(presented);
        let material = later.filter(|(how, _)| *how == Materiality::Material).count();
        rule(material == 0, 4020)?;
        rule(root_of(request) == grant.terms_root, 4018)?;
        rule(is_for(request.leaf.recipient, party, self.parties[&party]), 4109)?;
        rule(grant.use_limit.is_none_or(|limit| given.uses < limit), 4017)?;
        self.consents.get_mut(&request.consent).unwrap().uses += 1;
        Ok(())
    }
}

/// Whether a leaf is for a party; schemes of joint use are not generated here.
fn is_for(recipient: Recipient, party: u32, roles: u16) -> bool {
    match recipient {
        Recipient::Party(named) => named.get() == party,
        Recipient::Roles(named) => named.bits() & roles != 0,
        Recipient::JointUse { .. } => panic!("not generated here"),
    }
}

/// The root that the request's leaf and path lead to (all of them have the right length).
fn root_of(request: &ConsentBasis) -> Hash {
    let mut node = request.leaf.hash();
    for (level, sibling) in request.path.iter().enumerate() {
        let right = (request.leaf_index >> level) % 2 == 1;
        let (one, other) = if right { (*sibling, node) } else { (node, *sibling) };
        node = merkle::node_hash(&one, &other);
    }
    node
}
