//! Pages as Markdown, for whoever reads without a browser, and for machines that read.

use std::fmt::Write as _;

use contract::inert;
use pulldown_cmark::{Event, Parser, Tag};

use crate::Site;
use crate::edition::Page;
use crate::html::{View, heading};
use crate::markdown;

mod fields;
mod operation;
mod overview;

/// `llms.txt`: what there is to read, in the document's own language first.
pub(crate) fn llms(site: &Site) -> String {
    let edition = &site.editions[0];
    let (info, words) = (&edition.api.info, edition.words);
    let mut out = format!("# {}\n", line(&info.title));
    let about = info.summary.clone();
    let about = about.or_else(|| info.description.as_deref().map(first_paragraph));
    if let Some(about) = about.filter(|about| !about.is_empty()) {
        let _ = write!(out, "\n> {}\n", line(&about));
    }
    let tag = &edition.tag;
    let page = |out: &mut String, title: &str, page: &Page, about: &str| {
        let file = site.places.file(page);
        let _ = writeln!(out, "- [{}]({tag}/{file}.md){about}", line(title));
    };
    let _ = write!(out, "\n## {}\n\n", words.operations);
    page(&mut out, words.overview, &Page::Index, "");
    for (number, operation) in edition.operations().enumerate() {
        let place = match site.places.is_single {
            true => Page::Index,
            false => Page::Operation(number),
        };
        let about = format!(": `{}`", line(&operation.title()));
        page(&mut out, heading(operation), &place, &about);
    }
    if !site.places.schemas.is_empty() {
        let _ = write!(out, "\n## {}\n\n", words.schemas);
        for name in site.places.schemas.keys() {
            let place = match site.places.is_single {
                true => Page::Index,
                false => Page::Schema(name.clone()),
            };
            page(&mut out, name, &place, "");
        }
    }
    let name = &site.name;
    let _ = write!(out, "\n## OpenAPI\n\n- [{name}.json]({tag}/{name}.json)\n");
    // What may be left out where there is little room (llmstxt.org).
    out.push_str("\n## Optional\n\n");
    if site.has_changelog() {
        page(&mut out, words.changelog, &Page::Changelog, "");
    }
    for other in &site.editions[1..] {
        let (tag, name) = (&other.tag, other.words.name_for(&other.tag));
        let _ = writeln!(out, "- [{name}]({tag}/index.md)");
    }
    out.truncate(out.trim_end_matches("\n## Optional\n\n").trim_end().len());
    out.push('\n');
    out
}

/// A page.
pub(crate) fn page(view: &View<'_>) -> String {
    let writer = Writer { view };
    let mut out = String::new();
    match view.page {
        Page::Index => writer.index(&mut out),
        Page::Changelog => writer.changelog(&mut out),
        Page::Tag(tag) => writer.tag(&mut out, tag),
        Page::Operation(number) => writer.operation(&mut out, *number, 1),
        Page::Schema(name) => writer.schema(&mut out, name, 1),
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

struct Writer<'a> {
    view: &'a View<'a>,
}

/// A text on a line of its own.
fn line(text: &str) -> String {
    shown(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text in which nothing moves a terminal's cursor, or turns the direction of what follows.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match inert::is_control(c) && c != '\t' {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// A heading of a level.
fn title(out: &mut String, level: usize, text: &str) {
    let _ = writeln!(out, "{} {text}\n", "#".repeat(level.min(6)));
}

/// A description below a heading of a level, whose own headings are below that one.
fn block(out: &mut String, text: Option<&str>, level: usize) {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return;
    };
    let headings = Parser::new_ext(text, markdown::options()).into_offset_iter();
    let headings = headings.filter_map(|(event, range)| match event {
        Event::Start(Tag::Heading { level, .. }) => Some((level as usize, range.start)),
        _ => None,
    });
    let headings: Vec<(usize, usize)> = headings.collect();
    let highest = headings.iter().map(|(level, _)| *level).min().unwrap_or(1);
    let lower = (level + 1).saturating_sub(highest);
    let mut from = 0;
    let mut lowered = String::new();
    for (own, start) in headings {
        lowered.push_str(&text[from..start]);
        if text[start..].starts_with('#') {
            lowered.push_str(&"#".repeat(lower.min(6_usize.saturating_sub(own))));
        }
        from = start;
    }
    lowered.push_str(&text[from..]);
    for line in lowered.lines() {
        let _ = writeln!(out, "{}", shown(line));
    }
    out.push('\n');
}

fn first_paragraph(text: &str) -> String {
    let mut events = Parser::new_ext(text, markdown::options()).into_offset_iter();
    let first = events.find_map(|(event, range)| match event {
        Event::Start(Tag::Paragraph) => Some(range),
        _ => None,
    });
    first
        .map(|range| markdown::plain(&text[range]))
        .unwrap_or_default()
}

/// A block of code whose fence is longer than any in it.
fn code(out: &mut String, language: &str, text: &str) {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}{language}");
    for line in text.lines() {
        let _ = writeln!(out, "{}", shown(line));
    }
    let _ = writeln!(out, "{fence}\n");
}

/// A word of code in a line, whatever stands in it.
fn word(text: &str) -> String {
    contract::escape::code(text)
}
