//! Powers of guardians, and kinds of requests, as the ledger has them.

use ledger_types::operation::{GuardianPowers, RequestKind};

use crate::args::{Power, RequestKindCommand};

/// The set of the powers that were named.
pub(super) fn powers(named: &[Power]) -> GuardianPowers {
    named.iter().fold(GuardianPowers::default(), |powers, power| {
        powers.with(match power {
            Power::Grant => GuardianPowers::GRANT,
            Power::Withdraw => GuardianPowers::WITHDRAW,
            Power::Respond => GuardianPowers::RESPOND,
        })
    })
}

impl<A: clap::Args> RequestKindCommand<A> {
    /// What is asked, the key of the words for it, and the arguments.
    pub(super) fn parts(self) -> (RequestKind, &'static str, A) {
        match self {
            Self::Access(args) => (RequestKind::Access, "label-act-request-access", args),
            Self::Correct(args) => (RequestKind::Correct, "label-act-request-correct", args),
            Self::Stop(args) => (RequestKind::Stop, "label-act-request-stop", args),
            Self::Erase(args) => (RequestKind::Erase, "label-act-request-erase", args),
        }
    }
}
