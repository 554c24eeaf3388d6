//! Recovery words on a terminal: shown and asked back, or typed in; a wrong one is asked for alone.

use kyojo_cli::print_needed;
use rand::seq::index;

use crate::app::App;
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::keystore::mnemonic::{self, COUNTS, RecoveryWords};

/// How many words are asked back.
const ASKED_BACK: usize = 3;

/// Somebody who is asked and told: at a terminal, or in a test.
pub(crate) trait Person {
    /// The language.
    fn lang(&self) -> Lang;
    /// Tells something.
    fn tell(&mut self, text: &str);
    /// Shows what must be seen.
    fn show(&mut self, text: &str) -> Result<(), Failure>;
    /// Asks for a line.
    fn ask(&mut self, prompt: String) -> Result<String, Failure>;
}

/// Whoever sits at the terminal.
pub(crate) struct AtTerminal<'a>(pub(crate) &'a App);

impl Person for AtTerminal<'_> {
    fn lang(&self) -> Lang {
        self.0.output.lang
    }

    fn tell(&mut self, text: &str) {
        self.0.output.say(text);
    }

    fn show(&mut self, text: &str) -> Result<(), Failure> {
        print_needed(text).map_err(|_| Failure::new(Exit::Unwritten, "err-words-not-shown"))
    }

    fn ask(&mut self, prompt: String) -> Result<String, Failure> {
        self.0.line(prompt)
    }
}

/// Shows new words, and asks some of them back, so that nobody goes on without having written them
/// down. An empty answer shows them again.
pub(crate) fn show(words: &RecoveryWords, person: &mut impl Person) -> Result<(), Failure> {
    let mut places =
        index::sample(&mut rand::rngs::OsRng, words.words().len(), ASKED_BACK).into_vec();
    places.sort_unstable();
    show_and_ask(words, &places, person)
}

fn show_and_ask(
    words: &RecoveryWords,
    places: &[usize],
    person: &mut impl Person,
) -> Result<(), Failure> {
    let (lang, all) = (person.lang(), words.words());
    person.tell(&lang.text("note-write-words-down", &[]));
    person.show(&numbered(&all))?;
    for place in places {
        let number = (place + 1).to_string();
        loop {
            let answer = person.ask(lang.text("ask-word", &[("place", &number)]))?;
            let answer = mnemonic::folded(answer.trim());
            if answer == mnemonic::folded(&all[*place]) {
                break;
            }
            if answer.is_empty() {
                person.show(&numbered(&all))?;
            } else if mnemonic::is_known(&answer) {
                person.tell(&lang.text("note-word-differs", &[("place", &number)]));
            } else {
                person.tell(&not_in_list(lang, &number, &answer));
            }
        }
    }
    Ok(())
}

/// Takes words in, one after the other or many at once. A word that is in no list is asked for again,
/// and where all are known but do not fit, the one that is said to be wrong.
pub(crate) fn take_in(person: &mut impl Person) -> Result<RecoveryWords, Failure> {
    let lang = person.lang();
    person.tell(&lang.text("note-type-words", &[]));
    let mut words: Vec<String> = Vec::new();
    loop {
        let number = (words.len() + 1).to_string();
        let line = person.ask(lang.text("ask-word", &[("place", &number)]))?;
        let line = mnemonic::folded(&line);
        let typed: Vec<&str> = line.split_whitespace().collect();
        for word in &typed {
            words.push(known(words.len(), word, person)?);
        }
        // Fewer words than the most may be a line of more to come, whatever their checksum says.
        let is_end = typed.is_empty() || COUNTS.last() <= Some(&words.len());
        if is_end && COUNTS.contains(&words.len()) {
            match fitting(words, person)? {
                Fitting::All(words) => return Ok(words),
                Fitting::MoreToCome(so_far) => words = so_far,
            }
        }
        if COUNTS.last() < Some(&words.len()) {
            words.clear();
            person.tell(&lang.text("note-type-words", &[]));
        } else if typed.len() != 1 && !words.is_empty() {
            let count = words.len().to_string();
            person.tell(&lang.text("note-words-so-far", &[("count", &count)]));
        }
    }
}

