use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::contract::Contract;
use crate::exchange::{Shared, exchange};
use crate::fault::{Fault, Faults};
use crate::record::{Record, Request};

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a server on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a server on this port of the loopback address.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let contract = Contract::built_in();
        let url = format!("http://{address}{}", contract.base_path);
        let shared = Arc::new(Shared {
            contract,
            record: Record::default(),
            faults: Faults::default(),
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self {
            url,
            shared,
            server,
        })
    }

    /// The base URL to give to a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The latest requests as they arrived, the oldest first; at most 1024.
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
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Its connections end with it.
    let mut connections = JoinSet::new();
    loop {
        // An error is that of one connection, or passes.
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection(stream, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // As every server does that cares for latency.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(|request| exchange(&shared, request));
    let mut connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error is a client that went away, or a fault on demand: then the connection is
    // reset, as when a server dies.
    if (&mut connection).await.is_err() {
        let _ = connection.into_parts().io.inner().set_zero_linger();
    }
}
