//! Files larger than the memory that they are sent and read with.
#![allow(clippy::unwrap_used)]

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use sdk_runtime::{Builder, ByteStream, File, Operation, Parts, Request, Transport};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// So many bytes, unless the environment says more.
const SIZE: u64 = 256 << 20;

/// What the process may hold at most: more than it needs, and less than any of the files.
const MOST: u64 = 64 << 20;

const fn operation(method: &'static str, streamed: bool) -> Operation {
    Operation {
        id: "transfer",
        method,
        path: "/",
        server: None,
        accept: None,
        security: &[],
        idempotent: true,
        idempotency_key: None,
        not_processed: |_| false,
        form: |_| None,
        streamed,
    }
}

const UPLOAD: Operation = operation("PUT", false);
const DOWNLOAD: Operation = operation("GET", true);

/// So many bytes that nobody holds.
struct Zeros(u64);

impl AsyncRead for Zeros {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let most =
            usize::try_from(self.0).map_or(buffer.remaining(), |left| left.min(buffer.remaining()));
        buffer.initialize_unfilled_to(most).fill(0);
        buffer.advance(most);
        self.0 -= most as u64;
        Poll::Ready(Ok(()))
    }
}

/// Reads a request of any size, and says how many bytes came; or writes as many as that.
async fn serve(mut stream: TcpStream, size: u64) -> io::Result<()> {
    let mut piece = vec![0; 1 << 16];
    let read = stream.read(&mut piece).await?;
    let text = String::from_utf8_lossy(&piece[..read]).to_ascii_lowercase();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    if head.starts_with("get") {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        let mut zeros = Zeros(size);
        tokio::io::copy(&mut zeros, &mut stream).await?;
        return Ok(());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: u64 = length
        .and_then(|length| length.parse().ok())
        .unwrap_or_default();
    let mut came = body.len() as u64;
    while came < length {
        match stream.read(&mut piece).await? {
            0 => return Ok(()),
            read => came += read as u64,
        }
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{came}",
        came.to_string().len()
    );
    stream.write_all(answer.as_bytes()).await
}

async fn transport(size: u64) -> Transport {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, size));
        }
    });
    let builder = Builder::<Transport>::new(&url, "transfer");
    builder.without_rate_limit().build().unwrap()
}

fn request(transport: &Transport) -> Request<u64, ()> {
    Request::new(transport, &UPLOAD, |response| response.json())
}

/// What the process held at most, in bytes, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    Some(kib << 10)
}

#[tokio::test]
async fn files_are_larger_than_the_memory_that_they_need() {
    let size = std::env::var("TRANSFER_BYTES")
        .ok()
        .and_then(|size| size.parse().ok());
    let size = size.unwrap_or(SIZE);
    let transport = transport(size).await;

    let mut upload = request(&transport);
    upload.bytes(
        "application/octet-stream",
        File::reader(Zeros(size), Some(size)),
    );
    assert_eq!(upload.await.unwrap().into_inner(), size);

    let mut form = request(&transport);
    let file = File::reader(Zeros(size), Some(size)).named("zeros");
    form.parts(
        "multipart/form-data",
        Parts::new().text("a", "b").file("file", file),
    );
    assert!(form.await.unwrap().into_inner() > size);

    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("zeros");
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    let mut upload = request(&transport);
    upload.bytes("application/octet-stream", File::open(path));
    assert_eq!(upload.await.unwrap().into_inner(), size);

    let download: Request<ByteStream, ()> =
        Request::new(&transport, &DOWNLOAD, |response| response.stream());
    let mut bytes = download.await.unwrap().into_inner();
    let mut came = 0;
    while let Some(piece) = bytes.next().await {
        came += piece.unwrap().len() as u64;
    }
    assert_eq!(came, size);

    match peak() {
        Some(peak) => {
            println!("{size} bytes there and back with {} MiB", peak >> 20);
            assert!(peak < MOST, "{} MiB were held", peak >> 20);
        }
        None => println!("SKIPPED: this system does not tell how much memory was held"),
    }
}
