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
    /// JSON Pointer to that keyword from the schema that was asked.
    pub(crate) schema_pointer: String,
    /// The names that the schema does not know, when that is what is wrong.
    pub(crate) unexpected: Vec<String>,
}

/// Everything that is wrong with a value, each at its innermost place.
pub(crate) fn violations(validator: &Validator, value: &Value) -> Vec<Violation> {
    let mut out = Vec::new();
    for error in validator.iter_errors(value) {
        explain(&error, &mut out);
    }
    let mut seen = Vec::new();
    out.retain(|v| {
        let key = (v.pointer.clone(), v.message.clone());
        !seen.contains(&key) && {
            seen.push(key);
            true
        }
    });
    out
}

/// An alternative that fails is explained by the branch that came closest.
fn explain(error: &ValidationError<'_>, out: &mut Vec<Violation>) {
    let context = match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            context
        }
        _ => return out.push(violation(error)),
    };
    match closest(error, context) {
        Some(branch) => branch.iter().for_each(|error| explain(error, out)),
        None => out.push(violation(error)),
    }
}

/// The branch whose errors lie deepest, unless several are as close.
fn closest<'a>(
    error: &ValidationError<'_>,
    context: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a [ValidationError<'static>]> {
    let here = error.instance_path().as_str().len();
    let branches: Vec<_> = context.iter().filter(|b| !is_about_ref(b, here)).collect();
    if let [only] = branches.as_slice() {
        return Some(only);
    }
    let depth = |branch: &[ValidationError<'_>]| {
        let depths = branch.iter().map(|e| e.instance_path().as_str().len());
        depths.min().unwrap_or(here)
    };
    let deepest = branches.iter().map(|b| depth(b)).max()?;
    let mut close = branches.iter().filter(|b| depth(b) == deepest);
    let first = close.next()?;
    (deepest > here && close.next().is_none()).then_some(first.as_slice())
}

/// Whether a branch fails only because the value is no reference.
fn is_about_ref(branch: &[ValidationError<'_>], here: usize) -> bool {
    branch.iter().all(|error| {
        error.instance_path().as_str().len() == here
            && matches!(
                error.kind(),
                ValidationErrorKind::Required { property } if property == "$ref"
            )
    })
}

fn violation(error: &ValidationError<'_>) -> Violation {
    let unexpected = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.clone(),
        _ => Vec::new(),
    };
    Violation {
        pointer: error.instance_path().as_str().to_owned(),
        message: message(error),
        keyword: error.kind().keyword().to_owned(),
        schema_pointer: error.schema_path().as_str().to_owned(),
        unexpected,
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
        ValidationErrorKind::Not { .. } => format!("`{value}` is excluded by `not`"),
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
