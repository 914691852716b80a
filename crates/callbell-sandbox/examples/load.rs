//! `cargo run --release -p callbell-sandbox --example load [URL]`: creates over 32 connections for
//! three seconds, valid ones and then invalid ones, and prints how many were answered in a second and
//! how long one took. Against a sandbox of its own, or a server at the address of the API's base
//! (Prism's, for instance: the same requests).

use std::error::Error;
use std::time::{Duration, Instant};

use callbell_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const PERIOD: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let own = match &url {
        Some(_) => None,
        None => Some(Sandbox::start().await?),
    };
    let url = url.or_else(|| own.as_ref().map(|own| own.url().to_owned()));
    let url = url.unwrap_or_default();
    let bodies = [
        (
            "valid",
            b'2',
            r#"{"identifier":"123456789","source":"whatsapp","name":"John Doe"}"#,
        ),
        (
            "invalid",
            b'4',
            r#"{"identifier":"123456789","source":"whatsapp","name":7}"#,
        ),
    ];
    for (name, class, body) in bodies {
        let started = Instant::now();
        let callers: Vec<_> = (0..CONNECTIONS)
            .map(|_| tokio::spawn(caller(url.clone(), class, body)))
            .collect();
        let mut times = Vec::new();
        for caller in callers {
            times.extend(caller.await?.map_err(|error| error.to_string())?);
        }
        let seconds = started.elapsed().as_secs_f64();
        times.sort_unstable();
        let rate = times.len() as f64 / seconds;
        let at = |part: usize| {
            times
                .get(times.len() * part / 100)
                .copied()
                .unwrap_or_default()
        };
        println!(
            "{name}: {rate:.0} a second, median {:?}, p99 {:?}, {} KiB",
            at(50),
            at(99),
            resident()
        );
    }
    Ok(())
}

/// How long each answer took; they are all of one class of statuses.
async fn caller(
    url: String,
    class: u8,
    body: &'static str,
) -> Result<Vec<Duration>, std::io::Error> {
    let host = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default();
    let path = url.trim_start_matches("http://").trim_start_matches(host);
    let request = format!(
        "POST {path}/contacts HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer YOUR_API_KEY\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut buffer) = (Vec::new(), Vec::new());
    let end = Instant::now() + PERIOD;
    while Instant::now() < end {
        let started = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        buffer.clear();
        while !is_whole(&buffer) {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        times.push(started.elapsed());
        if buffer.get(9) != Some(&class) {
            return Err(std::io::Error::other(
                String::from_utf8_lossy(&buffer).into_owned(),
            ));
        }
    }
    Ok(times)
}

/// Whether a response has come to its end.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let mut lines = bytes[..head].split(|byte| *byte == b'\n');
    let length = lines.find_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (line.get(..at)?, line.get(at + 1..)?);
        let value = name
            .eq_ignore_ascii_case(b"content-length")
            .then_some(value)?;
        std::str::from_utf8(value)
            .ok()?
            .trim()
            .parse::<usize>()
            .ok()
    });
    match length {
        Some(length) => bytes.len() >= head + 4 + length,
        // Chunks, as Node sends them.
        None => bytes.ends_with(b"0\r\n\r\n"),
    }
}

/// The memory of this process, in KiB, where the system tells it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default()
}
