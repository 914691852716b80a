//! Whether a caller shows who it is, as the contract asks (`OpenAPI` 3.0.3, section 4.7.30).

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::operation::{Api, Location, Operation, Scheme};
use hyper::header::{HeaderValue, WWW_AUTHENTICATE};

use crate::parameter::{Pairs, Sent};
use crate::refusal::Refusal;

/// The keys, tokens and passwords that let callers in; any, while there are none.
pub(crate) type Keys = HashSet<String>;

/// Any of these lets a caller in.
#[derive(Debug)]
pub(crate) struct Ways(Vec<Vec<Scheme>>);

impl Ways {
    pub(crate) fn of(operation: &Operation, api: &Api) -> Self {
        let ways = operation.security.iter().flatten().map(|way| {
            let schemes = way.schemes.iter();
            let schemes = schemes.filter_map(|(name, _)| api.security_scheme(name));
            schemes.map(|found| found.scheme.clone()).collect()
        });
        Self(ways.collect())
    }

    /// # Errors
    /// When a caller shows nothing that is asked for.
    pub(crate) fn check(&self, sent: &Sent<'_>, keys: &Keys) -> Result<(), Refusal> {
        let shows = |way: &Vec<Scheme>| way.iter().all(|scheme| is_shown(scheme, sent, keys));
        if self.0.is_empty() || self.0.iter().any(shows) {
            return Ok(());
        }
        let wanted: Vec<String> = self.0.iter().map(|way| told(way)).collect();
        let message = format!(
            "not authorized: the contract asks for {}",
            wanted.join(", or for ")
        );
        let mut challenges: Vec<&str> = self.0.iter().flatten().filter_map(challenge).collect();
        challenges.dedup();
        let mut refusal = Refusal::new(&[401], message).plain();
        for challenge in challenges {
            refusal = refusal.header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        Err(refusal)
    }
}

fn told(way: &[Scheme]) -> String {
    let schemes = way.iter().map(|scheme| match scheme {
        Scheme::ApiKey { location, name } => {
            let place = match location {
                Location::Header => "header",
                Location::Cookie => "cookie",
                _ => "query parameter",
            };
            format!("a key in the {place} `{name}`")
        }
        Scheme::Http { scheme } => format!("`Authorization: {scheme} …`"),
        Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
            "`Authorization: Bearer …`".to_owned()
        }
        Scheme::MutualTls => "a certificate".to_owned(),
    });
    schemes.collect::<Vec<_>>().join(" with ")
}

/// What a response says of a way in (RFC 9110, section 11.6.1).
fn challenge(scheme: &Scheme) -> Option<&'static str> {
    match scheme {
        Scheme::Http { scheme } if scheme == "basic" => Some("Basic realm=\"sandbox\""),
        Scheme::Http { scheme } if scheme == "digest" => Some("Digest realm=\"sandbox\""),
        Scheme::Http { .. } | Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
            Some("Bearer")
        }
        Scheme::ApiKey { .. } | Scheme::MutualTls => None,
    }
}

fn is_shown(scheme: &Scheme, sent: &Sent<'_>, keys: &Keys) -> bool {
    let key = match scheme {
        Scheme::ApiKey { location, name } => match location {
            Location::Header => header(sent, &name.to_ascii_lowercase()).map(str::to_owned),
            Location::Cookie => Pairs::of_cookies(&sent.headers).first(name).map(Into::into),
            _ => sent.query.first(name).map(Into::into),
        },
        Scheme::Http { scheme } if scheme == "basic" => {
            credentials(sent, "basic").and_then(password)
        }
        Scheme::Http { scheme } => credentials(sent, scheme).map(str::to_owned),
        Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
            credentials(sent, "bearer").map(str::to_owned)
        }
        // What no loopback has is not asked for.
        Scheme::MutualTls => return true,
    };
    key.is_some_and(|key| !key.trim().is_empty() && (keys.is_empty() || keys.contains(&key)))
}

fn header<'r>(sent: &Sent<'r>, name: &str) -> Option<&'r str> {
    let found = sent.headers.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

/// `Authorization: SCHEME CREDENTIALS` (RFC 9110, section 11.6.2). A token is one word, so that
/// `Bearer Bearer …` is as wrong here as it is there.
fn credentials<'r>(sent: &Sent<'r>, wanted: &str) -> Option<&'r str> {
    let (scheme, credentials) = header(sent, "authorization")?.split_once(' ')?;
    let is_one = !matches!(wanted, "bearer" | "basic") || !credentials.contains(' ');
    (scheme.eq_ignore_ascii_case(wanted) && is_one).then_some(credentials)
}

/// The password of a user (RFC 7617, section 2); the user's name where it has none, as where a key
/// stands for a user.
fn password(credentials: &str) -> Option<String> {
    let text = String::from_utf8(BASE64.decode(credentials).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(if password.is_empty() { user } else { password }.to_owned())
}
