//! `replay` before anything is sent: what is wrong with a file or a network is said first.

use serde_json::{Value, json};

use crate::run::{Home, SEED};

const ORDERS: &str = "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\
    \"k_symbol\"\r\n1;7;\"YZ\";\"8\";2452.70;\"SIPO\"\r\n2;7;\"AB\";\"9\";1.00;\"\"\r\n";

fn home(banks: u16) -> Home {
    let home = Home::new();
    let actors: Vec<Value> = (1..=banks)
        .map(|bank| {
            json!({ "name": format!("bank-{bank}"), "role": "bank", "address": "aizu1x",
                    "account": format!("{bank:040x}"), "bank": bank, "seed": SEED })
        })
        .collect();
    let file = json!({ "genesis_hash": "11".repeat(32), "address_prefix": "aizu",
                       "actors": actors });
    std::fs::write(home.path("actors.json"), file.to_string()).unwrap();
    std::fs::write(home.path("order.asc"), ORDERS).unwrap();
    home
}

#[test]
fn a_dry_run_counts_what_would_be_fed() {
    let home = home(3);
    let arguments =
        ["replay", "order.asc", "--actors", "actors.json", "--scale", "10", "--dry-run"];
    let (exit, envelope) = home.json(&arguments);
    assert_eq!((exit, &envelope["data"]["rows"]), (0, &json!(2)));
    let said = home.ok(&arguments).stderr;
    assert!(said.contains("0 transactions and 2 orders of 3 accounts at 3 banks"), "{said}");
}

#[test]
fn an_amount_that_is_not_whole_after_scaling_is_named() {
    let home = home(3);
    let (exit, envelope) = home.json(&["replay", "order.asc", "--actors", "actors.json"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("bad-row")));
    assert_eq!(envelope["errors"][0]["details"]["place"], "order.asc:2");
}

#[test]
fn too_few_banks_and_missing_files_are_said_first() {
    let home = home(2);
    let few = home.json(&["replay", "order.asc", "--actors", "actors.json", "--scale", "100"]);
    assert_eq!((few.0, &few.1["errors"][0]["code"]), (3, &json!("replay-too-few-banks")));
    std::fs::create_dir(home.path("empty")).unwrap();
    let empty = home.json(&["replay", "empty", "--actors", "actors.json"]);
    assert_eq!((empty.0, &empty.1["errors"][0]["code"]), (5, &json!("replay-no-files")));
    let none = home.json(&["replay", "order.asc", "--actors", "nobody.json"]);
    assert_eq!((none.0, &none.1["errors"][0]["code"]), (5, &json!("file")));
}
