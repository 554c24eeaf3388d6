//! What a closed programme leaves behind goes, a bounded part a block: who applied and bought, lists,
//! secrets, and lots that are worth nothing.
//!
//! The programme itself, its rounds and what became of them stay, since a reconciliation is public. A
//! cursor stands for each programme that is not done with, and says from where on the zone's holders are
//! to be looked at; there is none where nothing is to do, so that blocks write nothing for it.

use ledger_types::limits::SWEPT_PER_BLOCK_MAX;
use ledger_types::record::{
    Applicant, BuyerCount, Cursor, Deposited, EligibilityList, Household, Key, Kind, LeafUse, Lots,
    Programme, Ticket, keys,
};
use ledger_types::{AccountId, ProgrammeId, ZoneId};

use crate::state::{Books, parts};

/// The number under which cursors of this walk stand.
fn walk() -> u32 {
    u32::from(Programme::NUMBER)
}

/// Notes that a programme was closed, and is to be swept.
pub(super) fn begin(books: &mut Books, programme: ProgrammeId) {
    if let Some(record) = books.programme(programme) {
        let from = keys::lots(record.terms.zone, &AccountId::new([0; 20]));
        books.put_cursor(walk(), programme.get(), Cursor { from });
    }
}

/// Takes out the next part of what the closed programme with the lowest number left.
pub(crate) fn run(books: &mut Books) {
    let Some((programme, from)) = next(books) else { return };
    let gone = records(books, programme);
    if !gone.is_empty() {
        gone.iter().for_each(|key| books.remove_aged(key));
        return;
    }
    match lots(books, programme, &from) {
        Some(from) => books.put_cursor(walk(), programme.get(), Cursor { from }),
        None => books.forget_cursor(walk(), programme.get()),
    }
}

/// The programme that is swept, and from which holder on.
fn next(books: &Books) -> Option<(ProgrammeId, Key)> {
    let (key, cursor) = books.of_kind_from::<Cursor>(&keys::cursor(walk(), 0)).next()?;
    let is_of_walk = parts::long_number(&key) == Some(walk());
    let programme = parts::long_number_at(&key, 5).filter(|_| is_of_walk)?;
    Some((ProgrammeId::new(programme), cursor.from))
}

/// Some of the records of a programme that leave, as many as a block takes out.
fn records(books: &Books, programme: ProgrammeId) -> Vec<Key> {
    let mut found = Vec::new();
    add::<EligibilityList>(books, programme, &mut found);
    add::<LeafUse>(books, programme, &mut found);
    add::<Household>(books, programme, &mut found);
    add::<BuyerCount>(books, programme, &mut found);
    add::<Ticket>(books, programme, &mut found);
    add::<Applicant>(books, programme, &mut found);
    add::<Deposited>(books, programme, &mut found);
    found
}

/// Adds a programme's records of one kind, up to the bound.
fn add<K: Kind + 'static>(books: &Books, programme: ProgrammeId, found: &mut Vec<Key>) {
    let [a, b, c, d] = programme.get().to_be_bytes();
    let first = Key::of([K::NUMBER, a, b, c, d]);
    let all = books.of_kind_from::<K>(&first).map(|(key, _)| key);
    let of_programme = all.take_while(|key| parts::long_number(key) == Some(programme.get()));
    let room = SWEPT_PER_BLOCK_MAX.saturating_sub(found.len());
    found.extend(of_programme.take(room));
}

/// Takes lots of closed programmes from the zone's next holders; gives from which one on the next block
/// goes on, none where all were looked at.
fn lots(books: &mut Books, programme: ProgrammeId, from: &Key) -> Option<Key> {
    let zone = books.programme(programme)?.terms.zone;
    let in_zone = |key: &Key| parts::number(key) == Some(zone.get());
    let all = books.of_kind_from::<Lots>(from).take_while(|(key, _)| in_zone(key));
    let looked_at: Vec<(Key, Lots)> =
        all.take(SWEPT_PER_BLOCK_MAX).map(|(key, lots)| (key, lots.clone())).collect();
    for (key, mut lots) in looked_at.iter().cloned() {
        let before = lots.lots.len();
        lots.lots.retain(|lot| {
            books.programme(lot.programme).is_some_and(|record| record.closed.is_none())
        });
        if lots.lots.len() < before {
            keep(books, zone, &key, lots);
        }
    }
    let last = looked_at.last().map(|(key, _)| *key);
    last.filter(|_| looked_at.len() == SWEPT_PER_BLOCK_MAX)
}

/// Writes what a holder has left, or takes the record out.
fn keep(books: &mut Books, zone: ZoneId, key: &Key, lots: Lots) {
    match parts::account_after(3, key).filter(|_| !lots.lots.is_empty()) {
        Some(account) => books.put_lots(zone, &account, lots),
        None => books.remove_aged(key),
    }
}
