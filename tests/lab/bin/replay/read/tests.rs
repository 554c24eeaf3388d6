//! Reading on small made-up files in the same formats.

use std::io::Write;

use super::*;

const TRANSACTIONS: &str = "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\
    \"amount\";\"balance\";\"k_symbol\";\"bank\";\"account\"\r\n\
    1;7;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;\r\n\
    2;7;930102;\"PRIJEM\";\"PREVOD Z UCTU\";51.30;751.30;\"DUCHOD\";\"YZ\";\"62457513\"\r\n\
    3;7;930103;\"VYDAJ\";\"PREVOD NA UCET\";20.10;731.20;\" \";\"AB\";\"5\"\r\n\
    4;8;930103;\"VYBER\";\"VYBER\";5.00;0.00;\"\";\"\";\"\"\r\n\
    5;8;930104;\"VYDAJ\";\"VYBER KARTOU\";6.00;0.00;\"\";\"\";\"0\"\r\n\
    6;8;930131;\"PRIJEM\";\"\";1.20;1.20;\"UROK\";;\r\n\
    7;8;930131;\"VYDAJ\";\"VYBER\";14.60;1.20;\"SLUZBY\";;\r\n";
const ORDERS: &str = "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\
    \"k_symbol\"\r\n29401;7;\"YZ\";\"87144583\";2452.00;\"SIPO\"\r\n";
const ACCOUNTS: &str = "\"account_id\";\"district_id\";\"frequency\";\"date\"\r\n\
    7;55;\"POPLATEK MESICNE\";930101\r\n9;74;\"POPLATEK MESICNE\";930101\r\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn read(files: &[(&str, &[u8])], scale: u64) -> Result<Files, ReadError> {
    Files::read(&[folder(files).path().to_owned()], scale)
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn every_kind_of_row_is_understood() {
    let files = read(
        &[
            ("account.asc", ACCOUNTS.as_bytes()),
            ("order.asc", ORDERS.as_bytes()),
            ("trans.asc", TRANSACTIONS.as_bytes()),
            ("district.asc", b"A1;A2\r\n1;x\r\n"),
        ],
        100,
    )
    .unwrap();
    assert_eq!(files.accounts, ["7", "9"]);
    assert_eq!(
        files.transactions,
        [
            Payment::Deposit { account: text("7"), amount: 70_000 },
            Payment::Incoming {
                account: text("7"),
                bank: text("YZ"),
                partner: text("62457513"),
                amount: 5_130
            },
            Payment::Outgoing {
                account: text("7"),
                bank: text("AB"),
                partner: text("5"),
                amount: 2_010
            },
            Payment::Withdrawal { account: text("8"), amount: 500 },
            Payment::Withdrawal { account: text("8"), amount: 600 },
            Payment::Deposit { account: text("8"), amount: 120 },
            Payment::Fee { account: text("8"), amount: 1_460 },
        ]
    );
    let [Payment::Outgoing { bank, amount: 245_200, .. }] = files.orders.as_slice() else {
        panic!("{:?}", files.orders);
    };
    assert_eq!((bank.as_str(), files.cut.len()), ("YZ", 0));
}

#[test]
fn a_last_line_that_was_cut_off_is_dropped_and_said_so() {
    let cut = format!("{TRANSACTIONS}3526882;11021;940331;\"PRIJE");
    for content in [cut.as_bytes().to_vec(), gzip(&cut)] {
        let files = read(&[("trans-part.asc.gz", &content)], 100).unwrap();
        assert_eq!(
            (files.transactions.len(), files.cut.as_slice()),
            (7, [text("trans-part.asc.gz:9")].as_slice())
        );
    }
    let whole = TRANSACTIONS.trim_end();
    let files = read(&[("trans.asc", whole.as_bytes())], 100).unwrap();
    assert_eq!((files.transactions.len(), files.cut.len()), (7, 0), "whole without a newline");
}

#[test]
fn a_compressed_stream_that_ends_early_gives_its_whole_rows() {
    let many = format!("{}{}", TRANSACTIONS, TRANSACTIONS.split_once('\n').unwrap().1.repeat(500));
    let mut content = gzip(&many);
    content.truncate(content.len() * 2 / 3);
    let files = read(&[("trans-part.asc.gz", &content)], 100).unwrap();
    assert!((7..3_500).contains(&files.transactions.len()), "{}", files.transactions.len());
    assert!(files.cut.len() <= 1);
}

#[test]
fn a_row_that_cannot_be_scaled_or_understood_is_named() {
    let strange = TRANSACTIONS.replace("\"VYBER KARTOU\"", "\"VYBER SEKEM\"");
    let short = TRANSACTIONS.replace("4;8;930103;\"VYBER\";", "4;8;");
    for (content, scale, place, reason) in [
        (TRANSACTIONS, 1, "trans.asc:3", "51.30: the amount times the scale is not whole"),
        (strange.as_str(), 100, "trans.asc:6", "no meaning is known"),
        (short.as_str(), 100, "trans.asc:5", "8 columns, 10 are needed"),
    ] {
        let error = read(&[("trans.asc", content.as_bytes())], scale).unwrap_err().to_string();
        assert!(error.starts_with(place) && error.contains(reason), "{error}");
    }
}

#[test]
fn plain_files_are_read_and_others_are_refused() {
    let plain = "debtor,creditor,amount\nalice,bob,120\n\"bob\",\"carol, inc\",5\n";
    let files = read(&[("payments.csv", plain.as_bytes())], 1).unwrap();
    assert_eq!(
        files.transactions,
        [
            Payment::Plain { debtor: text("alice"), creditor: text("bob"), amount: 120 },
            Payment::Plain { debtor: text("bob"), creditor: text("carol, inc"), amount: 5 },
        ]
    );
    let other = folder(&[("notes.csv", b"hello\nworld\n")]);
    let named = Files::read(&[other.path().join("notes.csv")], 1).unwrap_err();
    assert!(named.to_string().starts_with("notes.csv:1"), "{named}");
    let inside = Files::read(&[other.path().to_owned()], 1);
    assert!(matches!(inside, Err(ReadError::Nothing)));
}

#[test]
fn the_published_files_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/bank-pkdd99");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    }
    let files = Files::read(&[folder], 100).unwrap();
    assert_eq!(
        (files.accounts.len(), files.transactions.len(), files.orders.len(), files.cut.len()),
        (4_500, 49_102, 6_471, 1)
    );
}
