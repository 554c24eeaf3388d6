//! Vouchers as whoever has them sees them: what, where it works, until when; and which of them pay.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ledger_types::programme::{
    Asked, BucketUse, LeafPlace, Lot, LotKind, Takes, TenderLine, in_lines, plan,
};
use ledger_types::zone::MerchantClass;
use ledger_types::{AddressPrefix, ProgrammeId, Timestamp, Yen, ZoneId};
use node_api::ApiCode;
use node_api::body::{ProgrammeBody, VoucherBody};
use serde_json::{Value, json};

use crate::acting::payee::read_payee;
use crate::app::App;
use crate::client::Client;
use crate::failure::{Exit, Failure};
use crate::{amount, calendar};

/// What somebody has of vouchers, with the programmes that say where each is used.
pub(crate) struct Vouchers {
    held: Vec<VoucherBody>,
    programmes: BTreeMap<ProgrammeId, ProgrammeBody>,
}

/// All that is used alike: of one programme, at the same shops, in the same time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heap {
    pub(crate) expires: Timestamp,
    pub(crate) programme: ProgrammeId,
    pub(crate) name: String,
    /// The bits of who takes it.
    takes: u8,
    pub(crate) from: Timestamp,
    pub(crate) zone: ZoneId,
    pub(crate) amount: Yen,
}

impl Vouchers {
    /// Those of a zone, or all of them, with the programmes that they are of.
    ///
    /// # Errors
    /// [`Failure`] where a node does not tell a programme.
    pub(crate) async fn read(
        client: &Client,
        held: &[VoucherBody],
        zone: Option<ZoneId>,
    ) -> Result<Self, Failure> {
        let is_meant = |one: &&VoucherBody| zone.is_none_or(|zone| one.zone == zone);
        let held: Vec<VoucherBody> = held.iter().filter(is_meant).cloned().collect();
        let named = Self::naming(client, held.iter().map(|one| one.programme)).await?;
        Ok(Self { held, ..named })
    }

    /// None of them, with these programmes: what names lines of a payment that was made.
    ///
    /// # Errors
    /// [`Failure`] where a node does not tell a programme.
    pub(crate) async fn naming(
        client: &Client,
        of: impl Iterator<Item = ProgrammeId>,
    ) -> Result<Self, Failure> {
        let mut programmes = BTreeMap::new();
        for programme in of {
            if let Entry::Vacant(place) = programmes.entry(programme) {
                place.insert(client.programme(programme).await?);
            }
        }
        Ok(Self { held: Vec::new(), programmes })
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(crate) fn held(&self) -> &[VoucherBody] {
        &self.held
    }

    /// What people tell apart, what ends first before the rest.
    pub(crate) fn heaps(&self) -> Result<Vec<Heap>, Failure> {
        let mut heaps: Vec<Heap> = Vec::new();
        for one in &self.held {
            let programme = self.programmes.get(&one.programme);
            let takes = programme.and_then(|it| it.buckets.get(usize::from(one.bucket)));
            let heap = Heap {
                expires: one.expires.get(),
                programme: one.programme,
                name: programme.map(|it| it.name.clone()).unwrap_or_default(),
                takes: takes.map_or(0, |bucket| bucket.takes.bits()),
                from: one.from.get(),
                zone: one.zone,
                amount: one.remaining,
            };
            let same =
                heaps.iter_mut().find(|it| Heap { amount: heap.amount, ..(*it).clone() } == heap);
            match same {
                Some(same) => same.amount = added(same.amount, heap.amount)?,
                None => heaps.push(heap),
            }
        }
        heaps.sort();
        Ok(heaps)
    }

    /// What they are worth together.
    pub(crate) fn total(&self) -> Result<Yen, Failure> {
        self.held.iter().try_fold(Yen::ZERO, |sum, one| added(sum, one.remaining))
    }

    /// Which of them pay what is asked, as the ledger will find it too.
    pub(crate) fn tender(&self, asked: &Asked<'_>) -> Result<Vec<TenderLine>, Failure> {
        let mut lots: Vec<Lot> = self.held.iter().map(lot).collect();
        lots.sort_unstable();
        let takes = plan(&lots, |programme, bucket| self.bucket(programme, bucket), asked);
        in_lines(&lots, &takes).ok_or_else(too_much)
    }

    fn bucket(&self, programme: ProgrammeId, bucket: u16) -> Option<BucketUse> {
        let programme = self.programmes.get(&programme)?;
        let one = programme.buckets.get(usize::from(bucket))?;
        Some(BucketUse {
            rank: one.rank,
            takes: one.takes,
            from: programme.use_from.get(),
            exclusions: programme.exclusions,
            combines: programme.combines,
        })
    }

    /// A line of a plan in words: which, at which shops, paid for or premium, how much.
    pub(crate) fn line(&self, app: &App, line: &TenderLine) -> String {
        let programme = self.programmes.get(&line.programme);
        let takes = programme.and_then(|it| it.buckets.get(usize::from(line.bucket)));
        let shops = app.text(shops_key(takes.map(|it| it.takes).unwrap_or_default()), &[]);
        let kind = app.text(kind_key(line.kind), &[]);
        let name = programme.map(|it| it.name.clone()).unwrap_or_default();
        let amount = amount::show(line.amount);
        let variables =
            [("name", name.as_str()), ("shops", &shops), ("kind", &kind), ("amount", &amount)];
        app.text("label-tender-line", &variables)
    }
}

impl Heap {
    /// At which shops it is used.
    pub(crate) fn shops(&self, app: &App) -> String {
        app.text(shops_key(Takes::from_bits(self.takes).unwrap_or_default()), &[])
    }

