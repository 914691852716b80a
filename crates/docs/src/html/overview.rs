//! What stands before the operations: what the API is, where, and who may call.

use std::collections::BTreeSet;

use contract::operation::{ExternalDocs, Flow, Info, Scheme, SecurityScheme, Server};
use maud::{Markup, html};

use super::{View, heading, id, method};
use crate::authentication::Way;
use crate::edition::Page;
use crate::highlight;
use crate::markdown::{self, leads};
use crate::release::Release;
use crate::words::Words;

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
                (self.elsewhere_of(api.external_docs.as_ref()))
                @if let Some(limit) = &api.rate_limit {
                    p.limit { (words.limit(limit)) }
                }
                (self.about_info(&api.info))
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
                                (self.variables(server))
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

    /// Whom to ask, and what may be done with the API.
    fn about_info(&self, info: &Info) -> Markup {
        let words = self.words();
        html! {
            ul.plain.facts {
                @if let Some(contact) = &info.contact {
                    li {
                        (words.label(words.contact)) " "
                        @if let Some(name) = contact.name.as_ref().or(contact.url.as_ref()) {
                            (outward(contact.url.as_deref(), name))
                        }
                        @if let Some(email) = &contact.email {
                            " " (outward(Some(&format!("mailto:{email}")), email))
                        }
                    }
                }
                @if let Some(license) = &info.license {
                    li { (words.label(words.license)) " " (outward(license.url.as_deref(), &license.name)) }
                }
                @if let Some(terms) = &info.terms_of_service {
                    li { (words.label(words.terms)) " " (outward(Some(terms), terms)) }
                }
            }
        }
    }

    /// A link to what somebody wrote elsewhere.
    pub(super) fn elsewhere_of(&self, docs: Option<&ExternalDocs>) -> Markup {
        let words = self.words();
        html! {
            @if let Some(ExternalDocs { url, description }) = docs {
                p.facts {
                    (words.label(words.more)) " "
                    (outward(Some(url), &markdown::plain(description.as_deref().unwrap_or(url))))
                }
            }
        }
    }

    /// What callers choose of an address.
    fn variables(&self, server: &Server) -> Markup {
        let words = self.words();
        html! {
            @if !server.variables.is_empty() {
                ul.facts {
                    @for variable in &server.variables {
                        li {
                            code { "{" (variable.name) "}" } " "
                            (words.label(words.default)) " " code { (variable.default) }
                            @if !variable.values.is_empty() {
                                ". " (words.label(words.one_of)) " "
                                @for (at, value) in variable.values.iter().enumerate() {
                                    @if at > 0 { ", " }
                                    code { (value) }
                                }
                            }
                            @if let Some(description) = &variable.description {
                                ". " (markdown::line(description, words))
                            }
                        }
                    }
                }
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
            @let events = self.edition.events();
            @if !events.is_empty() {
                section #events {
                    (self.heading(2, "events", &html! { (words.events) }))
                    (self.table(&events))
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
                (self.elsewhere_of(self.edition.tag_of(tag).and_then(|tag| tag.external_docs.as_ref())))
                @if let Some((_, operations)) = operations { (self.table(&operations)) }
            }
        }
    }

    pub(super) fn changelog(&self) -> Markup {
        let (site, words) = (self.site, self.words());
        let text = site.changelog.as_deref().unwrap_or_default();
        // What people wrote alone has a title of its own.
        let is_titled = site.releases.is_empty() && markdown::has_title(text);
        html! {
            section.changelog {
                @if !is_titled { h1 { (words.changelog) } }
                @if !site.releases.is_empty() {
                    h2 { (words.changes_of_api) }
                    @for release in &site.releases { (self.release(release)) }
                }
                @if let Some(text) = &site.changelog {
                    // It is written in one language.
                    @let level = if is_titled { 1 } else { 2 };
                    div lang=(site.editions[0].tag) { (markdown::block(text, words, level)) }
                }
            }
        }
    }

    fn release(&self, release: &Release) -> Markup {
        let words = self.words();
        let name = release.name(words);
        let id = id(&format!("release-{name}"));
        html! {
            div #(id) {
                (self.heading(3, &id, &html! {
                    (name)
                    @if let Some(date) = &release.date { " " time datetime=(date) { (date) } }
                }))
            }
            ul {
                @for line in release.lines(words) {
                    li {
                        @if let Some((class, word)) = line.mark {
                            span class={ "verdict " (class) } { (words.label(word)) } " "
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
                        (self.heading(3, &id(&format!("scheme-{}", scheme.name)), &html! { code { (scheme.name) } }))
                        p {
                            @for (text, code) in Way::of(&scheme.scheme, words).pieces() {
                                (text)
                                @if let Some(code) = code { code { (code) } }
                            }
                        }
                        @if let Some(description) = &scheme.description {
                            (markdown::block(description, words, 4))
                        }
                        (self.flows(scheme))
                    }
                }
                @if !variables.is_empty() {
                    p { (words.set_variable) }
                    (highlight::block("sh", &exports(&variables, prefix)))
                }
            }
        }
    }

    /// The ways to a token, with what may be asked for.
    fn flows(&self, scheme: &SecurityScheme) -> Markup {
        let words = self.words();
        html! {
            @match &scheme.scheme {
                Scheme::OAuth2 { flows } => { @for flow in flows { (self.flow(flow)) } },
                Scheme::OpenIdConnect { url } => {
                    p.facts { (words.label(words.discovery_url)) " " (outward(Some(url), url)) }
                },
                _ => {},
            }
        }
    }

    fn flow(&self, flow: &Flow) -> Markup {
        let words = self.words();
        html! {
            p { code { (flow.name) } }
            ul.facts {
                @for (word, url) in addresses(flow, words) {
                    li { (words.label(word)) " " (outward(Some(url), url)) }
                }
            }
            @if !flow.scopes.is_empty() {
                p { (words.scopes) }
                dl.scopes {
                    @for (scope, meaning) in &flow.scopes {
                        dt { code { (scope) } }
                        dd { (markdown::line(meaning, words)) }
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

/// Where a flow leads, with the word for each.
pub(crate) fn addresses<'f>(
    flow: &'f Flow,
    words: &Words,
) -> impl Iterator<Item = (&'static str, &'f str)> {
    let all = [
        (words.authorization_url, &flow.authorization_url),
        (words.token_url, &flow.token_url),
        (words.refresh_url, &flow.refresh_url),
    ];
    let there = all.into_iter();
    there.filter_map(|(word, url)| Some((word, url.as_deref()?)))
}

/// A link to the web, where an address is one.
fn outward(url: Option<&str>, text: &str) -> Markup {
    html! {
        @match url.filter(|url| leads(url)) {
            Some(url) => a href=(url) rel="noopener nofollow" { (text) },
            None => (text),
        }
    }
}

/// Lines of the shell that set variables.
pub(crate) fn exports(variables: &BTreeSet<String>, prefix: &str) -> String {
    let lines = variables.iter().map(|name| {
        let kind = name.strip_prefix(prefix).unwrap_or(name);
        format!("export {name}=YOUR{kind}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
