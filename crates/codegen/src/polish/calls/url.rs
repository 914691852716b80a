//! The address of a request.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::argument::Argument;
use contract::operation::Location;
use contract::path::{Part, parts};

/// Builds the address from the path and the parameters that stand in it.
pub(super) fn statements(path: &str, arguments: &[Argument], url: &Ident) -> TokenStream {
    let mut format = "{}".to_owned();
    let mut steps = Vec::new();
    for part in parts(path) {
        let name = match part {
            Part::Text(text) => {
                format.push_str(&literal(text));
                continue;
            }
            Part::Variable(name) => name,
        };
        format.push_str("{}");
        let is_it =
            |argument: &&Argument| argument.location == Location::Path && argument.name == name;
        let argument = arguments.iter().find(is_it);
        steps.extend(argument.map(|argument| argument.step(name)));
    }
    let joined = arguments.iter().filter_map(|argument| {
        let Argument {
            ident, name, style, ..
        } = argument;
        let style = style.as_deref().filter(|style| *style != DEEP);
        let style = style.filter(|_| argument.location == Location::Query)?;
        Some(quote!(let #url = parameter::joined(#url, #name, &#ident, #style);))
    });
    quote! {
        let #url = format!(#format, self.transport.base_url() #(, #steps)*,);
        #(#joined)*
    }
}

/// The style of a parameter of the query that is an object, with a name for each property.
const DEEP: &str = "deepObject";

/// The parameter of the query, if the client can write it.
pub(super) fn query(argument: &Argument) -> Option<TokenStream> {
    let Argument { ident, name, .. } = argument;
    match argument.style.as_deref() {
        _ if argument.location != Location::Query => None,
        None => Some(quote!(&QueryParam::new(#name, &#ident))),
        Some(DEEP) => Some(quote!(&parameter::deep_object(#name, &#ident))),
        Some(_) => None,
    }
}

/// Text in a format.
fn literal(text: &str) -> String {
    text.replace('}', "}}")
}
