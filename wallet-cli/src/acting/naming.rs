//! Names instead of numbers: how parties and zones are said, and what people are shown of names.

use core::str::FromStr;

use ledger_types::zone::Publishes;
use ledger_types::{AddressPrefix, BankId, PartyId, ZoneId};
use node_api::ApiCode;
use node_api::query::Page;
use serde_json::{Value, json};

use crate::acting::pages;
use crate::app::App;
use crate::client::{Client, ClientError};
use crate::failure::{Exit, Failure};
use crate::named::{Is, Kind, Known, NotOne, Source};
use crate::reading;

/// How many names are shown to choose from.
const SHOWN_MAX: usize = 10;

/// A party as it was said: its number, or its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartyRef(String);

impl FromStr for PartyRef {
    type Err = core::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl PartyRef {
    /// The party.
    ///
    /// # Errors
    /// [`Failure`] where it is no number and not the name of one that is known, or where the public
    /// directory names one that the ledger does not have.
    pub(crate) async fn id(&self, app: &App, client: &Client) -> Result<PartyId, Failure> {
        if let Ok(number) = self.0.parse() {
            return Ok(PartyId::new(number));
        }
        let prefix = &client.network().address_prefix;
        let known = app.names().find(Kind::Party, &self.0);
        let known = known.map_err(|why| not_one(app, &self.0, why, prefix))?;
        let Is::Party(party) = known.is else {
            return Err(Failure::new(Exit::Other, "err-internal"));
        };
        if known.source == Source::Public && !is_there(client.party(party).await)? {
            return Err(not_on_ledger(&known));
        }
        Ok(party)
    }

    /// Every one of several.
    ///
    /// # Errors
    /// As [`PartyRef::id`].
    pub(crate) async fn ids(
        all: &[Self],
        app: &App,
        client: &Client,
    ) -> Result<Vec<PartyId>, Failure> {
        let mut ids = Vec::with_capacity(all.len());
        for one in all {
            ids.push(one.id(app, client).await?);
        }
        Ok(ids)
    }
}

/// Whether the ledger has a party, by what the node answered.
///
/// # Errors
/// [`Failure`] where the node does not say: then it is not known.
pub(crate) fn is_there<T>(answer: Result<T, ClientError>) -> Result<bool, Failure> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some(ApiCode::PartyNotFound.number()) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Recipients as they were said, each behind the number of its process and `=` or not, with the
/// numbers of parties that were said by name.
///
/// # Errors
/// [`Failure`] where a name may be several parties', or is near one.
pub(crate) fn recipients(
    app: &App,
    said: &[String],
    prefix: &AddressPrefix,
) -> Result<Vec<String>, Failure> {
    let numbered = |text: &String| {
        let (process, who) = text.split_at(text.find('=').map_or(0, |at| at.saturating_add(1)));
        if reading::recipient(who).is_ok() {
            return Ok(text.clone());
        }
        match app.names().find(Kind::Party, who) {
            Ok(Known { is: Is::Party(party), .. }) => Ok(format!("{process}{party}")),
            // It may be a role with a mistake: whoever reads it says so.
            Ok(_) | Err(NotOne::Nobody) => Ok(text.clone()),
            Err(why) => Err(not_one(app, who, why, prefix)),
        }
    };
    said.iter().map(numbered).collect()
}

/// A zone with its name, where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedZone {
    pub(crate) id: ZoneId,
    pub(crate) name: Option<String>,
}

impl NamedZone {
    pub(crate) fn shown(&self, app: &App) -> String {
        let number = self.id.to_string();
        match &self.name {
            None => number,
            Some(name) => app.text("label-zone-named", &[("name", name), ("zone", &number)]),
        }
    }
}

/// The zones that the ledger has, with their names.
pub(crate) async fn zones(client: &Client) -> Result<Vec<Known>, Failure> {
    let zones = client.zones().await?.zones;
    Ok(zones.iter().map(|zone| Known::on_ledger(&zone.name, Is::Zone(zone.zone))).collect())
}

/// The banks that the ledger has, with their names.
pub(crate) async fn banks(client: &Client) -> Result<Vec<Known>, Failure> {
    let banks = client.supply().await?.banks;
    Ok(banks.iter().map(|bank| Known::on_ledger(&bank.name, Is::Bank(bank.bank))).collect())
}

