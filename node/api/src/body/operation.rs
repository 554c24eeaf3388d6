//! Operations in JSON: `{"type": "transfer", "to": …, "amount": …}`, one shape for each variant.

use ledger_types::consent::{Language, Materiality, NoticeContent, TermsLeaf};
use ledger_types::id::AddressPrefix;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, Discharge, Grant, Issue, KycLevel, MerchantClass,
    OpenAccount, OpenZoneAccount, Operation, Pay, PublishNotice, RegisterMerchant, RegisterParty,
    RequestAccess, RequestRedeem, SetNetDebitCap, SettleRedeem, Transfer, WeightedKey, Withdraw,
};
use ledger_types::{AccountId, BankId, ConsentId, Hash, NoticeId, PartyId, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::consent::{NoticeTextBody, PartyRole, roles_from_names, roles_to_names};
use crate::text::{Address, BodyError, schema};
use crate::time::Time;

/// One operation. Its `type` names it; unknown members are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OperationBody {
    /// A bank opens an account of which it is the custodian.
    OpenAccount {
        /// Salted commitment to who holds it.
        #[schema(value_type = schema::Hex32)]
        holder_commitment: Hash,
        /// The holder's kind.
        #[schema(value_type = schema::AccountKind)]
        kind: AccountKind,
        /// How well the bank knows the holder.
        #[schema(value_type = schema::KycLevel)]
        kyc_level: KycLevel,
        /// Keys that act for the account.
        #[schema(value_type = Vec<schema::WeightedKey>)]
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    },
    /// A bank creates deposit tokens in an account it keeps.
    Issue {
        /// The account credited.
        account: Address,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
        /// Salted commitment to the core banking entry.
        #[schema(value_type = schema::Hex32)]
        core_banking_ref: Hash,
    },
    /// A holder asks its bank to pay deposit tokens out.
    RequestRedeem {
        /// Identity of this request, chosen at random.
        #[schema(value_type = schema::Hex32)]
        redeem: Hash,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
    },
    /// The bank has paid: the held tokens end.
    SettleRedeem {
        /// The request.
        #[schema(value_type = schema::Hex32)]
        redeem: Hash,
    },
    /// The holder or its bank gives the held tokens back.
    CancelRedeem {
        /// The request.
        #[schema(value_type = schema::Hex32)]
        redeem: Hash,
    },
    /// A holder pays another account.
    Transfer {
        /// The creditor.
        to: Address,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
        /// Salted commitment to a reference that the two parties keep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<schema::Hex32>)]
        reference: Option<Hash>,
    },
    /// The settlement operator sets how much a bank may owe the others on net.
    SetNetDebitCap {
        /// The bank.
        #[schema(value_type = u16)]
        bank: BankId,
        /// The most it may owe.
        #[schema(value_type = schema::Amount)]
        cap: Yen,
    },
    /// A zone's operator registers a merchant.
    RegisterMerchant {
        /// The zone.
        #[schema(value_type = u16)]
        zone: ZoneId,
        /// The merchant's account.
        merchant: Address,
        /// Its class.
        #[schema(value_type = schema::MerchantClass)]
        class: MerchantClass,
    },
    /// A holder opens its own sub-account in a zone.
    OpenZoneAccount {
        /// The zone.
        #[schema(value_type = u16)]
        zone: ZoneId,
    },
    /// A holder moves yen to its own sub-account of a zone.
    Charge {
        /// The zone.
        #[schema(value_type = u16)]
        zone: ZoneId,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
    },
    /// A holder moves yen back from its sub-account of a zone.
    Discharge {
        /// The zone.
        #[schema(value_type = u16)]
        zone: ZoneId,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
    },
    /// A holder pays a registered merchant inside a zone.
    Pay {
        /// The zone.
        #[schema(value_type = u16)]
        zone: ZoneId,
        /// The merchant's account.
        merchant: Address,
        /// How much.
        #[schema(value_type = schema::Amount)]
        amount: Yen,
        /// Salted commitment to the receipt that the two parties keep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<schema::Hex32>)]
        reference: Option<Hash>,
    },
    /// The registrar enters a consent party.
    RegisterParty {
        /// The party.
        #[schema(value_type = u32)]
        party: PartyId,
        /// What it may do.
        roles: Vec<PartyRole>,
        /// Keys that act for it.
        #[schema(value_type = Vec<schema::WeightedKey>)]
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    },
    /// A controller publishes a version of a notice.
    PublishNotice {
        /// The notice.
        #[schema(value_type = u32)]
        notice: NoticeId,
        /// This version.
        version: u32,
        /// How much it changed.
        #[schema(value_type = schema::Materiality)]
        materiality: Materiality,
        /// Its texts by language, in ascending order.
        contents: Vec<NoticeTextBody>,
    },
    /// A data subject consents.
    Grant {
        /// The consent, never used before.
        #[schema(value_type = schema::Hex32)]
        consent: ConsentId,
        /// To whom it is given.
        #[schema(value_type = u32)]
        controller: PartyId,
        /// Root of the terms tree.
        #[schema(value_type = schema::Hex32)]
        terms_root: Hash,
        /// Which notice was presented.
        #[schema(value_type = u32)]
        notice: NoticeId,
        /// In which version.
        notice_version: u32,
        /// In which language.
        #[schema(value_type = schema::LanguageTag)]
        language: String,
        /// The hash of the text that was presented.
        #[schema(value_type = schema::Hex32)]
        notice_hash: Hash,
        /// Salted commitment to the evidence of the presentation.
        #[schema(value_type = schema::Hex32)]
        presentation_commitment: Hash,
        /// In force from.
        #[schema(value_type = schema::Instant)]
        valid_from: Time,
        /// In force until before.
        #[schema(value_type = schema::Instant)]
        expires: Time,
        /// How many times it may be used, if that is limited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        use_limit: Option<u32>,
    },
    /// A data subject ends a consent, at once.
    Withdraw {
        /// The consent.
        #[schema(value_type = schema::Hex32)]
        consent: ConsentId,
    },
    /// A party asks whether a use is allowed.
    RequestAccess {
        /// The consent relied on.
        #[schema(value_type = schema::Hex32)]
        consent: ConsentId,
        /// Whether the process concerns sensitive data.
        sensitive: bool,
        /// The process's salted commitment.
        #[schema(value_type = schema::Hex32)]
        commitment: Hash,
        /// The leaf's place among the terms.
        leaf_index: u32,
        /// The leaf's path to the root, bottom first.
        #[schema(value_type = Vec<schema::Hex32>)]
        path: Vec<Hash>,
    },
}

