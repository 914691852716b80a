//! The body of a request.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Signature, Type};

use super::signature::typed;
use crate::normalise::bodies::{MEDIA_TYPE, OPTIONAL, STYLE};
use crate::normalise::multipart::PARTS;
use contract::form::Part;
use contract::operation::Operation;

/// A body and how it is sent.
pub(super) struct Body {
    /// Whether the caller may leave it out.
    pub(super) is_optional: bool,
    /// The media type, where it is not the one that goes with the form.
    media_type: Option<String>,
    form: Form,
    /// What the generator takes for it.
    ty: Type,
}

/// What the client makes of a value.
#[derive(Clone, PartialEq)]
enum Form {
    Json,
    /// Which changes what it names (RFC 7396).
    MergePatch,
    /// With the styles of its fields, where the document says them.
    Fields(Vec<(String, String)>),
    /// With what its properties are, where it has a type.
    Multipart(Option<BTreeMap<String, Part>>),
    Bytes,
}

const MULTIPART: &str = "multipart/form-data";
const MERGE_PATCH: &str = "application/merge-patch+json";

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
            _ if is_multipart => {
                let parts = extension(PARTS).cloned();
                Form::Multipart(parts.and_then(|parts| serde_json::from_value(parts).ok()))
            }
            "application/json" if media_type == Some(MERGE_PATCH) => Form::MergePatch,
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
            ty,
        })
    }

    /// The argument with its type, in the module of the client or in one within it.
    pub(super) fn declared(&self, client: Option<&TokenStream>) -> TokenStream {
        let ty = match &self.form {
            Form::Multipart(None) => quote!(#client Parts),
            Form::Multipart(Some(_)) => self.lent().to_token_stream(),
            Form::Bytes => quote!(impl ::std::convert::Into<#client File>),
            Form::MergePatch => {
                let of = self.lent();
                quote!(impl ::std::convert::Into<#client MergePatch<#of>>)
            }
            _ => self.ty.to_token_stream(),
        };
        quote!(body: #ty)
    }

    /// The type without the reference by which it is lent.
    fn lent(&self) -> &Type {
        match &self.ty {
            Type::Reference(lent) => &lent.elem,
            ty => ty,
        }
    }

    /// The name of the type, if it is a form of several parts, with what those are.
    pub(super) fn parts(&self) -> Option<(Ident, BTreeMap<String, Part>)> {
        let Form::Multipart(Some(parts)) = &self.form else {
            return None;
        };
        let Type::Path(path) = self.lent() else {
            return None;
        };
        Some((path.path.segments.last()?.ident.clone(), parts.clone()))
    }

    /// What tells a request of it.
    pub(super) fn statement(&self, request: &TokenStream) -> TokenStream {
        let lent = match &self.ty {
            Type::Reference(_) => quote!(body),
            _ => quote!(&body),
        };
        let media_type = |usual| self.media_type.as_deref().unwrap_or(usual);
        match &self.form {
            Form::Multipart(_) => quote!(#request.parts(#MULTIPART, body);),
            Form::Json => {
                let media_type = media_type("application/json");
                quote!(#request.json(#media_type, #lent);)
            }
            Form::MergePatch => quote!(#request.json(#MERGE_PATCH, &body.into());),
            Form::Bytes => {
                let media_type = media_type("application/octet-stream");
                quote!(#request.bytes(#media_type, body);)
            }
            Form::Fields(styles) => {
                let media_type = media_type("application/x-www-form-urlencoded");
                let styles = styles.iter().map(|(name, style)| quote!((#name, #style)));
                let fields = quote!(&parameter::form(#lent, &[#(#styles),*]));
                quote!(#request.form(#media_type, #fields);)
            }
        }
    }
}
