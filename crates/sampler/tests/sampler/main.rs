//! What the sampler makes.
#![allow(clippy::unwrap_used)]

mod examples;
mod properties;

use contract::schema::{Direction, Schemas};
use contract::{Document, Source};
use sampler::Sampler;
use serde_json::{Value, json};

/// Where the schema of a test stands.
const AT: &str = "/components/schemas/It";

/// A sample of a schema as it travels in a direction.
fn sample(
    version: &str,
    schemas: &Value,
    direction: Direction,
    seed: u64,
) -> Result<Value, String> {
    let document = json!({"openapi": version, "components": {"schemas": schemas}});
    let document = Document::parse(Source::new("it.json", document.to_string()));
    let validators = Schemas::of(document.root());
    let validator = validators.get(AT, direction).map_err(|e| e.to_string())?;
    let sampler = Sampler::new(document.root(), direction).seed(seed);
    let sampled = sampler.sample(AT, |value| validator.is_valid(value));
    sampled.map_err(|first| {
        let Some(first) = first else {
            return "nothing".to_owned();
        };
        let violations = validator.check(&first);
        let told = violations
            .iter()
            .map(|v| format!("{}: {}", v.pointer, v.message));
        format!("{first}: {}", told.collect::<Vec<_>>().join("; "))
    })
}

/// The same for one schema in a response.
fn one(version: &str, schema: Value) -> Result<Value, String> {
    sample(version, &json!({"It": schema}), Direction::Response, 0)
}
