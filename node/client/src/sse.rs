//! Server-sent events as they arrive in pieces (WHATWG HTML, section 9.2), bounded.

/// The most bytes of one event.
const EVENT_BYTES_MAX: usize = 64 * 1024;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// Its type; empty means `message`.
    pub(super) kind: String,
    /// Its data, lines joined.
    pub(super) data: String,
}

/// Puts pieces together.
#[derive(Debug, Default)]
pub(super) struct SseParser {
    line: Vec<u8>,
    event: SseEvent,
    length: usize,
}

/// An event is longer than this client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {EVENT_BYTES_MAX} bytes")]
pub(super) struct EventTooLong;

impl SseParser {
    /// Takes a piece and gives the events that it completes.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<SseEvent>, EventTooLong> {
        let mut events = Vec::new();
        for byte in piece {
            if *byte != b'\n' {
                self.line.push(*byte);
                self.length += 1;
                if self.length > EVENT_BYTES_MAX {
                    return Err(EventTooLong);
                }
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line));
            if line.is_empty() {
                self.length = 0;
                let event = std::mem::take(&mut self.event);
                if !event.data.is_empty() {
                    events.push(event);
                }
            } else {
                self.field(&line);
            }
        }
        Ok(events)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event.kind),
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": hello\n\nid: 1\nevent: block\ndata: {\"a\":\ndata: 1}\r\n\r\n\
                          retry: 5\n\ndata:x\n\n";

    #[test]
    fn events_are_the_same_however_the_stream_is_cut() {
        let expected = [
            SseEvent { kind: "block".to_owned(), data: "{\"a\":\n1}".to_owned() },
            SseEvent { kind: String::new(), data: "x".to_owned() },
        ];
        for size in 1..STREAM.len() {
            let mut parser = SseParser::default();
            let events: Vec<SseEvent> = STREAM
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| parser.push(piece).unwrap())
                .collect();
            assert_eq!(events, expected, "pieces of {size}");
        }
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut parser = SseParser::default();
        assert_eq!(parser.push(&vec![b'x'; EVENT_BYTES_MAX + 1]), Err(EventTooLong));
    }
}
