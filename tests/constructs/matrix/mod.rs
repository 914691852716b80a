//! Every construct in every direction, over loopback: what is sent of a value, what is read of an
//! answer, and both in one call. A row is a snapshot in `snapshots/matrix`.
//!
//! Only requests have parameters; their rows are in `tests/styles`. Only answers are streams of
//! events and values, and only requests have parts that are told apart.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use generated::types::{
    Additional, Bounded, Cat, Chosen, ChosenObject, ChosenObject2, Directed, Dog, EchoFieldsBody,
    EchoPartsBody, Empty, Formats, Lenient, Listed, ListedNumber, ListedOne, ListedText, Nullable,
    Patch, SendFieldsBody, SendPartsBody, Tick, Told,
};
use generated::{Builder, Client, File, MergePatch};
use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::pin;
use crate::server::{Said, header, server};

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

struct Row {
    client: Client,
    requests: UnboundedReceiver<String>,
    /// The media type and the body of answers that are no echo.
    given: Arc<Mutex<[String; 2]>>,
    /// What was seen.
    text: String,
}

impl Row {
    async fn start() -> Self {
        let given = Arc::new(Mutex::new([String::new(), String::new()]));
        let told = Arc::clone(&given);
        let answer = move |head: &str, body: &str| {
            let [media_type, given] = told.lock().unwrap().clone();
            let (status, body) = match head.split(' ').next().unwrap() {
                "GET" => (200, given),
                "PUT" => (200, body.to_owned()),
                _ => (204, String::new()),
            };
            let media_type = match head.starts_with("PUT") && media_type.is_empty() {
                true => header(head, "content-type").unwrap(),
                false => &media_type,
            };
            let headers = format!("content-type: {media_type}\r\n");
            Said {
                status,
                headers,
                body,
            }
        };
        let (url, requests) = server(Arc::new(answer)).await;
        Self {
            client: Builder::new().base_url(&url).build().unwrap(),
            requests,
            given,
            text: String::new(),
        }
    }

    /// Lets the server answer with this.
    fn give(&mut self, media_type: &str, body: &str) {
        *self.given.lock().unwrap() = [media_type.to_owned(), body.to_owned()];
    }

    /// Writes what arrived at the server.
    async fn sent(&mut self) {
        let request = self.requests.recv().await.unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut words = head.split([' ', '\r']);
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let path = path.strip_prefix("/v1").unwrap();
        write!(self.text, "{method} {path}").unwrap();
        if let Some(media_type) = header(head, "content-type") {
            let (media_type, boundary) = match media_type.split_once("; boundary=") {
                Some((name, boundary)) => (format!("{name}; boundary=B"), Some(boundary)),
                None => (media_type.to_owned(), None),
            };
            let body = match boundary {
                Some(boundary) => body.replace(boundary, "B").replace("\r\n", "\n    "),
                None => body.to_owned(),
            };
            write!(self.text, "\n  sent {media_type}\n    {}", body.trim_end()).unwrap();
        }
        self.text.push('\n');
    }

    /// Writes what was answered, and what was made of it.
    fn read(&mut self, answered: Option<&str>, read: &str) {
        if let Some(answered) = answered {
            writeln!(self.text, "  answered\n    {}", answered.trim_end()).unwrap();
        }
        writeln!(self.text, "  read\n    {}", read.trim_end()).unwrap();
    }

