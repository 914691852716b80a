//! Files on the wire: forms of several parts and bodies of bytes, from memory, from paths and from
//! readers.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::generated::types::{UploadBody, UploadBodyKind, UploadBodyPartOf};
use super::generated::{Builder, Client, ErrorKind, File, Parts, Retry};

/// A whole request: its head, and its body without what chunks are told apart by.
async fn whole(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let read = stream.read_buf(&mut bytes).await.unwrap();
        assert!(read > 0, "a request has a head");
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8(bytes).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    match length.map(|length| length.parse::<usize>().unwrap()) {
        Some(length) => {
            while body.len() < length && stream.read_buf(&mut body).await.unwrap() > 0 {}
            (head, body)
        }
        None => {
            while !body.ends_with(b"0\r\n\r\n") && stream.read_buf(&mut body).await.unwrap() > 0 {}
            (head, unchunked(&body))
        }
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        body = &body[end + 2..];
        whole.extend_from_slice(&body[..size]);
        body = &body[size + 2..];
        if size == 0 {
            break;
        }
    }
    whole
}

/// A server that answers with these statuses, and what it was asked.
async fn server(statuses: &'static [u16]) -> (Client, UnboundedReceiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = unbounded_channel();
    tokio::spawn(async move {
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = sender.send(whole(&mut stream).await);
            let answer =
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let short = Duration::from_millis(1);
    let retry = Retry::default().backoff(short, short);
    let client = Builder::new().base_url(&url).retry(retry).build().unwrap();
    (client, asked)
}

/// The body of a form, with `B` for what tells its parts apart.
fn form((head, body): (String, Vec<u8>)) -> String {
    let (_, boundary) = head.split_once("multipart/form-data; boundary=").unwrap();
    let boundary = boundary.lines().next().unwrap();
    assert!(
        head.contains(&format!("content-length: {}\r\n", body.len())) || head.contains("chunked")
    );
    String::from_utf8(body)
        .unwrap()
        .replace(boundary, "B")
        .replace("\r\n", "\n")
}

fn upload() -> UploadBody {
    UploadBody::new(File::bytes("PNG").named("a\"b\n.png"), "Anna & Bob")
}

#[tokio::test]
async fn a_form_has_a_part_for_each_value() {
    let (client, mut asked) = server(&[204, 204]).await;
    client.upload(upload()).await.unwrap();
    let least = "--B\nContent-Disposition: form-data; name=\"photo\"; filename=\"a%22b%0A.png\"\nContent-Type: image/png\n\nPNG\n\
                 --B\nContent-Disposition: form-data; name=\"title\"\n\nAnna & Bob\n\
                 --B--\n";
    assert_eq!(form(asked.recv().await.unwrap()), least);

    let header = ("x-note".parse().unwrap(), "n".parse().unwrap());
    let all = upload()
        .count(3)
        .kind(UploadBodyKind::B)
        .more([
            File::bytes("1"),
            File::bytes("2").named("two").header(header.0, header.1),
        ])
        .notes(["x", "y"])
        .part_of(UploadBodyPartOf::new().deep(7))
        .raw(File::bytes("GIF").media_type("image/gif"))
        .tags(["s", "t"]);
    client.upload(all).await.unwrap();
    let parts = form(asked.recv().await.unwrap());
    let wanted = "--B\nContent-Disposition: form-data; name=\"count\"\n\n3\n\
                  --B\nContent-Disposition: form-data; name=\"kind\"\n\nb\n\
                  --B\nContent-Disposition: form-data; name=\"more\"; filename=\"more\"\nContent-Type: application/octet-stream\n\n1\n\
                  --B\nContent-Disposition: form-data; name=\"more\"; filename=\"two\"\nContent-Type: application/octet-stream\nx-note: n\n\n2\n\
                  --B\nContent-Disposition: form-data; name=\"notes\"\nContent-Type: application/json\n\n[\"x\",\"y\"]\n\
                  --B\nContent-Disposition: form-data; name=\"part-of\"\nContent-Type: application/json\n\n{\"deep\":7}\n\
                  --B\nContent-Disposition: form-data; name=\"photo\"; filename=\"a%22b%0A.png\"\nContent-Type: image/png\n\nPNG\n\
                  --B\nContent-Disposition: form-data; name=\"raw\"; filename=\"raw\"\nContent-Type: image/gif\n\nGIF\n\
                  --B\nContent-Disposition: form-data; name=\"tags\"\n\ns\n\
                  --B\nContent-Disposition: form-data; name=\"tags\"\n\nt\n\
                  --B\nContent-Disposition: form-data; name=\"title\"\n\nAnna & Bob\n\
                  --B--\n";
    assert_eq!(parts, wanted);
}

#[tokio::test]
async fn a_form_without_a_type_is_filled_by_the_caller() {
    let (client, mut asked) = server(&[204]).await;
    let parts = Parts::new().text("a", "1").file("b", File::bytes("2"));
    client.send_mixed().body(parts).await.unwrap();
    let wanted = "--B\nContent-Disposition: form-data; name=\"a\"\n\n1\n\
                  --B\nContent-Disposition: form-data; name=\"b\"\n\n2\n--B--\n";
    assert_eq!(form(asked.recv().await.unwrap()), wanted);
}

/// What can be read again is sent again, and nothing else is.
#[tokio::test]
async fn a_file_is_sent_again_where_it_can_be() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("photo.png");
    fs::write(&path, "PNG").unwrap();
    let (client, mut asked) = server(&[503, 503, 204, 503, 204]).await;
    client.put_blob(path.clone()).await.unwrap();
    for _ in 0..3 {
        let (head, body) = asked.recv().await.unwrap();
        assert!(head.contains("content-length: 3\r\n"), "{head}");
        assert_eq!(body, b"PNG");
    }
    let once = File::reader(&b"PNG"[..], None);
    let error = client.put_blob(once.clone()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::ServerFault, 1)
    );
    let (head, body) = asked.recv().await.unwrap();
    assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
    assert_eq!(body, b"PNG");
    let error = client.put_blob(once).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("a file that is there once was sent already; nothing was sent"),
        "{error}"
    );

    let known = File::reader(&b"PNG and more"[..], Some(3));
    client.put_blob(known).await.unwrap();
    let (head, body) = asked.recv().await.unwrap();
    assert!(head.contains("content-length: 3\r\n"), "{head}");
    assert_eq!(body, b"PNG");
}

