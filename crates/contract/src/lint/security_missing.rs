//! # What
//! Every operation says who may call it, by its own `security` or the document's.
//! # Why
//! Without it nobody can tell an open operation from one whose credentials were forgotten:
//! generated clients send none, and reviewers see none. An empty list says that anybody may
//! (`OpenAPI` 3.0.3, section 4.7.10).
//! # Wrong
//! `get: {operationId: listContacts, …}` with no `security` anywhere
//! # Right
//! `security: [{apiKey: []}]`, or `security: []` for what anybody may call

use super::{Context, Findings, Kind, Rule, Severity, title};

pub(super) const RULE: Rule = Rule {
    name: "security-missing",
    severity: Severity::Warning,
    summary: "every operation says who may call it",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    if context.root.get("security").is_some() {
        return;
    }
    for site in context.own(Kind::Operation) {
        if site.node.get("security").is_none() {
            out.push(
                RULE.finding(
                    format!("{} does not say who may call it", title(&site.pointer)),
                    context.root.locate(&site.pointer),
                )
                .help("add `security` at the top or here; `security: []` lets anybody"),
            );
        }
    }
}
