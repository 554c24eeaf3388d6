//! Every error that the API itself answers, numbered: 6xxx for requests, 7xxx for the node.
//!
//! A number, once given, keeps its meaning for ever and is never given again. Beside these the API
//! passes on the ledger's own: 1xxx for transactions that no block may hold, and in receipts 2xxx
//! to 5xxx for rules that a transaction broke.

/// An enum of errors by their stable numbers: `Name = number, HTTP status, "title";` a row.
#[macro_export]
macro_rules! codes {
    ($(#[$of:meta])* pub enum $codes:ident {
        $( $(#[$doc:meta])* $name:ident = $number:literal, $status:literal, $title:literal; )*
    }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $codes { $( $(#[$doc])* $name, )* }

        impl $codes {
            /// Every code, in order of number.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable number.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $( Self::$name => $number, )* }
            }

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $( Self::$name => $status, )* }
            }

            /// What it means, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }
        }
    };
}

codes! {
    /// An error of the API.
    pub enum ApiCode {
        /// A part of the path, the query or the headers does not parse.
        MalformedRequest = 6001, 400, "The request cannot be understood";
        /// There is nothing at this path.
        NoSuchPath = 6002, 404, "There is nothing at this path";
        /// The path does not know the method.
        MethodNotAllowed = 6003, 405, "The path does not take this method";
        /// The body has more bytes than it may.
        BodyTooLarge = 6004, 413, "The body is too large";
        /// The body's media type is not one that the path takes.
        UnsupportedMediaType = 6005, 415, "The body's media type is not supported";
        /// The body is JSON of another shape than it should be.
        UnprocessableBody = 6006, 422, "The body does not have the right form";
        /// More requests than one peer may make.
        TooManyRequests = 6007, 429, "Too many requests";
        /// The request did not arrive, or could not be answered, in time.
        RequestTimeout = 6008, 408, "The request took too long";
        /// The text is not an address of this network.
        BadAddress = 6009, 400, "The address is not one of this network";
        /// The cursor is not one that this API gave.
        BadCursor = 6010, 400, "The cursor is not valid";
        /// A page's limit or a wait is out of range.
        OutOfRange = 6011, 400, "A number is out of range";
        /// A header's fields are more than the node reads.
        HeadersTooLarge = 6012, 431, "The headers are too large";
        /// The text has the checksum of an address, but not its length: another spelling of an account.
        BadAddressLength = 6013, 400, "The address does not have the length of one";
        /// HTTP/1.1 names the host of a request once.
        BadHost = 6014, 400, "The request must name its host once";

        /// The path is read by signed requests only.
        SignatureMissing = 6101, 401, "The request must be signed";
        /// The signature's headers do not have the right form.
        SignatureMalformed = 6102, 401, "The signature's headers are malformed";
        /// The signature was made too long ago, too far ahead, or has run out.
        SignatureStale = 6103, 401, "The signature is not current";
        /// The signature is not the reader's over this request.
        SignatureInvalid = 6104, 401, "The signature does not verify";
        /// The body is not the one that was signed.
        DigestMismatch = 6105, 401, "The body is not the one that was signed";
        /// The ledger knows no account, subject or party at the reader's address.
        UnknownReader = 6106, 401, "The reader is not known to the ledger";
        /// The reader has no right to read this.
        NotEntitled = 6107, 403, "The reader has no right to this";
        /// A subject's log is read by a party only once the ledger has recorded that it reads.
        ReadNotRecorded = 6108, 403, "Reading this log must be recorded on the ledger first";
        /// The recorded read is older than it may be.
        ReadTooOld = 6109, 403, "The recorded read is too old";
        /// The audit view is not the reader's, not in force, or not about this.
        ViewRefused = 6110, 403, "The audit view does not allow this";

        /// No block holds the transaction and it does not wait for one here.
        UnknownTransaction = 6201, 404, "The transaction is not known";
        /// The account does not exist.
        AccountNotFound = 6202, 404, "The account does not exist";
        /// The height was not reached yet.
        BlockNotFound = 6203, 404, "The block does not exist yet";
        /// The block was pruned.
        BlockPruned = 6204, 410, "The block is no longer stored here";
        /// The zone does not exist.
        ZoneNotFound = 6205, 404, "The zone does not exist";
        /// The party does not exist.
        PartyNotFound = 6206, 404, "The party does not exist";
        /// The notice does not exist.
        NoticeNotFound = 6207, 404, "The notice does not exist";
        /// The consent does not exist.
        ConsentNotFound = 6208, 404, "The consent does not exist";
        /// The audit log has no such tile or entry.
        NotInAuditLog = 6209, 404, "The audit log has no such tile or entry";
        /// The public registries hold no such entry.
        NotInRegistry = 6210, 404, "The registry holds no such entry";
        /// The access was not permitted, or not yet.
        AccessNotFound = 6211, 404, "The access does not exist";
        /// The entries were taken out of the audit log here; their hashes are served still.
        EntriesPruned = 6212, 410, "These entries are no longer stored here";
        /// The bank did not use the core banking reference.
        ReferenceNotFound = 6213, 404, "The bank did not use this reference";
        /// The node serves no directory of public names.
        NoDirectory = 6214, 404, "This node serves no directory of names";
        /// There was no settlement cycle with this number.
        CycleNotFound = 6219, 404, "There was no settlement cycle with this number";
        /// The settlement cycle ended and has left the ledger's state: the histories of the settlement operator
        /// and of every bank that had something to pay or to get have all of it still.
        CycleLeft = 6220, 410, "The settlement cycle ended and has left the state";
        /// The zone lists its merchants to its operator and to them alone.
        MerchantsNotPublished = 6221, 403, "The zone does not publish its merchants";
        /// The premium voucher programme does not exist.
        ProgrammeNotFound = 6222, 404, "The programme does not exist";
        /// The programme has no such round.
        RoundNotFound = 6223, 404, "The programme has no such round";
        /// The account is no merchant of the zone.
        MerchantNotFound = 6224, 404, "The account is no merchant of the zone";
        /// The programme was reconciled: its applications and secrets have left the ledger's state.
        LotteryLeft = 6225, 410, "The programme was reconciled and its lotteries have left the state";
        /// There is no such payment at a shop, or not any more: it is refunded for some weeks.
        PaymentNotFound = 6226, 404, "The payment does not exist, or not any more";
        /// The shop has no such terminal.
        TerminalNotFound = 6227, 404, "The shop has no such terminal";
        /// The zone gives its monthly report to its operator and to its merchants alone.
        ReportNotPublished = 6228, 403, "The zone does not publish its monthly report";
        /// No such bank keeps accounts here.
        BankNotFound = 6229, 404, "The bank does not exist";

        /// The node holds as many waiting transactions as it may.
        MempoolFull = 7001, 503, "The node cannot take more transactions now";
        /// The sender has as many transactions waiting as it may.
        AccountQuotaReached = 7002, 429, "The account has too many transactions waiting";
        /// The node does not keep the index that the answer needs.
        IndexDisabled = 7003, 501, "This node does not keep the index";
        /// The node is not ready to serve.
        NotReady = 7004, 503, "The node is not ready";
        /// The node failed; its log says why.
        InternalFault = 7005, 500, "The node failed";
        /// The node is shutting down.
        ShuttingDown = 7006, 503, "The node is shutting down";
        /// As many streams are open as the node serves.
        TooManyStreams = 7007, 503, "The node serves as many streams as it can";
        /// Another transaction with the same account and nonce waits; the first is kept.
        NonceTaken = 7008, 409, "A transaction with this nonce waits already";
        /// Too much waits for verification, or too many requests are being answered.
        Busy = 7009, 503, "The node is busy";
        /// Clients of this node have as many transactions waiting as they may.
        SourceQuotaReached = 7010, 503, "The clients of this node have too many transactions waiting";
        /// Whoever pays for the transaction has used its allowance; `Retry-After` says until when.
        AllowanceUsed = 7011, 429, "The payer's allowance is used up for now";
    }
}

impl ApiCode {
    /// The code with this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_names_differ_from_the_ledgers() {
        let numbers: Vec<u16> = ApiCode::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
        for code in ApiCode::ALL {
            assert!((6001..8000).contains(&code.number()));
            assert_eq!(ApiCode::from_number(code.number()), Some(*code));
            let ledgers = ledger_types::Rejection::ALL;
            assert!(ledgers.iter().all(|(_, name)| *name != code.name()), "{}", code.name());
        }
    }
}
