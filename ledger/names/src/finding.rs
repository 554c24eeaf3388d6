//! How a typed name is looked up: what it is, what it may have been meant to be, never a guess.

use crate::identity::{fold, looks};

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

/// A name in the forms in which it is compared, made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Of the name, then of the reading.
    folds: Vec<String>,
    looks: [String; 2],
}

impl Forms {
    /// Those of a name with its reading, or of what was typed.
    #[must_use]
    pub fn of(name: &str, reading: Option<&str>) -> Self {
        let folds = core::iter::once(name).chain(reading).map(fold).collect();
        Self { folds, looks: looks(name) }
    }

    /// Whether the two names look alike, whatever their readings.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        self.looks.iter().any(|look| other.looks.contains(look))
    }

    /// How near this name is to what was typed; none where it has nothing of it.
    #[must_use]
    pub fn closeness(&self, typed: &Self) -> Option<Closeness> {
        let wanted = typed.folds.first().filter(|wanted| !wanted.is_empty())?;
        let any = |is: &dyn Fn(&String) -> bool| self.folds.iter().any(is);
        if any(&|one| one == wanted) {
            Some(Closeness::Is)
        } else if self.looks_like(typed) {
            Some(Closeness::Looks)
        } else if any(&|one| one.starts_with(wanted)) {
            Some(Closeness::Begins)
        } else if any(&|one| one.contains(wanted)) {
            Some(Closeness::Has)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_reading_and_by_a_part_of_it() {
        let closeness =
            |typed, name, reading| Forms::of(name, reading).closeness(&Forms::of(typed, None));
        let near = |typed| closeness(typed, "満田屋 みそ田楽", Some("みつたや"));
        assert_eq!(near("満田屋みそ田楽"), Some(Closeness::Is));
        assert_eq!(near("ミツタヤ"), Some(Closeness::Is));
        assert_eq!(near("満田"), Some(Closeness::Begins));
        assert_eq!(near("みつ"), Some(Closeness::Begins));
        assert_eq!(near("ミソ田楽"), Some(Closeness::Has));
        assert_eq!(near("力屋"), None);
        assert_eq!(near(" "), None);
        assert_eq!(closeness("力屋", "カ屋", None), Some(Closeness::Looks));
        assert_eq!(closeness("キューピー", "キユーピー", None), Some(Closeness::Looks));
    }
}
