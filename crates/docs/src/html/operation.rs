use contract::operation::{
    Header, Link, Location, MediaType, Operation, Origin, Parameter, Response, SchemaAt, Status,
};
use contract::schema::Direction;
use contract::source::Node;
use maud::{Markup, html};

use super::{View, breakable, heading, id, method};
use crate::edition::Page;
use crate::fact::Fact;
use crate::field::{Field, Fields};
use crate::markdown;
use crate::words::Words;

impl View<'_> {
    /// An operation: what it is on the left, how it is called on the right.
    pub(super) fn operation_section(&self, number: usize, is_page: bool) -> Markup {
        let operation = self.operation(number);
        let words = self.words();
        let slug = &self.site.places.operations[number];
        html! {
            section.operation #(slug) data-method=(operation.method) {
                @if is_page { (self.crumbs()) }
                (self.heading(if is_page { 1 } else { 2 }, slug, &html! { (heading(operation)) }))
                p.endpoint {
                    (method(operation)) " " code.path { (breakable(&operation.path)) }
                    @if operation.deprecated { " " span.deprecated { (words.deprecated) } }
                }
                div.columns {
                    div.doc {
                        @if let Some(description) = &operation.description {
                            (markdown::block(description, words, if is_page { 2 } else { 3 }))
                        }
                        (self.elsewhere_of(operation.external_docs.as_ref()))
                        (self.notes(operation, number))
                        (self.parameters(operation, slug))
                        (self.body(operation, slug))
                        (self.responses(operation, slug))
                        (self.callbacks(operation, slug))
                    }
                    div.code { (self.samples(operation, number)) }
                }
            }
        }
    }

    /// The heading of a part: below the operation's, which is the page's own or not.
    fn part(&self, content: &Markup) -> Markup {
        match self.site.places.is_single {
            true => html! { h3.part { (content) } },
            false => html! { h2.part { (content) } },
        }
    }

    /// What is to be known before a call.
    fn notes(&self, operation: &Operation, number: usize) -> Markup {
        let words = self.words();
        let security = operation.security.as_deref();
        let is_open = security
            .is_some_and(|ways| ways.is_empty() || ways.iter().all(|way| way.schemes.is_empty()));
        let index = self.site.places.page(self.page, &Page::Index);
        // Who shows who calls, and repeats an event, is the API.
        if self.edition.is_event(number) {
            return html! { ul.notes { li { (words.from_the_api) } } };
        }
        let ways = security.into_iter().flatten();
        let ways: Vec<_> = ways.filter(|way| !way.schemes.is_empty()).collect();
        html! {
            ul.notes {
                @if is_open { li { (words.anybody) } }
                @if !ways.is_empty() {
                    li {
                        (words.label(words.authentication)) " "
                        @for (at, way) in ways.iter().enumerate() {
                            @if at > 0 { " " (words.or) " " }
                            @for (at, (name, scopes)) in way.schemes.iter().enumerate() {
                                @if at > 0 { " + " }
                                a href={ (index) "#" (id(&format!("scheme-{name}"))) } { code { (name) } }
                                @if !scopes.is_empty() { " (" (scopes.join(", ")) ")" }
                            }
                        }
                    }
                }
                li { (repetition(operation, words, |name| html! { code { (name) } })) }
            }
        }
    }

    fn parameters(&self, operation: &Operation, slug: &str) -> Markup {
        html! {
            @for (location, title) in self.words().locations() {
                @let fields = self.parameter_fields(operation, location, slug);
                @if !fields.is_empty() {
                    (self.part(&html! { (title) }))
                    (self.fields(&fields))
                }
            }
        }
    }

    fn fields_of(&self, direction: Direction) -> Fields<'_> {
        Fields {
            root: &self.edition.root,
            is_whole: self.site.places.is_single,
            direction: Some(direction),
        }
    }

    fn parameter_fields(
        &self,
        operation: &Operation,
        location: Location,
        slug: &str,
    ) -> Vec<Field<'_>> {
        let here = operation.parameters.iter().filter(|one| {
            one.location == location
                || location == Location::Query && one.location == Location::QueryString
        });
        let mut fields: Vec<Field<'_>> = here.map(|one| self.parameter(one, slug)).collect();
        fields.sort_by_key(|field| !field.required);
        fields
    }

    pub(crate) fn parameter(&self, parameter: &Parameter, slug: &str) -> Field<'_> {
        let anchor = format!("{slug}.{}.{}", parameter.location.word(), parameter.name);
        let content = parameter.content.as_ref();
        let schema = schema_of(parameter.schema.as_ref(), content);
        let fields = self.fields_of(Direction::Request);
        let mut field = fields.field(&parameter.name, anchor, &self.nodes(schema), &[]);
        field.required = parameter.required;
        field.deprecated |= parameter.deprecated;
        field.description = self.about(&parameter.origin).or(field.description);
        let mut shown = parameter.examples.iter();
        let shown = shown.find_map(|example| example.value.clone());
        let is_shown = field
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::Example(_)));
        field
            .facts
            .extend(shown.filter(|_| !is_shown).map(Fact::Example));
        field
    }

    pub(crate) fn header(&self, header: &Header, at: &str) -> Field<'_> {
        let anchor = format!("{at}.{}", header.name);
        let schema = schema_of(header.schema.as_ref(), header.content.as_ref());
        let fields = self.fields_of(Direction::Response);
        let mut field = fields.field(&header.name, anchor, &self.nodes(schema), &[]);
        field.required = header.required;
        field.deprecated |= header.deprecated;
        field.description = self.about(&header.origin).or(field.description);
        field
    }

    fn nodes(&self, schema: Option<&SchemaAt>) -> Vec<&Node> {
        let node = schema.and_then(|at| self.edition.root.pointer(&at.origin.pointer));
        node.into_iter().collect()
    }

    /// What something says of itself, and not of its values.
    fn about(&self, origin: &Origin) -> Option<&str> {
        let node = self.edition.root.pointer(&origin.pointer)?;
        node.get("description")?.as_str()
    }

    fn body(&self, operation: &Operation, slug: &str) -> Markup {
        let words = self.words();
        let Some(request) = &operation.request else {
            return html! {};
        };
        let at = format!("{slug}.body");
        let id = id(&at);
        html! {
            div #(id) {
                (self.part(&html! {
                    (words.body)
                    @if request.required { " " span.required { (words.required) } }
                    " " a.anchor href={ "#" (id) } aria-label={ (words.label(words.link_here)) " " (words.body) } { "#" }
                }))
                @if let Some(description) = &request.description {
                    (markdown::block(description, words, 4))
                }
                (self.contents_of(&request.content, &at, Direction::Request))
            }
        }
    }

    /// What a body has in each form; fields of one component stand there once.
    fn contents_of(&self, all: &[MediaType], at: &str, direction: Direction) -> Markup {
        let component = |content: &MediaType| {
            let schema = content.schema.as_ref()?;
            schema.component.clone()
        };
        html! {
            @for (number, content) in all.iter().enumerate() {
                @let known = component(content);
                @let is_known = known.is_some() && all[..number].iter().any(|one| component(one) == known);
                (self.content(content, &numbered(at, number), direction, !is_known))
            }
        }
    }

    /// What a body has in one form.
    fn content(
        &self,
        content: &MediaType,
        at: &str,
        direction: Direction,
        has_fields: bool,
    ) -> Markup {
        let nodes = self.nodes(content.schema.as_ref().or(content.item_schema.as_ref()));
        let fields = self.fields_of(direction);
        html! {
            p.media {
                code { (content.name) }
                @if !nodes.is_empty() { " " (self.kind(&fields.kind(&nodes))) }
            }
            @if has_fields && !nodes.is_empty() { (self.fields(&fields.below(&nodes, at, &[]))) }
        }
    }

    fn responses(&self, operation: &Operation, slug: &str) -> Markup {
        html! {
            @if !operation.responses.is_empty() {
                (self.part(&html! { (self.words().responses) }))
                @for response in &operation.responses { (self.response(operation, response, slug)) }
            }
        }
    }

    /// Whether an answer says that nothing was done.
    pub(crate) fn says_not_processed(&self, operation: &Operation, response: &Response) -> bool {
        match response.status {
            Status::Code(code) => code >= 400 && operation.is_not_processed(code),
            Status::Range(_) | Status::Default => false,
        }
    }

    fn response(&self, operation: &Operation, response: &Response, slug: &str) -> Markup {
        let words = self.words();
        let status = response.status.to_string();
        let at = format!("{slug}.{status}");
        let code = response.status.codes().map(|(first, _)| first);
        let is_repeated = self.says_not_processed(operation, response);
        let is_success = code.is_some_and(|code| code / 100 == 2);
        html! {
            details.response #(id(&at)) open[is_success] {
                summary {
                    span class={ "status s" (&status[..1]) } { (status) }
                    " "
                    @if let Some(description) = &response.description {
                        span.about { (markdown::line(description, words)) }
                    }
                }
                @if is_repeated { p.repeat { (words.not_processed) } }
                @if !response.headers.is_empty() {
                    p.code-title { (words.in_header) }
                    @let headers: Vec<Field<'_>> = response.headers.iter()
                        .map(|header| self.header(header, &at)).collect();
                    (self.fields(&headers))
                }
                (self.contents_of(&response.content, &at, Direction::Response))
                @if response.content.is_empty() { p.media { (words.no_body) } }
                (self.links(&response.links))
            }
        }
    }

    /// What may be called with what is answered.
    fn links(&self, links: &[Link]) -> Markup {
        let words = self.words();
        html! {
            @if !links.is_empty() {
                p.code-title { (words.links) }
                ul.facts {
                    @for link in links {
                        li {
                            @match self.edition.number_of(link) {
                                Some(number) => {
                                    a href=(self.site.places.operation(self.page, number)) {
                                        (heading(self.operation(number)))
                                    }
                                },
                                None => code { (link.operation) },
                            }
                            @for (name, value) in &link.parameters {
                                " " code { (name) " = " (value) }
                            }
                            @if let Some(description) = &link.description {
                                " " (markdown::line(description, words))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Requests that the API sends in turn.
    fn callbacks(&self, operation: &Operation, slug: &str) -> Markup {
        let words = self.words();
        let callbacks = operation.callbacks.iter();
        let called: Vec<(&str, &Operation)> = callbacks
            .flat_map(|callback| {
                let operations = callback.operations.iter();
                operations.map(|operation| (callback.name.as_str(), operation))
            })
            .collect();
        html! {
            @if !called.is_empty() {
                (self.part(&html! { (words.callbacks) }))
                p.media { (words.from_the_api) }
                @for (number, (name, called)) in called.iter().enumerate() {
                    @let at = format!("{slug}.callback.{}", number + 1);
                    details.response #(id(&at)) open {
                        summary {
                            (method(called)) " " code.path { (called.path) } " "
                            span.about { (called.summary.as_deref().unwrap_or(name)) }
                        }
                        @if let Some(description) = &called.description {
                            (markdown::block(description, words, 4))
                        }
                        @if let Some(request) = &called.request {
                            (self.contents_of(&request.content, &at, Direction::Request))
                        }
                        @for response in &called.responses { (self.response(called, response, &at)) }
                    }
                }
            }
        }
    }
}

/// What becomes of a call that is repeated; `code` writes the name of a header.
pub(crate) fn repetition(
    operation: &Operation,
    words: &Words,
    code: impl Fn(&str) -> Markup,
) -> Markup {
    match operation.idempotency_key() {
        _ if operation.idempotent => html! { (words.idempotent) },
        Some(name) => {
            let (before, after) = words.repeatable.split_once("{name}").unwrap_or_default();
            html! { (before) (code(name)) (after) }
        }
        None => html! { (words.not_idempotent) },
    }
}

/// The schema of a parameter or a header, or of the document that it is.
fn schema_of<'a>(
    schema: Option<&'a SchemaAt>,
    content: Option<&'a MediaType>,
) -> Option<&'a SchemaAt> {
    schema.or_else(|| content?.schema.as_ref())
}

/// The first of several needs no number.
fn numbered(at: &str, number: usize) -> String {
    match number {
        0 => at.to_owned(),
        number => format!("{at}.{}", number + 1),
    }
}
