//! # What
//! Every `$ref` names something in the document, of the kind that is wanted there.
//! # Why
//! Nothing can be generated from what is not there. References to other files were followed
//! before; nothing is fetched from the network.
//! # Wrong
//! `$ref: '#/components/schemas/Contcat'`
//! # Right
//! `$ref: '#/components/schemas/Contact'`

use std::collections::HashMap;

use super::{Context, Findings, Rule, Severity, nearest, pointer};

pub(super) const RULE: Rule = Rule {
    name: "unresolved-ref",
    severity: Severity::Error,
    summary: "every `$ref` names something in the document, of the kind that is wanted there",
    check,
};

/// How many findings look for what was meant, among all names of a section.
const SUGGESTIONS: usize = 20;

fn check(context: &Context<'_>, out: &mut Findings) {
    let sites = context.sites.iter();
    let kinds: HashMap<_, _> = sites.map(|s| (s.pointer.as_str(), s.kind)).collect();
    for (site, reference) in context.references() {
        let span = site.node.get("$ref").map_or(site.node.span, |n| n.span);
        let Some(pointer) = pointer(reference) else {
            let message = format!("`{reference}` is outside of the document");
            out.push(
                RULE.finding(message, span)
                    .help("nothing is fetched: save it beside the document and refer to the file"),
            );
            continue;
        };
        if context.root.pointer(&pointer).is_some() {
            // What stands in no known place, such as an extension, may be anything.
            let kind = kinds.get(pointer.as_str()).copied();
            if let Some(kind) = kind.filter(|kind| *kind != site.kind) {
                let (found, wanted) = (kind.noun(), site.kind.noun());
                let message = format!("`{reference}` is a {found}; expected a {wanted}");
                let help = format!("refer to a {wanted}");
                out.push(RULE.finding(message, span).help(help));
            }
            continue;
        }
        let finding = RULE.finding(format!("`{reference}` names nothing"), span);
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

/// The sibling whose name is closest.
fn sibling(context: &Context<'_>, pointer: &str) -> Option<String> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let siblings = context.root.pointer(parent)?.entries();
    let close = nearest(name, siblings.map(|(key, _)| key))?;
    Some(format!("#{parent}/{close}"))
}
