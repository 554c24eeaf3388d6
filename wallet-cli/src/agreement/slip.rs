//! The slip that a person takes home from a counter: what was agreed, how to stop it, and the words
//! that are theirs alone.
//!
//! It is printed large. A file whose name ends in `.html` is made so that any browser prints it in
//! letters of 24 points; any other name gives plain text with wide gaps.

use std::path::{Path, PathBuf};

use ledger_types::{AccountId, AddressPrefix, Hash, PartyId};

use crate::agreement::granting::{Prepared, label};
use crate::app::App;
use crate::calendar;
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::keystore::mnemonic::{RecoveryWords, Secrets, WordList};
use crate::settings::{self, file_failure};

/// How many words: as few as are safe, for they are copied by hand.
const WORDS: usize = 12;

/// See the module.
pub(crate) struct Slip {
    path: PathBuf,
    words: RecoveryWords,
}

/// One thing that the slip says.
struct Part {
    heading: String,
    lines: Vec<String>,
}

impl Slip {
    /// New words, in the language of the texts; the file must not be there yet.
    pub(crate) fn new(app: &App, path: &Path) -> Result<Self, Failure> {
        if path.exists() {
            let there = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(file_failure(path, &there));
        }
        let list = match app.output.lang {
            Lang::Ja => WordList::Ja,
            Lang::En => WordList::En,
        };
        let words = RecoveryWords::generate(list, WORDS)
            .map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
        Ok(Self { path: path.to_owned(), words })
    }

    /// The person's account towards a controller.
    pub(crate) fn account(&self, genesis: &Hash, party: PartyId) -> AccountId {
        let key = Secrets::from_words(&self.words, 0).consent_key(genesis, party);
        AccountId::of_subject(&key.public_key())
    }

    /// Writes the slip for the one who prints it.
    pub(crate) fn write(
        &self,
        app: &App,
        prepared: &Prepared,
        prefix: &AddressPrefix,
    ) -> Result<(), Failure> {
        let directory = app.institutions();
        let parts = self.parts(app, &directory, prepared, prefix);
        let title = app.text("label-slip-title", &[]);
        let is_page = self.path.extension().is_some_and(|end| end.eq_ignore_ascii_case("html"));
        let text = if is_page { page(&title, &parts) } else { plain(&title, &parts) };
        settings::write_new(&self.path, text.as_bytes())
    }

    /// Takes the slip away again.
    pub(crate) fn remove(&self) {
        // Where it cannot be removed, the counter sees it beside the refusal.
        let _ = std::fs::remove_file(&self.path);
    }

    fn parts(
        &self,
        app: &App,
        directory: &Directory,
        prepared: &Prepared,
        prefix: &AddressPrefix,
    ) -> Vec<Part> {
        let Prepared { grant, kept, .. } = prepared;
        let part =
            |heading: &str, lines: Vec<String>| Part { heading: app.text(heading, &[]), lines };
        let documents = || kept.terms.processes().iter().map(|process| &process.opening.document);
        let words = (1_usize..).zip(self.words.words());
        vec![
            part("label-slip-who", vec![directory.name(grant.controller, app.output.lang)]),
            part("label-slip-data", documents().map(|one| label(app, &one.category)).collect()),
            part("label-slip-for", documents().map(|one| label(app, &one.purpose)).collect()),
            part("label-slip-until", vec![calendar::show_end(app.output.lang, grant.expires)]),
            part("label-slip-stop", vec![app.text("note-slip-stop", &[])]),
            part("label-slip-number", in_fours(&grant.consent.get().to_string())),
            part("label-slip-address", vec![kept.subject.to_address(prefix)]),
            part(
                "label-slip-words",
                words.map(|(number, word)| format!("{number:>2}. {word}")).collect(),
            ),
            part("label-slip-keep", vec![app.text("note-slip-keep", &[])]),
        ]
    }
}

/// A long number in lines of four groups of four, as it is read out.
fn in_fours(number: &str) -> Vec<String> {
    let digits: Vec<char> = number.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    groups.chunks(4).map(|line| line.join(" ")).collect()
}

fn plain(title: &str, parts: &[Part]) -> String {
    let mut text = format!("{title}\n");
    for part in parts {
        text.push_str(&format!("\n\n■ {}\n", part.heading));
        for line in &part.lines {
            text.push_str(&format!("\n    {line}\n"));
        }
    }
    text
}

fn page(title: &str, parts: &[Part]) -> String {
    let mut text = format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\n\
         body {{ font: 24pt/1.6 sans-serif; margin: 15mm; }}\n\
         h1 {{ font-size: 32pt; }} h2 {{ font-size: 24pt; margin: 1em 0 0; }} p {{ margin: 0; }}\n\
         section {{ break-inside: avoid; }}\n</style>\n<h1>{title}</h1>\n",
        title = escaped(title)
    );
    for part in parts {
        text.push_str(&format!("<section><h2>{}</h2>\n", escaped(&part.heading)));
        for line in &part.lines {
            text.push_str(&format!("<p>{}</p>\n", escaped(line)));
        }
        text.push_str("</section>\n");
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_out_in_fours() {
        let lines = in_fours(&"0123456789abcdef".repeat(4));
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line == "0123 4567 89ab cdef"));
    }

    #[test]
    fn nothing_breaks_out_of_the_page() {
        let part = Part { heading: "<h1>".to_owned(), lines: vec!["a & b".to_owned()] };
        let page = page("<title>", &[part]);
        assert!(page.contains("&lt;h1&gt;") && page.contains("a &amp; b"));
        assert!(!page.contains("<title><title>"));
    }
}