impl OperationBody {
    /// An operation in JSON on the network with this prefix.
    #[must_use]
    pub fn of(operation: &Operation, prefix: &AddressPrefix) -> Self {
        let address = |account: &AccountId| Address::of(account, prefix);
        match operation.clone() {
            Operation::OpenAccount(OpenAccount {
                holder_commitment,
                kind,
                kyc_level,
                keys,
                threshold,
            }) => Self::OpenAccount { holder_commitment, kind, kyc_level, keys, threshold },
            Operation::Issue(Issue { account, amount, core_banking_ref }) => {
                Self::Issue { account: address(&account), amount, core_banking_ref }
            }
            Operation::RequestRedeem(RequestRedeem { redeem, amount }) => {
                Self::RequestRedeem { redeem, amount }
            }
            Operation::SettleRedeem(SettleRedeem { redeem }) => Self::SettleRedeem { redeem },
            Operation::CancelRedeem(CancelRedeem { redeem }) => Self::CancelRedeem { redeem },
            Operation::Transfer(Transfer { to, amount, reference }) => {
                Self::Transfer { to: address(&to), amount, reference }
            }
            Operation::SetNetDebitCap(SetNetDebitCap { bank, cap }) => {
                Self::SetNetDebitCap { bank, cap }
            }
            Operation::RegisterMerchant(RegisterMerchant { zone, merchant, class }) => {
                Self::RegisterMerchant { zone, merchant: address(&merchant), class }
            }
            Operation::OpenZoneAccount(OpenZoneAccount { zone }) => Self::OpenZoneAccount { zone },
            Operation::Charge(Charge { zone, amount }) => Self::Charge { zone, amount },
            Operation::Discharge(Discharge { zone, amount }) => Self::Discharge { zone, amount },
            Operation::Pay(Pay { zone, merchant, amount, reference }) => {
                Self::Pay { zone, merchant: address(&merchant), amount, reference }
            }
            Operation::RegisterParty(register) => Self::of_register_party(register),
            Operation::PublishNotice(publish) => Self::of_publish_notice(&publish),
            Operation::Grant(grant) => Self::of_grant(&grant),
            Operation::Withdraw(Withdraw { consent }) => Self::Withdraw { consent },
            Operation::RequestAccess(RequestAccess { consent, leaf, leaf_index, path }) => {
                let TermsLeaf { sensitive, commitment } = leaf;
                Self::RequestAccess { consent, sensitive, commitment, leaf_index, path }
            }
        }
    }

    fn of_register_party(register: RegisterParty) -> Self {
        let RegisterParty { party, roles, keys, threshold } = register;
        Self::RegisterParty { party, roles: roles_to_names(roles), keys, threshold }
    }

