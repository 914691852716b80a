use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The longest wait that is told from a longer one: 2^31 seconds, which stand for all that is
/// longer wherever HTTP counts seconds (RFC 9111, section 1.2.2).
pub(crate) const LONGEST: Duration = Duration::from_secs(1 << 31);

/// How long the API asks to wait (RFC 9110, section 10.2.3), [`LONGEST`] at most: seconds, or
/// a date, which is taken by the API's own clock where it tells the time.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What has too many digits is longer still.
        return Some(
            text.parse()
                .map_or(LONGEST, |seconds| Duration::from_secs(seconds).min(LONGEST)),
        );
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date(headers, DATE).unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST))
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}
