//! How events are signed that a server sends.

use crate::source::Node;

/// How a document says that its events are signed: `x-webhook-signature: {scheme:
/// standard-webhooks}`, or `{scheme: timestamped, header: X-Signature}`.
pub const WEBHOOK_SIGNATURE: &str = "x-webhook-signature";

/// How events are signed: with HMAC-SHA256, by a secret that both sides have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookSignature {
    /// Standard Webhooks 1.0.0.
    Standard,
    /// `t=SECONDS,v1=HEX` in a header of this name.
    Timestamped(String),
}

impl WebhookSignature {
    /// What a document says, if it says something that is understood.
    #[must_use]
    pub fn read(document: &Node) -> Option<Self> {
        let said = document.get(WEBHOOK_SIGNATURE)?;
        match said.get("scheme").and_then(Node::as_str)? {
            "standard-webhooks" => Some(Self::Standard),
            "timestamped" => {
                let header = said.get("header").and_then(Node::as_str)?;
                let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                let is_name = !header.is_empty() && header.bytes().all(is_token);
                is_name.then(|| Self::Timestamped(header.to_owned()))
            }
            _ => None,
        }
    }
}
