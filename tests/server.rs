//! A server that answers as it is told, and tells what arrives.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What a server answers to a request, of which it knows the head and the body.
pub(crate) type Answer<S> = dyn Fn(&str, &str) -> S + Send + Sync;

/// A response.
pub(crate) struct Said {
    pub(crate) status: u16,
    /// Lines, each with its end.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl From<(u16, String)> for Said {
    fn from((status, body): (u16, String)) -> Self {
        let headers = String::new();
        Self {
            status,
            headers,
            body,
        }
    }
}

/// The address of a server, and what arrives there.
pub(crate) async fn server<S: Into<Said> + Send + 'static>(
    answer: Arc<Answer<S>>,
) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (seen, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, seen) = (Arc::clone(&answer), seen.clone());
            tokio::spawn(async move {
                let mut bytes = vec![0; 65536];
                let mut filled = 0;
                // A form may come after its head.
                let text = loop {
                    let read = stream.read(&mut bytes[filled..]).await.unwrap();
                    filled += read;
                    let text = String::from_utf8_lossy(&bytes[..filled]).into_owned();
                    let is_whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                        let length = header(head, "content-length");
                        body.len() >= length.map_or(0, |length| length.parse().unwrap())
                    });
                    if is_whole || read == 0 {
                        break text;
                    }
                };
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                // Whoever does not wait for a token asks for another.
                if head.starts_with("POST /token") {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                let Said {
                    status,
                    headers,
                    body,
                } = answer(head, body).into();
                let _ = seen.send(text.clone());
                let length = body.len();
                let json = match header(&headers, "content-type") {
                    Some(_) => "",
                    None => "content-type: application/json\r\n",
                };
                let said = format!(
                    "HTTP/1.1 {status} X\r\n{json}{headers}\
                     connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                let _ = stream.write_all(said.as_bytes()).await;
            });
        }
    });
    (url, requests)
}

/// The value of a header in the head of a request.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
}
