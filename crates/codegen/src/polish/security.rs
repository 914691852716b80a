//! How callers show who they are: the security schemes of the contract, and which of them an
//! operation asks for.

use std::collections::HashSet;

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::builder;
use crate::identifier;
use contract::names::numbered;
use contract::operation::{Api, Location, Operation, Requirement, Scheme, SecurityScheme};

/// The schemes that a client can meet by what it sends.
pub(super) struct Schemes {
    pub(super) all: Vec<Known>,
    /// Whether the document says of any operation who may call it.
    says: bool,
}

/// A security scheme as the client knows it.
pub(super) struct Known {
    pub(super) scheme: SecurityScheme,
    /// The method of the builder.
    pub(super) method: Ident,
    /// The constant by which operations name it.
    pub(super) constant: Ident,
    /// Where its credentials stand, in the runtime's words.
    place: TokenStream,
}

impl Known {
    fn new(
        scheme: &SecurityScheme,
        settings: &HashSet<String>,
        taken: &mut HashSet<String>,
    ) -> Option<Self> {
        let place = place(&scheme.scheme)?;
        let name = identifier::method(&identifier::plain(&scheme.name));
        let name = match settings.contains(&name) {
            true => format!("{name}_credentials"),
            false => name,
        };
        let method = numbered(&name, "_", |name| {
            let all = [
                name.to_owned(),
                beside(name, "source"),
                beside(name, "client"),
            ];
            let is_free = all.iter().all(|name| !taken.contains(name));
            taken.extend(all.into_iter().filter(|_| is_free));
            is_free
        });
        let constant = method.to_shouty_snake_case();
        let constant = match constant.starts_with(|c: char| c.is_ascii_digit()) {
            true => format_ident!("SCHEME_{constant}"),
            false => format_ident!("{constant}"),
        };
        Some(Self {
            scheme: scheme.clone(),
            method: format_ident!("{method}"),
            constant,
            place,
        })
    }

    /// Another method for the same scheme.
    pub(super) fn method_beside(&self, word: &str) -> Ident {
        format_ident!("{}", beside(&self.method.to_string(), word))
    }
}

fn beside(method: &str, word: &str) -> String {
    format!("{}_{word}", method.trim_end_matches('_'))
}

fn place(scheme: &Scheme) -> Option<TokenStream> {
    Some(match scheme {
        Scheme::ApiKey { location, name } => match location {
            Location::Header => quote!(Place::Header(#name)),
            Location::Query => quote!(Place::Query(#name)),
            Location::Cookie => quote!(Place::Cookie(#name)),
            Location::Path | Location::QueryString => return None,
        },
        Scheme::Http { scheme } => {
            let mut letters = scheme.chars();
            let first = letters.next()?.to_ascii_uppercase();
            let name = format!("{first}{}", letters.as_str());
            quote!(Place::Authorization(#name))
        }
        Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
            quote!(Place::Authorization("Bearer"))
        }
        // The HTTP client shows its certificate.
        Scheme::MutualTls => return None,
    })
}

impl Schemes {
    pub(super) fn of(api: &Api) -> Self {
        let settings = builder::settings_names();
        let mut taken = settings.clone();
        let schemes = api.security_schemes.iter();
        Self {
            all: schemes
                .filter_map(|scheme| Known::new(scheme, &settings, &mut taken))
                .collect(),
            says: api.operations.iter().any(|one| one.security.is_some()),
        }
    }

    /// The constants by which operations name their schemes.
    pub(super) fn module(&self) -> Option<Item> {
        let constants = self.all.iter().map(|known| {
            let (constant, name, place) = (&known.constant, &known.scheme.name, &known.place);
            quote! {
                pub(super) const #constant: Scheme = Scheme { name: #name, place: #place };
            }
        });
        let constants: Vec<_> = constants.collect();
        (!constants.is_empty()).then(|| {
            parse_quote! {
                /// What the contract calls the ways to show who calls.
                mod schemes {
                    use super::{Place, Scheme};
                    #(#constants)*
                }
            }
        })
    }

    /// The alternatives of an operation.
    pub(super) fn asked(&self, operation: &Operation, api: &Api) -> TokenStream {
        let alternatives = match &operation.security {
            Some(security) => {
                let met = security.iter().filter_map(|one| self.alternative(one, api));
                let met: Vec<_> = met.collect();
                // Who asks for what is declared nowhere asks for something all the same.
                match met.is_empty() && !security.is_empty() {
                    true => self.whatever(),
                    false => met,
                }
            }
            None if self.says => Vec::new(),
            None => self.whatever(),
        };
        let alternatives = alternatives
            .iter()
            .map(|schemes| quote!(&[#(schemes::#schemes),*]));
        quote!(&[#(#alternatives),*])
    }

    /// Any of the schemes, or none: where the document does not say it, a client sends what it has.
    fn whatever(&self) -> Vec<Vec<&Ident>> {
        let each = self.all.iter().map(|known| vec![&known.constant]);
        let none = (!self.all.is_empty()).then(Vec::new);
        each.chain(none).collect()
    }

    /// The schemes that have to be met together, without those that the HTTP client meets; nothing
    /// where one is declared nowhere.
    fn alternative(&self, requirement: &Requirement, api: &Api) -> Option<Vec<&Ident>> {
        let mut met = Vec::new();
        for (name, _) in &requirement.schemes {
            match self.all.iter().find(|known| known.scheme.name == *name) {
                Some(known) => met.push(&known.constant),
                None => drop(api.security_scheme(name)?),
            }
        }
        Some(met)
    }
}
