//! How a typed name is looked up: what it is, what it may have been meant to be, never a guess.

use crate::identity::{fold, look_alike};

/// How near a name is to what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// It is the name, or its reading.
    Is,
    /// It looks like the name, and is read in another way.
    Looks,
    /// The name or its reading begins with it.
    Begins,
    /// The name or its reading has it in it.
    Has,
}

/// How near a name with its reading is to what was typed; none where it has nothing of it.
#[must_use]
pub fn closeness(typed: &str, name: &str, reading: Option<&str>) -> Option<Closeness> {
    let wanted = fold(typed);
    if wanted.is_empty() {
        return None;
    }
    let folded: Vec<String> = core::iter::once(name).chain(reading).map(fold).collect();
    let any = |is: &dyn Fn(&String) -> bool| folded.iter().any(is);
    if any(&|one| *one == wanted) {
        Some(Closeness::Is)
    } else if look_alike(typed, name) {
        Some(Closeness::Looks)
    } else if any(&|one| one.starts_with(&wanted)) {
        Some(Closeness::Begins)
    } else if any(&|one| one.contains(&wanted)) {
        Some(Closeness::Has)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_reading_and_by_a_part_of_it() {
        let near = |typed| closeness(typed, "満田屋 みそ田楽", Some("みつたや"));
        assert_eq!(near("満田屋みそ田楽"), Some(Closeness::Is));
        assert_eq!(near("ミツタヤ"), Some(Closeness::Is));
        assert_eq!(near("満田"), Some(Closeness::Begins));
        assert_eq!(near("みつ"), Some(Closeness::Begins));
        assert_eq!(near("ミソ田楽"), Some(Closeness::Has));
        assert_eq!(near("力屋"), None);
        assert_eq!(near(" "), None);
        assert_eq!(closeness("力屋", "カ屋", None), Some(Closeness::Looks));
    }
}
