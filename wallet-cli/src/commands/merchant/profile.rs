//! What is said of a shop beside its class: its kind, where it is, its invoice number.

use ledger_types::operation::MerchantProfile;
use ledger_types::zone::MunicipalityCode;
use node_api::body::MerchantBody;
use shop_documents::InvoiceNumber;

use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_INVOICE_NUMBER};
use crate::outbox::Opening;

/// What else is known of a shop.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    /// The kind of shop: four digits of ISO 18245, such as 5812 for a restaurant.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=9999))]
    category: Option<u16>,
    /// The municipality where it is, such as 072028.
    #[arg(long, value_name = "CODE")]
    area: Option<MunicipalityCode>,
    /// Its invoice number, T and 13 digits; only a salted hash of it is sent.
    #[arg(long, value_name = "NUMBER")]
    invoice_number: Option<InvoiceNumber>,
}

/// A profile, and what opens the commitment in it.
pub(super) struct Said {
    pub(super) profile: MerchantProfile,
    pub(super) private: Option<(String, Opening)>,
}

impl ProfileArgs {
    /// What is said; what is not said is as before.
    pub(super) fn said(&self, before: Option<&MerchantBody>) -> Said {
        let number = self.invoice_number.as_ref().map(ToString::to_string);
        let committed = number.map(|number| {
            let salt = Salt::fresh();
            let commitment = salt.commit(TAG_INVOICE_NUMBER, number.as_bytes());
            let document = json!({ "invoice_number": number, "salt": salt });
            let opening = Opening { member: "invoice_number_opening", name: None, document };
            (commitment, (number, opening))
        });
        let (commitment, private) = committed.unzip();
        let category = self.category.or_else(|| before?.category).unwrap_or_default();
        let area = self.area.or_else(|| before?.area);
        let invoice_number = commitment.or_else(|| before?.invoice_number);
        Said { profile: MerchantProfile { category, area, invoice_number }, private }
    }
}

impl Said {
    /// What is shown and told of it.
    pub(super) fn shown(self, mut act: Act) -> Act {
        let MerchantProfile { category, area, .. } = self.profile;
        if category != 0 {
            act = act.line("label-category", format!("{category:04}"));
        }
        if let Some(area) = area {
            act = act.line("label-area", area);
        }
        match self.private {
            Some((number, opening)) => {
                act.line("label-invoice-number", &number).private(number, opening)
            }
            None => act,
        }
    }
}
