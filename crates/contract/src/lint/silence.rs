#![doc = include_str!("silence.md")]

use super::{Context, Finding, Findings, Node, Place, RULES, Rule, Severity, Span, nearest};

pub(super) const RULE: Rule = Rule {
    name: "silence",
    severity: Severity::Warning,
    summary: "`x-lint-ignore` gives a reason for each rule, and silences something",
    explanation: include_str!("silence.md"),
    check,
};

const KEY: &str = "x-lint-ignore";

/// One rule where it does not count.
struct Silence<'a> {
    rule: &'a str,
    /// The key that names the rule.
    key: Span,
    reason: Option<&'a str>,
    /// From where to where.
    within: Span,
}

fn check(context: &Context<'_>, out: &mut Findings) {
    let mut found = Vec::new();
    silences(
        context.root,
        Place::ROOT,
        context.root.span,
        &mut found,
        out,
    );
    for silence in &found {
        if let Some(finding) = wrong(silence) {
            out.push(finding);
        }
    }
}

/// Takes out what is silenced, and says of each silence that silences nothing.
pub(super) fn apply(root: &Node, findings: &mut Findings) {
    let mut found = Vec::new();
    silences(
        root,
        Place::ROOT,
        root.span,
        &mut found,
        &mut Findings::new(),
    );
    found.retain(|silence| wrong(silence).is_none());
    for silence in found {
        let before = findings.len();
        findings.retain(|finding| {
            finding.rule != silence.rule
                || finding.severity == Severity::Error
                || !holds(silence.within, finding.span)
        });
        if findings.len() == before {
            let message = format!("`{}` finds nothing here", silence.rule);
            findings.push(RULE.finding(message, silence.key).help("remove it"));
        }
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file
        && (outer.line, outer.column) <= (inner.line, inner.column)
        && (inner.line, inner.column) <= (outer.end_line, outer.end_column)
}

/// All that stand in a document; `within` reaches from the key that a node has.
fn silences<'a>(
    node: &'a Node,
    place: Place,
    within: Span,
    found: &mut Vec<Silence<'a>>,
    out: &mut Findings,
) {
    if place == Place::Data {
        return;
    }
    for item in node.items() {
        silences(item, place.under(""), item.span, found, out);
    }
    let is_name = matches!(place, Place::Map(_));
    for (key, entry) in node.entries() {
        if key != KEY || is_name {
            let within = Span {
                line: entry.key.line,
                column: entry.key.column,
                ..entry.node.span
            };
            silences(&entry.node, place.under(key), within, found, out);
            continue;
        }
        if entry.node.as_object().is_none() {
            let finding = RULE.finding(format!("`{KEY}` names no rule"), entry.key);
            out.push(finding.help(format!(
                "write `{KEY}: {{RULE: why it does not count here}}`"
            )));
        }
        for (rule, reason) in entry.node.entries() {
            found.push(Silence {
                rule,
                key: reason.key,
                reason: reason.node.as_str(),
                within,
            });
        }
    }
}

/// What is wrong with a silence by itself.
fn wrong(silence: &Silence<'_>) -> Option<Finding> {
    let Silence {
        rule, key, reason, ..
    } = silence;
    let Some(known) = RULES.iter().find(|known| known.name == *rule) else {
        let help = match nearest(rule, RULES.iter().map(|rule| rule.name)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "the option `--rules` of `lint` lists them".to_owned(),
        };
        let finding = RULE.finding(format!("there is no rule `{rule}`"), *key);
        return Some(finding.help(help));
    };
    if known.severity == Severity::Error {
        let message = format!("`{rule}` finds errors, which cannot be silenced");
        let help = "correct what it finds: nothing is generated until it is gone";
        return Some(RULE.finding(message, *key).help(help));
    }
    if reason.is_none_or(|reason| reason.trim().is_empty()) {
        let message = format!("`{rule}` is silenced without a reason");
        return Some(
            RULE.finding(message, *key)
                .help("write why it does not count here"),
        );
    }
    None
}
