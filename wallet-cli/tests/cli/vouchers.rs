//! What people do with vouchers, against a node that answers as it is told.

use ledger_types::operation::{Buyer, Pay, Purchase};
use ledger_types::{Operation, ProgrammeId, Yen, ZoneId};
use node_api::path;
use serde_json::{Value, json};

use crate::node::{Answer, Node, account, address_of, other_address, prefix};
use crate::run::Home;

/// Arguments with what every command of these tests needs.
fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--timeout", "1", "--node", &node.url]].concat()
}

/// A programme of which a set has a half for local shops and a half for all.
pub(crate) fn programme() -> Value {
    let bucket = |rank: u16, takes: &[&str]| json!({ "rank": rank, "takes": takes, "paid": "5000", "free": "1250" });
    json!({
        "programme": 7, "zone": 1, "instrument": 3, "class": "short_prepaid",
        "sponsor": address_of(5), "name": "プレミアムポイント",
        "terms": "ab".repeat(32), "exclusions": 0, "combines": false, "fiscal_year": 2026, "price": "10000", "face": "12500",
        "sets": 12_000, "sold": 3, "per_person": 2,
        "buckets": [bucket(1, &["local"]), bucket(2, &["local", "chain"])],
        "allocation": "first_come", "lists": [], "committers": [], "threshold": 0,
        "use_from": "2026-11-01T00:00:00.000Z", "use_until": "2027-01-31T15:00:00.000Z",
        "refund_until": "2027-02-14T15:00:00.000Z", "reconcile_by": "2027-03-30T15:00:00.000Z",
        "unused_paid_to": address_of(5), "unused_free_to": address_of(6),
        "escrows": [{ "account": address_of(4), "pledged": true, "available": "40000" }],
        "outstanding": "37500", "rounds": [round("selling", Value::Null)],
    })
}

/// Its first round.
pub(crate) fn round(standing: &str, lottery: Value) -> Value {
    let tally = json!({
        "sold_paid": "15000", "sold_free": "3750", "used_local_paid": "0", "used_local_free": "0",
        "used_chain_paid": "0", "used_chain_free": "0", "expired_paid": "0", "expired_free": "0",
    });
    let mut round = json!({
        "round": 1, "standing": standing, "sets": 12_000, "sold": 3,
        "sale_from": "2026-11-01T00:00:00.000Z", "sale_until": "2026-12-25T15:00:00.000Z",
        "buckets": [tally.clone(), tally],
    });
    if !lottery.is_null() {
        round["lottery"] = lottery;
    }
    round
}

/// What the account has of it: for local shops and for all, paid for and premium.
fn vouchers() -> Value {
    let one = |bucket: u16, kind: &str, remaining: &str| {
        json!({
            "zone": 1, "programme": 7, "round": 1, "bucket": bucket, "kind": kind,
            "from": "2026-11-01T00:00:00.000Z", "expires": "2027-01-31T15:00:00.000Z",
            "remaining": remaining,
        })
    };
    json!([
        one(0, "free", "100"),
        one(0, "paid", "400"),
        one(1, "free", "50"),
        one(1, "paid", "900")
    ])
}

fn node() -> Node {
    let node = Node::start(Answer::Committed);
    node.says(&[("money.vouchers", vouchers())]);
    node.tells(&path::programme(ProgrammeId::new(7)).to_string(), programme());
    node.tells(&path::programmes().to_string(), json!({ "programmes": [programme()] }));
    let instrument = json!({
        "instrument": 3, "issuer": address_of(5), "class": "short_prepaid",
        "capabilities": ["spend"], "max_outstanding": "200000000", "months": 6, "areas": [],
        "terms": "cd".repeat(32), "issued": "37500", "used": "0", "expired": "0",
    });
    let instruments = path::instruments(ZoneId::new(1)).to_string();
    node.tells(&instruments, json!({ "instruments": [instrument] }));
    node
}

/// The shop is one of this class.
fn shop(node: &Node, class: &str) -> String {
    let to = other_address();
    let merchant = path::merchant(ZoneId::new(1), &to).to_string();
    node.tells(&merchant, json!({ "account": to, "class": class }));
    to
}

fn only_pay(node: &Node) -> Pay {
    let submitted = node.submitted();
    let [Operation::Pay(pay)] = submitted.last().unwrap().unsigned.operations.as_slice() else {
        panic!("{submitted:?}")
    };
    pay.clone()
}

/// Bucket, kind and yen of each line of what was sent.
fn lines(pay: &Pay) -> Vec<(u16, &'static str, u64)> {
    let lines = pay.vouchers.iter().flatten();
    lines.map(|line| (line.bucket, line.kind.name(), line.amount.get())).collect()
}

