//! Whether an API does what its contract says, by what goes over the wire.

mod archive;
mod exchange;
mod request;
mod response;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::operation::SchemaAt;
use contract::report::Found;
use contract::schema::{Violation, spoken};
use contract::source::Span;
use contract::{Checked, Finding, Severity, Source};

use crate::error::Error;
use crate::refusal::Refusal;
use crate::route::Found as Route;
use crate::service::Service;

pub(crate) use exchange::Exchange;
use exchange::is_preflight;

/// A path or a method that the contract does not have.
const OPERATION: &str = "drift-operation";
/// A request that the API takes, and the contract does not.
const REQUEST: &str = "drift-request";
/// A status that the contract does not have.
const STATUS: &str = "drift-status";
/// A header of a response.
const HEADER: &str = "drift-header";
/// A media type of a response.
const MEDIA_TYPE: &str = "drift-media-type";
/// The body of a response.
const BODY: &str = "drift-body";

/// So many differences are told; others are only counted.
const MOST: usize = 1_000;

/// Holds what an API does against its contract, and tells each difference once.
#[derive(Debug)]
pub struct Judge {
    service: Arc<Service>,
    source: Source,
    /// Hears of each difference when it is first seen.
    pub(crate) listener: Option<Listener>,
    /// Whether values may be told, which may be anybody's.
    pub(crate) tells_values: bool,
    seen: Mutex<Seen>,
}

/// Hears of differences.
#[derive(Clone)]
pub(crate) struct Listener(Arc<Hears>);

type Hears = dyn Fn(&Source, &Finding) + Send + Sync;

#[cfg(feature = "outbound")]
impl Listener {
    pub(crate) fn new(listener: impl Fn(&Source, &Finding) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

#[derive(Debug, Default)]
struct Seen {
    exchanges: usize,
    findings: Vec<(Finding, usize)>,
    /// How many more there were.
    more: usize,
    /// Where the finding about something is.
    places: HashMap<Key, usize>,
}

/// What makes two differences one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    rule: &'static str,
    span: Span,
    message: String,
}

impl Judge {
    /// The rules that differences are of, with what each is about.
    pub const RULES: [(&str, &str); 6] = [
        (
            OPERATION,
            "a path or a method that the contract does not have",
        ),
        (
            REQUEST,
            "a request that the API takes, and the contract does not",
        ),
        (STATUS, "a status that the contract does not have"),
        (
            HEADER,
            "a header of a response that is missing or does not fit",
        ),
        (MEDIA_TYPE, "a media type that the contract does not have"),
        (BODY, "a body of a response that does not fit"),
    ];

    /// A judge by a contract.
    #[must_use]
    pub fn of(contract: Checked) -> Self {
        Self::by(Arc::new(Service::new(contract)))
    }

    pub(crate) fn by(service: Arc<Service>) -> Self {
        Self {
            source: service.source().clone(),
            service,
            listener: None,
            tells_values: false,
            seen: Mutex::default(),
        }
    }

    /// A judge by the contract in a file.
    ///
    /// # Errors
    /// When the file cannot be read, or the contract has errors.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, Error> {
        crate::builder::read(path.as_ref()).map(Self::of)
    }

    /// Tells the values that do not fit, too: they may be anybody's.
    #[must_use]
    pub fn with_values(mut self) -> Self {
        self.tells_values = true;
        self
    }

    /// The differences so far, each with the number of exchanges that have it.
    #[must_use]
    pub fn differences(&self) -> Found {
        let seen = self.seen();
        let findings = seen.findings.iter().map(|(finding, count)| {
            let mut finding = finding.clone();
            if *count > 1 {
                finding.message.push_str(&format!(" ({count} times)"));
            }
            finding
        });
        let mut findings: Vec<Finding> = findings.collect();
        if seen.more > 0 {
            let message = format!("{} more exchanges differ, and are not told", seen.more);
            let span = self.service.written().key_span("paths");
            findings.push(finding(OPERATION, message, span));
        }
        Found {
            source: self.source.clone(),
            findings,
        }
    }

    /// How many requests were judged.
    #[must_use]
    pub fn exchanges(&self) -> usize {
        self.seen().exchanges
    }

    pub(crate) fn judge(&self, exchange: &Exchange<'_>) {
        let new = self.differ(exchange);
        if let Some(Listener(listener)) = &self.listener {
            new.iter()
                .for_each(|finding| listener(&self.source, finding));
        }
    }