    fn pin(&self, name: &str) {
        pin::one("matrix", name, &self.text);
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// A row of types of JSON: what is sent, and what is answered.
macro_rules! row {
    ($name:ident, $send:ident, $give:ident, $echo:ident: [$($value:expr),* $(,)?], [$($answer:expr),* $(,)?]) => {
        #[tokio::test]
        async fn $name() {
            let mut row = Row::start().await;
            $(
                row.client.$send(&$value).await.unwrap();
                row.sent().await;
            )*
            $(
                row.give("application/json", $answer);
                let read = row.client.$give().await.unwrap().into_inner();
                row.sent().await;
                row.read(Some($answer), &json(&read));
            )*
            row.give("", "");
            $(
                let read = row.client.$echo(&$value).await.unwrap().into_inner();
                row.sent().await;
                row.read(None, &json(&read));
            )*
            row.pin(stringify!($name));
        }
    };
}

row!(nullable, send_nullable, give_nullable, echo_nullable: [
    Nullable::new(),
    Nullable::new().owner("o").note("n").tick(Tick::new(1)),
    Nullable::new().note_null().tick_null(),
], [
    r#"{"owner":"o","note":"n","tick":{"n":1}}"#,
    r#"{"owner":null,"note":null,"tick":null}"#,
    "{}",
]);

row!(empty, send_empty, give_empty, echo_empty: [
    Empty::new(),
    Empty::new().tags(["a"]).labels([("k", "v")]).any([("k", 1)]),
    Empty::new().tags([] as [&str; 0]).labels([] as [(&str, &str); 0]).any([] as [(&str, i32); 0]),
], [
    r#"{"tags":["a"],"labels":{"k":"v"},"any":{"k":1}}"#,
    r#"{"tags":[],"labels":{},"any":{}}"#,
    r#"{"tags":null,"labels":null,"any":null}"#,
]);

row!(lenient, send_lenient, give_lenient, echo_lenient: [
    Lenient::new().number(1.5).float(99.99).whole(7).told(true).text("7"),
], [
    r#"{"number":1.5,"float":99.99,"whole":7,"told":true,"text":"7"}"#,
    r#"{"number":"1.5","float":"99.99","whole":"7","told":"true","text":7}"#,
    r#"{"whole":7.0,"text":true}"#,
]);

row!(bounded, send_bounded, give_bounded, echo_bounded: [
    Bounded::new().code("EUR".parse().unwrap()).count(9),
], [
    r#"{"code":"EUR","count":9}"#,
    r#"{"code":"e","count":10,"more":1}"#,
]);

row!(additional, send_additional, give_additional, echo_additional: [
    Additional::new("n"),
    Additional::new("n").additional_properties([("k", 1)]),
], [
    r#"{"name":"n"}"#,
    r#"{"name":"n","k":{"deep":[1]}}"#,
]);

row!(listed, send_listed, give_listed, echo_listed: [
    Listed::new().text(ListedText::A).one(ListedOne::A)
        .number(ListedNumber::try_from(2).unwrap()).mixed("a".into()),
], [
    r#"{"text":"b","one":"a","number":1,"mixed":1}"#,
    r#"{"text":"c","one":"c","number":3,"mixed":"c"}"#,
]);

row!(directed, send_directed, give_directed, echo_directed: [
    Directed::new("n").secret("s"),
], [
    r#"{"id":"i","name":"n"}"#,
    r#"{"id":"i","name":"n","secret":"s"}"#,
]);

row!(chosen, send_chosen, give_chosen, echo_chosen: [
    Chosen::from(ChosenObject::new(1.5)),
    Chosen::from(ChosenObject2::new(2.5)),
    Chosen::from(vec![1, 2]),
], [
    r#"{"net":1.5}"#,
    r#"{"gross":2.5}"#,
    "[1,2]",
    r#"{"gross":"2.5","more":1}"#,
    r#"["1",2]"#,
    "[1]",
]);

row!(told, send_told, give_told, echo_told: [
    Told::from(Cat::new("Cat").lives(9)),
    Told::from(Dog::new("Dog").tricks(1)),
], [
    r#"{"kind":"Cat","lives":"9"}"#,
    r#"{"kind":"Eel","length":1}"#,
]);

row!(formats, send_formats, give_formats, echo_formats: [
    Formats::new()
        .at("2026-01-02T03:04:05Z".parse().unwrap())
        .day("2026-01-02".parse().unwrap())
        .id("67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap())
        .bytes("AAEC")
        .big(i64::MAX),
], [
    r#"{"at":"2026-01-02T03:04:05.678+01:00","day":"2026-01-02","bytes":"AAEC","big":9223372036854775807}"#,
    r#"{"big":"9223372036854775807"}"#,
]);

#[tokio::test]
async fn patch() {
    let mut row = Row::start().await;
    let known = Patch::new()
        .name("a")
        .note("n")
        .tags(["x"])
        .tick(Tick::new(1));
    let changed = Patch::new().name("b").tags(["x"]).tick(Tick::new(1));
    let patches = || {
        let own = Patch::new().note_null().tags([] as [&str; 0]);
        [
            MergePatch::from(&own),
            MergePatch::between(&known, &changed),
        ]
    };
    for patch in patches() {
        row.client.send_patch(patch).await.unwrap();
        row.sent().await;
    }
    let answer = r#"{"name":"a","note":null,"tags":[]}"#;
    row.give("application/json", answer);
    let read = row.client.give_patch().await.unwrap().into_inner();
    row.sent().await;
    row.read(Some(answer), &json(&read));
    row.give("", "");
    for patch in patches() {
        let read = row.client.echo_patch(patch).await.unwrap().into_inner();
        row.sent().await;
        row.read(None, &json(&read));
    }
    row.pin("patch");
}

#[tokio::test]
async fn octets() {
    let mut row = Row::start().await;
    row.client.send_octets("words").await.unwrap();
    row.sent().await;
    row.give("application/octet-stream", "words");
    let mut read = row.client.give_octets().await.unwrap().into_inner();
    row.sent().await;
    let bytes = read.next().await.unwrap().unwrap();
    row.read(Some("words"), std::str::from_utf8(&bytes).unwrap());
    row.give("", "");
    let mut read = row.client.echo_octets("words").await.unwrap().into_inner();
    row.sent().await;
    let bytes = read.next().await.unwrap().unwrap();
    row.read(None, std::str::from_utf8(&bytes).unwrap());
    row.pin("octets");
}

#[tokio::test]
async fn parts() {
    let mut row = Row::start().await;
    let file = || File::from("bytes").named("a.txt").media_type("text/plain");
    let sent = SendPartsBody::new(file())
        .more(["one", "two"])
        .words("w")
        .tick(Tick::new(1));
    row.client.send_parts(sent).await.unwrap();
    row.sent().await;
    let mut read = row
        .client
        .echo_parts(EchoPartsBody::new(file()))
        .await
        .unwrap()
        .into_inner();
    row.sent().await;
    let bytes = read.next().await.unwrap().unwrap();
    row.read(
        None,
        &format!(
            "{} parts",
            String::from_utf8_lossy(&bytes).matches("name=").count()
        ),
    );
    row.pin("parts");
}

#[tokio::test]
async fn fields() {
    let mut row = Row::start().await;
    let sent = SendFieldsBody::new("a b").tags(["x", "y&z"]);
    row.client.send_fields(&sent).await.unwrap();
    row.sent().await;
    let sent = EchoFieldsBody::new("a b");
    let mut read = row.client.echo_fields(&sent).await.unwrap().into_inner();
    row.sent().await;
    let bytes = read.next().await.unwrap().unwrap();
    row.read(None, std::str::from_utf8(&bytes).unwrap());
    row.pin("fields");
}

#[tokio::test]
async fn events() {
    let mut row = Row::start().await;
    let answer = "id: 1\nevent: tick\ndata: {\"n\":1}\n\ndata: {\"n\":\"2\"}\n\n";
    row.give("text/event-stream", answer);
    let mut given = row.client.give_events().await.unwrap().into_inner();
    row.sent().await;
    let mut read = String::new();
    while let Some(event) = given.next().await {
        let event = event.unwrap();
        write!(
            read,
            "{} {:?} {}; ",
            event.event,
            event.id,
            json(&event.data)
        )
        .unwrap();
    }
    row.read(Some(&answer.replace('\n', "\n    ")), &read);
    let mut echoed = row
        .client
        .echo_events("data: {\"n\":3}\n\n")
        .await
        .unwrap()
        .into_inner();
    row.sent().await;
    let event = echoed.next().await.unwrap().unwrap();
    row.read(None, &json(&event.data));
    row.pin("events");
}

#[tokio::test]
async fn values() {
    let mut row = Row::start().await;
    let answer = "{\"n\":1}\n\n{\"n\":\"2\"}";
    row.give("application/jsonl", answer);
    let mut given = row.client.give_values().await.unwrap().into_inner();
    row.sent().await;
    let mut read = String::new();
    while let Some(value) = given.next().await {
        writeln!(read, "{}", json(&value.unwrap())).unwrap();
    }
    row.read(
        Some(&answer.replace('\n', "\n    ")),
        &read.replace('\n', "\n    "),
    );
    row.give("", "");
    let mut echoed = row
        .client
        .echo_values("{\"n\":3}\n")
        .await
        .unwrap()
        .into_inner();
    row.sent().await;
    row.read(None, &json(&echoed.next().await.unwrap().unwrap()));
    row.pin("values");
}
