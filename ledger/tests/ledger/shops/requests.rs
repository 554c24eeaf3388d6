//! Requests: consumed once, by the terminal that signed, while they are good.

use ledger_types::Inadmissible;
use ledger_types::event::{Event, Paid};
use ledger_types::limits::{DUPLICATE_MS, REQUEST_EARLY_MS};
use ledger_types::operation::{
    CancelRequest, MerchantClass, OpenZoneAccount, Operation, Pay, RegisterTerminal,
};
use ledger_types::programme::LotKind;
use ledger_types::record::Cancelled;
use ledger_types::zone::{Exception, RequestNonce, RequestTerms, TerminalRights, request_id};

use super::{
    answer, answer_by, asked, by_till, end, events, register, remembered, shop_yen, till_key,
    with_vouchers,
};
use crate::chain::{Chain, codes};
use crate::fixture::{
    HOSPITALS, START, TOWN, akari, botan, chika, commitment, nobody, operator, seeded, shop, yen,
};
use crate::happy::charged;
use crate::programmes::{self, at, line, local_shop, seen, sold};
use crate::rejections::refuses;
use crate::zones::charging;

/// The small network with a till at the shop; Akari has 100 yen in the town.
fn with_till() -> Chain {
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    let till = register(TOWN, 1, TerminalRights::ALL);
    chain.must(&shop(), Operation::RegisterTerminal(till));
    chain
}

#[test]
fn a_request_is_paid_once_and_says_so() {
    let mut chain = with_till();
    let terms = asked(&chain, 1, 40);
    let id = request_id(TOWN, &shop().account, terms.made, &terms.nonce);
    let pay = answer(&chain, TOWN, terms.clone(), 40, 0);
    let said = events(&mut chain, &akari(), Operation::Pay(pay.clone()));
    let paid = Paid {
        zone: TOWN,
        payer: akari().account.into(),
        merchant: shop().account,
        amount: yen(40),
        cash: yen(0),
        request: Some(id),
        terminal: Some(1),
        reference: Some(terms.tax_lines),
    };
    assert_eq!(said, [Event::Paid(paid)]);
    let (number, payment) = remembered(&chain, &akari().account);
    assert_eq!((number, payment.terminal, payment.coin), (id, Some(1), yen(40)));
    // Whoever sends it again, and whatever it pays of it.
    refuses(&mut chain, vec![(3098, akari(), Operation::Pay(pay))]);
    let terms = RequestTerms { seconds: 300, eligible: shop_yen(39), ..terms };
    let again = answer(&chain, TOWN, terms, 39, 0);
    refuses(&mut chain, vec![(3098, akari(), Operation::Pay(again))]);
}

#[test]
fn requests_are_refused_in_order() {
    let mut chain = with_till();
    let all = Operation::RegisterTerminal(RegisterTerminal {
        key: seeded(151).public_key(),
        ..register(TOWN, 2, TerminalRights::VOID)
    });
    chain.must(&shop(), all);
    chain.must(&shop(), Operation::RegisterTerminal(register(TOWN, 3, TerminalRights::ALL)));
    chain.must(&shop(), end(TOWN, 3));
    let terms = asked(&chain, 2, 40);
    let with = |change: &dyn Fn(&mut RequestTerms)| {
        let mut terms = terms.clone();
        change(&mut terms);
        terms
    };
    let paying = |terms: RequestTerms| answer(&chain, TOWN, terms, 40, 0);
    let usual = paying(terms.clone());
    let reference = Some(commitment(7));
    let exception = Exception { category: 1, eligible: shop_yen(1) };
    let now = chain.now;
    let late = with(&|it| (it.made, it.seconds) = (at(now - 9_000), 10));
    let early = with(&|it| it.made = at(now + 1000 * 19 + REQUEST_EARLY_MS + 1));
    let rows = vec![
        (3005, akari(), Pay { merchant: nobody().account, ..usual.clone() }),
        (3096, akari(), Pay { reference, ..usual.clone() }),
        (3096, akari(), Pay { again: true, ..usual.clone() }),
        (3096, akari(), paying(with(&|it| it.seconds = 601))),
        (3096, akari(), paying(with(&|it| it.eligible = shop_yen(41)))),
        (3096, akari(), paying(with(&|it| it.exceptions = vec![exception, exception]))),
        (3096, akari(), answer(&chain, TOWN, terms.clone(), 39, 1)),
        (3091, akari(), paying(with(&|it| it.terminal = 9))),
        (3091, akari(), paying(with(&|it| it.terminal = 3))),
        (3091, akari(), answer_by(&seeded(151), &chain, TOWN, terms.clone(), 40, 0)),
        (3094, akari(), answer_by(&seeded(151), &chain, TOWN, with(&|it| it.terminal = 2), 40, 0)),
        (3097, akari(), paying(late)),
        (3097, akari(), paying(early)),
        (3099, akari(), paying(with(&|it| it.fee_schedule = 1))),
        (3004, akari(), answer(&chain, TOWN, with(&|it| it.eligible = shop_yen(0)), 101, 0)),
    ];
    let rows = rows.into_iter().map(|(code, who, pay)| (code, who, Operation::Pay(pay)));
    refuses(&mut chain, rows.collect());
}

