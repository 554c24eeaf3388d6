//! A zone's monthly report, a shop's fees, and the operator's invoice for them.

use ledger_types::operation::AccountKind;
use ledger_types::zone::FeeTax;
use ledger_types::{AccountId, Height, Position, SigningKey, Timestamp, Yen};
use node_api::body::{
    CountedBody, FeeRecipient, FeesBody, MerchantFeesBody, RecipientBody, SpentForBody,
    VersionFeesBody, ZoneReportBody,
};
use node_api::{Address, Month, path};
use public_names::{Directory, Entry, Name, Named, SignedDirectory};
use serde_json::json;
use shop_documents::Invoice;

use crate::node::{Answer, Node, account, address_of, prefix, zone};
use crate::run::Home;
use crate::tills::{ZONE, own_address};

const NUMBER: &str = "T7000012050002";

fn november() -> Month {
    "2026-11".parse().unwrap()
}

fn fees(charged: u64, returned: u64) -> FeesBody {
    let net = Position::new(charged.cast_signed() - returned.cast_signed());
    FeesBody { charged: Yen::new(charged), returned: Yen::new(returned), net }
}

fn report() -> ZoneReportBody {
    let counted = |count, amount| CountedBody { count, amount: Yen::new(amount) };
    let part = |recipient, kind, got, back| {
        let (got, gave_back) = (Yen::new(got), Yen::new(back));
        RecipientBody { recipient, kind, got, gave_back }
    };
    let spent = |purpose, count, amount| SpentForBody { purpose, count, amount: Yen::new(amount) };
    ZoneReportBody {
        zone: ZONE,
        month: november(),
        complete: true,
        height: Height::new(6),
        payments: counted(1_234, 1_234_500),
        coin: Yen::new(1_000_000),
        vouchers_paid: Yen::new(200_000),
        vouchers_free: Yen::new(34_500),
        cash: Yen::new(5_600),
        refunds: counted(3, 2_500),
        voids: counted(0, 0),
        fees: fees(24_690, 50),
        recipients: vec![
            part(FeeRecipient::Operator, None, 9_876, 20),
            part(FeeRecipient::Fund, None, 12_000, 25),
            part(FeeRecipient::Other, Some(AccountKind::Municipality), 2_814, 5),
        ],
        fund_spent: vec![spent(Some(31), 2, 8_000), spent(None, 1, 70)],
        charged: Yen::new(900_000),
        discharged: Yen::new(400_000),
        for_heirs: Yen::ZERO,
        circulation: Yen::new(777_000),
        turns_hundredths: Some(308),
        merchants_paid: Some(42),
        holders_paid: None,
    }
}

fn fees_of(
    merchant: AccountId,
    complete: bool,
    versions: &[(FeeTax, u64, u64)],
) -> MerchantFeesBody {
    let sum = |of: fn(&(FeeTax, u64, u64)) -> u64| versions.iter().map(of).sum::<u64>();
    let version = |(version, (tax, charged, returned)): (u32, &(FeeTax, u64, u64))| {
        let (base, fees) = (Yen::new(charged * 50), fees(*charged, *returned));
        VersionFeesBody { version, tax: *tax, payments: 7, base, fees }
    };
    MerchantFeesBody {
        zone: ZONE,
        merchant: Address::of(&merchant, &prefix()),
        month: november(),
        complete,
        height: Height::new(6),
        payments: 7,
        base: Yen::new(sum(|one| one.1) * 50),
        fees: fees(sum(|one| one.1), sum(|one| one.2)),
        versions: (1..).zip(versions).map(version).collect(),
        fiscal_year: 2026,
        charged_in_year: Yen::new(4_321),
    }
}

/// The zone, whose report anybody may read or not.
fn town(publishes: &[&str]) -> Node {
    let node = Node::start(Answer::Committed);
    let mut body = zone(&own_address());
    body["publishes"] = json!(publishes);
    node.tells(path::zone(ZONE).as_str(), body.clone());
    node.tells(path::zones().as_str(), json!({ "zones": [body] }));
    node.tells(path::zone_report(ZONE, november()).as_str(), json!(report()));
    node
}

fn asked<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--timeout", "1", "--node", &node.url]].concat()
}