#[test]
fn vouchers_are_shown_with_where_they_work_until_when_and_their_sum() {
    let node = node();
    let home = node.home();
    let shown = home.ok(&["voucher", "ls", "--node", &node.url, "--lang", "ja"]).stdout;
    for part in [
        "地元のお店だけ",
        "すべての加盟店",
        "500円",
        "950円",
        "商品券の合計: 1,450円",
        "2027/01/31",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (_, envelope) = home.json(&["voucher", "ls", "--node", &node.url]);
    assert_eq!(envelope["data"]["total"], "1450");
    assert_eq!(envelope["data"]["vouchers"][0]["takes"], json!(["local"]));
    let balance = home.ok(&["balance", "--node", &node.url, "--lang", "ja"]).stdout;
    let line = "商品券「プレミアムポイント」: 500円（地元のお店だけ、2027/01/31 の終わりまで";
    assert!(balance.contains(&line[..line.len() - "の終わりまで".len() - 1]), "{balance}");
    node.says(&[]);
    let none = home.ok(&["voucher", "ls", "--node", &node.url]);
    assert!(none.stdout.contains("no vouchers now"), "{none:?}");
}

#[test]
fn vouchers_pay_first_and_their_plan_is_shown_and_sent_as_the_ledger_finds_it() {
    let node = node();
    let home = node.home();
    let to = shop(&node, "local");
    let paid = home.ok(&at(&node, &["pay", &to, "620", "--zone", "1", "--lang", "ja"]));
    for line in
        ["商品券から: 100円: プレミアムポイントのおまけの分（地元のお店だけ）", "商品券から: 50円"]
    {
        assert!(paid.stderr.contains(line), "{line}: {}", paid.stderr);
    }
    let pay = only_pay(&node);
    assert_eq!(lines(&pay), [(0, "free", 100), (0, "paid", 400), (1, "free", 50), (1, "paid", 70)]);
    assert_eq!((pay.amount, pay.charge), (Yen::new(620), None));
    // What vouchers do not cover is coin, and then the bank account.
    let (_, envelope) = home.json(&at(&node, &["pay", &to, "2000", "--zone", "1"]));
    let data = &envelope["data"];
    let told = (&data["from_vouchers"], &data["from_coin"], &data["from_bank"]);
    assert_eq!(told, (&json!("1450"), &json!("300"), &json!("250")));
    assert_eq!(only_pay(&node).charge, Some(Yen::new(250)));
}

#[test]
fn at_a_chain_only_what_is_for_all_shops_pays_and_somebody_may_keep_the_vouchers() {
    let node = node();
    let home = node.home();
    let to = shop(&node, "chain");
    home.ok(&at(&node, &["pay", &to, "620", "--zone", "1"]));
    assert_eq!(lines(&only_pay(&node)), [(1, "free", 50), (1, "paid", 570)]);
    home.ok(&at(&node, &["pay", &to, "200", "--zone", "1", "--no-vouchers"]));
    assert_eq!(only_pay(&node).vouchers, None);
}

#[test]
fn where_the_zone_does_not_tell_its_shops_coin_pays() {
    let node = node();
    let home = node.home();
    home.ok(&at(&node, &["pay", &address_of(9), "200", "--zone", "1"]));
    assert_eq!(only_pay(&node).vouchers, None);
}

#[test]
fn other_vouchers_than_were_shown_are_an_error_with_a_code_where_nobody_can_be_asked() {
    let node = node();
    let home = node.home();
    let to = shop(&node, "local");
    node.answer(Answer::Rejected(3063));
    let (exit, envelope) = home.json(&at(&node, &["pay", &to, "620", "--zone", "1"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (6, &json!("code-3063")), "{envelope}");
    assert_eq!(node.submitted().len(), 1, "nobody was asked, so nothing is sent again");
    // A rejected payment answers for no other: the same command pays.
    node.answer(Answer::Committed);
    home.ok(&at(&node, &["pay", &to, "620", "--zone", "1"]));
    assert_eq!(node.submitted().len(), 2);
}

#[test]
fn after_an_unknown_outcome_the_same_payment_is_not_made_twice_whatever_the_plan_is_now() {
    let node = node();
    let home = node.home();
    let to = shop(&node, "local");
    node.answer(Answer::Silence);
    assert_eq!(home.run(&at(&node, &["pay", &to, "620", "--zone", "1"])).code, 9);
    node.says(&[("money.vouchers", json!([]))]);
    node.answer(Answer::Committed);
    home.ok(&at(&node, &["pay", &to, "620", "--zone", "1"]));
    let ids: Vec<_> = node.submitted().iter().map(|one| one.id(&node.genesis)).collect();
    assert_eq!(ids[0], ids[1], "the same signed bytes");
}

#[test]
fn a_shortage_beside_vouchers_tells_what_they_would_pay() {
    let node = node();
    let home = node.home();
    let to = shop(&node, "local");
    let pay = ["pay", &to, "2000", "--zone", "1", "--coin-only"];
    let (exit, envelope) = home.json(&at(&node, &pay));
    let error = &envelope["errors"][0];
    assert_eq!((exit, &error["code"]), (7, &json!("short-beside-vouchers")), "{envelope}");
    assert_eq!(error["details"]["vouchers"], "1450");
    assert!(node.submitted().is_empty());
}

#[test]
fn a_buyer_is_shown_price_shops_end_and_rules_before_she_agrees() {
    let node = node();
    let home = node.home();
    // Without a terminal and without --yes nothing is bought.
    let unasked = home.run(&["voucher", "buy", "7", "--node", &node.url, "--lang", "ja"]);
    assert_eq!(unasked.code, 11, "{unasked:?}");
    for line in [
        "値段: 10,000円",
        "もらえる商品券: 地元のお店だけで使える 6,250円（5,000円 を払い、1,250円 がおまけ）",
        "有効期限: 2027/01/31",
        "おつりは出ません",
        "お金にもどすことはできません",
        "期限までに使わなかった分",
    ] {
        assert!(unasked.stderr.contains(line), "{line}: {}", unasked.stderr);
    }
    assert!(node.submitted().is_empty());
    node.says(&[("money.available", json!("30000"))]);
    home.ok(&at(&node, &["voucher", "buy", "プレミアムポイント", "--sets", "2"]));
    let submitted = node.submitted();
    let [Operation::Purchase(bought)] = submitted[0].unsigned.operations.as_slice() else {
        panic!("{submitted:?}")
    };
    let expected = Purchase {
        programme: ProgrammeId::new(7),
        round: 1,
        buyer: Buyer::Anybody { sets: 2 },
        price: Yen::new(20_000),
    };
    assert_eq!(*bought, expected);
}

#[test]
fn what_cannot_be_paid_or_is_not_on_sale_is_not_bought() {
    let node = node();
    let home = node.home();
    let (exit, envelope) = home.json(&at(&node, &["voucher", "buy", "7", "--sets", "2"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (7, &json!("buy-short")));
    let mut over = programme();
    over["rounds"] = json!([round("over", Value::Null)]);
    node.tells(&path::programme(ProgrammeId::new(7)).to_string(), over);
    let (exit, envelope) = home.json(&at(&node, &["voucher", "buy", "7"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (6, &json!("not-selling")));
    let (exit, envelope) = home.json(&at(&node, &["voucher", "buy", "なし"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (5, &json!("programme-unknown")));
    assert!(node.submitted().is_empty());
}

/// An application that won two sets.
fn ticket() -> Value {
    json!({
        "programme": 7, "round": 1, "ticket": 9, "asked": 2, "won": 2, "bought": 0, "buyable": 2,
        "leaves": [{ "list": 1, "index": 3, "asked": 2, "bought": 0 }],
        "from": "2026-11-20T00:00:00.000Z", "until": "2026-11-30T15:00:00.000Z",
    })
}

fn tells_ticket(node: &Node, ticket: &Value) {
    let address = account().to_address(&prefix());
    let tickets = path::account_tickets(&address).to_string();
    node.tells(&tickets, json!({ "tickets": [ticket] }));
}

/// A programme with a lottery, in which the account won two sets.
fn lottery_node() -> Node {
    let node = node();
    let mut programme = programme();
    programme["allocation"] = json!("whole");
    programme["lists"] = json!([{ "root": "00".repeat(32), "size": 9 }]);
    node.tells(&path::programme(ProgrammeId::new(7)).to_string(), programme);
    tells_ticket(&node, &ticket());
    node.says(&[("money.available", json!("30000"))]);
    node
}

#[test]
fn who_won_sees_until_when_to_buy_and_buys_with_the_application() {
    let node = lottery_node();
    let home = node.home();
    let shown = home.ok(&["voucher", "tickets", "--node", &node.url, "--lang", "ja"]);
    assert!(shown.stdout.contains("2 口を買えます"), "{}", shown.stdout);
    assert!(shown.stderr.contains("kyojo voucher buy 7"), "{}", shown.stderr);
    home.ok(&at(&node, &["voucher", "buy", "7"]));
    let submitted = node.submitted();
    let [Operation::Purchase(bought)] = submitted[0].unsigned.operations.as_slice() else {
        panic!("{submitted:?}")
    };
    assert_eq!(bought.buyer, Buyer::Ticket { ticket: 9, sets: 2 });
    let again = ["voucher", "buy", "7", "--sets", "3", "--again"];
    let (exit, envelope) = home.json(&at(&node, &again));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (6, &json!("not-buyable")));
}

#[test]
fn what_was_won_is_not_bought_twice_after_an_unknown_outcome() {
    let node = lottery_node();
    let home = node.home();
    node.answer(Answer::Silence);
    assert_eq!(home.run(&at(&node, &["voucher", "buy", "7"])).code, 9);
    // It came meanwhile: nothing is left to buy, and the same command says that it is done.
    let mut bought = ticket();
    (bought["bought"], bought["buyable"]) = (json!(2), json!(0));
    tells_ticket(&node, &bought);
    node.answer(Answer::Committed);
    home.ok(&at(&node, &["voucher", "buy", "7"]));
    let ids: Vec<_> = node.submitted().iter().map(|one| one.id(&node.genesis)).collect();
    assert_eq!(ids[0], ids[1], "the same signed bytes");
}

/// Nobody needs more than a home to see that a command needs its letters.
#[test]
fn an_application_needs_a_letter() {
    let home = Home::new();
    let (exit, _) = home.json(&["voucher", "apply", "7"]);
    assert_eq!(exit, 2);
}
