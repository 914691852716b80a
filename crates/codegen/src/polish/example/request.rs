//! What types of requests have, as calls need to know it.

use std::collections::HashMap;

use quote::format_ident;
use syn::{File, Ident, ImplItem, Item, ItemStruct, Signature, Type};

use super::expression::last_name;
use crate::polish::{REQUESTS, given, impl_target, is_module};

/// A type of request: what it gives, and its methods.
pub(super) struct Request<'a> {
    pub(super) gives_nothing: bool,
    /// What a success that is a stream gives: all of them, and each.
    pub(super) gives: Option<(Ident, Ident)>,
    pub(super) methods: HashMap<String, &'a Signature>,
}

/// The types of requests, by name.
pub(super) fn requests(file: &File) -> HashMap<&Ident, Request<'_>> {
    let modules = file.items.iter().filter(|item| is_module(item, REQUESTS));
    let items = modules.filter_map(|item| match item {
        Item::Mod(module) => module.content.as_ref(),
        _ => None,
    });
    let mut found = HashMap::new();
    for item in items.flat_map(|(_, items)| items) {
        match item {
            Item::Struct(item) => {
                found.insert(&item.ident, Request::of(item));
            }
            Item::Impl(item) if item.trait_.is_none() => {
                if let Some(request) = impl_target(item).and_then(|name| found.get_mut(name)) {
                    let methods = item.items.iter().filter_map(|member| match member {
                        ImplItem::Fn(method) => Some((method.sig.ident.to_string(), &method.sig)),
                        _ => None,
                    });
                    request.methods.extend(methods);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a type is not one of the contract's, which requests name by their module.
fn is_runtime(ty: &&Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.first().is_some_and(|one| one.ident == "super"))
}

/// Types of successes that are streams, with what they are called and what they give.
const STREAMS: [(&str, &str, &str); 3] = [
    ("ByteStream", "bytes", "piece"),
    ("Events", "events", "event"),
    ("Values", "values", "value"),
];

impl Request<'_> {
    fn of(item: &ItemStruct) -> Self {
        let success = given(item).map(|[success, _]| success);
        Self {
            gives_nothing: matches!(success, Some(Type::Tuple(unit)) if unit.elems.is_empty()),
            gives: success
                .filter(is_runtime)
                .and_then(last_name)
                .and_then(|name| {
                    let mut streams = STREAMS.iter();
                    let found = streams.find(|(stream, ..)| name == stream);
                    found.map(|(_, all, one)| (format_ident!("{all}"), format_ident!("{one}")))
                }),
            methods: HashMap::new(),
        }
    }
}
