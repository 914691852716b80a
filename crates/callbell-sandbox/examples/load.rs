//! `cargo run --release -p callbell-sandbox --example load [URL [DRIPS [SECONDS]]]`: creates over 32
//! connections for three seconds, valid ones and then invalid ones, and prints how many were answered
//! in a second and how long one took. Against a sandbox of its own, or a server at the address of the
//! API's base (Prism's, for instance: the same requests). So many other connections drip meanwhile: each
//! sends a byte of a request that never ends every 200 ms.

use std::error::Error;
use std::time::{Duration, Instant};

use callbell_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
/// How long a load takes, in seconds, unless it is said.
const PERIOD: u64 = 3;
/// How often a connection sends a byte that drips.
const DRIP: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let argument = |at| std::env::args().nth(at);
    let url = argument(1);
    let drips = argument(2).map_or(Ok(0), |text| text.parse::<usize>())?;
    let seconds = argument(3).map_or(Ok(PERIOD), |text| text.parse())?;
    let period = Duration::from_secs(seconds);
    let own = match &url {
        Some(_) => None,
        None => Some(Sandbox::start().await?),
    };
    let url = url.or_else(|| own.as_ref().map(|own| own.url().to_owned()));
    let url = url.unwrap_or_default();
    let mut dripping = tokio::task::JoinSet::new();
    for _ in 0..drips {
        dripping.spawn(drip(url.clone()));
    }
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
            .map(|_| tokio::spawn(caller(url.clone(), class, body, period)))
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
    period: Duration,
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
    let end = Instant::now() + period;
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

/// Sends a request byte by byte, again and again.
async fn drip(url: String) {
    let rest = url.trim_start_matches("http://");
    let host = rest.split('/').next().unwrap_or_default();
    loop {
        let Ok(mut stream) = TcpStream::connect(host).await else {
            return;
        };
        // A server that has enough of it closes the connection.
        while stream.write_all(b"P").await.is_ok() {
            tokio::time::sleep(DRIP).await;
        }
    }
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
