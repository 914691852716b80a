//! Headers that say how a message travels, and not what it says (RFC 9110, section 7.6.1; RFC 9112,
//! section 6).

#[cfg(feature = "outbound")]
use hyper::HeaderMap;
use hyper::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, HOST, HeaderName, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

/// Those of one connection.
const OF_CONNECTION: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Whether whoever sends a message sets the header, whatever is shown of it.
pub(crate) fn is_set_by_sender(name: &HeaderName) -> bool {
    OF_CONNECTION.contains(name) || [CONTENT_ENCODING, CONTENT_LENGTH, HOST].contains(name)
}

/// The headers without those of one connection.
#[cfg(feature = "outbound")]
pub(crate) fn without_connection(headers: &HeaderMap) -> HeaderMap {
    let mut kept = headers.clone();
    let named = headers.get_all(CONNECTION).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    for name in named.flat_map(|names| names.split(',')) {
        kept.remove(name.trim());
    }
    for name in OF_CONNECTION {
        kept.remove(name);
    }
    kept
}