    /// The differences that were not seen before.
    fn differ(&self, exchange: &Exchange<'_>) -> Vec<Finding> {
        let findings = self.found(exchange);
        let mut seen = self.seen();
        seen.exchanges += 1;
        let mut new = Vec::new();
        for finding in findings {
            let key = Key {
                rule: finding.rule,
                span: finding.span,
                message: finding.message.clone(),
            };
            let next = seen.findings.len();
            match seen.places.get(&key).copied() {
                Some(at) => seen.findings[at].1 += 1,
                None if next >= MOST => seen.more += 1,
                None => {
                    seen.places.insert(key, next);
                    seen.findings.push((finding.clone(), 1));
                    new.push(finding);
                }
            }
        }
        new
    }

    fn found(&self, exchange: &Exchange<'_>) -> Vec<Finding> {
        let asked = exchange.asked;
        // Nothing came through where the answer is from a cache.
        let is_taken = (200..300).contains(&exchange.status);
        match self.service.find(asked) {
            Route::Operations(numbers, variables) => {
                let asked = numbers.iter().map(|number| {
                    let sent = self.service.sent(*number, &variables, asked);
                    let caller = self.service.check_caller(*number, &sent);
                    let caller = caller.err().filter(|_| exchange.has_credentials);
                    let rest = self.service.check_rest(*number, &sent, asked).err();
                    let rest = rest.and_then(|refusal| exchange.known(refusal));
                    let refusals: Vec<Refusal> = caller.into_iter().chain(rest).collect();
                    (*number, refusals)
                });
                // The operation that is meant, where several are possible, is one that fits.
                let Some((number, refusals)) = asked.min_by_key(|(_, all)| all.len()) else {
                    return Vec::new();
                };
                let operation = self.service.operation(number);
                let refusals = refusals.iter().filter(|_| is_taken);
                let mut findings: Vec<Finding> = refusals
                    .flat_map(|refusal| self.request(operation, refusal, exchange))
                    .collect();
                findings.extend(self.response(number, exchange));
                findings
            }
            // What an API does not have, it refuses; what a browser asks before it calls is no call.
            Route::OtherMethods(_) | Route::Nothing
                if (400..500).contains(&exchange.status) || is_preflight(asked) =>
            {
                Vec::new()
            }
            Route::OtherMethods(methods) => {
                let only = methods.join(", ");
                vec![self.unknown(exchange, &format!("only {only} there"))]
            }
            Route::Nothing => vec![self.unknown(exchange, "no such path")],
        }
    }

    /// What is wrong without the value that is, and where the contract says so.
    fn why(
        &self,
        schema: Option<&SchemaAt>,
        violation: Option<&Violation>,
        usual: Span,
    ) -> (String, Span) {
        let Some(violation) = violation else {
            return ("it is missing, or not written so".to_owned(), usual);
        };
        let root = self.service.written();
        let spoken = schema.and_then(|schema| spoken(root, &schema.origin.pointer, violation));
        let (at, span) = match &spoken {
            Some(spoken) => (spoken.path.as_str(), spoken.span),
            None => ("", usual),
        };
        let what = words(violation);
        let why = match at {
            "" => format!("it {what}"),
            at => format!("`{at}` {what}"),
        };
        (why, span)
    }

    fn told(
        &self,
        rule: &'static str,
        message: String,
        span: Span,
        violation: Option<&Violation>,
    ) -> Finding {
        let found = finding(rule, message, span);
        match violation {
            Some(violation) if self.tells_values => found.help(violation.message.clone()),
            _ => found,
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn finding(rule: &'static str, message: String, span: Span) -> Finding {
    Finding::new(rule, Severity::Error, message, span.first_line())
}

/// What a keyword says that a value does not keep, without the value.
fn words(violation: &Violation) -> String {
    if let Some(missing) = &violation.missing {
        return format!("lacks `{missing}`");
    }
    match violation.keyword.as_str() {
        "type" => "is of another type".to_owned(),
        "enum" | "const" => "is none of the values that it may be".to_owned(),
        "additionalProperties" | "unevaluatedProperties" => {
            "has a property that the contract does not know".to_owned()
        }
        "oneOf" | "anyOf" => "fits none of the alternatives, or too many".to_owned(),
        "format" => "is not written as its `format` says".to_owned(),
        keyword => format!("does not keep its `{keyword}`"),
    }
}
