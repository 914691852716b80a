use std::collections::HashSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

/// One way in which a value does not fit its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer to the part of the value that does not fit (RFC 6901).
    pub pointer: String,
    /// What is wrong with it, in lower case.
    pub message: String,
    /// The keyword that says so.
    pub keyword: String,
    /// The property that is missing, when that is what is wrong.
    pub missing: Option<String>,
}

/// Everything that is wrong with a value, each at its innermost place.
pub(crate) fn violations(validator: &Validator, value: &Value) -> Vec<Violation> {
    let mut out = Vec::new();
    for error in validator.iter_errors(value) {
        explain(&error, &mut out);
    }
    let mut seen = HashSet::new();
    out.retain(|v| seen.insert((v.pointer.clone(), v.message.clone())));
    out
}

/// An alternative that fails is explained by the branch that came closest.
fn explain(error: &ValidationError<'_>, out: &mut Vec<Violation>) {
    let (ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context }) =
        error.kind()
    else {
        return out.push(violation(error));
    };
    let here = error.instance_path().as_str().len();
    let branches: Vec<&Branch> = context
        .iter()
        .map(Vec::as_slice)
        .filter(|branch| !is_about_ref(branch, here))
        .collect();
    if let Some(branch) = closest(&branches, here) {
        branch.iter().for_each(|error| explain(error, out));
    } else if let Some(choice) = choice(&branches) {
        out.push(choice);
    } else {
        out.push(violation(error));
    }
}

/// What keeps a value from fitting one alternative.
type Branch = [ValidationError<'static>];

/// The branch that was meant: the only one, the only one whose fixed values the
/// value has, or the only one that fails deepest.
fn closest<'a>(branches: &[&'a Branch], here: usize) -> Option<&'a Branch> {
    if let [only] = branches {
        return Some(only);
    }
    let mut meant = branches
        .iter()
        .filter(|b| !b.iter().any(|e| is_enum(e) || is_another(e)));
    if let (Some(only), None) = (meant.next(), meant.next()) {
        return Some(only);
    }
    let depth = |branch: &Branch| {
        let depths = branch.iter().map(|e| e.instance_path().as_str().len());
        depths.min().unwrap_or(here)
    };
    let deepest = branches.iter().map(|b| depth(b)).max()?;
    let mut close = branches.iter().filter(|b| depth(b) == deepest);
    let first = close.next()?;
    (deepest > here && close.next().is_none()).then_some(first)
}

/// When every branch wants another fixed value at the same place: all of them.
fn choice(branches: &[&Branch]) -> Option<Violation> {
    let choices = branches.iter().map(|b| b.iter().find(|e| is_enum(e)));
    let choices: Vec<_> = choices.collect::<Option<_>>()?;
    let first = choices.first()?;
    let place = first.instance_path().as_str();
    if choices.iter().any(|e| e.instance_path().as_str() != place) {
        return None;
    }
    let options = choices.iter().filter_map(|error| match error.kind() {
        ValidationErrorKind::Enum { options } => Some(list(options)),
        _ => None,
    });
    let options = options.collect::<Vec<_>>().join(", ");
    let value = shorten(first.instance());
    Some(Violation {
        message: format!("`{value}` is none of {options}"),
        ..violation(first)
    })
}

fn is_enum(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Enum { .. })
}

/// Whether a discriminator says that another branch is meant.
fn is_another(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Not { schema } if schema.get("enum").is_some())
}

/// Whether a branch fails only because the value is no reference.
fn is_about_ref(branch: &Branch, here: usize) -> bool {
    branch.iter().all(|error| {
        error.instance_path().as_str().len() == here
            && matches!(
                error.kind(),
                ValidationErrorKind::Required { property } if property == "$ref"
            )
    })
}

fn violation(error: &ValidationError<'_>) -> Violation {
    let missing = match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
        _ => None,
    };
    Violation {
        pointer: error.instance_path().as_str().to_owned(),
        message: message(error),
        keyword: error.kind().keyword().to_owned(),
        missing,
    }
}

fn message(error: &ValidationError<'_>) -> String {
    let value = shorten(error.instance());
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            format!("`{}` is missing", property.as_str().unwrap_or_default())
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("{} not known here", plural(unexpected))
        }
        ValidationErrorKind::Type { kind } => {
            format!("`{value}` is not of type {}", types(kind))
        }
        ValidationErrorKind::Enum { options } => {
            format!("`{value}` is none of {}", list(options))
        }
        ValidationErrorKind::Format { format } => format!("`{value}` is not a valid `{format}`"),
        ValidationErrorKind::Pattern { pattern } => {
            format!("`{value}` does not match `{pattern}`")
        }
        ValidationErrorKind::MinLength { limit } => {
            format!("`{value}` is shorter than {limit} characters")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("`{value}` is longer than {limit} characters")
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::AnyOf { .. } => {
            format!("`{value}` fits none of the alternatives")
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            format!("`{value}` fits more than one of the alternatives")
        }
        ValidationErrorKind::Not { schema } => match schema["required"].as_array() {
            Some(_) => format!("{} exclude each other", list(&schema["required"])),
            None => format!("`{value}` is excluded by `not`"),
        },
        _ => lower(&error.to_string().replace('"', "`")),
    }
}

fn types(kind: &TypeKind) -> String {
    let names = match kind {
        TypeKind::Single(one) => vec![one.to_string()],
        TypeKind::Multiple(set) => set.into_iter().map(|t| t.to_string()).collect(),
    };
    let mut names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    // `null` last: it is the afterthought.
    names.sort_by_key(|name| name == "`null`");
    names.join(" or ")
}

fn plural(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", quoted.join(", "))
}

fn list(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let quoted: Vec<_> = options
        .iter()
        .map(|v| format!("`{}`", shorten(v)))
        .collect();
    quoted.join(", ")
}

/// A value short enough for a sentence.
fn shorten(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
