//! # What
//! Every `$ref` names something in the document.
//! # Why
//! Nothing can be generated from what is not there. Other files are not read:
//! one document is the whole contract.
//! # Wrong
//! `$ref: '#/components/schemas/Contcat'`
//! # Right
//! `$ref: '#/components/schemas/Contact'`

use super::{Context, Findings, Rule, Severity, nearest, pointer};

pub(super) const RULE: Rule = Rule {
    name: "unresolved-ref",
    severity: Severity::Error,
    summary: "every `$ref` names something in the document",
    check,
};

/// How many findings look for what was meant, among all names of a section.
const SUGGESTIONS: usize = 20;

fn check(context: &Context<'_>, out: &mut Findings) {
    for (site, reference) in context.references() {
        let span = site.node.get("$ref").map_or(site.node.span, |n| n.span);
        let Some(pointer) = pointer(reference) else {
            let message = format!("`{reference}` is outside of the document");
            out.push(
                RULE.finding(message, span)
                    .help("copy it into `components` and refer to it there"),
            );
            continue;
        };
        if context.root.pointer(&pointer).is_some() {
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
