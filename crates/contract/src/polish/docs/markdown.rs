//! `OpenAPI` descriptions are CommonMark, and so is rustdoc, but rustdoc runs
//! code blocks as tests, resolves `[words]` as links and warns about bare URLs
//! and HTML.

/// The lines of a description, safe for rustdoc.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut state = State::Text;
    for line in text.lines().map(str::trim_end) {
        state = step(state, line, &mut out);
    }
    if matches!(state, State::Indented | State::Fenced) {
        close(&mut out);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.dedup_by(|a, b| a.is_empty() && b.is_empty());
    out
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Text,
    /// In a block that the description fences.
    Fenced,
    /// In a block that the description indents.
    Indented,
}

fn step(state: State, line: &str, out: &mut Vec<String>) -> State {
    match state {
        State::Fenced => {
            out.push(line.to_owned());
            match is_fence(line) {
                true => State::Text,
                false => State::Fenced,
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
        State::Text if is_fence(line) => {
            out.push(fence(line));
            State::Fenced
        }
        State::Text if line.starts_with("    ") && out.last().is_none_or(String::is_empty) => {
            out.push("```text".to_owned());
            out.push(line[4..].to_owned());
            State::Indented
        }
        State::Text => {
            out.push(escape(line));
            State::Text
        }
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

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

/// The beginning of a block that rustdoc does not run.
fn fence(line: &str) -> String {
    let language = line.trim_start().trim_start_matches('`').trim();
    match language {
        "" | "rust" => "```text".to_owned(),
        other => format!("```{other}"),
    }
}

/// Text outside of code spans, with what rustdoc would misread taken care of.
fn escape(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        match index % 2 {
            0 => out.push_str(&escape_text(part)),
            _ => out.push_str(part),
        }
    }
    out
}

fn escape_text(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if is_url(rest) && !out.ends_with(['<', '(', '"']) {
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
            let is_link = first == '[' && !rest.contains("](");
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

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn url_end(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]\"".contains(c));
    text[..end.unwrap_or(text.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}
