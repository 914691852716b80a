use std::fmt::Write as _;

use source::{Node, tokens};

use super::hold;
use crate::fingerprint::{self, Fingerprint};
use crate::read::{Overlay, TRANSLATES};

/// What a translation lacks, as actions to be filled in, each text above the place of its translation;
/// a whole overlay where there is none yet. Nothing where all is there. `document` is the file of the
/// document as the overlay would name it.
///
/// ```
/// let text = "info: {title: Pets}\npaths: {/pets: {get: {summary: 'All #1'}}}";
/// let document = contract::Document::parse(contract::Source::new("pets.yaml", text));
/// let skeleton = overlay::translation::skeleton(document.root(), None, "pets.yaml", "es").unwrap();
/// let lines: Vec<&str> = skeleton.lines().skip(11).collect();
/// assert_eq!(lines, [
///     "  - target: $.paths['/pets'].get",
///     "    x-translates: {summary: 4c0c5498}",
///     "    update:",
///     "      # All #1",
///     "      summary: ''",
/// ]);
/// ```
#[must_use]
pub fn skeleton(
    root: &Node,
    overlay: Option<&Overlay>,
    document: &str,
    language: &str,
) -> Option<String> {
    let missing = match overlay {
        Some(overlay) => hold(root, overlay, language).missing,
        None => crate::words::of(root)
            .into_iter()
            .map(|word| word.pointer)
            .collect(),
    };
    if missing.is_empty() {
        return None;
    }
    let mut out = String::new();
    if overlay.is_none() {
        let title = root.pointer("/info/title").and_then(Node::as_str);
        let title = quoted(&format!("{} ({language})", title.unwrap_or(document)));
        let document = quoted(document);
        let _ = write!(
            out,
            "overlay: 1.1.0\ninfo:\n  title: {title}\n  version: 1.0.0\nextends: {document}\nactions:\n"
        );
    }
    // Texts of one object are one action.
    let mut rest = missing.as_slice();
    while let Some(first) = rest.first() {
        let (above, _) = first.rsplit_once('/').unwrap_or(("", first));
        let is_here = |place: &&String| {
            let below = place
                .strip_prefix(above)
                .and_then(|rest| rest.strip_prefix('/'));
            below.is_some_and(|key| !key.contains('/'))
        };
        let count = rest.iter().take_while(is_here).count().max(1);
        let (here, further) = rest.split_at(count);
        action(&mut out, root, above, here);
        rest = further;
    }
    Some(out)
}

fn action(out: &mut String, root: &Node, above: &str, places: &[String]) {
    let texts = places.iter().filter_map(|place| {
        let key = tokens(place)?.last()?;
        Some((key, root.pointer(place)?.as_str()?))
    });
    let texts: Vec<(String, &str)> = texts.collect();
    let prints = texts.iter().map(|(key, text)| {
        let print = Fingerprint::of(text).to_string();
        format!(
            "{}: {}",
            fingerprint::quoted(key),
            fingerprint::quoted(&print)
        )
    });
    let prints: Vec<String> = prints.collect();
    let _ = writeln!(out, "  - target: {}", target(root, above));
    let _ = writeln!(out, "    {TRANSLATES}: {{{}}}", prints.join(", "));
    out.push_str("    update:\n");
    for (key, text) in texts {
        for line in text.trim_end().lines() {
            let _ = writeln!(out, "      # {}", source::inert::line(line));
        }
        let _ = writeln!(out, "      {}: ''", fingerprint::quoted(&key));
    }
}

/// The JSONPath of one place, in quotes where YAML needs them.
fn target(root: &Node, pointer: &str) -> String {
    let mut path = "$".to_owned();
    let mut node = Some(root);
    for token in tokens(pointer).into_iter().flatten() {
        let is_item = node.is_some_and(|node| node.as_array().is_some());
        let _ = match is_item {
            true => write!(path, "[{token}]"),
            false if is_name(&token) => write!(path, ".{token}"),
            false => {
                write!(path, "['{}']", escaped(&token))
            }
        };
        node = node.and_then(|node| match is_item {
            true => node.as_array()?.get(token.parse::<usize>().ok()?),
            false => node.get(&token),
        });
    }
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '#' | ':' | '"');
    match path.chars().all(is_plain) {
        true => path,
        false => quoted(&path),
    }
}

/// A name between single quotes of a JSONPath (RFC 9535, section 2.3.1.1).
fn escaped(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            c if c.is_ascii_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Whether a name needs no quotes in a JSONPath (RFC 9535, section 2.5.1.1).
fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters.next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A text in quotes of JSON, which YAML reads, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
