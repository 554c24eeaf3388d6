//! Logs: one line an event, and nothing of what the consensus engine says while it is being stopped.
//!
//! A validator that catches up changes its role, and for that one engine ends and another begins. What
//! the first one's parts then say of each other's end means nothing. Its errors carry the place in its
//! source and a backtrace, which no operator can use: an event is cut where these begin.

use std::io::{self, IsTerminal as _, Write};

use tracing::Metadata;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, registry};

use crate::config::{LogConfig, LogFormat};

/// What the engine's crates are called in logs.
const ENGINE: &str = "arc_malachitebft";
/// Where an error's place and backtrace begin, as its text has it and as JSON has it.
const TRACES: [&str; 4] =
    ["\n\nLocation:", "\n\nStack backtrace:", r"\n\nLocation:", r"\n\nStack backtrace:"];

/// Sends logs to standard error. The variable `KYOJO_LOG` overrides the configured level.
///
/// Does nothing where the process has a logger already.
pub fn init(config: &LogConfig) {
    let default = format!(
        "{},libp2p=warn,hickory=warn,informalsystems_malachitebft=warn,{ENGINE}=warn,\
         {ENGINE}_engine::util::ticker=off,{ENGINE}_discovery::controller=off",
        config.level.as_str()
    );
    let filter = EnvFilter::try_from_env("KYOJO_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let told = dynamic_filter_fn(|metadata: &Metadata<'_>, _| {
        !(node_consensus::is_engine_stopping() && metadata.target().starts_with(ENGINE))
    });
    let lines = tracing_subscriber::fmt::layer()
        // Whoever closes the pipe of the logs has read enough; to say so there would be a panic.
        .log_internal_errors(false)
        .with_writer(Lines)
        .with_ansi(io::stderr().is_terminal());
    // A second call, as tests make, leaves the first logger in place.
    let _ = match config.format {
        LogFormat::Text => registry().with(filter).with(lines.with_filter(told)).try_init(),
        LogFormat::Json => registry().with(filter).with(lines.json().with_filter(told)).try_init(),
    };
}

/// Standard error, an event a line.
#[derive(Clone, Copy, Debug)]
struct Lines;

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        io::stderr().write_all(one_line(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// An event in one line, without places in source code and backtraces.
fn one_line(event: &str) -> String {
    let mut text = event.trim_end().to_owned();
    while let Some(begins) = TRACES.iter().filter_map(|trace| text.find(trace)).min() {
        // In JSON the text ends with its quotation mark, which a backtrace does not contain.
        let is_json = text.starts_with('{');
        let rest = text.get(begins..).unwrap_or_default();
        let ends = rest.find('"').filter(|_| is_json).map_or(text.len(), |at| begins + at);
        text.replace_range(begins..ends, "");
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join(" ") + "\n"
}

#[cfg(test)]
mod tests {
    use super::one_line;

    const TRACE: &str = "\n\nLocation:\n    /src/sync.rs:441:22\n\nStack backtrace:\n   0: core\n";

    #[test]
    fn an_event_is_one_line_without_backtraces() {
        let event = format!("WARN sync: it failed error=Messaging(RecvErr){TRACE}\n");
        assert_eq!(one_line(&event), "WARN sync: it failed error=Messaging(RecvErr)\n");
        let escaped = TRACE.replace('\n', r"\n");
        let json = format!("{{\"error\":\"it failed{escaped}\",\"target\":\"sync\"}}\n");
        assert_eq!(one_line(&json), "{\"error\":\"it failed\",\"target\":\"sync\"}\n");
        let dialling = "ERROR dialling: [\n - refused:\n - refused)]\n";
        assert_eq!(one_line(dialling), "ERROR dialling: [ - refused: - refused)]\n");
        assert_eq!(one_line("INFO all is well\n"), "INFO all is well\n");
    }
}
