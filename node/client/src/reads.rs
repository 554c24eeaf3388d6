//! One method for each path that is read, typed as the node answers it; signed where it asks who
//! reads.

use bytes::Bytes;
use ledger_types::consent::Regime;
use ledger_types::{
    BankId, ConsentId, Hash, Height, LegalBasisId, NoticeId, PartyId, ProgrammeId, PublicKey,
    Receipt, TransactionId, VocabularyId, ZoneId,
};
use node_api::Month;
use node_api::body::{
    AccessBody, AccountBody, BlockBody, CheckBody, ConsentBody, ConsentPage, CycleBody, CyclesBody,
    DutyPage, EmergencyBody, GlassBody, Health, HistoryEntry, HistoryPage, InstrumentsBody,
    JointUseBody, KeyBody, LegalBasisBody, LogPage, MerchantBody, MerchantFeesBody, MerchantPage,
    NoticeBody, OptOutBody, PartyBody, PartyPage, PaymentBody, PayoutTermsBody, ProgrammeBody,
    ProgrammesBody, ReceiptBody, ReconsentBody, ReconsentPage, RegimeBody, RequestBody,
    SecretsBody, StatusBody, SupplyBody, TerminalKeyBody, TerminalsBody, TermsBody, TicketPage,
    TicketsBody, TransactionStatus, ValidatorsBody, ViewBody, VocabularyBody, ZoneBody,
    ZoneReportBody, ZonesBody,
};
use node_api::path::{self, Path};
use node_api::query::{ByRead, Check, Consents, Log, OfParty, Page, Reconsents, Right, Wait};
use serde::de::DeserializeOwned;

use super::{Client, ClientError, Reader, Request};

