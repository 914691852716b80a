use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// Host and port of the proxy that reqwest goes through to a URL by itself, for people: what
/// the environment or the system says, without credentials.
pub(crate) fn proxy(url: &Url) -> Option<String> {
    let url = url.as_str().parse().ok()?;
    let proxy = Matcher::from_system().intercept(&url)?;
    let host = proxy.uri().host()?;
    Some(match proxy.uri().port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}
