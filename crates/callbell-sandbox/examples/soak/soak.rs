//! Many creates with random faults, and the books of both ends held against each other.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, Error, Retry};
use callbell_sandbox::{Fault, Sandbox};
use fastrand::Rng;

/// How many calls are under way at once. With four attempts each, their requests fit into
/// what the sandbox remembers.
const BATCH: u32 = 200;

/// What both ends say in the end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Calls that the caller was told had succeeded.
    pub(crate) acknowledged: u32,
    /// Calls that the caller was told had not been processed.
    pub(crate) not_processed: u32,
    /// Calls of which the caller was told that they may have been processed,
    pub(crate) unknown: u32,
    /// and those of them that had been.
    pub(crate) unknown_but_created: u32,
    /// Requests that arrived.
    pub(crate) requests: u32,
    /// Contacts that the sandbox remembers in the end.
    pub(crate) listed: u32,
    /// What the two ends disagree about.
    pub(crate) contradictions: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "acknowledged         {}", self.acknowledged)?;
        writeln!(f, "not processed        {}", self.not_processed)?;
        writeln!(f, "unknown              {}", self.unknown)?;
        writeln!(f, "unknown, but created {}", self.unknown_but_created)?;
        writeln!(f, "requests             {}", self.requests)?;
        writeln!(f, "listed               {}", self.listed)?;
        write!(f, "contradictions       {}", self.contradictions.len())
    }
}

/// Creates so many contacts; `progress` is told how many there are so far.
pub(crate) async fn soak(
    creates: u32,
    seed: u64,
    mut progress: impl FnMut(u32),
) -> Result<Summary, Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
        .base_url(sandbox.url())
        .without_rate_limit()
        .attempt_timeout(Duration::from_millis(500))
        .retry(Retry::default().backoff(Duration::from_millis(1), Duration::from_millis(5)))
        .build()?;
    let mut rng = Rng::with_seed(seed);
    let mut summary = Summary::default();
    let mut done = 0;
    while done < creates {
        let batch = done..creates.min(done + BATCH);
        sandbox.recover();
        // More than the batch can use.
        sandbox.fail((0..BATCH * 4).map(|_| fault(&mut rng)));
        let calls: Vec<_> = batch
            .clone()
            .map(|identifier| tokio::spawn(create(client.clone(), identifier)))
            .collect();
        let mut results = Vec::new();
        for call in calls {
            results.push(call.await?);
        }
        let created = created(&sandbox, &mut summary);
        for (identifier, result) in batch.clone().zip(results) {
            let times = created.get(&identifier.to_string()).copied();
            summary.book(identifier, times.unwrap_or_default(), result);
        }
        done = batch.end;
        progress(done);
    }
    summary.list(&sandbox);
    Ok(summary)
}

async fn create(client: Client, identifier: u32) -> Result<(), Error> {
    let request = CreateContactRequest::new(identifier.to_string(), "John Doe", Source::Whatsapp);
    client.create_contact(&request).await.map(|_| ())
}

/// Two of three requests go well.
fn fault(rng: &mut Rng) -> Fault {
    match rng.u8(0..30) {
        0 => Fault::status(503),
        1 => Fault::rate_limited(0),
        2 => Fault::status(500),
        3 => Fault::page(502, "text/html", "<html>"),
        4 => Fault::reset(),
        5 => Fault::lost(),
        6 => Fault::truncated(),
        7 => Fault::content_type("text/html"),
        8 => Fault::status(422),
        10 => Fault::page(503, "text/html", "<html>").forwarded(),
        11 => Fault::page(503, "application/json", r#"{"message":"no"}"#).forwarded(),
        // One in a while is too late.
        9 if rng.u8(0..20) == 0 => Fault::delay(Duration::from_millis(700)),
        _ => Fault::delay(Duration::ZERO),
    }
}

/// How often each identifier was created since the last call.
fn created(sandbox: &Sandbox, summary: &mut Summary) -> HashMap<String, u32> {
    let mut created = HashMap::new();
    for request in sandbox.take_requests() {
        summary.requests += 1;
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if request.processed {
            *created
                .entry(body["identifier"].as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    created
}

impl Summary {
    /// What is remembered is what was acknowledged, and what was created without that.
    fn list(&mut self, sandbox: &Sandbox) {
        let members = sandbox.members("/contacts");
        let uuids: HashSet<&str> = members
            .iter()
            .filter_map(|it| it["uuid"].as_str())
            .collect();
        self.listed = u32::try_from(uuids.len()).unwrap_or(u32::MAX);
        let created = self.acknowledged + self.unknown_but_created;
        if self.listed != created {
            let contradiction = format!("{created} were created, and {} are listed", self.listed);
            self.contradictions.push(contradiction);
        }
    }

    fn book(&mut self, identifier: u32, times: u32, result: Result<(), Error>) {
        let agrees = match &result {
            Ok(()) => {
                self.acknowledged += 1;
                times == 1
            }
            Err(error) if error.may_have_been_processed() => {
                self.unknown += 1;
                self.unknown_but_created += times;
                times <= 1
            }
            Err(_) => {
                self.not_processed += 1;
                times == 0
            }
        };
        if !agrees {
            let heard = result
                .err()
                .map_or_else(|| "created".to_owned(), |e| e.to_string());
            let contradiction = format!("{identifier}: created {times} times, heard: {heard}");
            self.contradictions.push(contradiction);
        }
    }
}
