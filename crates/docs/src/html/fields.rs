//! Fields as a tree.

use maud::{Markup, html};
use serde_json::Value;

use super::{View, id};
use crate::field::{Fact, Field, Term, plain};
use crate::markdown;

impl View<'_> {
    pub(super) fn fields(&self, fields: &[Field<'_>]) -> Markup {
        html! {
            @if !fields.is_empty() {
                ul.fields { @for field in fields { (self.field(field)) } }
            }
        }
    }

    fn field(&self, field: &Field<'_>) -> Markup {
        let words = self.words();
        let id = id(&field.anchor);
        html! {
            li.field #(id) {
                div.field-head {
                    @if field.is_alternative {
                        (self.schema_link(&field.name))
                    } @else {
                        code.name { (field.name) }
                    }
                    " " (self.kind(&field.kind))
                    @if let Some(format) = format(&field.facts) { " " span.format { (format) } }
                    @if field.required { " " span.required { (words.required) } }
                    @if field.deprecated { " " span.deprecated { (words.deprecated) } }
                    " " a.anchor href={ "#" (id) } aria-label={ (words.link_here) ": " (field.name) } { "#" }
                }
                @if let Some(description) = field.description {
                    div.about { (markdown::block(description, words, if self.site.places.is_single { 4 } else { 3 })) }
                }
                (self.facts(&field.facts))
                (self.fields(&field.fields))
            }
        }
    }

    pub(super) fn kind(&self, terms: &[Term]) -> Markup {
        html! {
            @if !terms.is_empty() {
                span.type {
                    @for term in terms {
                        @match term {
                            Term::Text(text) => (text),
                            Term::Schema(name) => {
                                @match self.site.places.schema(self.page, name) {
                                    Some(address) => a href=(address) { (name) },
                                    None => (name),
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn facts(&self, facts: &[Fact]) -> Markup {
        let words = self.words();
        let shown = facts.iter().filter(|fact| !matches!(fact, Fact::Format(_)));
        let shown: Vec<&Fact> = shown.collect();
        html! {
            @if !shown.is_empty() {
                ul.facts {
                    @for fact in shown {
                        li {
                            @match fact {
                                Fact::Format(_) => {},
                                Fact::Values(all) => { (words.one_of) ": " (codes(all)) },
                                Fact::Known(all) => { (words.known) ": " (codes(all)) },
                                Fact::Default(value) => { (words.default) ": " code { (value.to_string()) } },
                                Fact::Example(value) => { (words.example) ": " code { (short(value)) } },
                                Fact::Range(range) => { (words.range) ": " (range) },
                                Fact::MultipleOf(step) => { (words.multiple) " " (step) },
                                Fact::Characters(range) => { (words.characters) ": " (range) },
                                Fact::Items(range) => { (words.items) ": " (range) },
                                Fact::Properties(range) => { (words.properties) ": " (range) },
                                Fact::Pattern(pattern) => { (words.pattern) ": " code { (pattern) } },
                                Fact::Unique => (words.unique),
                                Fact::ReadOnly => (words.read_only),
                                Fact::WriteOnly => (words.write_only),
                            }
                        }
                    }
                }
            }
        }
    }
}

fn format(facts: &[Fact]) -> Option<&str> {
    facts.iter().find_map(|fact| match fact {
        Fact::Format(format) => Some(format.as_str()),
        _ => None,
    })
}

/// So many values are listed at most.
const MOST: usize = 60;

fn codes(values: &[Value]) -> Markup {
    html! {
        @for (at, value) in values.iter().take(MOST).enumerate() {
            @if at > 0 { ", " }
            code { (plain(value)) }
        }
        @if values.len() > MOST { " … +" (values.len() - MOST) }
    }
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 120;
    let text = plain(value);
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST).chain(['…']).collect(),
        false => text,
    }
}
