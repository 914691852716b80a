use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contract::report::Found;
use contract::{Checked, Document, ReadError, inert, lint};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::admin::Admin;
use crate::exchange::{Shared, exchange};
use crate::fault::{Fault, Faults, Weather};
use crate::har::Har;
use crate::playback::Playback;
use crate::record::{Record, Request};
use crate::redaction::Redaction;
use crate::rules::{Duplicate, Rules, Unique};
use crate::seed::SeedFile;
use crate::service::{Seeds, Service};

/// So long a head and a body may take, and a connection wait, unless it is said.
const PATIENCE: Duration = Duration::from_secs(30);
/// So long nobody is let in when the system has no room for another connection.
const BREATH: Duration = Duration::from_millis(50);
/// So many members are kept unless it is said.
const MOST: usize = 100_000;
/// The largest body that is read unless it is said, in bytes.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// Why there is no server of a contract.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The contract cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The contract has errors: each is told with its place.
    #[error("the contract has errors: {}", first(.0))]
    Contract(Found),
    /// The members to begin with do not fit, or stand in a file that is no YAML.
    #[error("what to begin with does not fit: {}", first(.0))]
    Seed(Found),
    /// The members to begin with do not fit.
    #[error("what to begin with does not fit: {0}")]
    Members(String),
    /// The port cannot be bound, or the file of the state not be used.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The first error, where it is, and how many there are.
fn first(found: &Found) -> String {
    let errors = found.findings.iter();
    let mut errors = errors.filter(|finding| finding.severity == contract::Severity::Error);
    let first = errors.next().map(|finding| {
        let span = finding.span;
        let name = found.source.of(span).name();
        let place = format!("{}:{}:{}", inert::line(name), span.line, span.column);
        format!("{place}: {}", finding.message)
    });
    match (first, errors.count()) {
        (None, _) => String::new(),
        (Some(first), 0) => first,
        (Some(first), more) => format!("{first}; and {more} more"),
    }
}

/// How a server is to be.
#[derive(Debug)]
pub struct Builder {
    contract: Checked,
    host: IpAddr,
    port: u16,
    seed: u64,
    keys: Vec<String>,
    largest_body: usize,
    patience: Duration,
    is_stateless: bool,
    most: usize,
    state: Option<PathBuf>,
    members: Vec<(String, Value)>,
    seed_files: Vec<PathBuf>,
    rules: Option<Box<dyn Rules>>,
    unique: Vec<Unique>,
    allows_pages: bool,
    archive: Option<PathBuf>,
}

impl Builder {
    /// The address to listen at; the loopback address unless told. Whoever reaches another one can
    /// do what the sandbox can.
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port; a free one unless told.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// What values are made from that the contract does not show: the same ones for the same seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A key, a token or a password that lets callers in, one of several; any does while none is
    /// named.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// The largest body that is read, in bytes; 10 MiB unless told.
    #[must_use]
    pub fn largest_body(mut self, bytes: usize) -> Self {
        self.largest_body = bytes;
        self
    }

    /// So long the head of a request may take, its body, and a connection wait for its next request;
    /// 30 seconds each unless told. What takes longer is closed, a body after a 408.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Every request is answered as if it were the first: nothing is remembered.
    #[must_use]
    pub fn stateless(mut self) -> Self {
        self.is_stateless = true;
        self
    }

    /// So many members are kept, of all collections together; 100,000 unless told. Above it a
    /// create is refused with 507 (RFC 4918, section 11.5), and nothing is forgotten.
    #[must_use]
    pub fn most(mut self, members: usize) -> Self {
        self.most = members;
        self
    }

    /// Remembers in a file, which is made where it is not there: the next server of it knows what this
    /// one was told, even if this one is killed. A loss of power may take the last changes away.
    #[must_use]
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// A collection begins with these members, instead of those that the contract shows: the path
    /// is one of its kind, `/contacts` or `/users/42/orders`. What a file of the state knows of the
    /// collection goes before.
    #[must_use]
    pub fn members(
        mut self,
        path: impl Into<String>,
        members: impl IntoIterator<Item = Value>,
    ) -> Self {
        self.members
            .push((path.into(), members.into_iter().collect()));
        self
    }

    /// The same from a file of YAML or JSON: lists of members below the paths of their collections.
    #[must_use]
    pub fn members_from(mut self, path: impl Into<PathBuf>) -> Self {
        self.seed_files.push(path.into());
        self
    }

    /// What the API asks beyond what its contract says.
    #[must_use]
    pub fn rules(mut self, rules: impl Rules + 'static) -> Self {
        self.rules = Some(Box::new(rules));
        self
    }

