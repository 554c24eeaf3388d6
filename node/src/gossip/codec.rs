//! Frames on a stream: a length, then that many bytes, and none longer than is allowed.

use std::io;

use bytes::Bytes;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;

/// The protocol's name on the wire.
pub(super) const PROTOCOL: StreamProtocol = StreamProtocol::new("/kyojo/transactions/4");

/// Reads one frame: its length (u32 LE), then that many bytes.
///
/// # Errors
/// `InvalidData` where more than `most` bytes are announced: none of them is taken.
/// `UnexpectedEof` where the stream ends, as it does when the other side gives up or goes.
pub(super) async fn read<T>(io: &mut T, most: usize) -> io::Result<Bytes>
where
    T: AsyncRead + Unpin + Send,
{
    let mut length = [0; 4];
    io.read_exact(&mut length).await?;
    let length = u32::from_le_bytes(length);
    if usize::try_from(length).map_or(true, |length| length > most) {
        return Err(io::ErrorKind::InvalidData.into());
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

/// Writes one frame as [`read`] reads it, in one piece; it may wait until the stream is flushed.
///
/// # Errors
/// What the stream says.
pub(super) async fn write<T>(io: &mut T, bytes: &[u8]) -> io::Result<()>
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
        assert_eq!(over, Err(io::ErrorKind::InvalidData));
        for cut in 0..whole.len() {
            let cut = read(&mut Cursor::new(&whole[..cut]), 5).await.map_err(kind);
            assert_eq!(cut, Err(io::ErrorKind::UnexpectedEof));
        }
    }
}
