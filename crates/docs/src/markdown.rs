//! Descriptions, which are Markdown of strangers, as HTML that does nothing.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{
    BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
    TextMergeStream,
};

use crate::highlight;
use crate::words::Words;
use tag::{Piece, pieces};

mod tag;

/// The longest description that is shown, in bytes.
const LONGEST: usize = 200_000;

/// What descriptions may use.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS
}

/// A description in paragraphs. The highest of its headings is of this level, as deep as the page is
/// there.
pub(crate) fn block(text: &str, words: &Words, level: usize) -> Markup {
    let text = cut(text);
    let levels = Parser::new_ext(text, options()).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    });
    let highest = levels.min().unwrap_or(1);
    let levels = Levels { highest, level };
    let events = TextMergeStream::new(Parser::new_ext(text, options()));
    let events = tame(events, words, levels);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut out, events.into_iter());
    PreEscaped(out)
}

/// Whether a text begins with a heading that is above all others.
pub(crate) fn has_title(text: &str) -> bool {
    let level = |event: Event<'_>| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    };
    let mut events = Parser::new_ext(text, options());
    let title = events.next().and_then(level);
    title.is_some_and(|title| events.filter_map(level).all(|other| other > title))
}

/// The same without a paragraph around it, where it is only one.
pub(crate) fn line(text: &str, words: &Words) -> Markup {
    let block = block(text, words, 6).into_string();
    let inner = block
        .strip_prefix("<p>")
        .and_then(|rest| rest.strip_suffix("</p>\n"));
    match inner {
        Some(inner) if !inner.contains("<p>") => PreEscaped(inner.to_owned()),
        _ => PreEscaped(block),
    }
}

/// The words alone, for whoever searches.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(cut(text), options()) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// HTML shapes the text and does nothing, links lead to the web or to the page, and nothing is fetched.
fn tame<'e>(
    events: impl Iterator<Item = Event<'e>>,
    words: &Words,
    levels: Levels,
) -> Vec<Event<'e>> {
    let mut tamer = Tamer {
        tame: Vec::new(),
        open: Vec::new(),
        code: None,
        words,
        levels,
    };
    for event in events {
        tamer.event(event);
    }
    tamer.close_all();
    tamer.tame
}

/// The end of a line.
const BREAK: &str = "<br>\n";

/// What was begun and is not ended yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// By Markdown.
    Other,
    /// A link by Markdown, which leads somewhere or not.
    Link(bool),
    /// An element by HTML.
    Element(&'static str),
}

struct Tamer<'e, 'w> {
    tame: Vec<Event<'e>>,
    open: Vec<Open>,
    /// The block of code at hand, and its language.
    code: Option<(String, String)>,
    words: &'w Words,
    levels: Levels,
}

