use reqwest::ClientBuilder;

use crate::builder::BuildError;

/// rustls with ring and the certificates that the system trusts. Set up here
/// and not as the process's default, which belongs to the application.
#[cfg(feature = "rustls")]
pub(crate) fn tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    use std::sync::Arc;

    use rustls::ClientConfig;
    use rustls::crypto::ring;
    use rustls_platform_verifier::BuilderVerifierExt;

    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| BuildError::Http(error.into()))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
pub(crate) fn tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    Ok(builder)
}
