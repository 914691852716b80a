#![doc = include_str!("bounds.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "bounds",
    severity: Severity::Warning,
    summary: "no lower bound is above its upper bound",
    explanation: include_str!("bounds.md"),
    check,
};

/// Bounds that go together.
pub const PAIRS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        for (lower, upper) in PAIRS {
            let number = |key| site.node.get(key).map(Node::to_json)?.as_f64();
            let (Some(low), Some(high)) = (number(lower), number(upper)) else {
                continue;
            };
            if low > high {
                out.push(
                    RULE.finding(
                        format!("`{lower}` {low} is above `{upper}` {high}"),
                        site.node.key_span(lower),
                    )
                    .related(site.node.key_span(upper), "the upper bound")
                    .help("no value fits; correct one of the two"),
                );
            }
        }
    }
}
