//! Texts that match a regular expression.

use rand::RngExt as _;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::Chance;

/// How often what may be repeated is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum More {
    /// Each part up to so often more than it must.
    UpTo(u32),
    /// So often in all, the first parts first.
    Exactly(u32),
}

/// A text that a pattern matches. Nothing for what the parser does not know, as references back.
/// What looks ahead or behind is left out: whether the text is one is for the validator to say.
pub(crate) fn matching(pattern: &str, more: More, chances: &mut Chance) -> Option<String> {
    let parse = |pattern: &str| regex_syntax::parse(pattern).ok();
    let hir = parse(pattern).or_else(|| parse(&without_looks(pattern)))?;
    let mut writer = Writer {
        more,
        chances,
        text: Vec::new(),
    };
    writer.write(&hir);
    String::from_utf8(writer.text).ok()
}

/// The longest text, in bytes: what is asked for beyond is for nobody to read.
const LONGEST: usize = 1 << 20;

struct Writer<'c> {
    more: More,
    chances: &'c mut Chance,
    text: Vec<u8>,
}

impl Writer<'_> {
    fn write(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.extend_from_slice(&literal.0),
            HirKind::Class(class) => {
                let character = character(class, self.chances);
                self.text.extend(character.to_string().as_bytes());
            }
            HirKind::Repetition(repetition) => {
                let room = repetition.max.map(|max| max.saturating_sub(repetition.min));
                let times = repetition.min.saturating_add(self.more(room));
                for _ in 0..times {
                    if self.text.len() < LONGEST {
                        self.write(&repetition.sub);
                    }
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => {
                let index = self.chances.random_range(0..parts.len());
                self.write(&parts[index]);
            }
        }
    }

    /// How often a part is repeated that may be so often more than it must.
    fn more(&mut self, room: Option<u32>) -> u32 {
        let within = |more: u32| room.map_or(more, |room| room.min(more));
        match &mut self.more {
            More::UpTo(most) => self.chances.random_range(0..=within(*most)),
            More::Exactly(left) => {
                let more = within(*left);
                *left -= more;
                more
            }
        }
    }
}

/// A character of a class: a letter or digit if there is one, else what can be seen.
fn character(class: &Class, chances: &mut Chance) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => {
            let ranges = class.iter();
            ranges.map(|r| (r.start().into(), r.end().into())).collect()
        }
    };
    let within = |low: char, high: char| {
        let cut = ranges.iter().map(|(a, b)| ((*a).max(low), (*b).min(high)));
        cut.filter(|(a, b)| a <= b).collect::<Vec<_>>()
    };
    let readable = [('a', 'z'), ('0', '9'), ('A', 'Z'), ('!', '~'), (' ', ' ')];
    let mut readable = readable.into_iter().map(|(a, b)| within(a, b));
    let found = readable.find(|ranges| !ranges.is_empty()).unwrap_or(ranges);
    match found.len() {
        0 => ' ',
        count => {
            let (first, last) = found[chances.random_range(0..count)];
            chances.random_range(first..=last)
        }
    }
}

/// The pattern without its groups that look ahead or behind.
fn without_looks(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let looks = ["(?=", "(?!", "(?<=", "(?<!"];
        if c == '\\' {
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if looks.iter().any(|look| rest.starts_with(look)) {
            rest = &rest[group(rest)..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The length of the group that a pattern begins with.
fn group(pattern: &str) -> usize {
    let (mut depth, mut escaped, mut in_class) = (0_usize, false, false);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8();
        }
    }
    pattern.len()
}
