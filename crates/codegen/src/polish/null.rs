//! Reads `null` as nothing in lists and maps that may be left out, as `Option`
//! does everywhere else: APIs write either.

use syn::{Attribute, Fields, Item, ItemMod, parse_quote};

use super::{serde_argument, shape::Shape};

pub(super) fn pass(types: &mut Vec<Item>) {
    let reader: Attribute = parse_quote!(#[serde(deserialize_with = "null::deserialize")]);
    let mut any = false;
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        for field in &mut fields.named {
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
