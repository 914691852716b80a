//! Documents as teams write them, on the wire: the client of a document that has every
//! construct once is called, and what it sends and reads is held against the document.

use generated::{Builder, Client, ErrorKind, types};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::peer::{Act, Peer};

mod absent;
mod files;
mod matrix;
mod reading;
mod streams;

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

/// Answers one request, and gives what was asked.
async fn answer(status: &str, content_type: &str, body: &str) -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 65536];
        let read = stream.read(&mut bytes).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(bytes[..read].to_vec()).unwrap()
    });
    let client = Builder::new().base_url(&url).build().unwrap();
    (client, asked)
}

/// The line and the headers of a request, and its body.
async fn asked(request: JoinHandle<String>) -> (String, String) {
    let text = request.await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
}

#[tokio::test]
async fn parameters_are_written_in_their_styles() {
    let (client, request) = answer("204", "text/plain", "").await;
    let filter = types::Filter {
        color: Some("red".into()),
        size: Some(3),
    };
    client
        .search("h")
        .id(["replaced"])
        .id(["a", "b c"])
        .cookie_id("c;d")
        .joined([1, 2])
        .piped(["x", "y|z"])
        .filter(filter.clone())
        .color(filter.clone())
        .flat(filter.clone())
        .raw([("a", 1)])
        .x_list(["l", "m"])
        .x_filter(filter)
        .await
        .unwrap();
    let (head, _) = asked(request).await;
    let line = head.lines().next().unwrap();
    let query = line.split(['?', ' ']).nth(2).unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "color=red",
            "filter%5Bcolor%5D=red",
            "filter%5Bsize%5D=3",
            "flat=color,red,size,3",
            "id=a",
            "id=b%20c",
            "joined=1,2",
            "piped=x%7Cy%7Cz",
            "raw=%7B%22a%22%3A1%7D",
            "size=3",
        ]
    );
    assert_eq!(header(&head, "id"), Some("h"));
    assert_eq!(header(&head, "x-list"), Some("l,m"));
    assert_eq!(header(&head, "x-filter"), Some("color=red,size=3"));
    assert_eq!(header(&head, "cookie"), Some("id=c%3Bd"));
}

#[tokio::test]
async fn lists_stand_in_the_path_and_scalars_in_the_body() {
    let (client, request) = answer("204", "text/plain", "").await;
    client.put_list([1, 2], 7).await.unwrap();
    let (head, body) = asked(request).await;
    assert!(head.starts_with("PUT /lists/1,2 HTTP"), "{head}");
    assert_eq!(body, "7");
    let (client, request) = answer("204", "text/plain", "").await;
    client.file_options().await.unwrap();
    assert!(asked(request).await.0.starts_with("OPTIONS /files HTTP"));
}

#[tokio::test]
async fn headers_of_responses_are_read_as_documented() {
    let (client, _request) = answer(
        "204",
        "text/plain\r\nAllow: GET, PUT\r\nX-Left: 7\r\nX-Odd: perhaps",
        "",
    )
    .await;
    let done = client.file_options().await.unwrap();
    let headers = generated::headers::FileOptions::from(done.headers());
    assert_eq!(headers.allow(), Some("GET, PUT"));
    assert_eq!((headers.x_left(), headers.x_odd()), (Some(7), None));
}

#[tokio::test]
async fn variables_of_a_path_have_styles() {
    let (client, request) = answer("204", "text/plain", "").await;
    let filter = types::Filter {
        color: Some("a/b".into()),
        size: Some(3),
    };
    client
        .styles(["a,b", "c"], [1, 2], "d;e", filter)
        .await
        .unwrap();
    let (head, _) = asked(request).await;
    let path = head.split(' ').nth(1).unwrap();
    assert_eq!(
        path,
        "/styles/.a%2Cb.c/;matrix=1;matrix=2/;both=d%3Be/color=a%2Fb,size=3"
    );
}

