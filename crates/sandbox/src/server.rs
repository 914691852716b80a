use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::{Answer, answer};
use crate::contract::Contract;
use crate::record::{Record, Request};

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    record: Arc<Record>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    contract: Contract,
    record: Arc<Record>,
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
        let record = Arc::new(Record::default());
        let shared = Shared {
            contract,
            record: Arc::clone(&record),
        };
        let router = Router::new().fallback(handle).with_state(Arc::new(shared));
        let server = tokio::spawn(async move {
            // It ends only with the task, whose owner does not ask why.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url,
            record,
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
        self.record.all()
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

async fn handle(State(shared): State<Arc<Shared>>, request: HttpRequest) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let message = format!("the body is larger than {LARGEST_BODY} bytes");
        return response(Answer::error(StatusCode::PAYLOAD_TOO_LARGE, message));
    };
    shared.record.add(Request {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body.to_vec(),
    });
    let path = head.uri.path();
    response(answer(
        &shared.contract,
        &head.method,
        path,
        &head.headers,
        &body,
    ))
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn response(answer: Answer) -> Response {
    let mut response = Response::new(match &answer.body {
        Some(body) => Body::from(body.to_string()),
        None => Body::empty(),
    });
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if answer.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in &answer.headers {
        let name = axum::http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    response
}
