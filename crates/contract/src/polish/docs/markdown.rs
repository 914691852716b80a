//! `OpenAPI` descriptions are CommonMark, and so is rustdoc, but rustdoc runs
//! code blocks as tests, resolves `[words]` as links and warns about bare URLs
//! and HTML.

/// The lines of a description, safe for rustdoc.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut state = State::Text;
    // A carriage return may not stand in a comment, nor do other controls belong.
    let text = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ");
    let text = text.replace(|c: char| c.is_control() && c != '\n', "");
    for line in text.lines().map(str::trim_end) {
        state = step(state, line, &mut out);
    }
    match state {
        State::Indented => close(&mut out),
        State::Fenced(opening) => out.push(opening.to_owned()),
        State::Text => {}
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.dedup_by(|a, b| a.is_empty() && b.is_empty());
    out
}

#[derive(Clone, Copy, PartialEq)]
enum State<'a> {
    Text,
    /// In a block that the description fences with this.
    Fenced(&'a str),
    /// In a block that the description indents.
    Indented,
}

fn step<'a>(state: State<'a>, line: &'a str, out: &mut Vec<String>) -> State<'a> {
    match state {
        State::Fenced(opening) => {
            out.push(line.to_owned());
            match fence(line) {
                Some((closing, "")) if closing.starts_with(opening) => State::Text,
                _ => state,
            }
        }
        State::Indented if line.is_empty() || line.starts_with("    ") => {
            out.push(line.get(4..).unwrap_or_default().to_owned());
            State::Indented
        }
        State::Indented => {
            close(out);
            step(State::Text, line, out)
        }
        State::Text if line.starts_with("    ") && out.last().is_none_or(String::is_empty) => {
            out.push("```text".to_owned());
            out.push(line[4..].to_owned());
            State::Indented
        }
        State::Text => match fence(line) {
            Some((opening, language)) => {
                // rustdoc would run what names no other language.
                let prefix = &line[..line.len() - language.len()];
                let language = match language {
                    "" | "rust" => "text",
                    other => other,
                };
                out.push(format!("{}{language}", prefix.trim_end()));
                State::Fenced(opening)
            }
            None => {
                out.push(escape(line));
                State::Text
            }
        },
    }
}

/// Ends a block before the blank lines that follow it.
fn close(out: &mut Vec<String>) {
    let end = out
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |i| i + 1);
    out.insert(end, "```".to_owned());
}

/// The marks that fence a block, inside of a quotation or a list too, and the
/// language after them (CommonMark 0.31, section 4.5).
fn fence(line: &str) -> Option<(&str, &str)> {
    let marks = line.trim_start_matches(|c: char| " >-*+".contains(c));
    let mark = marks.chars().next().filter(|c| "`~".contains(*c))?;
    let rest = marks.trim_start_matches(mark);
    let opening = &marks[..marks.len() - rest.len()];
    // Backticks in the rest make it a span of code.
    (opening.len() >= 3 && !rest.contains('`')).then(|| (opening, rest.trim()))
}

/// A line with what rustdoc would misread taken care of, outside of code spans.
fn escape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_target = out.ends_with("](") || out.ends_with('<');
        let taken = if let Some((target, words, end)) = anchor(rest) {
            out.push_str(&format!("[{}]({target})", escape(words)));
            end
        } else if let Some(end) = code_span(rest) {
            out.push_str(&rest[..end]);
            end
        } else if is_url(rest) && !is_target {
            let end = url_end(rest);
            out.push_str(&format!("<{}>", &rest[..end]));
            end
        } else if first == '<' && is_url(&rest[1..]) {
            let end = rest.find('>').map_or(1, |end| end + 1);
            out.push_str(&rest[..end]);
            end
        } else {
            let is_html =
                first == '<' && rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '/');
            let is_link = first == '[' && !has_target(rest);
            if is_html || is_link {
                out.push('\\');
            }
            out.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// The length of the code span that `text` begins with, if it does.
fn code_span(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('`')?;
    Some(inner.find('`')? + 2)
}

/// The target and the words of the HTML link that `text` begins with, and its length.
fn anchor(text: &str) -> Option<(&str, &str, usize)> {
    let attributes = text.strip_prefix("<a ")?;
    let (attributes, rest) = attributes.split_once('>')?;
    let (words, rest) = rest.split_once("</a>")?;
    let (_, target) = attributes.split_once("href=\"")?;
    let (target, _) = target.split_once('"')?;
    let fits = |text: &str| !text.is_empty() && !text.contains(['<', '[', ']']);
    let is_link = is_url(target) && fits(words) && !target.contains(['(', ')', ' ']);
    is_link.then_some((target, words, text.len() - rest.len()))
}

/// Whether the brackets that `text` begins with are followed by a target. What they close on
/// another line has a space in it, which rustdoc takes for no name.
fn has_target(text: &str) -> bool {
    let mut depth = 0;
    for (index, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text[index + 1..].starts_with('(');
        }
    }
    true
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn url_end(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]\"".contains(c));
    text[..end.unwrap_or(text.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}
