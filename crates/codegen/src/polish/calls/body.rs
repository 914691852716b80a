//! The body of a request.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Signature, Type};

use super::argument::typed;
use super::call;
use crate::normalise::bodies::{MEDIA_TYPE, OPTIONAL};
use crate::normalise::parameters::STYLE;
use contract::operation::Operation;

/// A body and how it is sent.
pub(super) struct Body {
    /// Whether the caller may leave it out.
    pub(super) is_optional: bool,
    /// The media type, where it is not the one that goes with the form.
    media_type: Option<String>,
    form: Form,
    /// Whether the argument is a value, and no reference.
    is_value: bool,
}

/// What the client makes of a value.
#[derive(Clone, PartialEq)]
enum Form {
    Json,
    /// With the styles of its fields, where the document says them.
    Fields(Vec<(String, String)>),
    Multipart,
    Bytes,
}

impl Body {
    /// The body of an operation, if it has one.
    pub(super) fn of(operation: &Operation, signature: &Signature) -> Option<Self> {
        let body = operation.request.as_ref()?;
        let extension = |name: &str| body.extensions.get(name);
        let media_type = extension(MEDIA_TYPE).and_then(|name| name.as_str());
        // What cannot stand in a header would fail every call.
        let media_type =
            media_type.filter(|name| name.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        let is_multipart = media_type.is_some_and(|name| name.starts_with("multipart/form-data"));
        let form = match body.content.first()?.name.as_str() {
            _ if is_multipart => Form::Multipart,
            "application/json" => Form::Json,
            "application/x-www-form-urlencoded" => {
                let styles = extension(STYLE).and_then(|styles| styles.as_object());
                let styles = styles.into_iter().flatten();
                let styles = styles
                    .filter_map(|(name, style)| Some((name.clone(), style.as_str()?.to_owned())));
                Form::Fields(styles.collect())
            }
            _ => Form::Bytes,
        };
        let (_, ty) = typed(signature).find(|(name, _)| *name == "body")?;
        Some(Self {
            is_optional: extension(OPTIONAL).is_some(),
            media_type: media_type.map(str::to_owned),
            form,
            is_value: !matches!(ty, Type::Reference(_)),
        })
    }

    /// Whether it is sent in several parts.
    pub(super) fn is_multipart(&self) -> bool {
        self.form == Form::Multipart
    }

    /// The calls that send it.
    pub(super) fn calls(&self) -> TokenStream {
        let value = match self.is_value {
            true => quote!(&body),
            false => quote!(body),
        };
        let sent = match &self.form {
            Form::Multipart => return call("multipart", &quote!(body)),
            Form::Json => call("json", &value),
            Form::Bytes => call("body", &quote!(body)),
            Form::Fields(styles) => {
                let styles = styles.iter().map(|(name, style)| quote!((#name, #style)));
                call("form", &quote!(&parameter::form(#value, &[#(#styles),*])))
            }
        };
        let bytes = (self.form == Form::Bytes).then_some("application/octet-stream");
        let name = self.media_type.as_deref().or(bytes);
        let header = name.map(|name| {
            call(
                "header",
                &quote!(CONTENT_TYPE, HeaderValue::from_static(#name)),
            )
        });
        quote!(#header #sent)
    }
}
