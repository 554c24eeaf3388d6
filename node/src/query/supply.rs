//! The supply of money with all sums checked, from sums that the ledger keeps: no account is read but
//! issuers' floats.

use ledger::State;
use ledger_types::Yen;
use ledger_types::record::{Bank, CustodianKind};
use node_api::Address;
use node_api::body::{BankBody, Custodian, FloatBody, PairBody, SupplyBody, ZoneTotalBody};

/// The supply as of the state.
pub(super) fn supply(state: &State) -> SupplyBody {
    let violation = state.supply().err().map(|violation| violation.to_string());
    let prefix = state.address_prefix();
    let banks: Vec<BankBody> = state
        .banks()
        .map(|(bank, record)| BankBody {
            bank,
            name: record.name.clone(),
            account: Address::of(&record.account, prefix),
            kind: match record.kind {
                CustodianKind::Bank => Custodian::Bank,
                CustodianKind::PrepaidIssuer { .. } => Custodian::PrepaidIssuer,
            },
            float: float(state, record),
            issued: record.issued,
            redeemed: record.redeemed,
            liability: record.liability,
            issue_allowance: record.issue_allowance,
            net_debit_cap: record.net_debit_cap,
            position: record.position,
            pledged: record.pledged,
            headroom: record.headroom(),
            settled: record.settled,
        })
        .collect();
    let pairs =
        state.positions().map(|((lower, higher), position)| PairBody { lower, higher, position });
    let zones = state.zones().map(|(zone, record)| ZoneTotalBody { zone, total: record.total });
    SupplyBody {
        height: state.height(),
        time: state.time().into(),
        issued: sum(banks.iter().map(|bank| bank.issued)),
        redeemed: sum(banks.iter().map(|bank| bank.redeemed)),
        liability: sum(banks.iter().map(|bank| bank.liability)),
        deposits: owed(&banks, Custodian::Bank),
        prepaid: owed(&banks, Custodian::PrepaidIssuer),
        conserved: violation.is_none(),
        violation,
        pairs: pairs.collect(),
        zones: zones.collect(),
        banks,
    }
}

/// What custodians of a kind owe.
fn owed(banks: &[BankBody], kind: Custodian) -> Yen {
    sum(banks.iter().filter(|bank| bank.kind == kind).map(|bank| bank.liability))
}

/// A custodian's float, where it is a prepaid issuer.
fn float(state: &State, custodian: &Bank) -> Option<FloatBody> {
    let float = custodian.kind.float()?;
    let record = state.account(&float)?;
    Some(FloatBody {
        account: Address::of(&float, state.address_prefix()),
        bank: record.custodian,
        balance: record.balance,
        available: state.float(custodian)?,
    })
}

/// A sum past the range of amounts is a violation that the check has named; it shows as the most.
fn sum(mut amounts: impl Iterator<Item = Yen>) -> Yen {
    amounts.try_fold(Yen::ZERO, Yen::checked_add).unwrap_or(Yen::new(u64::MAX))
}
