//! A site for whoever is writing it: on loopback, made again when a file changes.

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use contract::report::Style;
use tiny_http::{Header, Method, Request, Response, Server};

use super::history::History;
use super::{CHANGELOG, Docs, files};
use crate::documents::Document;
use crate::environment::Environment;
use crate::{Exit, tell};

/// Where it listens, unless somebody else does.
const PORT: u16 = 4020;

/// What was made, and of what.
struct Shown {
    files: HashMap<String, String>,
    seen: Vec<(PathBuf, Option<SystemTime>)>,
}

pub(super) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    docs: &Docs,
    documents: &[Document],
) -> io::Result<Exit> {
    let [document] = documents else {
        return Err(io::Error::other("there are several documents; name one"));
    };
    let history = History::read(environment, &document.path);
    let mut made = match make(out, style, environment, docs, document, &history)? {
        Some(made) => made,
        None => return Ok(Exit::ContractErrors),
    };
    let listen = |port| Server::http((Ipv4Addr::LOCALHOST, port));
    let server = listen(PORT).or_else(|_| listen(0));
    let server = server.map_err(|error| io::Error::other(format!("cannot listen: {error}")))?;
    let address = server.server_addr();
    writeln!(
        out,
        "http://{address}/ shows what is written; it ends with Ctrl-C"
    )?;
    out.flush()?;
    for request in server.incoming_requests() {
        let now = seen(environment, document).unwrap_or_default();
        if made.seen != now {
            // What is wrong is told, and the last site that was right is shown: a file may be away
            // for the moment in which it is written.
            match make(out, style, environment, docs, document, &history) {
                Ok(Some(new)) => made = new,
                Ok(None) => made.seen = now,
                Err(error) => {
                    made.seen = now;
                    tell(out, &error)?;
                }
            }
            out.flush()?;
        }
        // Who goes away before the end is nobody's business.
        let _ = answer(request, &made.files);
    }
    Ok(Exit::Fine)
}

fn make(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    docs: &Docs,
    document: &Document,
    history: &History,
) -> io::Result<Option<Shown>> {
    let seen = seen(environment, document)?;
    let files = files(out, style, environment, docs, document, history)?.ok();
    Ok(files.map(|(files, _)| Shown {
        files: files.into_iter().collect(),
        seen,
    }))
}

/// The files that a site is made of, and when they were written.
fn seen(
    environment: &Environment,
    document: &Document,
) -> io::Result<Vec<(PathBuf, Option<SystemTime>)>> {
    let path = environment.at(&document.path);
    let mut files = crate::translations::files(&path)?;
    files.push(path);
    files.push(environment.at(CHANGELOG));
    let time = |path: &Path| {
        path.metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    Ok(files
        .into_iter()
        .map(|path| (path.clone(), time(&path)))
        .collect())
}

fn answer(request: Request, files: &HashMap<String, String>) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_start_matches('/');
    let path = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_owned(),
    };
    let Some(text) = files.get(&path) else {
        return request.respond(Response::from_string("no such page\n").with_status_code(404));
    };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        _ => "text/plain; charset=utf-8",
    };
    let mut response = Response::from_string(text);
    for (name, value) in [("Content-Type", kind), ("Cache-Control", "no-store")] {
        response.add_header(Header::from_bytes(name, value).map_err(|()| io::Error::other(name))?);
    }
    request.respond(response)
}
