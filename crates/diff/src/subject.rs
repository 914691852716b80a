//! What a pointer means, in words: `/components/schemas/Contact/properties/tags` is
//! `Contact.tags`.

use contract::source::tokens;

/// What stands at a pointer, in words. A keyword that the sentence names itself is no
/// part of it.
pub(super) fn without(pointer: &str, keyword: Option<&str>) -> String {
    let tokens: Vec<String> = tokens(pointer).into_iter().flatten().collect();
    let mut tokens: &[String] = &tokens;
    if let Some(keyword) = keyword
        && let Some(last) = tokens.iter().rposition(|token| token == keyword)
        && tokens.len() - last <= 2
        && !is_name(tokens, last)
    {
        tokens = &tokens[..last];
    }
    name_of(tokens)
}

/// The operation that a sentence about a pointer names, as `POST /contacts`.
#[must_use]
pub fn operation(pointer: &str) -> Option<String> {
    let tokens: Vec<String> = tokens(pointer).into_iter().flatten().collect();
    let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match texts.as_slice() {
        ["paths", path, method, ..] if contract::walk::METHODS.contains(method) => {
            Some(format!("{} {path}", method.to_uppercase()))
        }
        ["paths", path, "additionalOperations", method, ..] => Some(format!("{method} {path}")),
        _ => None,
    }
}

/// Whether a token is a name that somebody chose, and no keyword.
fn is_name(tokens: &[String], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| tokens.get(index));
    let names = [
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "schemas",
    ];
    before.is_some_and(|before| names.contains(&before.as_str()))
        && tokens
            .get(index.wrapping_sub(2))
            .is_none_or(|token| token != "properties")
}

/// What stands at a pointer, in words.
#[must_use]
pub fn name(pointer: &str) -> String {
    let tokens: Vec<String> = tokens(pointer).into_iter().flatten().collect();
    name_of(&tokens)
}

fn name_of(tokens: &[String]) -> String {
    let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match texts.as_slice() {
        ["components", "schemas", name, path @ ..] => format!("`{name}{}`", schema(path)),
        ["components", section, name, path @ ..] => {
            let noun = match *section {
                "parameters" => "parameter",
                "headers" => "header",
                "responses" => "response",
                "requestBodies" => "request body",
                "securitySchemes" => "security scheme",
                "callbacks" => "callback",
                "pathItems" => "path item",
                "examples" => "example",
                "links" => "link",
                _ => "component",
            };
            inside(path, &format!("shared {noun} `{name}`")).replacen(
                "shared security scheme",
                "security scheme",
                1,
            )
        }
        ["paths", path, rest @ ..] => endpoint(path, rest),
        ["webhooks", name, rest @ ..] => endpoint(&format!("webhook {name}"), rest),
        ["tags", ..] => "a tag".to_owned(),
        ["info", ..] => "`info`".to_owned(),
        _ => "the API".to_owned(),
    }
}

fn endpoint(path: &str, rest: &[&str]) -> String {
    match rest {
        [method, rest @ ..] if contract::walk::METHODS.contains(method) => {
            inside(rest, &format!("`{} {path}`", method.to_uppercase()))
        }
        ["additionalOperations", method, rest @ ..] => inside(rest, &format!("`{method} {path}`")),
        rest => inside(rest, &format!("`{path}`")),
    }
}

/// A part of an operation, or of what stands for one.
fn inside(path: &[&str], whole: &str) -> String {
    match path {
        ["parameters", name, rest @ ..] => {
            let (place, name) = name.split_once(':').unwrap_or(("", name));
            let noun = format!("{place} parameter `{name}` of {whole}");
            content(rest, noun.trim_start())
        }
        ["requestBody", rest @ ..] => content(rest, &format!("request body of {whole}")),
        ["responses", status, "headers", name, rest @ ..] => content(
            rest,
            &format!("header `{name}` of the {status} response of {whole}"),
        ),
        ["responses", status, "links", name, ..] => {
            format!("link `{name}` of the {status} response of {whole}")
        }
        ["responses", status, rest @ ..] => content(rest, &format!("{status} response of {whole}")),
        ["callbacks", name] | ["callbacks", name, _] => format!("callback `{name}` of {whole}"),
        ["callbacks", name, _, method, rest @ ..] => inside(
            rest,
            &format!("{} in callback `{name}` of {whole}", method.to_uppercase()),
        ),
        ["headers", name, rest @ ..] => content(rest, &format!("header `{name}` of {whole}")),
        ["content" | "schema", ..] => content(path, whole),
        _ => whole.to_owned(),
    }
}

/// A schema inside of something that carries it.
fn content(path: &[&str], whole: &str) -> String {
    let path = match path {
        ["schema", rest @ ..] | ["content", _, "schema" | "itemSchema", rest @ ..] => rest,
        _ => &[],
    };
    let inner = schema(path);
    match inner.strip_prefix('.').unwrap_or(&inner) {
        "" => whole.to_owned(),
        inner => format!("`{inner}` in the {whole}"),
    }
}

/// The way through a schema: `.name` for a property, `[]` for the items of a list.
fn schema(path: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = path;
    loop {
        rest = match rest {
            ["properties", name, rest @ ..] => {
                text.push('.');
                text.push_str(name);
                rest
            }
            ["items", rest @ ..] => {
                text.push_str("[]");
                rest
            }
            ["prefixItems", index, rest @ ..] => {
                text.push_str(&format!("[{index}]"));
                rest
            }
            ["additionalProperties" | "unevaluatedProperties", rest @ ..] => {
                text.push_str(".*");
                rest
            }
            ["patternProperties" | "dependentSchemas", name, rest @ ..] => {
                text.push_str(&format!(".({name})"));
                rest
            }
            ["oneOf" | "anyOf", index, rest @ ..] => {
                text.push_str(&format!("|{index}"));
                rest
            }
            ["allOf", _, rest @ ..] => rest,
            ["$defs" | "definitions", name, rest @ ..] => {
                text.push_str(&format!(".({name})"));
                rest
            }
            [
                key @ ("not" | "if" | "then" | "else" | "contains" | "propertyNames"
                | "unevaluatedItems" | "contentSchema" | "additionalItems"),
                rest @ ..,
            ] => {
                text.push_str(&format!(".({key})"));
                rest
            }
            _ => return text,
        };
    }
}
