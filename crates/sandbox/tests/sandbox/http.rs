//! A request by hand, for what the SDK would not send.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, status line and headers in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The media type of the body, without its parameters; nothing where there is none.
    #[allow(dead_code, reason = "not every test that sends asks for it")]
    pub(crate) fn media_type(&self) -> String {
        let mut lines = self.head.lines();
        let found = lines.find_map(|line| line.strip_prefix("content-type: "));
        let essence = found.unwrap_or_default().split(';').next();
        essence.unwrap_or_default().trim().to_owned()
    }
}

/// Sends a request to `url` and reads the response to its end.
pub(crate) async fn send(url: &str, method: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    try_send(url, method, headers, body).await.unwrap()
}

/// The same, with nothing for a connection that ends without a response.
pub(crate) async fn try_send(
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Answer> {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut request = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || !matches!(method, "GET" | "DELETE") {
        request.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    request.push_str(&format!("\r\n{body}"));
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset ends the response too.
    while stream
        .read_buf(&mut answer)
        .await
        .is_ok_and(|read| read > 0)
    {}
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head[9..12].parse().unwrap(),
        head: head.to_lowercase(),
        body: body.to_owned(),
    })
}
