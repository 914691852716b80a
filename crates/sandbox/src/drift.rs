//! Whether an API does what its contract says, by what goes over the wire.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use contract::operation::{MediaType, Operation, Response, SchemaAt};
use contract::report::Found;
use contract::schema::{Violation, spoken};
use contract::source::Span;
use contract::{Checked, Finding, Severity, Source};
use hyper::header::{
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue,
};
use serde_json::Value;

use crate::coercion::Coercion;
use crate::error::Error;
use crate::har::{self, Entry, Har};
use crate::media;
use crate::redaction::REDACTED;
use crate::refusal::{Place, Refusal};
use crate::route::Found as Route;
use crate::service::{Asked, Service};

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

/// Longer segments of a path are values, in bytes.
const LONGEST_NAME: usize = 24;
/// So many differences are told; others are only counted.
const MOST: usize = 1_000;

/// A request and its response.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    /// Nothing where it is not known.
    pub(crate) body: Option<&'a [u8]>,
    /// Whether the request has its credentials, which archives leave out.
    pub(crate) has_credentials: bool,
    /// Whether the body of the request is known.
    pub(crate) has_body: bool,
}

impl Exchange<'_> {
    /// Whether the body of the answer has an encoding; an archive has bodies without.
    fn is_packed(&self) -> bool {
        let has_encoding = self.headers.contains_key(CONTENT_ENCODING);
        self.has_credentials && has_encoding
    }

    /// A refusal without what is not known of the request; nothing where nothing is left.
    fn known(&self, refusal: Refusal) -> Option<Refusal> {
        let is_of_parameters = !refusal.places.is_empty();
        let is_known = |place: &Place| match place.part {
            "body" => self.has_body,
            "cookie" => self.has_credentials,
            "header" => self.has_credentials || self.asked.headers.contains_key(place.parameter()),
            _ => true,
        };
        let is_left_out = |place: &Place| {
            let sent = self.asked.headers.get(place.parameter());
            place.part == "header" && sent.is_some_and(|sent| sent == REDACTED)
        };
        let places = refusal.places.into_iter();
        let places: Vec<Place> = places
            .filter(|place| is_known(place) && !is_left_out(place))
            .collect();
        let is_something = match is_of_parameters {
            true => !places.is_empty(),
            false => self.has_body,
        };
        is_something.then_some(Refusal { places, ..refusal })
    }
}

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

    /// Holds what somebody saw against the contract: an HTTP Archive, such as browsers save. Only
    /// requests to the contract's servers count, or all where none is to one of them. It gives back
    /// how many those are, and of how many.
    ///
    /// # Errors
    /// When the file cannot be read, or is no archive.
    pub fn judge_archive(&self, path: impl AsRef<Path>) -> io::Result<(usize, usize)> {
        let entries = Har::read(path.as_ref())?.log.entries;
        let hosts: Vec<String> = self.hosts();
        let is_ours = |entry: &&Entry| hosts.iter().any(|host| *host == entry.request.host());
        let has_ours = entries.iter().any(|entry| is_ours(&entry));
        let counted = entries.iter().filter(|entry| !has_ours || is_ours(entry));
        // Where nothing was answered, nothing was said.
        let counted: Vec<&Entry> = counted.filter(|entry| entry.response.status > 0).collect();
        for entry in &counted {
            self.entry(entry);
        }
        Ok((counted.len(), entries.len()))
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

    fn hosts(&self) -> Vec<String> {
        let api = self.service.api();
        let of_operations = api
            .operations
            .iter()
            .flat_map(|operation| &operation.servers);
        let servers = api.servers.iter().chain(of_operations);
        let hosts = servers.filter_map(|server| {
            let url = server.resolved();
            url.contains("://").then(|| har::host(&url))
        });
        hosts.collect()
    }

    fn entry(&self, entry: &Entry) {
        let (path, query) = entry.request.target();
        let (headers, body) = (map(entry.request.headers()), entry.request.body());
        let asked = Asked {
            method: &entry.request.method,
            path,
            query,
            headers: &headers,
            body: &body,
        };
        let answer = entry.response.body();
        self.judge(&Exchange {
            has_body: entry.request.has_body(),
            asked: &asked,
            status: entry.response.status,
            // An archive has bodies as they are once they are unpacked.
            headers: &map(entry.response.headers()),
            body: answer.as_deref(),
            has_credentials: false,
        });
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

    fn unknown(&self, exchange: &Exchange<'_>, instead: &str) -> Finding {
        let Asked { method, path, .. } = exchange.asked;
        let segments = path.split('/').map(|segment| match is_name(segment) {
            true => segment,
            false => "*",
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let status = exchange.status;
        let message = format!(
            "the API answers {method} of `{path}` with {status}, and the contract has {instead}"
        );
        let root = self.service.written();
        finding(OPERATION, message, root.key_span("paths"))
    }

    /// What the contract does not admit, and the API did.
    fn request(
        &self,
        operation: &Operation,
        refusal: &Refusal,
        exchange: &Exchange<'_>,
    ) -> Vec<Finding> {
        let title = operation.title();
        let status = exchange.status;
        if refusal.places.is_empty() {
            let what = match refusal.statuses.contains(&401) {
                true => "without credentials",
                false => "whose body is not one of the contract's",
            };
            let message = format!("`{title}` takes a request {what}, and answers {status}");
            return vec![finding(REQUEST, message, operation.origin.span)];
        }
        let places = refusal.places.iter();
        places
            .map(|place| self.place(operation, place, exchange))
            .collect()
    }

    fn place(&self, operation: &Operation, place: &Place, exchange: &Exchange<'_>) -> Finding {
        let (title, status) = (operation.title(), exchange.status);
        let takes = format!("`{title}` answers {status} to a request with");
        if place.part == "body" {
            let content = operation
                .request
                .iter()
                .flat_map(|request| &request.content);
            let sent = header(exchange.asked.headers, &CONTENT_TYPE);
            let content: Vec<&MediaType> = content.collect();
            let known = content.iter().map(|one| one.name.as_str());
            let found = media::of_body(known, &media::essence(sent.unwrap_or_default()));
            let schema = found.and_then(|at| content[at].schema.as_ref());
            let (why, span) = self.why(schema, place.violation.as_ref(), operation.origin.span);
            return self.told(
                REQUEST,
                format!("{takes} a body that does not fit: {why}"),
                span,
                place.violation.as_ref(),
            );
        }
        let name = place.parameter();
        let mut parameters = operation.parameters.iter();
        let parameter =
            parameters.find(|one| one.name == name && one.location.word() == place.part);
        let usual = parameter.map_or(operation.origin.span, |one| one.origin.span);
        let schema = parameter.and_then(|one| one.schema.as_ref());
        let (why, span) = self.why(schema, place.violation.as_ref(), usual);
        let part = place.part;
        let message = format!("{takes} a {part} parameter `{name}` that does not fit: {why}");
        self.told(REQUEST, message, span, place.violation.as_ref())
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

    fn response(&self, number: usize, exchange: &Exchange<'_>) -> Vec<Finding> {
        let operation = self.service.operation(number);
        let (title, status) = (operation.title(), exchange.status);
        // A browser has the answer (RFC 9110, section 15.4.5).
        if status == 304 {
            return Vec::new();
        }
        let Some(at) = self.service.covering(number, status) else {
            let known = operation.responses.iter().map(|one| one.status.to_string());
            let known: Vec<String> = known.collect();
            let message = format!(
                "`{title}` answers {status}, and the contract has only {}",
                known.join(", ")
            );
            let root = self.service.written();
            let at = root.pointer(&operation.origin.pointer);
            let span = at.map_or(operation.origin.span, |at| at.key_span("responses"));
            return vec![finding(STATUS, message, span)];
        };
        let mut findings = self.headers(&title, &operation.responses[at], exchange);
        findings.extend(self.body(number, at, exchange));
        findings
    }

    fn headers(&self, title: &str, response: &Response, exchange: &Exchange<'_>) -> Vec<Finding> {
        let status = exchange.status;
        let mut findings = Vec::new();
        for header in &response.headers {
            let name = &header.name;
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let sent = exchange.headers.get(name.as_str());
            let sent = sent.map(|value| String::from_utf8_lossy(value.as_bytes()));
            let Some(sent) = sent else {
                if header.required {
                    let message = format!("`{title}` answers {status} without the header `{name}`");
                    findings.push(finding(HEADER, message, header.origin.span));
                }
                continue;
            };
            let Some(at) = &header.schema else { continue };
            let Some(schema) = self.service.schema(at) else {
                continue;
            };
            let root = self.service.written();
            let coercion = Coercion::of(root, &at.origin.pointer);
            // Lists and objects have forms of their own.
            if !coercion.is_scalar() {
                continue;
            }
            for violation in schema.check(&coercion.scalar(&sent)) {
                let (why, span) = self.why(Some(at), Some(&violation), header.origin.span);
                let message = format!(
                    "`{title}` answers {status} with a header `{name}` that does not fit: {why}"
                );
                findings.push(self.told(HEADER, message, span, Some(&violation)));
            }
        }
        findings
    }

    fn body(&self, number: usize, at: usize, exchange: &Exchange<'_>) -> Vec<Finding> {
        let operation = self.service.operation(number);
        let (title, response) = (operation.title(), &operation.responses[at]);
        let status = exchange.status;
        let Some(body) = exchange.body else {
            return Vec::new();
        };
        let has_none = exchange.asked.method == "HEAD" || matches!(status, 204 | 304);
        // What is packed is not unpacked here.
        if has_none {
            return Vec::new();
        }
        if exchange.is_packed() {
            let message =
                format!("`{title}` answers {status} with a body that is packed, and not judged");
            let span = response.origin.span.first_line();
            return vec![Finding::new(BODY, Severity::Note, message, span)];
        }
        if response.content.is_empty() {
            if body.is_empty() {
                return Vec::new();
            }
            let message =
                format!("`{title}` answers {status} with a body, and the contract has none");
            return vec![finding(BODY, message, response.origin.span)];
        }
        let sent = media::essence(header(exchange.headers, &CONTENT_TYPE).unwrap_or_default());
        let known = response.content.iter().map(|one| one.name.as_str());
        let Some(index) = media::of_body(known.clone(), &sent) else {
            let known: Vec<&str> = known.collect();
            let what = match (body.is_empty(), sent.as_str()) {
                (true, _) => "without a body".to_owned(),
                (false, "") => "without a media type".to_owned(),
                (false, sent) => format!("with `{sent}`"),
            };
            let message = format!(
                "`{title}` answers {status} {what}, and the contract has only {}",
                known.join(", ")
            );
            return vec![finding(MEDIA_TYPE, message, response.origin.span)];
        };
        let schema = response.content[index].schema.as_ref();
        let Some(said) = schema.filter(|_| media::is_json(&sent)) else {
            return Vec::new();
        };
        let answers = format!("`{title}` answers {status} with a body that");
        // A mark of the byte order may be passed over (RFC 8259, section 8.1).
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return vec![finding(
                BODY,
                format!("{answers} is no JSON"),
                said.origin.span,
            )];
        };
        let schema = self.service.body_schema(number, at, index);
        let schema = schema.filter(|schema| !schema.is_valid(&value));
        let violations = schema.map_or_else(Vec::new, |schema| schema.check(&value));
        let findings = violations.into_iter().map(|violation| {
            let (why, span) = self.why(Some(said), Some(&violation), said.origin.span);
            let message = format!("{answers} does not fit: {why}");
            self.told(BODY, message, span, Some(&violation))
        });
        findings.collect()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn finding(rule: &'static str, message: String, span: Span) -> Finding {
    Finding::new(rule, Severity::Error, message, span.first_line())
}

/// Whether a browser asks whether a page may call (Fetch standard, section 3.2.2).
fn is_preflight(asked: &Asked<'_>) -> bool {
    asked.method == "OPTIONS" && asked.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether a segment of a path that nobody describes looks like a name, and not like a value.
fn is_name(segment: &str) -> bool {
    let is_version = segment
        .strip_prefix('v')
        .is_some_and(|rest| rest.parse::<u8>().is_ok());
    let is_letter = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_');
    is_version || segment.len() <= LONGEST_NAME && segment.chars().all(is_letter)
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

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn map(headers: Vec<(String, String)>) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            map.append(name, value);
        }
    }
    map
}