impl<'e> Tamer<'e, '_> {
    fn html(&mut self, html: impl Into<CowStr<'e>>) {
        self.tame.push(Event::InlineHtml(html.into()));
    }

    fn event(&mut self, event: Event<'e>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((language, text)) = self.code.take() {
                    let shown = highlight::block(&language, text.trim_end());
                    self.tame.push(Event::Html(shown.into_string().into()));
                }
            }
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.text(text),
            },
            Event::Html(text) | Event::InlineHtml(text) => self.pieces(&text),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::TaskListMarker(done) => {
                let sign = if done { "☑ " } else { "☐ " };
                self.tame.push(Event::Text(CowStr::from(sign)));
            }
            Event::HardBreak => self.html(BREAK),
            Event::Rule => self.tame.push(Event::Html("<hr>\n".into())),
            other => self.tame.push(other),
        }
    }

    fn start(&mut self, tag: Tag<'e>) {
        match tag {
            Tag::HtmlBlock => self.tame.push(Event::Start(Tag::Paragraph)),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let leads = leads(&dest_url) && !self.is_in_link();
                if leads {
                    self.html(link(&dest_url));
                }
                return self.open.push(Open::Link(leads));
            }
            Tag::Heading { level, .. } => {
                let tag = format!("<h{}>", self.levels.of(level));
                self.tame.push(Event::Html(tag.into()));
            }
            Tag::BlockQuote(Some(kind)) => {
                let (class, word) = alert(kind, self.words);
                let start = html! {
                    div class={ "callout " (class) } role="note" { p.callout-title { (word) } }
                };
                let start = start.into_string();
                let start = start.trim_end_matches("</div>").to_owned();
                self.tame.push(Event::Html(start.into()));
            }
            other => self.tame.push(Event::Start(other)),
        }
        self.open.push(Open::Other);
    }

    fn end(&mut self, tag: TagEnd) {
        // What HTML began within it ends with it.
        let mut own = self.open.pop();
        while let Some(Open::Element(name)) = own {
            self.html(format!("</{name}>"));
            own = self.open.pop();
        }
        match tag {
            TagEnd::HtmlBlock => self.tame.push(Event::End(TagEnd::Paragraph)),
            TagEnd::Link | TagEnd::Image => {
                if own == Some(Open::Link(true)) {
                    self.html("</a>");
                }
            }
            TagEnd::Heading(level) => {
                let tag = format!("</h{}>\n", self.levels.of(level));
                self.tame.push(Event::Html(tag.into()));
            }
            TagEnd::BlockQuote(Some(_)) => self.tame.push(Event::Html("</div>\n".into())),
            other => self.tame.push(Event::End(other)),
        }
    }

    fn is_in_link(&self) -> bool {
        let is_link = |open: &Open| matches!(open, Open::Link(_) | Open::Element("a"));
        self.open.iter().any(is_link)
    }

    /// A text, in which addresses of the web are links.
    fn text(&mut self, text: CowStr<'e>) {
        if self.is_in_link() || !text.contains("://") {
            return self.tame.push(Event::Text(text));
        }
        let mut rest = text.as_ref();
        while let Some((before, address)) = next_address(rest) {
            self.tame.push(Event::Text(before.to_owned().into()));
            self.html(link(address));
            self.tame.push(Event::Text(address.to_owned().into()));
            self.html("</a>");
            rest = &rest[before.len() + address.len()..];
        }
        self.tame.push(Event::Text(rest.to_owned().into()));
    }

    fn pieces(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => self.text(text.to_owned().into()),
                Piece::Tag(tag) => self.tag(tag),
            }
        }
    }

    fn tag(&mut self, tag: tag::Tag<'_>) {
        match tag {
            tag::Tag::Open(name) => {
                self.html(format!("<{name}>"));
                self.open.push(Open::Element(name));
            }
            tag::Tag::Link(address) if !self.is_in_link() => {
                self.html(link(address));
                self.open.push(Open::Element("a"));
            }
            tag::Tag::Close(name) => self.close(name),
            tag::Tag::Image { address, text } if !self.is_in_link() => {
                self.html(link(address));
                let text = if text.is_empty() { address } else { text };
                self.tame.push(Event::Text(text.to_owned().into()));
                self.html("</a>");
            }
            tag::Tag::Break | tag::Tag::Item => {
                let is_there = match self.tame.last() {
                    Some(Event::InlineHtml(html)) => html.as_ref() == BREAK,
                    Some(Event::Start(_)) | None => true,
                    _ => false,
                };
                if !is_there {
                    self.html(BREAK);
                }
                if tag == tag::Tag::Item {
                    self.tame.push(Event::Text("• ".into()));
                }
            }
            tag::Tag::Cell => self.tame.push(Event::Text(" ".into())),
            tag::Tag::Link(_) | tag::Tag::Image { .. } | tag::Tag::Nothing => {}
        }
    }

    /// Ends what HTML began under a name, if nothing else began since.
    fn close(&mut self, name: &str) {
        let elements = self.open.iter().rev();
        let mut elements = elements.take_while(|open| matches!(open, Open::Element(_)));
        let Some(at) =
            elements.position(|open| matches!(open, Open::Element(known) if *known == name))
        else {
            return;
        };
        for _ in 0..=at {
            if let Some(Open::Element(name)) = self.open.pop() {
                self.html(format!("</{name}>"));
            }
        }
    }

    fn close_all(&mut self) {
        while let Some(open) = self.open.pop() {
            if let Open::Element(name) = open {
                self.html(format!("</{name}>"));
            }
        }
    }
}

/// The beginning of a link.
fn link(address: &str) -> String {
    let link = html! { a href=(address) rel="noopener nofollow" {} };
    link.into_string().replace("</a>", "")
}

/// What stands before the next address of the web, and that address.
fn next_address(text: &str) -> Option<(&str, &str)> {
    let starts = ["https://", "http://"].iter();
    let at = starts.filter_map(|start| text.find(start)).min()?;
    let rest = &text[at..];
    let is_end = |c: char| c.is_whitespace() || c.is_control() || "<>\"`|\\^{}".contains(c);
    let end = rest.find(is_end).unwrap_or(rest.len());
    let mut address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    if !address.contains('(') {
        address = address.trim_end_matches(')');
    }
    (address.len() > "https://".len()).then_some((&text[..at], address))
}

/// Which level headings have on the page.
#[derive(Clone, Copy)]
struct Levels {
    /// The highest in the text,
    highest: usize,
    /// and what that is on the page.
    level: usize,
}

impl Levels {
    fn of(self, level: HeadingLevel) -> usize {
        (self.level + level as usize - self.highest).min(6)
    }
}

pub(crate) fn alert(kind: BlockQuoteKind, words: &Words) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", words.note),
        BlockQuoteKind::Tip => ("tip", words.tip),
        BlockQuoteKind::Important => ("important", words.important),
        BlockQuoteKind::Warning => ("warning", words.warning),
        BlockQuoteKind::Caution => ("caution", words.caution),
    }
}

/// Whether a link leads to the web, to a letter, or to a place of the page.
pub(crate) fn leads(target: &str) -> bool {
    let target = target.trim_start();
    let begins = |start: &str| {
        target
            .get(..start.len())
            .is_some_and(|first| first.eq_ignore_ascii_case(start))
    };
    begins("https://") || begins("http://") || begins("mailto:") || begins("#")
}
