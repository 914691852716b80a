//! Enumerated texts of which the generator would make the same variant, such as `asc` and
//! `ASC`, or none, such as `>=`, get names of their own. What stands twice, and `null`, goes.
//! Nothing is lost.

use std::collections::{BTreeMap, HashSet};

use super::Pass;
use super::stand_ins::{Meaning, StandIns};
use crate::identifier::{plain, says, type_name};
use contract::names::numbered;
use contract::source::{Node, Value};
use contract::walk::{Kind, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let stand_ins = pass.stand_ins;
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema && node.get("enum").is_some() {
            without_null(node);
            distinct(node, stand_ins);
        }
    });
}

/// Without null, which `nullable` says, and without what stands twice.
fn without_null(schema: &mut Node) {
    let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let mut seen = HashSet::new();
    let before = values.len();
    values.retain(|value| !matches!(value.value, Value::Null));
    let had_null = values.len() < before;
    values.retain(|value| seen.insert(value.to_json().to_string()));
    let (is_empty, all_text) = (
        values.is_empty(),
        values.iter().all(|v| v.as_str().is_some()),
    );
    let span = schema.key_span("enum");
    if had_null {
        schema.set("nullable", Node::new(true, span));
    }
    if is_empty {
        schema.remove("enum");
    } else if all_text && schema.get("type").is_none() {
        schema.set("type", Node::new("string", span));
    }
}

fn distinct(schema: &mut Node, stand_ins: &mut StandIns) {
    let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for text in values.iter().filter_map(Node::as_str) {
        *by_name.entry(type_name(text)).or_default() += 1;
    }
    let mut renamed = BTreeMap::new();
    let mut taken: HashSet<String> = HashSet::new();
    for value in values.iter_mut() {
        let Some(text) = value.as_str().map(str::to_owned) else {
            continue;
        };
        if stand_ins.is_open(&text) {
            continue;
        }
        let own = type_name(&text);
        let is_unique = by_name.get(&own) == Some(&1) && speaks(&text) && plain(&text) == text;
        if is_unique && taken.insert(own.clone()) {
            continue;
        }
        let words = unique(&spelt(&text), &mut taken, &by_name);
        let stand_in = stand_ins.of(&words, Meaning::Name(text.clone()));
        *value = Node::new(stand_in.as_str(), value.span);
        renamed.insert(text, stand_in);
    }
    if let Some(default) = schema.get("default").and_then(Node::as_str)
        && let Some(stand_in) = renamed.get(default)
    {
        let span = schema.key_span("default");
        schema.set("default", Node::new(stand_in.as_str(), span));
    }
}

/// Whether letters or digits say what it is, and no sign in front turns it round.
fn speaks(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(is_word) && text.chars().any(|c| c.is_ascii_alphanumeric())
}

/// The text in words.
fn spelt(text: &str) -> String {
    if text.is_empty() {
        return "Empty".to_owned();
    }
    let mut words = String::new();
    for c in text.chars() {
        match sign(c) {
            Some(word) => words.push_str(&format!(" {word} ")),
            None => words.push_str(&plain(&c.to_string())),
        }
    }
    match says(&words) {
        true => type_name(&words),
        false => "Value".to_owned(),
    }
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '~' => "tilde",
        '^' => "caret",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '?' => "question",
        '(' | ')' | '[' | ']' | '{' | '}' => "bracket",
        '\'' | '"' | '`' => "quote",
        '\\' => "backslash",
        _ => return None,
    })
}

/// The words with what tells them from others: upper or lower case, or a number.
fn unique(words: &str, taken: &mut HashSet<String>, by_name: &BTreeMap<String, usize>) -> String {
    numbered(words, "", |name| {
        by_name.get(name) != Some(&1) && taken.insert(name.to_owned())
    })
}
