//! What is said once of an operation and of an event, beside its fields.

/// An operation: its fields, the rules by which it is refused in their published order, samples, and
/// the event that follows from it and its sender alone, where one does.
macro_rules! operation {
    ($(#[doc = $doc:literal])* pub struct $name:ident { $($fields:tt)* }
    refused [$($rule:ident),* $(,)?]
    samples [$($sample:expr),+ $(,)?]
    $(follows |$this:ident, $sender:ident| $event:expr)?) => {
        $crate::json::shape! { $(#[doc = $doc])* pub struct $name { $($fields)* } }

        impl $crate::operation::Facts for $name {
            const REFUSED: &'static [$crate::rejection::Rule] =
                &[ $( $crate::rejection::Rule::$rule, )* ];

            fn samples() -> Vec<Self> {
                #[allow(unused_imports, clippy::wildcard_imports, reason = "each takes what it needs")]
                use $crate::sample::*;
                vec![ $( $sample, )+ ]
            }

            $( fn follows(&self, $sender: $crate::id::AccountId) -> Option<$crate::event::Event> {
                let $this = self;
                Some($event.into())
            } )?
        }
    };
}
pub(crate) use operation;

/// An event: its fields, whose logs it enters, and from whom it masks whom.
macro_rules! event {
    ($(#[doc = $doc:literal])* pub struct $name:ident { $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)* }
    enters [$($whose:expr),* $(,)?]
    $(masks $masked:ident from $reader:ident)?) => {
        $crate::json::shape! {
            $(#[doc = $doc])* pub struct $name { $( $(#[doc = $field_doc])* $field: $type, )* }
        }

        impl $crate::event::Said for $name {
            #[allow(unused_variables, reason = "most events concern some of their fields alone")]
            fn enters(&self, lists: &mut Vec<$crate::event::List>) {
                let Self { $($field,)* } = self;
                $( $crate::event::Lists::add(&$whose, lists); )*
            }

            #[allow(unused_variables, reason = "most events are told alike to all whom they concern")]
            fn mask(&mut self, reader: &$crate::id::AccountId, genesis: &$crate::hash::Hash) {
                $( if self.$reader == *reader {
                    self.$masked = $crate::event::pseudonym(self.$masked, reader, genesis);
                } )?
            }
        }
    };
}
pub(crate) use event;
