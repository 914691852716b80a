//! What stands before the operations: what the API is, where, and who may call.

use std::collections::BTreeSet;

use contract::operation::{Scheme, SecurityScheme};
use maud::{Markup, html};

use super::{View, heading, id, method};
use crate::authentication::Way;
use crate::edition::Page;
use crate::highlight;
use crate::markdown;
use crate::release::Release;

impl View<'_> {
    pub(super) fn index(&self) -> Markup {
        let words = self.words();
        let api = &self.edition.api;
        let places = &self.site.places;
        html! {
            section.intro #overview {
                h1 { (api.info.title) }
                @if let Some(summary) = &api.info.summary { p.lead { (summary) } }
                @if let Some(description) = &api.info.description {
                    (markdown::block(description, words, 2))
                }
                @if let Some(limit) = &api.rate_limit {
                    p.limit { (words.limit(limit)) }
                }
            }
            @if !api.servers.is_empty() {
                section #servers {
                    (self.heading(2, "servers", &html! { (words.servers) }))
                    ul.plain {
                        @for server in &api.servers {
                            li {
                                code { (server.url) }
                                @if let Some(description) = &server.description {
                                    " " (markdown::line(description, words))
                                }
                            }
                        }
                    }
                }
            }
            @if !api.security_schemes.is_empty() { (self.authentication()) }
            @if places.is_single {
                @for (tag, operations) in self.edition.groups() {
                    @if let Some(tag) = tag { (self.group_heading(tag)) }
                    @for (number, _) in operations { (self.operation_section(number, false)) }
                }
                @for number in api.operations.len()..places.operations.len() {
                    (self.operation_section(number, false))
                }
                @for name in places.schemas.keys() { (self.schema_section(name, false)) }
            } @else {
                (self.contents())
            }
        }
    }

    fn group_heading(&self, tag: &str) -> Markup {
        let id = format!("tag-{}", self.site.places.tags[tag]);
        let description = self.edition.about(tag);
        html! {
            section.group-head #(id) {
                (self.heading(2, &id, &html! { (self.edition.shown(tag)) }))
                @if let Some(description) = description {
                    (markdown::block(description, self.words(), 3))
                }
            }
        }
    }

    /// The operations and the objects of a large contract.
    fn contents(&self) -> Markup {
        let words = self.words();
        html! {
            section #operations {
                (self.heading(2, "operations", &html! { (words.operations) }))
                @for (tag, operations) in self.edition.groups() {
                    @if let Some(tag) = tag { h3 { (self.group(tag)) } }
                    (self.table(&operations))
                }
            }
            @if !self.site.places.schemas.is_empty() {
                section #schemas {
                    (self.heading(2, "schemas", &html! { (words.schemas) }))
                    ul.names {
                        @for name in self.site.places.schemas.keys() { li { (self.schema_link(name)) } }
                    }
                }
            }
        }
    }

    fn table(&self, operations: &[(usize, &contract::operation::Operation)]) -> Markup {
        html! {
            ul.contents {
                @for (number, operation) in operations {
                    li {
                        a href=(self.site.places.operation(self.page, *number)) { (heading(operation)) }
                        " " span.endpoint { (method(operation)) " " code { (operation.path) } }
                    }
                }
            }
        }
    }

    pub(super) fn tag(&self, tag: &str) -> Markup {
        let groups = self.edition.groups();
        let operations = groups.into_iter().find(|(known, _)| *known == Some(tag));
        let description = self.edition.about(tag);
        html! {
            section {
                h1 { (self.edition.shown(tag)) }
                @if let Some(description) = description {
                    (markdown::block(description, self.words(), 2))
                }
                @if let Some((_, operations)) = operations { (self.table(&operations)) }
            }
        }
    }

    pub(super) fn changelog(&self) -> Markup {
        let (site, words) = (self.site, self.words());
        html! {
            section.changelog {
                h1 { (words.changelog) }
                @if !site.releases.is_empty() {
                    h2 { (words.changes_of_api) }
                    @for release in &site.releases { (self.release(release)) }
                }
                @if let Some(text) = &site.changelog {
                    // It is written in one language.
                    div lang=(site.editions[0].tag) { (markdown::block(text, words, 2)) }
                }
            }
        }
    }

    fn release(&self, release: &Release) -> Markup {
        let words = self.words();
        let name = release.name(words);
        html! {
            (self.heading(3, &id(&format!("release-{name}")), &html! {
                (name)
                @if let Some(date) = &release.date { " " time datetime=(date) { (date) } }
            }))
            ul {
                @for line in release.lines(words) {
                    li {
                        @if let Some((class, word)) = line.mark {
                            span class={ "verdict " (class) } { (word) } " "
                        }
                        span lang=[line.language] { (markdown::line(&line.text, words)) }
                    }
                }
            }
        }
    }

    fn authentication(&self) -> Markup {
        let words = self.words();
        let schemes = &self.edition.api.security_schemes;
        let prefix = &self.site.prefix;
        let variables = schemes.iter().flat_map(|one| one.scheme.variables(prefix));
        let variables: BTreeSet<String> = variables.collect();
        html! {
            section #authentication {
                (self.heading(2, "authentication", &html! { (words.authentication) }))
                @for scheme in schemes {
                    div.scheme #(id(&format!("scheme-{}", scheme.name))) {
                        p {
                            @for (text, code) in Way::of(&scheme.scheme, words).pieces() {
                                (text)
                                @if let Some(code) = code { code { (code) } }
                            }
                        }
                        @if let Some(description) = &scheme.description {
                            (markdown::block(description, words, 3))
                        }
                        (self.scopes(scheme))
                    }
                }
                @if !variables.is_empty() {
                    p { (words.set_variable) }
                    (highlight::block("sh", &exports(&variables, prefix)))
                }
            }
        }
    }

    fn scopes(&self, scheme: &SecurityScheme) -> Markup {
        let flows = match &scheme.scheme {
            Scheme::OAuth2 { flows } => flows.as_slice(),
            _ => &[],
        };
        html! {
            @for flow in flows {
                @if !flow.scopes.is_empty() {
                    p { (self.words().scopes) " (" code { (flow.name) } ")" }
                    dl.scopes {
                        @for (scope, meaning) in &flow.scopes {
                            dt { code { (scope) } }
                            dd { (markdown::line(meaning, self.words())) }
                        }
                    }
                }
            }
        }
    }

    /// Where an operation is called, on a page of its own.
    pub(super) fn crumbs(&self) -> Markup {
        let index = self.site.places.page(self.page, &Page::Index);
        html! { p.crumbs { a href=(index) { (self.edition.api.info.title) } } }
    }
}

/// Lines of the shell that set variables.
fn exports(variables: &BTreeSet<String>, prefix: &str) -> String {
    let lines = variables.iter().map(|name| {
        let kind = name.strip_prefix(prefix).unwrap_or(name);
        format!("export {name}=YOUR{kind}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
