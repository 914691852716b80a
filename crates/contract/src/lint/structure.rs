#![doc = include_str!("structure.md")]

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::{Context, Finding, Findings, Node, Rule, Severity, join, nearest};
use crate::schema::{Violation, violations};

pub(super) const RULE: Rule = Rule {
    name: "structure",
    severity: Severity::Error,
    summary: "the document keeps the published schema of OpenAPI 3.0",
    explanation: include_str!("structure.md"),
    check,
};

static META: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../openapi-3.0.json")).expect("the published schema is JSON")
});
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::draft4::new(&META).expect("the published schema is JSON Schema draft 4")
});

fn check(context: &Context<'_>, out: &mut Findings) {
    for violation in violations(&VALIDATOR, &context.json) {
        // The rule `pattern` says it better.
        if violation.keyword == "format" && violation.pointer.ends_with("/pattern") {
            continue;
        }
        if violation.unexpected.is_empty() {
            let mut finding = other(context, &violation);
            if violation.keyword == "uniqueItems" {
                // It means what it would mean without the copy.
                finding.severity = Severity::Warning;
                finding = finding.help("remove what stands twice");
            }
            out.push(finding);
        }
        for name in &violation.unexpected {
            out.push(unknown(context, &violation, name));
        }
    }
}

fn unknown(context: &Context<'_>, violation: &Violation, name: &str) -> Finding {
    let pointer = join(&violation.pointer, name);
    let message = format!("`{name}` is not known in {}", subject(&violation.pointer));
    let help = match nearest(name, known(violation)) {
        Some(known) => format!("did you mean `{known}`?"),
        None if name == "<<" => "merge keys are no part of YAML 1.2; repeat the entries".to_owned(),
        None if violation.pointer.ends_with("/responses") => {
            "a status is `'100'` to `'599'`, `1XX` to `5XX`, or `default`".to_owned()
        }
        None => format!("remove it, or write `x-{name}` if it is an extension"),
    };
    let span = context.root.locate(&pointer);
    RULE.finding(message, span).help(help)
}

fn other(context: &Context<'_>, violation: &Violation) -> Finding {
    let subject = subject(&violation.pointer);
    let message = if violation.keyword == "required" {
        let name = violation.message.trim_end_matches(" is missing");
        format!("{subject} lacks {name}")
    } else {
        format!("{subject}: {}", violation.message)
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

/// The names that the published schema knows at the place of a violation.
fn known(violation: &Violation) -> Vec<&'static str> {
    let mut at = &*META;
    // The schema path passes through `$ref`s, which stand in it by name.
    for token in violation.schema_pointer.split('/').skip(1) {
        while let Some(reference) = at.get("$ref").and_then(Value::as_str) {
            let target = META.pointer(reference.trim_start_matches('#'));
            at = target.unwrap_or(&Value::Null);
        }
        if token == "additionalProperties" {
            break;
        }
        at = match at {
            Value::Array(items) => token.parse().ok().and_then(|i: usize| items.get(i)),
            other => other.get(unescape(token)),
        }
        .unwrap_or(&Value::Null);
    }
    let properties = at.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(|names| names.keys().map(String::as_str))
        .collect()
}
