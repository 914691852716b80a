//! How soon pages show something, in one browser and by turns: the first thing, and the largest one.
//!
//! `cargo run --release --package docs --example paint -- target/site/en/index.html other.html`, or with
//! addresses.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use driver::Driver;
use serde_json::Value;

#[path = "../tests/driver/mod.rs"]
mod driver;

/// So often each page is opened.
const TURNS: usize = 15;
/// Asks for both times, in milliseconds, a while after all is there.
const TIMES: &str = "
    const done = arguments[arguments.length - 1];
    setTimeout(() => {
        const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
        new PerformanceObserver((list) => done([first, list.getEntries().at(-1)?.startTime]))
            .observe({ type: 'largest-contentful-paint', buffered: true });
    }, 1500);";

#[tokio::main]
async fn main() {
    let pages: Vec<String> = std::env::args().skip(1).collect();
    let Some(driver) = Driver::start() else {
        return eprintln!("there is no chromedriver");
    };
    let browser = driver.browser(true, 1400).await;
    let mut times = vec![(Vec::new(), Vec::new()); pages.len()];
    for _ in 0..TURNS {
        for (page, (first, largest)) in pages.iter().zip(&mut times) {
            let file = || {
                format!(
                    "file://{}",
                    Path::new(page).canonicalize().unwrap().display()
                )
            };
            let is_address = page.contains("://");
            let address = if is_address { page.clone() } else { file() };
            browser.goto(&address).await.unwrap();
            let told = browser.execute_async(TIMES, Vec::new()).await.unwrap();
            first.extend(told.get(0).and_then(Value::as_f64));
            largest.extend(told.get(1).and_then(Value::as_f64));
        }
    }
    browser.close().await.unwrap();
    println!(
        "{:>8} {:>8}  page ({TURNS} turns, medians in ms)",
        "first", "largest"
    );
    for (page, (first, largest)) in pages.iter().zip(times) {
        println!("{:>8.0} {:>8.0}  {page}", median(first), median(largest));
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
