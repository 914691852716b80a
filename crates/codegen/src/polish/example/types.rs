//! The types of a contract as whoever makes values of them needs to know them.

use std::collections::{BTreeSet, HashMap};

use quote::ToTokens as _;
use syn::{Fields, Ident, ImplItem, Item, ItemEnum, Signature, Type, Variant};

use super::number::NUMBERS;
use crate::polish::{Known, impl_target, names, wire_name};

/// The types of a contract, and what they are made with.
pub(super) struct Types<'a> {
    pub(super) items: HashMap<&'a Ident, &'a Item>,
    methods: HashMap<&'a Ident, Vec<&'a Signature>>,
    /// Traits, each with the names in its brackets.
    traits: HashMap<&'a Ident, Vec<(&'a Ident, BTreeSet<Ident>)>>,
    pub(super) known: &'a Known,
}

impl<'a> Types<'a> {
    pub(super) fn of(items: &'a [Item], known: &'a Known) -> Self {
        let mut types = Self {
            items: HashMap::new(),
            methods: HashMap::new(),
            traits: HashMap::new(),
            known,
        };
        for item in items {
            match item {
                Item::Struct(own) => drop(types.items.insert(&own.ident, item)),
                Item::Enum(own) => drop(types.items.insert(&own.ident, item)),
                Item::Type(own) => drop(types.items.insert(&own.ident, item)),
                Item::Impl(own) => types.add(own),
                _ => {}
            }
        }
        types
    }

    fn add(&mut self, item: &'a syn::ItemImpl) {
        let Some(target) = impl_target(item) else {
            return;
        };
        match &item.trait_ {
            None => {
                let methods = item.items.iter().filter_map(|member| match member {
                    ImplItem::Fn(method) => Some(&method.sig),
                    _ => None,
                });
                self.methods.entry(target).or_default().extend(methods);
            }
            Some((path, _)) => {
                if let Some(last) = path.segments.last() {
                    let mut of = BTreeSet::new();
                    names(last.arguments.to_token_stream(), &mut of);
                    let of = (&last.ident, of);
                    self.traits.entry(target).or_default().push(of);
                }
            }
        }
    }

    /// The type of the contract that a type is, as it is written among them or outside.
    pub(super) fn own(&self, ty: &Type, is_inside: bool) -> Option<&'a Item> {
        let Type::Path(path) = ty else {
            return None;
        };
        let segments = &path.path.segments;
        let is_own = path.path.leading_colon.is_none()
            && match segments.len() {
                1 => is_inside,
                _ => segments.iter().any(|one| one.ident == "types"),
            };
        let item = self.items.get(&segments.last()?.ident).copied();
        item.filter(|_| is_own)
    }

    pub(super) fn method(
        &self,
        of: &Ident,
        is_it: impl Fn(&Signature) -> bool,
    ) -> Option<&'a Signature> {
        let mut methods = self.methods.get(of)?.iter().copied();
        methods.find(|method| is_it(method))
    }

    /// Whether a type has a trait, with nothing in its brackets but this.
    pub(super) fn has(&self, of: &Ident, name: &str, argument: Option<&str>) -> bool {
        let traits = self.traits.get(of).into_iter().flatten();
        traits
            .filter(|(one, _)| *one == name)
            .any(|(_, within)| match argument {
                Some(argument) => within.len() == 1 && within.iter().any(|one| one == argument),
                None => within.is_empty(),
            })
    }

    /// The variant that stands for a text alone.
    pub(super) fn listed(&self, item: &'a ItemEnum, text: &str) -> Option<&'a Ident> {
        if let Some(listed) = self.known.listed.get(&item.ident) {
            let found = listed.iter().find(|(_, wire)| wire.value() == text);
            return found.map(|(variant, _)| variant);
        }
        let is_it = |one: &&Variant| {
            matches!(one.fields, Fields::Unit) && wire_name(&one.attrs, &one.ident) == text
        };
        item.variants
            .iter()
            .find(is_it)
            .map(|variant| &variant.ident)
    }

    /// The number that a type is tried to be made of.
    pub(super) fn tried(&self, of: &Ident) -> Option<&Ident> {
        let mut traits = self.traits.get(of)?.iter();
        traits.find_map(|(name, within)| {
            let only = within.iter().next().filter(|_| within.len() == 1)?;
            let is_it = *name == "TryFrom" && NUMBERS.iter().any(|number| only == number);
            is_it.then_some(only)
        })
    }
}