/// This word where it is in a list; else the one that is typed in its place.
fn known(place: usize, word: &str, person: &mut impl Person) -> Result<String, Failure> {
    let (lang, number) = (person.lang(), (place + 1).to_string());
    let mut word = word.to_owned();
    while !mnemonic::is_known(&word) {
        person.tell(&not_in_list(lang, &number, &word));
        let typed = person.ask(lang.text("ask-word", &[("place", &number)]))?;
        word = mnemonic::folded(typed.trim());
    }
    Ok(word)
}

/// What is wrong with a word that is in no list, and which words of the lists are like it.
fn not_in_list(lang: Lang, number: &str, word: &str) -> String {
    let near = mnemonic::near(word).join(&lang.text("label-list-comma", &[]));
    let variables = [("place", number), ("word", word), ("near", near.as_str())];
    if near.is_empty() {
        lang.text("note-word-unknown", &variables[..2])
    } else {
        lang.text("note-word-near", &variables)
    }
}

/// What became of words that are all in a list.
enum Fitting {
    /// They fit.
    All(RecoveryWords),
    /// They do not, and others follow.
    MoreToCome(Vec<String>),
}

/// The words once they fit; one that is said to be wrong is asked for again. An empty answer says that
/// they are not all yet.
fn fitting(mut words: Vec<String>, person: &mut impl Person) -> Result<Fitting, Failure> {
    let lang = person.lang();
    let may_go_on = COUNTS.last() > Some(&words.len());
    loop {
        if let Ok(fitting) = RecoveryWords::parse(&words.join(" ")) {
            return Ok(Fitting::All(fitting));
        }
        person.show(&numbered(&words))?;
        person.tell(&lang.text("note-words-do-not-fit", &[]));
        if may_go_on {
            person.tell(&lang.text("note-words-go-on", &[]));
        }
        let answer = mnemonic::folded(&person.ask(lang.text("ask-which-word", &[]))?);
        if may_go_on && answer.trim().is_empty() {
            return Ok(Fitting::MoreToCome(words));
        }
        let place = answer.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(place) = place.filter(|place| *place < words.len()) {
            let number = (place + 1).to_string();
            let typed = person.ask(lang.text("ask-word", &[("place", &number)]))?;
            words[place] = known(place, mnemonic::folded(typed.trim()).as_str(), person)?;
        }
    }
}

/// Words can be shown and typed on a terminal only.
pub(crate) fn need_terminal(app: &App) -> Result<(), Failure> {
    app.need_terminal("err-words-need-terminal", Exit::Declined)
}

/// Shows the words of a wallet.
///
/// # Errors
/// [`Failure`] where nobody can have seen them.
pub(crate) fn print(words: &RecoveryWords, app: &App) -> Result<(), Failure> {
    AtTerminal(app).show(&numbered(&words.words()))
}

