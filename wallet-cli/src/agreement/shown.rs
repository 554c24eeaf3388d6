//! The notice that was read: it must be the one that was published, in its current version.

use std::path::PathBuf;

use clap::Args;
use consent_records::commitment::TAG_PRESENTATION;
use ledger_types::consent::Language;
use ledger_types::{Hash, NoticeId, PartyId, Timestamp};
use serde_json::{Value, json};

use crate::app::App;
use crate::client::Client;
use crate::consents::{Evidence, KeptNotice};
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::reading;

/// The text of a notice that was read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadNotice {
    /// The notice's text as you read it; its hash must be the published one.
    #[arg(long, value_name = "FILE")]
    pub(crate) notice_file: PathBuf,
    /// Language of the notice that you read; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) notice_language: Option<String>,
}

/// A notice and its text.
#[derive(Clone, Debug, Args)]
pub(crate) struct WithNotice {
    /// The notice that you read.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) notice: u32,
    /// Its text.
    #[command(flatten)]
    pub(crate) read: ReadNotice,
}

/// A notice's text that somebody read, in the version that is current.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) notice: NoticeId,
    pub(crate) version: u32,
    pub(crate) language: Language,
    pub(crate) text: Hash,
}

impl Shown {
    /// Checks the text in hand against the published one.
    pub(crate) async fn check(
        app: &App,
        client: &Client,
        (party, notice): (PartyId, NoticeId),
        read: &ReadNotice,
    ) -> Result<Self, Failure> {
        let text = reading::file_hash(&read.notice_file)?;
        let published = client.notice(party, notice).await?;
        let own = match app.output.lang {
            Lang::Ja => "ja",
            Lang::En => "en",
        };
        let tag = read.notice_language.as_deref().unwrap_or(own);
        let language = Language::new(tag)
            .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-language").with("language", tag))?;
        let content = published.contents.iter().find(|content| content.language == language);
        if content.map(|content| content.content_hash) != Some(text) {
            return Err(Failure::new(Exit::Verification, "err-notice-differs")
                .with("path", read.notice_file.display())
                .with("language", tag));
        }
        Ok(Self { notice, version: published.version, language, text })
    }

    /// The evidence that it was presented, with what else is to be remembered of it.
    pub(crate) fn presented(
        &self,
        at: Timestamp,
        more: Option<Value>,
    ) -> Result<Evidence, Failure> {
        let mut document = json!({
            "notice": self.notice, "version": self.version,
            "language": self.language.to_string(), "content_hash": self.text,
            "presented_at_ms": at,
        });
        if let (Some(more), Some(members)) = (more, document.as_object_mut()) {
            members.insert("form".to_owned(), more);
        }
        Evidence::of(TAG_PRESENTATION, document)
    }

    /// What the vault keeps of it.
    pub(crate) fn kept(&self) -> KeptNotice {
        KeptNotice {
            notice: self.notice,
            version: self.version,
            language: self.language.to_string(),
            content_hash: self.text,
        }
    }
}