/// `path(its parts) with its query, by its reader => how it is read and as what;`
macro_rules! reads {
    ($(
        $(#[$about:meta])+
        $name:ident($($part:ident: $kind:ty),*)
        $($with:ident $query:ident)? $(, by $reader:ident)? => $read:ident $answer:ty;
    )+) => {
        impl Client {
            $(
                $(#[$about])+
                ///
                /// # Errors
                /// [`ClientError`]: asked again until the client's timeout while the node does not
                /// answer.
                pub async fn $name(
                    &self,
                    $($part: $kind,)*
                    $(query: &$query,)?
                    $($reader: &Reader,)?
                ) -> Result<$answer, ClientError> {
                    let path = path::$name($($part),*)$(.$with(query))?;
                    self.$read(&path, signer!($($reader)?)).await
                }
            )+
        }
    };
}

macro_rules! signer {
    () => {
        None
    };
    ($reader:ident) => {
        Some($reader)
    };
}

reads! {
    /// An account, a data subject or a party, for whoever may read it.
    account(address: &str) with ByRead, by reader => json AccountBody;
    /// A page of the accounts for which a key acts, for the key alone: the reader's address is the key.
    key(key: &PublicKey) with Page, by reader => json KeyBody;
    /// What a bank used a core banking reference for, for this bank.
    reference(bank: BankId, reference: &Hash), by reader => json HistoryEntry;
    /// A page of an account's history, newest first.
    history(address: &str) with Log, by reader => json HistoryPage;
    /// The bundle of an account, as JSON.
    account_bundle(address: &str) with ByRead, by reader => octets Bytes;
    /// The bundle of a transaction's receipt, as JSON.
    receipt_bundle(id: &TransactionId) => octets Bytes;
    /// The proof that a transaction's receipt is in the log (C2SP tlog-proof).
    receipt_proof(id: &TransactionId) => text String;
    /// A block.
    block(height: Height) => json BlockBody;
    /// The bundle of a block, as JSON.
    block_bundle(height: Height) => octets Bytes;
    /// How far the node is.
    status() => json StatusBody;
    /// The validators, in the order of their turns.
    validators() => json ValidatorsBody;
    /// All money on the ledger, and whether it adds up.
    supply() => json SupplyBody;
    /// The settlement cycles in the ledger's state, newest first.
    cycles() => json CyclesBody;
    /// A settlement cycle.
    cycle(cycle: u32) => json CycleBody;
    /// The zones.
    zones() => json ZonesBody;
    /// A zone.
    zone(zone: ZoneId) => json ZoneBody;
    /// A page of a zone's merchants.
    merchants(zone: ZoneId) with Page => json MerchantPage;
    /// A merchant of a zone.
    merchant(zone: ZoneId, address: &str) => json MerchantBody;
    /// The terminals of a merchant, for its account's holder: the reader.
    terminals(zone: ZoneId, address: &str), by reader => json TerminalsBody;
    /// The key of a merchant's terminal.
    terminal(zone: ZoneId, address: &str, terminal: u16) => json TerminalKeyBody;
    /// The fees of a merchant in a month, for its account's holder and the zone's operator.
    merchant_fees(zone: ZoneId, address: &str, month: Month), by reader => json MerchantFeesBody;
    /// A payment at a shop, for the shop and for whoever paid.
    payment(id: &Hash), by reader => json PaymentBody;
    /// What a bank says of the payouts of shops that it keeps.
    payout_terms(bank: BankId) => json PayoutTermsBody;
    /// The instruments of a zone.
    instruments(zone: ZoneId) => json InstrumentsBody;
    /// The programmes.
    programmes() => json ProgrammesBody;
    /// A programme.
    programme(programme: ProgrammeId) => json ProgrammeBody;
    /// A page of a round's applications, as anybody sees them.
    tickets(programme: ProgrammeId, round: u16) with Page => json TicketPage;
    /// The secrets of a round's lottery.
    secrets(programme: ProgrammeId, round: u16) => json SecretsBody;
    /// What an account has entered.
    account_tickets(address: &str), by reader => json TicketsBody;
    /// The signed file of public names, which is verified before anything of it counts.
    directory() => octets Bytes;
    /// A page of the consent parties.
    parties() with Page => json PartyPage;
    /// A consent party.
    party(party: PartyId) => json PartyBody;
    /// A page of what concerned a party, newest first.
    party_log(party: PartyId) with OfParty, by reader => json LogPage;
    /// A page of what a party owes and waits for, by deadline.
    duties(party: PartyId) with OfParty, by reader => json DutyPage;
    /// A notice in its current version.
    notice(party: PartyId, notice: NoticeId) => json NoticeBody;
    /// A page of a subject's consents.
    consents() with Consents, by reader => json ConsentPage;
    /// The decision on a use at the tip, which nothing records.
    check() with Check, by reader => json CheckBody;
    /// A consent.
    consent(id: &ConsentId) with Right, by reader => json ConsentBody;
    /// A page of a consent's log, newest first.
    consent_log(id: &ConsentId) with Log, by reader => json LogPage;
    /// The bundle of a consent, as JSON.
    consent_bundle(id: &ConsentId) with Right, by reader => octets Bytes;
    /// A page of a subject's log, newest first.
    subject_log(address: &str) with Log, by reader => json LogPage;
    /// An access that was permitted, and the halves of its record.
    access(id: &Hash) with Right, by reader => json AccessBody;
    /// The bundle of what happened to an access, as JSON.
    access_bundle(id: &Hash) with Right, by reader => octets Bytes;
    /// A subject's request and its answer.
    request(id: &Hash) with Right, by reader => json RequestBody;
    /// A broken glass and its review.
    glass(id: &Hash), by reader => json GlassBody;
    /// An audit view.
    view(id: &Hash), by reader => json ViewBody;
    /// A legal basis in its current version.
    legal_basis(id: LegalBasisId) => json LegalBasisBody;
    /// A regime's deadlines in their current version.
    regime(regime: Regime) => json RegimeBody;
    /// A version of a vocabulary.
    vocabulary(id: VocabularyId, version: u32) => json VocabularyBody;
    /// A version of a scheme of joint use.
    joint_use(party: PartyId, scheme: u32, version: u32) => json JointUseBody;
    /// A scheme that people may object to.
    opt_out(party: PartyId, scheme: u32) => json OptOutBody;
    /// What a controller pays for data.
    terms(party: PartyId, terms: u32) => json TermsBody;
    /// A page of the open requests to renew a notice's consents, newest first.
    reconsents() with Reconsents => json ReconsentPage;
    /// A controller's request to renew.
    reconsent(request: &Hash) => json ReconsentBody;
    /// An area's emergency.
    emergency(area: u32) => json EmergencyBody;
    /// The latest checkpoint with its cosignatures (C2SP tlog-checkpoint).
    checkpoint() => text String;
    /// The latest checkpoint that a witness outside the network cosigned.
    witnessed() => text String;
    /// Which signatures make a checkpoint hold (C2SP tlog-policy).
    policy() => text String;
    /// The proof that an entry is in the log (C2SP tlog-proof).
    log_proof(index: u64) => text String;
    /// Hashes or entries of the log, by their name (C2SP tlog-tiles).
    tile(tile: &str) => octets Bytes;
    /// The OpenAPI document.
    document() => text String;
    /// That the node lives.
    healthz() => json Health;
    /// That the node is of use: a node that is not yet is asked until the timeout.
    readyz() => json Health;
    /// The node's metrics (OpenMetrics).
    metrics() => text String;
}

impl Client {
    /// Where a transaction stands, and its content for whoever may read it: unsigned without.
    ///
    /// # Errors
    /// As any read.
    pub async fn transaction(
        &self,
        id: &TransactionId,
        reader: Option<&Reader>,
    ) -> Result<TransactionStatus, ClientError> {
        self.json(&path::transaction(id), reader).await
    }

    /// A zone's report of a month; where the zone does not publish it, for its operator and its merchants:
    /// unsigned without a reader.
    ///
    /// # Errors
    /// As any read.
    pub async fn zone_report(
        &self,
        zone: ZoneId,
        month: Month,
        reader: Option<&Reader>,
    ) -> Result<ZoneReportBody, ClientError> {
        self.json(&path::zone_report(zone, month), reader).await
    }

    /// The receipt of a transaction that a block holds, or comes to hold while the node waits.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with `UnknownTransaction` where no block holds it by then.
    pub async fn receipt(&self, id: &TransactionId, wait: Wait) -> Result<Receipt, ClientError> {
        let body: ReceiptBody = self.json(&path::receipt(id).with(&wait), None).await?;
        body.receipt().map_err(ClientError::answer)
    }

    async fn json<T: DeserializeOwned>(
        &self,
        path: &Path,
        reader: Option<&Reader>,
    ) -> Result<T, ClientError> {
        serde_json::from_slice(&self.octets(path, reader).await?).map_err(ClientError::answer)
    }

    async fn text(&self, path: &Path, reader: Option<&Reader>) -> Result<String, ClientError> {
        let octets = self.octets(path, reader).await?;
        String::from_utf8(octets.into()).map_err(ClientError::answer)
    }

    async fn octets(&self, path: &Path, reader: Option<&Reader>) -> Result<Bytes, ClientError> {
        let request = Request { path, reader, accept: None, body: None };
        self.ask(&request, self.deadline()).await
    }
}

impl Client {
    /// A merchant of a zone that need not publish its merchants, for whoever may read of it.
    ///
    /// # Errors
    /// As [`Client::merchant`].
    pub async fn merchant_for(
        &self,
        zone: ZoneId,
        address: &str,
        reader: &Reader,
    ) -> Result<MerchantBody, ClientError> {
        self.json(&path::merchant(zone, address), Some(reader)).await
    }
}