#[test]
fn a_signature_that_is_not_the_keys_stands_in_no_block() {
    let mut chain = with_till();
    let mut pay = answer(&chain, TOWN, asked(&chain, 3, 40), 40, 0);
    // One yen less than the till asked.
    pay.amount = yen(39);
    let tx = chain.tx(&akari(), vec![Operation::Pay(pay.clone())]);
    assert_eq!(tx.verify(&chain.state.genesis_hash()), Err(Inadmissible::BadSignature));
    assert_eq!(tx.signatures(), 2);
    pay.amount = yen(40);
    let tx = chain.tx(&akari(), vec![Operation::Pay(pay.clone())]);
    assert_eq!(tx.verify(&chain.state.genesis_hash()), Ok(()));
    // An amount that no till asks for: nothing was signed.
    pay.amount = yen(1 << 32);
    let tx = chain.tx(&akari(), vec![Operation::Pay(pay)]);
    assert_eq!(tx.verify(&chain.state.genesis_hash()), Err(Inadmissible::BadSignature));
    assert_eq!(chain.outcome(&akari(), tx.unsigned.operations), 3096);
}

#[test]
fn what_is_taken_back_is_not_paid_and_what_was_paid_stays() {
    let mut chain = with_till();
    let terms = asked(&chain, 4, 40);
    let cancel = |terms: &RequestTerms, terminal| {
        let (zone, made, nonce) = (TOWN, terms.made, terms.nonce);
        Operation::CancelRequest(CancelRequest { zone, made, nonce, terminal })
    };
    let till = by_till(&shop(), till_key());
    chain.must(&till, cancel(&terms, Some(1)));
    let id = request_id(TOWN, &shop().account, terms.made, &terms.nonce);
    let cancelled = chain.state.height();
    assert_eq!(chain.state.cancelled(&id), Some(&Cancelled { cancelled }));
    let (nonce, eligible) = (RequestNonce::new([5; 16]), shop_yen(10));
    let other = RequestTerms { nonce, eligible, ..terms.clone() };
    chain.must(&akari(), Operation::Pay(answer(&chain, TOWN, other.clone(), 10, 0)));
    let old = RequestTerms { made: at(START + 3 * programmes::DAY), ..other.clone() };
    let pay = Operation::Pay(answer(&chain, TOWN, terms.clone(), 40, 0));
    refuses(
        &mut chain,
        vec![
            (3098, akari(), pay),
            (3098, shop(), cancel(&terms, None)),
            (3098, shop(), cancel(&other, None)),
            (3097, shop(), cancel(&old, None)),
            (3005, akari(), cancel(&terms, None)),
        ],
    );
    // Another shop's cancel is of another request.
    assert_eq!(chain.state.payment(&id), None);
}

#[test]
fn cash_is_paid_beside_where_the_shop_takes_it_and_carries_no_fee() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let till = register(HOSPITALS, 1, TerminalRights::ALL);
    chain.must(&shop(), Operation::RegisterTerminal(till));
    let terms = RequestTerms { takes_cash: true, fee_schedule: 1, ..asked(&chain, 6, 0) };
    let pay = answer(&chain, HOSPITALS, RequestTerms { eligible: shop_yen(50), ..terms }, 50, 45);
    let pay = Pay { charge: Some(yen(50)), ..pay };
    let said = events(&mut chain, &akari(), Operation::Pay(pay));
    let told = |event: &Event| match event {
        Event::Paid(paid) => Some((paid.amount, paid.cash)),
        Event::FeeCharged(fee) => Some((fee.gross, fee.fee)),
        _ => None,
    };
    let told: Vec<_> = said.iter().filter_map(told).collect();
    assert_eq!(told, [(yen(50), yen(45)), (yen(50), yen(10))]);
}

