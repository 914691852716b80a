//! Pages as Markdown, for whoever reads without a browser, and for machines that read.

use std::fmt::Write as _;

use contract::operation::{MediaType, Operation, Scheme};
use contract::schema::Direction;
use contract::source::Node;

use crate::Site;
use crate::authentication::Way;
use crate::edition::Page;
use crate::field::{Fact, Field, Fields, Term, description, facts, plain};
use crate::html::{View, heading, heading_of};
use crate::sample::{LANGUAGES, pretty};
use crate::shown::{calls, examples};

/// `llms.txt`: what there is to read, in the document's own language.
pub(crate) fn llms(site: &Site) -> String {
    let edition = &site.editions[0];
    let info = &edition.api.info;
    let mut out = format!("# {}\n", line(&info.title));
    if let Some(description) = &info.description {
        let _ = write!(out, "\n> {}\n", line(description));
    }
    let tag = &edition.tag;
    let _ = write!(out, "\n## {}\n\n", edition.words.operations);
    for (number, operation) in edition.operations().enumerate() {
        let page = match site.places.is_single {
            true => Page::Index,
            false => Page::Operation(number),
        };
        let file = site.places.file(&page);
        let title = line(heading(operation));
        let _ = writeln!(out, "- [{title}]({tag}/{file}.md): `{}`", operation.title());
    }
    if !site.places.is_single {
        let _ = write!(out, "\n## {}\n\n", edition.words.schemas);
        for name in site.places.schemas.keys() {
            let file = site.places.file(&Page::Schema(name.clone()));
            let _ = writeln!(out, "- [{}]({tag}/{file}.md)", line(name));
        }
    }
    let _ = write!(
        out,
        "\n## OpenAPI\n\n- [{name}.json]({tag}/{name}.json)\n",
        name = site.name
    );
    out
}

