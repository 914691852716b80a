//! # What
//! Every operation has an `operationId`.
//! # Why
//! It becomes the name of the client's method. A name made from the path would
//! change with the path.
//! # Wrong
//! `post: {responses: …}`
//! # Right
//! `post: {operationId: createContact, responses: …}`

use super::{Context, Findings, Kind, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "operation-id-missing",
    severity: Severity::Warning,
    summary: "every operation has an `operationId`",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Operation) {
        // What the API calls back makes no method.
        if site.node.get("operationId").is_none() && !site.in_callback {
            let method = site.pointer.rsplit('/').next().unwrap_or_default();
            out.push(
                RULE.finding(
                    format!("`{method}` has no `operationId`"),
                    context.root.locate(&site.pointer),
                )
                .help("add one; it becomes the name of the client's method"),
            );
        }
    }
}
