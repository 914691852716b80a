//! Responses that the contract does not have.

use contract::operation::{Header, Response};
use contract::{Finding, Severity};
use hyper::header::{CONTENT_TYPE, SET_COOKIE};
use serde_json::Value;

use super::exchange::header;
use super::{BODY, Exchange, HEADER, Judge, MEDIA_TYPE, STATUS, finding};
use crate::media;
use crate::parameter::Reader;

impl Judge {
    pub(super) fn response(&self, number: usize, exchange: &Exchange<'_>) -> Vec<Finding> {
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
            let values = exchange.headers.get_all(name.as_str()).iter();
            let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
            let values: Vec<_> = values.collect();
            if values.is_empty() {
                if header.required {
                    let message = format!("`{title}` answers {status} without the header `{name}`");
                    findings.push(finding(HEADER, message, header.origin.span));
                }
                continue;
            }
            let answers = format!("`{title}` answers {status} with a header `{name}` that");
            // Lines of one name are a list, but for this one (RFC 9110, section 5.3).
            let texts = match name.eq_ignore_ascii_case(SET_COOKIE.as_str()) {
                true => values,
                false => vec![values.join(",").into()],
            };
            let judged = texts.iter().map(|text| self.header(&answers, header, text));
            findings.extend(judged.flatten());
        }
        findings
    }

    fn header(&self, answers: &str, header: &Header, text: &str) -> Vec<Finding> {
        let span = header.origin.span;
        let reader = Reader::of_header(self.service.written(), header);
        let value = match reader.value(text) {
            Ok(value) => value,
            Err(why) => return vec![finding(HEADER, format!("{answers} {why}"), span)],
        };
        let content = header.content.as_ref();
        let content = content.and_then(|content| content.schema.as_ref());
        let at = header.schema.as_ref().or(content);
        let schema = at.and_then(|at| self.service.schema(at));
        let violations = schema.map_or_else(Vec::new, |schema| schema.check(&value));
        let findings = violations.into_iter().map(|violation| {
            let (why, span) = self.why(at, Some(&violation), span);
            let message = format!("{answers} does not fit: {why}");
            self.told(HEADER, message, span, Some(&violation))
        });
        findings.collect()
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
}
