use std::time::{Duration, UNIX_EPOCH};

use httpdate::fmt_http_date;
use proptest::prelude::*;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::runtime::retry_after::*;

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

/// The second and the third form of a date (RFC 9110, section 5.6.7), from the first.
fn obsolete(date: &str) -> [String; 2] {
    let words: Vec<&str> = date.split([' ', ',']).collect();
    let [weekday, _, day, month, year, time, _] = words[..] else {
        panic!("{date}")
    };
    let names = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
    let name = names.split(' ').find(|name| name.starts_with(weekday));
    let day_of_month = day.trim_start_matches('0');
    [
        format!("{}, {day}-{month}-{} {time} GMT", name.unwrap(), &year[2..]),
        format!("{weekday} {month} {day_of_month:>2} {time} {year}"),
    ]
}

/// Years that two digits tell today, to whoever reads them.
const SHORT_YEARS: std::ops::Range<u64> = 978_307_200..3_124_137_600;

/// What resembles a value, and what does not.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let date = (0..253_402_300_800_u64, 0..3_usize).prop_map(|(at, form)| {
        let date = fmt_http_date(UNIX_EPOCH + Duration::from_secs(at));
        let [second, third] = obsolete(&date);
        [date, second, third][form].clone().into_bytes()
    });
    let seconds = "[ \t]?[-+]?[0-9]{0,25}([.,e][0-9]+)?[ \ts]?".prop_map(String::into_bytes);
    let near = prop_oneof![date, seconds];
    let change = proptest::collection::vec((any::<u8>(), any::<prop::sample::Index>()), 0..4);
    let near = (near, change).prop_map(|(mut value, changes)| {
        for (byte, place) in changes {
            let place = place.index(value.len() + 1);
            match byte % 3 {
                0 => value.truncate(place),
                1 => value.insert(place, byte),
                _ => value
                    .splice(place..(place + 1).min(value.len()), [byte])
                    .for_each(drop),
            }
        }
        value
    });
    prop_oneof![3 => near, 1 => any::<Vec<u8>>()]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_comes_is_a_bounded_wait_or_none(
        values in proptest::collection::vec(value(), 0..3),
        date in proptest::option::of(value()),
    ) {
        let mut headers = HeaderMap::new();
        let named = values.into_iter().map(|value| (RETRY_AFTER, value));
        for (name, value) in named.chain(date.map(|value| (DATE, value))) {
            if let Ok(value) = value.as_slice().try_into() {
                headers.append(name, value);
            }
        }
        let asked = retry_after(&headers);
        prop_assert!(asked.is_none_or(|asked| asked <= LONGEST));
    }

    #[test]
    fn seconds_are_read_as_they_were_written(
        seconds in prop_oneof![any::<u64>(), 0..1_u64 << 32],
        zeros in "0{0,9}",
        (before, after) in ("[ \t]{0,2}", "[ \t]{0,2}"),
    ) {
        let value = format!("{before}{zeros}{seconds}{after}");
        let expected = Duration::from_secs(seconds).min(LONGEST);
        prop_assert_eq!(asked(&[(RETRY_AFTER, &value)]), Some(expected), "{}", value);
    }

    #[test]
    fn dates_are_read_in_every_form(
        now in SHORT_YEARS,
        wait in prop_oneof![0..1_u64 << 33, 0..100_u64],
    ) {
        let date = |at| fmt_http_date(UNIX_EPOCH + Duration::from_secs(at));
        let expected = Duration::from_secs(wait).min(LONGEST);
        let until = now + wait;
        let [second, third] = obsolete(&date(until));
        let second = SHORT_YEARS.contains(&until).then_some(second);
        for value in [date(until), third].into_iter().chain(second) {
            let headers = [(RETRY_AFTER, value.as_str()), (DATE, &date(now))];
            prop_assert_eq!(asked(&headers), Some(expected), "{}", value);
            // What is past is not waited for.
            let headers = [(RETRY_AFTER, value.as_str()), (DATE, &date(until + 1))];
            prop_assert_eq!(asked(&headers), Some(Duration::ZERO), "{}", value);
        }
    }
}
