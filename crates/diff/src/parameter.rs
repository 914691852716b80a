//! Parameters and headers (`OpenAPI` 3.0.3, sections 4.7.12 and 4.7.21).

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Position, Role};
use super::kind::Kind;
use super::lifecycle::{self, Lifecycle};
use super::side::Sited;
use super::{annotations, repetition, schema};
use super::{content, lifecycle::KEYWORDS};
use contract::operation::IDEMPOTENCY_KEY;

/// Keywords that the functions here compare.
const KNOWN: [&str; 11] = [
    "allowEmptyValue",
    "allowReserved",
    "content",
    "examples",
    "explode",
    "in",
    "name",
    "required",
    "schema",
    "style",
    IDEMPOTENCY_KEY,
];

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    repetition::compare_key(comparison, old, new);
    required(comparison, old, new);
    encoding(comparison, old, new);
    let in_query = [old, new].map(|side| side.text("in") == Some("query") && exploded(side));
    let position = Position {
        optional: !old.flag("required"),
        text: true,
        list_of_one: in_query == [true, true],
    };
    shared(comparison, content::Sender::Client, position, old, new);
}

pub(super) fn compare_header<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let changed = match (old.flag("required"), new.flag("required")) {
        (false, true) => {
            let effect = Effect::demands("the server may refuse old clients that do not send it");
            Some((true, effect))
        }
        (true, false) => {
            let effect = Effect::waives("old clients that rely on it may not find it");
            Some((false, effect))
        }
        _ => None,
    };
    if let Some((required, effect)) = changed {
        let kind = Kind::HeaderRequiredChanged { required };
        comparison.emit(Draft::new(kind, effect).both(old, new));
    }
    encoding(comparison, old, new);
    let position = Position {
        optional: !old.flag("required"),
        text: false,
        list_of_one: false,
    };
    shared(comparison, content::Sender::Server, position, old, new);
}

fn shared<'a>(
    comparison: &mut Comparison<'a>,
    sender: content::Sender,
    position: Position,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    match (old.get("schema"), new.get("schema")) {
        (Some(old), Some(new)) => comparison.pair(Role::Schema(position), &old, &new),
        (None, None) => {}
        (old_schema, new_schema) => {
            let effect = Effect::always(
                Verdict::Risky,
                "it is described in another way; compare what is sent by hand",
            );
            let described = new_schema.is_some();
            let draft = Draft::new(Kind::ParameterSchemaChanged { described }, effect);
            comparison.emit(draft.both(
                old_schema.as_ref().unwrap_or(old),
                new_schema.as_ref().unwrap_or(new),
            ));
        }
    }
    content::compare(comparison, old, new, sender);
    lifecycle::compare(comparison, Lifecycle::direct(old, new));
    annotations::keyword(
        comparison,
        "examples",
        old.get("examples"),
        new.get("examples"),
    );
    let known: Vec<&str> = KNOWN.iter().chain(&KEYWORDS).copied().collect();
    annotations::compare(comparison, old, new, &known);
}

fn required<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let draft = match (old.flag("required"), new.flag("required")) {
        (false, true) if new.text("in") == Some("path") => {
            let text = "a variable of the path is always sent";
            let effect = Effect::always(Verdict::Compatible, text);
            Draft::new(Kind::ParameterBecameRequired { in_path: true }, effect)
        }
        (false, true) => {
            let effect = Effect::demands("the server may refuse old clients that leave it out");
            Draft::new(Kind::ParameterBecameRequired { in_path: false }, effect)
        }
        (true, false) => {
            let effect = Effect::waives("old clients that rely on it may not find it");
            Draft::new(Kind::ParameterBecameOptional, effect)
        }
        _ => return,
    };
    comparison.emit(draft.both(old, new));
}

fn style<'a>(parameter: &Sited<'a>) -> &'a str {
    let default = match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    parameter.text("style").unwrap_or(default)
}

const WRITTEN: &str =
    "the same value is written with other bytes, which the other end does not expect";

/// What a style puts before a value that is neither a list nor an object.
fn mark(style: &str) -> &str {
    match style {
        "label" => ".",
        "matrix" => ";name=",
        _ => "",
    }
}

fn exploded(parameter: &Sited<'_>) -> bool {
    match parameter.node.get("explode") {
        Some(explode) => explode.is_true(),
        None => style(parameter) == "form",
    }
}

/// How the value is written: the defaults of `OpenAPI` 3.0.3, section 4.7.12.
fn encoding<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let is_scalar = schema::is_scalar(&comparison.old, old.get("schema").as_ref())
        && schema::is_scalar(&comparison.new, new.get("schema").as_ref());
    let effect = |differs: bool| match differs {
        true => Effect::always(Verdict::Breaking, WRITTEN),
        false => Effect::always(
            Verdict::Compatible,
            "one value is written the same either way",
        ),
    };
    let sides = |draft: Draft<'a>, key: &str| {
        draft.both(
            &old.get(key).unwrap_or_else(|| old.clone()),
            &new.get(key).unwrap_or_else(|| new.clone()),
        )
    };
    if style(old) != style(new) {
        let kind = Kind::StyleChanged {
            from: style(old).to_owned(),
            to: style(new).to_owned(),
        };
        let differs = !is_scalar || mark(style(old)) != mark(style(new));
        comparison.emit(sides(Draft::new(kind, effect(differs)), "style"));
    } else if exploded(old) != exploded(new) {
        let (from, to) = (exploded(old), exploded(new));
        let draft = Draft::new(Kind::ExplodeChanged { from, to }, effect(!is_scalar));
        comparison.emit(sides(draft, "explode"));
    } else {
        for key in ["style", "explode"] {
            if old.node.get(key).is_some() != new.node.get(key).is_some() {
                let effect = Effect::always(Verdict::Compatible, "it says the default");
                let name = key.to_owned();
                let draft = Draft::new(Kind::EncodingRestated { key: name }, effect);
                comparison.emit(sides(draft, key));
            }
        }
    }
    for key in ["allowEmptyValue", "allowReserved"] {
        let (allows, effect) = match (old.flag(key), new.flag(key)) {
            (false, true) => (true, Effect::always(Verdict::Compatible, "more is allowed")),
            (true, false) => (false, Effect::narrows()),
            _ => continue,
        };
        let name = key.to_owned();
        let kind = Kind::EncodingChanged { key: name, allows };
        comparison.emit(sides(Draft::new(kind, effect), key));
    }
}
