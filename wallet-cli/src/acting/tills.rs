//! The merchant's own terminals: where their keys are kept, and which of them signs.
//!
//! A terminal's key is a seed in the wallet's vault, beside those of lotteries, and lies there before
//! anything that names it is sent.

use ledger_types::{SigningKey, ZoneId};

use crate::acting::naming::{self, NamedZone};
use crate::acting::sharing;
use crate::acting::transact::Session;
use crate::app::{App, Unlocked};
use crate::failure::{Exit, Failure};
use crate::named::Is;

/// Under which name a terminal's seed is kept.
fn name(zone: ZoneId, terminal: u16) -> String {
    format!("terminal/{zone}/{terminal}")
}

/// The zone that was said, or in which the wallet's account takes payments.
///
/// # Errors
/// [`Failure`] where none is said and several may be meant.
pub(crate) async fn zone(
    app: &App,
    session: &Session,
    said: Option<&str>,
) -> Result<NamedZone, Failure> {
    let public = app.names().public_name_of(Is::Account(session.attached.account));
    let zones = public.map(|known| known.zones.as_slice()).unwrap_or_default();
    naming::zone(app, &session.client, said, zones).await
}

/// The key of a terminal, kept before this returns; the same each time.
///
/// # Errors
/// [`Failure`] where the vault cannot be read or written.
pub(crate) fn kept_or_new(
    app: &App,
    session: &Session,
    opened: &Unlocked,
    (zone, terminal): (ZoneId, u16),
) -> Result<SigningKey, Failure> {
    let seed = sharing::kept_or_new(app, &session.wallet, opened, &name(zone, terminal))?;
    Ok(SigningKey::from_seed(&seed))
}

/// The key of a terminal where it is on this machine.
///
/// # Errors
/// [`Failure`] where the vault cannot be read.
pub(crate) fn kept(
    app: &App,
    session: &Session,
    opened: &Unlocked,
    (zone, terminal): (ZoneId, u16),
) -> Result<Option<SigningKey>, Failure> {
    let seed = seed(app, session, opened, (zone, terminal))?;
    Ok(seed.map(|seed| SigningKey::from_seed(&seed)))
}

/// What the key of a terminal is made from, where it is on this machine.
///
/// # Errors
/// [`Failure`] where the vault cannot be read.
pub(crate) fn seed(
    app: &App,
    session: &Session,
    opened: &Unlocked,
    (zone, terminal): (ZoneId, u16),
) -> Result<Option<sharing::Seed>, Failure> {
    sharing::kept(app, &session.wallet, opened, &name(zone, terminal))
}

/// That the key of a terminal is not on this machine.
pub(crate) fn elsewhere(terminal: u16) -> Failure {
    Failure::new(Exit::NotFound, "err-terminal-key-elsewhere").with("terminal", terminal)
}

/// A terminal of the merchant's own.
pub(crate) struct Own {
    pub(crate) key: SigningKey,
    /// Whether it may ask to be paid.
    pub(crate) asks: bool,
}

/// A terminal whose key the ledger knows and this machine has.
///
/// # Errors
/// [`Failure`] where the shop has no such terminal, or its key is not on this machine.
pub(crate) async fn own(
    app: &App,
    session: &Session,
    opened: &Unlocked,
    (zone, terminal): (ZoneId, u16),
) -> Result<Own, Failure> {
    let address = &session.attached.address;
    let registered = session.client.terminal(zone, address, terminal).await?;
    let kept = kept(app, session, opened, (zone, terminal))?;
    // A till's own machine has the terminal's key alone, as its wallet's.
    let mut keys = kept.into_iter().chain([opened.secrets.account_key().clone()]);
    let key = keys.find(|key| key.public_key() == registered.key);
    Ok(Own { key: key.ok_or_else(|| elsewhere(terminal))?, asks: registered.asks })
}

/// The key of the terminal that is said; none where the account's own keys sign.
///
/// # Errors
/// As [`own`].
pub(crate) async fn signer(
    app: &App,
    session: &Session,
    opened: &Unlocked,
    (zone, terminal): (ZoneId, Option<u16>),
) -> Result<Option<SigningKey>, Failure> {
    let Some(terminal) = terminal else { return Ok(None) };
    Ok(Some(own(app, session, opened, (zone, terminal)).await?.key))
}
