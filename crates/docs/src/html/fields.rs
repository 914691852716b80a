//! Fields as a tree.

use maud::{Markup, html};

use super::{View, id};
use crate::fact::{Fact, Told};
use crate::field::{Field, Term};
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
                    " " a.anchor href={ "#" (id) } aria-label={ (words.label(words.link_here)) " " (field.name) } { "#" }
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
        let told: Vec<Told> = facts.iter().filter_map(|fact| fact.told(words)).collect();
        html! {
            @if !told.is_empty() {
                ul.facts {
                    @for told in &told {
                        li {
                            (told.label)
                            @if let Some(text) = &told.text { " " (text) }
                            @if !told.codes.is_empty() { " " (codes(&told.codes)) }
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

/// So many values are seen at once.
const MOST: usize = 40;

fn codes(values: &[String]) -> Markup {
    let list = |values: &[String]| {
        html! {
            @for (at, value) in values.iter().enumerate() {
                @if at > 0 { ", " }
                code { (value) }
            }
        }
    };
    let (first, rest) = values.split_at(values.len().min(MOST));
    html! {
        (list(first))
        @if !rest.is_empty() {
            details.rest { summary { "+" (rest.len()) } (list(rest)) }
        }
    }
}
