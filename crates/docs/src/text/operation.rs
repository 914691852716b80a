//! Operations: what they are, what they take and give, and how they are called.

use std::fmt::Write as _;

use contract::operation::{Location, Operation, Response};
use contract::schema::Direction;
use maud::html;

use super::{Writer, block, code, line, title, word};
use crate::field::Field;
use crate::html::{heading, heading_of, repetition};
use crate::sample::{LANGUAGES, pretty};
use crate::shown::{calls, examples, payloads};

impl Writer<'_> {
    pub(super) fn operation(&self, out: &mut String, number: usize, level: usize) {
        let view = self.view;
        let operation = view.operation(number);
        let words = view.words();
        let slug = &view.site.places.operations[number];
        title(out, level, &line(heading(operation)));
        let mark = operation
            .deprecated
            .then(|| format!(" ({})", words.deprecated));
        let _ = writeln!(
            out,
            "{}{}\n",
            word(&operation.title()),
            mark.unwrap_or_default()
        );
        block(out, operation.description.as_deref(), level);
        self.elsewhere(out, operation.external_docs.as_ref());
        self.notes(out, operation, number);
        self.parameters(out, operation, level);
        if let Some(request) = &operation.request {
            let mark = request.required.then(|| format!(" ({})", words.required));
            title(
                out,
                level + 1,
                &format!("{}{}", words.body, mark.unwrap_or_default()),
            );
            block(out, request.description.as_deref(), level + 1);
            for content in &request.content {
                self.content(out, content, slug, Direction::Request);
            }
        }
        match view.edition.is_event(number) {
            true => {
                for (name, value) in payloads(view.site, view.edition, operation) {
                    title(out, level + 1, &line(&name));
                    code(out, "json", &pretty(&value));
                }
            }
            false => self.calls(out, operation, level),
        }
        if !operation.responses.is_empty() {
            title(out, level + 1, words.responses);
        }
        for response in &operation.responses {
            self.response(out, operation, response, (slug, level + 2));
        }
        self.callbacks(out, operation, level);
    }

    fn notes(&self, out: &mut String, operation: &Operation, number: usize) {
        let words = self.view.words();
        if self.view.edition.is_event(number) {
            let _ = writeln!(out, "{}\n", words.from_the_api);
            return;
        }
        let ways = operation.security.as_deref();
        let way = |schemes: &[(String, Vec<String>)]| {
            let schemes = schemes
                .iter()
                .map(|(name, scopes)| match scopes.is_empty() {
                    true => word(name),
                    false => format!("{} ({})", word(name), line(&scopes.join(", "))),
                });
            schemes.collect::<Vec<_>>().join(" + ")
        };
        let shown = ways
            .into_iter()
            .flatten()
            .filter(|one| !one.schemes.is_empty());
        let shown: Vec<String> = shown.map(|one| way(&one.schemes)).collect();
        match (ways, shown.is_empty()) {
            (Some(_), true) => {
                let _ = writeln!(out, "- {}", words.anybody);
            }
            (_, false) => {
                let label = words.label(words.authentication);
                let _ = writeln!(out, "- {label} {}", shown.join(&format!(" {} ", words.or)));
            }
            (None, true) => {}
        }
        let repeat = repetition(operation, words, |name| html! { "`" (name) "`" });
        let _ = writeln!(out, "- {}\n", repeat.into_string());
    }

    fn parameters(&self, out: &mut String, operation: &Operation, level: usize) {
        let view = self.view;
        for (location, name) in view.words().locations() {
            let here = operation.parameters.iter().filter(|one| {
                one.location == location
                    || location == Location::Query && one.location == Location::QueryString
            });
            let fields: Vec<Field<'_>> = here.map(|one| view.parameter(one, "")).collect();
            if !fields.is_empty() {
                title(out, level + 1, name);
                self.fields(out, &fields, 0);
                out.push('\n');
            }
        }
    }

    /// The first example in each language, and of the others what they send.
    fn calls(&self, out: &mut String, operation: &Operation, level: usize) {
        let view = self.view;
        let words = view.words();
        for (at, call) in calls(view.site, view.edition, operation).iter().enumerate() {
            match call.title == words.example || call.name.is_empty() {
                true => title(out, level + 1, words.example),
                false => {
                    let name = format!("{} {}", words.label(words.example), line(&call.title));
                    title(out, level + 1, &name);
                }
            }
            if let Some(body) = call.body.as_ref().filter(|_| at > 0) {
                code(out, "json", body);
                continue;
            }
            for language in LANGUAGES {
                if let Some((_, text)) = call.code.iter().find(|(known, _)| *known == language) {
                    let _ = writeln!(out, "{}\n", words.label(language.name()));
                    code(out, language.tag(), text);
                }
            }
        }
    }

    fn response(
        &self,
        out: &mut String,
        operation: &Operation,
        response: &Response,
        (slug, level): (&str, usize),
    ) {
        let view = self.view;
        let words = view.words();
        let description = response.description.as_deref().map(line);
        let description = description.unwrap_or_default();
        title(out, level, &format!("`{}` {description}", response.status));
        if view.says_not_processed(operation, response) {
            let _ = writeln!(out, "{}\n", words.not_processed);
        }
        if !response.headers.is_empty() {
            let headers = response.headers.iter();
            let headers: Vec<Field<'_>> = headers.map(|one| view.header(one, "")).collect();
            let _ = writeln!(out, "{}\n", words.label(words.in_header));
            self.fields(out, &headers, 0);
            out.push('\n');
        }
        for content in &response.content {
            self.content(out, content, slug, Direction::Response);
            for example in examples(view.edition, content) {
                if let Some(value) = &example.value {
                    let _ = writeln!(out, "{}\n", words.label(&line(heading_of(example))));
                    code(out, "json", &pretty(value));
                }
            }
        }
        for link in &response.links {
            let target = match view.edition.number_of(link) {
                Some(number) => view.operation(number).title(),
                None => link.operation.clone(),
            };
            let given = link.parameters.iter();
            let given = given.map(|(name, value)| word(&format!("{name} = {value}")));
            let given: Vec<String> = given.collect();
            let about = link.description.as_deref().map(line).unwrap_or_default();
            let label = words.label(words.links);
            let text = format!("{label} {} {} {about}", word(&target), given.join(", "));
            let _ = writeln!(out, "{}\n", text.trim_end());
        }
    }

    fn callbacks(&self, out: &mut String, operation: &Operation, level: usize) {
        let words = self.view.words();
        let called = operation.callbacks.iter().flat_map(|one| &one.operations);
        let called: Vec<&Operation> = called.collect();
        if called.is_empty() {
            return;
        }
        title(out, level + 1, words.callbacks);
        let _ = writeln!(out, "{}\n", words.from_the_api);
        for called in called {
            title(out, level + 2, &word(&called.title()));
            block(out, called.description.as_deref(), level + 2);
            for content in called.request.iter().flat_map(|request| &request.content) {
                self.content(out, content, "", Direction::Request);
            }
            for response in &called.responses {
                self.response(out, called, response, ("", level + 3));
            }
        }
    }
}
