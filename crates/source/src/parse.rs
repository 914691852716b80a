//! Text to tree, from the parser's events, so that a key written twice is seen.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::Peekable;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Mark, Tag};
use serde_json::Number;

use super::conflict::conflicts;
use super::{Entry, Node, Object, Span, Value};
use crate::finding::{Finding, Findings, Severity};

/// How deep a document may nest. serde_json stops there too.
const MAX_DEPTH: usize = 128;
/// How many values aliases may add, so that a few lines cannot grow without end.
const MAX_ALIASED: usize = 1_000_000;

/// Reads YAML or JSON, which is YAML too. `None` when nothing could be read.
pub fn parse(text: &str, findings: &mut Findings) -> Option<Node> {
    let conflicts = conflicts(text);
    if !conflicts.is_empty() {
        findings.extend(conflicts);
        return None;
    }
    let text = without_surrogates(text);
    let mut loader = Loader {
        events: Events(Parser::new_from_str(&text)).peekable(),
        anchors: HashMap::new(),
        aliased: 0,
        end: end(&text),
        findings,
    };
    match loader.document() {
        Ok(root) => root,
        Err(finding) => {
            loader.findings.push(*finding);
            None
        }
    }
}

/// Where a text ends. A carriage return ends a line, too (YAML 1.2, section 5.4).
fn end(text: &str) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let text = text.replace("\r\n", "\n");
    let is_break = |c| matches!(c, '\n' | '\r');
    let last = text.rsplit(is_break).next().unwrap_or_default();
    let line = number(text.matches(is_break).count() + 1);
    let column = number(last.chars().count() + 1);
    Span {
        file: 0,
        line,
        column,
        end_line: line,
        end_column: column,
    }
}

/// JSON writes a character beyond the basic plane as two escapes (RFC 8259,
/// section 7), YAML as one. Columns after it on its line are two too small.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    let is_json = text.trim_start().starts_with('{');
    if !is_json || !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
        let pair = rest
            .get(..6)
            .and_then(unit)
            .zip(rest.get(6..12).and_then(unit));
        let decoded = pair.and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok());
        let taken = match decoded.filter(|c| c.len_utf16() == 2) {
            Some(c) => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)));
                12
            }
            // The backslash and what it escapes, so that `\\\\u` is left alone.
            None => {
                let end = rest
                    .char_indices()
                    .nth(2)
                    .map_or(rest.len(), |(end, _)| end);
                out.push_str(&rest[..end]);
                end
            }
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

struct Events<'a>(Parser<'a, saphyr_parser::StrInput<'a>>);

impl<'a> Iterator for Events<'a> {
    type Item = Result<(Event<'a>, Mark), ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_event()
    }
}

struct Loader<'a, 'f> {
    events: Peekable<Events<'a>>,
    anchors: HashMap<usize, Anchored>,
    aliased: usize,
    end: Span,
    findings: &'f mut Findings,
}

/// A value that an alias may repeat.
struct Anchored {
    node: Node,
    /// How many values it holds.
    size: usize,
    /// How deep it nests.
    height: usize,
}

type Loaded<T> = Result<T, Box<Finding>>;

