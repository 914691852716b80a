//! Reads a property that arrives as one object or as an array of exactly one as
//! the object: the enum of the two shapes goes, its fields get the object's type.

use quote::quote;
use syn::{Attribute, Fields, File, Ident, Item, ItemEnum, ItemMod, Type, parse_quote};

use super::{calls, impl_target, mentions, types};

pub(super) fn pass(file: &mut File) {
    // A shape that a call names stays.
    let calls = calls(file);
    let Some(types) = types(file) else { return };
    let shapes: Vec<_> = types
        .iter()
        .filter_map(|item| shapes(item, types))
        .collect();
    let mut any = false;
    for (shape, object) in shapes {
        if mentions(calls.clone(), &shape.to_string()) || !only_fields(types, &shape) {
            continue;
        }
        retype(types, &shape, &object);
        types.retain(|item| match item {
            Item::Enum(item) => item.ident != shape,
            Item::Impl(item) => impl_target(item) != Some(&shape),
            _ => true,
        });
        any = true;
    }
    if any {
        types.push(Item::Mod(reader()));
    }
}

/// The name of an enum of the two shapes, and of the object in both.
fn shapes(item: &Item, types: &[Item]) -> Option<(Ident, Ident)> {
    let Item::Enum(ItemEnum {
        ident, variants, ..
    }) = item
    else {
        return None;
    };
    let held: Vec<_> = variants.iter().filter_map(|v| held(&v.fields)).collect();
    let [first, second] = held.as_slice() else {
        return None;
    };
    let (one, array) = match first {
        Type::Array(array) => (*second, array),
        _ => match second {
            Type::Array(array) => (*first, array),
            _ => return None,
        },
    };
    let object = name(one)?;
    let is_struct = |item: &Item| matches!(item, Item::Struct(s) if s.ident == *object);
    let matches = name(&array.elem) == Some(object) && types.iter().any(is_struct);
    (variants.len() == 2 && matches && is_one(&array.len)).then(|| (ident.clone(), object.clone()))
}

fn held(fields: &Fields) -> Option<&Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(&fields.unnamed[0].ty),
        _ => None,
    }
}

fn name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

fn is_one(length: &syn::Expr) -> bool {
    let syn::Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Int(n),
        ..
    }) = length
    else {
        return false;
    };
    n.base10_digits() == "1"
}

/// Whether the shape is only ever the whole type of a required field: inside
/// another type the reader below would have nowhere to stand.
fn only_fields(types: &[Item], shape: &Ident) -> bool {
    let shape_name = shape.to_string();
    types.iter().all(|item| match item {
        Item::Struct(item) => item.fields.iter().all(|field| {
            let ty = &field.ty;
            name(ty) == Some(shape) || !mentions(quote!(#ty), &shape_name)
        }),
        Item::Enum(item) => item.ident == *shape || !mentions(quote!(#item), &shape_name),
        _ => true,
    })
}

fn retype(types: &mut [Item], shape: &Ident, object: &Ident) {
    let reader: Attribute = parse_quote!(#[serde(deserialize_with = "one_or_array::deserialize")]);
    for item in types {
        let Item::Struct(item) = item else { continue };
        for field in &mut item.fields {
            if name(&field.ty) == Some(shape) {
                field.ty = parse_quote!(#object);
                field.attrs.push(reader.clone());
            }
        }
    }
}

/// Reads either shape, and says what is wrong inside the one that arrived; an
/// untagged enum could only say that neither fits.
fn reader() -> ItemMod {
    parse_quote! {
        /// Reads one object, or an array of exactly one.
        mod one_or_array {
            use std::fmt;
            use std::marker::PhantomData;

            use serde::de::value::MapAccessDeserializer;
            use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

            pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
            where
                D: Deserializer<'de>,
                T: Deserialize<'de>,
            {
                deserializer.deserialize_any(Either(PhantomData))
            }

            struct Either<T>(PhantomData<T>);

            impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
                type Value = T;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object, or an array of exactly one")
                }

                fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                    T::deserialize(MapAccessDeserializer::new(map))
                }

                fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
                    let Some(one) = seq.next_element()? else {
                        return Err(Error::invalid_length(0, &self));
                    };
                    match seq.next_element::<IgnoredAny>()? {
                        Some(_) => Err(Error::invalid_length(2, &self)),
                        None => Ok(one),
                    }
                }
            }
        }
    }
}
