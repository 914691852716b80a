//! Pages as HTML.

use contract::operation::{Example, Operation};
use maud::{DOCTYPE, Markup, html};

use crate::Site;
use crate::edition::{Edition, Page};
use crate::markdown;
use crate::words::Words;

mod fields;
mod operation;
mod overview;
mod samples;
mod schema;

pub(crate) use operation::repetition;
pub(crate) use overview::{addresses, exports};

/// So many letters the title of a page has at most.
const LONGEST_TITLE: usize = 70;

/// A page of the site as it is written.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) site: &'a Site,
    pub(crate) edition: &'a Edition,
    pub(crate) page: &'a Page,
}

impl<'a> View<'a> {
    pub(crate) fn words(&self) -> &'static Words {
        self.edition.words
    }

    /// From this page to the root of the site.
    fn root(&self) -> String {
        format!("{}../", self.site.places.up(self.page))
    }

    /// The whole page.
    pub(crate) fn write(&self) -> String {
        let title = self.title();
        let file = self.site.places.file(self.page);
        let root = self.root();
        let page = html! {
            (DOCTYPE)
            html lang=(self.edition.tag) data-root=(root) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    @if let Some(description) = self.description() {
                        meta name="description" content=(description);
                    }
                    @for edition in &self.site.editions {
                        link rel="alternate" hreflang=(edition.tag) href=(self.elsewhere(edition));
                    }
                    link rel="alternate" type="text/markdown" href=(self.markdown());
                    link rel="stylesheet" href={ (root) "style.css" };
                    script src={ (root) "script.js" } {}
                }
                body data-file=(file) {
                    a.skip href="#main" { (self.words().skip) }
                    (self.top())
                    div.frame {
                        (self.navigation())
                        main #main { (self.main()) }
                    }
                    (self.footer())
                }
            }
        };
        page.into_string()
    }

    fn title(&self) -> String {
        let api = &self.edition.api.info.title;
        let own = match self.page {
            Page::Index => return api.clone(),
            Page::Changelog => self.words().changelog.to_owned(),
            Page::Tag(tag) => self.edition.shown(tag).to_owned(),
            Page::Operation(number) => heading(self.operation(*number)).to_owned(),
            Page::Schema(name) => name.clone(),
        };
        let whole = format!("{own} · {api}");
        // More is cut off by browsers and in lists of results.
        match whole.chars().count() <= LONGEST_TITLE {
            true => whole,
            false => own.chars().take(LONGEST_TITLE).collect(),
        }
    }

    fn description(&self) -> Option<String> {
        let text = match self.page {
            Page::Index => self.edition.api.info.description.as_deref(),
            Page::Operation(number) => self.operation(*number).description.as_deref(),
            _ => None,
        };
        let text: String = markdown::plain(text?).chars().take(160).collect();
        (!text.is_empty()).then_some(text)
    }

    pub(crate) fn operation(&self, number: usize) -> &'a Operation {
        let mut operations = self.edition.operations();
        operations
            .nth(number)
            .expect("numbers are given to the operations that there are")
    }

    /// This page in another language.
    fn elsewhere(&self, edition: &Edition) -> String {
        let file = self.site.places.file(self.page);
        format!("{}{}/{file}.html", self.root(), edition.tag)
    }

    /// This page as Markdown.
    fn markdown(&self) -> String {
        let file = self.site.places.file(self.page);
        let name = file.rsplit('/').next().unwrap_or_default();
        format!("{name}.md")
    }

    fn top(&self) -> Markup {
        let words = self.words();
        let index = self.site.places.page(self.page, &Page::Index);
        html! {
            header.top {
                a.brand href=(index) { (self.edition.api.info.title) }
                div.find hidden {
                    input #find type="search" aria-label=(words.search) placeholder=(words.search)
                        autocomplete="off" data-nothing=(words.nothing_found);
                    ol #found {}
                }
                nav.languages aria-label=(words.language) {
                    @for edition in &self.site.editions {
                        a href=(self.elsewhere(edition)) hreflang=(edition.tag) lang=(edition.tag)
                            aria-current=[(edition.tag == self.edition.tag).then_some("true")] {
                            (edition.words.name_for(&edition.tag))
                        }
                    }
                }
                button.theme type="button" hidden aria-label=(words.theme) title=(words.theme) {
                    svg viewBox="0 0 16 16" aria-hidden="true" {
                        circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5" {}
                        path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" {}
                    }
                }
            }
        }
    }

    fn navigation(&self) -> Markup {
        let words = self.words();
        let places = &self.site.places;
        let current = |page: &Page| (self.page == page).then_some("page");
        html! {
            nav.side aria-label=(words.menu) {
                details open {
                    summary { (words.menu) }
                    ul {
                        li {
                            a href=(places.page(self.page, &Page::Index)) aria-current=[current(&Page::Index)] {
                                (words.overview)
                            }
                        }
                        @for (tag, operations) in self.edition.groups() {
                            li {
                                @if let Some(tag) = tag { (self.group(tag)) }
                                @if self.shows(tag) {
                                    ul {
                                        @for (number, operation) in operations {
                                            (self.entry(number, operation))
                                        }
                                    }
                                }
                            }
                        }
                        @if !self.edition.api.webhooks.is_empty() {
                            li {
                                span.group { (words.events) }
                                ul {
                                    @for (number, operation) in self.edition.events() {
                                        (self.entry(number, operation))
                                    }
                                }
                            }
                        }
                        @if !places.schemas.is_empty() && places.is_single {
                            li {
                                span.group { (words.schemas) }
                                ul {
                                    @for name in places.schemas.keys() {
                                        li { (self.schema_link(name)) }
                                    }
                                }
                            }
                        }
                        @if self.site.has_changelog() {
                            li {
                                a href=(places.page(self.page, &Page::Changelog)) aria-current=[current(&Page::Changelog)] {
                                    (words.changelog)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn group(&self, tag: &str) -> Markup {
        let places = &self.site.places;
        let shown = self.edition.shown(tag);
        match (places.is_single, places.tags.contains_key(tag)) {
            (false, true) => {
                let page = Page::Tag(tag.to_owned());
                let current = (*self.page == page).then_some("page");
                html! { a.group href=(places.page(self.page, &page)) aria-current=[current] { (shown) } }
            }
            _ => html! { span.group { (shown) } },
        }
    }

    /// Whether the operations of a group are listed beside this page: those of all groups would be
    /// most of a large page.
    fn shows(&self, tag: Option<&str>) -> bool {
        if self.site.places.is_single {
            return true;
        }
        match self.page {
            Page::Tag(own) => Some(own.as_str()) == tag,
            Page::Operation(number) => {
                let own = self.operation(*number).tags.first();
                own.map(String::as_str) == tag
            }
            _ => false,
        }
    }

    fn entry(&self, number: usize, operation: &Operation) -> Markup {
        let current = (*self.page == Page::Operation(number)).then_some("page");
        html! {
            li {
                a.entry href=(self.site.places.operation(self.page, number)) aria-current=[current] {
                    (method(operation)) span { (breakable(heading(operation))) }
                }
            }
        }
    }

    pub(crate) fn schema_link(&self, name: &str) -> Markup {
        match self.site.places.schema(self.page, name) {
            Some(address) => html! { a href=(address) { code { (name) } } },
            None => html! { code { (name) } },
        }
    }

    fn main(&self) -> Markup {
        match self.page {
            Page::Index => self.index(),
            Page::Changelog => self.changelog(),
            Page::Tag(tag) => self.tag(tag),
            Page::Operation(number) => self.operation_section(*number, true),
            Page::Schema(name) => self.schema_section(name, true),
        }
    }

    fn footer(&self) -> Markup {
        let words = self.words();
        let up = self.site.places.up(self.page);
        html! {
            footer {
                p {
                    (words.made_from) " · " (words.version) " " (self.edition.api.info.version) " · "
                    a href={ (up) (self.site.name) ".json" } download { (words.download) } " · "
                    a href=(self.markdown()) { (words.as_markdown) }
                }
            }
        }
    }

    /// A heading with a link of its own.
    pub(crate) fn heading(&self, level: u8, id: &str, content: &Markup) -> Markup {
        let link = html! {
            a.anchor href={ "#" (id) } aria-label=(self.words().link_here) { "#" }
        };
        match level {
            1 => html! { h1 { (content) " " (link) } },
            2 => html! { h2 { (content) " " (link) } },
            _ => html! { h3 { (content) " " (link) } },
        }
    }
}

/// What an operation is called on a page.
pub(crate) fn heading(operation: &Operation) -> &str {
    let summary = operation
        .summary
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let id = operation.id.as_deref();
    summary.or(id).unwrap_or(operation.path.as_str())
}

pub(crate) fn method(operation: &Operation) -> Markup {
    let class = operation.method.to_ascii_lowercase();
    let is_known = ["get", "post", "put", "patch", "delete"].contains(&class.as_str());
    let class = if is_known { class.as_str() } else { "other" };
    html! { span class={ "method " (class) } { (operation.method) } }
}

/// A text as it stands in an attribute `id`, and in an address that leads there, as it is.
pub(crate) fn id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '.' => id.push_str("--"),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') => id.push(c),
            other => id.push_str(&format!("_{:x}_", u32::from(other))),
        }
    }
    id
}

/// A name that may break where its parts meet, and nowhere else.
pub(crate) fn breakable(name: &str) -> Markup {
    let ends = |c: char| matches!(c, '/' | '_' | '-' | '.');
    let parts = name.split_inclusive(ends);
    html! {
        @for (at, part) in parts.enumerate() {
            @if at > 0 { wbr; }
            (part)
        }
    }
}

/// What an example is called on a page.
pub(crate) fn heading_of(example: &Example) -> &str {
    example.summary.as_deref().unwrap_or(&example.name)
}

/// The page that leads to the languages: to the reader's, where scripts run.
pub(crate) fn choice(site: &Site) -> String {
    let first = &site.editions[0];
    let title = &first.api.info.title;
    let page = html! {
        (DOCTYPE)
        html lang=(first.tag) data-root="" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @for edition in &site.editions {
                    link rel="alternate" hreflang=(edition.tag) href={ (edition.tag) "/index.html" };
                }
                link rel="alternate" hreflang="x-default" href={ (first.tag) "/index.html" };
                link rel="stylesheet" href="style.css";
                script src="script.js" {}
            }
            body data-choose {
                main.choose #main {
                    h1 { (title) }
                    ul {
                        @for edition in &site.editions {
                            li {
                                a href={ (edition.tag) "/index.html" } hreflang=(edition.tag) lang=(edition.tag) {
                                    (edition.words.name_for(&edition.tag))
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}
