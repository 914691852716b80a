//! Gives requests whose pages follow one another two streams: of the pages, and of the items that
//! they have, where these are one list in the type of a page.

use std::collections::HashMap;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Fields, File, Ident, Index, Item, ItemImpl, Path, Type, parse_quote};

use super::operations::Contract;
use super::shape::Shape;
use super::{REQUESTS, given, impl_target, is_module, methods, request, types, wire_name};
use contract::operation::{Pagination, Step};
use contract::source::tokens;

pub(super) fn pass(file: &mut File, contract: &Contract<'_>) {
    let paged = methods(file).filter_map(|function| {
        let operation = contract.operation(&function.sig.ident.to_string())?;
        let pagination = operation.pagination.as_ref()?;
        Some((request(&function.sig)?.clone(), pagination))
    });
    let paged: HashMap<Ident, &Pagination> = paged.collect();
    if paged.is_empty() {
        return;
    }
    let held = types(file).map(std::mem::take).unwrap_or_default();
    let runtime = contract.runtime.path_in_module();
    if let Some(requests) = file.items.iter_mut().find(|item| is_module(item, REQUESTS)) {
        let known = Types::of(&held);
        add(requests, &paged, &known, &runtime);
    }
    if let Some(types) = types(file) {
        *types = held;
    }
}

fn add(
    requests: &mut Item,
    paged: &HashMap<Ident, &Pagination>,
    types: &Types<'_>,
    runtime: &Path,
) {
    let Item::Mod(module) = requests else {
        return;
    };
    for items in module.content.iter_mut().map(|(_, items)| items) {
        let all = std::mem::take(items).into_iter();
        let mut all = all.peekable();
        while let Some(item) = all.next() {
            let streams = match &item {
                Item::Struct(item) => paged.get(&item.ident).and_then(|pagination| {
                    let [page, error] = given(item)?;
                    let streams = streams(pagination, page, error, types, runtime);
                    Some((item.ident.clone(), streams))
                }),
                _ => None,
            };
            items.push(item);
            let Some((name, streams)) = streams else {
                continue;
            };
            let own = all
                .next_if(|next| matches!(next, Item::Impl(own) if impl_target(own) == Some(&name)));
            let mut own: ItemImpl = match own {
                Some(Item::Impl(own)) => own,
                _ => parse_quote!(impl #name {}),
            };
            let added: ItemImpl = parse_quote!(impl #name { #streams });
            own.items.extend(added.items);
            items.push(Item::Impl(own));
        }
    }
}

fn streams(
    pagination: &Pagination,
    page: &Type,
    error: &Type,
    types: &Types<'_>,
    runtime: &Path,
) -> TokenStream {
    let stated = stated(pagination);
    let pages = quote! {
        /// The pages from this one on: each is a call of its own, made when the stream is polled
        /// for it. An error ends it.
        pub fn pages(self) -> super::Pages<#page, #error> {
            self.request.pages(#runtime::Pagination::#stated)
        }
    };
    let place = pagination.items.as_deref();
    let steps = place.and_then(tokens).map(Iterator::collect::<Vec<_>>);
    let found = steps.and_then(|steps| types.list(page, quote!(page), &steps));
    let items = found.map(|(list, item)| {
        quote! {
            /// The items of all [`pages`](Self::pages), one after another.
            pub fn items(self) -> super::Items<#item, #page, #error> {
                self.pages().items(|page| #list)
            }
        }
    });
    quote!(#pages #items)
}

/// What the runtime is told.
fn stated(pagination: &Pagination) -> TokenStream {
    let number = Literal::u64_unsuffixed;
    let (step, most) = match &pagination.step {
        Step::Page {
            input,
            first,
            pages,
        } => {
            let (input, first) = (input.name(), number(first.unwrap_or(1)));
            (quote!(page(#input, #first)), pages)
        }
        Step::Offset {
            input,
            first,
            total,
        } => {
            let (input, first) = (input.name(), number(first.unwrap_or(0)));
            (quote!(offset(#input, #first)), total)
        }
        Step::Cursor(input, next) => {
            let input = input.name();
            (quote!(cursor(#input, #next)), &None)
        }
        Step::Last(input, last) => {
            let input = input.name();
            (quote!(last(#input, #last)), &None)
        }
        Step::Link(link) => (quote!(link(#link)), &None),
        Step::LinkHeader => (quote!(link_header()), &None),
    };
    let also = [
        ("items", &pagination.items),
        ("most", most),
        ("more", &pagination.more),
    ];
    let also = also.into_iter().filter_map(|(name, place)| {
        let (name, place) = (format_ident!("{name}"), place.as_ref()?);
        Some(quote!(.#name(#place)))
    });
    quote!(#step #(#also)*)
}

/// The types that a page is made of, by name.
struct Types<'a>(HashMap<&'a Ident, &'a Item>);

impl<'a> Types<'a> {
    fn of(items: &'a [Item]) -> Self {
        let named = items.iter().filter_map(|item| match item {
            Item::Struct(own) => Some((&own.ident, item)),
            Item::Enum(own) => Some((&own.ident, item)),
            Item::Type(own) => Some((&own.ident, item)),
            _ => None,
        });
        Self(named.collect())
    }

    /// The list at a place in a value, as an expression, and what it is of.
    fn list(&self, ty: &Type, value: TokenStream, steps: &[String]) -> Option<(TokenStream, Type)> {
        match Shape::of(ty) {
            Shape::List(item) => steps.is_empty().then(|| (value, self.outside(item))),
            Shape::Boxed(inner) => self.list(inner, quote!((*#value)), steps),
            Shape::Optional(inner) => {
                let (list, item) = self.list(inner, quote!(held), steps)?;
                let list = match list.to_string() == "held" {
                    true => quote!(#value.unwrap_or_default()),
                    false => quote!(#value.map(|held| #list).unwrap_or_default()),
                };
                Some((list, item))
            }
            _ => self.field(ty, &value, steps),
        }
    }

    fn field(
        &self,
        ty: &Type,
        value: &TokenStream,
        steps: &[String],
    ) -> Option<(TokenStream, Type)> {
        let Type::Path(path) = ty else {
            return None;
        };
        match self.0.get(&path.path.segments.last()?.ident)? {
            Item::Type(alias) => self.list(&alias.ty, value.clone(), steps),
            Item::Struct(own) => match &own.fields {
                Fields::Named(fields) => {
                    let (step, rest) = steps.split_first()?;
                    let field = fields.named.iter().find(|field| {
                        let ident = field.ident.as_ref();
                        ident.is_some_and(|ident| wire_name(&field.attrs, ident) == *step)
                    })?;
                    let ident = &field.ident;
                    self.list(&field.ty, quote!(#value.#ident), rest)
                }
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let index = Index::from(0);
                    self.list(&fields.unnamed[0].ty, quote!(#value.#index), steps)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A type as it is called outside of the module of types.
    fn outside(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        self.qualify(&mut ty);
        ty
    }

    fn qualify(&self, ty: &mut Type) {
        let Type::Path(path) = ty else {
            return;
        };
        for segment in &mut path.path.segments {
            if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                for argument in &mut arguments.args {
                    if let syn::GenericArgument::Type(inner) = argument {
                        self.qualify(inner);
                    }
                }
            }
        }
        if let Some(name) = path
            .path
            .get_ident()
            .filter(|name| self.0.contains_key(name))
        {
            *ty = parse_quote!(types::#name);
        }
    }
}
