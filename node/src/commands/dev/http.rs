//! The least of HTTP/1.1 that speaks to a node on this machine: one connection, kept open.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The largest answer that is read.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status code.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, where the answer is a success.
    pub(super) fn json(&self) -> anyhow::Result<serde_json::Value> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!(self.status == 200 || self.status == 202, "status {}: {text}", self.status);
        serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
    }
}

/// A client of one node. A failed exchange closes the connection; the next one opens it again.
#[derive(Debug)]
pub(super) struct Client {
    address: SocketAddr,
    connection: Option<BufStream<TcpStream>>,
}

impl Client {
    /// A client of the node at `address`; nothing is opened yet.
    pub(super) const fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    /// Reads a resource.
    pub(super) async fn get(&mut self, path: &str, accept: &str) -> anyhow::Result<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\naccept: {accept}\r\n");
        self.exchange(&head, &[]).await
    }

    /// Reads a resource as JSON, with these headers beside.
    pub(super) async fn get_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let mut head = format!("GET {path} HTTP/1.1\r\naccept: application/json\r\n");
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        self.exchange(&head, &[]).await
    }

    /// Reads a resource as JSON.
    pub(super) async fn json(&mut self, path: &str) -> anyhow::Result<serde_json::Value> {
        let answer = self.get(path, "application/json").await?;
        answer.json().with_context(|| format!("GET {path}"))
    }

    /// Sends bytes.
    pub(super) async fn post(&mut self, path: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/octet-stream\r\n\
             content-length: {}\r\n",
            body.len()
        );
        self.exchange(&head, body).await
    }

    async fn exchange(&mut self, head: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => BufStream::new(TcpStream::connect(self.address).await?),
        };
        let head = format!("{head}host: {}\r\n\r\n", self.address);
        let exchange = async {
            connection.write_all(head.as_bytes()).await?;
            connection.write_all(body).await?;
            connection.flush().await?;
            read_answer(&mut connection).await
        };
        let answer = timeout(ANSWER_WITHIN, exchange).await.context("no answer in time")??;
        self.connection = Some(connection);
        Ok(answer)
    }
}

async fn read_answer(connection: &mut BufStream<TcpStream>) -> anyhow::Result<Answer> {
    let first = read_line(connection).await?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status: u16 = status.with_context(|| format!("not HTTP: {first}"))?;
    let mut length = None;
    let mut chunked = false;
    loop {
        let line = read_line(connection).await?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = Some(value.trim().parse::<usize>()?);
        }
        chunked |= line.strip_prefix("transfer-encoding:").is_some_and(|v| v.trim() == "chunked");
    }
    let body = match length {
        Some(length) => read_exactly(connection, length).await?,
        None if chunked => read_chunks(connection).await?,
        None => bail!("an answer without a length"),
    };
    Ok(Answer { status, body })
}

async fn read_line(connection: &mut BufStream<TcpStream>) -> anyhow::Result<String> {
    let mut line = String::new();
    ensure!(connection.read_line(&mut line).await? > 0, "the node closed the connection");
    Ok(line.trim_end().to_owned())
}

async fn read_exactly(
    connection: &mut BufStream<TcpStream>,
    length: usize,
) -> anyhow::Result<Vec<u8>> {
    ensure!(length <= BODY_BYTES_MAX, "an answer of {length} bytes");
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(body)
}

async fn read_chunks(connection: &mut BufStream<TcpStream>) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(connection).await?;
        let length = usize::from_str_radix(line.split(';').next().unwrap_or_default(), 16)?;
        ensure!(body.len() + length.min(BODY_BYTES_MAX) <= BODY_BYTES_MAX, "a huge answer");
        body.extend(read_exactly(connection, length).await?);
        read_line(connection)
            .await
            .or_else(|error| if length == 0 { Ok(String::new()) } else { Err(error) })?;
        if length == 0 {
            return Ok(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A server that gives each request on one connection the next answer.
    async fn serve(answers: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufStream::new(stream);
            for answer in answers {
                let mut length = 0;
                loop {
                    let line = read_line(&mut stream).await.unwrap();
                    if let Some(value) = line.strip_prefix("content-length: ") {
                        length = value.parse().unwrap();
                    }
                    if line.is_empty() {
                        break;
                    }
                }
                read_exactly(&mut stream, length).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn one_connection_carries_answers_of_both_kinds() {
        let address = serve(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"height\":7}",
            "HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            "HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}",
        ])
        .await;
        let mut client = Client::new(address);
        assert_eq!(client.json("/v1/status").await.unwrap()["height"], 7);
        let missing = client.get("/v1/x", "*/*").await.unwrap();
        assert_eq!((missing.status, missing.body.as_slice()), (404, b"abcde".as_slice()));
        assert!(client.post("/v1/y", b"body").await.unwrap().json().is_ok());
    }

    #[tokio::test]
    async fn a_refusal_is_no_success() {
        let address = serve(&["HTTP/1.1 503 No\r\ncontent-length: 4\r\n\r\nbusy"]).await;
        let error = Client::new(address).json("/v1/status").await.unwrap_err();
        assert!(format!("{error:#}").contains("503"), "{error:#}");
    }
}
