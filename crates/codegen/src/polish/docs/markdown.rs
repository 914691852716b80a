//! `OpenAPI` descriptions are CommonMark, and so is rustdoc, but rustdoc runs code blocks as
//! tests, resolves `[words]` as links to items and warns of bare URLs and HTML. What it would
//! misread is found by the parser that rustdoc uses, and escaped where it stands.

use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag,
    TagEnd,
};

use code::{Indented, language};
use contract::inert::is_control;

mod code;

pub(in crate::polish) use code::span;

/// What is escaped may show something else, which an honest text does once or twice.
const ROUNDS: usize = 16;

/// The lines of a description, safe for rustdoc.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = clean(text);
    let mut lines = tidy(&apply(&text, alerts(&text)));
    for _ in 0..ROUNDS {
        let text = lines.join("\n");
        let edits = edits(&text);
        if edits.is_empty() {
            return lines;
        }
        lines = tidy(&apply(&text, edits));
    }
    // Nothing is read in a block of code.
    tidy(&code::block(&lines.join("\n")))
}

/// Without what may not stand in a comment, or shows it in another order than it has.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace('\t', "    ");
    text.replace(|c: char| c != '\n' && is_control(c), "")
}

/// Lines without spaces that nobody sees.
fn tidy(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(|l| l.trim_end().to_owned()).collect();
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    let is_blank = |line: Option<&String>| line.is_some_and(String::is_empty);
    while is_blank(lines.last()) {
        lines.pop();
    }
    if is_blank(lines.first()) {
        lines.remove(0);
    }
    lines
}

/// What stands in the place of a range.
type Edit = (Range<usize>, String);

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::new();
    let mut done = 0;
    for (range, new) in edits {
        // What is inside of another edit is seen in the next round.
        if range.start >= done {
            out.push_str(&text[done..range.start]);
            out.push_str(&new);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// As rustdoc reads it.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

fn edits(text: &str) -> Vec<Edit> {
    // rustdoc looks for an item where a reference leads nowhere.
    let mut unknown = |_: BrokenLink<'_>| Some((CowStr::from("item"), CowStr::from("")));
    let events = Parser::new_with_broken_link_callback(text, options(), Some(&mut unknown));
    let definitions = events.reference_definitions().iter();
    let inner = definitions.filter(|(_, definition)| !leads_out(&definition.dest));
    let mut edits: Vec<Edit> = inner
        .map(|(_, definition)| escape(definition.span.start))
        .collect();
    let mut around = Around::Text;
    for (event, range) in events.into_offset_iter() {
        match (event, &mut around) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))), _) => {
                edits.extend(language(text, &range));
                edits.extend(code::closing(text, &range));
                around = Around::Code;
            }
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)), _) => {
                around = Around::Indented(Indented::default());
            }
            (Event::Text(_), Around::Indented(block)) => block.lines.push(range),
            (Event::End(TagEnd::CodeBlock), _) => {
                if let Around::Indented(block) = std::mem::take(&mut around) {
                    edits.extend(block.fenced(text));
                }
            }
            (
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }),
                _,
            ) => {
                if !leads_out(&dest_url) && link_type != LinkType::Email {
                    edits.push(escape(range.start));
                }
                around = Around::Link;
            }
            (Event::End(TagEnd::Link), _) => around = Around::Text,
            (Event::Start(Tag::Image { .. }), around) => edits.push(image(text, range, around)),
            (Event::Html(_) | Event::InlineHtml(_), _) => edits.push(html(text, range)),
            // Versions of the parser differ in whether a task may have no words, or a block.
            (Event::TaskListMarker(_), _) if !has_words(&text[range.end..]) => {
                edits.push(escape(range.start));
            }
            (Event::Text(_), Around::Text) => {
                edits.extend(bare_url(text, range.clone()));
                edits.extend(tag(text, range));
            }
            _ => {}
        }
    }
    edits
}