/// The bank that is said by its code or name.
///
/// # Errors
/// [`Failure`] where it is neither.
pub(crate) async fn bank(app: &App, client: &Client, said: &str) -> Result<BankId, Failure> {
    if let Ok(code) = said.parse() {
        return Ok(BankId::new(code));
    }
    let banks = banks(client).await?;
    let all = app.names().with(banks.iter().cloned());
    let prefix = &client.network().address_prefix;
    let known = all.find(Kind::Bank, said).map_err(|why| not_one(app, said, why, prefix))?;
    match known.is {
        Is::Bank(bank) if banks.iter().any(|one| one.is == known.is) => Ok(bank),
        Is::Bank(_) => Err(not_on_ledger(&known)),
        Is::Account(_) | Is::Party(_) | Is::Zone(_) => {
            Err(Failure::new(Exit::Other, "err-internal"))
        }
    }
}

/// The zone that is said by number or name; where none is, the one in which the shop takes payments,
/// the only one that there is, or the one of the configuration. It is never chosen out of several.
///
/// # Errors
/// [`Failure`] where none is said and several may be meant, or it is not the name of one.
pub(crate) async fn zone(
    app: &App,
    client: &Client,
    said: Option<&str>,
    of_shop: &[ZoneId],
) -> Result<NamedZone, Failure> {
    let zones = zones(client).await;
    let number = said.and_then(|said| said.parse().ok()).map(ZoneId::new);
    if let Some(id) = number {
        // A node that does not tell the names tells whether the zone is there when it is used.
        return Ok(named(id, zones.as_deref().unwrap_or_default()));
    }
    let zones = zones?;
    let id = match (said, of_shop) {
        (Some(said), _) => by_name(app, client, said, &zones)?,
        (None, [only]) => *only,
        (None, of_shop) => {
            let all = zones.iter().filter_map(|zone| zone_of(zone.is));
            let open: Vec<ZoneId> =
                all.filter(|zone| of_shop.is_empty() || of_shop.contains(zone)).collect();
            match (open.as_slice(), &app.settings.zone) {
                ([only], _) => *only,
                (several, Some(usual)) => {
                    let usual = match usual.parse().map(ZoneId::new) {
                        Ok(number) => number,
                        Err(_) => by_name(app, client, usual, &zones)?,
                    };
                    let is_open = several.contains(&usual);
                    if is_open { usual } else { return Err(which(app, client, several, &zones)) }
                }
                (several, None) => return Err(which(app, client, several, &zones)),
            }
        }
    };
    Ok(named(id, &zones))
}

const fn zone_of(is: Is) -> Option<ZoneId> {
    match is {
        Is::Zone(zone) => Some(zone),
        Is::Account(_) | Is::Party(_) | Is::Bank(_) => None,
    }
}

fn named(id: ZoneId, zones: &[Known]) -> NamedZone {
    let known = zones.iter().find(|zone| zone.is == Is::Zone(id));
    NamedZone { id, name: known.map(|known| known.name.clone()) }
}

fn by_name(app: &App, client: &Client, said: &str, zones: &[Known]) -> Result<ZoneId, Failure> {
    let prefix = &client.network().address_prefix;
    let all = app.names().with(zones.iter().cloned());
    let known = all.find(Kind::Zone, said).map_err(|why| not_one(app, said, why, prefix))?;
    let id = zone_of(known.is).ok_or(Failure::new(Exit::Other, "err-internal"))?;
    if zones.iter().any(|zone| zone.is == known.is) { Ok(id) } else { Err(not_on_ledger(&known)) }
}

fn which(app: &App, client: &Client, open: &[ZoneId], zones: &[Known]) -> Failure {
    let prefix = &client.network().address_prefix;
    let of = |zone: &&Known| zone_of(zone.is).is_some_and(|id| open.contains(&id));
    let several: Vec<Known> = zones.iter().filter(of).cloned().collect();
    Failure::new(Exit::NotFound, "err-which-zone")
        .with("lines", lines(app, &several, prefix))
        .details(details(&several, prefix))
}

/// Whether the ledger has a merchant at this address in a zone; none where the zone does not publish it.
///
/// # Errors
/// [`Failure`] where the node does not say.
pub(crate) async fn is_merchant(
    client: &Client,
    zone: ZoneId,
    address: &str,
) -> Result<Option<bool>, Failure> {
    if !client.zone(zone).await?.publishes.intersects(Publishes::MERCHANTS) {
        // Nobody is told; the ledger refuses a payment to somebody who is none.
        return Ok(None);
    }
    let all = pages::every(async |cursor| {
        client.merchants(zone, &Page { cursor, limit: pages::LIMIT }).await
    });
    Ok(Some(all.await?.iter().any(|merchant| merchant.account.as_str() == address)))
}

