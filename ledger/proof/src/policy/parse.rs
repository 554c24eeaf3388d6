//! Reading policy files.

use ledger_types::refuse_if;
use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Log, Member, Policy, Witness};
use crate::note::{KeyError, SignatureKind, VerifierKey};
use crate::text::number;

/// The most bytes that a policy has.
pub const POLICY_BYTES_MAX: usize = 256 * 1024;

/// The word for no quorum, which names nothing else.
const NONE: &str = "none";

/// Why a text is no policy. Lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More bytes than a policy has.
    #[error("a policy has at most {POLICY_BYTES_MAX} bytes")]
    TooLarge,
    /// A control character other than tab and newline.
    #[error("a policy holds no control character but tab and newline")]
    ControlCharacter,
    /// The last line has no newline.
    #[error("the last line does not end in a newline")]
    Unterminated,
    /// The line is none of a policy's, or has too few or too many words.
    #[error("line {line} is no line of a policy")]
    BadLine {
        /// Which.
        line: usize,
    },
    /// The key is none.
    #[error("line {line}: {source}")]
    BadKey {
        /// Which.
        line: usize,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A log's key must be of type 0x01, a witness's of type 0x04.
    #[error("line {line} has a key of the wrong type")]
    WrongKind {
        /// Which.
        line: usize,
    },
    /// The key stands on a line before.
    #[error("line {line} repeats a key")]
    RepeatedKey {
        /// Which.
        line: usize,
    },
    /// The name stands on a line before, or is the word for no quorum.
    #[error("line {line} defines a name that is taken")]
    NameTaken {
        /// Which.
        line: usize,
    },
    /// Nothing before has this name.
    #[error("line {line} names what is not defined before it")]
    UnknownName {
        /// Which.
        line: usize,
    },
    /// The member is in a group already.
    #[error("line {line} has a member that is in a group already")]
    RepeatedMember {
        /// Which.
        line: usize,
    },
    /// The threshold is not from 1 to the number of members.
    #[error("line {line} has a threshold that its members cannot meet")]
    BadThreshold {
        /// Which.
        line: usize,
    },
    /// There is not exactly one quorum line.
    #[error("a policy has one quorum line")]
    NotOneQuorum,
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    names: BTreeMap<String, Member>,
    grouped: BTreeSet<String>,
    quorum: Option<Option<Member>>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] says which line is wrong, and how.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        refuse_if(text.len() > POLICY_BYTES_MAX, PolicyError::TooLarge)?;
        if text.bytes().any(|byte| byte == 0x7f || (byte < 0x20 && byte != b'\n' && byte != b'\t'))
        {
            return Err(PolicyError::ControlCharacter);
        }
        let whole = text.strip_suffix('\n').ok_or(PolicyError::Unterminated)?;
        let mut reading = Reading::default();
        for (line, content) in (1..).zip(whole.split('\n')) {
            let separators = [' ', '\t'];
            let words: Vec<&str> = content.split(separators).filter(|w| !w.is_empty()).collect();
            reading.take(line, &words)?;
        }
        let Reading { logs, witnesses, groups, quorum, .. } = reading;
        Ok(Self { logs, witnesses, groups, quorum: quorum.ok_or(PolicyError::NotOneQuorum)? })
    }
}

impl Reading {
    fn take(&mut self, line: usize, words: &[&str]) -> Result<(), PolicyError> {
        match words {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.log(line, key, None),
            ["log", key, url] => self.log(line, key, Some(url)),
            ["witness", name, key] => self.witness(line, name, key, None),
            ["witness", name, key, url] => self.witness(line, name, key, Some(url)),
            ["group", name, threshold, members @ ..] => self.group(line, name, threshold, members),
            ["quorum", name] => self.quorum(line, name),
            _ => Err(PolicyError::BadLine { line }),
        }
    }

    fn log(&mut self, line: usize, key: &str, url: Option<&str>) -> Result<(), PolicyError> {
        let key = key_of(line, key, SignatureKind::Ed25519)?;
        if self.logs.iter().any(|log| log.key.key == key.key) {
            return Err(PolicyError::RepeatedKey { line });
        }
        self.logs.push(Log { key, url: url.map(ToOwned::to_owned) });
        Ok(())
    }

    fn witness(
        &mut self,
        line: usize,
        name: &str,
        key: &str,
        url: Option<&str>,
    ) -> Result<(), PolicyError> {
        let key = key_of(line, key, SignatureKind::Cosignature)?;
        if self.witnesses.iter().any(|witness| witness.key.key == key.key) {
            return Err(PolicyError::RepeatedKey { line });
        }
        self.define(line, name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(Witness {
            name: name.to_owned(),
            key,
            url: url.map(ToOwned::to_owned),
        });
        Ok(())
    }

    fn group(
        &mut self,
        line: usize,
        name: &str,
        threshold: &str,
        names: &[&str],
    ) -> Result<(), PolicyError> {
        let mut members = Vec::with_capacity(names.len());
        for member in names {
            members.push(*self.names.get(*member).ok_or(PolicyError::UnknownName { line })?);
            if !self.grouped.insert((*member).to_owned()) {
                return Err(PolicyError::RepeatedMember { line });
            }
        }
        let threshold = match threshold {
            "any" => Some(1),
            "all" => Some(members.len()),
            count => number(count).and_then(|count| usize::try_from(count).ok()),
        };
        let threshold = threshold.filter(|k| (1..=members.len()).contains(k));
        let threshold = threshold.ok_or(PolicyError::BadThreshold { line })?;
        self.define(line, name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { name: name.to_owned(), threshold, members });
        Ok(())
    }

    fn quorum(&mut self, line: usize, name: &str) -> Result<(), PolicyError> {
        refuse_if(self.quorum.is_some(), PolicyError::NotOneQuorum)?;
        let member = self.names.get(name).copied();
        refuse_if(member.is_none() && name != NONE, PolicyError::UnknownName { line })?;
        self.quorum = Some(member);
        Ok(())
    }

    fn define(&mut self, line: usize, name: &str, member: Member) -> Result<(), PolicyError> {
        refuse_if(name == NONE || self.names.contains_key(name), PolicyError::NameTaken { line })?;
        self.names.insert(name.to_owned(), member);
        Ok(())
    }
}

fn key_of(line: usize, text: &str, kind: SignatureKind) -> Result<VerifierKey, PolicyError> {
    let key = VerifierKey::parse(text).map_err(|source| PolicyError::BadKey { line, source })?;
    if key.kind == kind { Ok(key) } else { Err(PolicyError::WrongKind { line }) }
}
