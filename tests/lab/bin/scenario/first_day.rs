//! The first day: from nothing to a paid shop by the wallet's own words, in Japanese, at a terminal;
//! then a lost phone with the recovery words kept, and one with the words lost.
//!
//! Everybody types what a screen or a sheet of paper showed, or what is one's own: an amount, a
//! password, a name. Time runs four thousand times as fast, since new keys wait for three days.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use kyojo_tests::network::{Network, Plan, binaries};
use kyojo_tests::terminal::{Person, Tally};
use serde::Serialize;

const LAB_RATE: &str = "4000";
const PASSWORD: &str = "ひみつのことば7";
const NOTICE: &str = "あなたのお薬手帳を、まちの調剤薬局に見せます。\n";
const TERMS: &str = r#"[
  {"category": "お薬手帳", "purpose": "地域医療連携", "recipients": [{"type": "party", "party": 3}],
   "operations": ["consult"], "retention_days": 30, "region": "JP-07-202", "sensitive": true}
]"#;
/// What a person is asked at a terminal, whatever the command.
const PROMPTS: [&str; 4] = ["[y/N]", "のパスワード:", "新しいパスワード:", "もう一度:"];
const WORD: &str = "番目の言葉:";
/// How long a recovery may take until it can be executed: three days of the lab, and a margin.
const RECOVERY_WITHIN: Duration = Duration::from_secs(180);

/// What it took.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    scenario: &'static str,
    /// Of the citizen until the shop was paid.
    steps: u64,
    characters_typed: u64,
    /// Of everybody, to the end.
    numbers_no_screen_showed: u64,
    /// From nothing to the paid shop, in seconds.
    seconds: f64,
    /// The shop sees the payment.
    shop_was_paid: bool,
    /// Of the citizen, with a new phone and her words.
    words_kept: Back,
    /// Of the citizen, with a new phone and new words.
    words_lost: Back,
}

/// What came back on another phone.
#[derive(Debug, Serialize)]
struct Back {
    steps: u64,
    characters_typed: u64,
    seconds: f64,
    balance: bool,
    consent: bool,
}

impl Report {
    pub(crate) fn holds(&self) -> bool {
        let is_back = |back: &Back| back.balance && back.consent;
        self.numbers_no_screen_showed == 0
            && self.shop_was_paid
            && is_back(&self.words_kept)
            && is_back(&self.words_lost)
    }

    pub(crate) fn text(&self) -> String {
        let back = |what: &str, back: &Back| {
            format!(
                "{what}: {} steps, {} characters, {:.1} s; balance {}, consent {}",
                back.steps,
                back.characters_typed,
                back.seconds,
                if back.balance { "back" } else { "NOT back" },
                if back.consent { "back" } else { "NOT back" },
            )
        };
        [
            format!(
                "from nothing to a paid shop: {} steps, {} characters, {:.1} s",
                self.steps, self.characters_typed, self.seconds
            ),
            format!("numbers that no screen showed: {}", self.numbers_no_screen_showed),
            back("a lost phone, the words kept", &self.words_kept),
            back("a lost phone, the words lost", &self.words_lost),
        ]
        .join("\n")
    }
}

/// A town with everybody's sheet of paper.
struct Town {
    network: Network,
}

impl Town {
    /// Somebody with a new phone, who has the city's sheet: at which address the ledger is.
    fn person(&self, name: &str) -> anyhow::Result<Person> {
        let folder = self.network.folder().join(name);
        std::fs::create_dir_all(&folder)?;
        let home = folder.display().to_string();
        let variables = [("KYOJO_HOME", home.as_str()), ("HOME", &home), ("LANG", "ja_JP.UTF-8")];
        let mut person = Person::new(binaries()?, folder.clone(), &variables);
        person.sees(&self.network.url(0));
        does(&mut person, &format!("kyojo init --node {}", self.network.url(0)), &[])?;
        Ok(person)
    }

    /// Somebody of an institution, whose wallet was there before that day.
    fn office(&self, actor: &str) -> anyhow::Result<Person> {
        let mut person = self.person(actor)?;
        let actors = self.network.folder().join("actors.json").display().to_string();
        person.sees(&format!("{actors} {actor}"));
        let import = format!("kyojo wallet import --actors {actors} --name {actor} ");
        does(&mut person, &import, &[])?;
        std::fs::write(person.folder().join("本人確認"), "運転免許証を見ました。\n")?;
        Ok(person)
    }
}

