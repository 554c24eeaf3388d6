//! What everybody may read of one thing on the ledger: each route finds it in the state by its path.

/// Handlers with their rows in the document. For each: its path and name, the path's parts, what
/// answers when it is found, what is said where it is not, and how the state is asked.
macro_rules! published {
    ($tag:tt; $(
        $(#[doc = $doc:tt])*
        $path:ident $name:ident($($part:tt = $shown:ident, $what:tt);+)
        -> $body:ident $found:tt, or $none:tt $missing:expr,
        |$state:ident, $parts:tt: $kind:ty| $read:expr;
    )+) => { $(
        $(#[doc = $doc])*
        #[utoipa::path(
            get, path = path::$path, tag = $tag,
            params($(($part = $shown, Path, description = $what)),+),
            responses(
                (status = 200, description = $found, body = $body),
                (status = "4XX", description = $none),
            ),
        )]
        pub(super) async fn $name(
            Shared(api): Shared<Arc<Api>>,
            Segments($parts): Segments<$kind>,
        ) -> Answer<Json<$body>> {
            let state = api.query.state();
            let $state = &state;
            let found: Option<$body> = $read;
            found.map(Json).ok_or_else($missing)
        }
    )+ };
}

pub(super) use published;
