//! The one JSON envelope that every tool prints on stdout under `--json`.

use serde::Serialize;

/// What a tool prints: a result or errors, never both.
#[derive(Debug, Serialize)]
pub struct Envelope<T: Serialize> {
    schema_version: u32,
    success: bool,
    data: Option<T>,
    errors: Vec<ErrorEntry>,
    warnings: Vec<String>,
}

/// One error with a stable code.
#[derive(Debug, Serialize)]
pub struct ErrorEntry {
    /// The stable code.
    pub code: String,
    /// What happened, for people.
    pub message: String,
}

impl<T: Serialize> Envelope<T> {
    /// The envelope of a result.
    pub fn of(data: T, warnings: Vec<String>) -> Self {
        Self { schema_version: 1, success: true, data: Some(data), errors: Vec::new(), warnings }
    }

    /// The envelope of a failure.
    pub fn failed(code: &str, message: String) -> Self {
        let entry = ErrorEntry { code: code.to_owned(), message };
        Self {
            schema_version: 1,
            success: false,
            data: None,
            errors: vec![entry],
            warnings: vec![],
        }
    }

    /// The envelope as one line of JSON.
    ///
    /// # Errors
    /// A value that JSON cannot hold, such as a map with keys that are not text.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}