    /// Until when, and from when on where that is still to come.
    pub(crate) fn when(&self, app: &App, now: Timestamp) -> String {
        let until = calendar::show_end(app.output.lang, self.expires);
        if self.from <= now {
            return app.text("label-usable-until", &[("until", &until)]);
        }
        let from = calendar::show(self.from);
        app.text("label-usable-from", &[("from", &from), ("until", &until)])
    }

    pub(crate) fn data(&self) -> Value {
        let takes = Takes::from_bits(self.takes).unwrap_or_default();
        json!({
            "programme": self.programme, "name": self.name, "zone": self.zone,
            "takes": takes.names(), "amount": self.amount,
            "from": node_api::Time::from(self.from),
            "expires": node_api::Time::from(self.expires),
        })
    }
}

fn lot(one: &VoucherBody) -> Lot {
    let leaf = one.list.zip(one.index).map(|(list, index)| LeafPlace { list, index });
    Lot {
        programme: one.programme,
        round: one.round,
        leaf,
        bucket: one.bucket,
        kind: one.kind,
        expires: one.expires.get(),
        remaining: one.remaining,
    }
}

/// What vouchers pay in a plan.
pub(crate) fn sum(lines: &[TenderLine]) -> Result<Yen, Failure> {
    lines.iter().try_fold(Yen::ZERO, |sum, line| added(sum, line.amount))
}

/// A plan for machines.
pub(crate) fn data(lines: &[TenderLine]) -> Value {
    let one = |line: &TenderLine| {
        json!({ "programme": line.programme, "bucket": line.bucket, "kind": line.kind,
                "amount": line.amount })
    };
    lines.iter().map(one).collect()
}

fn added(sum: Yen, amount: Yen) -> Result<Yen, Failure> {
    sum.checked_add(amount).ok_or_else(too_much)
}

fn too_much() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}

/// Which shops take it, in words.
pub(crate) fn shops_key(takes: Takes) -> &'static str {
    match (takes.intersects(Takes::LOCAL), takes.intersects(Takes::CHAIN)) {
        (true, true) => "label-shops-all",
        (true, false) => "label-shops-local",
        (false, true) => "label-shops-chain",
        (false, false) => "label-shops-unknown",
    }
}

