//! The sandbox's own part, below `/__sandbox/`: what it was asked, what it remembers, and what goes
//! wrong. It is a contract like any other, and what is sent to it is checked like anything else.

use std::sync::OnceLock;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use contract::{Document, Source, lint};
use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exchange::Shared;
use crate::har::{self, Har};
use crate::media::JSON;
use crate::memory::concrete;
use crate::parameter::Pairs;
use crate::record::Seen;
use crate::redaction::Redaction;
use crate::refusal::Refusal;
use crate::service::{Asked, Service, problem};

mod faults;
#[cfg(feature = "outbound")]
mod webhooks;

/// This and everything below it is the sandbox's own.
const ROOT: &str = "/__sandbox";
const CONTRACT: &str = include_str!("admin/openapi.yaml");
const PAGE: &str = include_str!("admin/page.html");
/// The page loads nothing, and stands in no other.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// The sandbox's own part.
#[derive(Debug)]
pub(crate) struct Admin {
    /// What lets callers in.
    pub(crate) token: String,
    /// Made when it is first called.
    service: OnceLock<Option<Service>>,
}

/// Whether a path is one of the sandbox's own.
pub(crate) fn is_own(path: &str) -> bool {
    let below = path.strip_prefix(ROOT);
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

impl Admin {
    /// With a token that nobody can guess.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self {
            token: hex(&bytes),
            service: OnceLock::new(),
        })
    }

    /// The address of the page, with what lets it in: a fragment is not sent.
    pub(crate) fn url(&self, origin: &str) -> String {
        format!("{origin}{ROOT}/#token={}", self.token)
    }

    fn service(&self) -> Option<&Service> {
        let service = self.service.get_or_init(|| {
            let document = Document::parse(Source::new("openapi.yaml", CONTRACT));
            let mut service = Service::new(lint::admit(document).ok()?);
            service.keys.insert(self.token.clone());
            Some(service)
        });
        service.as_ref()
    }

    /// What the sandbox says of itself.
    pub(crate) async fn answer(&self, shared: &Shared, asked: &Asked<'_>) -> Answer {
        let Some(service) = self.service() else {
            // Its document is part of the program, and a test reads it.
            return Answer::empty(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let asked = Asked {
            path: asked.path.trim_end_matches('/'),
            ..*asked
        };
        let mut answer = match service.called(&asked) {
            Ok((operation, body)) => {
                let id = operation.id.as_deref().unwrap_or_default();
                done(shared, id, &asked, body).await
            }
            Err(refusal) => *refusal,
        };
        let no_store = HeaderValue::from_static("no-store");
        answer.headers.insert(CACHE_CONTROL, no_store);
        answer
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an operation does.
async fn done(shared: &Shared, operation: &str, asked: &Asked<'_>, body: Value) -> Answer {
    let empty = Answer::empty(StatusCode::NO_CONTENT);
    let json = |value: &Value| Answer::json(StatusCode::OK, &JSON, value);
    let done = match operation {
        "getPage" => Ok(text("text/html; charset=utf-8", PAGE)),
        "getContract" => Ok(text("application/yaml", CONTRACT)),
        "listRequests" => {
            let after = Pairs::of(asked.query).first("after");
            let after = after.and_then(|after| after.parse().ok()).unwrap_or(0);
            let requests = shared.record.after(after).into_iter();
            Ok(json(
                &requests
                    .map(|seen| request(seen, &shared.redaction))
                    .collect(),
            ))
        }
        "forgetRequests" => {
            shared.record.take();
            Ok(empty)
        }
        "getTraffic" => {
            let traffic = serde_json::to_value(shared.traffic()).unwrap_or_default();
            Ok(json(&traffic))
        }
        "getState" => Ok(json(&state(shared))),
        "addMembers" => add(shared, &body).map(|()| empty),
        "reset" => shared
            .reset()
            .map(|()| empty)
            .map_err(|why| why.to_string()),
        "listFaults" => Ok(json(&faults::told(&shared.faults))),
        "addFaults" => faults::add(&shared.faults, body).map(|()| empty),
        #[cfg(feature = "outbound")]
        "sendWebhooks" => webhooks::send(&shared.service, body)
            .await
            .map(|sent| json(&sent)),
        "recover" => {
            shared.faults.clear();
            Ok(empty)
        }
        other => Err(format!(
            "this sandbox was built without what `{other}` needs"
        )),
    };
    done.unwrap_or_else(|why| problem(Refusal::new(&[422], why)))
}

fn text(media_type: &'static str, text: &'static str) -> Answer {
    let mut answer = Answer::empty(StatusCode::OK);
    let media_type = HeaderValue::from_static(media_type);
    answer.headers.insert(CONTENT_TYPE, media_type);
    answer.headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    answer.body = Some(text.into());
    answer
}

fn time(at: SystemTime) -> String {
    DateTime::<Utc>::from(at).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A request as the contract of the sandbox describes it.
fn request(seen: Seen, redaction: &Redaction) -> Value {
    let headers = |headers: Vec<(String, String)>| -> Value {
        let headers = redaction.headers(headers).into_iter();
        headers
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect()
    };
    let mut request = json!({
        "number": seen.number,
        "at": time(seen.at),
        "took_ms": (seen.took.as_secs_f64() * 100_000.0).round() / 100.0,
        "method": seen.method.as_str(),
        "path": redaction.path(&seen.path),
        "headers": headers(seen.headers.texts()),
        "processed": seen.processed,
    });
    let body = |body: &[u8]| (!body.is_empty()).then(|| Value::from(har::text(body).0));
    if let Some(body) = body(&seen.body) {
        request["body"] = body;
    }
    if let Some(refusal) = &seen.refusal {
        request["refusal"] = refusal.message.as_str().into();
        request["findings"] = refusal.findings();
    }
    if let Some(sent) = &seen.sent {
        let status = sent.status.as_u16();
        let mut response = json!({"status": status, "headers": headers(sent.headers.texts())});
        if let Some(body) = body(&sent.body) {
            response["body"] = body;
        }
        request["response"] = response;
    }
    request
}

/// What is remembered, by the paths of collections.
fn state(shared: &Shared) -> Value {
    let memory = shared.service.memory.as_ref();
    let all = memory.map_or_else(Vec::new, |memory| memory.store.everything());
    let all = all
        .into_iter()
        .map(|(path, parent, members)| (concrete(&path, &parent), Value::from(members)));
    Value::Object(all.collect())
}

/// Adds members, if all of them fit.
fn add(shared: &Shared, members: &Value) -> Result<(), String> {
    let members = members.as_object().into_iter().flatten();
    let (mut all, mut unfit) = (Vec::new(), Vec::new());
    for (path, members) in members {
        match shared.service.seeds(path, members) {
            Ok(seeds) => all.push(seeds),
            Err(found) => unfit.extend(found.iter().map(|one| one.told(path))),
        }
    }
    if !unfit.is_empty() {
        return Err(unfit.join("; "));
    }
    all.iter()
        .try_for_each(|seeds| shared.service.add(seeds))
        .map_err(|why| why.to_string())
}

impl Shared {
    /// The latest requests, without credentials.
    pub(crate) fn traffic(&self) -> Har {
        let redaction = &self.redaction;
        let entries = self.record.after(0).into_iter().map(|seen| {
            let url = format!("{}{}", self.origin, redaction.path(&seen.path));
            let headers = redaction.headers(seen.headers.texts());
            let request = har::Request::new(seen.method.to_string(), url, headers, &seen.body);
            let response = match &seen.sent {
                Some(sent) => {
                    let reason = sent.status.canonical_reason().unwrap_or_default();
                    let headers = redaction.headers(sent.headers.texts());
                    har::Response::new(sent.status.as_u16(), reason, headers, &sent.body)
                }
                // As browsers write down a connection that was cut.
                None => har::Response::new(0, "", Vec::new(), b""),
            };
            har::Entry::new(time(seen.at), seen.took, request, response)
        });
        Har::new(entries.collect())
    }

    /// Remembers what was there at the start, and nothing else.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn reset(&self) -> std::io::Result<()> {
        self.service
            .reset(&self.seeds)
            .map_err(std::io::Error::other)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use contract::{Document, Source, lint};

    use super::CONTRACT;

    #[test]
    fn its_contract_has_nothing_that_is_found_in_it() {
        let document = Document::parse(Source::new("openapi.yaml", CONTRACT));
        let mut findings = lint::lint(&document);
        // No request for what needs nothing is wrong.
        findings.retain(|finding| finding.rule != "error-response");
        assert!(findings.is_empty(), "{findings:#?}");
        lint::gate(document).unwrap();
    }
}
