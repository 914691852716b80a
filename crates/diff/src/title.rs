//! What a change says, as a sentence.

use super::kind::{Additional, Branch, Credentials, Kind, Presence};
use super::subject;
use contract::source::Node;

/// What the subject of a sentence did. A keyword that it begins with is part of the
/// subject and need not be named twice.
struct Predicate {
    keyword: Option<String>,
    text: String,
}

/// The sentence about what stands, or stood, at a pointer. `remark` follows its name.
pub(super) fn title(
    kind: &Kind,
    (pointer, remark): (&str, &str),
    old: Option<&Node>,
    new: Option<&Node>,
) -> String {
    let Predicate { keyword, text } = predicate(kind, old, new);
    let name = subject::without(pointer, keyword.as_deref());
    match keyword {
        Some(keyword) => format!("{name}{remark}: `{keyword}`{text}"),
        None => format!("{name}{remark} {text}"),
    }
}

fn says(text: impl Into<String>) -> Predicate {
    Predicate {
        keyword: None,
        text: text.into(),
    }
}

fn of(keyword: &str, text: impl Into<String>) -> Predicate {
    Predicate {
        keyword: Some(keyword.to_owned()),
        text: text.into(),
    }
}

/// A keyword, and what became of its value.
fn value_of(keyword: &str, old: Option<&Node>, new: Option<&Node>) -> Predicate {
    of(keyword, format!(" {}", verb(old, new)))
}

fn predicate(kind: &Kind, old: Option<&Node>, new: Option<&Node>) -> Predicate {
    let value = |keyword: &str| value_of(keyword, old, new);
    match kind {
        Kind::CallbackAdded
        | Kind::ComponentAdded
        | Kind::DefinitionAdded
        | Kind::HeaderAdded
        | Kind::LinkAdded
        | Kind::OperationAdded
        | Kind::PathAdded
        | Kind::StatusAdded => says("is new"),
        Kind::BodyRemoved
        | Kind::CallbackRemoved
        | Kind::ComponentRemoved
        | Kind::DefinitionRemoved
        | Kind::HeaderRemoved
        | Kind::LinkRemoved
        | Kind::OperationRemoved
        | Kind::ParameterRemoved
        | Kind::PathRemoved
        | Kind::PropertyRemoved
        | Kind::StatusRemoved => says("was removed"),
        Kind::BodyAdded { required: false } | Kind::ParameterAdded | Kind::PropertyAdded => {
            says("is new and optional")
        }
        Kind::BodyAdded { required: true }
        | Kind::RequiredParameterAdded
        | Kind::RequiredPropertyAdded => says("is new and required"),
        Kind::ComponentRenamed { to, .. }
        | Kind::ParameterRenamed { to, .. }
        | Kind::PropertyRenamed { to, .. } => says(format!("was renamed to `{to}`")),
        Kind::OperationMoved { to, .. } => says(format!("moved to `{to}`")),
        Kind::CallbackMoved { from, to } => {
            says(format!("is called at `{to}` instead of `{from}`"))
        }
        Kind::ReferenceChanged { from, to } => says(format!("is `{to}` instead of `{from}`")),
        Kind::BodyBecameOptional | Kind::ParameterBecameOptional | Kind::BecameOptional => {
            says("is optional now")
        }
        Kind::ParameterBecameRequired { in_path: true } => says("is stated to be required"),
        Kind::BodyBecameRequired | Kind::ParameterBecameRequired { .. } | Kind::BecameRequired => {
            says("is required now")
        }
        Kind::HeaderRequiredChanged { required: true } => says("is always sent now"),
        Kind::HeaderRequiredChanged { required: false } => says("may be missing now"),
        Kind::ParameterSchemaChanged { described: true } | Kind::SchemaAdded => {
            says("has a schema now")
        }
        Kind::ParameterSchemaChanged { described: false } | Kind::SchemaRemoved => {
            says("has no schema any more")
        }
        Kind::EncodingChanged { key, allows: true } => of(key, " is new"),
        Kind::EncodingChanged { key, allows: false } => of(key, " was removed"),
        Kind::EncodingRestated { key } | Kind::SchemaRestated { key: Some(key) } => {
            of(key, " is put another way")
        }
        Kind::ServerRestated | Kind::SecurityRestated | Kind::SchemaRestated { key: None } => {
            says("is put another way")
        }
        Kind::StyleChanged { from, to } => of("style", format!(" changed from `{from}` to `{to}`")),
        Kind::ExplodeChanged { from, to } => of("explode", format!(" changed from {from} to {to}")),
        Kind::TypeChanged { from, to } => of("type", format!(" changed from {from} to {to}")),
        Kind::ExampleChanged { name, presence } => says(format!(
            "{} example `{name}`",
            match presence {
                Presence::Added => "has a new",
                Presence::Kept => "changed its",
                Presence::Removed => "lost its",
            }
        )),
        Kind::TagChanged { name, presence } => of(
            "tags",
            match presence {
                Presence::Added => format!(": `{name}` is new"),
                Presence::Kept => format!(": `{name}` changed"),
                Presence::Removed => format!(": `{name}` was removed"),
            },
        ),
        Kind::MediaTypeAdded { name } => says(format!("may come as `{name}` too")),
        Kind::MediaTypeRemoved { name } => says(format!("no longer comes as `{name}`")),
        Kind::MediaTypeChanged { from, to } => says(format!("comes as `{to}` instead of `{from}`")),
        Kind::FirstServerChanged { url } => says(format!("names `{url}` first")),
        Kind::ServerAdded { url } => says(format!("answers at `{url}` too")),
        Kind::ServerRemoved { url } => says(format!("no longer answers at `{url}`")),
        Kind::ServerVariableChanged { name } => of("variables", format!(": `{name}` changed")),
        Kind::RateLimitChanged => of("x-rate-limit", format!(" {}", rate_limit(old, new))),
        Kind::SecurityChanged { from, to } => says(format!(
            "asks for {} instead of {}",
            credentials(to),
            credentials(from)
        )),
        Kind::DeprecationChanged { deprecated: true } => says("is deprecated now"),
        Kind::DeprecationChanged { deprecated: false } => says("is no longer deprecated"),
        Kind::LinkChanged { key }
        | Kind::PaginationChanged { key }
        | Kind::RepetitionChanged { key }
        | Kind::SecuritySchemeChanged { key }
        | Kind::ExtensionChanged { key }
        | Kind::IgnoredKeywordChanged { key }
        | Kind::KeywordChanged { key }
        | Kind::DocumentationChanged { key: Some(key) } => value(key),
        Kind::DocumentationChanged { key: None } => says(verb(old, new)),
        Kind::OperationIdChanged { .. } => value("operationId"),
        Kind::PartsChanged { part } => of("encoding", format!(" of `{part}` {}", verb(old, new))),
        Kind::StabilityChanged => value("x-stability-level"),
        Kind::SunsetChanged => value("x-sunset"),
        Kind::DefaultChanged => value("default"),
        Kind::DialectChanged => value("openapi"),
        Kind::DiscriminatorChanged => value("discriminator"),
        Kind::FormatChanged => value("format"),
        Kind::MultipleOfChanged => value("multipleOf"),
        Kind::OpenEnumChanged => value("x-extensible-enum"),
        Kind::PatternChanged => value("pattern"),
        Kind::VersionChanged => value("version"),
        Kind::XmlChanged => value("xml"),
        Kind::MalformedChanged => says(format!(
            "is malformed, and what is there {}",
            verb(old, new)
        )),
        schema => of_schema(schema),
    }
}

