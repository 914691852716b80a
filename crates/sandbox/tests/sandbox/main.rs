//! What the sandbox of any contract does.
#![allow(clippy::unwrap_used)]

mod admin;
mod attacks;
mod bodies;
mod connections;
mod drift;
mod fixtures;
mod http;
mod memory;
mod parameters;
mod parity;
mod proxy;
mod responses;
mod said;
mod security;
mod seeds;
mod state;
mod traffic;

use contract::lint::admit;
use contract::{Document, Source};
use sandbox::{Builder, Sandbox};
use serde_json::Value;

use crate::http::{Answer, send};

/// A server of a contract that stands in a test.
fn of(contract: &Value) -> Builder {
    let document = Document::parse(Source::new("it.json", contract.to_string()));
    let contract = admit(document).map_err(|rejected| format!("{:#?}", rejected.findings));
    Sandbox::of(contract.unwrap())
}

/// What one request to a server of a contract is answered.
async fn asked(
    contract: &Value,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let sandbox = of(contract).start().await.unwrap();
    send(&format!("{}{path}", sandbox.url()), method, headers, body).await
}

/// Why a request was refused, if it was.
fn reason(answer: &Answer) -> &str {
    let line = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("sandbox-refusal: "));
    line.unwrap_or_default()
}
