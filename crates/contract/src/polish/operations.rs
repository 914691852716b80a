use openapiv3::{OpenAPI, Operation, ReferenceOr, Response};
use syn::{Attribute, Expr, ImplItemFn, Lit, Meta};

/// The operations of a document, to be found by the method that calls them.
pub(super) struct Operations<'a>(Vec<(&'a str, &'a str, &'a Operation)>);

impl<'a> Operations<'a> {
    pub(super) fn of(spec: &'a OpenAPI) -> Self {
        Self(spec.operations().collect())
    }

    /// Path, HTTP method and operation. progenitor ends the documentation of a Rust
    /// method with what it sends, which no other sends too.
    pub(super) fn find(&self, function: &ImplItemFn) -> Option<(&'a str, &'a str, &'a Operation)> {
        let words: String = function.attrs.iter().filter_map(words).collect();
        let mut operations = self.0.iter().copied();
        operations.find(|(path, method, _)| {
            let method = method.to_ascii_uppercase();
            words.contains(&format!("Sends a `{method}` request to `{path}`"))
        })
    }
}

fn words(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(literal) if meta.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn follow<'a>(
    spec: &'a OpenAPI,
    response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            spec.components.as_ref()?.responses.get(name)?.as_item()
        }
    }
}
