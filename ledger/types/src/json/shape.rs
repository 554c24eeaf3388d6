//! Macros that list a form's fields once: its type, its bytes, its JSON and its schema.

/// A struct on the wire and in JSON; its schema is named as it is, or by what stands behind `as`.
macro_rules! shape {
    ($(#[doc = $doc:literal])* $(#[derive($($extra:path),+)])? $(#[serde($($serde:tt)+)])? pub struct $name:ident $(as $shown:literal)? {
        $( $(#[doc = $field_doc:literal])* $field:ident: $type:ty, )*
    }) => {
        $(#[doc = $doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize,
            $($($extra),+)?
        )]
        $(#[serde($($serde)+)])?
        pub struct $name { $( $(#[doc = $field_doc])* pub $field: $type, )* }

        impl $crate::json::Json for $name {
            #[allow(unused_variables, reason = "some have no field")]
            fn to_json(&self, prefix: &$crate::id::AddressPrefix) -> Option<serde_json::Value> {
                #[allow(unused_mut, reason = "some have no field")]
                let mut fields = serde_json::Map::new();
                $( $crate::json::put(&mut fields, stringify!($field), &self.$field, prefix); )*
                Some(serde_json::Value::Object(fields))
            }

            #[allow(unused_variables, reason = "some have no field")]
            fn of_json(
                value: Option<serde_json::Value>,
                field: &'static str,
                prefix: &$crate::id::AddressPrefix,
            ) -> Result<Self, $crate::json::JsonError> {
                #[allow(unused_mut, reason = "some have no field")]
                let mut fields = $crate::json::fields(value, field)?;
                let this = Self { $(
                    $field: $crate::json::Json::of_json(
                        fields.remove(stringify!($field)), stringify!($field), prefix,
                    )?,
                )* };
                $crate::json::no_more(&fields)?;
                Ok(this)
            }

            fn schema(schemas: &mut $crate::json::Schemas) -> serde_json::Value {
                let [name, ..] = [$($shown,)? stringify!($name)];
                schemas.named(name, |schemas| {
                    // Some have no field.
                    let _ = &mut *schemas;
                    $crate::json::described($crate::json::object(vec![ $( (
                        stringify!($field),
                        $crate::json::described(
                            <$type as $crate::json::Json>::schema(schemas), &[$($field_doc),*],
                        ),
                        <$type as $crate::json::Json>::MAY_BE_LEFT_OUT,
                    ), )* ]), &[$($doc),*])
                })
            }

            #[allow(unused_variables, reason = "some have no field")]
            fn each_whose(&mut self, call: &mut dyn FnMut(&mut $crate::json::Whose)) {
                $( $crate::json::Json::each_whose(&mut self.$field, call); )*
            }
        }
    };
}
pub(crate) use shape;

/// `serde` for what holds no account, by its form in JSON.
macro_rules! serde_by_json {
    ($($name:ident),+ $(,)?) => { $(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let value = $crate::json::Json::to_json(self, &$crate::json::no_prefix());
                serde::Serialize::serialize(&value, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                let prefix = $crate::json::no_prefix();
                $crate::json::Json::of_json(Some(value), stringify!($name), &prefix)
                    .map_err(serde::de::Error::custom)
            }
        }
    )+ };
}
pub(crate) use serde_by_json;

/// An enum whose variants are names and nothing else.
macro_rules! names {
    ($(#[doc = $doc:literal])* $(#[derive($($extra:path),+)])? $(#[serde($($serde:tt)+)])? pub enum $name:ident { $(
        $(#[doc = $variant_doc:literal])* $(#[default $($default:tt)*])? $variant:ident = $number:literal as $text:literal,
    )* }) => {
        $(#[doc = $doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
            borsh::BorshSerialize, borsh::BorshDeserialize, serde::Serialize, serde::Deserialize,
            $($($extra),+)?
        )]
        $(#[serde($($serde)+)])?
        #[borsh(use_discriminant = true)]
        #[repr(u8)]
        pub enum $name { $(
            $(#[doc = $variant_doc])* $(#[default $($default)*])? #[serde(rename = $text)] $variant = $number,
        )* }

        impl $name {
            /// Every one of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Its name, as JSON has it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }
        }

        impl $crate::json::Json for $name {
            fn to_json(&self, _: &$crate::id::AddressPrefix) -> Option<serde_json::Value> {
                Some(serde_json::Value::from(self.name()))
            }

            fn of_json(
                value: Option<serde_json::Value>,
                field: &'static str,
                _: &$crate::id::AddressPrefix,
            ) -> Result<Self, $crate::json::JsonError> {
                let value = $crate::json::there(value, field)?;
                let known = Self::ALL.iter().find(|known| value.as_str() == Some(known.name()));
                known.copied().ok_or_else(|| {
                    $crate::json::JsonError::new(field, &concat!("it is one of", $( " ", $text ),*))
                })
            }

            fn schema(schemas: &mut $crate::json::Schemas) -> serde_json::Value {
                schemas.named(stringify!($name), |_| {
                    $crate::json::described(
                        serde_json::json!({ "type": "string", "enum": [ $($text),* ] }),
                        &[$($doc),*],
                    )
                })
            }
        }
    };
}
pub(crate) use names;

/// An enum whose variants have fields; in JSON `type` names the variant.
///
/// `Variant { field: Type }` and `Variant(field: Type)` have named fields in JSON; the fields of
/// what `Variant[whole: Type]` holds stand beside `type`.
macro_rules! choice {
    ($(#[doc = $doc:literal])* $(#[derive($($extra:path),+)])? $(#[serde($($serde:tt)+)])? pub enum $name:ident { $(
        $(#[doc = $variant_doc:literal])* $variant:ident
        $({ $( $(#[doc = $field_doc:literal])* $field:ident: $type:ty, )* })?
        $(( $one:ident: $one_type:ty ))?
        $([ $whole:ident: $whole_type:ty ])?
        = $number:literal as $text:literal,
    )* }) => {
        $(#[doc = $doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize,
            $($($extra),+)?
        )]
        $(#[serde($($serde)+)])?
        #[borsh(use_discriminant = true)]
        #[repr(u8)]
        pub enum $name { $(
            $(#[doc = $variant_doc])*
            $( #[doc = concat!("See [`", stringify!($whole_type), "`].")] )?
            $variant
            $({ $( $(#[doc = $field_doc])* $field: $type, )* })?
            $(( $one_type ))?
            $(( $whole_type ))?
            = $number,
        )* }

        impl $crate::json::Json for $name {
            #[allow(unused_variables, reason = "some variants have no field")]
            fn to_json(&self, prefix: &$crate::id::AddressPrefix) -> Option<serde_json::Value> {
                let mut fields = serde_json::Map::new();
                match self { $(
                    Self::$variant $({ $($field,)* })? $(($one))? $(($whole))? => {
                        $( fields.extend($crate::json::inside($whole, prefix)); )?
                        fields.insert("type".to_owned(), serde_json::Value::from($text));
                        $( $( $crate::json::put(&mut fields, stringify!($field), $field, prefix); )* )?
                        $( $crate::json::put(&mut fields, stringify!($one), $one, prefix); )?
                    }
                )* }
                Some(serde_json::Value::Object(fields))
            }

            #[allow(unused_variables, reason = "some variants have no field")]
            fn of_json(
                value: Option<serde_json::Value>,
                field: &'static str,
                prefix: &$crate::id::AddressPrefix,
            ) -> Result<Self, $crate::json::JsonError> {
                let mut fields = $crate::json::fields(value, field)?;
                let tag = fields.remove("type");
                let this = match tag.as_ref().and_then(serde_json::Value::as_str) {
                    $( Some($text) => Self::$variant
                        $({ $(
                            $field: $crate::json::Json::of_json(
                                fields.remove(stringify!($field)), stringify!($field), prefix,
                            )?,
                        )* })?
                        $(( $crate::json::Json::of_json(
                            fields.remove(stringify!($one)), stringify!($one), prefix,
                        )? ))?
                        $(( <$whole_type as $crate::json::Json>::of_json(
                            $crate::json::rest(&mut fields), stringify!($whole), prefix,
                        )? ))?,
                    )*
                    Some(_) | None => {
                        let known = concat!("it is one of", $( " ", $text ),*);
                        return Err($crate::json::JsonError::new("type", &known));
                    }
                };
                $crate::json::no_more(&fields)?;
                Ok(this)
            }

            fn schema(schemas: &mut $crate::json::Schemas) -> serde_json::Value {
                schemas.named(stringify!($name), |schemas| {
                    // Some variants have no field.
                    let _ = &mut *schemas;
                    let variants = vec![ $( {
                        let fields: Vec<(&str, serde_json::Value, bool)> = vec![
                            $( $( (
                                stringify!($field),
                                $crate::json::described(
                                    <$type as $crate::json::Json>::schema(schemas), &[$($field_doc),*],
                                ),
                                <$type as $crate::json::Json>::MAY_BE_LEFT_OUT,
                            ), )* )?
                            $( (
                                stringify!($one),
                                <$one_type as $crate::json::Json>::schema(schemas),
                                false,
                            ), )?
                        ];
                        #[allow(unused_mut, unused_assignments, reason = "most hold nothing whole")]
                        let mut object = $crate::json::object(fields);
                        $(
                            let whole = <$whole_type as $crate::json::Json>::schema(schemas);
                            object = schemas.inside(&whole);
                        )?
                        $crate::json::described(
                            $crate::json::tagged($text, object), &[$($variant_doc),*],
                        )
                    }, )* ];
                    $crate::json::described(
                        serde_json::json!({ "oneOf": variants }), &[$($doc),*],
                    )
                })
            }

            #[allow(unused_variables, reason = "some variants have no field")]
            fn each_whose(&mut self, call: &mut dyn FnMut(&mut $crate::json::Whose)) {
                match self { $(
                    Self::$variant $({ $($field,)* })? $(($one))? $(($whole))? => {
                        $( $( $crate::json::Json::each_whose($field, call); )* )?
                        $( $crate::json::Json::each_whose($one, call); )?
                        $( $crate::json::Json::each_whose($whole, call); )?
                    }
                )* }
            }
        }
    };
}
pub(crate) use choice;
