//! Whether the answers of a server are what its document says.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use contract::Document;
use contract::lint::gate_partially;
use contract::operation::{Operation, Status};
use contract::schema::{Direction, Schemas};
use sandbox::Sandbox;
use serde_json::Value;

#[path = "call.rs"]
mod call;

use call::{Answer, Call, Maker};

/// What became of the operations of a document.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) operations: usize,
    /// Those that were not answered as the document says, and why.
    pub(crate) faults: Vec<String>,
    pub(crate) start: Duration,
    pub(crate) calls: Duration,
}

/// Calls each operation of a document, of a server that remembers or not; nothing for a document that
/// is refused.
pub(crate) async fn document(
    path: &Path,
    remembers: bool,
) -> Result<Option<Counts>, Box<dyn Error>> {
    let read = || Document::read(path, path.to_string_lossy()).map(gate_partially);
    let Ok(contract) = read()? else {
        return Ok(None);
    };
    let started = Instant::now();
    let Ok(own) = read()? else { return Ok(None) };
    let builder = match remembers {
        true => Sandbox::of(own),
        false => Sandbox::of(own).stateless(),
    };
    let sandbox = builder.start().await?;
    let start = started.elapsed();
    let started = Instant::now();
    let schemas = contract.schemas();
    let maker = Maker::new(&contract, &schemas);
    let mut faults = Vec::new();
    for operation in &contract.api().operations {
        let call = maker.call(operation);
        match judged(&schemas, operation, &sandbox, &call).await {
            Ok(()) => {}
            Err(why) => faults.push(format!("{}: {why}", operation.title())),
        }
    }
    Ok(Some(Counts {
        operations: contract.api().operations.len(),
        faults,
        start,
        calls: started.elapsed(),
    }))
}

/// # Errors
/// Why the answer is not what the document says.
async fn judged(
    schemas: &Schemas,
    operation: &Operation,
    sandbox: &Sandbox,
    call: &Call,
) -> Result<(), String> {
    let origin = sandbox
        .url()
        .splitn(4, '/')
        .take(3)
        .collect::<Vec<_>>()
        .join("/");
    let answer = call.send(&origin).await?;
    // Nobody has created what the call is about.
    if answer.status == 404 && answer.refusal.starts_with("there is no `") {
        return Ok(());
    }
    let response = operation.response(answer.status);
    let short = |text: &str| text.chars().take(200).collect::<String>();
    let Some(response) = response else {
        return match operation.responses.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "{} is not described: {}",
                answer.status,
                short(&answer.body)
            )),
        };
    };
    let has_success = operation
        .responses
        .iter()
        .any(|one| matches!(one.status, Status::Code(200..=299) | Status::Range(2)));
    if has_success && !(200..300).contains(&answer.status) {
        return Err(format!("{}: {}", answer.status, short(&answer.body)));
    }
    match call.method() == "HEAD" || answer.status == 204 {
        true => Ok(()),
        false => body(schemas, response, &answer),
    }
}

fn body(
    schemas: &Schemas,
    response: &contract::operation::Response,
    answer: &Answer,
) -> Result<(), String> {
    if response.content.is_empty() {
        return match answer.body.is_empty() {
            true => Ok(()),
            false => Err("a body where none is described".to_owned()),
        };
    }
    let media_type = response
        .content
        .iter()
        .find(|one| one.name == answer.content_type);
    let Some(media_type) = media_type else {
        let is_range = response.content.iter().any(|one| one.name.contains('*'));
        return match is_range {
            true => Ok(()),
            false => Err(format!("`{}` is not described", answer.content_type)),
        };
    };
    let Some(schema) = media_type.schema.as_ref().filter(|_| media_type.is_json()) else {
        return Ok(());
    };
    let value: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
    let Ok(validator) = schemas.get(&schema.origin.pointer, Direction::Response) else {
        return Ok(());
    };
    let violations = validator.check(&value);
    match violations.first() {
        None => Ok(()),
        Some(first) => Err(format!("at `{}`: {}", first.pointer, first.message)),
    }
}