    /// What tells those apart that are created at a path of the contract: properties of the body,
    /// together; and what happens when they are the same.
    #[must_use]
    pub fn unique(
        mut self,
        path: impl Into<String>,
        properties: impl IntoIterator<Item = impl Into<String>>,
        duplicate: Duplicate,
    ) -> Self {
        self.unique.push(Unique {
            path: path.into(),
            properties: properties.into_iter().map(Into::into).collect(),
            duplicate,
        });
        self
    }

    /// Plays an HTTP Archive back, such as browsers save: requests that are in it, by method, path,
    /// query and, where it has several, body, are answered what they were answered then; others what
    /// the contract says.
    #[must_use]
    pub fn play(mut self, archive: impl Into<PathBuf>) -> Self {
        self.archive = Some(archive.into());
        self
    }

    /// Pages of other origins do not read what it answers; those of this machine do unless told.
    #[must_use]
    pub fn without_cors(mut self) -> Self {
        self.allows_pages = false;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When the port cannot be bound, the file of the state cannot be used, or members do not fit
    /// the contract.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let listener = TcpListener::bind(SocketAddr::from((self.host, self.port))).await?;
        let address = listener.local_addr()?;
        let mut service = Service::new(self.contract);
        service.seed = self.seed;
        service.keys = self.keys.into_iter().collect();
        service.memory = service.memory.filter(|_| !self.is_stateless);
        if let Some(memory) = &mut service.memory {
            memory.store.most = self.most;
            if let Some(path) = &self.state {
                memory.store.keep_in(path)?;
            }
        }
        service.rules = self.rules;
        service.unique = self.unique;
        let mut seeds = members(&service, &self.members)?;
        for path in &self.seed_files {
            seeds.extend(SeedFile::read(path)?.seeds(&service)?);
        }
        for seeds in &seeds {
            service.begin(seeds).map_err(io::Error::other)?;
        }
        let playback = match &self.archive {
            Some(path) => Playback::of(&Har::read(path)?),
            None => Playback::default(),
        };
        let origin = format!("http://{address}");
        let url = format!("{origin}{}", service.base_path);
        let shared = Arc::new(Shared {
            redaction: Redaction::of(service.api()),
            service,
            record: Record::default(),
            faults: Faults::default(),
            admin: Admin::new()?,
            playback,
            origin,
            seeds,
            allows_pages: self.allows_pages,
            largest_body: self.largest_body,
            patience: self.patience,
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Sandbox {
            url,
            shared,
            server,
        })
    }
}

impl Sandbox {
    /// A server of a contract.
    #[must_use]
    pub fn of(contract: Checked) -> Builder {
        Builder {
            contract,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            seed: 0,
            keys: Vec::new(),
            largest_body: LARGEST_BODY,
            patience: PATIENCE,
            is_stateless: false,
            most: MOST,
            state: None,
            members: Vec::new(),
            seed_files: Vec::new(),
            rules: None,
            unique: Vec::new(),
            allows_pages: true,
            archive: None,
        }
    }

    /// A server of the contract in a file.
    ///
    /// # Errors
    /// When the file cannot be read, or the contract has errors.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Builder, Error> {
        read(path.as_ref()).map(Self::of)
    }

    /// The base URL to give to a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The operations that remember, by method and path, in the contract's order; the others answer
    /// what the contract shows. It looks at what each of them answers, which takes a while in a
    /// large contract.
    #[must_use]
    pub fn remembered(&self) -> Vec<String> {
        self.shared.service.remembered()
    }

    /// The members of a collection as they are remembered, by its path in the contract:
    /// `/contacts`. Those that the contract shows are among them once the collection was called.
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
    }
}

/// The contract in a file.
///
/// # Errors
/// When the file cannot be read, or the contract has errors.
pub(crate) fn read(path: &Path) -> Result<Checked, Error> {
    let document = Document::read(path, path.to_string_lossy())?;
    let source = document.source().clone();
    lint::admit(document).map_err(|rejected| {
        let findings = rejected.findings;
        Error::Contract(Found { source, findings })
    })
}

/// Members that are given as values, held against the contract.
fn members(service: &Service, all: &[(String, Value)]) -> Result<Vec<Seeds>, Error> {
    let seeds = all.iter().map(|(path, members)| {
        service.seeds(path, members).map_err(|unfit| {
            let told = unfit.iter().map(|unfit| unfit.told(path));
            let told: Vec<String> = told.collect();
            Error::Members(told.join("; "))
        })
    });
    seeds.collect()
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
    let service = hyper::service::service_fn(|request| exchange(&shared, is_near, request));
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