#[test]
fn a_request_keeps_the_fee_schedule_that_was_in_force_when_it_was_made() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let till = register(HOSPITALS, 1, TerminalRights::ALL);
    chain.must(&shop(), Operation::RegisterTerminal(till));
    let begins = chain.now + ledger_types::limits::FEE_NOTICE_MS + 60_000;
    let dearer = crate::zones::rate(4_000, 1, &[None, None]);
    chain.must(&operator(), crate::zones::set_fees(HOSPITALS, 2, begins, dearer));
    chain.now = begins - 2000;
    let charge = |pay: Pay| Operation::Pay(Pay { charge: Some(yen(10)), ..pay });
    let terms = RequestTerms { fee_schedule: 1, ..asked(&chain, 7, 10) };
    let late = RequestTerms { nonce: RequestNonce::new([8; 16]), ..terms.clone() };
    let pay = answer(&chain, HOSPITALS, terms, 10, 0);
    chain.now = begins;
    let said = events(&mut chain, &botan(), charge(pay));
    let fee = said.iter().find_map(|event| match event {
        Event::FeeCharged(fee) => Some((fee.version, fee.fee)),
        _ => None,
    });
    assert_eq!(fee, Some((1, yen(2))));
    // Made once the other one is in force, it names that one.
    let made = RequestTerms { made: at(begins), ..late };
    let wrong = charge(answer(&chain, HOSPITALS, made.clone(), 10, 0));
    refuses(&mut chain, vec![(3099, botan(), wrong)]);
    let right = RequestTerms { fee_schedule: 2, ..made };
    chain.must(&botan(), charge(answer(&chain, HOSPITALS, right, 10, 0)));
}

#[test]
fn a_request_of_a_schedule_without_the_merchants_tier_is_refused() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let till = register(HOSPITALS, 1, TerminalRights::ALL);
    chain.must(&shop(), Operation::RegisterTerminal(till));
    // At once, since it costs nobody more: a third tier, into which the shop comes with it.
    let made = chain.now;
    let terms = RequestTerms { fee_schedule: 1, ..asked(&chain, 12, 10) };
    let cheaper = crate::zones::rate(1_000, 1, &[Some(25), None, Some(1)]);
    let begins = made + 60_000;
    chain.must(&operator(), crate::zones::set_fees(HOSPITALS, 2, begins, cheaper));
    chain.now = begins;
    chain.must(&operator(), crate::zones::update(HOSPITALS, &shop(), 2));
    let pay = answer(&chain, HOSPITALS, terms, 10, 0);
    let pay = Operation::Pay(Pay { charge: Some(yen(10)), ..pay });
    refuses(&mut chain, vec![(3099, botan(), pay)]);
}

#[test]
fn the_same_amount_at_the_same_shop_is_asked_about_for_three_minutes() {
    let mut chain = Chain::new();
    charged(&mut chain, 100);
    let pay = |amount: u64, again| {
        let usual = Pay {
            zone: TOWN,
            merchant: shop().account,
            amount: yen(amount),
            charge: None,
            vouchers: None,
            reference: None,
            request: None,
            again,
        };
        Operation::Pay(usual)
    };
    let first = chain.now;
    chain.must(&akari(), pay(10, false));
    refuses(&mut chain, vec![(3100, akari(), pay(10, false))]);
    chain.must(&akari(), pay(11, false));
    chain.must(&akari(), pay(10, true));
    chain.now = first + DUPLICATE_MS + 1000;
    // Of the second one of ten yen; eight are remembered, older ones asked about no more.
    refuses(&mut chain, vec![(3100, akari(), pay(10, false))]);
    for amount in 1..=8 {
        chain.must(&akari(), pay(amount, false));
    }
    chain.must(&akari(), pay(10, false));
    assert_eq!(chain.state.recent(TOWN, &akari().account).unwrap().payments.len(), 8);
}

#[test]
fn vouchers_pay_what_is_eligible_for_them_and_no_more() {
    let mut chain = sold();
    let till = register(TOWN, 1, TerminalRights::ALL);
    chain.must(&local_shop(), Operation::RegisterTerminal(till));
    let terms = RequestTerms {
        eligible: shop_yen(500),
        exceptions: vec![Exception { category: 0, eligible: shop_yen(300) }],
        ..asked(&chain, 9, 500)
    };
    let class = MerchantClass::Local;
    let all = seen(&chain, &akari(), class, 500);
    let pay = answer(&chain, TOWN, terms, 500, 0);
    let pay = Pay { charge: Some(yen(200)), ..pay };
    refuses(&mut chain, vec![(3008, akari(), with_vouchers(pay.clone(), all))]);
    let eligible = vec![line(0, LotKind::Free, 250), line(0, LotKind::Paid, 50)];
    let more = vec![line(0, LotKind::Free, 250), line(0, LotKind::Paid, 51)];
    let short = Pay { charge: Some(yen(199)), ..pay.clone() };
    refuses(&mut chain, vec![(3063, akari(), with_vouchers(short, more))]);
    chain.must(&akari(), with_vouchers(pay, eligible));
    let (_, payment) = remembered(&chain, &akari().account);
    assert_eq!((payment.coin, payment.lots.len()), (yen(200), 2));
}

#[test]
fn requests_of_one_block_are_consumed_in_their_order() {
    let mut chain = with_till();
    chain.must(&chika(), Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }));
    let pay = answer(&chain, TOWN, asked(&chain, 10, 20), 20, 0);
    let first = chain.tx(&akari(), vec![Operation::Pay(pay.clone())]);
    let second = chain.tx(&akari(), vec![Operation::Pay(pay)]);
    assert_eq!(codes(&chain.commit(vec![first, second])), [0, 3098]);
}
