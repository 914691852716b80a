//! A server of raw sockets on loopback, for responses that no honest server gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What the server does with a request that it has read.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Writes these bytes and closes the connection.
    Write(Vec<u8>),
    /// Writes these bytes and then nothing more, with the connection open.
    Stall(Vec<u8>),
    /// Writes the head, and then bytes for as long as somebody reads.
    Endless(Vec<u8>),
    Close,
    Reset,
}

#[derive(Debug)]
pub(crate) struct Peer {
    /// Host and port.
    pub(crate) address: String,
    requests: Arc<AtomicUsize>,
    written: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Peer {
    pub(crate) async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(AtomicUsize::new(0));
        let written = Arc::new(AtomicUsize::new(0));
        let counters = (Arc::clone(&requests), Arc::clone(&written));
        let server = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (requests, written) = (Arc::clone(&counters.0), Arc::clone(&counters.1));
                let act = act.clone();
                connections.spawn(async move {
                    let mut stream = stream;
                    if read_request(&mut stream).await {
                        requests.fetch_add(1, Ordering::SeqCst);
                        act.perform(stream, &written).await;
                    }
                });
            }
        });
        Self {
            address,
            requests,
            written,
            server,
        }
    }

    /// How many requests arrived whole.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many bytes of endless bodies were written.
    pub(crate) fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Act {
    async fn perform(self, mut stream: TcpStream, written: &AtomicUsize) {
        match self {
            Self::Write(bytes) => {
                // Whoever does not listen any more is tested elsewhere.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Self::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            Self::Endless(head) => {
                let _ = stream.write_all(&head).await;
                while stream.write_all(&[b' '; 1024]).await.is_ok() {
                    written.fetch_add(1024, Ordering::SeqCst);
                }
            }
            Self::Close => {}
            Self::Reset => stream.set_zero_linger().unwrap(),
        }
    }
}

/// Whether a whole HTTP request came: its head, and as much body as it says.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return true;
            }
        }
        match stream.read_buf(&mut bytes).await {
            // What is no HTTP, such as TLS, is let hang until it gives up.
            Ok(0) | Err(_) => return false,
            Ok(_) if bytes.first() == Some(&0x16) => {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                return false;
            }
            Ok(_) => {}
        }
    }
}
