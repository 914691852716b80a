//! Signatures of events, by keys that both sides have.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use sha2::Sha256;

use super::webhook::{SignatureError, Verify};

/// Checks signatures by HMAC with SHA-256, of either family that is widely used.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use reqwest::header::HeaderMap;
/// use sdk_runtime::{SignatureError, Verifier};
///
/// let verifier = Verifier::timestamped("x-signature", "not a secret");
/// let mut headers = HeaderMap::new();
/// headers.insert("x-signature", "t=1,v1=00".parse().unwrap());
/// let now = UNIX_EPOCH + Duration::from_secs(1);
/// let error = verifier.verify_at(&headers, b"{}", now).unwrap_err();
/// assert!(matches!(error, SignatureError::Wrong));
/// ```
pub struct Verifier {
    family: Family,
    keys: Vec<SecretSlice<u8>>,
    tolerance: Duration,
    /// Signatures that were accepted, with when each ends to be.
    accepted: Option<Mutex<HashMap<Vec<u8>, SystemTime>>>,
}

#[derive(Debug)]
enum Family {
    /// Standard Webhooks 1.0.0.
    Standard,
    /// `t=SECONDS,v1=HEX` in a header of this name.
    Timestamped(String),
}

/// How far the clocks of both sides may be from one another, and how long a request may take.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Where a request says who sent it, when, and for whom.
struct Claim {
    seconds: u64,
    /// What was signed in front of the body.
    prefix: String,
    signatures: Vec<Vec<u8>>,
}

/// A secret that is empty or not in its form. It is not shown.
#[derive(Debug, thiserror::Error)]
#[error("a secret is not empty, and one of Standard Webhooks is base64, behind `whsec_`")]
pub struct BadSecret;

impl Verifier {
    fn new(family: Family) -> Self {
        Self {
            family,
            keys: Vec::new(),
            tolerance: TOLERANCE,
            accepted: None,
        }
    }

    /// Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, and
    /// a secret that is base64.
    ///
    /// # Errors
    /// When the secret is not.
    pub fn standard(secret: impl Into<SecretString>) -> Result<Self, BadSecret> {
        Self::new(Family::Standard).and(secret)
    }

    /// The family of Stripe's: `t=SECONDS,v1=HEX` in a header, of time, a full stop and body, and a
    /// secret that is the key as it is written. By an empty one nothing is right.
    pub fn timestamped(header: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        let mut verifier = Self::new(Family::Timestamped(header.into()));
        // By an empty secret, as a variable that is not set has it, anybody could sign.
        verifier.keys.extend(written(&secret.into()));
        verifier
    }

    /// Takes another secret as well, while one takes the place of the other.
    ///
    /// # Errors
    /// When it is not in the form that the family has.
    pub fn and(mut self, secret: impl Into<SecretString>) -> Result<Self, BadSecret> {
        let secret = secret.into();
        let key = match &self.family {
            Family::Standard => {
                let text = secret.expose_secret();
                let text = text.strip_prefix("whsec_").unwrap_or(text);
                let key = STANDARD.decode(text).map_err(|_| BadSecret)?;
                Some(key)
                    .filter(|key| !key.is_empty())
                    .map(SecretSlice::from)
            }
            Family::Timestamped(_) => written(&secret),
        };
        self.keys.push(key.ok_or(BadSecret)?);
        Ok(self)
    }

    /// How far the time of a signature may be from now, in either direction; five minutes unless
    /// told.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Refuses a signature that it accepted before. What is sent again is signed again, so only a
    /// copy is refused. It remembers signatures for as long as their time would be accepted, in this
    /// process.
    #[must_use]
    pub fn refuse_replays(mut self) -> Self {
        self.accepted = Some(Mutex::default());
        self
    }

