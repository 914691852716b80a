//! Traffic that somebody saved.

use std::io;
use std::path::Path;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Exchange, Judge};
use crate::har::{self, Entry, Har};
use crate::service::Asked;

impl Judge {
    /// Holds what somebody saw against the contract: an HTTP Archive, such as browsers save. Only
    /// requests to the contract's servers count, or all where none is to one of them. It gives back
    /// how many those are, and of how many.
    ///
    /// # Errors
    /// When the file cannot be read, or is no archive.
    pub fn judge_archive(&self, path: impl AsRef<Path>) -> io::Result<(usize, usize)> {
        let entries = Har::read(path.as_ref())?.log.entries;
        let hosts: Vec<String> = self.hosts();
        let is_ours = |entry: &&Entry| hosts.iter().any(|host| *host == entry.request.host());
        let has_ours = entries.iter().any(|entry| is_ours(&entry));
        let counted = entries.iter().filter(|entry| !has_ours || is_ours(entry));
        // Where nothing was answered, nothing was said.
        let counted: Vec<&Entry> = counted.filter(|entry| entry.response.status > 0).collect();
        for entry in &counted {
            self.entry(entry);
        }
        Ok((counted.len(), entries.len()))
    }

    fn hosts(&self) -> Vec<String> {
        let api = self.service.api();
        let of_operations = api
            .operations
            .iter()
            .flat_map(|operation| &operation.servers);
        let servers = api.servers.iter().chain(of_operations);
        let hosts = servers.filter_map(|server| {
            let url = server.resolved();
            url.contains("://").then(|| har::host(&url))
        });
        hosts.collect()
    }

    fn entry(&self, entry: &Entry) {
        let (path, query) = entry.request.target();
        let (headers, body) = (map(entry.request.headers()), entry.request.body());
        let asked = Asked {
            method: &entry.request.method,
            path,
            query,
            headers: &headers,
            body: &body,
        };
        let answer = entry.response.body();
        self.judge(&Exchange {
            has_body: entry.request.has_body(),
            asked: &asked,
            status: entry.response.status,
            // An archive has bodies as they are once they are unpacked.
            headers: &map(entry.response.headers()),
            body: answer.as_deref(),
            has_credentials: false,
        });
    }
}

fn map(headers: Vec<(String, String)>) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            map.append(name, value);
        }
    }
    map
}
