//! Writes a field that may be missing and leads back to its own type as `Option<Box<T>>`, and
//! leaves it out when it is. The generator boxes some of them the other way round, and such a
//! field would be sent as null.

use syn::{Attribute, Fields, Item, parse_quote};

use super::serde_argument;
use super::shape::Shape;

pub(super) fn pass(types: &mut [Item]) {
    let left_out: Attribute =
        parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]);
    for item in types {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        for field in &mut fields.named {
            let Shape::Boxed(boxed) = Shape::of(&field.ty) else {
                continue;
            };
            let Shape::Optional(inner) = Shape::of(boxed) else {
                continue;
            };
            field.ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
            if serde_argument(&field.attrs, "default").is_some() {
                field.attrs.push(left_out.clone());
            }
        }
    }
}
