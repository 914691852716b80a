use maud::{Markup, html};

use super::{View, heading, method};
use crate::fact::facts;
use crate::field::{Fields, description};
use crate::markdown;

impl View<'_> {
    /// A component.
    pub(super) fn schema_section(&self, name: &str, is_page: bool) -> Markup {
        let words = self.words();
        let Some(slug) = self.site.places.schemas.get(name) else {
            return html! {};
        };
        let pointer = contract::walk::join("/components/schemas", name);
        let Some(node) = self.edition.root.pointer(&pointer) else {
            return html! {};
        };
        let fields = Fields {
            root: &self.edition.root,
            is_whole: false,
            direction: None,
        };
        let shape = fields.shape(&[node]);
        let mut kind = fields.kind(&[node]);
        // Its own name says nothing of it.
        if kind
            .iter()
            .any(|term| matches!(term, crate::field::Term::Schema(own) if own == name))
        {
            kind.clear();
        }
        let users = self.site.places.users.get(name);
        html! {
            section.schema #(slug) {
                @if is_page { (self.crumbs()) }
                (self.heading(if is_page { 1 } else { 2 }, slug, &html! { code { (name) } }))
                p.kind { (self.kind(&kind)) }
                @if let Some(description) = description(&shape) {
                    (markdown::block(description, words, if is_page { 2 } else { 3 }))
                }
                (self.facts(&facts(fields.root, &shape)))
                (self.fields(&fields.below(&[node], slug, &[])))
                @if let Some(users) = users {
                    p.users {
                        (words.label(words.used_by)) " "
                        @for (at, number) in users.iter().enumerate() {
                            @if at > 0 { ", " }
                            @let operation = self.operation(*number);
                            a href=(self.site.places.operation(self.page, *number)) {
                                (method(operation)) " " (heading(operation))
                            }
                        }
                    }
                }
            }
        }
    }
}
