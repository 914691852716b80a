//! Reads `null` as nothing in lists and maps that may be left out, as `Option`
//! does everywhere else: APIs write either. So what must be there and may be null is null where
//! it is not there, but for types in choices that only their values tell apart, and for whoever
//! reads strictly.

use syn::{Attribute, Field, Fields, Item, ItemMod, parse_quote};

use crate::generate::Reads;

use super::bounds::told_apart;
use super::forms::Forms;
use super::operations::Contract;
use super::{serde_argument, shape::Shape, without};

pub(super) fn pass(types: &mut Vec<Item>, contract: &Contract<'_>, forms: &Forms) {
    let reader: Attribute = parse_quote!(#[serde(deserialize_with = "null::deserialize")]);
    let told = told_apart(types);
    let is_lenient = contract.reads == Reads::Leniently;
    let mut any = false;
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        if forms.contains_key(&item.ident) {
            // Nobody reads it.
            continue;
        }
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        for field in &mut fields.named {
            if is_lenient && must_be_there(field) && !told.contains(&item.ident) {
                without(&mut field.attrs, "serde", READER);
            }
            let is_empty = serde_argument(&field.attrs, "default") == Some(None);
            let holds = matches!(
                Shape::of(&field.ty),
                Shape::List(_) | Shape::Map(_) | Shape::Object
            );
            if is_empty && holds {
                field.attrs.push(reader.clone());
                any = true;
            }
        }
    }
    if any {
        types.push(Item::Mod(module()));
    }
}

/// What says by which function a field is read.
const READER: &str = "deserialize_with";

/// Whether a field is read by the function of `Option`, and not as an `Option`, which may be
/// missing.
fn must_be_there(field: &Field) -> bool {
    let reader = serde_argument(&field.attrs, READER).flatten();
    reader.is_some_and(|reader| reader.value().ends_with("Option::deserialize"))
}

fn module() -> ItemMod {
    parse_quote! {
        /// Reads `null` as nothing.
        mod null {
            use serde::de::{Deserialize, Deserializer};

            pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
            where
                D: Deserializer<'de>,
                T: Deserialize<'de> + Default,
            {
                Option::deserialize(deserializer).map(Option::unwrap_or_default)
            }
        }
    }
}
