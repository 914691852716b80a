#![doc = include_str!("structure.md")]

use super::{Context, Finding, Findings, Node, Rule, Severity};
use crate::lenient::VALIDATOR;
use crate::schema::{Violation, violations};

pub(super) const RULE: Rule = Rule {
    name: "structure",
    severity: Severity::Error,
    summary: "the document has the form that OpenAPI asks for",
    explanation: include_str!("structure.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for violation in violations(&VALIDATOR, &context.json) {
        let mut finding = finding(context, &violation);
        match violation.keyword.as_str() {
            // The rule `pattern` says it better.
            "format" if violation.pointer.ends_with("/pattern") => continue,
            // It means what it would mean without the copy.
            "uniqueItems" => {
                finding.severity = Severity::Warning;
                finding = finding.help("remove what stands twice");
            }
            // Nobody calls what is only shown.
            "format" => finding.severity = Severity::Warning,
            _ => {}
        }
        out.push(finding);
    }
}

fn finding(context: &Context<'_>, violation: &Violation) -> Finding {
    let subject = subject(&violation.pointer);
    let message = match &violation.missing {
        Some(name) => format!("{subject} lacks `{name}`"),
        None => format!("{subject}: {}", violation.message),
    };
    let is_scalar = |n: &&Node| n.as_object().is_none() && n.as_array().is_none();
    let scalar = context.root.pointer(&violation.pointer).filter(is_scalar);
    let Some(scalar) = scalar else {
        let span = context.root.locate(&violation.pointer);
        return RULE.finding(message, span.first_line());
    };
    let finding = RULE.finding(message, scalar.span);
    match violation.keyword == "type" && violation.message.ends_with("`string`") {
        true => finding.help("put the value in quotes"),
        false => finding,
    }
}

/// The thing that a pointer names, for a sentence.
fn subject(pointer: &str) -> String {
    let mut tokens = pointer.rsplit('/').filter(|token| !token.is_empty());
    match tokens.next() {
        None => "the document".into(),
        Some(index) if index.bytes().all(|b| b.is_ascii_digit()) => match tokens.next() {
            Some(list) => format!("`{}[{index}]`", unescape(list)),
            None => format!("`[{index}]`"),
        },
        Some(name) => format!("`{}`", unescape(name)),
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