/// The kinds of alerts, which rustdoc does not know, in words: `> [!NOTE]`.
fn alerts(text: &str) -> Vec<Edit> {
    let events = Parser::new_ext(text, Options::ENABLE_GFM).into_offset_iter();
    let edits = events.filter_map(|(event, range)| {
        let Event::Start(Tag::BlockQuote(Some(kind))) = event else {
            return None;
        };
        let quote = &text[range.clone()];
        let (start, end) = (quote.find("[!")?, quote.find(']')? + 1);
        let word = match kind {
            BlockQuoteKind::Note => "Note",
            BlockQuoteKind::Tip => "Tip",
            BlockQuoteKind::Important => "Important",
            BlockQuoteKind::Warning => "Warning",
            BlockQuoteKind::Caution => "Caution",
        };
        let marker = range.start + start..range.start + end;
        Some((marker, format!("**{word}:**")))
    });
    edits.collect()
}

/// Whether a word follows, behind a blank.
fn has_words(text: &str) -> bool {
    let words = text.strip_prefix(' ').map(str::trim_start);
    words.is_some_and(|words| words.starts_with(char::is_alphabetic))
}

fn escape(at: usize) -> Edit {
    (at..at, "\\".to_owned())
}

/// What stands around a text.
#[derive(Default)]
enum Around {
    #[default]
    Text,
    Link,
    Code,
    Indented(Indented),
}

/// A picture would be fetched by whoever reads: it becomes a link, and its words in a link.
fn image(text: &str, range: Range<usize>, around: &Around) -> Edit {
    let inner = &text[range.start + "![".len()..range.end];
    match around {
        Around::Link => {
            let words = inner.split(']').next().unwrap_or_default();
            let words = words.replace(['[', '\\'], "");
            (range, words)
        }
        _ => (range.start..range.start + 1, String::new()),
    }
}

/// A link becomes one of Markdown; everything else is shown as it stands.
fn html(text: &str, range: Range<usize>) -> Edit {
    let rest = &text[range.start..];
    if let Some((target, words, length)) = anchor(rest) {
        return (
            range.start..range.start + length,
            format!("[{words}]({target})"),
        );
    }
    let shown = text[range.clone()].replace('<', "\\<");
    (range, shown)
}

/// The target and the words of the HTML link that `text` begins with, and its length.
fn anchor(text: &str) -> Option<(&str, &str, usize)> {
    let attributes = text.strip_prefix("<a ")?;
    let (attributes, rest) = attributes.split_once('>')?;
    let (words, rest) = rest.split_once("</a>")?;
    let (_, target) = attributes.split_once("href=\"")?;
    let (target, _) = target.split_once('"')?;
    let is_code = |text: &str| text.matches('`').count().is_multiple_of(2);
    let fits =
        |text: &str| !text.is_empty() && !text.contains(['<', '[', ']', '\\']) && is_code(text);
    let is_link = is_web(target) && fits(words) && !target.contains(['(', ')', ' ', '\\']);
    is_link.then_some((target, words, text.len() - rest.len()))
}

/// What begins like a tag and ends nowhere: versions of the parser differ in where they look for its
/// end.
fn tag(text: &str, range: Range<usize>) -> Option<Edit> {
    let begins = |at: usize| {
        let next = text[at + 1..].chars().next();
        let is_escaped = text[..at].ends_with('\\');
        !is_escaped && next.is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c))
    };
    let signs = text[range.clone()].match_indices('<');
    let mut places = signs.map(|(at, _)| range.start + at);
    places.find(|at| begins(*at)).map(escape)
}

/// Brackets around the first bare URL in a text.
fn bare_url(text: &str, range: Range<usize>) -> Option<Edit> {
    let part = &text[range.clone()];
    let starts = ["https://", "http://"].map(|scheme| part.find(scheme));
    let start = range.start + starts.into_iter().flatten().min()?;
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || "<>()[]\"`|\\".contains(c));
    let url = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some((start..start + url.len(), format!("<{url}>")))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:")
}

/// Whether a link leads to the web, or somewhere below the page: rustdoc takes what has no
/// slash for an item.
fn leads_out(url: &str) -> bool {
    let has_scheme = url
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'));
    is_web(url) || url.starts_with('#') || (url.contains('/') && !has_scheme)
}
