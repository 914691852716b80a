//! Requests that an API takes, and the contract does not.

use contract::Finding;
use contract::operation::{MediaType, Operation};
use hyper::header::CONTENT_TYPE;

use super::exchange::header;
use super::{Exchange, Judge, OPERATION, REQUEST, finding};
use crate::media;
use crate::refusal::{Place, Refusal};
use crate::service::Asked;

/// Longer segments of a path are values, in bytes.
const LONGEST_NAME: usize = 24;

impl Judge {
    pub(super) fn unknown(&self, exchange: &Exchange<'_>, instead: &str) -> Finding {
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
    pub(super) fn request(
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
}

/// Whether a segment of a path that nobody describes looks like a name, and not like a value.
fn is_name(segment: &str) -> bool {
    let is_version = segment
        .strip_prefix('v')
        .is_some_and(|rest| rest.parse::<u8>().is_ok());
    let is_letter = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_');
    is_version || segment.len() <= LONGEST_NAME && segment.chars().all(is_letter)
}
