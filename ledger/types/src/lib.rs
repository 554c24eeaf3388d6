//! The ledger's vocabulary and wire format: every quantity, every signed byte, every code.
//!
//! Everything here is pure. Encoding is canonical borsh; decoding is total and bounded: any byte
//! string either decodes to one value whose encoding is that same byte string, or is refused.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod access;
pub mod allowance;
pub mod audit;
mod authority;
pub mod block;
pub mod certificate;
pub mod codec;
pub mod consent;
mod enveloped;
pub mod event;
mod facts;
pub mod genesis;
mod guard;
pub mod hash;
pub mod height;
pub mod id;
pub mod inadmissible;
pub mod instant;
pub mod json;
pub mod key;
pub mod lab;
pub mod limits;
pub mod merkle;
pub mod money;
mod newtype;
pub mod nonce;
pub mod operation;
pub mod oversight;
pub mod person;
pub mod position;
pub mod receipt;
pub mod record;
pub mod registry;
pub mod rejection;
mod sample;
pub mod signed;
pub mod time;
pub mod transaction;
pub mod validator;
pub mod verify;
pub mod weight;
pub mod yen;
pub mod zone;

pub use audit::{BlockCommit, Entry};
pub use authority::{Authority, Keys};
pub use block::{Block, Body, Header};
pub use certificate::{CommitCertificate, CommitSignature, Vote, VoteKind};
pub use consent::{ConsentStanding, ConsentStatus};
pub use enveloped::Enveloped;
pub use event::Event;
pub use genesis::Genesis;
pub use guard::refuse_if;
pub use hash::{Hash, NetworkId};
pub use height::{Height, Round};
pub use id::{AccountId, AddressPrefix, BankId, MemberId, ZoneId};
pub use id::{ConsentId, LegalBasisId, NoticeId, PartyId, VocabularyId};
pub use inadmissible::Inadmissible;
pub use json::{Json, JsonError, Whose};
pub use key::{PublicKey, Signature, SigningKey};
pub use lab::{Lab, LabRate};
pub use nonce::{Nonce, NonceWindow};
pub use operation::Operation;
pub use position::Position;
pub use receipt::{Outcome, Receipt};
pub use record::{Key, Record};
pub use registry::{PartyRoles, Regime};
pub use rejection::Rejection;
pub use time::Timestamp;
pub use transaction::{Transaction, TransactionId, Unsigned};
pub use validator::{Rotation, Validator, ValidatorAddress, ValidatorSet};
pub use yen::Yen;