    /// The same at another time.
    ///
    /// # Errors
    /// As [`verify`](Verify::verify).
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), SignatureError> {
        let claim = match &self.family {
            Family::Standard => standard(headers)?,
            Family::Timestamped(name) => timestamped(headers, name)?,
        };
        // First, so that nobody learns from the time what is wrong with an old one.
        let right = self.right(&claim, body).ok_or(SignatureError::Wrong)?;
        let signed = UNIX_EPOCH.checked_add(Duration::from_secs(claim.seconds));
        let signed = signed.ok_or(SignatureError::OutOfTime(Duration::MAX))?;
        let off = match now.duration_since(signed) {
            Ok(off) => off,
            Err(later) => later.duration(),
        };
        if off > self.tolerance {
            return Err(SignatureError::OutOfTime(off));
        }
        self.accept(right, signed + self.tolerance, now)
    }

    /// The signature that is right, by any key. Each is compared in a time that tells nothing.
    fn right<'a>(&self, claim: &'a Claim, body: &[u8]) -> Option<&'a Vec<u8>> {
        let mut right = None;
        for key in &self.keys {
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret()) else {
                continue;
            };
            mac.update(claim.prefix.as_bytes());
            mac.update(body);
            for signature in &claim.signatures {
                if mac.clone().verify_slice(signature).is_ok() {
                    right = Some(signature);
                }
            }
        }
        right
    }

    fn accept(
        &self,
        signature: &[u8],
        until: SystemTime,
        now: SystemTime,
    ) -> Result<(), SignatureError> {
        let Some(accepted) = &self.accepted else {
            return Ok(());
        };
        let mut accepted = accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.retain(|_, until| *until >= now);
        match accepted.insert(signature.to_vec(), until) {
            None => Ok(()),
            Some(_) => Err(SignatureError::Replayed),
        }
    }
}

impl Verify for Verifier {
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
        self.verify_at(headers, body, SystemTime::now())
    }
}

/// Without its keys.
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("family", &self.family)
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

fn written(secret: &SecretString) -> Option<SecretSlice<u8>> {
    let bytes = secret.expose_secret().as_bytes();
    (!bytes.is_empty()).then(|| bytes.to_vec().into())
}

fn standard(headers: &HeaderMap) -> Result<Claim, SignatureError> {
    const SIGNATURE: &str = "webhook-signature";
    const TIMESTAMP: &str = "webhook-timestamp";
    let id = text(headers, "webhook-id")?;
    let time = text(headers, TIMESTAMP)?;
    let malformed = || SignatureError::Malformed(TIMESTAMP.to_owned());
    let seconds = seconds(time).ok_or_else(malformed)?;
    let entries = text(headers, SIGNATURE)?.split(' ');
    let signatures = entries.filter_map(|entry| STANDARD.decode(entry.strip_prefix("v1,")?).ok());
    Ok(Claim {
        seconds,
        prefix: format!("{id}.{time}."),
        signatures: some(signatures.collect(), SIGNATURE)?,
    })
}

fn timestamped(headers: &HeaderMap, name: &str) -> Result<Claim, SignatureError> {
    let entries = text(headers, name)?.split(',');
    let mut pairs = entries.filter_map(|entry| entry.trim().split_once('='));
    let malformed = || SignatureError::Malformed(name.to_owned());
    let time = pairs.clone().find(|(key, _)| *key == "t");
    let (_, time) = time.ok_or_else(malformed)?;
    let seconds = seconds(time).ok_or_else(malformed)?;
    let mut signatures = Vec::new();
    for (_, value) in pairs.by_ref().filter(|(key, _)| *key == "v1") {
        signatures.extend(from_hex(value));
    }
    Ok(Claim {
        seconds,
        prefix: format!("{time}."),
        signatures: some(signatures, name)?,
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, SignatureError> {
    let value = headers.get(name);
    let value = value.ok_or_else(|| SignatureError::Missing(name.to_owned()))?;
    let malformed = |_| SignatureError::Malformed(name.to_owned());
    value.to_str().map_err(malformed)
}

/// Seconds since 1970, in digits alone.
fn seconds(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn some(signatures: Vec<Vec<u8>>, header: &str) -> Result<Vec<Vec<u8>>, SignatureError> {
    match signatures.is_empty() {
        true => Err(SignatureError::Malformed(header.to_owned())),
        false => Ok(signatures),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let pairs = pairs.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high << 4 | low).ok(),
        _ => None,
    });
    pairs.collect()
}
