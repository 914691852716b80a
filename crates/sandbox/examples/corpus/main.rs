//! `cargo run --release -p sandbox --example corpus FOLDER [NAME [memory]]`: starts a server of every
//! document in a folder, sends each operation a request that fits, and holds the answer against the
//! document. Prints what does not fit, how long each server took to start, and how many answers
//! were valid. With `memory` the servers remember, and not to find what nobody has created is valid.

use std::error::Error;
use std::fs;
use std::time::Duration;

mod judgement;

use judgement::{Counts, document};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder")?;
    let wanted = arguments.next().unwrap_or_default();
    let remembers = arguments.next().is_some_and(|mode| mode == "memory");
    let mut paths: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).collect();
    paths.retain(|entry| entry.file_name().to_string_lossy().contains(&wanted));
    paths.sort_by_key(|entry| entry.file_name());
    let (mut asked, mut valid, mut slowest) = (0, 0, Duration::ZERO);
    for path in paths {
        let name = path.file_name().to_string_lossy().into_owned();
        let Some(counts) = document(&path.path(), remembers).await? else {
            println!("{name}: refused");
            continue;
        };
        let Counts {
            operations,
            faults,
            start,
            calls,
        } = counts;
        let fitting = operations - faults.len();
        for fault in faults {
            println!("    {fault}");
        }
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
