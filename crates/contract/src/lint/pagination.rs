#![doc = include_str!("pagination.md")]

use std::collections::HashSet;

use super::example_property::{DEPTH, flatten, is_open};
use super::{Context, Finding, Findings, Node, Rule, Severity, nearest};
use crate::operation::{
    Input, Location, Malformed, MediaType, Operation, PAGINATION, Pagination, Response, Status,
    Step,
};
use crate::source::{Span, tokens};
use crate::walk::join;

pub(super) const RULE: Rule = Rule {
    name: "pagination",
    severity: Severity::Error,
    summary: "what `x-pagination` names is in the operation, and fits",
    explanation: include_str!("pagination.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for operation in &context.api.operations {
        match Pagination::read(&operation.extensions) {
            None => {}
            Some(Err(wrong)) => {
                let wrong = wrong.iter();
                out.extend(wrong.map(|wrong| malformed(context, operation, wrong)));
            }
            Some(Ok(pagination)) => Fit {
                context,
                operation,
                pagination: &pagination,
                out,
            }
            .check(),
        }
    }
}

fn malformed(context: &Context<'_>, operation: &Operation, wrong: &Malformed) -> Finding {
    let extension = wrong.extension;
    let span = place(context, operation, extension, wrong.key.as_deref());
    let severity = match wrong.is_foreign {
        true => Severity::Warning,
        false => severity(extension),
    };
    let message = format!("`{extension}` {}", wrong.why);
    Finding::new(RULE.name, severity, message, span).help(&wrong.help)
}

/// What others' tools say of pages stops nobody: only the methods for them are less.
fn severity(extension: &str) -> Severity {
    match extension == PAGINATION {
        true => RULE.severity,
        false => Severity::Warning,
    }
}

/// Where a key of the extension stands, or the extension.
fn place(context: &Context<'_>, operation: &Operation, extension: &str, key: Option<&str>) -> Span {
    let at = join(&operation.origin.pointer, extension);
    let own = key.and_then(|key| context.root.pointer(&at)?.get(key).map(|_| key));
    match own {
        Some(key) => context.root.locate(&join(&at, key)),
        None => context.root.locate(&at),
    }
}

/// What the names lead to.
struct Fit<'a, 'b> {
    context: &'b Context<'a>,
    operation: &'b Operation,
    pagination: &'b Pagination,
    out: &'b mut Findings,
}

const NUMBER: &[&str] = &["integer", "number", "string"];
const COUNT: &[&str] = &["integer", "number"];
const TEXT: &[&str] = &["string"];

