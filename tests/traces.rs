//! What `tracing` is told of a call.

use std::io::Write;
use std::sync::{Arc, Mutex};

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, Retry};
use callbell_sandbox::{Fault, Sandbox};
use tracing::instrument::WithSubscriber as _;

use crate::pin;

/// What `tracing` is told, by all crates and at all levels.
#[derive(Clone, Default)]
pub(crate) struct Traces(Arc<Mutex<Vec<u8>>>);

impl Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Traces {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// A subscriber for one call. Beside it stands one for the process, which listens to
    /// everything and says nothing: other tests would have callsites switched off.
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let everything = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(std::io::sink);
        // It may stand already.
        let _ = tracing::subscriber::set_global_default(everything.finish());
        let traces = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .without_time()
            .with_writer(move || traces.clone())
            .finish()
    }
}

#[tokio::test]
async fn a_call_is_a_span_and_an_attempt_an_event() {
    let sandbox = Sandbox::start().await.unwrap();
    let retry = Retry::default().backoff(Default::default(), Default::default());
    let client = Client::builder(&ApiKey::new("KEY").unwrap()).base_url(sandbox.url());
    let client = client.retry(retry).build().unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let mut texts = Vec::new();
    for (name, faults) in [
        ("created", vec![]),
        (
            "created_at_the_third_attempt",
            vec![Fault::status(503), Fault::rate_limited(0)],
        ),
        ("refused", vec![Fault::status(422)]),
        ("lost", vec![Fault::lost()]),
    ] {
        sandbox.fail(faults);
        let traces = Traces::default();
        let call = client.create_contact(&request).into_future();
        let _ = call.with_subscriber(traces.subscriber()).await;
        let port = sandbox.url().split([':', '/']).nth(4).unwrap();
        let text = traces.text().replace(port, "PORT");
        let ours = text.lines().filter(|line| line.contains("sdk_runtime"));
        // Entering and leaving says nothing.
        let ours = ours.filter(|line| !line.ends_with(": enter") && !line.ends_with(": exit"));
        let lines: Vec<_> = ours.map(without_times).collect();
        texts.push((name.to_owned(), lines.join("\n")));
    }
    pin::all("traces", texts);
}

/// Durations are never the same twice.
fn without_times(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let name = word.split_once('=').map(|(name, _)| name);
        match name {
            Some(name @ ("http.client.request.duration" | "time.busy" | "time.idle")) => {
                format!("{name}=SECONDS")
            }
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
