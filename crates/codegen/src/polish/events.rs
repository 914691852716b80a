//! An enum of the events that the API sends by requests of its own, and how one is read.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Ident, Item, Path, parse_quote};

use super::docs::{code, documentation};
use super::open_enum::unknown;
use super::operations::Contract;
use super::{REQUESTS, is_module, type_names, types};
use crate::generate::Reads;
use crate::identifier::type_name;
use crate::normalise::events::{Event, Tells};
use contract::names::numbered;
use contract::operation::WebhookSignature;

/// The module of events.
pub const WEBHOOKS: &str = "webhooks";

pub(super) fn pass(file: &mut File, contract: &Contract<'_>) {
    let types = types(file).map(|types| &**types).unwrap_or_default();
    let known: HashSet<String> = type_names(types).map(Ident::to_string).collect();
    let mut taken = HashSet::from(["Self".to_owned()]);
    let events = contract.events.iter().filter_map(|(event, component)| {
        let ty = Some(type_name(component)).filter(|name| known.contains(name))?;
        let variant = numbered(&type_name(&event.name), "", |name| {
            taken.insert(name.to_owned())
        });
        Some((event, ty, variant))
    });
    let events: Vec<(&Event, String, String)> = events.collect();
    if events.is_empty() {
        return;
    }
    let runtime = contract.runtime.path_in_module();
    let mut module = module(&events, contract);
    if let (Item::Mod(module), Some(signature)) = (&mut module, &contract.signature)
        && let Some((_, items)) = &mut module.content
    {
        items.extend(verifier(signature, &runtime));
    }
    let is_known = |item: &Item| is_module(item, "types") || is_module(item, REQUESTS);
    let place = file.items.iter().rposition(is_known);
    file.items
        .insert(place.map_or(0, |place| place + 1), module);
}

fn module(events: &[(&Event, String, String)], contract: &Contract<'_>) -> Item {
    let variants = events.iter().map(|(event, ty, variant)| {
        let (ty, variant) = (format_ident!("{ty}"), format_ident!("{variant}"));
        let name = code(&event.name);
        let docs = documentation(&match &event.description {
            Some(words) => format!("{name}: {words}"),
            None => name,
        });
        quote!(#(#docs)* #variant(types::#ty))
    });
    let known = events.iter().map(|(event, _, variant)| {
        let (name, variant) = (&event.name, format_ident!("{variant}"));
        let headers = tells(&event.headers);
        let headers = headers.map(|tells| quote!(.headers(#tells)));
        let properties = tells(&event.properties);
        let properties = properties.map(|tells| quote!(.properties(#tells)));
        let anything = (!event.is_object).then(|| quote!(.anything()));
        quote!(Webhook::new(#name, |body| read(body, Event::#variant)) #headers #properties #anything)
    });
    let names: Vec<_> = events
        .iter()
        .map(|(.., variant)| format_ident!("{variant}"))
        .collect();
    let unknown = unknown(names.iter());
    let path = &contract.runtime.path_in_module();
    let path = &path.segments;
    let read = match contract.reads {
        Reads::Leniently => quote!(read),
        Reads::Strictly => quote!(read_exactly as read),
    };
    parse_quote! {
        /// Events that the API sends by requests of its own.
        #[allow(clippy::all)]
        pub mod webhooks {
            use super::types;
            use #path::webhook::{Webhook, #read, receive};

            /// An event, as the contract describes it.
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Event {
                #(#variants,)*
                /// What the contract does not describe, as it came.
                #unknown(::serde_json::Value),
            }

            impl Event {
                /// Reads an event from the headers and the body of a request, whoever sent it.
                ///
                /// # Errors
                /// When the body is no JSON, or when the event is known and has another form.
                pub fn parse(
                    headers: &::reqwest::header::HeaderMap,
                    body: &[u8],
                ) -> ::std::result::Result<Self, super::WebhookError> {
                    const KNOWN: &[Webhook<Event>] = &[#(#known),*];
                    Ok(receive(KNOWN, headers, body)?.unwrap_or_else(Self::#unknown))
                }

                /// The same of a request that the API sent, as its signature says.
                ///
                /// # Errors
                /// As [`parse`](Self::parse), and when the signature does not say so.
                pub fn verified(
                    verifier: &impl super::Verify,
                    headers: &::reqwest::header::HeaderMap,
                    body: &[u8],
                ) -> ::std::result::Result<Self, super::WebhookError> {
                    verifier.verify(headers, body)?;
                    Self::parse(headers, body)
                }
            }
        }
    }
}

/// What checks the signatures that the contract describes.
fn verifier(signature: &WebhookSignature, runtime: &Path) -> [Item; 2] {
    let path = &runtime.segments;
    let import = parse_quote! {
        #[cfg(feature = "signatures")]
        pub use #path::{BadSecret, SecretString, Verifier};
    };
    let function = match signature {
        WebhookSignature::Standard => parse_quote! {
            /// What checks the signatures of Standard Webhooks, for [`Event::verified`], by the
            /// secret that both sides have.
            ///
            /// # Errors
            /// When the secret is not base64, behind `whsec_`.
            #[cfg(feature = "signatures")]
            pub fn verifier(
                secret: impl ::std::convert::Into<SecretString>,
            ) -> ::std::result::Result<Verifier, BadSecret> {
                Verifier::standard(secret)
            }
        },
        WebhookSignature::Timestamped(header) => {
            let what = format!(" What checks the signatures in {},", code(header));
            parse_quote! {
                #[doc = #what]
                /// for [`Event::verified`], by the secret that both sides have.
                #[cfg(feature = "signatures")]
                pub fn verifier(secret: impl ::std::convert::Into<SecretString>) -> Verifier {
                    Verifier::timestamped(#header, secret)
                }
            }
        }
    };
    [import, function]
}

fn tells(tells: &Tells) -> Option<TokenStream> {
    let entries = tells
        .iter()
        .map(|(name, texts)| quote!((#name, &[#(#texts),*])));
    let entries: Vec<_> = entries.collect();
    (!entries.is_empty()).then(|| quote!(&[#(#entries),*]))
}
