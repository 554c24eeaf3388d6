//! `status`: what a running node says about itself.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use kyojo_cli::{Exit, Failure, Format, Reply, finish};
use node_api::path;
use serde_json::{Value, json};

use crate::config::Home;

const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Show what a running node says about itself
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kyojo-node status --home /var/lib/kyojo
  kyojo-node status --url http://127.0.0.1:26602 --json")]
pub struct Status {
    /// The node's interface; that of the home directory's configuration where it is not given
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The home directory
    #[arg(long, env = "KYOJO_HOME", value_name = "DIR", required_unless_present = "url")]
    home: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        finish(&self.asked(), Format::of(self.json))
    }

    fn asked(&self) -> Result<Reply, Failure> {
        let host = self.host().map_err(|reason| Failure::new(Exit::Config, "Config", reason))?;
        let ask = |path| {
            get(&host, path).map_err(|reason| {
                Failure::new(Exit::Unreachable, "Unreachable", format!("{host}: {reason}"))
            })
        };
        let (status, ready) = (ask(path::STATUS)?, ask(path::READYZ)?);
        let text = [lines(&status), lines(&ready)].concat().join("\n");
        Ok(Reply::new(json!({ "status": status, "readiness": ready }), text))
    }

    fn host(&self) -> Result<String, String> {
        if let Some(url) = &self.url {
            let rest = url.strip_prefix("http://").ok_or("the URL must begin with http://")?;
            return Ok(rest.trim_end_matches('/').to_owned());
        }
        let home = self.home.as_deref().ok_or("neither --url nor --home is given")?;
        let home = Home::load(home).map_err(|error| error.to_string())?;
        Ok(home.config.api.listen.to_string())
    }
}

fn lines(value: &Value) -> Vec<String> {
    let line = |(name, value): (&String, &Value)| match value.as_str() {
        Some(text) => format!("{name:<24} {text}"),
        None => format!("{name:<24} {value}"),
    };
    value.as_object().into_iter().flatten().map(line).collect()
}

/// Whether a node says that it is of use.
pub(super) fn is_ready(host: &str) -> bool {
    get(host, path::READYZ).is_ok_and(|answer| answer["status"] == "ok")
}

/// One GET over plain HTTP/1.1, its JSON body whatever the status code.
fn get(host: &str, path: &str) -> Result<Value, String> {
    let mut stream = TcpStream::connect(host).map_err(|error| error.to_string())?;
    let text = |error: std::io::Error| error.to_string();
    stream.set_read_timeout(Some(ANSWER_WITHIN)).map_err(text)?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(text)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).map_err(text)?;
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let body = split.and_then(|at| answer.get(at + 4..)).ok_or("not an HTTP answer")?;
    serde_json::from_slice(body).map_err(|error| format!("{path} answered no JSON: {error}"))
}
