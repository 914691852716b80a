use syn::{GenericArgument, PathArguments, Type};

/// What a field holds, as far as a caller should notice. progenitor writes these
/// types with their full paths, so a contract's own `String` is another type.
pub(super) enum Shape<'a> {
    Text,
    List(&'a Type),
    /// A map from text.
    Map(&'a Type),
    /// A map from text to any JSON.
    Object,
    Optional(&'a Type),
    Boxed(&'a Type),
    Other,
}

impl<'a> Shape<'a> {
    pub(super) fn of(ty: &'a Type) -> Self {
        let arguments = arguments(ty);
        match (full_path(ty).as_deref(), arguments.as_slice()) {
            (Some("std::string::String"), []) => Self::Text,
            (Some("std::vec::Vec"), [item]) => Self::List(item),
            (Some("std::option::Option"), [inner]) => Self::Optional(inner),
            (Some("std::boxed::Box"), [inner]) => Self::Boxed(inner),
            (Some("std::collections::BTreeMap"), [key, value])
                if matches!(Self::of(key), Self::Text) =>
            {
                Self::Map(value)
            }
            (Some("serde_json::Map"), _) => Self::Object,
            _ => Self::Other,
        }
    }
}

/// The names of a path that begins with `::`.
fn full_path(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.leading_colon?;
    let names = path.path.segments.iter().map(|s| s.ident.to_string());
    Some(names.collect::<Vec<_>>().join("::"))
}

fn arguments(ty: &Type) -> Vec<&Type> {
    let Type::Path(path) = ty else {
        return Vec::new();
    };
    let arguments = path.path.segments.last().map(|last| &last.arguments);
    let Some(PathArguments::AngleBracketed(arguments)) = arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