#[tokio::test]
async fn a_form_has_a_field_for_each_value() {
    let (client, request) = answer("204", "text/plain", "").await;
    let filter = types::Filter {
        color: Some("red".into()),
        size: Some(3),
    };
    let body = types::SendFormBody::new("a b").tags(["x", "y"]);
    let body = body.filter(filter.clone()).deep(filter);
    client.send_form(&body).await.unwrap();
    let (head, body) = asked(request).await;
    assert_eq!(
        header(&head, "content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let fields: Vec<&str> = body.split('&').collect();
    assert_eq!(
        fields,
        [
            "deep%5Bcolor%5D=red",
            "deep%5Bsize%5D=3",
            "filter=%7B%22color%22%3A%22red%22%2C%22size%22%3A3%7D",
            "tags=x",
            "tags=y",
            "to=a+b",
        ]
    );
}

#[tokio::test]
async fn an_optional_body_stays_optional_and_keeps_its_media_type() {
    let job = types::Job::new(7);
    for (body, sent, media_type) in [
        (None, "", None),
        (Some(&job), r#"{"job":7}"#, Some("application/vnd.job+json")),
    ] {
        let (client, request) = answer("204", "text/plain", "").await;
        let call = client.create_job();
        let call = match body {
            Some(job) => call.body(job),
            None => call,
        };
        let answered = call.await.unwrap().into_inner();
        assert!(matches!(answered, types::CreateJobSuccess::Status204));
        let (head, body) = asked(request).await;
        assert_eq!(
            (body.as_str(), header(&head, "content-type")),
            (sent, media_type)
        );
    }
}

#[tokio::test]
async fn each_status_has_its_own_variant() {
    use types::{CreateJobError as Failed, CreateJobSuccess as Done};

    let json = "application/json";
    let (client, _request) = answer("200", json, r#"{"id":null,"kind":"part"}"#).await;
    let done = client.create_job().await.unwrap().into_inner();
    assert!(matches!(done, Done::Status200(part) if part.id.is_none()));
    let (client, _request) = answer("202", json, r#"{"job":3}"#).await;
    let done = client.create_job().await.unwrap().into_inner();
    assert!(matches!(done, Done::Status202(types::Job { job: 3, .. })));

    for (status, body) in [
        ("404", r#"{"detail":"no"}"#),
        ("409", r#"{"job":4}"#),
        ("410", ""),
        ("418", "tea"),
    ] {
        let (client, _request) = answer(status, json, body).await;
        let error = client.create_job().await.unwrap_err();
        let said = error.refusal().unwrap();
        let fits = match (status, said) {
            ("404", Failed::Status404(problem)) => problem.detail.as_deref() == Some("no"),
            ("409", Failed::Status409(job)) => job.job == 4,
            ("410", Failed::Status410) => true,
            ("418", Failed::Status418(bytes)) => bytes == b"tea",
            _ => false,
        };
        assert!(fits, "{status}: {said:?}");
        assert_eq!(error.kind(), ErrorKind::Refused);
    }
}

#[tokio::test]
async fn default_is_the_error_beside_a_success() {
    let problem = r#"{"detail":"full"}"#;
    let (client, request) = answer("507", "application/problem+json", problem).await;
    let error = client
        .get_things_by_thing_id_parts("a/b")
        .await
        .unwrap_err();
    let problem = error.refusal().unwrap().problem().unwrap();
    assert_eq!(problem.detail.as_deref(), Some("full"));
    let (head, _) = asked(request).await;
    assert!(head.starts_with("GET /things/a%2Fb/parts HTTP"), "{head}");
}

#[tokio::test]
async fn what_the_document_says_of_values_is_read() {
    let body = r#"{"id":"1","kind":"part","size":2,"owner":{"name":"Ann"},"boss":{},"maybe":null,
        "either":5,"grantType":"a","grant_type":"b","order":">=","blob":"AA==","anything":[1],
        "model":"huge","host":"a.b","when":["a"],"state":"lost","counts":{"t":"x","n":3},
        "texts":{"t":"x"}}"#;
    let (client, _request) = answer("200", "application/json", body).await;
    let part = client.shared().await.unwrap().into_inner();
    assert_eq!(part.owner.unwrap().name.as_deref(), Some("Ann"));
    assert!(part.boss.is_some() && part.maybe.is_none());
    assert_eq!(
        (part.grant_type.as_deref(), part.grant_type_2.as_deref()),
        (Some("a"), Some("b"))
    );
    assert_eq!(
        serde_json::to_value(&part.counts).unwrap(),
        serde_json::json!({"n": 3, "t": "x"})
    );
    assert_eq!(part.texts["t"], "x");
    assert_eq!(part.order, Some(types::PartOrder::GreaterEqual));
    assert_eq!(serde_json::to_value(part.order).unwrap(), ">=");
    assert_eq!(part.anything, Some(serde_json::json!([1])));
    assert_eq!(serde_json::to_value(part.either).unwrap(), 5);
    // What the contract does not list.
    assert_eq!(part.model, Some(types::PartModel::Unknown("huge".into())));
    assert_eq!(part.state, Some(types::PartState::Unknown("lost".into())));
    assert_eq!(serde_json::to_value(part.state).unwrap(), "lost");
    assert_eq!(
        serde_json::to_value(part.when).unwrap(),
        serde_json::json!(["a"])
    );
    assert_eq!(serde_json::to_value(part.host).unwrap(), "a.b");
    assert_eq!(types::PartModel::from("small"), types::PartModel::Small);
}

#[tokio::test]
async fn a_discriminator_says_what_is_read_and_written() {
    use types::{Pet, Vehicle};

    let answered = r#"[{"type":"Car","spare":{"type":"truck","load":1.5}},
        {"type":"truck","wheels":6},{"type":"boat","sails":2},{"wheels":1}]"#;
    let cat = types::Cat::new("kitty").friend(types::Dog::default().into());
    let fish = types::PetFish::new(types::PetFishKind::Eel);
    for (pet, sent) in [
        (Pet::Cat(cat), r#"{"friend":{"kind":"Dog"},"kind":"kitty"}"#),
        (types::Cat::new("dog").into(), r#"{"kind":"cat"}"#),
        (fish.into(), r#"{"kind":"eel"}"#),
        (
            Pet::Unknown(serde_json::json!({"kind": "bird"})),
            r#"{"kind":"bird"}"#,
        ),
    ] {
        let (client, request) = answer("200", "application/json", answered).await;
        let moved = client.adopt(&pet).await.unwrap().into_inner();
        assert_eq!(asked(request).await.1, sent);
        let [
            Vehicle::Car(car),
            Vehicle::Truck(truck),
            Vehicle::Unknown(boat),
            Vehicle::Unknown(cart),
        ] = moved.as_slice()
        else {
            panic!("{moved:?}");
        };
        let spare = car.spare.as_deref();
        assert!(matches!(
            spare,
            Some(Vehicle::Truck(types::Truck {
                load: Some(1.5),
                ..
            }))
        ));
        assert_eq!(truck.wheels, Some(6));
        assert_eq!(boat, &serde_json::json!({"type": "boat", "sails": 2}));
        assert_eq!(cart, &serde_json::json!({"wheels": 1}));
    }
    // What is not what it says that it is does not lose the rest.
    let load = r#"[{"type":"truck","load":"much"}]"#;
    let (client, _request) = answer("200", "application/json", load).await;
    let pet = Pet::Unknown(serde_json::Value::Null);
    let moved = client.adopt(&pet).await.unwrap().into_inner();
    assert!(
        matches!(moved.as_slice(), [Vehicle::Unknown(_)]),
        "{moved:?}"
    );
}

#[tokio::test]
async fn a_property_tells_without_a_discriminator() {
    use types::Shape;

    for (answered, fits) in [
        (r#"{"form":"circle","size":"M"}"#, "circle"),
        (r#"{"form":"square","size":"L"}"#, "square"),
        (r#"{"form":"star","size":"XL"}"#, "star"),
    ] {
        let (client, _request) = answer("200", "application/json", answered).await;
        let shape = client.get_shape().await.unwrap().into_inner();
        assert_eq!(serde_json::to_string(&shape).unwrap(), answered);
        let found = match shape {
            Shape::Circle(circle) => {
                assert_eq!(circle.size, types::ShapeCircleSize::M);
                "circle"
            }
            Shape::Square(square) => {
                assert_eq!(square.size, types::ShapeSquareSize::L);
                "square"
            }
            _ => "star",
        };
        assert_eq!(found, fits);
    }
}

#[tokio::test]
async fn what_is_read_is_what_is_written() {
    let answered = r#"{"id":"1","name":"n","extra":"e","other":"o","version":{"version":2},
        "union":{"a":"1","b":"x","c":"new"},"number":9007199254740993,
        "contact":{"mail":"m","phone":"p"},"body":{"c":"c"},"inner":{"z":1}}"#;
    let (client, request) = answer("200", "application/json", answered).await;
    let body = types::AccountBody2::new().b("b");
    let account = client.account(&body).await.unwrap().into_inner();
    assert_eq!(asked(request).await.1, r#"{"b":"b"}"#);
    let expected: serde_json::Value = serde_json::from_str(answered).unwrap();
    assert_eq!(serde_json::to_value(&account).unwrap(), expected);

    // What only the server writes is not sent.
    let (client, request) = answer("204", "text/plain", "").await;
    let account = types::Account::new("n")
        .secret("s")
        .additional_properties([("more", "m")]);
    client.make_account(&account).await.unwrap();
    assert_eq!(
        asked(request).await.1,
        r#"{"name":"n","secret":"s","more":"m"}"#
    );
    // What the API gave is kept, and not sent back.
    let given = r#"{"id":"7","name":"n"}"#;
    let read: types::Account = serde_json::from_str(given).unwrap();
    assert_eq!(read.id.as_deref(), Some("7"));
    assert_eq!(serde_json::to_string(&read).unwrap(), given);
    let (client, request) = answer("204", "text/plain", "").await;
    client.make_account(&read).await.unwrap();
    assert_eq!(asked(request).await.1, r#"{"name":"n"}"#);
}

#[tokio::test]
async fn an_answer_of_the_contract_is_told_from_that_of_a_proxy() {
    let problem = r#"{"detail":"busy"}"#;
    let json = r#"{"job":1}"#;
    for (status, media_type, body, attempts) in [
        (503, "application/problem+json; charset=utf-8", problem, 4),
        (503, "application/json", problem, 1),
        (503, "application/problem+json", "busy", 1),
        // Of a form that another status has.
        (503, "application/json", json, 1),
        // Nothing tells whose it is.
        (507, "text/plain", "", 1),
    ] {
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let peer = Peer::start(Act::Write(answer.into_bytes())).await;
        let wait = std::time::Duration::from_millis(1);
        let retry = generated::Retry::default().backoff(wait, wait);
        let client = Builder::new().base_url(&format!("http://{}", peer.address));
        let client = client.retry(retry).build().unwrap();
        let error = client.create_job().await.unwrap_err();
        assert_eq!(peer.requests(), attempts, "{status} {media_type} {body}");
        assert_eq!(error.may_have_been_processed(), attempts == 1);
        let trusting = client.with_retry(retry.trust_intermediaries(true));
        trusting.create_job().await.unwrap_err();
        assert_eq!(
            peer.requests(),
            attempts + 4,
            "{status} {media_type} {body}"
        );
    }
}

#[test]
fn a_closed_set_is_printed_and_parsed_as_it_stands_on_the_wire() {
    let all = ["small", "large"];
    for text in all {
        let value: types::Model = text.parse().unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(serde_json::to_value(value).unwrap(), text);
    }
    let error = "nothing".parse::<types::Model>().unwrap_err();
    assert_eq!(error.to_string(), "invalid value");
}
