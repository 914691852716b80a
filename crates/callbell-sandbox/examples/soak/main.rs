//! `cargo run --release -p callbell-sandbox --example soak [CREATES] [SEED]`: creates
//! contacts while everything fails, and fails itself when the two ends contradict each
//! other. 100,000 creates unless told.

use std::process::ExitCode;
use std::time::Instant;

mod soak;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>());
    let creates = numbers.next().unwrap_or(Ok(100_000))?;
    let seed = numbers.next().unwrap_or(Ok(1))?;
    let started = Instant::now();
    let step = creates.div_ceil(10);
    let mut memory = Vec::new();
    let summary = soak::soak(creates, seed.into(), |done| {
        if done % step == 0 {
            let resident = resident().unwrap_or_default();
            println!("{done:>8} creates, {resident:>6} KiB");
            memory.push(resident);
        }
    })
    .await?;
    // What grows with the calls would have grown by more than half, beside the contacts that the
    // sandbox remembers: a KiB each is more than they take.
    let remembered = u64::from(summary.listed);
    let grew = match memory.as_slice() {
        [first, .., last] => *last > first + first / 2 + remembered,
        _ => false,
    };
    println!(
        "{summary}\nseconds              {}",
        started.elapsed().as_secs()
    );
    for contradiction in &summary.contradictions {
        println!("{contradiction}");
    }
    if grew {
        println!("the memory grew: {memory:?} KiB");
    }
    Ok(match summary.contradictions.is_empty() && !grew {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The resident memory of both ends, in KiB, where the system tells it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
