//! Texts of a contract that a caller's program reads into a type of others: only those that it will
//! read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use proc_macro2::TokenStream;
use quote::quote;
use uuid::Uuid;

/// A text as an expression of a type that is read from it.
pub(super) fn parsed(ty: &str, text: &str) -> Option<TokenStream> {
    let is_read = match ty {
        "IpAddr" => text.parse::<IpAddr>().is_ok(),
        "Ipv4Addr" => text.parse::<Ipv4Addr>().is_ok(),
        "Ipv6Addr" => text.parse::<Ipv6Addr>().is_ok(),
        "Uuid" => text.parse::<Uuid>().is_ok(),
        "DateTime" => text.parse::<DateTime<Utc>>().is_ok(),
        "NaiveDate" => text.parse::<NaiveDate>().is_ok(),
        "NaiveDateTime" => text.parse::<NaiveDateTime>().is_ok(),
        "NaiveTime" => text.parse::<NaiveTime>().is_ok(),
        _ => false,
    };
    if !is_read {
        return None;
    }
    // The errors of chrono are errors to Rust only with a feature that a client need not have.
    Some(match ty {
        "DateTime" | "NaiveDate" | "NaiveDateTime" | "NaiveTime" => quote!(#text.parse().unwrap()),
        _ => quote!(#text.parse()?),
    })
}