/// Types a command and answers what it asks; gives what the screen showed. `own` are the numbers that
/// are the person's own.
fn does(person: &mut Person, line: &str, own: &[&str]) -> anyhow::Result<String> {
    let mut session = person.types(line, own)?;
    while let Some(which) = session.asked(&PROMPTS)? {
        match which {
            0 => session.answers("y", &[])?,
            _ => session.answers_unseen(PASSWORD)?,
        }
    }
    let (status, text) = session.ends()?;
    ensure!(status.success(), "{line}: {status}\n{text}");
    Ok(text)
}

/// Makes a wallet; gives its words, as they are on paper then, and what the screen showed.
fn new_wallet(person: &mut Person, name: &str) -> anyhow::Result<(Vec<String>, String)> {
    let prompts = [&PROMPTS[..], &[WORD]].concat();
    let mut session = person.types(&format!("kyojo wallet new {name}"), &[])?;
    let mut words = Vec::new();
    while let Some(which) = session.asked(&prompts)? {
        if which < PROMPTS.len() {
            session.answers_unseen(PASSWORD)?;
            continue;
        }
        let shown = session.shown();
        words = words_of(&shown);
        let asked = shown.trim_end().trim_end_matches(WORD).trim_end();
        let place = asked.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let place: usize = place.parse().context("which word")?;
        let word = words.get(place - 1).context("a word that was shown")?.clone();
        session.answers(&word, &[])?;
    }
    let (status, text) = session.ends()?;
    ensure!(status.success(), "wallet new: {status}\n{text}");
    Ok((words, text))
}

/// The recovery words on a screen: numbered, four a line.
fn words_of(shown: &str) -> Vec<String> {
    let lines = shown.lines().filter(|line| {
        line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.contains('\u{3000}')
    });
    let words = lines.flat_map(str::split_whitespace);
    words.filter(|word| word.parse::<u8>().is_err()).map(str::to_owned).collect()
}

/// A word on a screen that begins so.
fn found(text: &str, begins: &str) -> anyhow::Result<String> {
    let mut words = text.split(|c: char| c.is_whitespace() || "「」（）()。".contains(c));
    let word = words
        .find(|word| word.starts_with(begins) && word.len() > begins.len() && !word.contains('…'));
    Ok(word.with_context(|| format!("no {begins}… in\n{text}"))?.to_owned())
}

pub(crate) async fn play(seed: u64) -> anyhow::Result<Report> {
    let lab = ["--citizens", "20", "--merchants", "5", "--lab-rate", LAB_RATE];
    let genesis_arguments = lab.map(str::to_owned).to_vec();
    let network = Network::start(&Plan { genesis_arguments, ..Plan::small(seed) })?;
    network.wait_ready(Duration::from_secs(60)).await?;
    tokio::task::spawn_blocking(move || Town { network }.live()).await?
}

impl Town {
    fn live(&self) -> anyhow::Result<Report> {
        let mut bank = self.office("bank-9001")?;
        let mut counter = self.office("party-city-counter")?;
        let mut clinic = self.office("party-clinic")?;
        let mut shop = self.office("shop-001")?;
        std::fs::write(clinic.folder().join("説明"), NOTICE)?;
        does(&mut clinic, "kyojo consent publish --notice 7 --text ja=説明", &["7"])?;

        // From nothing to a paid shop.
        let began = Instant::now();
        let mut hanako = self.person("hanako")?;
        let (words, screen) = new_wallet(&mut hanako, "花子")?;
        let address = self.served(&mut bank, &mut hanako, &screen)?;
        does(&mut hanako, "kyojo zone open", &[])?;
        does(&mut hanako, "kyojo zone charge 3,000円", &["3,000円"])?;
        does(&mut hanako, "kyojo pay みそ屋 850円", &["850円"])?;
        let seconds = began.elapsed().as_secs_f64();
        let Tally { steps, characters_typed, .. } = hanako.tally();
        let shop_was_paid = does(&mut shop, "kyojo merchant payments", &[])?.contains("+850円");

        let paper = self.consents(&mut hanako, &mut clinic)?;
        let (words_kept, second) = self.with_words(&words)?;
        let offices = (&mut bank, &mut counter);
        let (words_lost, third) = self.without_words(offices, &address, &paper)?;
        let all = [&bank, &counter, &clinic, &shop, &hanako, &second, &third];
        let unseen = all.map(|person| person.tally().numbers_no_screen_showed);
        let numbers_no_screen_showed = unseen.iter().sum();
        Ok(Report {
            scenario: "first-day",
            steps,
            characters_typed,
            numbers_no_screen_showed,
            seconds,
            shop_was_paid,
            words_kept,
            words_lost,
        })
    }

