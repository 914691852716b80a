//! A server of axum that receives events, as an application would have one, and what it answers.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sdk_runtime::Verifier;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

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

#[tokio::test]
async fn an_application_receives_what_the_api_sends() {
    let (events, mut received) = unbounded_channel();
    let verifier = verifier(SECRET).refuse_replays();
    let application = Arc::new(Application { verifier, events });
    let router = Router::new()
        .route("/events", post(receive))
        .with_state(application);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

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
