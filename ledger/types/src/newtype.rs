//! Macros for types that are one number or text of a kind of its own.

/// One number, or another plain value: made by `new`, got back by `get`, shown as it is.
macro_rules! number {
    ($($(#[$meta:meta])* pub struct $name:ident($inner:ty);)+) => { $(
        $crate::newtype::number! { $(#[$meta])* pub struct $name($inner) by new, get; }
    )+ };
    ($(#[$meta:meta])* pub struct $name:ident($inner:ty) by $new:ident, $get:ident;) => {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            borsh::BorshSerialize, borsh::BorshDeserialize, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        $(#[$meta])*
        pub struct $name($inner);

        impl $name {
            /// The one with this value.
            #[must_use]
            pub const fn $new(value: $inner) -> Self {
                Self(value)
            }

            /// The value.
            #[must_use]
            pub const fn $get(self) -> $inner {
                self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use number;

/// `Display`, and `Debug` as the same, of bytes shown as hexadecimal digits.
macro_rules! shown_in_hex {
    ($($name:ident),+) => { $(
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    )+ };
}
pub(crate) use shown_in_hex;

/// `serde` for what is written as it displays and read as it parses.
macro_rules! serde_by_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                type Text<'de> = std::borrow::Cow<'de, str>;
                let text = <Text<'de> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_by_text;

/// Sets as bits, each with its place; in JSON the names of those that are in it, in that order.
macro_rules! set {
    ($(#[$meta:meta])* pub struct $name:ident($bits:ty) as $schema:literal {
        $($(#[$bit_meta:meta])* $bit:ident = $place:literal as $text:literal,)+
    }) => {
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq,
            borsh::BorshSerialize, borsh::BorshDeserialize, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        $(#[$meta])*
        pub struct $name($bits);

        impl $name {
            $( $(#[$bit_meta])* pub const $bit: Self = Self(1 << $place); )+
            /// Everything that is defined.
            pub const ALL: Self = Self($(1 << $place)|+);

            /// Each member's name with its bit, in the order of the bits.
            pub const NAMES: &'static [(&'static str, Self)] = &[ $( ($text, Self::$bit), )+ ];

            /// The set of these bits, or `None` where a bit has no meaning.
            #[must_use]
            pub const fn from_bits(bits: $bits) -> Option<Self> {
                if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
            }

            /// The bits.
            #[must_use]
            pub const fn bits(self) -> $bits {
                self.0
            }

            /// What is in this set or in the other.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Whether anything is in both.
            #[must_use]
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// The names of those that are in it.
            #[must_use]
            pub fn names(self) -> Vec<&'static str> {
                let held = Self::NAMES.iter().filter(|(_, bit)| self.intersects(*bit));
                held.map(|(name, _)| *name).collect()
            }

            /// The set of these names, each at most once; `None` where one is unknown or repeated.
            #[must_use]
            pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
                names.into_iter().try_fold(Self(0), |set, name| {
                    let (_, bit) = Self::NAMES.iter().find(|(known, _)| *known == name)?;
                    (!set.intersects(*bit)).then(|| set.with(*bit))
                })
            }
        }

        impl $crate::json::Json for $name {
            fn to_json(&self, _: &$crate::id::AddressPrefix) -> Option<serde_json::Value> {
                Some(serde_json::Value::from(self.names()))
            }

            fn of_json(
                value: Option<serde_json::Value>,
                field: &'static str,
                prefix: &$crate::id::AddressPrefix,
            ) -> Result<Self, $crate::json::JsonError> {
                let names: Vec<String> = $crate::json::Json::of_json(value, field, prefix)?;
                let known = concat!("names out of", $( " ", $text, )+ " and each once");
                Self::of_names(names.iter().map(String::as_str))
                    .ok_or_else(|| $crate::json::JsonError::new(field, &known))
            }

            fn schema(schemas: &mut $crate::json::Schemas) -> serde_json::Value {
                let one = schemas.named($schema, |_| {
                    serde_json::json!({ "type": "string", "enum": [ $($text),+ ] })
                });
                serde_json::json!({ "type": "array", "items": one, "uniqueItems": true })
            }
        }
    };
}
pub(crate) use set;
