//! How bodies and queries are declared: fields, which may be left out, their names in the document.
//!
//! `height: Height as u64` is a field whose type the OpenAPI document writes as `u64`;
//! `overdue?: Height as u64` may be left out, and is then `None`.

/// Bodies of requests and answers.
macro_rules! body {
    ($($(#[$meta:meta])* pub struct $name:ident { $($fields:tt)* })+) => { $(
        $crate::form::fields! {
            schema [
                #[derive(
                    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize,
                    utoipa::ToSchema,
                )]
                $(#[$meta])*
                pub struct $name
            ] {} $($fields)*
        }
    )+ };
}
pub(crate) use body;

/// What query strings may hold, and nothing else; `..Page` stands for the fields of a page.
macro_rules! query {
    ($($(#[$meta:meta])* pub struct $name:ident { $($fields:tt)* })+) => { $(
        $crate::form::fields! {
            param [
                #[derive(
                    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize,
                    utoipa::IntoParams,
                )]
                #[serde(deny_unknown_fields)]
                #[into_params(parameter_in = Query)]
                $(#[$meta])*
                pub struct $name
            ] {} $($fields)*
        }
    )+ };
}
pub(crate) use query;

/// Writes the fields out one by one, behind those that are done.
macro_rules! fields {
    ($of:ident [$($head:tt)*] { $($done:tt)* }) => { $($head)* { $($done)* } };
    ($of:ident $head:tt { $($done:tt)* } ..Page) => {
        $crate::form::fields! { $of $head { $($done)* }
            /// `next` of the page before; none for the first.
            cursor?: String,
            /// How many entries at most: 1 to 200, 50 where it is not said.
            #[param(minimum = 1, maximum = 200)]
            limit?: u16,
        }
    };
    ($of:ident $head:tt { $($done:tt)* }
        $(#[$meta:meta])* $field:ident?: $type:ty as $shown:ty, $($rest:tt)*) => {
        $crate::form::fields! { $of $head { $($done)*
            $(#[$meta])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[$of(value_type = Option<$shown>)]
            pub $field: Option<$type>,
        } $($rest)* }
    };
    ($of:ident $head:tt { $($done:tt)* }
        $(#[$meta:meta])* $field:ident?: $type:ty, $($rest:tt)*) => {
        $crate::form::fields! { $of $head { $($done)*
            $(#[$meta])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,
        } $($rest)* }
    };
    ($of:ident $head:tt { $($done:tt)* }
        $(#[$meta:meta])* $field:ident: $type:ty as $shown:ty, $($rest:tt)*) => {
        $crate::form::fields! { $of $head { $($done)*
            $(#[$meta])*
            #[$of(value_type = $shown)]
            pub $field: $type,
        } $($rest)* }
    };
    ($of:ident $head:tt { $($done:tt)* }
        $(#[$meta:meta])* $field:ident: $type:ty, $($rest:tt)*) => {
        $crate::form::fields! { $of $head { $($done)*
            $(#[$meta])*
            pub $field: $type,
        } $($rest)* }
    };
}
pub(crate) use fields;