/// What a schema allows now.
fn of_schema(kind: &Kind) -> Predicate {
    match kind {
        Kind::AdditionalPropertiesChanged { from, to } => {
            of("additionalProperties", format!(" {}", others(*from, *to)))
        }
        Kind::BecameChoice { of } => says(format!("is a choice of {} now", list(of))),
        Kind::NoLongerChoice { of } => says(format!("is no longer a choice of {}", list(of))),
        Kind::BecameImpossible => says("allows no value any more"),
        Kind::BecamePossible => says("allows values now"),
        Kind::BecameNotNullable => says("may not be null any more"),
        Kind::BecameNullable => says("may be null now"),
        Kind::BecameReadOnly => says("is set by the server only now"),
        Kind::BecameNotReadOnly => says("may be set by clients now"),
        Kind::BecameWriteOnly => says("is sent by clients only now"),
        Kind::BecameNotWriteOnly => says("is sent by the server too now"),
        Kind::BoundAdded { key, to } => of(key, format!(" is new: {to}")),
        Kind::BoundRemoved { key, from } => of(key, format!(" of {from} was removed")),
        Kind::BoundChanged {
            key,
            from,
            to,
            rose,
        } => {
            let verb = if *rose { "rose" } else { "fell" };
            of(key, format!(" {verb} from {from} to {to}"))
        }
        Kind::ChoiceAdded { keyword, branch } => {
            of(keyword, format!(" offers {} too", describe(branch)))
        }
        Kind::ChoiceRemoved { keyword, branch } => {
            of(keyword, format!(" no longer offers {}", describe(branch)))
        }
        Kind::ChoiceChanged { exactly_one: true } => of(
            "oneOf",
            " in place of `anyOf`: exactly one choice must fit now",
        ),
        Kind::ChoiceChanged { exactly_one: false } => {
            of("anyOf", " in place of `oneOf`: several choices may fit now")
        }
        Kind::ChoiceExchanged { keyword, from, to } => {
            of(keyword, format!(" offers `{to}` in place of `{from}`"))
        }
        Kind::ConstraintAdded => says("is constrained in one more part"),
        Kind::ConstraintRemoved => says("is constrained in one part less"),
        Kind::DependentRequiredAdded { property, needs } => {
            says(format!("requires `{needs}` beside `{property}` now"))
        }
        Kind::DependentRequiredRemoved { property, needed } => {
            says(format!("no longer requires `{needed}` beside `{property}`"))
        }
        Kind::EnumAdded { was_open: true } => says("is a closed set now"),
        Kind::EnumAdded { was_open: false } => says("takes only the listed values now"),
        Kind::EnumRemoved { is_open: true } => says("is an open set now"),
        Kind::EnumRemoved { is_open: false } => says("takes any value now"),
        Kind::EnumValueAdded { value } => says(format!("takes a new value, {}", quoted(value))),
        Kind::EnumValueRemoved { value } => {
            says(format!("no longer takes the value {}", quoted(value)))
        }
        Kind::OpenEnumValueAdded { value } => says(format!("lists a new value, {}", quoted(value))),
        Kind::OpenEnumValueRemoved { value } => {
            says(format!("no longer lists the value {}", quoted(value)))
        }
        Kind::SubschemaAdded { key, name } => of(key, format!("{} is new", for_name(name))),
        Kind::SubschemaRemoved { key, name } => of(key, format!("{} was removed", for_name(name))),
        Kind::UndescribedOptional { name } => says(format!(
            "no longer requires `{name}`, which it does not describe"
        )),
        Kind::UndescribedRequired { name } => {
            says(format!("requires `{name}` now, which it does not describe"))
        }
        Kind::UniqueItemsChanged { unique: true } => says("may not repeat items any more"),
        Kind::UniqueItemsChanged { unique: false } => says("may repeat items now"),
        _ => says("changed"),
    }
}

