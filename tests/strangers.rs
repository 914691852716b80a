//! Text of a contract in every form of a report: it is read, and does nothing.

use contract::report::Style;
use contract::{Document, Source};
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
use review::{self, Approvals, Options, Review, Side, State};
use serde_json::{Value, json};

use crate::review::hints;

const TODAY: &str = "2026-11-21";

/// What somebody may put where a name or a sentence is expected.
const HOSTILE: [&str; 14] = [
    "\n::error::gone",
    "\r\n::add-mask::x",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\u{202e}\u{2066}turned\u{2069}",
    "`<img src=x onerror=alert(1)>`",
    "<script>alert(1)</script>",
    "</details><b>",
    "```\n# Head\n",
    "[text](https://example.com)![image](https://example.com/x.png)",
    "<https://example.com> www.example.com @team #12",
    "**bold** _it_ ~~gone~~ | a | b |",
    "\\` \\[x](y) \\",
    "`` ` ``",
    "- [ ] task\n\n    code",
];

fn document(text: &str, is_new: bool) -> Value {
    let schema = |more: Value| json!({"type": "object", "properties": {text: more}});
    let more = match is_new {
        true => json!({"type": "string", "enum": [text, "b"], "description": text}),
        false => json!({"type": "integer", "default": 1}),
    };
    let name = format!("x{text}");
    let mut operation = json!({
        "operationId": format!("id{text}{is_new}"),
        "summary": format!("{text}{is_new}"),
        "parameters": [{"name": name, "in": "query", "required": is_new, "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {
            "schema": schema(more),
            "examples": {text: {"value": {text: [text, is_new]}}},
        }}},
        "responses": {"200": {"description": text, "headers": {text: {"schema": {"maximum": if is_new { 1 } else { 2 }}}}}},
        "security": [{text: if is_new { vec![text] } else { vec![] }}],
    });
    if is_new {
        operation["tags"] = json!([text]);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": text, "version": format!("1{text}{is_new}")},
        "servers": [{"url": format!("https://example.com/{text}{is_new}")}],
        "paths": {format!("/{text}"): {"post": operation}},
        "components": {"schemas": {text: schema(json!({"type": if is_new { "string" } else { "integer" }}))}},
    })
}

fn review_of(text: &str) -> Review {
    let side = |is_new| Side {
        document: Document::parse(Source::new(
            format!("openapi/{text}.json"),
            document(text, is_new).to_string(),
        )),
        crate_version: None,
        committed: None,
        translations: Vec::new(),
    };
    let options = Options {
        today: TODAY,
        wire_only: false,
        needs_approval: Some(diff::Verdict::Breaking),
        gate: &contract::lint::gate,
        generate: &codegen::generate,
    };
    let agreed = |fingerprint: &str| {
        let entry = json!([{
            "fingerprint": fingerprint, "reason": text, "who": text, "until": "2027-01-01",
        }, {"fingerprint": text}, {text: text}]);
        Approvals::read(
            &Source::new(format!("{text}.yaml"), entry.to_string()),
            TODAY,
        )
    };
    let judge = |mut approvals: Approvals| {
        let document = review::review(
            side(false),
            side(true),
            State::Renamed,
            &mut approvals,
            options,
        );
        Review {
            base: text.to_owned(),
            head: text.to_owned(),
            documents: vec![document],
            approvals: approvals.problems(),
        }
    };
    let first = judge(Approvals::default());
    let breaking = first.unapproved().next().unwrap();
    judge(agreed(&breaking.change.fingerprint))
}

fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Whether a character moves a cursor, or turns the direction of what follows.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn reviews() -> impl Iterator<Item = (&'static str, Review)> {
    HOSTILE.into_iter().map(|text| (text, review_of(text)))
}

#[test]
fn a_terminal_shows_text_and_does_nothing() {
    for (text, review) in reviews() {
        let shown = written(|out| review::report::terminal(out, Style::Plain, &review, &hints()));
        assert!(!shown.contains(acts), "{text:?}: {shown}");
        assert!(
            !shown
                .lines()
                .any(|line| line.trim_start().starts_with("::")),
            "{shown}"
        );
    }
}

#[test]
fn annotations_are_one_line_each() {
    for (text, review) in reviews() {
        let shown = written(|out| review::report::github(out, &review));
        assert!(!shown.contains(acts), "{text:?}: {shown}");
        let (headline, commands) = shown.trim_end().rsplit_once('\n').unwrap();
        let (headline, commands) = (commands, headline);
        assert!(!headline.starts_with("::"), "{shown}");
        for command in commands.lines() {
            let is_ours = ["::error ", "::warning ", "::notice "];
            assert!(
                is_ours.iter().any(|own| command.starts_with(own)),
                "{text:?}: {command}"
            );
        }
    }
}

/// The HTML that a report writes itself.
fn is_own(html: &str) -> bool {
    let html = html.trim();
    let count = |c: char| c.is_ascii_digit();
    html.is_empty()
        || html == "</details>"
        || html
            .strip_prefix("<details><summary><b>")
            .is_some_and(|rest| {
                let rest = rest.trim_end_matches("</summary>");
                let (title, number) = rest.split_once("</b>").unwrap_or((rest, ""));
                let words = title.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
                words && number.trim_matches([' ', '(', ')']).chars().all(count)
            })
}

#[test]
fn markdown_reads_text_as_text() {
    for (text, review) in reviews() {
        for shown in [
            written(|out| review::report::markdown(out, &review, &hints())),
            written(|out| review::report::changelog(out, &review)),
        ] {
            assert!(!shown.contains(acts), "{text:?}: {shown}");
            let (mut events, mut in_block) = (0, false);
            for event in Parser::new_ext(&shown, Extensions::all()) {
                events += 1;
                match event {
                    Event::Html(html) | Event::InlineHtml(html) => {
                        assert!(is_own(&html), "{text:?}: {html} in\n{shown}");
                    }
                    Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                        panic!("{text:?}: a link to {dest_url} in\n{shown}");
                    }
                    Event::Start(Tag::Table(_) | Tag::Strikethrough | Tag::Emphasis)
                    | Event::TaskListMarker(_)
                    | Event::InlineMath(_)
                    | Event::DisplayMath(_)
                    | Event::FootnoteReference(_) => panic!("{text:?}: {event:?} in\n{shown}"),
                    // GitHub looks for names and addresses in what is left.
                    Event::Text(words) => {
                        let acts = ["@team", "#12", "://", "www."];
                        let act = acts.iter().find(|act| words.contains(**act));
                        assert!(in_block || act.is_none(), "{text:?}: {words} in\n{shown}");
                    }
                    Event::Start(Tag::CodeBlock(_)) => in_block = true,
                    Event::End(TagEnd::CodeBlock) => in_block = false,
                    _ => {}
                }
            }
            assert!(events > 10, "{shown}");
        }
    }
}
