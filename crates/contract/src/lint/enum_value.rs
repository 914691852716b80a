#![doc = include_str!("enum_value.md")]

use std::collections::HashSet;

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "enum-value",
    severity: Severity::Warning,
    summary: "the values of an `enum` fit its type, and none stands twice",
    explanation: include_str!("enum_value.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        let Some(values) = site.node.get("enum") else {
            continue;
        };
        let kind = site.node.get("type").and_then(Node::as_str);
        let nullable = site.node.get("nullable").map(Node::to_json) == Some(true.into());
        let mut seen = HashSet::new();
        for item in values.items() {
            let value = item.to_json();
            if !seen.insert(value.to_string()) {
                out.push(
                    RULE.finding(format!("`{value}` stands twice"), item.span)
                        .help("remove one"),
                );
            }
            if let Some(kind) = kind
                && !fits(&value, kind, nullable)
            {
                out.push(
                    RULE.finding(format!("`{value}` is not of type `{kind}`"), item.span)
                        .help(if kind == "string" {
                            "put it in quotes"
                        } else {
                            "remove it, or change `type`"
                        }),
                );
            }
        }
    }
}

fn fits(value: &serde_json::Value, kind: &str, nullable: bool) -> bool {
    match kind {
        _ if value.is_null() => nullable,
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}
