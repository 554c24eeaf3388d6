//! The receipt in words: やさしい日本語 or English, one thing a line.

use std::fmt::Write as _;

use ledger_types::instant::JapanTime;
use ledger_types::{PartyId, PartyRoles, Timestamp};

use super::{Facts, ReceiptStatus};
use crate::terms::{Process, Processing, Recipient, Region};
use crate::vocabulary::legal::Bilingual;
use crate::vocabulary::{ConceptName, Vocabulary};

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Plain Japanese.
    Japanese,
    /// English.
    English,
}

impl Reading {
    /// The text in this language.
    const fn of<'a>(self, japanese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Japanese => japanese,
            Self::English => english,
        }
    }

    fn in_both(self, text: &Bilingual) -> &str {
        self.of(&text.ja, &text.en)
    }
}

/// The receipt for a reader.
#[must_use]
pub fn text(facts: &Facts, vocabulary: &Vocabulary, reading: Reading) -> String {
    let mut lines = Lines { text: String::new(), reading };
    lines.plain(reading.of("同意の控え", "Receipt of your consent"));
    lines.plain("");
    lines.plain(reading.of(standing_ja(facts.standing()), standing_en(facts.standing())));
    lines.plain("");
    lines.item("だれに", "Who", reading.in_both(&facts.controller.name));
    for (number, process) in facts.processes.iter().enumerate() {
        lines.plain("");
        if facts.processes.len() > 1 {
            lines.plain(&format!("{} {}", reading.of("■", "#"), number + 1));
        }
        self::process(&mut lines, facts, process, vocabulary);
    }
    lines.plain("");
    time_and_withdrawal(&mut lines, facts);
    lines.text
}

struct Lines {
    text: String,
    reading: Reading,
}

impl Lines {
    fn plain(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn item(&mut self, japanese: &str, english: &str, value: &str) {
        let label = self.reading.of(japanese, english);
        let gap = self.reading.of(":", ": ");
        self.plain(&format!("{label}{gap}{value}"));
    }

    fn list(&mut self, japanese: &str, english: &str, values: &[&str]) {
        let joined = values.join(self.reading.of("、", ", "));
        self.item(japanese, english, &joined);
    }
}

fn process(lines: &mut Lines, facts: &Facts, process: &Process, vocabulary: &Vocabulary) {
    let reading = lines.reading;
    let mut category = label(&process.category, vocabulary, reading).to_owned();
    if process.sensitive {
        category.push_str(
            reading.of(
                "(とくに気をつけて扱う情報です)",
                " (sensitive: it is handled with special care)",
            ),
        );
    }
    lines.item("使う情報", "What", &category);
    lines.item("何のために", "For what", label(&process.purpose, vocabulary, reading));
    let excluded: Vec<&str> =
        process.excludes.iter().map(|name| label(name, vocabulary, reading)).collect();
    if !excluded.is_empty() {
        lines.list("入らないもの", "Not for", &excluded);
    }
    lines.item("使う人", "Used by", &recipient(facts, process.recipient, reading));
    let operations: Vec<&str> =
        process.operations.iter().map(|one| operation(*one, reading)).collect();
    lines.list("すること", "What is done", &operations);
    lines.item("場所", "Where", region(facts, &process.region, reading));
    if let Some(period) = &process.data_period {
        let last = period.until.yesterday().unwrap_or(period.until);
        let [from, last] = [period.from, last].map(|day| day.to_string().replace('-', "/"));
        let days = match reading {
            Reading::Japanese => format!("{from} から {last} まで"),
            Reading::English => format!("{from} to {last}"),
        };
        lines.item("いつの情報か", "Data of", &days);
    }
    let days = match reading {
        Reading::Japanese => format!("受け取ってから {}日", process.retention_days),
        Reading::English => format!("{} days after it is received", process.retention_days),
    };
    lines.item("とっておく期間", "Kept for", &days);
}

fn time_and_withdrawal(lines: &mut Lines, facts: &Facts) {
    let reading = lines.reading;
    lines.item("いつから", "From", &clock(facts.valid_from));
    lines.item("いつまで", "Until", &end(facts.expires, reading));
    if let Some(limit) = facts.use_limit {
        let times = match reading {
            Reading::Japanese => format!("{limit}回まで"),
            Reading::English => format!("at most {limit}"),
        };
        lines.item("使える回数", "Times", &times);
    }
    lines.plain("");
    if facts.standing().has_ended() {
        if let Some(event) = facts.events.last() {
            lines.item("終わった日", "Ended", &clock(event.at));
        }
    } else {
        lines.plain(reading.of(
            "いつでもやめることができます。お金はかかりません。理由もいりません。",
            "You can withdraw at any time. It is free, and you need not say why.",
        ));
        lines.item("やめるとき", "To withdraw", &facts.withdraw_url);
        if !facts.withdraw_telephone.is_empty() {
            lines.item("電話でやめるとき", "By telephone", &facts.withdraw_telephone);
        }
    }
    lines.plain("");
    let notice = format!("{} ({}-{})", facts.notice.url, facts.notice.notice, facts.notice.version);
    lines.item("読んだお知らせ", "Notice that you read", &notice);
    let (basis, statute) = &facts.basis;
    let law = match reading {
        Reading::Japanese => format!("{} {}", statute.name.ja, basis.article_ja()),
        Reading::English => format!("{}, Article {}", statute.name.en, basis.article),
    };
    lines.item("決まり", "Law", &law);
    lines.item("同意の番号", "Number of the consent", &facts.consent.get().to_string());
    let _ = writeln!(
        lines.text,
        "{}{}",
        reading.of("この控えを作った日:", "Made: "),
        clock(facts.issued_at)
    );
}

/// Date and time in Japan.
fn clock(at: Timestamp) -> String {
    JapanTime(at).to_string()
}

/// When it ends: a whole day counts to its end, and says so.
fn end(at: Timestamp, reading: Reading) -> String {
    match JapanTime(at).ended_day().map(JapanTime::day) {
        Some(day) => match reading {
            Reading::Japanese => format!("{day} の終わり"),
            Reading::English => format!("the end of {day}"),
        },
        None => clock(at),
    }
}

fn label<'a>(name: &'a ConceptName, vocabulary: &'a Vocabulary, reading: Reading) -> &'a str {
    vocabulary.concept(name).map_or(name.as_str(), |concept| match reading {
        Reading::Japanese => concept.label.japanese(),
        Reading::English => &concept.label.en,
    })
}

fn region<'a>(facts: &'a Facts, region: &'a Region, reading: Reading) -> &'a str {
    let named = facts.regions.iter().find(|(known, _)| known == region);
    named.map_or(region.as_str(), |(_, name)| reading.in_both(name))
}

/// Whom a process is for, by name as far as it is known.
pub(super) fn recipient(facts: &Facts, recipient: Recipient, reading: Reading) -> String {
    match recipient {
        Recipient::Party(party) => name(facts, party, reading),
        Recipient::Roles(roles) => {
            let held = ROLES.iter().filter(|(role, ..)| roles.intersects(*role));
            let named: Vec<&str> = held.map(|(_, ja, en)| reading.of(ja, en)).collect();
            named.join(reading.of("、", ", "))
        }
        Recipient::JointUse { scheme, version } => {
            let controller = name(facts, facts.controller.party, reading);
            match reading {
                Reading::Japanese => {
                    format!("{controller}といっしょに使うところ(共同利用 {scheme}番 第{version}版)")
                }
                Reading::English => {
                    format!("the joint users of {controller} (scheme {scheme}, version {version})")
                }
            }
        }
    }
}

fn name(facts: &Facts, party: PartyId, reading: Reading) -> String {
    facts
        .organisation(party)
        .map_or_else(|| party.to_string(), |known| reading.in_both(&known.name).to_owned())
}

/// What each role is called.
const ROLES: [(PartyRoles, &str, &str); 6] = [
    (PartyRoles::CONTROLLER, "責任者", "controllers"),
    (PartyRoles::JOINT_USER, "いっしょに使うところ", "joint users"),
    (PartyRoles::RECIPIENT, "受け取るところ", "recipients"),
    (PartyRoles::PROCESSOR, "仕事を頼まれたところ", "processors"),
    (PartyRoles::DATA_HOLDER, "情報を持っているところ", "data holders"),
    (PartyRoles::EMERGENCY, "救急・災害のときに助けるところ", "emergency services"),
];

const fn operation(operation: Processing, reading: Reading) -> &'static str {
    match operation {
        Processing::Collect => reading.of("集める", "collect"),
        Processing::Consult => reading.of("見る", "look at"),
        Processing::Use => reading.of("使う", "use"),
        Processing::Store => reading.of("とっておく", "keep"),
        Processing::Analyse => reading.of("くわしく調べる", "analyse"),
        Processing::Combine => reading.of("ほかの情報と合わせる", "combine with other data"),
        Processing::Pseudonymise => reading.of("名前を番号に変える", "replace names by numbers"),
        Processing::Anonymise => reading.of("だれのものか分からなくする", "make anonymous"),
        Processing::Share => reading.of("使う人に渡す", "give to those who use it"),
        Processing::Transfer => reading.of("ほかの場所に送る", "send elsewhere"),
    }
}

