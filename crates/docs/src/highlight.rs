//! Code in colours. A lexer that knows texts, comments, numbers and words is enough for what pages
//! show: a library for whole grammars would be half of the tool's build.

use maud::{Markup, html};

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Text,
    Key,
    Number,
    Word,
    Comment,
}

/// How a language is read.
struct Grammar {
    /// What begins a comment that ends with its line.
    comments: &'static [&'static str],
    /// What texts stand between.
    quotes: &'static str,
    /// Whether a text before a colon is a key.
    has_keys: bool,
    words: &'static [&'static str],
}

const JSON: Grammar = Grammar {
    comments: &[],
    quotes: "\"",
    has_keys: true,
    words: &["true", "false", "null"],
};

const NOTHING: Grammar = Grammar {
    comments: &[],
    quotes: "",
    has_keys: false,
    words: &[],
};

fn grammar(language: &str) -> Grammar {
    let with = |comments, quotes, words| Grammar {
        comments,
        quotes,
        has_keys: false,
        words,
    };
    match language.split([',', ' ']).next().unwrap_or_default() {
        "json" => JSON,
        "sh" | "bash" | "shell" | "console" => with(&["# "], "\"'", &["curl", "export"]),
        "js" | "javascript" | "ts" | "typescript" => with(
            &["//"],
            "\"'`",
            &[
                "await", "const", "if", "import", "let", "new", "throw", "return", "null", "true",
                "false",
            ],
        ),
        "ruby" => with(
            &["# "],
            "\"'",
            &[
                "require", "do", "end", "unless", "abort", "puts", "nil", "true", "false",
            ],
        ),
        "go" => with(
            &["//"],
            "\"'`",
            &[
                "package", "import", "func", "defer", "if", "nil", "return", "var",
            ],
        ),
        "php" => with(
            &["//", "# "],
            "\"'",
            &["if", "exit", "echo", "true", "false", "null", "object"],
        ),
        "python" | "py" => with(
            &["#"],
            "\"'",
            &[
                "import", "print", "None", "True", "False", "def", "return", "from", "with", "as",
            ],
        ),
        "csharp" | "cs" => with(
            &["//"],
            "\"",
            &[
                "using", "var", "new", "await", "if", "throw", "int", "true", "false", "null",
            ],
        ),
        "java" => with(
            &["//"],
            "\"",
            &[
                "import", "public", "class", "static", "void", "var", "new", "throws", "throw",
                "if",
            ],
        ),
        "rust" | "rs" => with(
            &["//"],
            "\"",
            &[
                "use", "let", "async", "await", "fn", "mut", "match", "if", "for", "in", "return",
                "true", "false",
            ],
        ),
        "yaml" | "yml" | "toml" => with(&["# "], "\"'", &["true", "false", "null"]),
        _ => NOTHING,
    }
}

/// A block of code. It can be reached by the keyboard, because it may be wider than the page.
pub(crate) fn block(language: &str, code: &str) -> Markup {
    html! { pre tabindex="0" { code { (inner(language, code)) } } }
}

/// The code alone.
pub(crate) fn inner(language: &str, code: &str) -> Markup {
    let grammar = grammar(language);
    html! {
        @for (kind, text) in pieces(&grammar, code) {
            @match kind {
                Kind::Plain => (text),
                Kind::Text => i.s { (text) },
                Kind::Key => i.k { (text) },
                Kind::Number => i.n { (text) },
                Kind::Word => i.w { (text) },
                Kind::Comment => i.c { (text) },
            }
        }
    }
}

fn pieces<'c>(grammar: &Grammar, code: &'c str) -> Vec<(Kind, &'c str)> {
    let mut pieces: Vec<(Kind, &str)> = Vec::new();
    let (mut at, mut plain) = (0, 0);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let before = code[..at].chars().next_back();
        let found = piece(grammar, rest, first, before);
        match found {
            Some((kind, length)) => {
                if plain < at {
                    pieces.push((Kind::Plain, &code[plain..at]));
                }
                pieces.push((kind, &code[at..at + length]));
                at += length;
                plain = at;
            }
            None => at += first.len_utf8(),
        }
    }
    if plain < code.len() {
        pieces.push((Kind::Plain, &code[plain..]));
    }
    pieces
}

/// What begins here, and how long it is.
fn piece(
    grammar: &Grammar,
    rest: &str,
    first: char,
    before: Option<char>,
) -> Option<(Kind, usize)> {
    let begins_word = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '$');
    let is_comment = grammar.comments.iter().any(|sign| rest.starts_with(sign));
    if is_comment && before.is_none_or(char::is_whitespace) {
        return Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if grammar.quotes.contains(first) {
        let length = text(rest, first);
        let is_key = grammar.has_keys && rest[length..].trim_start().starts_with(':');
        return Some((if is_key { Kind::Key } else { Kind::Text }, length));
    }
    if !begins_word || grammar.quotes.is_empty() {
        return None;
    }
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
    let word = &rest[..word.unwrap_or(rest.len())];
    if first.is_ascii_digit() {
        return Some((Kind::Number, word.len()));
    }
    let word = word.split('.').next().unwrap_or_default();
    grammar
        .words
        .contains(&word)
        .then_some((Kind::Word, word.len()))
}

/// How long a text is that begins with this sign.
fn text(rest: &str, quote: char) -> usize {
    let triple: String = [quote; 3].iter().collect();
    if rest.starts_with(&triple) {
        let end = rest[3..].find(&triple);
        return end.map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::{Kind, grammar, pieces};

    #[test]
    fn every_letter_of_code_is_shown_once_and_in_its_colour() {
        for (language, code, expected) in [
            (
                "json",
                "{\"a\": [\"b\", 1.5, null]}",
                vec![
                    (Kind::Key, "\"a\""),
                    (Kind::Text, "\"b\""),
                    (Kind::Number, "1.5"),
                    (Kind::Word, "null"),
                ],
            ),
            (
                "sh",
                "curl 'it''s' # why\n$x#y",
                vec![
                    (Kind::Word, "curl"),
                    (Kind::Text, "'it'"),
                    (Kind::Text, "'s'"),
                    (Kind::Comment, "# why"),
                ],
            ),
            (
                "java",
                "var a = \"\"\"\n\"b\" \"\"\"; // c",
                vec![
                    (Kind::Word, "var"),
                    (Kind::Text, "\"\"\"\n\"b\" \"\"\""),
                    (Kind::Comment, "// c"),
                ],
            ),
            (
                "js",
                "`${a}\\`b` await1 await",
                vec![(Kind::Text, "`${a}\\`b`"), (Kind::Word, "await")],
            ),
            ("python", "'never ends", vec![(Kind::Text, "'never ends")]),
            ("python", "été = \"\\", vec![(Kind::Text, "\"\\")]),
            ("brainfuck", "+[\"a\"]", vec![]),
        ] {
            let pieces = pieces(&grammar(language), code);
            let whole: String = pieces.iter().map(|(_, text)| *text).collect();
            assert_eq!(whole, code, "{language}");
            let coloured: Vec<_> = pieces
                .into_iter()
                .filter(|(kind, _)| *kind != Kind::Plain)
                .collect();
            assert_eq!(coloured, expected, "{language}");
        }
    }
}