/// A page.
pub(crate) fn page(view: &View<'_>) -> String {
    let writer = Writer { view };
    let mut out = String::new();
    match view.page {
        Page::Index => writer.index(&mut out),
        Page::Changelog => writer.changelog(&mut out),
        Page::Tag(tag) => {
            let _ = writeln!(out, "# {}\n", line(view.edition.shown(tag)));
            writer.contents(&mut out, tag);
        }
        Page::Operation(number) => writer.operation(&mut out, *number, "#"),
        Page::Schema(name) => writer.schema(&mut out, name, "#"),
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

struct Writer<'a> {
    view: &'a View<'a>,
}

impl Writer<'_> {
    fn changelog(&self, out: &mut String) {
        let (site, words) = (self.view.site, self.view.words());
        if !site.releases.is_empty() {
            let _ = writeln!(out, "# {}\n", words.changes_of_api);
        }
        for release in &site.releases {
            let _ = write!(out, "## {}", line(release.name(words)));
            if let Some(date) = &release.date {
                let _ = write!(out, " ({date})");
            }
            out.push_str("\n\n");
            for line in release.lines(words) {
                let mark = line.mark.map(|(_, word)| format!("**{word}:** "));
                let _ = writeln!(out, "- {}{}", mark.unwrap_or_default(), line.text);
            }
            out.push('\n');
        }
        out.push_str(site.changelog.as_deref().unwrap_or_default());
    }

    fn index(&self, out: &mut String) {
        let view = self.view;
        let (words, api) = (view.words(), &view.edition.api);
        let _ = writeln!(out, "# {}\n", line(&api.info.title));
        block(out, api.info.description.as_deref());
        if let Some(limit) = &api.rate_limit {
            let _ = writeln!(out, "{}\n", words.limit(limit));
        }
        if !api.servers.is_empty() {
            let _ = writeln!(out, "## {}\n", words.servers);
            for server in &api.servers {
                let description = server.description.as_deref().map(line).unwrap_or_default();
                let _ = writeln!(out, "- `{}` {description}", server.url);
            }
            out.push('\n');
        }
        if !api.security_schemes.is_empty() {
            let _ = writeln!(out, "## {}\n", words.authentication);
            for scheme in &api.security_schemes {
                let _ = writeln!(out, "`{}`: {}\n", scheme.name, self.way(&scheme.scheme));
                block(out, scheme.description.as_deref());
            }
        }
        if view.site.places.is_single {
            for number in 0..view.site.places.operations.len() {
                self.operation(out, number, "##");
            }
            for name in view.site.places.schemas.keys() {
                self.schema(out, name, "##");
            }
            return;
        }
        for (tag, _) in view.edition.groups() {
            if let Some(tag) = tag {
                let _ = writeln!(out, "## {}\n", line(view.edition.shown(tag)));
                self.contents(out, tag);
            }
        }
    }

    fn way(&self, scheme: &Scheme) -> String {
        let way = Way::of(scheme, self.view.words());
        let pieces = way.pieces().map(|(text, code)| match code {
            Some(code) => format!("{text}`{code}`"),
            None => text.to_owned(),
        });
        pieces.collect()
    }

    fn contents(&self, out: &mut String, tag: &str) {
        let view = self.view;
        for (known, operations) in view.edition.groups() {
            if known != Some(tag) {
                continue;
            }
            for (number, operation) in operations {
                let address = view.site.places.operation(view.page, number);
                let address = address.replace(".html", ".md");
                let title = line(heading(operation));
                let _ = writeln!(out, "- [{title}]({address}): `{}`", operation.title());
            }
        }
        out.push('\n');
    }

    fn operation(&self, out: &mut String, number: usize, level: &str) {
        let view = self.view;
        let operation = view.operation(number);
        let words = view.words();
        let slug = &view.site.places.operations[number];
        let _ = writeln!(
            out,
            "{level} {}\n\n`{}`\n",
            line(heading(operation)),
            operation.title()
        );
        block(out, operation.description.as_deref());
        if !view.edition.is_event(number) {
            let repeat = match operation.idempotent {
                true => words.idempotent,
                false => words.not_idempotent,
            };
            let _ = writeln!(out, "{repeat}\n");
        }
        self.parameters(out, operation, level);
        if let Some(request) = &operation.request {
            for content in &request.content {
                let _ = writeln!(out, "{level}# {} `{}`\n", words.body, content.name);
                self.content(out, content, slug, Direction::Request);
            }
        }
        if !view.edition.is_event(number) {
            self.calls(out, operation, level);
        }
        let _ = writeln!(out, "{level}# {}\n", words.responses);
        for response in &operation.responses {
            let description = response
                .description
                .as_deref()
                .map(line)
                .unwrap_or_default();
            let _ = writeln!(out, "{level}## `{}` {description}\n", response.status);
            for content in &response.content {
                self.content(out, content, slug, Direction::Response);
                for example in examples(view.edition, content) {
                    if let Some(value) = &example.value {
                        let _ = writeln!(out, "{}:\n", line(heading_of(example)));
                        code(out, "json", &pretty(value));
                    }
                }
            }
        }
    }

    fn calls(&self, out: &mut String, operation: &Operation, level: &str) {
        let view = self.view;
        for call in calls(view.site, view.edition, operation) {
            let title = line(&call.title);
            let _ = writeln!(out, "{level}# {}: {title}\n", view.words().example);
            for language in LANGUAGES {
                if let Some((_, text)) = call.code.iter().find(|(known, _)| *known == language) {
                    let _ = writeln!(out, "{}:\n", language.name());
                    code(out, language.tag(), text);
                }
            }
        }
    }

    fn parameters(&self, out: &mut String, operation: &Operation, level: &str) {
        let view = self.view;
        for (location, title) in view.words().locations() {
            let here = operation
                .parameters
                .iter()
                .filter(|one| one.location == location);
            let fields: Vec<Field<'_>> = here.map(|one| view.parameter(one, "")).collect();
            if !fields.is_empty() {
                let _ = writeln!(out, "{level}# {title}\n");
                self.fields(out, &fields, 0);
                out.push('\n');
            }
        }
    }

    fn content(&self, out: &mut String, content: &MediaType, at: &str, direction: Direction) {
        let root = &self.view.edition.root;
        let schema = content.schema.as_ref().or(content.item_schema.as_ref());
        let Some(node) = schema.and_then(|at| root.pointer(&at.origin.pointer)) else {
            return;
        };
        let fields = Fields {
            root,
            is_whole: self.view.site.places.is_single,
            direction,
        };
        self.fields(out, &fields.below(&[node], at, &[]), 0);
        out.push('\n');
    }

    fn fields(&self, out: &mut String, fields: &[Field<'_>], depth: usize) {
        let words = self.view.words();
        for field in fields {
            let indent = "  ".repeat(depth);
            let _ = write!(out, "{indent}- `{}`", field.name);
            let kind = kind(&field.kind);
            if !kind.is_empty() {
                let _ = write!(out, " ({kind}");
                if let Some(Fact::Format(format)) = field.facts.first() {
                    let _ = write!(out, ", {format}");
                }
                if field.required {
                    let _ = write!(out, ", {}", words.required);
                }
                out.push(')');
            }
            if let Some(description) = field.description {
                let _ = write!(out, ": {}", line(description));
            }
            for fact in &field.facts {
                let values = match fact {
                    Fact::Values(values) => (words.one_of, values),
                    Fact::Known(values) => (words.known, values),
                    _ => continue,
                };
                let list = values.1.iter().map(|value| format!("`{}`", plain(value)));
                let list = list.collect::<Vec<_>>().join(", ");
                let _ = write!(out, " {}: {list}.", values.0);
            }
            out.push('\n');
            self.fields(out, &field.fields, depth + 1);
        }
    }

    fn schema(&self, out: &mut String, name: &str, level: &str) {
        let view = self.view;
        let root = &view.edition.root;
        let pointer = contract::walk::join("/components/schemas", name);
        let Some(node) = root.pointer(&pointer) else {
            return;
        };
        let fields = Fields {
            root,
            is_whole: false,
            direction: Direction::Response,
        };
        let nodes: [&Node; 1] = [node];
        let shape = fields.shape(&nodes);
        let _ = writeln!(out, "{level} `{name}`\n");
        block(out, description(&shape));
        let known = facts(&shape).into_iter().find_map(|fact| match fact {
            Fact::Known(values) => Some((view.words().known, values)),
            Fact::Values(values) => Some((view.words().one_of, values)),
            _ => None,
        });
        if let Some((word, values)) = known {
            let list = values.iter().map(|value| format!("`{}`", plain(value)));
            let _ = writeln!(out, "{word}: {}\n", list.collect::<Vec<_>>().join(", "));
        }
        self.fields(out, &fields.below(&nodes, "", &[]), 0);
        out.push('\n');
    }
}

fn kind(terms: &[Term]) -> String {
    let texts = terms.iter().map(|term| match term {
        Term::Text(text) | Term::Schema(text) => text.as_str(),
    });
    texts.collect()
}

/// A text on a line of its own.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn block(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "{}\n", text.trim());
    }
}

/// A block of code whose fence is longer than any in it.
fn code(out: &mut String, language: &str, text: &str) {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}{language}\n{text}\n{fence}\n");
}
