//! What speaks TLS. The features say it, and not what the application's other crates ask of
//! the same reqwest: a feature that is switched on by name counts before the default one.

use reqwest::ClientBuilder;

use super::builder::BuildError;

/// Whether anything does.
pub(crate) const HAS_TLS: bool = cfg!(any(
    feature = "native-tls",
    feature = "rustls",
    feature = "rustls-ring"
));

/// rustls with ring and the certificates that the system trusts. The process's own provider
/// of cryptography comes first; ours is not made that, because it belongs to the application.
#[cfg(feature = "rustls-ring")]
pub(crate) fn tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    use std::sync::Arc;

    use rustls::ClientConfig;
    use rustls::crypto::{CryptoProvider, ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(ring::default_provider()));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| BuildError::Http(error.into()))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls-ring"))]
#[expect(clippy::unnecessary_wraps, reason = "ring can fail")]
pub(crate) fn tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    #[cfg(feature = "native-tls")]
    let builder = builder.tls_backend_native();
    #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
    let builder = builder.tls_backend_rustls();
    Ok(builder)
}
