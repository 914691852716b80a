//! What calls others: the API behind a proxy, and handlers of events.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};
use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// A client for these addresses that follows nothing, with TLS by ring and the certificates that the system trusts.
/// The process's own provider of cryptography comes first.
///
/// # Errors
/// When the certificates cannot be used.
pub(crate) fn client<'u>(
    mut urls: impl Iterator<Item = &'u Url>,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Box<dyn Error>> {
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(ring::default_provider()));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())?
        .with_no_client_auth();
    let mut builder = Client::builder().redirect(Policy::none());
    // What the environment says of proxies is for what is elsewhere.
    if urls.all(is_near) {
        builder = builder.no_proxy();
    }
    Ok(configure(builder.tls_backend_preconfigured(config)).build()?)
}

/// Whether an address is one of this machine.
fn is_near(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|one| one.is_loopback())
}

/// An error with what led to it.
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut causes = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    causes
}
