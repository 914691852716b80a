//! A server that stays up: what callers do to its connections does nothing to it.

use std::time::Duration;

use sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{of, send};

fn contract() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "It", "version": "1"},
        "paths": {"/it": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {"type": "array"}}}},
            "responses": {"204": {"description": "Fine."}},
        }}},
    })
}

fn address(sandbox: &Sandbox) -> &str {
    sandbox.url().trim_start_matches("http://")
}

/// What a server says to these bytes, until it closes the connection.
async fn said(sandbox: &Sandbox, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address(sandbox)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut said = Vec::new();
    let closed = timeout(Duration::from_secs(20), stream.read_to_end(&mut said)).await;
    closed.expect("the server closes the connection").unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn whoever_is_too_slow_is_sent_away() {
    let sandbox = of(&contract())
        .patience(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    // A connection that says nothing, one that stops in its head, one that waits after a response.
    assert_eq!(said(&sandbox, b"").await, "");
    said(&sandbox, b"POST /it HTTP/1.1\r\nhost").await;
    let waits = said(&sandbox, b"POST /it HTTP/1.1\r\nhost: it\r\n\r\n").await;
    assert!(waits.starts_with("HTTP/1.1 204"), "{waits}");
    let slow = b"POST /it HTTP/1.1\r\nhost: it\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[1";
    let slow = said(&sandbox, slow).await;
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow}");
    assert!(
        slow.contains("the body took more than 0.2 seconds"),
        "{slow}"
    );
}

#[tokio::test]
async fn a_broken_chunk_is_no_large_body() {
    let sandbox = of(&contract()).start().await.unwrap();
    let head = b"POST /it HTTP/1.1\r\nhost: it\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let broken = said(&sandbox, &[&head[..], b"zz\r\n[1]\r\n"].concat()).await;
    assert!(broken.starts_with("HTTP/1.1 400"), "{broken}");
    let whole = [
        &head[..],
        b"3\r\n[1]\r\n0\r\n\r\nPOST /it HTTP/1.1\r\nconnection: close\r\n\r\n",
    ]
    .concat();
    let whole = said(&sandbox, &whole).await;
    assert_eq!(whole.matches("HTTP/1.1 204").count(), 2, "{whole}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let sandbox = of(&contract()).largest_body(10).start().await.unwrap();
    let announced = b"POST /it HTTP/1.1\r\nhost: it\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n";
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    stream.write_all(announced).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
    let json = [("content-type", "application/json")];
    let url = format!("{}/it", sandbox.url());
    assert_eq!(send(&url, "POST", &json, "[1,2,3,4,5,6]").await.status, 413);
    assert_eq!(send(&url, "POST", &json, "[1,2,3]").await.status, 204);
}

#[tokio::test]
async fn a_thousand_idle_connections_keep_nobody_out() {
    let sandbox = of(&contract()).start().await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..1000 {
        let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
        stream.write_all(b"P").await.unwrap();
        idle.push(stream);
    }
    let url = format!("{}/it", sandbox.url());
    let answer = timeout(Duration::from_secs(5), send(&url, "POST", &[], ""));
    assert_eq!(answer.await.unwrap().status, 204);
}
