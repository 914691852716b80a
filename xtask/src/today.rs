//! The date in UTC.

use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, io};

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
    Ok(date(seconds / 86_400))
}

fn seconds(text: &str) -> Option<u64> {
    text.parse().ok().filter(|seconds| *seconds <= LAST)
}

/// The date so many days after 1970-01-01. Years begin in March here, so that the
/// day that some of them lack is their last.
fn date(days: u64) -> String {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{LAST, date, seconds};

    #[test]
    fn dates_follow_the_calendar() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_778, "2026-11-21"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(date(days), expected);
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(date(LAST / 86_400), "9999-12-31");
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