impl<'a> Loader<'a, '_> {
    fn document(&mut self) -> Loaded<Option<Node>> {
        let mut root = None;
        loop {
            let (event, mark) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if root.is_some() => {
                    return Err(syntax(self.at(mark), "a second document begins here")
                        .help("keep one document to a file")
                        .boxed());
                }
                Event::DocumentStart(_) => {
                    let (event, mark) = self.next()?;
                    root = Some(self.node(event, mark, 0)?.0);
                }
                _ => {}
            }
        }
        if root.is_none() {
            let at = Span {
                file: 0,
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
            };
            self.findings
                .push(syntax(at, "the document is empty").help("begin with `openapi: 3.0.3`"));
        }
        Ok(root)
    }

    fn scan_error(&self, error: &ScanError) -> Box<Finding> {
        let mark = *error.marker();
        let at = self.at(Mark::new(mark, mark));
        let info = error.info();
        if info.contains("recursion limit") {
            return too_deep(at);
        }
        let help = match info.contains("tab") {
            true => "YAML indents with spaces; replace the tab",
            false => "the document must be YAML 1.2 or JSON",
        };
        syntax(at, info).help(help).boxed()
    }

    /// Where something stands; the parser ends on a line after the last.
    fn at(&self, mark: Mark) -> Span {
        let span = Span::from(mark);
        let inside = |line, column| (line, column).min((self.end.line, self.end.column));
        let (line, column) = inside(span.line, span.column);
        let (end_line, end_column) = inside(span.end_line, span.end_column);
        Span {
            file: 0,
            line,
            column,
            end_line,
            end_column,
        }
    }

    fn next(&mut self) -> Loaded<(Event<'a>, Mark)> {
        match self.events.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.scan_error(&error)),
            None => Err(syntax(self.end, "the document ends too early").boxed()),
        }
    }

    /// The node that begins with `event`, and how many values it holds.
    fn node(&mut self, event: Event<'a>, mark: Mark, depth: usize) -> Loaded<(Node, usize)> {
        if depth > MAX_DEPTH {
            return Err(too_deep(self.at(mark)));
        }
        let (anchor, node, size) = match event {
            Event::Alias(id) => return self.alias(id, mark, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                let span = self.at(mark);
                (anchor, Node { value, span }, 1)
            }
            Event::SequenceStart(anchor, _) => {
                let (node, size) = self.sequence(mark, depth)?;
                (anchor, node, size)
            }
            Event::MappingStart(anchor, _) => {
                let (node, size) = self.mapping(mark, depth)?;
                (anchor, node, size)
            }
            other => {
                let message = format!("expected a value, found {other:?}");
                return Err(syntax(self.at(mark), message).boxed());
            }
        };
        if anchor != 0 {
            self.spend(size, mark)?;
            let height = node.height();
            let node = node.clone();
            self.anchors.insert(anchor, Anchored { node, size, height });
        }
        Ok((node, size))
    }

    fn sequence(&mut self, start: Mark, depth: usize) -> Loaded<(Node, usize)> {
        let mut items = Vec::new();
        let mut size = 1;
        loop {
            let (event, mark) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let span = self.at(Mark::new(start.start, mark.end));
                let value = Value::Array(items);
                return Ok((Node { value, span }, size));
            }
            let (item, inner) = self.node(event, mark, depth + 1)?;
            items.push(item);
            size += inner;
        }
    }

    fn mapping(&mut self, start: Mark, depth: usize) -> Loaded<(Node, usize)> {
        let mut object = Object::new();
        let mut size = 1;
        loop {
            let (event, mark) = self.next()?;
            let (name, style) = match event {
                Event::MappingEnd => {
                    let span = self.at(Mark::new(start.start, mark.end));
                    let value = Value::Object(object);
                    return Ok((Node { value, span }, size));
                }
                Event::Scalar(name, style, ..) => (name.into_owned(), style),
                _ => {
                    return Err(syntax(self.at(mark), "a key must be plain text").boxed());
                }
            };
            let key = self.at(mark);
            let key_is_text = matches!(scalar(&name, style, None), Value::String(_));
            let (event, mark) = self.next()?;
            let (node, inner) = self.node(event, mark, depth + 1)?;
            size += inner;
            if let Some(first) = object.get(&name) {
                self.findings.push(duplicate_key(&name, key, first.key));
            }
            let entry = Entry {
                key,
                key_is_text,
                node,
            };
            object.insert(name, entry);
        }
    }

    fn alias(&mut self, id: usize, mark: Mark, depth: usize) -> Loaded<(Node, usize)> {
        let Some(&Anchored { size, height, .. }) = self.anchors.get(&id) else {
            return Err(
                syntax(self.at(mark), "an alias of nothing that can be repeated")
                    .help("an anchor stands on a value, and not around its own alias; use `$ref`")
                    .boxed(),
            );
        };
        if depth + height > MAX_DEPTH {
            return Err(too_deep(self.at(mark)));
        }
        self.spend(size, mark)?;
        Ok((self.anchors[&id].node.clone(), size))
    }

    /// Counts values that anchors and aliases add, and stops at the limit.
    fn spend(&mut self, size: usize, mark: Mark) -> Loaded<()> {
        self.aliased += size;
        if self.aliased <= MAX_ALIASED {
            return Ok(());
        }
        let message = format!("anchors grow the document by more than {MAX_ALIASED} values");
        Err(syntax(self.at(mark), message)
            .help("use `$ref` instead of anchors and aliases")
            .boxed())
    }
}

/// A scalar by the core schema of YAML 1.2 (section 10.3.2).
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = match tag.filter(|tag| tag.is_yaml_core_schema()) {
        Some(tag) => tag.suffix == "str",
        None => style != ScalarStyle::Plain,
    };
    if is_text {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    let starts = |c: char| c.is_ascii_digit() || c == '.';
    if !digits.starts_with(starts) || !digits.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if let Ok(number) = unsigned.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = unsigned.parse::<u64>() {
        return Some(number.into());
    }
    Number::from_f64(unsigned.parse().ok()?)
}

fn syntax(span: Span, message: impl Into<String>) -> Finding {
    Finding::new("syntax", Severity::Error, message, span)
}

fn too_deep(at: Span) -> Box<Finding> {
    syntax(at, format!("nested deeper than {MAX_DEPTH} levels"))
        .help("move inner schemas to `components` and refer to them")
        .boxed()
}

fn duplicate_key(name: &str, again: Span, first: Span) -> Finding {
    let message = format!("the key `{name}` stands twice");
    Finding::new("duplicate-key", Severity::Warning, message, again)
        .label("this one counts")
        .related(first, "first here")
        .help("remove one: readers of the document disagree which one counts")
}
