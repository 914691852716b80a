//! What shows an API who calls: under the names of the contract's security schemes, and only to
//! the operations that ask for it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use secrecy::{ExposeSecret as _, SecretString};

use super::error::Failure;
use super::operation::Operation;
use super::parameter::encode;
use super::token::{ClientCredentials, Token, Tokens};
use super::transport::Transport;

/// Where a scheme's credentials stand in a request. Generated code states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In `Authorization`, behind the name of an HTTP scheme such as `Bearer` (RFC 9110, section
    /// 11.6.2).
    Authorization(&'static str),
    /// In a header.
    Header(&'static str),
    /// In a parameter of the query.
    Query(&'static str),
    /// In a cookie.
    Cookie(&'static str),
}

/// Gives tokens to a client that asks for one whenever it has none that is good for a while.
///
/// A function that gives a future is one.
///
/// ```
/// use sdk_runtime::{Token, TokenSource};
///
/// fn vault() -> impl TokenSource {
///     || async { Ok(Token::new("YOUR_TOKEN").expires_in(std::time::Duration::from_secs(600))) }
/// }
/// # let _ = vault();
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// A token. One call at a time asks for it, however many wait.
    fn token(&self) -> Asked<'_>;
}

/// A token that is under way.
pub type Asked<'a> =
    Pin<Box<dyn Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

impl<F, T> TokenSource for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    fn token(&self) -> Asked<'_> {
        Box::pin(self())
    }
}

/// The credentials of a client, by the names of their schemes.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    all: Vec<(Scheme, Credential)>,
    /// Whether nothing is sent, whatever is asked for.
    pub(crate) none: bool,
}

#[derive(Clone)]
enum Credential {
    /// As it stands in the request, if it can.
    Fixed(Option<HeaderValue>),
    Token(Arc<Tokens>),
}

/// The tokens that a request was sent with, and which each of them was.
pub(crate) type Sent = Vec<(Arc<Tokens>, u64)>;

impl Credentials {
    pub(crate) fn fixed(&mut self, scheme: Scheme, secret: SecretString) {
        self.set(scheme, Credential::Fixed(written(scheme.place, &secret)));
    }

    pub(crate) fn source(&mut self, scheme: Scheme, source: impl TokenSource) {
        let tokens = Tokens::of_source(Box::new(source));
        self.set(scheme, Credential::Token(Arc::new(tokens)));
    }

    pub(crate) fn client(&mut self, scheme: Scheme, url: Url, credentials: ClientCredentials) {
        let tokens = Tokens::of_client(url, credentials);
        self.set(scheme, Credential::Token(Arc::new(tokens)));
    }

    fn set(&mut self, scheme: Scheme, credential: Credential) {
        self.all.retain(|(known, _)| known.name != scheme.name);
        self.all.push((scheme, credential));
    }

    /// Whether any of them may be refused because it is old.
    pub(crate) fn have_tokens(&self) -> bool {
        let is_token = |(_, one): &(_, Credential)| matches!(one, Credential::Token(_));
        self.all.iter().any(is_token)
    }

