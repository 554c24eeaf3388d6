//! What an account of a programme is, and is not.

use ledger_types::operation::{
    AccountKind, KycLevel, MerchantClass, OpenAccount, OpenZoneAccount, Operation, SetRevenueShare,
};
use ledger_types::zone::ShareTerms;

use super::{at, defined, main_escrow, register};
use crate::fixture::{AIZU, Actor, TOWN, commitment, keys_of, operator};
use crate::rejections::refuses;

#[test]
fn a_bank_opens_a_program_account_which_is_no_merchant_and_shares_no_fee() {
    let mut chain = defined();
    let newcomer = Actor::holder(AIZU, 20);
    let open = OpenAccount {
        holder_commitment: commitment(20),
        kind: AccountKind::Program,
        kyc_level: KycLevel::KB,
        keys: keys_of(&newcomer),
        threshold: 1,
    };
    chain.must(&Actor::bank(AIZU), Operation::OpenAccount(open));
    chain.must(&newcomer, Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }));
    let terms = ShareTerms { shares: vec![], fund: newcomer.account };
    let (zone, version, from) = (TOWN, 1, at(0));
    let shares = Operation::SetRevenueShare(SetRevenueShare { zone, version, from, terms });
    let rows = vec![
        (3037, operator(), register(&newcomer, MerchantClass::Local)),
        (3037, operator(), register(&main_escrow(), MerchantClass::Local)),
        (3037, operator(), shares),
    ];
    refuses(&mut chain, rows);
}