const fn standing_ja(standing: ReceiptStatus) -> &'static str {
    match standing {
        ReceiptStatus::Requested => "同意をお願いされています。まだ決めていません。",
        ReceiptStatus::Refused => "ことわりました。情報は使われません。",
        ReceiptStatus::Deferred => "あとで決めることにしました。情報は使われません。",
        ReceiptStatus::Given => "あなたは、つぎのことに同意しました。",
        ReceiptStatus::Suspended => "この同意は、いま止まっています。情報は使われません。",
        ReceiptStatus::RenewalDue => "この同意は、もう一度の確認が必要です。",
        ReceiptStatus::Renewed => "あなたは、つぎのことに、もう一度同意しました。",
        ReceiptStatus::Expired => "この同意は、期間が終わりました。情報は使われません。",
        ReceiptStatus::Withdrawn => "あなたは、この同意をやめました。情報は使われません。",
        ReceiptStatus::Revoked => "この同意は、取り消されました。情報は使われません。",
        ReceiptStatus::Invalidated => "この同意は、無効になりました。情報は使われません。",
    }
}

const fn standing_en(standing: ReceiptStatus) -> &'static str {
    match standing {
        ReceiptStatus::Requested => "You are asked to consent. You have not decided yet.",
        ReceiptStatus::Refused => "You refused. The data is not used.",
        ReceiptStatus::Deferred => "You put the decision off. The data is not used.",
        ReceiptStatus::Given => "You consented to the following.",
        ReceiptStatus::Suspended => "This consent is suspended. The data is not used.",
        ReceiptStatus::RenewalDue => "This consent needs to be confirmed again.",
        ReceiptStatus::Renewed => "You consented to the following again.",
        ReceiptStatus::Expired => "This consent has expired. The data is not used.",
        ReceiptStatus::Withdrawn => "You withdrew this consent. The data is not used.",
        ReceiptStatus::Revoked => "This consent was revoked. The data is not used.",
        ReceiptStatus::Invalidated => "This consent was found invalid. The data is not used.",
    }
}
