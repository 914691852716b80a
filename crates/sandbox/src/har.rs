//! HTTP Archive 1.2 (W3C's historical draft of 2012), in which browsers and proxies write down what
//! they saw.

use std::io;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize};

/// An archive.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Har {
    pub(crate) log: Log,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Log {
    #[serde(skip_deserializing)]
    version: String,
    #[serde(skip_deserializing)]
    creator: Creator,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Creator {
    name: String,
    version: String,
}

/// A request and its response.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    #[serde(skip_deserializing)]
    started_date_time: String,
    #[serde(skip_deserializing)]
    time: f64,
    pub(crate) request: Request,
    pub(crate) response: Response,
    #[serde(skip_deserializing)]
    cache: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_deserializing)]
    timings: Timings,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(skip_deserializing)]
    http_version: String,
    #[serde(skip_deserializing)]
    cookies: Vec<Pair>,
    #[serde(default, deserialize_with = "or_nothing")]
    headers: Vec<Pair>,
    #[serde(skip_deserializing)]
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    #[serde(skip_deserializing, default = "unknown")]
    headers_size: i64,
    #[serde(skip_deserializing, default = "unknown")]
    body_size: i64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default, deserialize_with = "or_nothing")]
    mime_type: String,
    #[serde(default, deserialize_with = "or_nothing")]
    text: String,
    /// Pairs of a form, where they stand in the place of its text.
    #[serde(default, deserialize_with = "or_nothing")]
    params: Vec<Param>,
    /// The archive has no field for it, and `_` begins one of one's own.
    #[serde(rename = "_encoding", default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Param {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Response {
    /// Nothing (0) where there was none.
    #[serde(deserialize_with = "status")]
    pub(crate) status: u16,
    #[serde(skip_deserializing)]
    status_text: String,
    #[serde(skip_deserializing)]
    http_version: String,
    #[serde(skip_deserializing)]
    cookies: Vec<Pair>,
    #[serde(default, deserialize_with = "or_nothing")]
    headers: Vec<Pair>,
    #[serde(default, deserialize_with = "or_nothing")]
    content: Content,
    #[serde(skip_deserializing, rename = "redirectURL")]
    redirect_url: String,
    #[serde(skip_deserializing, default = "unknown")]
    headers_size: i64,
    #[serde(skip_deserializing, default = "unknown")]
    body_size: i64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    #[serde(skip_deserializing)]
    size: i64,
    #[serde(skip_deserializing)]
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Pair {
    name: String,
    value: String,
}

/// The host of an address, with its port where that is not the usual one.
pub(crate) fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    host.strip_suffix(usual)
        .unwrap_or(host)
        .to_ascii_lowercase()
}

/// What some write as `null`.
fn or_nothing<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A status; some write -1 where there was none.
fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = Option::<i64>::deserialize(deserializer)?;
    Ok(status
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(0))
}

/// A size that nobody counted.
fn unknown() -> i64 {
    -1
}

type Headers = Vec<(String, String)>;

fn pairs(pairs: Headers) -> Vec<Pair> {
    let pairs = pairs.into_iter();
    pairs.map(|(name, value)| Pair { name, value }).collect()
}

fn of_pairs(pairs: &[Pair]) -> Headers {
    let pairs = pairs.iter();
    pairs
        .map(|pair| (pair.name.to_ascii_lowercase(), pair.value.clone()))
        .collect()
}

/// Bytes as text, and its encoding where they are none.
pub(crate) fn text(bytes: &[u8]) -> (String, Option<&'static str>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (BASE64.encode(bytes), Some("base64")),
    }
}

fn bytes(text: &str, encoding: Option<&str>) -> Vec<u8> {
    match encoding {
        Some("base64") => BASE64.decode(text).unwrap_or_else(|_| text.into()),
        _ => text.into(),
    }
}

fn media_type(headers: &Headers) -> String {
    let mut headers = headers.iter();
    let found = headers.find(|(name, _)| name == "content-type");
    found.map_or_else(String::new, |(_, value)| value.clone())
}

impl Har {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        Self {
            log: Log {
                version: "1.2".to_owned(),
                creator: Creator {
                    name: env!("CARGO_PKG_NAME").to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                },
                entries,
            },
        }
    }

    /// # Errors
    /// When the file cannot be read, or is no archive.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let told = |why: String| io::Error::other(format!("`{}`: {why}", path.display()));
        let text = std::fs::read(path).map_err(|error| told(format!("cannot be read: {error}")))?;
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        serde_json::from_slice(text)
            .map_err(|error| told(format!("is no HTTP Archive: {error}; browsers save one")))
    }
}

