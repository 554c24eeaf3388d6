//! What is said once of an operation and of an event, beside its fields.

use crate::hash::Hash;
use crate::id::{AccountId, BankId, ConsentId, NoticeId, PartyId, ZoneId};
use crate::json::Whose;
use crate::rejection::Rule;

/// What is said of an operation beside its fields.
pub(crate) trait Facts: Sized {
    /// The rules by which it is refused, in the order in which they are asked.
    const REFUSED: &'static [Rule];

    /// Fixed values, one for each shape that it has.
    fn samples() -> Vec<Self>;

    /// The event that [`Facts::follows`] tells.
    type Follows;

    /// What it did if it committed, where that follows from it and its sender alone: such an event
    /// is told again from the block, not kept.
    fn follows(&self, sender: AccountId) -> Option<Self::Follows>;

    /// The zone and number of the merchant's terminal whose key signs it; none where the sender's own keys
    /// do.
    fn terminal(&self) -> Option<(ZoneId, u16)>;
}

/// No event: what most operations did does not follow from them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {}

/// A list that an event enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// What concerns an account, a data subject or, by its account, a party.
    Account(AccountId),
    /// What concerns a consent.
    Consent(ConsentId),
    /// The requests for renewal of a controller's notice.
    Reconsents(PartyId, NoticeId),
    /// What happened to an access: what permitted it, and what became of its record.
    Access(Hash),
    /// What concerns all who hold an account at a bank, alike.
    Bank(BankId),
    /// What concerns all who hold an account in a zone, alike.
    Zone(ZoneId),
}

/// What is said of an event beside its fields.
pub(crate) trait Said {
    /// Adds the lists that it enters, each at least once.
    fn enters(&self, lists: &mut Vec<List>);

    /// Masks whom this reader may not know, though the event concerns it.
    fn mask(&mut self, reader: &AccountId, genesis: &Hash);
}

/// Whoever has a list.
pub(crate) trait Lists {
    fn add(&self, lists: &mut Vec<List>);
}

impl Lists for List {
    fn add(&self, lists: &mut Vec<List>) {
        lists.push(*self);
    }
}

impl Lists for AccountId {
    fn add(&self, lists: &mut Vec<List>) {
        lists.push(List::Account(*self));
    }
}

impl Lists for PartyId {
    fn add(&self, lists: &mut Vec<List>) {
        lists.push(List::Account(AccountId::of_party(*self)));
    }
}

impl Lists for ConsentId {
    fn add(&self, lists: &mut Vec<List>) {
        lists.push(List::Consent(*self));
    }
}

impl Lists for Whose {
    fn add(&self, lists: &mut Vec<List>) {
        lists.extend(self.account().map(List::Account));
    }
}

impl<T: Lists> Lists for Option<T> {
    fn add(&self, lists: &mut Vec<List>) {
        self.iter().for_each(|one| one.add(lists));
    }
}

impl<T: Lists> Lists for Vec<T> {
    fn add(&self, lists: &mut Vec<List>) {
        self.iter().for_each(|one| one.add(lists));
    }
}

impl<T: Lists> Lists for &T {
    fn add(&self, lists: &mut Vec<List>) {
        (*self).add(lists);
    }
}

const TAG_PSEUDONYM: &[u8] = b"kyojo/payer-pseudonym/v1";

/// Somebody as one reader knows them: the same each time, and different to every other reader.
pub(crate) fn pseudonym(whose: Whose, reader: &AccountId, genesis: &Hash) -> Whose {
    match whose {
        Whose::Account(account) => Whose::Pseudonym(Hash::of(&[
            TAG_PSEUDONYM,
            genesis.as_bytes(),
            reader.as_bytes(),
            account.as_bytes(),
        ])),
        Whose::Pseudonym(_) | Whose::Hidden => whose,
    }
}

/// An operation: its fields, the rules by which it is refused in their published order, samples,
/// and the event that follows from it and its sender alone, where one does. `as` gives its schema a
/// name that others know it by; `signed by` names the field of a terminal whose key may stand for the
/// sender's.
macro_rules! operation {
    ($(#[doc = $doc:literal])* pub struct $name:ident $(as $shown:literal)? { $($fields:tt)* }
    refused [$($rule:ident),* $(,)?]
    samples [$($sample:expr),+ $(,)?]
    $(follows |$this:ident, $sender:ident| $told:ident $event:tt)?
    $(signed by $terminal:ident in $zone:ident)?) => {
        $crate::json::shape! {
            $(#[doc = $doc])* pub struct $name $(as $shown)? { $($fields)* }
        }

        impl $crate::facts::Facts for $name {
            const REFUSED: &'static [$crate::rejection::Rule] =
                &[ $( $crate::rejection::Rule::$rule, )* ];

            fn samples() -> Vec<Self> {
                #[allow(unused_imports, clippy::wildcard_imports, reason = "each takes what it needs")]
                use $crate::sample::*;
                vec![ $( $sample, )+ ]
            }

            $crate::facts::follows! { $( |$this, $sender| $told $event )? }

            fn terminal(&self) -> Option<($crate::id::ZoneId, u16)> {
                $( if let Some(terminal) = self.$terminal {
                    return Some((self.$zone, terminal));
                } )?
                None
            }
        }
    };
}
pub(crate) use operation;

/// The event that follows from an operation and its sender.
macro_rules! follows {
    () => {
        type Follows = $crate::facts::Nothing;

        fn follows(&self, _: $crate::id::AccountId) -> Option<Self::Follows> {
            None
        }
    };
    (|$this:ident, $sender:ident| $told:ident $event:tt) => {
        type Follows = $told;

        fn follows(&self, $sender: $crate::id::AccountId) -> Option<Self::Follows> {
            let $this = self;
            Some($crate::facts::follows!(@ $told $event))
        }
    };
    (@ $told:ident { $($fields:tt)* }) => { $told { $($fields)* } };
}
pub(crate) use follows;

/// An event: its fields, whose logs it enters, and from whom it masks whom.
macro_rules! event {
    ($(#[doc = $doc:literal])* pub struct $name:ident { $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)* }
    enters [$($whose:expr),* $(,)?]
    $(masks $masked:ident from $reader:ident)?) => {
        $crate::json::shape! {
            $(#[doc = $doc])* pub struct $name { $( $(#[doc = $field_doc])* $field: $type, )* }
        }

        impl $crate::facts::Said for $name {
            #[allow(unused_variables, reason = "most events concern some of their fields alone")]
            fn enters(&self, lists: &mut Vec<$crate::facts::List>) {
                let Self { $($field,)* } = self;
                $( $crate::facts::Lists::add(&$whose, lists); )*
            }

            #[allow(unused_variables, reason = "most events are told alike to all whom they concern")]
            fn mask(&mut self, reader: &$crate::id::AccountId, genesis: &$crate::hash::Hash) {
                $( if self.$reader == *reader {
                    self.$masked = $crate::facts::pseudonym(self.$masked, reader, genesis);
                } )?
            }
        }
    };
}
pub(crate) use event;
