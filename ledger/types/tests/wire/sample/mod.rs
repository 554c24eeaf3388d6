//! One fixed value of every kind that goes over the wire.

mod consent;

use ledger_types::block::transactions_root;
use ledger_types::codec;
use ledger_types::consent::Language;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, Discharge, Issue, KycLevel, MerchantClass, OpenAccount,
    OpenZoneAccount, Pay, RegisterMerchant, RequestRedeem, SetNetDebitCap, SettleRedeem, Transfer,
    WeightedKey,
};
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, BankId, Block, BlockCommit, Body, CommitCertificate, CommitSignature, Entry,
    Enveloped, Hash, Header, Height, Nonce, Operation, Outcome, Receipt, Round, SigningKey,
    Timestamp, Transaction, TransactionId, Unsigned, ValidatorAddress, Vote, VoteKind, Yen, ZoneId,
};

/// The genesis hash of the network that the samples belong to.
pub(crate) fn genesis() -> Hash {
    Hash::new([0x9e; 32])
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

fn keys() -> Vec<WeightedKey> {
    vec![
        WeightedKey { key: key(1).public_key(), weight: 1 },
        WeightedKey { key: key(2).public_key(), weight: 0x0203 },
    ]
}

fn language(text: &str) -> Language {
    Language::new(text).expect("two lower-case letters")
}

/// Every operation with the name that the goldens know it by, in the order of the wire's tags.
pub(crate) fn operations() -> Vec<(String, Operation)> {
    let mut operations = money();
    operations.extend(zones());
    operations.extend(consent::consent());
    let mut named: Vec<(String, Operation)> = Vec::new();
    for operation in operations {
        let base = format!("operation/{}", name(&operation));
        let same = named.iter().filter(|(other, _)| other.split('#').next() == Some(&base)).count();
        let name = if same == 0 { base } else { format!("{base}#{same}") };
        named.push((name, operation));
    }
    named
}

/// A new operation does not compile until it has a name here; then it needs a sample too.
fn name(operation: &Operation) -> &'static str {
    match operation {
        Operation::OpenAccount(_) => "open_account",
        Operation::Issue(_) => "issue",
        Operation::RequestRedeem(_) => "request_redeem",
        Operation::SettleRedeem(_) => "settle_redeem",
        Operation::CancelRedeem(_) => "cancel_redeem",
        Operation::Transfer(_) => "transfer",
        Operation::SetNetDebitCap(_) => "set_net_debit_cap",
        Operation::RegisterMerchant(_) => "register_merchant",
        Operation::OpenZoneAccount(_) => "open_zone_account",
        Operation::Charge(_) => "charge",
        Operation::Discharge(_) => "discharge",
        Operation::Pay(_) => "pay",
        Operation::RegisterParty(_) => "register_party",
        Operation::PublishNotice(_) => "publish_notice",
        Operation::Grant(_) => "grant",
        Operation::Withdraw(_) => "withdraw",
        Operation::RequestAccess(_) => "request_access",
        Operation::UpdateParty(_) => "update_party",
        Operation::PublishVocabulary(_) => "publish_vocabulary",
        Operation::PublishLegalBasis(_) => "publish_legal_basis",
        Operation::PublishRegime(_) => "publish_regime",
        Operation::PublishJointUse(_) => "publish_joint_use",
        Operation::NotifyOptOut(_) => "notify_opt_out",
        Operation::PublishTerms(_) => "publish_terms",
        Operation::Amend(_) => "amend",
        Operation::Widen(_) => "widen",
        Operation::WithdrawFor(_) => "withdraw_for",
        Operation::Revoke(_) => "revoke",
        Operation::Invalidate(_) => "invalidate",
        Operation::Suspend(_) => "suspend",
        Operation::Resume(_) => "resume",
        Operation::Renew(_) => "renew",
        Operation::RequestReconsent(_) => "request_reconsent",
        Operation::RespondReconsent(_) => "respond_reconsent",
        Operation::RegisterContact(_) => "register_contact",
        Operation::StopOptOut(_) => "stop_opt_out",
        Operation::SubjectRequest(_) => "subject_request",
        Operation::AnswerSubjectRequest(_) => "answer_subject_request",
        Operation::Delegate(_) => "delegate",
        Operation::EndDelegation(_) => "end_delegation",
        Operation::ProposeRecovery(_) => "propose_recovery",
        Operation::ExecuteRecovery(_) => "execute_recovery",
        Operation::VetoRecovery(_) => "veto_recovery",
        Operation::RecordUse(_) => "record_use",
        Operation::RecordReceipt(_) => "record_receipt",
        Operation::RecordDisclosures(_) => "record_disclosures",
        Operation::AcknowledgeWithdrawal(_) => "acknowledge_withdrawal",
        Operation::BreakGlass(_) => "break_glass",
        Operation::ReviewBreakGlass(_) => "review_break_glass",
        Operation::NotifySubject(_) => "notify_subject",
        Operation::DeclareEmergency(_) => "declare_emergency",
        Operation::EndEmergency(_) => "end_emergency",
        Operation::PayDividend(_) => "pay_dividend",
        Operation::AcknowledgeShred(_) => "acknowledge_shred",
        Operation::GrantAuditView(_) => "grant_audit_view",
        Operation::EndAuditView(_) => "end_audit_view",
        Operation::ReadAccessLog(_) => "read_access_log",
    }
}