impl<'a> Fit<'a, '_> {
    fn check(mut self) {
        let Pagination {
            step, items, more, ..
        } = self.pagination;
        match step {
            Step::Page { input, pages, .. } => {
                self.input("page", input);
                self.answered("pages", pages.as_deref(), COUNT);
            }
            Step::Offset { input, total, .. } => {
                self.input("offset", input);
                self.answered("total", total.as_deref(), COUNT);
            }
            Step::Cursor(input, next) => {
                self.input("cursor", input);
                self.answered("next", Some(next), NUMBER);
            }
            Step::Last(input, last) => {
                self.input("cursor", input);
                if let Some(items) = items {
                    let item = format!("{items}/0{last}");
                    self.answered("last", Some(&item), NUMBER);
                }
            }
            Step::Link(link) => self.answered("link", Some(link), TEXT),
            Step::LinkHeader => self.header(),
        }
        self.answered("items", items.as_deref(), &["array"]);
        self.answered("more", more.as_deref(), &["boolean"]);
    }

    fn input(&mut self, key: &str, input: &Input) {
        match input {
            Input::Query(name) => self.parameter(key, name),
            Input::Body(place) => {
                let body = self.operation.request.as_ref();
                let json = body.and_then(|body| body.content.iter().find(|one| one.is_json()));
                match json {
                    Some(json) => self.within(key, place, NUMBER, json, "the request"),
                    None => self.wrong(
                        key,
                        format!("asks at `{place}` of a body of JSON, and the request has none"),
                        "name a parameter of the query",
                    ),
                }
            }
        }
    }

    fn parameter(&mut self, key: &str, name: &str) {
        let parameters = &self.operation.parameters;
        let mut of_name = parameters.iter().filter(|one| one.name == name);
        let in_query = of_name.clone().find(|one| one.location == Location::Query);
        let Some(parameter) = in_query else {
            let query = parameters.iter().filter(|p| p.location == Location::Query);
            let near = nearest(name, query.map(|one| one.name.as_str()));
            let (why, help) = match (of_name.next(), near) {
                (Some(_), _) => (
                    format!("asks by `{name}`, which is not in the query"),
                    "name a parameter of the query, or a place in the body such as `/after`".into(),
                ),
                (None, Some(near)) => (
                    format!("asks by `{name}`, which is no parameter here"),
                    format!("did you mean `{near}`?"),
                ),
                (None, None) => (
                    format!("asks by `{name}`, which is no parameter here"),
                    format!("add `{name}` to `parameters`, `in: query`"),
                ),
            };
            return self.wrong(key, why, &help);
        };
        let root = self.context.root;
        let schema = parameter.schema.as_ref();
        let schema = schema.and_then(|schema| root.pointer(&schema.origin.pointer));
        let fits = schema.is_none_or(|schema| self.fits(&[schema], NUMBER));
        if !fits {
            let why = format!("asks by `{name}`, which is neither a number nor text");
            self.wrong(key, why, "name a parameter with one value");
        }
    }

    fn header(&mut self) {
        let response = self.response();
        let has_link = |response: &Response| {
            let mut headers = response.headers.iter();
            headers.any(|header| header.name.eq_ignore_ascii_case("Link"))
        };
        if !response.is_some_and(has_link) {
            self.wrong(
                "link",
                "follows the header `Link`, which the response does not have".to_owned(),
                "add `Link` to `headers` of the response, as RFC 8288 has it",
            );
        }
    }

    /// The response that is a page.
    fn response(&self) -> Option<&Response> {
        let mut responses = self.operation.responses.iter();
        responses.find(|response| match response.status {
            Status::Code(code) => (200..300).contains(&code),
            Status::Range(digit) => digit == 2,
            Status::Default => false,
        })
    }

    fn answered(&mut self, key: &str, place: Option<&str>, wanted: &[&str]) {
        let Some(place) = place else {
            return;
        };
        let response = self.response();
        let json = response.and_then(|one| one.content.iter().find(|one| one.is_json()));
        match json.cloned() {
            Some(json) => self.within(key, place, wanted, &json, "the response"),
            None => self.wrong(
                key,
                format!("leads to `{place}`, and the operation answers no JSON"),
                "describe the response, with `content` of `application/json`",
            ),
        }
    }

    /// Whether there is something at a place, and of one of these types.
    fn within(&mut self, key: &str, place: &str, wanted: &[&str], json: &MediaType, of: &str) {
        let root = self.context.root;
        let schema = json.schema.as_ref();
        let Some(schema) = schema.and_then(|schema| root.pointer(&schema.origin.pointer)) else {
            return;
        };
        let (mut schemas, mut way) = (vec![schema], String::new());
        for step in tokens(place).into_iter().flatten() {
            match self.step(&schemas, &step) {
                Next::Anything => return,
                Next::Schemas(next) => schemas = next,
                Next::Nothing(near) => {
                    let why = format!("leads to `{place}`, which {of} does not have");
                    let help = match near {
                        Some(near) => format!("did you mean `{}`?", join(&way, &near)),
                        None => format!("add it to the schema of {of}, or correct it here"),
                    };
                    return self.wrong(key, why, &help);
                }
            }
            way = join(&way, &step);
        }
        if !self.fits(&schemas, wanted) {
            let why = format!(
                "says that `{key}` is at `{place}`, which is not of `type: {}`",
                wanted[0]
            );
            self.wrong(
                key,
                why,
                "correct the place, or the schema that stands there",
            );
        }
    }

    fn step(&self, schemas: &[&'a Node], step: &str) -> Next<'a> {
        let Some(parts) = self.parts(schemas) else {
            return Next::Anything;
        };
        let within =
            |key: &str| -> Vec<&'a Node> { parts.iter().filter_map(|p| p.get(key)).collect() };
        let properties = within("properties");
        let mut next: Vec<&'a Node> = properties.iter().filter_map(|p| p.get(step)).collect();
        if next.is_empty() && step.parse::<usize>().is_ok() {
            next = within("items");
        }
        if !next.is_empty() {
            return Next::Schemas(next);
        }
        if parts.iter().any(|part| is_open(part)) {
            return Next::Anything;
        }
        let known = properties.iter().flat_map(|p| p.entries());
        let near = nearest(step, known.map(|(name, _)| name));
        Next::Nothing(near.map(str::to_owned))
    }

    /// What schemas are made of; nothing, where that cannot be followed.
    fn parts(&self, schemas: &[&'a Node]) -> Option<Vec<&'a Node>> {
        let (mut parts, mut seen) = (Vec::new(), HashSet::new());
        let mut whole = schemas.iter();
        let is_whole =
            whole.all(|schema| flatten(self.context, schema, &mut parts, &mut seen, DEPTH));
        is_whole.then_some(parts)
    }

    fn fits(&self, schemas: &[&'a Node], wanted: &[&str]) -> bool {
        let Some(parts) = self.parts(schemas) else {
            return true;
        };
        let types: Vec<_> = parts
            .iter()
            .filter_map(|part| part.get("type").and_then(Node::as_str))
            .collect();
        types.is_empty() || types.iter().any(|ty| wanted.contains(ty))
    }

    fn wrong(&mut self, key: &str, why: String, help: &str) {
        let extension = self.pagination.extension;
        let span = place(self.context, self.operation, extension, Some(key));
        let message = format!("`{extension}` {why}");
        let finding = Finding::new(RULE.name, severity(extension), message, span);
        self.out.push(finding.help(help));
    }
}

/// What is one step further in a value.
enum Next<'a> {
    Schemas(Vec<&'a Node>),
    /// The schema does not say what there is.
    Anything,
    /// Perhaps with what was meant.
    Nothing(Option<String>),
}
