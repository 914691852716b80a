//! Makes each schema one that has a type in Rust: what says nothing about the type that it
//! stands beside goes, and a type that everything else implies is written out. Lost, as in
//! any language's types: `not`, one of `oneOf` and `anyOf` where both stand, defaults that
//! are no scalars, keywords of another type, and `minimum: 1`, of which the generator would
//! make another type.

use std::collections::BTreeMap;

use super::Pass;
use contract::finding::{Finding, Severity, elsewhere};
use contract::source::{Node, Object, Span, Value};
use contract::walk::{Kind, TYPED, required, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let mut lost: BTreeMap<&'static str, (Span, usize)> = BTreeMap::new();
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema && node.get("$ref").is_none() {
            let mut lose =
                |key: &'static str, span: Span| lost.entry(key).or_insert((span, 0)).1 += 1;
            combination(node, &mut lose);
            implied_type(node, &mut lose);
            format(node, &mut lose);
            default(node, &mut lose);
            bounds(node);
            empty_bounds(node);
            length(node, &mut lose);
        }
    });
    for (key, (span, count)) in lost {
        let places = elsewhere(count);
        let message = format!("{key} is not kept{places}");
        pass.findings.push(
            Finding::new("not-kept", Severity::Note, message, span)
                .help("the generated types take more values than the document; nothing to do"),
        );
    }
}

fn combination(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let span = schema.key_span("not");
    if schema.remove("not").is_some() {
        lose("`not`", span);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        if schema
            .get(key)
            .is_some_and(|branches| branches.items().next().is_none())
        {
            schema.remove(key);
        }
    }
    // What is listed fits everything that stands beside the list.
    if schema
        .get("enum")
        .is_some_and(|values| values.items().any(is_scalar))
    {
        for key in ["allOf", "anyOf", "oneOf"] {
            schema.remove(key);
        }
    }
    for key in ["anyOf", "oneOf"] {
        let span = schema.key_span(key);
        let narrows = |branches: &Node| branches.items().all(|branch| narrows(branch, schema));
        if schema.get("properties").is_some() && schema.get(key).is_some_and(narrows) {
            schema.remove(key);
            lose("a choice that only narrows the properties beside it", span);
        }
    }
    for key in ["anyOf", "oneOf"] {
        let branches = schema.get_mut(key).and_then(Node::as_array_mut);
        branches.into_iter().flatten().for_each(named);
    }
    if schema.get("oneOf").is_some() {
        let span = schema.key_span("anyOf");
        if schema.remove("anyOf").is_some() {
            lose("`anyOf` beside `oneOf`", span);
        }
    }
}

fn is_scalar(value: &Node) -> bool {
    value.as_object().is_none() && value.as_array().is_none() && !matches!(value.value, Value::Null)
}

/// Whether an alternative names no property that its object does not have.
fn narrows(branch: &Node, object: &Node) -> bool {
    let has = |name: &str| {
        object
            .get("properties")
            .is_some_and(|all| all.get(name).is_some())
    };
    let is_narrow = |key: &str, value: &Node| match key {
        "required" | "type" | "description" | "title" => true,
        "properties" => value.entries().all(|(name, _)| has(name)),
        // Anything else may be there.
        "additionalProperties" => value.is_true() || value.entries().next().is_none(),
        _ => false,
    };
    branch
        .entries()
        .all(|(key, entry)| is_narrow(key, &entry.node))
}

/// What an alternative requires and does not describe may be anything.
fn named(branch: &mut Node) {
    let has = |name: &&str| {
        branch
            .get("properties")
            .is_some_and(|all| all.get(name).is_some())
    };
    let is_alone = branch.get("properties").is_some() && branch.get("allOf").is_none();
    let missing: Vec<String> = required(branch)
        .filter(|name| is_alone && !has(name))
        .map(str::to_owned)
        .collect();
    let span = branch.key_span("required");
    for name in missing {
        if let Some(properties) = branch.get_mut("properties") {
            properties.set(&name, Node::new(Object::new(), span));
        }
    }
}

fn kind(schema: &Node) -> Option<&str> {
    schema.get("type").and_then(Node::as_str)
}

/// Writes a type out that the keywords imply, and drops those of other types.
fn implied_type(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let span = schema.span.first_line();
    let combines = ["allOf", "anyOf", "oneOf", "enum"]
        .iter()
        .any(|key| schema.get(key).is_some());
    if kind(schema).is_none() && !combines {
        let implied = TYPED
            .iter()
            .find(|(_, keys)| keys.iter().any(|key| schema.get(key).is_some()));
        if let Some((name, _)) = implied {
            schema.set("type", Node::new(*name, span));
        }
    }
    let Some(name) = kind(schema).map(str::to_owned) else {
        return listed(schema, lose);
    };
    for (about, keys) in TYPED {
        if about != name && !(about == "number" && name == "integer") {
            for key in keys {
                let span = schema.key_span(key);
                if schema.remove(key).is_some() {
                    lose("a keyword of another type than the one beside it", span);
                }
            }
        }
    }
    if name == "array" && schema.get("items").is_none() {
        schema.set("items", Node::new(Object::new(), span));
    }
    // A type of its own and alternatives beside it: the alternatives say more.
    let alternatives = schema.get("oneOf").or(schema.get("anyOf"));
    if alternatives.is_some() && schema.get("properties").is_none() && schema.get("enum").is_none()
    {
        schema.remove("type");
    }
    // The generator lists texts and whole numbers.
    let listed = schema.key_span("enum");
    if !matches!(name.as_str(), "string" | "integer") && schema.remove("enum").is_some() {
        lose(
            "`enum` of other values than texts and whole numbers",
            listed,
        );
    }
}