#[test]
fn anybody_reads_the_report_of_a_zone_that_publishes_it_without_a_wallet() {
    let node = town(&["merchants", "report"]);
    let home = Home::new();
    let of = asked(&node, &["zone", "report", "--month", "2026-11"]);
    let shown = home.ok(&[&of[..], &["--lang", "ja"]].concat()).stdout;
    let expected = "ゾーン: 会津コイン（ゾーン 1）\n月: 2026-11\nお店での支払い: 1234 件、あわせて 1,234,500円\n\
        そのうちコイン: 1,000,000円\nそのうち商品券の買った分: 200,000円\n\
        そのうち商品券のおまけの分: 34,500円\nいっしょに払われた現金: 5,600円\n\
        返金: 3 件、あわせて 2,500円\n取り消し: 0 件、あわせて 0円\n\
        お店の手数料（もどった分を引いた額）: 24,640円\n\
        運営者: 9,876円 を受け取り、20円 を返しました\n\
        地域の基金: 12,000円 を受け取り、25円 を返しました\n\
        市町村: 2,814円 を受け取り、5円 を返しました\n\
        基金が使ったお金（目的の番号 31）: 2 件、あわせて 8,000円\n\
        基金が使ったお金（そのほかの目的）: 1 件、あわせて 70円\n\
        ゾーンに入ったお金: 900,000円\nゾーンから出たお金: 400,000円\n\
        ゾーンにあるコイン: 777,000円\n回転数: 3.08\n支払いを受けたお店: 42\n\
        支払った人: 5 より少ない\n";
    // How the zone itself is called is another test's.
    let without_zone = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(without_zone(&shown), without_zone(expected));
    let (exit, envelope) = home.json(&of);
    assert_eq!((exit, &envelope["data"]), (0, &json!(report())));
    let english = home.ok(&of).stdout;
    for part in ["Turns: 3.08", "People who paid: fewer than 5", "Refunds: 3, 2,500円 in all"] {
        assert!(english.contains(part), "{part}: {english}");
    }
    let bad = home.run(&asked(&node, &["zone", "report", "--month", "2026-13"]));
    assert_ne!(bad.code, 0);
}

#[test]
fn the_report_of_another_zone_is_asked_for_by_the_wallet() {
    let node = town(&["merchants"]);
    let of = asked(&node, &["zone", "report", "--month", "2026-11"]);
    // Nobody is there to sign.
    assert_ne!(Home::new().run(&of).code, 0);
    let (exit, envelope) = node.home().json(&of);
    assert_eq!((exit, &envelope["data"]["payments"]["count"]), (0, &json!(1_234)));
    assert_eq!(node.submitted(), vec![]);
}

#[test]
fn a_shop_reads_what_it_was_charged() {
    let node = town(&["merchants"]);
    let fees =
        fees_of(account(), false, &[(FeeTax::Included, 1_000, 100), (FeeTax::Exempt, 50, 0)]);
    node.tells(path::merchant_fees(ZONE, &own_address(), november()).as_str(), json!(fees));
    let home = node.home();
    let of = asked(&node, &["merchant", "fees", "--zone", "1", "--month", "令和8年11月"]);
    let shown = home.ok(&[&of[..], &["--lang", "ja"]].concat()).stdout;
    for part in [
        "月: 2026-11（まだ終わっていません。ここまでの数です）",
        "手数料のかかった支払いの額: 52,500円",
        "手数料: 1,050円",
        "返金でもどった手数料: 100円",
        "もどった分を引いた手数料: 950円",
        "手数料の第 1 版による分: 900円 （消費税込み）",
        "手数料の第 2 版による分: 50円 （消費税はかかりません）",
        "2026 年度のその月までの手数料: 4,321円",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (exit, envelope) = home.json(&of);
    assert_eq!((exit, &envelope["data"]), (0, &json!(fees)));
}

/// The other shop's fees, and its public name.
fn charges(node: &Node, fees: &MerchantFeesBody) {
    let shop = AccountId::new([8; 20]);
    node.tells(path::merchant_fees(ZONE, &address_of(8), november()).as_str(), json!(fees));
    let directory = Directory {
        network: node.genesis,
        serial: 1,
        issued: Timestamp::from_millis(3_990_000_000_000),
        expires: Timestamp::from_millis(4_000_000_000_000),
        entries: vec![Entry {
            name: Name::new("みそ屋").unwrap(),
            reading: None,
            of: Named::Shop { account: shop, zones: vec![ZONE] },
            area: Some(Name::new("会津若松市").unwrap()),
            web: None,
        }],
    };
    let key = SigningKey::from_seed(&[1; 32]);
    node.directory(&SignedDirectory::sign(directory, &key).unwrap(), key.public_key());
}

fn invoice<'a>(node: &'a Node, merchant: &'a str, to: &'a str) -> Vec<&'a str> {
    let of = [
        "zone",
        "invoice",
        "--merchant",
        merchant,
        "--month",
        "2026-11",
        "--name",
        "会津コイン事務局",
        "--number",
        NUMBER,
        "--to",
        to,
    ];
    asked(node, &of)
}

