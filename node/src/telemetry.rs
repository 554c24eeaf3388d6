//! Logs and metrics: terminal text or JSON lines, Prometheus; never a key or personal data.
