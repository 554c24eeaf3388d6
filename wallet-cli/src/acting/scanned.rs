//! A code that a shop shows, said in the place of a payee: whom, in which zone, how much.
//!
//! What a code calls the shop is the code's word: people are shown the name that this machine knows
//! the account by, and the code's own beside it. A code for one payment is signed by a terminal, whose
//! key the ledger knows: [`crate::acting::answering`] checks it.

use std::path::Path;

use ledger_types::{AddressPrefix, Hash, Yen, ZoneId};
use shop_documents::emv::Asked;
use shop_documents::{EmvError, MerchantCode, ShopPlace, ShopYen, SignedRequest};

use crate::failure::{Exit, Failure};
use crate::reading::read_amount;
use crate::settings::file_failure;
use crate::{amount, picture};

/// The largest file of a picture that is read.
const PICTURE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A code, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    place: ShopPlace,
    amount: Option<Yen>,
    /// What the code calls the shop.
    pub(crate) name: String,
    /// What a terminal asks in it, where it is for one payment; nothing of it is verified.
    pub(crate) request: Option<Box<SignedRequest>>,
}

/// The code of a text; none where it is meant to be something else.
///
/// # Errors
/// [`Failure`] where it is meant to be one and is none that can be paid by.
pub(crate) fn read(text: &str) -> Result<Option<Scanned>, Failure> {
    let text = text.trim();
    if !MerchantCode::is_meant(text) {
        return Ok(None);
    }
    let code = MerchantCode::decode(text).map_err(|error| bad(&error))?;
    let (place, amount) = (*code.asked.place(), code.asked.amount().map(ShopYen::get));
    let request = match code.asked {
        Asked::Static { .. } => None,
        Asked::Dynamic(request) => Some(request),
    };
    let japanese = code.japanese.as_ref().map(|japanese| japanese.name.as_str());
    let name = japanese.unwrap_or(code.name.as_str()).to_owned();
    Ok(Some(Scanned { place, amount, name, request }))
}

/// The text of the code in a picture (PNG).
///
/// # Errors
/// [`Failure`] where the file is no such picture, or no code can be read in it.
pub(crate) fn in_picture(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| file_failure(path, &error);
    if std::fs::metadata(path).map_err(failed)?.len() > PICTURE_BYTES_MAX {
        return Err(no_code(path));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    picture::read(&bytes).ok_or_else(|| no_code(path))
}

fn no_code(path: &Path) -> Failure {
    Failure::new(Exit::Usage, "err-picture-without-code").with("path", path.display())
}

fn bad(error: &EmvError) -> Failure {
    let key = match error {
        EmvError::NotOurs | EmvError::Abroad | EmvError::Surcharge { .. } => "err-code-not-ours",
        EmvError::TooLong { .. }
        | EmvError::CutOff { .. }
        | EmvError::NoNumber { .. }
        | EmvError::BadLength { .. }
        | EmvError::Repeated { .. }
        | EmvError::Order
        | EmvError::Checksum { .. }
        | EmvError::Missing { .. }
        | EmvError::Field { .. }
        | EmvError::Use
        | EmvError::Request(_) => "err-code-not-whole",
    };
    Failure::new(Exit::Usage, key).because(error)
}

impl Scanned {
    /// The address that is paid, on the network of this genesis alone.
    ///
    /// # Errors
    /// [`Failure`] where the code is another network's.
    pub(crate) fn address(
        &self,
        genesis: &Hash,
        prefix: &AddressPrefix,
    ) -> Result<String, Failure> {
        if self.place.network == genesis.network() {
            return Ok(self.place.shop.to_address(prefix));
        }
        Err(Failure::new(Exit::Config, "err-code-other-network"))
    }

    /// The zone in which is paid, by its number.
    pub(crate) fn zone(&self) -> String {
        self.place.zone.to_string()
    }

    /// Refuses to pay in another zone than the code's.
    ///
    /// # Errors
    /// [`Failure`] where somebody said another.
    pub(crate) fn check_zone(&self, said: ZoneId) -> Result<(), Failure> {
        if said == self.place.zone {
            return Ok(());
        }
        let failure = Failure::new(Exit::Usage, "err-code-other-zone");
        Err(failure.with("zone", self.place.zone).with("said", said))
    }
}

/// How much is paid: what was said, or what the code says; never two.
///
/// # Errors
/// [`Failure`] where nothing or another amount is said.
pub(crate) fn amount(said: Option<&str>, code: Option<&Scanned>) -> Result<Yen, Failure> {
    let asked = code.and_then(|code| code.amount);
    match (said.map(read_amount).transpose()?, asked) {
        (Some(said), Some(asked)) if said != asked => {
            let failure = Failure::new(Exit::Usage, "err-code-other-amount");
            Err(failure.with("asked", amount::show(asked)).with("said", amount::show(said)))
        }
        (Some(amount), _) | (None, Some(amount)) => Ok(amount),
        (None, None) => Err(Failure::new(Exit::Usage, "err-no-amount")),
    }
}
