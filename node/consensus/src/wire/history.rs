//! How peers tell their tips, ask for decided blocks, and give them.

use arc_malachitebft_app_channel::app::types::codec::{Codec, HasEncodedLen};
use arc_malachitebft_app_channel::app::types::{PeerId, sync};
use arc_malachitebft_sync::{ValueRequest, ValueResponse};
use borsh::{BorshDeserialize, BorshSerialize};
use bytes::Bytes;
use ledger_types::Height;
use ledger_types::codec::{self, DecodeError};

use super::synced::Synced;
use super::{RESPONSE_BYTES_MAX, SMALL_BYTES_MAX, Wire, WireError, malformed, take};
use crate::context::{BlockHeight, Kyojo};

/// A peer's tip as it travels.
#[derive(BorshSerialize, BorshDeserialize)]
struct StatusMessage {
    peer: Vec<u8>,
    tip: Height,
    earliest: Height,
}

impl Codec<sync::Status<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<sync::Status<Kyojo>, WireError> {
        let message = codec::decode::<StatusMessage>(&bytes, SMALL_BYTES_MAX)?;
        Ok(sync::Status {
            peer_id: PeerId::from_bytes(&message.peer).map_err(malformed)?,
            tip_height: BlockHeight(message.tip),
            history_min_height: BlockHeight(message.earliest),
        })
    }

    fn encode(&self, status: &sync::Status<Kyojo>) -> Result<Bytes, WireError> {
        let message = StatusMessage {
            peer: status.peer_id.to_bytes(),
            tip: status.tip_height.0,
            earliest: status.history_min_height.0,
        };
        Ok(codec::encode(&message).into())
    }
}

impl Codec<sync::Request<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<sync::Request<Kyojo>, WireError> {
        let (from, to) = codec::decode::<(Height, Height)>(&bytes, SMALL_BYTES_MAX)?;
        Ok(sync::Request::ValueRequest(ValueRequest::new(BlockHeight(from)..=BlockHeight(to))))
    }

    fn encode(&self, request: &sync::Request<Kyojo>) -> Result<Bytes, WireError> {
        let sync::Request::ValueRequest(request) = request;
        Ok(codec::encode(&(request.range.start().0, request.range.end().0)).into())
    }
}

impl Codec<sync::Response<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, mut bytes: Bytes) -> Result<sync::Response<Kyojo>, WireError> {
        if bytes.len() > RESPONSE_BYTES_MAX {
            let length = bytes.len();
            return Err(DecodeError::TooLarge { length, most: RESPONSE_BYTES_MAX }.into());
        }
        let start = take::<Height>(&mut bytes)?;
        let mut values = Vec::new();
        while !bytes.is_empty() {
            let length = take::<u32>(&mut bytes)?;
            let length = usize::try_from(length).map_err(malformed)?;
            if length > bytes.len() {
                return Err(malformed("a value longer than the answer"));
            }
            values.push(Synced::decode(bytes.split_to(length))?.into_raw());
        }
        Ok(sync::Response::ValueResponse(ValueResponse::new(BlockHeight(start), values)))
    }

    fn encode(&self, response: &sync::Response<Kyojo>) -> Result<Bytes, WireError> {
        let sync::Response::ValueResponse(response) = response;
        let mut bytes = Vec::with_capacity(response_bytes(response));
        codec::append(&response.start_height.0, &mut bytes);
        for value in &response.values {
            let length = u32::try_from(value.value_bytes.len()).map_err(malformed)?;
            codec::append(&length, &mut bytes);
            bytes.extend_from_slice(&value.value_bytes);
        }
        Ok(bytes.into())
    }
}

impl HasEncodedLen<sync::Response<Kyojo>> for Wire {
    fn encoded_len(&self, response: &sync::Response<Kyojo>) -> Result<usize, WireError> {
        let sync::Response::ValueResponse(response) = response;
        Ok(response_bytes(response))
    }
}

fn response_bytes(response: &ValueResponse<Kyojo>) -> usize {
    let values = response.values.iter().map(|value| value.value_bytes.len().saturating_add(4));
    values.fold(8, usize::saturating_add)
}
