//! Numbers of a contract as literals of a type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// Types of numbers, as Rust calls them.
pub(super) const NUMBERS: [&str; 10] = [
    "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64",
];

/// A number of a type that is known.
pub(super) fn number(name: &str, value: &Value) -> Option<TokenStream> {
    match name {
        "f32" | "f64" => {
            let number = value.as_f64().filter(|number| number.is_finite())?;
            // As short as it can be: `1e300`.
            let literal = format!("{:?}", number.abs()).parse().ok()?;
            Some(signed(number.is_sign_negative(), &literal))
        }
        _ => {
            let number = value.as_i64().filter(|number| fits(name, *number))?;
            let literal = Literal::u64_unsuffixed(number.unsigned_abs());
            Some(signed(number < 0, &literal))
        }
    }
}

fn signed(is_negative: bool, literal: &Literal) -> TokenStream {
    let sign = is_negative.then(|| quote!(-));
    quote!(#sign #literal)
}

/// Whether a whole number is one of a type: `u8`.
fn fits(name: &str, number: i64) -> bool {
    let number = i128::from(number);
    let bits = |bits: &str| bits.parse::<u32>().ok().filter(|bits| *bits <= 64);
    match (name.strip_prefix('i'), name.strip_prefix('u')) {
        (Some(size), _) => bits(size).is_some_and(|bits| {
            let end = 1_i128 << (bits - 1);
            (-end..end).contains(&number)
        }),
        (_, Some(size)) => bits(size).is_some_and(|bits| (0..1_i128 << bits).contains(&number)),
        _ => false,
    }
}
