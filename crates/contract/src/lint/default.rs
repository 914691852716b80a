//! # What
//! Every `default` is valid against its schema.
//! # Why
//! A default is what a server assumes; one that the server would refuse is a
//! mistake in the schema or in the default.
//! # Wrong
//! `type: integer`, `maximum: 100`, `default: 500`
//! # Right
//! `type: integer`, `maximum: 100`, `default: 50`

use super::example::value;
use super::{Context, Findings, Kind, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "default",
    severity: Severity::Warning,
    summary: "every `default` is valid against its schema",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        if let Some(default) = site.node.get("default") {
            value(&RULE, context, &site.pointer, site.direction, default, out);
        }
    }
}