    /// The bank reads the code on her phone, opens an account, and takes cash in; gives its address.
    fn served(
        &self,
        bank: &mut Person,
        holder: &mut Person,
        screen: &str,
    ) -> anyhow::Result<String> {
        let code = found(screen, "kyojokey1")?;
        bank.sees(&code);
        let open = format!("kyojo bank account open --code {code} --holder-file 本人確認");
        let opened = does(bank, &open, &[])?;
        let address = found(&opened, "kyodev1")?;
        let issue = format!("kyojo bank issue {address} 10,000円 --core-ref 窓口-1");
        does(bank, &issue, &["10,000円", "窓口-1"])?;
        let balance = does(holder, "kyojo balance", &[])?;
        ensure!(balance.contains("10,000円"), "{balance}");
        Ok(address)
    }

    /// She consents at the clinic, which signs too; gives what her sheet says of it.
    fn consents(&self, hanako: &mut Person, clinic: &mut Person) -> anyhow::Result<String> {
        let folder = hanako.folder().to_owned();
        std::fs::write(folder.join("説明"), NOTICE)?;
        std::fs::write(folder.join("内容"), TERMS)?;
        hanako.sees("まちの診療所 説明 7");
        let grant = "kyojo consent grant --party まちの診療所 --notice 7 --notice-file 説明 \
                     --terms 内容 --notice-language ja --out 同意";
        does(hanako, grant, &[])?;
        std::fs::copy(folder.join("同意"), clinic.folder().join("同意"))?;
        does(clinic, "kyojo consent cosign 同意", &[])?;
        let paper = does(hanako, "kyojo consent address --party まちの診療所", &[])?;
        ensure!(self.has_consent(hanako)?, "the consent does not stand");
        Ok(paper)
    }

    fn has_consent(&self, person: &mut Person) -> anyhow::Result<bool> {
        let listed = does(person, "kyojo consent ls --search", &[])?;
        Ok(listed.contains("まちの診療所"))
    }

    /// What a phone that found everything shows.
    fn looks(&self, person: &mut Person, began: Instant) -> anyhow::Result<Back> {
        let balance = does(person, "kyojo balance", &[])?;
        let consent = self.has_consent(person)?;
        let Tally { steps, characters_typed, .. } = person.tally();
        let balance = balance.contains("7,000円") && balance.contains("2,150円");
        let seconds = began.elapsed().as_secs_f64();
        Ok(Back { steps, characters_typed, seconds, balance, consent })
    }

    /// A new phone, and the sheet with the words.
    fn with_words(&self, words: &[String]) -> anyhow::Result<(Back, Person)> {
        let began = Instant::now();
        let mut hanako = self.person("hanako-2")?;
        let prompts = [&PROMPTS[..], &[WORD]].concat();
        let mut session = hanako.types("kyojo wallet import 花子", &[])?;
        while let Some(which) = session.asked(&prompts)? {
            match which < PROMPTS.len() {
                true => session.answers_unseen(PASSWORD)?,
                false => session.answers(&words.join(" "), &[])?,
            }
        }
        let (status, text) = session.ends()?;
        ensure!(status.success(), "wallet import: {status}\n{text}");
        Ok((self.looks(&mut hanako, began)?, hanako))
    }

    /// A new phone, new words; the bank and the counter know her, and three days pass.
    fn without_words(
        &self,
        (bank, counter): (&mut Person, &mut Person),
        address: &str,
        paper: &str,
    ) -> anyhow::Result<(Back, Person)> {
        let began = Instant::now();
        let mut hanako = self.person("hanako-3")?;
        let (_, screen) = new_wallet(&mut hanako, "花子")?;
        let code = found(&screen, "kyojokey1")?;
        bank.sees(&code);
        let of_bank = format!("kyojo bank recover propose {address} --code {code} ");
        does(bank, &format!("{of_bank} --evidence 本人確認"), &[])?;
        let new = does(&mut hanako, "kyojo consent address --party まちの診療所", &[])?;
        let (subject, key) = (found(paper, "kyodev1")?, found(&new, "ed25519:")?);
        counter.sees(&format!("{subject} {key}"));
        let of_counter = format!("kyojo counter recover propose --subject {subject} --key {key} ");
        does(counter, &format!("{of_counter} --evidence 本人確認"), &[])?;
        // As soon as three days of the lab have passed.
        let until = Instant::now() + RECOVERY_WITHIN;
        let bank_line = format!("kyojo bank recover execute {address}");
        let counter_line = format!("kyojo counter recover execute --subject {subject}");
        again(bank, &bank_line, until)?;
        again(counter, &counter_line, until)?;
        Ok((self.looks(&mut hanako, began)?, hanako))
    }
}

/// Types a command until it is done.
fn again(person: &mut Person, line: &str, until: Instant) -> anyhow::Result<()> {
    loop {
        match does(person, line, &[]) {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > until => return Err(error),
            Err(_) => std::thread::park_timeout(Duration::from_secs(5)),
        }
    }
}