fn money() -> Vec<Operation> {
    let amount = Yen::new(0x0102_0304_0506_0708);
    vec![
        Operation::OpenAccount(OpenAccount {
            holder_commitment: hash(0x11),
            kind: AccountKind::Merchant,
            kyc_level: KycLevel::KB,
            keys: keys(),
            threshold: 0x0304,
        }),
        Operation::Issue(Issue { account: account(0x12), amount, core_banking_ref: hash(0x13) }),
        Operation::RequestRedeem(RequestRedeem { redeem: hash(0x14), amount }),
        Operation::SettleRedeem(SettleRedeem { redeem: hash(0x15) }),
        Operation::CancelRedeem(CancelRedeem { redeem: hash(0x16) }),
        Operation::Transfer(Transfer { to: account(0x17), amount, reference: Some(hash(0x18)) }),
        Operation::Transfer(Transfer { to: account(0x17), amount, reference: None }),
        Operation::SetNetDebitCap(SetNetDebitCap { bank: BankId::new(126), cap: amount }),
    ]
}

fn zones() -> Vec<Operation> {
    let zone = ZoneId::new(0x0102);
    let amount = Yen::new(500);
    vec![
        Operation::RegisterMerchant(RegisterMerchant {
            zone,
            merchant: account(0x21),
            class: MerchantClass::Chain,
        }),
        Operation::OpenZoneAccount(OpenZoneAccount { zone }),
        Operation::Charge(Charge { zone, amount }),
        Operation::Discharge(Discharge { zone, amount }),
        Operation::Pay(Pay { zone, merchant: account(0x22), amount, reference: Some(hash(0x23)) }),
    ]
}

/// A transaction of two operations under two signatures.
pub(crate) fn transaction() -> Transaction {
    let pick = |wanted: &str| {
        operations().into_iter().find(|(name, _)| name == wanted).expect("a sample").1
    };
    let unsigned = Unsigned {
        network: genesis().network(),
        account: account(0x41),
        nonce: Nonce::new(0x0a0b),
        valid_until: Timestamp::from_millis(1_700_000_060_000),
        purpose: 0x0c0d,
        operations: vec![pick("operation/transfer"), pick("operation/charge")],
    };
    unsigned.sign(&genesis(), &[&key(1), &key(2)])
}

