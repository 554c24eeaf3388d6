//! A replay before anything is sent: what is wrong with a file or a network is said first.

use ledger_types::{AccountId, BankId, SigningKey};

use super::*;

const ORDERS: &str = "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\
    \"k_symbol\"\r\n1;7;\"YZ\";\"8\";2452.70;\"SIPO\"\r\n2;7;\"AB\";\"9\";1.00;\"\"\r\n";

fn banks(count: u16) -> Vec<Bank> {
    let bank = |number: u16| Bank {
        bank: BankId::new(number),
        account: AccountId::new([1; 20]),
        key: SigningKey::from_seed(&[1; 32]),
    };
    (1..=count).map(bank).collect()
}

/// Reads and plans, as a dry run does.
fn dry_run(file: &str, banks_count: u16, more: &[&str]) -> Result<Plan, Failure> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("order.asc"), ORDERS).unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let path = folder.path().join(file);
    let line = ["kyojo-replay", path.to_str().unwrap(), "--dry-run"];
    let arguments = Arguments::parse_from(line.iter().chain(more));
    let progress = &mut Progress::quiet();
    planned(&arguments, &files(&arguments, progress)?, &banks(banks_count), progress)
}

fn refusal(file: &str, banks_count: u16, more: &[&str]) -> (Exit, Problem) {
    let mut failure = dry_run(file, banks_count, more).unwrap_err();
    (failure.exit, failure.problems.remove(0))
}

#[test]
fn a_dry_run_counts_what_would_be_fed() {
    let plan = dry_run("order.asc", 3, &["--scale", "10"]).unwrap();
    assert_eq!((plan.rows.len(), plan.senders.len()), (2, 3 + 3));
    assert_eq!(plan.partner_banks.len(), 2);
}

#[test]
fn an_amount_that_is_not_whole_after_scaling_is_named() {
    let (exit, problem) = refusal("order.asc", 3, &[]);
    assert_eq!((exit, problem.code.as_str()), (Exit::Config, "bad-row"));
    assert_eq!(problem.details["place"], "order.asc:2");
}

#[test]
fn too_few_banks_and_missing_files_are_said_first() {
    let (exit, few) = refusal("order.asc", 2, &["--scale", "100"]);
    assert_eq!((exit, few.code.as_str()), (Exit::Config, "replay-too-few-banks"));
    let (exit, empty) = refusal("empty", 3, &[]);
    assert_eq!((exit, empty.code.as_str()), (Exit::NotFound, "replay-no-files"));
    let (exit, none) = refusal("nothing", 3, &[]);
    assert_eq!((exit, none.code.as_str()), (Exit::NotFound, "file"));
    let nobody = tempfile::tempdir().unwrap();
    let error = town_of(nobody.path()).unwrap_err().downcast::<Failure>().unwrap();
    assert_eq!((error.exit, error.problems[0].code.as_str()), (Exit::NotFound, "file"));
}
