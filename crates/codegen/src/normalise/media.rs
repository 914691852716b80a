//! Media types (RFC 9110, section 8.3.1) and which of several to take.

use contract::source::Node;
use contract::{Finding, Findings, Severity};

/// A media type without parameters, in lower case.
pub(super) fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a value of this type is JSON (RFC 6839, section 3.1).
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// The media type that carries most of what the schema says.
fn best(content: &Node) -> Option<&str> {
    let rank = |name: &str| match essence(name).as_str() {
        "application/json" => 0,
        name if is_json(name) => 1,
        "*/*" | "application/*" => 2,
        "application/x-www-form-urlencoded" => 3,
        "multipart/form-data" => 4,
        _ => 5,
    };
    let names = content.entries().map(|(name, _)| name);
    names.min_by_key(|name| rank(name))
}

/// The one that is taken, with a note where there are others.
pub(super) fn choose(
    content: &Node,
    what: &str,
    help: &str,
    findings: &mut Findings,
) -> Option<String> {
    let best = best(content)?.to_owned();
    let names = content.entries().map(|(name, _)| name);
    let others: Vec<_> = names
        .filter(|name| *name != best)
        .map(|name| format!("`{name}`"))
        .collect();
    if !others.is_empty() {
        let message = format!("{what} as `{best}`; not as {}", others.join(", "));
        let note = Finding::new(
            "media-types",
            Severity::Note,
            message,
            content.key_span(&best),
        );
        findings.push(note.help(help));
    }
    Some(best)
}
