//! `cargo run --release -p sampler --example corpus FOLDER`: makes a value of every schema of
//! every answer in the documents of a folder, prints those of which none fits, and how many do.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use contract::Document;
use contract::operation::Api;
use contract::schema::{Direction, Schemas};
use sampler::Sampler;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let mut paths: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).collect();
    paths.sort_by_key(|entry| entry.file_name());
    let (mut tried, mut fitting) = (0, 0);
    for path in &paths {
        let started = Instant::now();
        let (here, fit) = document(&path.path())?;
        println!(
            "{}: {fit} of {here} in {} ms",
            path.file_name().to_string_lossy(),
            started.elapsed().as_millis()
        );
        (tried, fitting) = (tried + here, fitting + fit);
    }
    println!("{fitting} of {tried} schemas have a value");
    Ok(())
}

fn document(path: &Path) -> Result<(usize, usize), Box<dyn std::error::Error>> {
    let document = Document::read(path, path.to_string_lossy())?;
    let (api, schemas) = (Api::read(document.root()), Schemas::of(document.root()));
    let sampler = Sampler::new(document.root(), Direction::Response);
    let mut seen = HashSet::new();
    let (mut tried, mut fitting) = (0, 0);
    for operation in &api.operations {
        let content = operation.responses.iter().flat_map(|r| &r.content);
        for schema in content.filter_map(|media_type| media_type.schema.as_ref()) {
            let key = schema
                .component
                .as_deref()
                .unwrap_or(&schema.origin.pointer);
            if !seen.insert(key.to_owned()) {
                continue;
            }
            let at = &schema.origin.pointer;
            let validator = match schemas.get(at, Direction::Response) {
                Ok(validator) => validator,
                Err(error) => {
                    println!("    unusable: {at}: {error}");
                    continue;
                }
            };
            tried += 1;
            match sampler.sample(at, |value| validator.is_valid(value)) {
                Ok(_) => fitting += 1,
                Err(first) => {
                    println!("    none: {at}");
                    for violation in validator.check(&first.unwrap_or_default()).iter().take(3) {
                        println!("        {}: {}", violation.pointer, violation.message);
                    }
                }
            }
        }
    }
    Ok((tried, fitting))
}