/// Values that nobody gave a type: texts have theirs by their own pass.
fn listed(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let span = schema.key_span("enum");
    let Some(values) = schema.get("enum") else {
        return;
    };
    let all = |fits: fn(&Value) -> bool| {
        let values = values.items().map(|item| &item.value);
        let mut values = values.filter(|value| !matches!(value, Value::Null));
        values.next().is_some_and(fits) && values.all(fits)
    };
    if all(|value| matches!(value, Value::Number(number) if number.is_i64())) {
        schema.set("type", Node::new("integer", span));
    } else if values
        .items()
        .any(|item| !matches!(item.value, Value::Null | Value::String(_)))
    {
        schema.remove("enum");
        lose("`enum` of other values than texts and whole numbers", span);
    }
}

/// Only scalars have formats, and what is listed needs none.
fn format(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let span = schema.key_span("format");
    let is_scalar = matches!(kind(schema), Some("string" | "integer" | "number"));
    let is_name = schema
        .get("format")
        .is_some_and(|format| format.as_str().is_some());
    let is_listed = schema.get("enum").is_some();
    if (!is_scalar || !is_name || is_listed) && schema.remove("format").is_some() {
        match is_listed {
            true => lose("`format` beside `enum`", span),
            false => lose("`format` of what is no text and no number", span),
        }
    }
}

fn default(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let span = schema.key_span("default");
    let Some(default) = schema.get("default") else {
        return;
    };
    let fits = match (kind(schema), &default.value) {
        (Some("string"), Value::String(_)) => {
            schema.get("format").is_none() && schema.get("pattern").is_none()
        }
        (Some("boolean"), Value::Bool(_)) => true,
        (Some("integer"), Value::Number(number)) => {
            let range = range(schema.get("format").and_then(Node::as_str));
            number
                .as_i64()
                .is_some_and(|number| range.contains(&number))
        }
        (Some("number"), Value::Number(_)) => true,
        _ => false,
    };
    let is_null = matches!(default.value, Value::Null);
    let is_empty = match &default.value {
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    let combines = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.get(key).is_some());
    if !fits || combines || schema.get("nullable").is_some_and(Node::is_true) {
        schema.remove("default");
        if !is_null && !is_empty {
            lose("a default that the generated type cannot have", span);
        }
    }
}

/// The numbers that the generator's type for a format holds.
fn range(format: Option<&str>) -> std::ops::RangeInclusive<i64> {
    match format {
        Some("int8") => i8::MIN.into()..=i8::MAX.into(),
        Some("uint8") => 0..=u8::MAX.into(),
        Some("int16") => i16::MIN.into()..=i16::MAX.into(),
        Some("uint16") => 0..=u16::MAX.into(),
        Some("int" | "int32") => i32::MIN.into()..=i32::MAX.into(),
        Some("uint" | "uint32") => 0..=u32::MAX.into(),
        Some("uint64") => 0..=i64::MAX,
        _ => i64::MIN..=i64::MAX,
    }
}

/// What is at least nothing is not bounded.
fn empty_bounds(schema: &mut Node) {
    for key in ["minLength", "minItems", "minProperties"] {
        let bound = schema.get(key).map(Node::to_json);
        if bound.and_then(|bound| bound.as_u64()) == Some(0) {
            schema.remove(key);
        }
    }
}

/// An array of a fixed length becomes one in Rust, which serde reads up to this length.
const LONGEST: u64 = 32;

fn length(schema: &mut Node, lose: &mut dyn FnMut(&'static str, Span)) {
    let bound = |key: &str| schema.get(key)?.to_json().as_u64();
    let span = schema.key_span("maxItems");
    if let (Some(least), Some(most)) = (bound("minItems"), bound("maxItems"))
        && least == most
        && most > LONGEST
    {
        schema.remove("maxItems");
        lose("the length of a list of more than 32 items", span);
    }
}

/// `minimum: 1` makes `NonZero`, whatever the format; nobody calls with that.
fn bounds(schema: &mut Node) {
    if kind(schema) != Some("integer") {
        return;
    }
    let number = |key: &str| schema.get(key).and_then(|bound| bound.to_json().as_f64());
    let excludes = schema.get("exclusiveMinimum").is_some_and(Node::is_true);
    let lowest = number("minimum").map(|minimum| minimum + f64::from(u8::from(excludes)));
    if lowest == Some(1.0) {
        let span = schema.key_span("minimum");
        schema.remove("exclusiveMinimum");
        schema.set("minimum", Node::from_number(0, span));
    }
}
