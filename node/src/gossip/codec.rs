//! Frames on a stream: each side writes one, and reads no more than is allowed.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;
use libp2p::request_response;

use super::message::{REQUEST_BYTES_MAX, RESPONSE_BYTES};

/// The protocol's name on the wire.
pub(super) const PROTOCOL: StreamProtocol = StreamProtocol::new("/kyojo/transactions/1");

/// Reads and writes the bytes; their meaning is read by whoever acts on it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Codec;

#[async_trait]
impl request_response::Codec for Codec {
    type Protocol = StreamProtocol;
    type Request = Bytes;
    type Response = Bytes;

    async fn read_request<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Bytes>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io, REQUEST_BYTES_MAX).await
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Bytes>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io, RESPONSE_BYTES).await
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        request: Bytes,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &request).await
    }

    async fn write_response<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        response: Bytes,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &response).await
    }
}

/// Reads one frame: its length (u32 LE), then that many bytes.
///
/// A frame that announces more than `most` is read as an empty one, which no message is, and none
/// of it is taken: the swarm keeps failures to read a request to itself, and this one is an
/// offence.
///
/// # Errors
/// `UnexpectedEof` where the stream ends early, as it does when the other side gives up or goes.
async fn read<T>(io: &mut T, most: usize) -> io::Result<Bytes>
where
    T: AsyncRead + Unpin + Send,
{
    let mut length = [0; 4];
    io.read_exact(&mut length).await?;
    let length = u32::from_le_bytes(length);
    if usize::try_from(length).map_or(true, |length| length > most) {
        return Ok(Bytes::new());
    }
    // The buffer grows with what arrives, not with what was announced.
    let mut bytes = Vec::new();
    let read = io.take(u64::from(length)).read_to_end(&mut bytes).await?;
    if read as u64 == u64::from(length) {
        Ok(Bytes::from(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Writes one frame as [`read`] reads it, in one piece.
async fn write<T>(io: &mut T, bytes: &[u8]) -> io::Result<()>
where
    T: AsyncWrite + Unpin + Send,
{
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut frame = Vec::with_capacity(length.to_le_bytes().len() + bytes.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(bytes);
    io.write_all(&frame).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::Cursor;

    #[tokio::test]
    async fn a_frame_is_read_as_written_and_its_bounds_are_kept() {
        let mut stream = Cursor::new(Vec::new());
        write(&mut stream, b"frame").await.expect("memory takes it");
        let whole = stream.into_inner();
        let frame = read(&mut Cursor::new(&whole), 5).await.expect("it is whole");
        assert_eq!(frame, &b"frame"[..]);
        let kind = |error: io::Error| error.kind();
        let over = read(&mut Cursor::new(&whole), 4).await.map_err(kind);
        assert_eq!(over, Ok(Bytes::new()));
        for cut in 0..whole.len() {
            let cut = read(&mut Cursor::new(&whole[..cut]), 5).await.map_err(kind);
            assert_eq!(cut, Err(io::ErrorKind::UnexpectedEof));
        }
    }
}
