//! Descriptions, which are Markdown of strangers, as HTML that does nothing.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{
    BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

use crate::highlight;
use crate::words::Words;

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
    let events = tame(Parser::new_ext(text, options()), words, levels);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut out, events.into_iter());
    PreEscaped(out)
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

/// HTML is shown and not read, links lead to the web or to the page, and nothing is fetched.
fn tame<'e>(
    events: impl Iterator<Item = Event<'e>>,
    words: &Words,
    levels: Levels,
) -> Vec<Event<'e>> {
    let mut tame = Vec::new();
    let mut code: Option<(String, String)> = None;
    let mut links = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((language, text)) = code.take() {
                    let shown = highlight::block(&language, text.trim_end());
                    tame.push(Event::Html(shown.into_string().into()));
                }
            }
            Event::Text(text) if code.is_some() => {
                if let Some((_, code)) = &mut code {
                    code.push_str(&text);
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => tame.push(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => tame.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => tame.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let leads = leads(&dest_url);
                links.push(leads);
                if leads {
                    let start = html! { a href=(dest_url) rel="noopener nofollow" {} };
                    let start = start.into_string().replace("</a>", "");
                    tame.push(Event::InlineHtml(start.into()));
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if links.pop() == Some(true) {
                    tame.push(Event::InlineHtml("</a>".into()));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let tag = format!("<h{}>", levels.of(level));
                tame.push(Event::Html(tag.into()));
            }
            Event::End(TagEnd::Heading(level)) => {
                let tag = format!("</h{}>\n", levels.of(level));
                tame.push(Event::Html(tag.into()));
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let (class, word) = alert(kind, words);
                let start = html! {
                    div class={ "callout " (class) } role="note" { p.callout-title { (word) } }
                };
                let start = start.into_string();
                let start = start.trim_end_matches("</div>").to_owned();
                tame.push(Event::Html(start.into()));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => tame.push(Event::Html("</div>\n".into())),
            Event::TaskListMarker(done) => {
                tame.push(Event::Text(CowStr::from(if done {
                    "☑ "
                } else {
                    "☐ "
                })));
            }
            other => tame.push(other),
        }
    }
    tame
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
