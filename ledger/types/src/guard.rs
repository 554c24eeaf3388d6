//! One check among several: go on, or answer why not.

/// Refuses with `why` where a rule is broken.
///
/// # Errors
/// `why`, where `broken`.
pub fn refuse_if<E>(broken: bool, why: E) -> Result<(), E> {
    if broken { Err(why) } else { Ok(()) }
}
