//! States what the contract says and the generator forgets: the base URL and the
//! rate limit, as constants.

use proc_macro2::Literal;
use syn::{File, Item, parse_quote};

use contract::operation::Api;

pub(super) fn pass(file: &mut File, api: &Api) {
    let mut constants: Vec<Item> = Vec::new();
    if let Some(url) = api.base_url() {
        constants.push(parse_quote! {
            /// The base URL of the first server in the contract.
            pub const BASE_URL: &str = #url;
        });
    }
    if let Some(limit) = api.rate_limit {
        let requests = Literal::u32_unsuffixed(limit.requests);
        let seconds = Literal::u32_unsuffixed(limit.seconds);
        constants.push(parse_quote! {
            /// How many requests the API takes in [`RATE_LIMIT_PERIOD`] before it
            /// answers 429.
            pub const RATE_LIMIT: u32 = #requests;
        });
        constants.push(parse_quote! {
            /// The time in which the API takes [`RATE_LIMIT`] requests.
            pub const RATE_LIMIT_PERIOD: std::time::Duration =
                std::time::Duration::from_secs(#seconds);
        });
    }
    let is_use = |item: &Item| matches!(item, Item::Use(_));
    let after = file.items.iter().rposition(is_use).map_or(0, |i| i + 1);
    file.items.splice(after..after, constants);
}