    /// What can stand in a request, which each of them is checked for before the first is sent.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let unfit = self.all.iter().find(|(_, credential)| match credential {
            Credential::Fixed(value) => value.is_none(),
            Credential::Token(_) => false,
        });
        match unfit {
            Some((scheme, _)) => Err(scheme.name),
            None => Ok(()),
        }
    }

    /// Adds what the operation asks for, where none of it has to be waited for.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub(crate) fn add_fixed(
        &self,
        operation: &'static Operation,
        request: &mut Request,
    ) -> Result<(), Failure> {
        let schemes = self.chosen(operation, request)?;
        for (scheme, credential) in schemes.iter().filter_map(|scheme| self.of(scheme)) {
            if let Credential::Fixed(value) = credential {
                place_in(request, scheme.place, value.clone());
            }
        }
        Ok(())
    }

    /// Adds what the operation asks for: the first of its alternatives that can be met.
    ///
    /// # Errors
    /// When none can, or a source has no token. Nothing was sent.
    pub(crate) async fn add(
        &self,
        transport: &Transport,
        operation: &'static Operation,
        request: &mut Request,
    ) -> Result<Sent, Failure> {
        let mut sent = Sent::new();
        let schemes = self.chosen(operation, request)?;
        // Where there are no credentials, the caller has set the header.
        for (scheme, credential) in schemes.iter().filter_map(|scheme| self.of(scheme)) {
            match credential {
                Credential::Fixed(value) => place_in(request, scheme.place, value.clone()),
                Credential::Token(tokens) => {
                    let (token, number) = tokens.get(transport, operation).await?;
                    place_in(request, scheme.place, written(scheme.place, &token));
                    sent.push((Arc::clone(tokens), number));
                }
            }
        }
        Ok(sent)
    }

    /// The schemes to be met.
    fn chosen(
        &self,
        operation: &'static Operation,
        request: &Request,
    ) -> Result<Cow<'_, [Scheme]>, Failure> {
        if self.none {
            return Ok(Cow::Borrowed(&[]));
        }
        if operation.path.is_empty() {
            // What it asks for nobody knows.
            return Ok(self.all.iter().map(|(scheme, _)| *scheme).collect());
        }
        let security = operation.security;
        let met = security.iter().find(|schemes| {
            !schemes.is_empty() && schemes.iter().all(|scheme| self.meets(scheme, request))
        });
        let is_free = security.is_empty() || security.iter().any(|schemes| schemes.is_empty());
        match met {
            Some(schemes) => Ok(Cow::Borrowed(*schemes)),
            None if is_free => Ok(Cow::Borrowed(&[])),
            None => Err(Failure::without_credentials(
                operation,
                wanted(security),
                None,
            )),
        }
    }

    /// Whether the client has the scheme's credentials, or the caller has set their header.
    fn meets(&self, scheme: &Scheme, request: &Request) -> bool {
        let is_set = match scheme.place {
            Place::Authorization(_) => request.headers().contains_key(AUTHORIZATION),
            Place::Header(name) => request.headers().contains_key(name),
            Place::Query(_) | Place::Cookie(_) => false,
        };
        is_set || self.of(scheme).is_some()
    }

    fn of(&self, scheme: &Scheme) -> Option<&(Scheme, Credential)> {
        self.all.iter().find(|(known, _)| known.name == scheme.name)
    }
}

/// A security scheme as an operation asks for it. Generated code states it.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// What the contract calls it.
    pub name: &'static str,
    /// Where its credentials stand.
    pub place: Place,
}

/// The alternatives, for people.
fn wanted(security: &[&[Scheme]]) -> String {
    let mut text = String::new();
    for (index, schemes) in security.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ", or " });
        for (index, scheme) in schemes.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { " and " });
            // Writing to a text cannot fail.
            let _ = write!(text, "`{}`", scheme.name);
        }
    }
    text
}

/// The secret as it stands at its place, if it can.
fn written(place: Place, secret: &SecretString) -> Option<HeaderValue> {
    let secret = secret.expose_secret();
    let text = match place {
        Place::Authorization(scheme) => SecretString::from(format!("{scheme} {secret}")),
        Place::Header(_) => SecretString::from(secret),
        Place::Query(name) => SecretString::from(format!("{}={}", encode(name), encode(secret))),
        Place::Cookie(name) => SecretString::from(format!("{name}={}", encode(secret))),
    };
    // Of what is no ASCII nobody knows what it is there (RFC 9110, section 5.5).
    let is_sendable = !secret.is_empty() && text.expose_secret().is_ascii();
    let value = HeaderValue::from_str(text.expose_secret());
    let mut value = value.ok().filter(|_| is_sendable)?;
    value.set_sensitive(true);
    Some(value)
}

/// Puts credentials at their place, unless the caller has set its header.
fn place_in(request: &mut Request, place: Place, written: Option<HeaderValue>) {
    let Some(value) = written else {
        return;
    };
    let headers = request.headers_mut();
    match place {
        Place::Authorization(_) => {
            headers.entry(AUTHORIZATION).or_insert(value);
        }
        Place::Header(name) => {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                headers.entry(name).or_insert(value);
            }
        }
        Place::Cookie(_) => cookie(headers, &value),
        Place::Query(name) => {
            // A link that the API gave may have it already.
            let mut pairs = request.url().query_pairs();
            if pairs.any(|(known, _)| known == name) {
                return;
            }
            let pair = value.to_str().unwrap_or_default();
            let query = match request.url().query() {
                Some(others) => SecretString::from(format!("{others}&{pair}")),
                None => SecretString::from(pair),
            };
            request.url_mut().set_query(Some(query.expose_secret()));
        }
    }
}

/// There is one header for all cookies (RFC 6265, section 5.4).
fn cookie(headers: &mut HeaderMap, value: &HeaderValue) {
    let others = headers.get(COOKIE).map(HeaderValue::as_bytes);
    let all: Vec<&[u8]> = others.into_iter().chain([value.as_bytes()]).collect();
    if let Ok(mut value) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
}
