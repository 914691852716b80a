//! `cargo run --release -p callbell-sandbox --example rate [CREATES]`: as many creates at
//! once as there are, against a server that enforces the contract's limit. 10,000 unless
//! told. Fails when any call got 429.

use std::process::ExitCode;
use std::time::Instant;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, RATE_LIMIT, RATE_LIMIT_PERIOD, Retry};
use callbell_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let creates = std::env::args()
        .nth(1)
        .map_or(Ok(10_000), |text| text.parse())?;
    let sandbox = Sandbox::start().await?;
    sandbox.enforce_rate_limit(RATE_LIMIT as usize, RATE_LIMIT_PERIOD);
    // One attempt each, so that no 429 goes unseen; all else is as it is unless told.
    let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?).base_url(sandbox.url());
    let client = client.retry(Retry::never()).build()?;

    let started = Instant::now();
    let calls: Vec<_> = (0..creates)
        .map(|identifier: u32| {
            let client = client.clone();
            let identifier = identifier.to_string();
            let request = CreateContactRequest::new(identifier, "John Doe", Source::Whatsapp);
            tokio::spawn(async move { client.create_contact(&request).await.map(|_| ()) })
        })
        .collect();
    let (mut limited, mut failed) = (0, 0);
    for call in calls {
        match call.await? {
            Ok(()) => {}
            Err(error) if error.status().is_some_and(|status| status == 429) => limited += 1,
            Err(_) => failed += 1,
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{creates} creates in {seconds:.1} s, {limited} times 429, {failed} other failures");
    Ok(match limited + failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
