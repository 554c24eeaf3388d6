//! Changes to the text of a configuration that leave everything else in it as it stands.

/// Sets `key` under `[section]` to `value`, which is TOML, in the place of the one that is there or of
/// the comment that shows it; at the end of the section where there is neither.
///
/// `None` where there is no such section.
pub(crate) fn set(text: &str, section: &str, key: &str, value: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let header = format!("[{section}]");
    let begins = lines.iter().position(|line| line.trim() == header)? + 1;
    let is_header = |line: &&str| line.trim_start().starts_with('[');
    let ends = lines.iter().skip(begins).position(is_header);
    let ends = ends.map_or(lines.len(), |length| begins + length);
    let within = lines.get(begins..ends)?;
    let new = format!("{key} = {value}");
    let is_set = |line: &&str| names(line, key);
    let is_shown = |line: &&str| line.trim_start().strip_prefix('#').is_some_and(|l| names(l, key));
    let at = within.iter().position(is_set).or_else(|| within.iter().position(is_shown));
    let (from, to) = match at {
        Some(at) => (begins + at, begins + at + length_of(within.get(at..)?)),
        None => {
            let blank = within.iter().rev().take_while(|line| line.trim().is_empty()).count();
            (ends - blank, ends - blank)
        }
    };
    let (before, after) = (lines.get(..from)?, lines.get(to..)?);
    let edited: Vec<&str> =
        before.iter().copied().chain([new.as_str()]).chain(after.iter().copied()).collect();
    Some(edited.join("\n") + "\n")
}

/// Whether a line says what a key is.
fn names(line: &str, key: &str) -> bool {
    let rest = line.trim_start().strip_prefix(key);
    rest.is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// How many lines a value takes: an array may take several.
fn length_of(lines: &[&str]) -> usize {
    let is_open = lines.first().is_some_and(|line| line.contains('[') && !line.contains(']'));
    if !is_open {
        return 1;
    }
    lines.iter().position(|line| line.contains(']')).map_or(1, |last| last + 1)
}

/// A list of texts as TOML has it, one a line.
pub(crate) fn list(entries: &[String]) -> String {
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {entry:?},\n")).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}]", lines.concat()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# top\n[node]\n# what it is\n# hash = \"\"\nname = \"a\"\n\n[peers]\nall = [\n    \
                        \"old\",\n]\n# end\n";

    #[test]
    fn a_value_is_replaced_and_every_comment_stays() {
        let edited = set(TEXT, "node", "hash", "\"11\"").unwrap();
        assert_eq!(edited, TEXT.replace("# hash = \"\"", "hash = \"11\""));
        let edited = set(&edited, "node", "hash", "\"22\"").unwrap();
        assert_eq!(edited, TEXT.replace("# hash = \"\"", "hash = \"22\""));
        let edited = set(TEXT, "peers", "all", &list(&["new".to_owned(), "b".to_owned()])).unwrap();
        assert_eq!(edited, TEXT.replace("    \"old\",\n", "    \"new\",\n    \"b\",\n"));
        assert_eq!(set(TEXT, "peers", "all", "[]").unwrap().matches("# end").count(), 1);
    }

    #[test]
    fn a_value_that_is_not_there_stands_at_its_sections_end() {
        let edited = set(TEXT, "node", "more", "true").unwrap();
        assert_eq!(edited, TEXT.replace("name = \"a\"\n", "name = \"a\"\nmore = true\n"));
        let edited = set(TEXT, "peers", "more", "1").unwrap();
        assert_eq!(edited, format!("{TEXT}more = 1\n"));
        assert_eq!(set(TEXT, "none", "more", "1"), None);
    }
}
