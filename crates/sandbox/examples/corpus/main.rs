//! `cargo run --release -p sandbox --example corpus FOLDER [NAME]`: starts a server of every
//! document in a folder, sends each operation a request that fits, and holds the answer against the
//! document. Prints what does not fit, how long each server took to start, and how many answers
//! were valid.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use contract::Document;
use contract::lint::gate_partially;
use contract::operation::{Operation, Status};
use contract::schema::{Direction, Schemas};
use sandbox::Sandbox;
use serde_json::Value;

mod call;

use call::{Answer, Call, Maker};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder")?;
    let wanted = arguments.next().unwrap_or_default();
    let mut paths: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).collect();
    paths.retain(|entry| entry.file_name().to_string_lossy().contains(&wanted));
    paths.sort_by_key(|entry| entry.file_name());
    let (mut asked, mut valid, mut slowest) = (0, 0, Duration::ZERO);
    for path in paths {
        let name = path.file_name().to_string_lossy().into_owned();
        let Some(counts) = document(&path.path()).await? else {
            println!("{name}: refused");
            continue;
        };
        let Counts {
            operations,
            fitting,
            start,
            calls,
        } = counts;
        println!(
            "{name}: {fitting} of {operations}, ready in {} ms, called in {} ms",
            start.as_millis(),
            calls.as_millis()
        );
        slowest = slowest.max(start);
        (asked, valid) = (asked + operations, valid + fitting);
    }
    println!("slowest start {} ms", slowest.as_millis());
    println!("{valid} of {asked} operations answered validly");
    Ok(())
}

struct Counts {
    operations: usize,
    fitting: usize,
    start: Duration,
    calls: Duration,
}

async fn document(path: &Path) -> Result<Option<Counts>, Box<dyn Error>> {
    let read = || Document::read(path, path.to_string_lossy()).map(gate_partially);
    let Ok(contract) = read()? else {
        return Ok(None);
    };
    let started = Instant::now();
    let Ok(own) = read()? else { return Ok(None) };
    // Nobody has created what the calls are about.
    let sandbox = Sandbox::of(own).stateless().start().await?;
    let start = started.elapsed();
    let started = Instant::now();
    let schemas = contract.schemas();
    let maker = Maker::new(&contract, &schemas);
    let mut fitting = 0;
    for operation in &contract.api().operations {
        let call = maker.call(operation);
        match judged(&schemas, operation, &sandbox, &call).await {
            Ok(()) => fitting += 1,
            Err(why) => println!("    {}: {why}", operation.title()),
        }
    }
    Ok(Some(Counts {
        operations: contract.api().operations.len(),
        fitting,
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