pub(crate) const fn kind_key(kind: LotKind) -> &'static str {
    match kind {
        LotKind::Paid => "label-lot-paid",
        LotKind::Free => "label-lot-free",
    }
}

/// The class of a merchant of a zone; none where the zone does not tell, or it is none.
///
/// # Errors
/// [`Failure`] where the node does not answer.
pub(crate) async fn class_of(
    client: &Client,
    zone: ZoneId,
    address: &str,
) -> Result<Option<MerchantClass>, Failure> {
    match client.merchant(zone, address).await {
        Ok(merchant) => Ok(Some(merchant.class)),
        // The ledger says what is wrong with the payee.
        Err(error) if error.code().is_some_and(is_untold) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether a node knows no such merchant, or the zone does not publish them.
const fn is_untold(code: u16) -> bool {
    code == ApiCode::MerchantsNotPublished.number() || code == ApiCode::MerchantNotFound.number()
}

/// The programme that is said by its number or its whole name.
///
/// # Errors
/// [`Failure`] where it is neither, or several have the name.
pub(crate) async fn programme(client: &Client, said: &str) -> Result<ProgrammeBody, Failure> {
    if let Ok(number) = said.parse() {
        return Ok(client.programme(ProgrammeId::new(number)).await?);
    }
    let mut named = client.programmes().await?.programmes;
    named.retain(|one| one.name == said);
    match (named.pop(), named.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(Failure::new(Exit::NotFound, "err-programme-several").with("text", said))
        }
        (None, _) => Err(Failure::new(Exit::NotFound, "err-programme-unknown").with("text", said)),
    }
}

/// A programme as people know it.
pub(crate) fn shown(app: &App, programme: &ProgrammeBody) -> String {
    let number = programme.programme.to_string();
    app.text("label-programme-named", &[("name", &programme.name), ("number", &number)])
}

/// Somebody by the name that this machine knows, or by the address.
pub(crate) fn somebody(app: &App, address: &str, prefix: &AddressPrefix) -> String {
    read_payee(app, address, prefix).map_or_else(|_| address.to_owned(), |payee| payee.shown(app))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voucher(bucket: u16, kind: LotKind, expires: u64, remaining: u64) -> VoucherBody {
        VoucherBody {
            zone: ZoneId::new(1),
            programme: ProgrammeId::new(7),
            round: 1,
            bucket,
            kind,
            list: None,
            index: None,
            from: Timestamp::from_millis(0).into(),
            expires: Timestamp::from_millis(expires).into(),
            remaining: Yen::new(remaining),
        }
    }

    #[test]
    fn paid_and_premium_of_one_use_are_one_heap_and_what_ends_first_stands_first() {
        let held = vec![
            voucher(0, LotKind::Free, 200, 10),
            voucher(0, LotKind::Paid, 200, 40),
            voucher(0, LotKind::Paid, 100, 3),
        ];
        let vouchers = Vouchers { held, programmes: BTreeMap::new() };
        let heaps = vouchers.heaps().unwrap();
        let found: Vec<(u64, u64)> =
            heaps.iter().map(|it| (it.expires.as_millis(), it.amount.get())).collect();
        assert_eq!(found, [(100, 3), (200, 50)]);
        assert_eq!(vouchers.total().unwrap(), Yen::new(53));
    }

    #[test]
    fn a_bucket_of_an_unknown_programme_pays_nothing() {
        let held = vec![voucher(0, LotKind::Paid, 200, 40)];
        let vouchers = Vouchers { held, programmes: BTreeMap::new() };
        let (class, now) = (MerchantClass::Local, Timestamp::from_millis(1));
        let asked = Asked { class, amount: Yen::new(9), request: None, now };
        assert_eq!(vouchers.tender(&asked).unwrap(), []);
    }
}
