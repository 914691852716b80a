#![doc = include_str!("format_unknown.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    name: "format-unknown",
    severity: Severity::Warning,
    summary: "every `format` is a known one, beside the type that it is for",
    explanation: include_str!("format_unknown.md"),
    check,
};

/// Formats of texts.
const TEXTS: [&str; 39] = [
    "base64url",
    "binary",
    "byte",
    "char",
    "commonmark",
    "date",
    "date-time",
    "date-time-local",
    "duration",
    "email",
    "hostname",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "password",
    "regex",
    "relative-json-pointer",
    "sf-binary",
    "sf-boolean",
    "sf-decimal",
    "sf-integer",
    "sf-string",
    "sf-token",
    "time",
    "time-local",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
    "uuid",
    "decimal",
    "decimal128",
];
/// Formats of whole numbers, which may stand in texts.
const INTEGERS: [&str; 9] = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "unixtime",
];
/// Formats of other numbers.
const NUMBERS: [&str; 6] = [
    "float",
    "double",
    "double-int",
    "decimal",
    "decimal128",
    "single",
];

fn check(context: &Context<'_>, out: &mut Findings) {
    let known = [TEXTS.as_slice(), &INTEGERS, &NUMBERS].concat();
    for site in context.of(Kind::Schema) {
        let Some(node) = site.node.get("format") else {
            continue;
        };
        let Some(format) = node.as_str() else {
            continue;
        };
        let ty = site.node.get("type").and_then(Node::as_str);
        if !known.contains(&format) {
            let help = match nearest(format, known.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "use a format of https://spec.openapis.org/registry/format/, or \
                         `pattern`"
                    .to_owned(),
            };
            let message = format!("the format `{format}` is not known");
            out.push(RULE.finding(message, node.span).help(help));
        } else if let Some(ty) = ty.filter(|ty| !fits(ty, format)) {
            let message = format!("the format `{format}` says nothing about the type `{ty}`");
            let help = "correct the format or the type";
            out.push(RULE.finding(message, node.span).help(help));
        }
    }
}

/// Whether a format is for a type (the registry allows numbers in texts).
fn fits(ty: &str, format: &str) -> bool {
    match ty {
        "string" => TEXTS.contains(&format) || INTEGERS.contains(&format),
        "integer" => INTEGERS.contains(&format) || format == "double-int",
        "number" => INTEGERS.contains(&format) || NUMBERS.contains(&format),
        _ => false,
    }
}
