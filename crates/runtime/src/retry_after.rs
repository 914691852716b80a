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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(HeaderName, &str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()));
        retry_after(&headers.collect())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let second = |n| Some(Duration::from_secs(n));
        assert_eq!(asked(&[(RETRY_AFTER, "120")]), second(120));
        assert_eq!(asked(&[(RETRY_AFTER, " 0 ")]), second(0));
        for more in ["2147483648", "2147483649", "99999999999999999999"] {
            assert_eq!(asked(&[(RETRY_AFTER, more)]), Some(LONGEST), "{more}");
        }
        let now = (DATE, "Sun, 06 Nov 1994 08:49:30 GMT");
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(
                asked(&[(RETRY_AFTER, date), now.clone()]),
                second(7),
                "{date}"
            );
            // By our own clock it is long past.
            assert_eq!(asked(&[(RETRY_AFTER, date)]), second(0), "{date}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in ["", "soon", "-1", "1.5", "+1", "1 s"] {
            assert_eq!(asked(&[(RETRY_AFTER, text)]), None, "{text:?}");
        }
        assert_eq!(asked(&[]), None);
    }
}