impl Entry {
    pub(crate) fn new(at: String, took: Duration, request: Request, response: Response) -> Self {
        let took = took.as_secs_f64() * 1000.0;
        Self {
            started_date_time: at,
            time: took,
            request,
            response,
            cache: serde_json::Map::new(),
            timings: Timings {
                wait: took,
                ..Timings::default()
            },
        }
    }
}

impl Request {
    pub(crate) fn new(method: String, url: String, headers: Headers, body: &[u8]) -> Self {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('&').filter(|pair| !pair.is_empty());
        let query = query.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text| crate::parameter::decode_plus(text).into_owned();
            (decode(name), decode(value))
        });
        let query_string = pairs(query.collect());
        let (text, encoding) = text(body);
        let post_data = (!body.is_empty()).then(|| PostData {
            mime_type: media_type(&headers),
            text,
            params: Vec::new(),
            encoding: encoding.map(str::to_owned),
        });
        Self {
            method,
            url,
            http_version: "HTTP/1.1".to_owned(),
            cookies: Vec::new(),
            headers: pairs(headers),
            query_string,
            post_data,
            headers_size: unknown(),
            body_size: i64::try_from(body.len()).unwrap_or(-1),
        }
    }

    /// Names in lower case, and values.
    pub(crate) fn headers(&self) -> Headers {
        // HTTP/2 has what HTTP/1 says in its first line as headers.
        let headers = of_pairs(&self.headers).into_iter();
        headers.filter(|(name, _)| !name.starts_with(':')).collect()
    }

    /// Path, and query without its question mark.
    pub(crate) fn target(&self) -> (&str, &str) {
        let rest = match self.url.split_once("://") {
            Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
            None => &self.url,
        };
        let target = rest.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (if path.is_empty() { "/" } else { path }, query)
    }

    /// The host, with its port where that is not the usual one.
    pub(crate) fn host(&self) -> String {
        host(&self.url)
    }

    /// Whether the body was kept: a form of several parts and one that is missing are not.
    pub(crate) fn has_body(&self) -> bool {
        let Some(data) = &self.post_data else {
            let is_sent = |pair: &Pair| {
                let name = pair.name.to_ascii_lowercase();
                name == "content-length" && pair.value != "0" || name == "transfer-encoding"
            };
            return matches!(self.method.as_str(), "GET" | "HEAD")
                || !self.headers.iter().any(is_sent) && !self.has_content();
        };
        let is_form = data
            .mime_type
            .starts_with("application/x-www-form-urlencoded");
        !data.text.is_empty() || data.params.is_empty() || is_form
    }

    /// Whether it says what its body is.
    fn has_content(&self) -> bool {
        let is_type = |pair: &Pair| pair.name.eq_ignore_ascii_case("content-type");
        self.headers.iter().any(is_type)
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let Some(data) = &self.post_data else {
            return Vec::new();
        };
        if data.text.is_empty()
            && data
                .mime_type
                .starts_with("application/x-www-form-urlencoded")
        {
            let all = percent_encoding::NON_ALPHANUMERIC;
            let encode = |text| percent_encoding::utf8_percent_encode(text, all).to_string();
            let params = data.params.iter();
            let params = params.map(|one| format!("{}={}", encode(&one.name), encode(&one.value)));
            return params.collect::<Vec<_>>().join("&").into();
        }
        bytes(&data.text, data.encoding.as_deref())
    }
}

impl Response {
    pub(crate) fn new(status: u16, reason: &str, headers: Headers, body: &[u8]) -> Self {
        let (text, encoding) = text(body);
        Self {
            status,
            status_text: reason.to_owned(),
            http_version: "HTTP/1.1".to_owned(),
            cookies: Vec::new(),
            content: Content {
                size: i64::try_from(body.len()).unwrap_or(-1),
                mime_type: media_type(&headers),
                text: (!body.is_empty()).then_some(text),
                encoding: encoding.map(str::to_owned),
            },
            headers: pairs(headers),
            redirect_url: String::new(),
            headers_size: unknown(),
            body_size: i64::try_from(body.len()).unwrap_or(-1),
        }
    }

    /// Names in lower case, and values.
    pub(crate) fn headers(&self) -> Headers {
        let headers = of_pairs(&self.headers).into_iter();
        headers.filter(|(name, _)| !name.starts_with(':')).collect()
    }

    /// The body without the encodings that it travelled with; nothing where it was not kept.
    pub(crate) fn body(&self) -> Option<Vec<u8>> {
        let text = self.content.text.as_ref()?;
        Some(bytes(text, self.content.encoding.as_deref()))
    }
}
