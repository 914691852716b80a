use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use contract::Checked;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::builder::{self, Builder};
#[cfg(feature = "outbound")]
use crate::drift::Judge;
use crate::error::Error;
use crate::exchange::{Shared, exchange};
use crate::fault::{Fault, Weather};
use crate::record::Request;
#[cfg(feature = "outbound")]
use crate::webhook::{self, Delivery, SendError, Webhook};

/// So long nobody is let in when the system has no room for another connection.
const BREATH: Duration = Duration::from_millis(50);

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Sandbox {
    pub(crate) fn start(listener: TcpListener, shared: Shared) -> Self {
        let url = format!("{}{}", shared.origin, shared.service.base_path);
        let shared = Arc::new(shared);
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self {
            url,
            shared,
            server,
        }
    }

    /// A server of a contract.
    #[must_use]
    pub fn of(contract: Checked) -> Builder {
        Builder::new(contract)
    }

    /// A server of the contract in a file.
    ///
    /// # Errors
    /// When the file cannot be read, or the contract has errors.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Builder, Error> {
        builder::read(path.as_ref()).map(Self::of)
    }

    /// The base URL to give to a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends events of the contract to handlers, one after another.
    ///
    /// # Errors
    /// When one of them cannot be sent, as the contract does not have it; then none is sent. What a
    /// handler answers is no error.
    #[cfg(feature = "outbound")]
    pub async fn send(
        &self,
        webhooks: impl IntoIterator<Item = Webhook>,
    ) -> Result<Vec<Delivery>, SendError> {
        let webhooks = webhooks.into_iter().collect();
        webhook::send(&self.shared.service, webhooks, None).await
    }

    /// The same in another order, which is the same for the same seed; those that are sent several
    /// times are among the others.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[cfg(feature = "outbound")]
    pub async fn send_out_of_order(
        &self,
        webhooks: impl IntoIterator<Item = Webhook>,
        seed: u64,
    ) -> Result<Vec<Delivery>, SendError> {
        let webhooks = webhooks.into_iter().collect();
        webhook::send(&self.shared.service, webhooks, Some(seed)).await
    }

    /// What judges the API that requests are [passed on to](Builder::proxy), if they are.
    #[cfg(feature = "outbound")]
    #[must_use]
    pub fn judge(&self) -> Option<&Judge> {
        self.shared.proxy.as_ref().map(|proxy| &proxy.judge)
    }

    /// The operations that remember, by method and path, in the contract's order; the others answer
    /// what the contract shows. It looks at what each of them answers, which takes a while in a
    /// large contract.
    #[must_use]
    pub fn remembered(&self) -> Vec<String> {
        self.shared.service.remembered()
    }

    /// The members of a collection as they are remembered, by its path in the contract:
    /// `/contacts`. Those that the contract shows are among them once the collection was changed.
    #[must_use]
    pub fn members(&self, path: &str) -> Vec<Value> {
        let memory = self.shared.service.memory.as_ref();
        memory.map_or_else(Vec::new, |memory| memory.members(path))
    }

    /// The address of a page that shows what the sandbox was asked, with the token that lets it in.
    /// `/__sandbox/openapi.yaml` describes what else is there for callers on this machine.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.shared.admin.url(&self.shared.origin)
    }

    /// The token of the sandbox's own part, `/__sandbox/`: `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.admin.token
    }

    /// Remembers what was there at the start, and nothing else.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub fn reset(&self) -> io::Result<()> {
        self.shared.reset()
    }

    /// Writes the latest requests and what was answered into a file, as an HTTP Archive 1.2 without
    /// credentials: browsers read it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_traffic(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let traffic = serde_json::to_vec_pretty(&self.shared.traffic())?;
        std::fs::write(path, traffic)
    }

    /// The latest requests as they arrived, the oldest first; at most 1024, and 16 MiB of them.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.record.all()
    }

    /// The requests since the last call, as [`requests`](Self::requests), and forgets them.
    #[must_use]
    pub fn take_requests(&self) -> Vec<Request> {
        self.shared.record.take()
    }

    /// Lets the next request fail, or the next several, one fault each.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.faults.add(faults);
    }

    /// Lets every request fail that has no fault of its own, until
    /// [`recover`](Self::recover).
    pub fn fail_always(&self, fault: Fault) {
        self.shared.faults.always(Some(fault));
    }

    /// Lets any request take a while, and some fail, until [`recover`](Self::recover).
    pub fn weather(&self, weather: Weather) {
        self.shared.faults.weather(weather);
    }

    /// Answers 429 to what is above so many requests in any window of this length.
    pub fn enforce_rate_limit(&self, requests: usize, period: Duration) {
        self.shared.faults.limit(requests, period);
    }

    /// Forgets all faults and the rate limit.
    pub fn recover(&self) {
        self.shared.faults.clear();
    }

    /// Serves until the process ends.
    pub async fn serve(mut self) {
        // An error here is the server's task ending, which is what is waited for.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
        // Its tasks end a little later.
        if let Some(memory) = &self.shared.service.memory {
            memory.store.close();
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Its connections end with it.
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => _ = connections.spawn(connection(stream, Arc::clone(&shared))),
            // The system has no room for it, or it went away before it was let in.
            Err(_) => tokio::time::sleep(BREATH).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // As every server does that cares for latency.
    let _ = stream.set_nodelay(true);
    let is_near = stream
        .peer_addr()
        .is_ok_and(|address| address.ip().to_canonical().is_loopback());
    // In a box, so that a connection that waits does not keep room for an answer.
    let service =
        hyper::service::service_fn(|request| Box::pin(exchange(&shared, is_near, request)));
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(shared.patience);
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    // An error is a client that went away, one that is too slow, or a fault on demand: then the
    // connection is reset, as when a server dies.
    if let Err(error) = (&mut connection).await
        && !error.is_timeout()
    {
        let _ = connection.into_parts().io.inner().set_zero_linger();
    }
}