/// Words with their numbers, four a line, apart from what else is said.
fn numbered(words: &[String]) -> String {
    let words: Vec<String> =
        words.iter().enumerate().map(|(index, word)| format!("{:>2} {word}", index + 1)).collect();
    let lines: Vec<String> = words.chunks(4).map(|line| line.join("\u{3000}")).collect();
    format!("\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::mnemonic::WordList;

    /// Somebody who answers as it is written down.
    struct Scripted {
        lang: Lang,
        answers: Vec<String>,
        prompts: Vec<String>,
        told: Vec<String>,
    }

    impl Scripted {
        fn of(lang: Lang, answers: &[&str]) -> Self {
            let answers = answers.iter().rev().map(|answer| (*answer).to_owned()).collect();
            Self { lang, answers, prompts: Vec::new(), told: Vec::new() }
        }
    }

    impl Person for Scripted {
        fn lang(&self) -> Lang {
            self.lang
        }

        fn tell(&mut self, text: &str) {
            self.told.push(text.to_owned());
        }

        fn show(&mut self, text: &str) -> Result<(), Failure> {
            self.told.push(text.to_owned());
            Ok(())
        }

        fn ask(&mut self, prompt: String) -> Result<String, Failure> {
            self.prompts.push(prompt);
            self.answers.pop().ok_or(Failure::new(Exit::Declined, "err-declined"))
        }
    }

    fn words() -> RecoveryWords {
        RecoveryWords::from_entropy(WordList::En, &[0; 16]).unwrap()
    }

    fn taken(answers: &[&str]) -> (Scripted, Result<RecoveryWords, Failure>) {
        let mut person = Scripted::of(Lang::En, answers);
        let taken = take_in(&mut person);
        (person, taken)
    }

    #[test]
    fn a_word_that_is_in_no_list_is_asked_for_alone_and_near_words_are_offered() {
        let line = "abandon abandon abandon abandon abandon abandom abandon abandon abandon \
                    abandon abandon about";
        let (person, taken) = taken(&[line, "abandon", ""]);
        assert_eq!(taken.unwrap().entropy(), words().entropy());
        assert_eq!(person.prompts, ["Word number 1", "Word number 6", "Word number 13"]);
        let said = &person.told[1];
        assert!(said.contains("6") && said.contains("abandom"), "{said}");
        assert!(said.contains("abandon"), "the word meant is offered: {said}");
    }

    #[test]
    fn words_are_typed_one_by_one_too_and_an_empty_line_ends_them() {
        let mut answers = vec!["abandon"; 11];
        answers.extend(["about", ""]);
        let (person, taken) = taken(&answers);
        assert_eq!(taken.unwrap().entropy(), words().entropy());
        assert_eq!(person.prompts.last().map(String::as_str), Some("Word number 13"));
        let early = ["abandon", "", "abandon"];
        let (person, unended) = self::taken(&early);
        assert!(unended.is_err(), "the script ends");
        assert_eq!(person.prompts[2], "Word number 2", "what was typed stays");
    }

    #[test]
    fn where_the_words_do_not_fit_the_one_said_to_be_wrong_is_asked_for_alone() {
        let mut all = vec!["abandon"; 11];
        all.push("absurd");
        let line = all.join(" ");
        let (person, taken) = taken(&[&line, "", "99", "12", "about"]);
        assert_eq!(taken.unwrap().entropy(), words().entropy());
        assert_eq!(person.prompts.len(), 5);
        assert_eq!(person.prompts[4], "Word number 12");
    }

    #[test]
    fn words_that_are_typed_line_by_line_are_all_taken_before_they_are_judged() {
        let long = RecoveryWords::from_entropy(WordList::En, &[5; 32]).unwrap();
        let all = long.words();
        for width in [4, 12] {
            let lines: Vec<String> = all.chunks(width).map(|line| line.join(" ")).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let (_, taken) = taken(&lines);
            assert_eq!(taken.unwrap().entropy(), long.entropy(), "{width} a line");
        }
        // Twelve that fit by themselves, and twelve more: never the wallet of the first twelve.
        let first = words().words();
        let more = [first.join(" "), all[12..].join(" ")];
        let (person, taken) = taken(&more.each_ref().map(String::as_str));
        assert!(taken.is_err(), "the 24 do not fit, and the script ends");
        assert!(person.prompts.len() > 2, "{:?}", person.prompts);
        // An empty line too early is taken back by another one.
        let early = [&all[..12].join(" "), "", "", &all[12..].join(" ")];
        let (_, taken) = self::taken(&early);
        assert_eq!(taken.unwrap().entropy(), long.entropy());
    }

    #[test]
    fn a_word_asked_back_is_asked_for_until_it_is_right_and_the_others_are_not_again() {
        let mut person =
            Scripted::of(Lang::En, &["abandn", "zoo", "", "abandon", "abandon", "about"]);
        show_and_ask(&words(), &[2, 5, 11], &mut person).unwrap();
        let asked = ["3", "3", "3", "3", "6", "12"].map(|place| format!("Word number {place}"));
        assert_eq!(person.prompts, asked);
        let shown = person.told.iter().filter(|text| text.contains(" 1 abandon")).count();
        assert_eq!(shown, 2, "an empty answer shows the words again");
    }

    #[test]
    fn japanese_words_may_be_typed_in_katakana_and_without_their_marks() {
        let words = RecoveryWords::from_entropy(WordList::Ja, &[7; 16]).unwrap();
        let katakana: String = words
            .to_text()
            .chars()
            .map(|c| match c {
                'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap(),
                other => other,
            })
            .collect();
        let mut person = Scripted::of(Lang::Ja, &[&katakana, ""]);
        assert_eq!(take_in(&mut person).unwrap().entropy(), words.entropy());
        let marked = mnemonic::near("あおそら");
        assert!(marked.contains(&"あおぞら".to_owned()), "{marked:?}");
    }
}
