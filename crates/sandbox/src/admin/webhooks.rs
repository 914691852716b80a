//! Events as they are written.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::har;
use crate::service::Service;
use crate::webhook::{self, Webhook};

/// What is to be sent. The contract says the rest, and checks it.
#[derive(Deserialize)]
struct Written {
    events: Vec<Event>,
    mixed: Option<u64>,
}

#[derive(Deserialize)]
struct Event {
    name: String,
    url: String,
    body: Option<Value>,
    example: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    signature: Signature,
    times: Option<u32>,
    late_seconds: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Signature {
    #[default]
    Right,
    Wrong,
    None,
}

impl From<Event> for Webhook {
    fn from(event: Event) -> Self {
        let mut webhook = Self::new(event.name, event.url)
            .times(event.times.unwrap_or(1))
            .late(Duration::from_secs(event.late_seconds.unwrap_or(0)));
        if let Some(body) = event.body {
            webhook = webhook.body(body);
        }
        if let Some(example) = event.example {
            webhook = webhook.example(example);
        }
        if let Some(secret) = event.secret {
            webhook = webhook.secret(secret);
        }
        match event.signature {
            Signature::Right => webhook,
            Signature::Wrong => webhook.wrongly_signed(),
            Signature::None => webhook.unsigned(),
        }
    }
}

/// Sends events, and tells what became of them.
///
/// # Errors
/// Why none is sent.
pub(super) async fn send(service: &Service, written: Value) -> Result<Value, String> {
    let written: Written = serde_json::from_value(written).map_err(|error| error.to_string())?;
    let webhooks = written.events.into_iter().map(Webhook::from).collect();
    let sent = webhook::send(service, webhooks, written.mixed).await;
    let sent = sent.map_err(|error| error.to_string())?;
    let told = sent.into_iter().map(|delivery| {
        let (body, _) = har::text(&delivery.body);
        let described = delivery.is_described;
        let mut told = json!({"name": delivery.name, "body": body, "described": described});
        if let Some(status) = delivery.status {
            told["status"] = status.into();
        }
        if let Some(error) = delivery.error {
            told["error"] = error.into();
        }
        told
    });
    Ok(told.collect())
}
