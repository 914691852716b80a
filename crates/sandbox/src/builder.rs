use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contract::report::Found;
use contract::{Checked, Document, lint};
#[cfg(feature = "outbound")]
use contract::{Finding, Source};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::admin::Admin;
#[cfg(feature = "outbound")]
use crate::drift::{Judge, Listener};
use crate::error::Error;
use crate::exchange::Shared;
use crate::fault::Faults;
use crate::har::Har;
use crate::playback::Playback;
#[cfg(feature = "outbound")]
use crate::proxy::Proxy;
use crate::record::Record;
use crate::redaction::Redaction;
use crate::rules::{Duplicate, Rules, Unique};
use crate::seed::SeedFile;
use crate::server::Sandbox;
use crate::service::{Seeds, Service};

/// So long a head and a body may take, and a connection wait, unless it is said.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many members are kept unless it is said.
const MOST: usize = 100_000;
/// The largest body that is read unless it is said, in bytes.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// How a server is to be.
#[derive(Debug)]
pub struct Builder {
    service: Service,
    host: IpAddr,
    port: u16,
    largest_body: usize,
    patience: Duration,
    is_stateless: bool,
    most: usize,
    state: Option<PathBuf>,
    members: Vec<(String, Value)>,
    seed_files: Vec<PathBuf>,
    allows_pages: bool,
    archive: Option<PathBuf>,
    #[cfg(feature = "outbound")]
    upstream: Upstream,
}

/// The API that requests are passed on to, and what is told of it.
#[cfg(feature = "outbound")]
#[derive(Debug, Default)]
struct Upstream {
    api: Option<String>,
    on_difference: Option<Listener>,
    tells_values: bool,
}

impl Builder {
    pub(crate) fn new(contract: Checked) -> Self {
        Self {
            service: Service::new(contract),
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            largest_body: LARGEST_BODY,
            patience: PATIENCE,
            is_stateless: false,
            most: MOST,
            state: None,
            members: Vec::new(),
            seed_files: Vec::new(),
            allows_pages: true,
            archive: None,
            #[cfg(feature = "outbound")]
            upstream: Upstream::default(),
        }
    }

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
        self.service.seed = seed;
        self
    }

    /// A key, a token or a password that lets callers in, one of several; any does while none is
    /// named.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.service.keys.insert(key.into());
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
        self.service.rules = Some(Box::new(rules));
        self
    }

    /// What tells those apart that are created at a path of the contract: properties of the body,
    /// together; and what happens when they are the same. Members that are there at the start have
    /// sent nothing, and are not told apart by it.
    #[must_use]
    pub fn unique(
        mut self,
        path: impl Into<String>,
        properties: impl IntoIterator<Item = impl Into<String>>,
        duplicate: Duplicate,
    ) -> Self {
        // It goes before what the contract says.
        let unique = Unique {
            path: path.into(),
            properties: properties.into_iter().map(Into::into).collect(),
            duplicate,
        };
        self.service.unique.insert(0, unique);
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

    /// Passes requests on to an API, and holds what it does against the contract:
    /// [`Sandbox::judge`] has what differs. The path of the API's base URL takes the place of the
    /// contract's, if it has one.
    #[cfg(feature = "outbound")]
    #[must_use]
    pub fn proxy(mut self, api: impl Into<String>) -> Self {
        self.upstream.api = Some(api.into());
        self
    }

    /// Calls this with each difference of a [proxy](Self::proxy) when it is first seen, and with
    /// the document that it is in.
    #[cfg(feature = "outbound")]
    #[must_use]
    pub fn on_difference(
        mut self,
        listener: impl Fn(&Source, &Finding) + Send + Sync + 'static,
    ) -> Self {
        self.upstream.on_difference = Some(Listener::new(listener));
        self
    }

    /// Tells the values that differ, too: they may be anybody's.
    #[cfg(feature = "outbound")]
    #[must_use]
    pub fn with_values(mut self) -> Self {
        self.upstream.tells_values = true;
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
    /// When the port cannot be bound, the file of the state cannot be used, members do not fit the
    /// contract, or there is no way to the API.
    pub async fn start(mut self) -> Result<Sandbox, Error> {
        let listener = TcpListener::bind(SocketAddr::from((self.host, self.port))).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let seeds = self.prepare()?;
        let service = Arc::new(self.service);
        #[cfg(feature = "outbound")]
        let proxy = self.upstream.way(&service)?;
        let playback = match &self.archive {
            Some(path) => Playback::of(&Har::read(path)?),
            None => Playback::default(),
        };
        let shared = Shared {
            redaction: Redaction::of(service.api()),
            service,
            #[cfg(feature = "outbound")]
            proxy,
            record: Record::default(),
            faults: Faults::default(),
            admin: Admin::new()?,
            playback,
            origin,
            seeds,
            allows_pages: self.allows_pages,
            largest_body: self.largest_body,
            patience: self.patience,
        };
        Ok(Sandbox::start(listener, shared))
    }

    /// Makes ready what answers, and gives back what is there from the start.
    fn prepare(&mut self) -> Result<Vec<Seeds>, Error> {
        let service = &mut self.service;
        #[cfg(feature = "outbound")]
        let is_passed_on = self.upstream.api.is_some();
        #[cfg(not(feature = "outbound"))]
        let is_passed_on = false;
        if self.is_stateless || is_passed_on {
            service.memory = None;
        }
        if is_passed_on {
            // Who may call is for the API to say.
            service.keys.clear();
        }
        if let Some(memory) = &mut service.memory {
            memory.store.most = self.most;
            if let Some(path) = &self.state {
                memory.store.keep_in(path)?;
            }
        }
        let mut seeds = members(service, &self.members)?;
        for path in &self.seed_files {
            seeds.extend(SeedFile::read(path)?.seeds(service)?);
        }
        let seeds = Seeds::together(seeds).map_err(Error::Members)?;
        for seeds in &seeds {
            service.begin(seeds).map_err(io::Error::other)?;
        }
        Ok(seeds)
    }
}

#[cfg(feature = "outbound")]
impl Upstream {
    /// The way to the API, if there is one.
    fn way(self, service: &Arc<Service>) -> Result<Option<Proxy>, Error> {
        let Some(api) = self.api else {
            return Ok(None);
        };
        let mut judge = Judge::by(Arc::clone(service));
        judge.listener = self.on_difference;
        judge.tells_values = self.tells_values;
        let proxy = Proxy::new(&api, &service.base_path, judge);
        proxy.map(Some).map_err(Error::Proxy)
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
