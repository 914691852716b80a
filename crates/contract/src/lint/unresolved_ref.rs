#![doc = include_str!("unresolved_ref.md")]

use super::{Context, Findings, Kind, Node, Place, Rule, Severity, nearest, pointer};

pub(super) const RULE: Rule = Rule {
    name: "unresolved-ref",
    severity: Severity::Error,
    summary: "every `$ref` names something in the document, of the kind that is wanted there",
    explanation: include_str!("unresolved_ref.md"),
    check,
};

/// How many findings look for what was meant, among all names of a section.
const SUGGESTIONS: usize = 20;

fn check(context: &Context<'_>, out: &mut Findings) {
    for (site, reference) in context.references() {
        let span = site.node.get("$ref").map_or(site.node.span, |n| n.span);
        let finding = |message: String| {
            let mut finding = RULE.finding(message, span);
            // No call needs what is only shown: headers of responses, examples, links.
            if matches!(site.kind, Kind::Header | Kind::Other) {
                finding.severity = Severity::Warning;
            }
            finding
        };
        let Some(pointer) = pointer(reference) else {
            let message = format!("`{reference}` is outside of the document");
            out.push(
                finding(message)
                    .help("nothing is fetched: save it beside the document and refer to the file"),
            );
            continue;
        };
        if let Some(target) = context.root.pointer(&pointer) {
            if let Some(found) = other(target, Place::at(&pointer), site.kind) {
                let wanted = site.kind.noun();
                let message = format!("`{reference}` is {found}; expected a {wanted}");
                let help = format!("refer to a {wanted}");
                out.push(finding(message).help(help));
            }
            continue;
        }
        let finding = finding(format!("`{reference}` names nothing"));
        let sibling = match out.len() < SUGGESTIONS {
            true => sibling(context, &pointer),
            false => None,
        };
        let help = match sibling {
            Some(name) => format!("did you mean `{name}`?"),
            None => "add it, or name another component".into(),
        };
        out.push(finding.help(help));
    }
}

/// What a reference leads to, where that is not of the kind that is wanted.
fn other(target: &Node, place: Place, wanted: Kind) -> Option<String> {
    match place {
        Place::Object(kind) if kind == wanted && target.as_object().is_some() => None,
        // An extension may hold anything.
        Place::Data if target.as_object().is_some() => None,
        Place::Object(Kind::Document) => Some("the whole document".to_owned()),
        Place::Object(kind) if kind != wanted => Some(format!("a {}", kind.noun())),
        Place::List(_) => Some("a list".to_owned()),
        Place::Map(_) | Place::Open(_) => Some("a mapping of names".to_owned()),
        Place::Object(_) | Place::Data => Some("no object".to_owned()),
    }
}

/// The sibling whose name is closest.
fn sibling(context: &Context<'_>, pointer: &str) -> Option<String> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let siblings = context.root.pointer(parent)?.entries();
    let close = nearest(name, siblings.map(|(key, _)| key))?;
    Some(format!("#{parent}/{close}"))
}
