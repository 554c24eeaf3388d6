//! Lists that come page by page, read to their end.

use node_api::body::{
    ConsentBody, ConsentPage, DutyBody, DutyPage, KeyBody, LogEntry, LogPage, MerchantBody,
    MerchantPage, PartyBody, PartyPage, PublicTicketBody, ReconsentBody, ReconsentPage, TicketPage,
};
use node_api::{Address, PAGE_LIMIT_MAX};

use crate::client::ClientError;
use crate::failure::{Exit, Failure};

/// The most entries that one command reads, so that a long list does not run without end.
const ENTRIES_MAX: usize = 200_000;

/// How many entries to ask for at once.
pub(crate) const LIMIT: Option<u16> = Some(PAGE_LIMIT_MAX);

/// A page: its entries, and where the next one begins.
pub(crate) trait Page {
    type Entry;

    fn split(self) -> (Vec<Self::Entry>, Option<String>);
}

macro_rules! pages {
    ($($page:ty: $entries:ident of $entry:ty;)+) => {
        $(impl Page for $page {
            type Entry = $entry;

            fn split(self) -> (Vec<$entry>, Option<String>) {
                (self.$entries, self.next)
            }
        })+
    };
}

pages! {
    ConsentPage: consents of ConsentBody;
    DutyPage: duties of DutyBody;
    KeyBody: accounts of Address;
    LogPage: entries of LogEntry;
    MerchantPage: merchants of MerchantBody;
    PartyPage: parties of PartyBody;
    ReconsentPage: requests of ReconsentBody;
    TicketPage: tickets of PublicTicketBody;
}

/// Every entry; `ask` takes the cursor of a page.
pub(crate) async fn every<P: Page>(
    ask: impl AsyncFn(Option<String>) -> Result<P, ClientError>,
) -> Result<Vec<P::Entry>, Failure> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let (entries, next) = ask(cursor).await?.split();
        all.extend(entries);
        match next {
            None => return Ok(all),
            // Part of a list would look like all of it.
            Some(_) if all.len() >= ENTRIES_MAX => {
                return Err(Failure::new(Exit::Other, "err-log-too-long").with("most", ENTRIES_MAX));
            }
            Some(_) => cursor = next,
        }
    }
}