#[tokio::test]
async fn a_form_is_sent_again_where_it_can_be() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("photo.png");
    fs::write(&path, "PNG").unwrap();
    let (client, mut asked) = server(&[429, 204, 429]).await;
    client
        .upload(UploadBody::new(path.as_path(), "t"))
        .await
        .unwrap();
    let first = form(asked.recv().await.unwrap());
    assert!(
        first.contains("filename=\"photo.png\"\nContent-Type: image/png\n\nPNG\n"),
        "{first}"
    );
    assert_eq!(form(asked.recv().await.unwrap()), first);
    let once = UploadBody::new(File::reader(&b"PNG"[..], None).named("r"), "t");
    let error = client.upload(once).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 1)
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told_before_anything_is_sent() {
    let folder = TempDir::new().unwrap();
    let (client, mut asked) = server(&[204]).await;
    for (path, wanted) in [("none.png", "cannot be read: "), ("", "is a folder")] {
        let file = File::open(folder.path().join(path));
        let error = client.put_blob(file.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = error.to_string();
        assert!(
            text.contains(wanted) && text.ends_with("nothing was sent"),
            "{text}"
        );
        let error = client.upload(UploadBody::new(file, "t")).await.unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
    let odd = File::bytes("1").media_type("a\r\nx: y");
    let error = client.upload(UploadBody::new(odd, "t")).await.unwrap_err();
    assert!(
        error.to_string().contains("has more than one line"),
        "{error}"
    );
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn bytes_are_sent_as_they_are() {
    let (client, mut asked) = server(&[204, 204, 204]).await;
    client.put_blob("text").await.unwrap();
    client.put_blob(vec![0_u8, 255]).await.unwrap();
    client.put_blob("").await.unwrap();
    for wanted in [b"text".as_slice(), &[0, 255], b""] {
        let (head, body) = asked.recv().await.unwrap();
        assert!(
            head.contains("content-type: application/octet-stream\r\n"),
            "{head}"
        );
        assert_eq!(body, wanted);
    }
}
