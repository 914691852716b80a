//! `cargo run --release -p sandbox --example start FILE…`: what the start of a server takes, part by
//! part.

use std::error::Error;
use std::time::Instant;

use contract::Document;
use contract::lint::admit;
use sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let started = Instant::now();
        let document = Document::read(path.as_ref(), path.as_str())?;
        let read = started.elapsed();
        let contract = admit(document).map_err(|_| "the document has errors")?;
        let checked = started.elapsed() - read;
        let sandbox = Sandbox::of(contract).start().await?;
        let all = started.elapsed();
        let served = all - read - checked;
        let [read, checked, served, all] =
            [read, checked, served, all].map(|time| time.as_secs_f64() * 1e3);
        println!("{path}: {all:.1} ms: read {read:.1}, checked {checked:.1}, served {served:.1}");
        drop(sandbox);
    }
    Ok(())
}
