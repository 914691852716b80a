//! Signatures of events, by a key that both sides have.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::operation::WebhookSignature;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

use crate::admin::hex;

/// A key. It is not shown.
#[derive(Clone)]
pub(crate) struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The key of a secret; nothing where the secret is not in its form.
    pub(crate) fn of(signature: &WebhookSignature, secret: &str) -> Option<Self> {
        let key = match signature {
            WebhookSignature::Standard => {
                let text = secret.strip_prefix("whsec_").unwrap_or(secret);
                BASE64.decode(text).ok()?
            }
            WebhookSignature::Timestamped(_) => secret.as_bytes().to_vec(),
        };
        (!key.is_empty()).then_some(Self(key))
    }

    /// A key that is another one.
    pub(crate) fn other(&self) -> Self {
        Self(self.0.iter().map(|byte| !byte).collect())
    }

    /// Signs a body, and says so in the headers.
    pub(crate) fn sign(
        &self,
        signature: &WebhookSignature,
        id: &str,
        seconds: u64,
        body: &[u8],
        headers: &mut HeaderMap,
    ) {
        let mut set = |name: &str, value: String| {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        };
        match signature {
            WebhookSignature::Standard => {
                let code = self.code(&format!("{id}.{seconds}."), body);
                set("webhook-id", id.to_owned());
                set("webhook-timestamp", seconds.to_string());
                set("webhook-signature", format!("v1,{}", BASE64.encode(code)));
            }
            WebhookSignature::Timestamped(name) => {
                let code = self.code(&format!("{seconds}."), body);
                set(name, format!("t={seconds},v1={}", hex(&code)));
            }
        }
    }

    fn code(&self, prefix: &str, body: &[u8]) -> Vec<u8> {
        // A key of any length is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return Vec::new();
        };
        mac.update(prefix.as_bytes());
        mac.update(body);
        mac.finalize().into_bytes().to_vec()
    }
}
