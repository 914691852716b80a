//! A server of axum that receives events, as an application would have one, and what it answers.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sandbox::{Sandbox, SendError, Webhook};
use sdk_runtime::Verifier;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::generated::WebhookError;
use super::generated::webhooks::{Event, verifier};

const SECRET: &str = "not a secret";

struct Application {
    verifier: Verifier,
    events: UnboundedSender<Event>,
}

/// The handler of an application: what the API did not send is refused, and what is not known is
/// taken all the same, or it comes again and again.
async fn receive(
    State(application): State<Arc<Application>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match Event::verified(&application.verifier, &headers, &body) {
        Ok(event) => {
            let _ = application.events.send(event);
            StatusCode::NO_CONTENT
        }
        Err(WebhookError::Signature(_)) => StatusCode::UNAUTHORIZED,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// What the API sends with a body, signed by a secret.
fn signature(secret: &str, body: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seconds = now.as_secs();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// An application that listens, and what it was told.
async fn application() -> (String, UnboundedReceiver<Event>) {
    let (events, received) = unbounded_channel();
    let verifier = verifier(SECRET).refuse_replays();
    let application = Arc::new(Application { verifier, events });
    let router = Router::new()
        .route("/events", post(receive))
        .with_state(application);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

#[tokio::test]
async fn an_application_receives_what_the_api_sends() {
    let (url, mut received) = application().await;
    let send = async |signature: &str, body: &'static str| {
        let request = reqwest::Client::new().post(&url).body(body);
        let request = request.header("x-pets-signature", signature);
        request.send().await.unwrap().status().as_u16()
    };
    let shipped = r#"{"kind":"shipped","parcel":"7"}"#;
    let signed = signature(SECRET, shipped);
    assert_eq!(send(&signed, shipped).await, 204);
    let event = received.recv().await.unwrap();
    assert!(
        matches!(&event, Event::Shipped(one) if one.parcel == "7"),
        "{event:?}"
    );
    // Once more, by a foreign key, with another body, and one that does not fit.
    assert_eq!(send(&signed, shipped).await, 401);
    assert_eq!(send(&signature("another", shipped), shipped).await, 401);
    assert_eq!(send(&signature(SECRET, shipped), "{}").await, 401);
    let unfit = r#"{"kind":"shipped","parcel":[]}"#;
    assert_eq!(send(&signature(SECRET, unfit), unfit).await, 400);
    assert!(received.try_recv().is_err());
    let unknown = r#"{"kind":"grown"}"#;
    assert_eq!(send(&signature(SECRET, unknown), unknown).await, 204);
    assert!(matches!(received.recv().await, Some(Event::Unknown(_))));
}

async fn sandbox() -> Sandbox {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/events/openapi.yaml");
    Sandbox::from_path(contract).unwrap().start().await.unwrap()
}

#[tokio::test]
async fn an_application_receives_what_a_sandbox_sends() {
    let (url, mut received) = application().await;
    let sandbox = sandbox().await;
    let event = |name: &str| Webhook::new(name, &url).secret(SECRET);
    let late = |seconds| event("pet.sold").late(Duration::from_secs(seconds));
    let sent = sandbox
        .send([
            event("pet.born"),
            event("shipped"),
            event("pet.sold").body(serde_json::json!({"price": 2.5})),
            // Too old for whoever keeps five minutes, and just not.
            late(3600),
            late(200),
            event("pet.sold").wrongly_signed(),
            event("pet.sold").unsigned(),
            Webhook::new("pet.sold", "http://127.0.0.1:1/events"),
        ])
        .await
        .unwrap();
    let statuses: Vec<Option<u16>> = sent.iter().map(|one| one.status).collect();
    let expected = [204, 204, 204, 401, 204, 401, 401].map(Some);
    assert_eq!(statuses[..7], expected);
    // The contract has 200 for one, and 204 for the other.
    let described: Vec<bool> = sent.iter().map(|one| one.is_described).collect();
    assert_eq!(described[..2], [false, true]);
    assert!(
        sent[7].status.is_none() && sent[7].error.is_some(),
        "{:?}",
        sent[7]
    );
    assert!(matches!(received.recv().await, Some(Event::PetBorn(_))));
    assert!(matches!(received.recv().await, Some(Event::Shipped(_))));
    let sold = received.recv().await;
    assert!(
        matches!(&sold, Some(Event::PetSold(one)) if one.price == 2.5),
        "{sold:?}"
    );
}

#[tokio::test]
async fn events_come_several_times_and_out_of_order() {
    let (url, _received) = application().await;
    let sandbox = sandbox().await;
    let events = || {
        let names = ["pet.born", "pet.named", "pet.sold", "pet.fed"];
        names.map(|name| Webhook::new(name, &url).secret(SECRET).times(3))
    };
    let order = async |seed| {
        let sent = sandbox.send_out_of_order(events(), seed).await.unwrap();
        sent.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    let (first, again, other) = (order(1).await, order(1).await, order(2).await);
    assert!(first == again && first != other, "{first:?}");
    let sent = sandbox.send(events()).await.unwrap();
    let mut in_order: Vec<String> = sent.into_iter().map(|one| one.name).collect();
    assert_ne!(first, in_order);
    in_order.dedup();
    assert_eq!(in_order, ["pet.born", "pet.named", "pet.sold", "pet.fed"]);
    assert_eq!(first.iter().filter(|name| *name == "pet.fed").count(), 3);
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let sandbox = sandbox().await;
    let url = "http://127.0.0.1:1/";
    let sent = async |webhook: Webhook| match sandbox.send([webhook]).await {
        Ok(sent) => panic!("{sent:?}"),
        Err(error) => error,
    };
    let unknown = sent(Webhook::new("pet.lost", url)).await;
    assert!(
        unknown.to_string().contains("`pet.born`, `pet.named`"),
        "{unknown}"
    );
    assert!(matches!(
        sent(Webhook::new("pet.born", "127.0.0.1")).await,
        SendError::BadUrl(_)
    ));
    let empty = Webhook::new("pet.born", url).secret("");
    assert!(matches!(sent(empty).await, SendError::BadSecret));
    let example = Webhook::new("pet.born", url).example("none");
    assert!(matches!(sent(example).await, SendError::NoExample(_)));
}