/// That the directory names what the ledger does not have.
pub(crate) fn not_on_ledger(known: &Known) -> Failure {
    Failure::new(Exit::Refused, "err-name-not-on-ledger").with("name", &known.name)
}

/// Why a typed name is nobody's, with those who may have been meant.
pub(crate) fn not_one(app: &App, typed: &str, why: NotOne, prefix: &AddressPrefix) -> Failure {
    let (key, known) = match why {
        NotOne::Nobody => ("err-name-unknown", Vec::new()),
        NotOne::Near(near) => ("err-name-near", near),
        NotOne::Several(several) => ("err-name-several", several),
    };
    let failure = Failure::new(Exit::NotFound, key).with("text", typed);
    if known.is_empty() {
        return failure;
    }
    failure
        .with("count", known.len())
        .with("lines", lines(app, &known, prefix))
        .details(details(&known, prefix))
}

/// How many of so many are not shown.
const fn left_out(known: &[Known]) -> usize {
    known.len().saturating_sub(SHOWN_MAX)
}

fn lines(app: &App, known: &[Known], prefix: &AddressPrefix) -> String {
    let shown = known.iter().take(SHOWN_MAX).map(|one| told(app, one, prefix));
    let more = Some(left_out(known)).filter(|more| *more > 0);
    let more = more.map(|more| app.text("note-left-out", &[("count", &more.to_string())]));
    shown.chain(more).map(|line| format!("\n  {line}")).collect()
}

fn details(known: &[Known], prefix: &AddressPrefix) -> Value {
    let all = known.iter().take(SHOWN_MAX).map(|one| data(one, prefix));
    json!({ "candidates": all.collect::<Vec<_>>(), "left_out": left_out(known) })
}

/// A name with all that tells it from another.
pub(crate) fn told(app: &App, known: &Known, prefix: &AddressPrefix) -> String {
    let mut parts = vec![marked(app, known)];
    parts.extend(known.reading.as_ref().map(|it| app.text("label-reading", &[("reading", it)])));
    parts.extend(known.area.clone());
    parts.push(number(app, known, prefix));
    parts.join(" ")
}

/// By what the ledger knows it, whole: where names are alike, it is what is typed.
pub(crate) fn number(app: &App, known: &Known, prefix: &AddressPrefix) -> String {
    match known.is {
        Is::Account(account) => account.to_address(prefix),
        Is::Party(party) => app.text("label-party-numbered", &[("party", &party.to_string())]),
        Is::Zone(zone) => app.text("label-in-zone", &[("zone", &zone.to_string())]),
        Is::Bank(bank) => {
            let code = format!("{:04}", bank.get());
            format!("{} {code}", app.text("label-bank", &[]))
        }
    }
}

/// A name for machines.
pub(crate) fn data(known: &Known, prefix: &AddressPrefix) -> Value {
    let mut data = json!({ "name": known.name, "source": source(known.source) });
    let (member, value) = match known.is {
        Is::Account(account) => ("address", json!(account.to_address(prefix))),
        Is::Party(party) => ("party", json!(party)),
        Is::Zone(zone) => ("zone", json!(zone)),
        Is::Bank(bank) => ("bank", json!(bank)),
    };
    data[member] = value;
    if let Some(reading) = &known.reading {
        data["reading"] = json!(reading);
    }
    if let Some(area) = &known.area {
        data["area"] = json!(area);
    }
    if !known.zones.is_empty() {
        data["zones"] = json!(known.zones);
    }
    data
}

const fn source(source: Source) -> &'static str {
    match source {
        Source::Public => "directory",
        Source::Ledger => "ledger",
        Source::Institutions => "institutions",
        Source::Book => "book",
        Source::Wallet => "wallet",
    }
}

/// A name with where it is from.
pub(crate) fn marked(app: &App, known: &Known) -> String {
    let name = [("name", known.name.as_str())];
    match known.source {
        Source::Public => app.text("label-name-public", &name),
        Source::Book => app.text("label-name-own", &name),
        Source::Ledger | Source::Institutions | Source::Wallet => known.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_not_there_only_where_the_node_says_so() {
        let status = |status| Err::<(), _>(ClientError::Status { status });
        assert!(is_there(Ok(())).unwrap());
        for unknown in [Err(ClientError::TimedOut), status(429), status(404), status(503)] {
            assert!(is_there(unknown).is_err());
        }
    }
}
