//! How many messages and bytes went each way, by topic.

use core::fmt;

use prometheus_client::encoding::{
    EncodeLabelKey, EncodeLabelSet, EncodeLabelValue, LabelSetEncoder,
};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::message::Topic;

impl EncodeLabelSet for Topic {
    fn encode(&self, mut encoder: LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        let mut label = encoder.encode_label();
        let mut key = label.encode_label_key()?;
        EncodeLabelKey::encode(&"topic", &mut key)?;
        let mut value = key.encode_label_value()?;
        EncodeLabelValue::encode(&self.to_string().as_str(), &mut value)?;
        value.finish()
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    messages_sent: Family<Topic, Counter>,
    bytes_sent: Family<Topic, Counter>,
    messages_received: Family<Topic, Counter>,
    bytes_received: Family<Topic, Counter>,
}

impl Metrics {
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let rows = [
            ("messages_sent", "Messages sent, once for each peer", &metrics.messages_sent),
            ("bytes_sent", "Bytes of messages sent", &metrics.bytes_sent),
            ("messages_received", "Messages received", &metrics.messages_received),
            ("bytes_received", "Bytes of messages received", &metrics.bytes_received),
        ];
        for (name, help, family) in rows {
            registry.register(name, help, family.clone());
        }
        metrics
    }

    /// One message of so many bytes went to so many peers.
    pub(crate) fn sent(&self, topic: &Topic, peers: usize, bytes: usize) {
        self.messages_sent.get_or_create(topic).inc_by(peers as u64);
        self.bytes_sent.get_or_create(topic).inc_by((peers * bytes) as u64);
    }

    pub(crate) fn received(&self, topic: &Topic, bytes: usize) {
        self.messages_received.get_or_create(topic).inc();
        self.bytes_received.get_or_create(topic).inc_by(bytes as u64);
    }
}
