use std::net::IpAddr;

use reqwest::Url;

use super::builder::BuildError;

/// Where an API is.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// Without a trailing slash.
    pub(crate) text: String,
    /// The same, taken apart.
    pub(crate) url: Url,
    /// Host and port, for people.
    pub(crate) address: String,
    /// Whether what is sent there could be read on the way: on loopback there is none.
    pub(crate) in_the_clear: bool,
}

impl BaseUrl {
    /// Takes a URL that paths can be appended to and where credentials may go.
    pub(crate) fn new(text: &str) -> Result<Self, BuildError> {
        let text = text.trim();
        // What stands before an `@` or in a query may be a secret, and so may a word that
        // is no address at all.
        let is_address = text.is_empty() || text.contains(['.', '/', ':']);
        let shown = match is_address && !text.contains(['@', '?', '#']) {
            true => text,
            false => "***",
        };
        let refuse = |reason| BuildError::BaseUrl {
            url: shown.to_owned(),
            reason,
        };
        let url = Url::parse(text)
            .map_err(|_| refuse("it is not an absolute URL such as `https://example.com/v1`"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("paths are appended to it, so it must end with one"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let reason = "it must not hold a user or password; credentials are sent in a header";
            return Err(refuse(reason));
        }
        let in_the_clear = match url.scheme() {
            "https" => false,
            "http" if is_loopback(&url) => true,
            "http" => {
                return Err(refuse("credentials would travel in the clear; use `https`"));
            }
            _ => return Err(refuse("its scheme is not `https`")),
        };
        let port = url.port().map(|port| format!(":{port}"));
        let host = url.host_str().unwrap_or_default();
        Ok(Self {
            text: url.as_str().trim_end_matches('/').to_owned(),
            address: format!("{host}{}", port.unwrap_or_default()),
            in_the_clear,
            url,
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
