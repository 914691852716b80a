//! The date in UTC.

use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, io};

use chrono::DateTime;
use contract::inert;

/// The last second of 9999: later dates have another form.
const LAST: u64 = 253_402_300_799;

/// Today as `2026-11-21`. `SOURCE_DATE_EPOCH`, in seconds, takes the place of the clock;
/// a value that is no such number is an error, as its specification asks for
/// (reproducible-builds.org, "SOURCE_DATE_EPOCH").
pub(crate) fn today() -> io::Result<String> {
    let seconds = match env::var_os("SOURCE_DATE_EPOCH") {
        Some(fixed) => {
            let text = fixed.to_string_lossy();
            seconds(&text).ok_or_else(|| {
                io::Error::other(format!(
                    "`SOURCE_DATE_EPOCH` is `{}`; set it to seconds since 1970-01-01, or unset it",
                    inert::line(&text)
                ))
            })?
        }
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs()),
    };
    Ok(date(seconds))
}

fn seconds(text: &str) -> Option<u64> {
    text.parse().ok().filter(|seconds| *seconds <= LAST)
}

fn date(seconds: u64) -> String {
    let seconds = seconds.min(LAST);
    let time = i64::try_from(seconds)
        .ok()
        .and_then(|s| DateTime::from_timestamp(s, 0));
    time.unwrap_or_default().date_naive().to_string()
}

#[cfg(test)]
mod tests {
    use super::{LAST, date, seconds};

    #[test]
    fn what_is_no_time_is_none() {
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(20_778 * 86_400), "2026-11-21");
        assert_eq!(date(LAST), "9999-12-31");
        for text in [
            "",
            " ",
            "nonsense",
            "1.5",
            "-1",
            "0x10",
            "253402300800",
            "1\n",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds(&LAST.to_string()), Some(LAST));
    }
}