pub(crate) fn receipts() -> [Receipt; 2] {
    let receipt = |outcome| Receipt {
        transaction: TransactionId::new(hash(0x51)),
        height: Height::new(0x0102),
        index: 0x0304,
        outcome,
    };
    let rejected = Outcome::Rejected { code: RejectionCode::new(2004), operation: 1 };
    [receipt(Outcome::Committed), receipt(rejected)]
}

pub(crate) fn block_commit() -> Entry {
    Entry::BlockCommit(BlockCommit {
        height: Height::new(0x0102),
        time: Timestamp::from_millis(1_700_000_001_000),
        state_root: hash(0x52),
        validators_hash: hash(0x53),
        first_index: 0x0506,
    })
}

pub(crate) fn votes() -> [Vote; 2] {
    let vote = |kind, block| Vote {
        kind,
        height: Height::new(0x0102),
        round: Round::new(3),
        block,
        validator: ValidatorAddress::of(&key(1).public_key()),
    };
    [vote(VoteKind::Prevote, None), vote(VoteKind::Precommit, Some(hash(0x61)))]
}

pub(crate) fn certificate() -> CommitCertificate {
    let mut certificate = CommitCertificate {
        height: Height::new(0x0102),
        round: Round::new(3),
        block: hash(0x61),
        signatures: Vec::new(),
    };
    let mut signatures: Vec<CommitSignature> = [key(1), key(2), key(3)]
        .iter()
        .map(|key| {
            let validator = ValidatorAddress::of(&key.public_key());
            let message = certificate.precommit(validator).signed_bytes(&genesis());
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    signatures.sort_by_key(|entry| entry.validator);
    certificate.signatures = signatures;
    certificate
}

pub(crate) fn block() -> Block {
    let transactions = vec![Enveloped::from(transaction())];
    let envelopes: Vec<Hash> = transactions.iter().map(Enveloped::envelope_hash).collect();
    let header = Header {
        network: genesis().network(),
        height: Height::new(0x0103),
        time: Timestamp::from_millis(1_700_000_001_000),
        proposer: ValidatorAddress::of(&key(2).public_key()),
        parent: hash(0x61),
        transactions_root: transactions_root(&envelopes),
        state_root: hash(0x71),
        receipts_root: hash(0x72),
        audit_log_root: hash(0x73),
        certificate_hash: certificate().hash(),
        validators_hash: hash(0x74),
        rotation_hash: hash(0x75),
    };
    Block { header, body: Body { parent_certificate: Some(certificate()), transactions } }
}

/// The canonical bytes of every sample by name, and what is derived from them.
pub(crate) fn encodings() -> Vec<(String, Vec<u8>)> {
    let transaction = transaction();
    let [committed, rejected] = receipts();
    let [nil, precommit] = votes();
    let mut encodings: Vec<(String, Vec<u8>)> =
        operations().into_iter().map(|(name, value)| (name, codec::encode(&value))).collect();
    let others = [
        ("transaction/envelope", codec::encode(&transaction)),
        ("transaction/signed_bytes", transaction.unsigned.signed_bytes(&genesis())),
        ("transaction/id", transaction.id(&genesis()).get().as_bytes().to_vec()),
        ("transaction/envelope_hash", transaction.envelope_hash().as_bytes().to_vec()),
        ("receipt/committed", codec::encode(&committed)),
        ("receipt/rejected", codec::encode(&rejected)),
        ("entry/receipt", Entry::Receipt(rejected).encode()),
        ("entry/block_commit", block_commit().encode()),
        ("vote/nil_prevote", codec::encode(&nil)),
        ("vote/precommit", codec::encode(&precommit)),
        ("vote/signed_bytes", precommit.signed_bytes(&genesis())),
        ("certificate", codec::encode(&certificate())),
        ("certificate/hash", certificate().hash().as_bytes().to_vec()),
        ("header", codec::encode(&block().header)),
        ("header/hash", block().header.hash().as_bytes().to_vec()),
        ("block", block().encode()),
    ];
    encodings.extend(others.map(|(name, bytes)| (name.to_owned(), bytes)));
    encodings
}
