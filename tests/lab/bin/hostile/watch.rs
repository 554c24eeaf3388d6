//! Looks at the validators' memory while they are attacked.

use std::time::{Duration, Instant};

use kyojo_tests::measure::resident_bytes;
use serde::Serialize;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(250);

/// A validator's resident memory.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Memory {
    /// When it began.
    pub(crate) before_bytes: u64,
    /// The most of it.
    pub(crate) most_bytes: u64,
    /// At the end.
    pub(crate) after_bytes: u64,
}

impl Memory {
    /// By how much it grew at most.
    pub(crate) const fn growth(&self) -> u64 {
        self.most_bytes.saturating_sub(self.before_bytes)
    }
}

/// Looks at processes until an instant. Of one that is gone nothing more is seen; whoever runs it
/// will say so.
pub(crate) async fn watch(pids: Vec<u32>, until: Instant) -> Vec<Memory> {
    let look = |pid: &u32| resident_bytes(*pid).ok();
    let begin = |pid: &u32| {
        let bytes = look(pid).unwrap_or_default();
        Memory { before_bytes: bytes, most_bytes: bytes, after_bytes: bytes }
    };
    let mut seen: Vec<Memory> = pids.iter().map(begin).collect();
    while Instant::now() < until {
        tokio::time::sleep(EVERY).await;
        for (memory, pid) in seen.iter_mut().zip(&pids) {
            if let Some(bytes) = look(pid) {
                memory.after_bytes = bytes;
                memory.most_bytes = memory.most_bytes.max(bytes);
            }
        }
    }
    seen
}