fn for_name(name: &Option<String>) -> String {
    name.as_ref()
        .map(|name| format!(" for `{name}`"))
        .unwrap_or_default()
}

fn others(from: Additional, to: Additional) -> &'static str {
    match (from, to) {
        (_, Additional::None) => "allows none any more",
        (Additional::None, _) => "allows some now",
        (Additional::Any, Additional::Typed) => "allows one schema only now",
        (Additional::Typed, Additional::Any) => "allows any value now",
        _ => "changed",
    }
}

/// The branches of a choice as a reader would call them.
fn list(names: &[String]) -> String {
    const MOST: usize = 4;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len() {
        n if n > MOST => format!("{} and {} more", shown.join(", "), n - MOST),
        _ => shown.join(" or "),
    }
}

/// One branch as a reader would call it.
fn describe(branch: &Branch) -> String {
    let number = branch.number;
    match (&branch.name, &branch.r#type) {
        (Some(name), _) => format!("`{name}`"),
        (None, Some(r#type)) => format!("its choice {number}, of type {type},"),
        (None, None) => format!("its choice {number}"),
    }
}

pub(super) fn credentials(alternatives: &Credentials) -> String {
    let one = |alternative: &std::collections::BTreeMap<String, _>| {
        if alternative.is_empty() {
            return "no credentials".to_owned();
        }
        let schemes = alternative.iter();
        let schemes = schemes.map(|(name, scopes): (_, &std::collections::BTreeSet<String>)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            match scopes.is_empty() {
                true => format!("`{name}`"),
                false => format!("`{name}` ({})", scopes.join(", ")),
            }
        });
        schemes.collect::<Vec<_>>().join(" and ")
    };
    let all: Vec<_> = alternatives.iter().map(one).collect();
    all.join(" or ")
}

/// What became of `x-rate-limit`.
fn rate_limit(old: Option<&Node>, new: Option<&Node>) -> String {
    let limit = |node: Option<&Node>| {
        let number = |key| show(node?.get(key)?);
        Some(format!(
            "{} requests in {} s",
            number("requests")?,
            number("seconds")?
        ))
    };
    match (limit(old), limit(new)) {
        (Some(old), Some(new)) => format!("changed from {old} to {new}"),
        _ => verb(old, new),
    }
}

/// What became of a value.
fn verb(old: Option<&Node>, new: Option<&Node>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => match (show(old), show(new)) {
            (Some(old), Some(new)) => format!("changed from {old} to {new}"),
            _ => "changed".to_owned(),
        },
        (None, Some(new)) => match show(new) {
            Some(value) => format!("is new: {value}"),
            None => "is new".to_owned(),
        },
        _ => "was removed".to_owned(),
    }
}

/// A short value as a reader knows it.
fn show(node: &Node) -> Option<String> {
    const LONGEST: usize = 60;
    let is_scalar = |node: &Node| node.as_array().is_none() && node.as_object().is_none();
    let is_short = match node.as_array() {
        Some(items) => items.iter().all(is_scalar),
        None => is_scalar(node),
    };
    let text = match node.as_str() {
        Some(text) => format!("`{text}`"),
        None if is_short => node.to_json().to_string(),
        None => return None,
    };
    let fits = text.chars().count() <= LONGEST && !text.contains('\n');
    fits.then_some(text)
}

/// A listed value, whole however long it is.
fn quoted(value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(text) => format!("`{text}`"),
        None if value.is_object() => format!("`{value}`"),
        None => value.to_string(),
    }
}
