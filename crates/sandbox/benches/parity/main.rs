//! `cargo bench -p sandbox --bench parity`: asks Prism and a sandbox the same, and says where they
//! differ, from one another and from the table. It needs `npx`, which fetches Prism.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sandbox::Sandbox;
use tokio::time::sleep;

#[path = "../../tests/sandbox/http.rs"]
#[allow(dead_code, reason = "the tests look at bodies")]
mod http;
mod table;

use table::{Row, Rows, found, read};

const PRISM: &str = "@stoplight/prism-cli@5.14.2";

/// A process that ends with its use.
struct Prism(Child);

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut rows, mut differ, mut changed) = (0, 0, 0);
    for Rows { document, requests } in read() {
        let Some(path) = found(&document) else {
            println!("SKIPPED {document}: it is not there");
            continue;
        };
        let builder = Sandbox::from_path(&path).unwrap();
        let sandbox = builder.stateless().start().await.unwrap();
        // Free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut command = Command::new("npx");
        command.args([
            "--yes",
            PRISM,
            "mock",
            "-v",
            "silent",
            "-p",
            &port.to_string(),
        ]);
        command
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let Ok(child) = command.spawn() else {
            println!("SKIPPED: there is no `npx`");
            return;
        };
        let _prism = Prism(child);
        let prism = format!("http://127.0.0.1:{port}");
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            sleep(Duration::from_millis(200)).await;
        }
        for row in &requests {
            let (theirs, ours) = (answer(&prism, row).await, answer(sandbox.url(), row).await);
            rows += 1;
            if theirs != ours {
                differ += 1;
                println!(
                    "{document}: {}: {theirs:?} and {ours:?}: {}",
                    row.name, row.reason
                );
            }
            if theirs != row.prism || ours != *row.expected() {
                changed += 1;
                println!(
                    "{document}: {}: the table has {:?}",
                    row.name,
                    row.expected()
                );
            }
        }
    }
    println!(
        "{} of {rows} are answered alike, {changed} are not as in the table",
        rows - differ
    );
}

/// Status and media type.
async fn answer(url: &str, row: &Row) -> (u16, String) {
    let headers: Vec<(&str, &str)> = row
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let url = format!("{url}{}", row.path);
    let body = row.body.as_deref().unwrap_or_default();
    let answer = http::send(&url, &row.method, &headers, body).await;
    (answer.status, answer.media_type())
}
