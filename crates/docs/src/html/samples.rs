//! How an operation is called, and what it answers.

use contract::operation::{Example, MediaType, Operation};
use contract::schema::Direction;
use maud::{Markup, html};
use serde_json::Value;

use super::{View, heading_of};
use crate::highlight;
use crate::sample::{LANGUAGES, pretty};
use crate::shown::{Call, calls, examples, payloads};

impl View<'_> {
    pub(super) fn samples(&self, operation: &Operation, number: usize) -> Markup {
        let words = self.words();
        let calls = match self.edition.is_event(number) {
            true => Vec::new(),
            false => calls(self.site, self.edition, operation),
        };
        html! {
            @if !calls.is_empty() {
                div.tabs data-tabs="language" data-label=(words.request) {
                    p.code-title { (words.request) }
                    @for call in &calls { (self.call(call)) }
                }
                @if let Some(call) = calls.first() { (self.try_it(call)) }
            }
            @if self.edition.is_event(number) {
                @for (title, value) in payloads(self.site, self.edition, operation) {
                    div.answer {
                        p.code-title { (title) }
                        (self.code("json", &pretty(&value)))
                    }
                }
            }
            @for response in &operation.responses {
                @for content in &response.content {
                    @let is_one = response.content.len() == 1;
                    (self.answers(&response.status.to_string(), content, !is_one))
                }
            }
        }
    }

    /// One example in every language.
    fn call(&self, call: &Call) -> Markup {
        html! {
            div.example data-name=(call.name) data-title=(call.title) {
                p.example-title { (call.title) }
                @for language in LANGUAGES {
                    @if let Some(code) = call.code.iter().find(|(known, _)| *known == language) {
                        figure.sample data-tab=(language.name()) {
                            figcaption { (language.name()) }
                            (self.code(language.tag(), &code.1))
                        }
                    }
                }
                @for (name, tag, code) in &call.other {
                    figure.sample data-tab=(name) {
                        figcaption { (name) }
                        (self.code(tag, code))
                    }
                }
            }
        }
    }

    /// Code that can be copied.
    fn code(&self, language: &str, code: &str) -> Markup {
        html! {
            div.boxed {
                button.copy type="button" hidden data-copied=(self.words().copied) { (self.words().copy) }
                (highlight::block(language, code))
            }
        }
    }

    fn answers(&self, status: &str, content: &MediaType, is_named: bool) -> Markup {
        let title = html! {
            p.code-title {
                span class={ "status s" (&status[..1]) } { (status) }
                @if is_named { " " code { (content.name) } }
            }
        };
        let shown: Vec<&Example> = examples(self.edition, content);
        let made = || {
            let schema = content
                .schema
                .as_ref()
                .filter(|_| shown.is_empty() && content.is_json())?;
            self.site
                .maker(self.edition)
                .sampled(schema, Direction::Response)
        };
        html! {
            @if let Some(made) = made() {
                div.answer {
                    (title)
                    (self.code("json", &pretty(&made)))
                }
            }
            @if !shown.is_empty() {
                div.answer data-tabs="example" data-label=(status) {
                    (title)
                    @for example in shown {
                        @if let Some(value) = &example.value {
                            div.example data-name=(example.name) data-title=(heading_of(example)) {
                                @if example.summary.is_some() { p.example-title { (heading_of(example)) } }
                                @match value {
                                    Value::String(text) if !content.is_json() => (self.code("", text)),
                                    value => (self.code("json", &pretty(value))),
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What a script needs to send the first example.
    fn try_it(&self, call: &Call) -> Markup {
        let words = self.words();
        let texts = serde_json::json!({
            "send": words.send, "address": words.address, "path": words.path,
            "body": words.body, "key": words.key,
            "keyStays": words.key_stays, "noAnswer": words.no_answer,
        });
        html! {
            button.try type="button" hidden
                data-request=(call.request) data-texts=(texts.to_string()) { (words.try_it) }
        }
    }
}
