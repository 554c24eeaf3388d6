//! Changes to the text of a configuration that leave everything else in it as it stands: comments, order,
//! and how its lines end.

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

/// How lines end where another system's editor wrote them.
const CRLF: &str = "\r\n";

/// A configuration's text that is being changed.
#[derive(Debug)]
pub(crate) struct Edit {
    document: DocumentMut,
    ends_in_crlf: bool,
}

impl Edit {
    /// Begins with a text; `None` where it is not TOML.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let ends_in_crlf = text.contains(CRLF) && !text.replace(CRLF, "").contains('\n');
        Some(Self { document: text.parse().ok()?, ends_in_crlf })
    }

    /// Sets a key of a section, in the place of the value that is there, or at the section's end.
    ///
    /// `None` where something else than a section has its name.
    pub(crate) fn set(&mut self, section: &str, key: &str, value: impl Into<Value>) -> Option<()> {
        let section = self.section(section)?;
        let mut value = value.into();
        match section.get_mut(key) {
            Some(item) => {
                // What is written behind a value on its line is about the key.
                if let Some(old) = item.as_value() {
                    *value.decor_mut() = old.decor().clone();
                }
                *item = Item::Value(value);
            }
            None => drop(section.insert(key, Item::Value(value))),
        }
        Some(())
    }

    /// Has a list of texts hold these, one a line: those that are there already stay where they are,
    /// with what is written beside them.
    ///
    /// `None` where something else than a section or a list has its name.
    pub(crate) fn list(&mut self, section: &str, key: &str, texts: &[String]) -> Option<()> {
        let section = self.section(section)?;
        let empty = || Item::Value(Array::new().into());
        let list = section.entry(key).or_insert_with(empty).as_array_mut()?;
        let is = |value: &Value, text: &String| value.as_str() == Some(text);
        list.retain(|value| texts.iter().any(|text| is(value, text)));
        for text in texts {
            if !list.iter().any(|value| is(value, text)) {
                list.push_formatted(Value::from(text).decorated("\n    ", ""));
            }
        }
        if !list.is_empty() && !list.trailing().as_str().is_some_and(|it| it.contains('\n')) {
            list.set_trailing_comma(true);
            list.set_trailing("\n");
        }
        Some(())
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let text = self.document.to_string();
        if self.ends_in_crlf { text.replace('\n', CRLF) } else { text }
    }

    fn section(&mut self, name: &str) -> Option<&mut dyn TableLike> {
        self.document.entry(name).or_insert_with(toml_edit::table).as_table_like_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# top\n[node]\n# what it is\n# hash = \"\"\nname = \"a\" # ours\n\n[peers]\nall = \
                        [\n    # the first\n    \"old\",\n    \"kept\", # company B\n]\n# end\n";

    fn edited(text: &str, change: impl FnOnce(&mut Edit) -> Option<()>) -> String {
        let mut edit = Edit::of(text).unwrap();
        change(&mut edit).unwrap();
        edit.text()
    }

    #[test]
    fn a_value_is_replaced_and_every_comment_stays() {
        let renamed = edited(TEXT, |edit| edit.set("node", "name", "b"));
        assert_eq!(renamed, TEXT.replace("\"a\"", "\"b\""));
        assert_eq!(edited(TEXT, |_| Some(())), TEXT);
    }

    #[test]
    fn a_key_that_only_a_comment_shows_is_added_at_its_sections_end() {
        let pinned = edited(TEXT, |edit| edit.set("node", "hash", "11"));
        assert_eq!(pinned, TEXT.replace("# ours\n", "# ours\nhash = \"11\"\n"));
        let again = edited(&pinned, |edit| edit.set("node", "hash", "22"));
        assert_eq!(again, pinned.replace("11", "22"));
        let lab = edited(TEXT, |edit| edit.set("lab", "rate", true));
        assert!(lab.contains("[lab]\nrate = true\n"), "{lab}");
        assert_eq!(Edit::of(TEXT).unwrap().set("node.name", "more", true), Some(()));
        assert!(Edit::of("node = 1").unwrap().set("node", "name", "b").is_none());
        assert!(Edit::of("[node").is_none());
    }

    #[test]
    fn a_list_keeps_what_stays_in_it_with_its_comments() {
        let texts = ["kept", "new"].map(str::to_owned);
        let text = edited(TEXT, |edit| edit.list("peers", "all", &texts));
        assert!(text.contains("\"kept\"") && text.contains("# company B"), "{text}");
        assert!(text.contains("\n    \"new\"") && !text.contains("\"old\""), "{text}");
        assert!(text.ends_with("]\n# end\n"), "{text}");
        let read: toml::Table = text.parse().unwrap();
        assert_eq!(read["peers"]["all"], toml::Value::from(texts.to_vec()));
        let empty = "[peers]\nall = []\n";
        let text = edited(empty, |edit| edit.list("peers", "all", &texts));
        assert_eq!(text, "[peers]\nall = [\n    \"kept\",\n    \"new\",\n]\n");
        assert_eq!(edited(&text, |edit| edit.list("peers", "all", &[])).matches('"').count(), 0);
    }

    #[test]
    fn lines_end_as_they_did() {
        let other = TEXT.replace('\n', CRLF);
        let text = edited(&other, |edit| {
            edit.set("node", "hash", "11")?;
            edit.list("peers", "all", &["new".to_owned()])
        });
        assert_eq!(text.matches(CRLF).count(), text.matches('\n').count(), "{text:?}");
        assert!(text.contains("# company B") && text.contains("hash = \"11\"\r\n"), "{text:?}");
        assert_eq!(edited(&other, |_| Some(())), other);
    }
}