#[test]
fn an_operator_writes_a_qualified_invoice_for_a_month() {
    let node = town(&["merchants"]);
    let shop = AccountId::new([8; 20]);
    let versions =
        [(FeeTax::Included, 1_000, 100), (FeeTax::Exempt, 50, 0), (FeeTax::Included, 200, 0)];
    charges(&node, &fees_of(shop, true, &versions));
    let home = node.home();
    let merchant = address_of(8);
    let shown = home.ok(&invoice(&node, &merchant, "invoice.json")).stdout;
    let end = &merchant[merchant.len() - 6..];
    let text = format!(
        "適格請求書\nみそ屋 様\n会津コイン事務局\n登録番号 {NUMBER}\n番号 1-2026-11-{end}\n\
         取引期間 2026/11/01 から 2026/11/30\n\n\
         加盟店手数料 2026年11月分（1,200円から返金にともなう返還100円を引いた額） 1,100円 × 1 = 1,100円\n\
         加盟店手数料 2026年11月分 50円 × 1 = 50円\n\n\
         10%対象（税込） 1,100円  消費税 100円\n非課税 50円\n合計 1,150円\nお支払い 1,150円\n"
    );
    assert!(shown.starts_with(&text), "{shown}");
    let written = Invoice::from_json(&std::fs::read(home.path("invoice.json")).unwrap()).unwrap();
    assert!(written.is_full());
    assert_eq!(written.totals().total, Yen::new(1_150));
    // A file that is there is never written over; another name is taken as it is said.
    assert_ne!(home.run(&invoice(&node, &merchant, "invoice.json")).code, 0);
    let named = [&invoice(&node, &merchant, "other.json")[..], &["--recipient", "有限会社みそ屋"]];
    let (exit, envelope) = home.json(&named.concat());
    assert_eq!((exit, &envelope["data"]["recipient"]), (0, &json!("有限会社みそ屋")));
    assert_eq!(envelope["data"]["totals"]["to_pay"], json!("1150"));
    assert_eq!(node.submitted(), vec![]);
}

#[test]
fn no_invoice_is_made_of_a_month_that_runs_or_of_no_fees() {
    let shop = AccountId::new([8; 20]);
    let merchant = address_of(8);
    let included = |charged, returned| [(FeeTax::Included, charged, returned)];
    for (complete, versions, code) in [
        (false, &included(100, 0)[..], "month-runs"),
        (true, &[], "no-fees"),
        (true, &included(100, 101), "fees-came-back"),
    ] {
        let node = town(&["merchants"]);
        charges(&node, &fees_of(shop, complete, versions));
        let home = node.home();
        let (exit, envelope) = home.json(&invoice(&node, &merchant, "invoice.json"));
        assert_ne!(exit, 0);
        assert_eq!(envelope["errors"][0]["code"], json!(code), "{envelope}");
        assert!(!home.path("invoice.json").exists());
    }
    let node = town(&["merchants"]);
    node.tells(
        path::merchant_fees(ZONE, &merchant, november()).as_str(),
        json!(fees_of(shop, true, &included(100, 0))),
    );
    let home = node.home();
    let (_, envelope) = home.json(&invoice(&node, &merchant, "invoice.json"));
    assert_eq!(envelope["errors"][0]["code"], json!("no-recipient"), "{envelope}");
    let mut wrong = invoice(&node, &merchant, "invoice.json");
    for part in &mut wrong {
        if *part == NUMBER {
            *part = "T7000012050003";
        }
    }
    assert_ne!(home.run(&wrong).code, 0);
}
