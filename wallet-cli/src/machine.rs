//! What the machine says went wrong, in the reader's words: the one place that puts them.
//!
//! English texts have the operating system's own words. Japanese ones have a sentence for each kind,
//! and where there is no kind, the number by which the system's makers know it.

use std::io::{Error, ErrorKind};

use crate::i18n::Lang;

/// Why a file could not be read or written.
pub(crate) fn file_words(lang: Lang, error: &Error) -> String {
    match (lang, error.raw_os_error()) {
        (Lang::En, _) => error.to_string(),
        (Lang::Ja, number) => {
            let key = file_key(error.kind());
            let number = number.map_or_else(|| "-".to_owned(), |number| number.to_string());
            lang.text(key, &[("number", &number)])
        }
    }
}

/// Why a node did not answer; `reason` is the system's own text.
pub(crate) fn network_words(lang: Lang, kind: ErrorKind, reason: &str) -> String {
    match lang {
        Lang::En => reason.to_owned(),
        Lang::Ja => lang.text(network_key(kind), &[]),
    }
}

fn file_key(kind: ErrorKind) -> &'static str {
    use ErrorKind as Of;
    match kind {
        Of::NotFound => "label-io-not-found",
        Of::PermissionDenied => "label-io-not-allowed",
        Of::AlreadyExists => "label-io-there-already",
        Of::IsADirectory => "label-io-is-a-folder",
        Of::NotADirectory => "label-io-not-a-folder",
        Of::DirectoryNotEmpty => "label-io-not-empty",
        Of::StorageFull | Of::QuotaExceeded => "label-io-full",
        Of::FileTooLarge => "label-io-too-large",
        Of::ReadOnlyFilesystem => "label-io-read-only",
        Of::InvalidData => "label-io-not-text",
        Of::UnexpectedEof => "label-io-cut",
        Of::InvalidInput | Of::InvalidFilename => "label-io-bad-name",
        Of::ResourceBusy | Of::ExecutableFileBusy | Of::WouldBlock => "label-io-busy",
        Of::BrokenPipe => "label-io-nobody-reads",
        Of::Interrupted | Of::TimedOut => "label-io-broken-off",
        // Kinds are added to, and some have no name: the number says which it is.
        _ => "label-io-other",
    }
}

fn network_key(kind: ErrorKind) -> &'static str {
    use ErrorKind as Of;
    match kind {
        Of::ConnectionRefused => "label-net-nothing-there",
        Of::ConnectionReset
        | Of::ConnectionAborted
        | Of::NotConnected
        | Of::BrokenPipe
        | Of::UnexpectedEof => "label-net-broken-off",
        Of::HostUnreachable | Of::NetworkUnreachable | Of::NetworkDown => "label-net-no-way",
        Of::AddrNotAvailable | Of::InvalidInput => "label-net-no-address",
        Of::InvalidData => "label-net-not-trusted",
        Of::TimedOut => "label-net-in-time",
        // Such as a name that nobody knows.
        _ => "label-net-other",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::file_failure;

    const KINDS: [ErrorKind; 16] = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::AlreadyExists,
        ErrorKind::IsADirectory,
        ErrorKind::NotADirectory,
        ErrorKind::DirectoryNotEmpty,
        ErrorKind::StorageFull,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::InvalidData,
        ErrorKind::UnexpectedEof,
        ErrorKind::ConnectionRefused,
        ErrorKind::ConnectionReset,
        ErrorKind::HostUnreachable,
        ErrorKind::TimedOut,
        ErrorKind::BrokenPipe,
        ErrorKind::Other,
    ];

    fn has_latin(text: &str) -> bool {
        text.chars().any(|c| c.is_ascii_alphabetic())
    }

    #[test]
    fn a_japanese_io_error_has_no_latin_letter_beside_its_path() {
        let path = Path::new("/tmp/x.json");
        for errno in 1..=133 {
            let error = Error::from_raw_os_error(errno);
            let message = file_failure(path, &error).message(Lang::Ja);
            let rest = message.replace("/tmp/x.json", "");
            assert!(rest.len() < message.len() && !has_latin(&rest), "{errno}: {message}");
        }
        for kind in KINDS {
            let words = file_words(Lang::Ja, &Error::new(kind, "os error"));
            assert!(!words.is_empty() && !has_latin(&words), "{kind}: {words}");
            let words = network_words(Lang::Ja, kind, "Connection refused (os error 111)");
            assert!(!words.is_empty() && !has_latin(&words), "{kind}: {words}");
        }
    }

    #[test]
    fn english_keeps_the_systems_own_words() {
        let error = Error::from_raw_os_error(2);
        assert_eq!(file_words(Lang::En, &error), error.to_string());
        assert_eq!(network_words(Lang::En, ErrorKind::Other, "dns error"), "dns error");
    }
}