    fn of_publish_notice(publish: &PublishNotice) -> Self {
        Self::PublishNotice {
            notice: publish.notice,
            version: publish.version,
            materiality: publish.materiality,
            contents: publish.contents.iter().map(NoticeTextBody::of).collect(),
        }
    }

    fn of_grant(grant: &Grant) -> Self {
        Self::Grant {
            consent: grant.consent,
            controller: grant.controller,
            terms_root: grant.terms_root,
            notice: grant.notice,
            notice_version: grant.notice_version,
            language: grant.language.to_string(),
            notice_hash: grant.notice_hash,
            presentation_commitment: grant.presentation_commitment,
            valid_from: grant.valid_from.into(),
            expires: grant.expires.into(),
            use_limit: grant.use_limit,
        }
    }

    /// The operation on the network with this prefix.
    ///
    /// # Errors
    /// [`BodyError`] names the field that does not hold what it should.
    pub fn operation(self, prefix: &AddressPrefix) -> Result<Operation, BodyError> {
        let account = |field, address: &Address| {
            address.account(prefix).map_err(|error| BodyError::new(field, &error))
        };
        Ok(match self {
            Self::OpenAccount { holder_commitment, kind, kyc_level, keys, threshold } => {
                let open = OpenAccount { holder_commitment, kind, kyc_level, keys, threshold };
                Operation::OpenAccount(open)
            }
            Self::Issue { account: to, amount, core_banking_ref } => {
                let account = account("account", &to)?;
                Operation::Issue(Issue { account, amount, core_banking_ref })
            }
            Self::RequestRedeem { redeem, amount } => {
                Operation::RequestRedeem(RequestRedeem { redeem, amount })
            }
            Self::SettleRedeem { redeem } => Operation::SettleRedeem(SettleRedeem { redeem }),
            Self::CancelRedeem { redeem } => Operation::CancelRedeem(CancelRedeem { redeem }),
            Self::Transfer { to, amount, reference } => {
                let to = account("to", &to)?;
                Operation::Transfer(Transfer { to, amount, reference })
            }
            Self::SetNetDebitCap { bank, cap } => {
                Operation::SetNetDebitCap(SetNetDebitCap { bank, cap })
            }
            Self::RegisterMerchant { zone, merchant, class } => {
                let merchant = account("merchant", &merchant)?;
                Operation::RegisterMerchant(RegisterMerchant { zone, merchant, class })
            }
            Self::OpenZoneAccount { zone } => Operation::OpenZoneAccount(OpenZoneAccount { zone }),
            Self::Charge { zone, amount } => Operation::Charge(Charge { zone, amount }),
            Self::Discharge { zone, amount } => Operation::Discharge(Discharge { zone, amount }),
            Self::Pay { zone, merchant, amount, reference } => {
                let merchant = account("merchant", &merchant)?;
                Operation::Pay(Pay { zone, merchant, amount, reference })
            }
            consent => consent.consent_operation()?,
        })
    }

    /// The operations of the consent layer, none of which holds an address.
    fn consent_operation(self) -> Result<Operation, BodyError> {
        Ok(match self {
            Self::RegisterParty { party, roles, keys, threshold } => {
                let roles = roles_from_names(&roles)?;
                Operation::RegisterParty(RegisterParty { party, roles, keys, threshold })
            }
            Self::PublishNotice { notice, version, materiality, contents } => {
                let contents: Result<Vec<NoticeContent>, BodyError> =
                    contents.iter().map(NoticeTextBody::content).collect();
                let contents = contents?;
                Operation::PublishNotice(PublishNotice { notice, version, materiality, contents })
            }
            Self::Grant {
                consent,
                controller,
                terms_root,
                notice,
                notice_version,
                language,
                notice_hash,
                presentation_commitment,
                valid_from,
                expires,
                use_limit,
            } => Operation::Grant(Grant {
                consent,
                controller,
                terms_root,
                notice,
                notice_version,
                language: language_of(&language)?,
                notice_hash,
                presentation_commitment,
                valid_from: valid_from.get(),
                expires: expires.get(),
                use_limit,
            }),
            Self::Withdraw { consent } => Operation::Withdraw(Withdraw { consent }),
            Self::RequestAccess { consent, sensitive, commitment, leaf_index, path } => {
                let leaf = TermsLeaf { sensitive, commitment };
                Operation::RequestAccess(RequestAccess { consent, leaf, leaf_index, path })
            }
            _ => return Err(BodyError::new("type", &"not an operation of the consent layer")),
        })
    }
}

pub(super) fn language_of(text: &str) -> Result<Language, BodyError> {
    Language::new(text)
        .ok_or_else(|| BodyError::new("language", &"a language is two lower-case letters"))
}
