//! Policy files and what they accept.

use std::collections::BTreeSet;

use ledger_proof::policy::{Policy, PolicyError, PolicyFailure};

use crate::fixture::{head, policy, signed};

fn keys() -> (String, Vec<String>) {
    let all = policy();
    let witnesses = all.witnesses().iter().map(|witness| witness.key.to_string()).collect();
    (all.logs()[0].key.to_string(), witnesses)
}

#[test]
fn more_than_two_thirds_make_the_validators_quorum() {
    let text = policy().to_string();
    assert!(text.ends_with("\ngroup bft 3 v0 v1 v2 v3\nquorum bft\n"), "{text}");
    assert_eq!(Policy::parse(&text).unwrap(), policy());
    for cosigners in [&[0, 1, 2][..], &[1, 2, 3], &[3, 0, 1, 2]] {
        let witnessed = policy().judge(&signed(head(5), cosigners)).unwrap();
        assert_eq!(witnessed.cosignatures.len(), cosigners.len());
    }
    for (cosigners, count) in [(&[][..], 0), (&[0, 1], 2), (&[2, 2, 2], 1)] {
        let refused = policy().judge(&signed(head(5), cosigners)).unwrap_err();
        assert_eq!(refused, PolicyFailure::NoQuorum { count });
    }
}

#[test]
fn groups_of_groups_count_as_the_specification_says() {
    let (log, witnesses) = keys();
    let [a, b, c, d] = witnesses.as_slice() else { panic!("four witnesses") };
    let text = format!(
        "# a policy\n\n\tlog {log} https://log.example/\nwitness X1 {a}\nwitness X2 {b} \
         https://x2.example/\nwitness  Y1 {c}\nwitness Y2\t{d}\ngroup X all X1 X2\n  group Y any Y1 \
         Y2 \ngroup both 2 X Y\nquorum both\n"
    );
    let policy = Policy::parse(&text).unwrap();
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example/"));
    assert_eq!(Policy::parse(&policy.to_string()).unwrap(), policy);
    let is = |cosigned: &[usize]| policy.is_quorum(&cosigned.iter().copied().collect());
    assert!(is(&[0, 1, 2]) && is(&[0, 1, 3]));
    assert!(!is(&[0, 1]) && !is(&[0, 2, 3]) && !is(&[]));
    let none = Policy::parse(&format!("log {log}\nquorum none\n")).unwrap();
    assert!(none.is_quorum(&BTreeSet::new()));
    assert_eq!(none.to_string(), format!("log {log}\nquorum none\n"));
}

#[test]
fn what_is_no_policy_is_refused_with_its_line() {
    let (log, witnesses) = keys();
    let (v, w) = (&witnesses[0], &witnesses[1]);
    let table = [
        (String::new(), PolicyError::Unterminated),
        ("quorum none".to_owned(), PolicyError::Unterminated),
        ("\n".to_owned(), PolicyError::NotOneQuorum),
        ("quorum none\nquorum none\n".to_owned(), PolicyError::NotOneQuorum),
        ("quorum none\r\n".to_owned(), PolicyError::ControlCharacter),
        ("quorum a\n".to_owned(), PolicyError::UnknownName { line: 1 }),
        ("log\n".to_owned(), PolicyError::BadLine { line: 1 }),
        (format!("log {log} url more\n"), PolicyError::BadLine { line: 1 }),
        ("quorums none\n".to_owned(), PolicyError::BadLine { line: 1 }),
        (format!("log {v}\n"), PolicyError::WrongKind { line: 1 }),
        (format!("witness a {log}\n"), PolicyError::WrongKind { line: 1 }),
        (format!("log {log}\nlog {log}\n"), PolicyError::RepeatedKey { line: 2 }),
        (format!("witness a {v}\nwitness b {v}\n"), PolicyError::RepeatedKey { line: 2 }),
        (format!("witness a {v}\nwitness a {w}\n"), PolicyError::NameTaken { line: 2 }),
        (format!("witness none {v}\n"), PolicyError::NameTaken { line: 1 }),
        (format!("witness a {v}\ngroup a 1 a\n"), PolicyError::NameTaken { line: 2 }),
        (format!("group g 1 a\nwitness a {v}\n"), PolicyError::UnknownName { line: 1 }),
        (format!("witness a {v}\ngroup g 1 none\n"), PolicyError::UnknownName { line: 2 }),
        (format!("witness a {v}\ngroup g 0 a\n"), PolicyError::BadThreshold { line: 2 }),
        (format!("witness a {v}\ngroup g 2 a\n"), PolicyError::BadThreshold { line: 2 }),
        (format!("witness a {v}\ngroup g 01 a\n"), PolicyError::BadThreshold { line: 2 }),
        (format!("witness a {v}\ngroup g all\n"), PolicyError::BadThreshold { line: 2 }),
        (format!("witness a {v}\ngroup g 1 a a\n"), PolicyError::RepeatedMember { line: 2 }),
        (
            format!("witness a {v}\ngroup g 1 a\ngroup h 1 a\n"),
            PolicyError::RepeatedMember { line: 3 },
        ),
    ];
    for (text, error) in table {
        assert_eq!(Policy::parse(&text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn a_bad_signature_of_a_known_key_spoils_the_checkpoint_and_an_unknown_one_does_not() {
    let good = signed(head(5), &[0, 1, 2]);
    let forged = signed(head(6), &[3]).note().signatures()[1].clone();
    let with = |extra| {
        let signatures = [good.note().signatures(), &[extra]].concat();
        head(5).signed(signatures).unwrap()
    };
    let name = forged.name.clone();
    assert_eq!(policy().judge(&with(forged.clone())), Err(PolicyFailure::BadSignature { name }));
    let mut unknown = forged;
    unknown.id = [0; 4];
    assert!(policy().judge(&with(unknown)).is_ok());
    let alone = head(5).signed(good.note().signatures()[1..].to_vec()).unwrap();
    assert_eq!(policy().judge(&alone), Err(PolicyFailure::NotSigned));
    let mut other = head(5);
    other.origin = ledger_proof::note::KeyName::new("other.example").unwrap();
    let origin = other.origin.clone();
    let other = signed(other, &[0, 1, 2]);
    assert_eq!(policy().judge(&other), Err(PolicyFailure::UnknownLog { origin }));
}
