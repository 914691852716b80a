//! Every example of the contract: as its type sees it, and as bytes on the wire.

use std::fmt::Debug;

use callbell::types::{CreateContactRequest, CreateContactResponse, ErrorBody};
use callbell::{ApiKey, Client};
use callbell_sandbox::{Request, Sandbox};
use contract::operation::{MediaType, Operation};
use serde_json::Value;

use crate::generated::contract;
use crate::pin;

fn operation() -> Operation {
    let contract = contract();
    let mut operations = contract.api().operations.iter();
    let is_it = |operation: &&Operation| operation.id.as_deref() == Some("createContact");
    operations.find(is_it).unwrap().clone()
}

/// Name and value of each example.
fn examples(content: &[MediaType]) -> impl Iterator<Item = (String, Value)> {
    let examples = content[0].examples.iter();
    examples.map(|example| (example.name.clone(), example.value.clone().unwrap()))
}

/// A type that an example is read into, by the status that it answers with.
fn seen(status: &str, value: &Value) -> String {
    match status {
        "200" => {
            let response: CreateContactResponse = serde_json::from_value(value.clone()).unwrap();
            sparse(&response)
        }
        _ => {
            let error: ErrorBody = serde_json::from_value(value.clone()).unwrap();
            sparse(&error)
        }
    }
}

/// A value without the fields that hold nothing: a field that the contract gains
/// shows in the examples that use it, and nowhere else.
fn sparse(value: &impl Debug) -> String {
    let text = format!("{value:#?}\n");
    let holds = |line: &&str| {
        ![": None,", ": [],", ": {},"]
            .iter()
            .any(|end| line.ends_with(end))
    };
    let lines = text.lines().filter(holds);
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn responses_are_seen_as_pinned() {
    let operation = operation();
    let mut texts = Vec::new();
    for response in &operation.responses {
        let status = response.status.to_string();
        for (name, value) in examples(&response.content) {
            texts.push((format!("{status}.{name}"), seen(&status, &value)));
        }
    }
    pin::all("responses", texts);
}

/// The request without what differs from run to run.
fn wire(request: &Request) -> String {
    let mut lines = vec![format!("{} {}", request.method, request.path)];
    for (name, value) in &request.headers {
        let value = match name.as_str() {
            "host" => "127.0.0.1",
            "user-agent" => "callbell/VERSION",
            _ => value,
        };
        lines.push(format!("{name}: {value}"));
    }
    format!(
        "{}\n\n{}\n",
        lines.join("\n"),
        String::from_utf8_lossy(&request.body)
    )
}

#[tokio::test]
async fn requests_go_over_the_wire_as_pinned() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = ApiKey::new("YOUR_API_KEY").unwrap();
    let client = Client::builder(&key)
        .base_url(sandbox.url())
        .build()
        .unwrap();
    let mut texts = Vec::new();
    for (name, value) in examples(&operation().request.unwrap().content) {
        let request: CreateContactRequest = serde_json::from_value(value.clone()).unwrap();
        client.create_contact(&request).await.unwrap();
        let sent = sandbox.requests().pop().unwrap();
        // Nothing was lost between the example, the type and the wire.
        let body: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(body, value, "`{name}` changed on its way");
        texts.push((name, format!("{}\n{}", sparse(&request), wire(&sent))));
    }
    pin::all("requests", texts);
}
