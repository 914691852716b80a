//! Texts: by their pattern, by their format, by the name of their property, or words.

use contract::schema::{Bounds, Shape};
use fake::Fake as _;
use fake::faker::address::en::{CityName, CountryName, StateName, StreetName, ZipCode};
use fake::faker::company::en::{CatchPhrase, CompanyName};
use fake::faker::internet::en::Username;
use fake::faker::job::en::Title;
use fake::faker::lorem::en::{Sentence, Word};
use fake::faker::name::en::{FirstName, LastName};
use heck::ToSnakeCase as _;
use rand::RngExt as _;

use crate::Chance;
use crate::pattern::{More, matching};

/// So often a pattern is tried until its text is as long as it must be.
const TRIES: usize = 40;
/// The longest text that is made because it must be long.
const LONGEST: u64 = 1 << 20;

/// A text as a schema asks for it, of a property of this name.
pub(crate) fn text(
    shape: &Shape<'_>,
    name: &str,
    is_plain: bool,
    chances: &mut Chance,
) -> Option<String> {
    if let Some(pattern) = shape.patterns.first() {
        return by_pattern(pattern, shape.length, chances);
    }
    if let Some(text) = shape.format.and_then(|format| formatted(format, chances)) {
        return Some(text);
    }
    let known = named(name, chances).filter(|_| !is_plain || !has_any_words(name));
    match known.filter(|text| is_within(shape.length, text)) {
        Some(text) => Some(text),
        None if is_plain => fitted("string".to_owned(), shape.length, chances),
        None => fitted(Word().fake_with_rng(chances), shape.length, chances),
    }
}

fn by_pattern(pattern: &str, length: Bounds<u64>, chances: &mut Chance) -> Option<String> {
    let shortest = matching(pattern, More::Exactly(0), chances)?;
    let least = length.least.unwrap_or_default();
    let missing = least.saturating_sub(shortest.chars().count() as u64);
    let missing = u32::try_from(missing).ok()?;
    // A little repetition reads best; a text of a certain length needs so much.
    let manners = [4, 1, 12].map(More::UpTo).into_iter();
    let manners = manners.chain([More::Exactly(missing)]).cycle();
    let mut tries = manners
        .take(TRIES)
        .filter_map(|more| matching(pattern, more, chances));
    tries.find(|text| is_within(length, text))
}

fn is_within(length: Bounds<u64>, text: &str) -> bool {
    let count = text.chars().count() as u64;
    length.least.is_none_or(|least| count >= least) && length.most.is_none_or(|most| count <= most)
}

/// The text with words until it is long enough, and cut where it is too long.
fn fitted(mut text: String, length: Bounds<u64>, chances: &mut Chance) -> Option<String> {
    let least = length.least.unwrap_or_default();
    if least > LONGEST {
        return None;
    }
    let mut count = text.chars().count() as u64;
    while count < least {
        let word: String = Word().fake_with_rng(chances);
        count += 1 + word.chars().count() as u64;
        text.push(' ');
        text.push_str(&word);
    }
    let most = length.most.unwrap_or(u64::MAX);
    if count > most {
        text = text.chars().take(most as usize).collect();
        // A space at the end is not what anybody means.
        if text.ends_with(' ') {
            text.pop();
            text.push('s');
        }
    }
    Some(text)
}

/// A text of a format (JSON Schema 2020-12, validation, section 7.3, and the registry of formats of
/// `OpenAPI`); nothing for one that is not known.
fn formatted(format: &str, chances: &mut Chance) -> Option<String> {
    let mut host = || format!("{}.example.com", one_word(chances));
    Some(match format {
        "date" => date(chances),
        "date-time" => format!("{}T{}Z", date(chances), time(chances)),
        "time" => format!("{}Z", time(chances)),
        "duration" => format!("P{}D", chances.random_range(1..30)),
        "email" | "idn-email" => email(chances),
        "hostname" | "idn-hostname" => host(),
        "ipv4" | "ip" => format!("192.0.2.{}", chances.random_range(1..255)),
        "ipv6" => format!("2001:db8::{:x}", chances.random_range(1..0xffff)),
        "uri" | "iri" | "url" => url(chances),
        "uri-reference" | "iri-reference" => format!("/{}", one_word(chances)),
        "uri-template" => format!("https://example.com/{}/{{id}}", one_word(chances)),
        "uuid" | "guid" => uuid(chances),
        "json-pointer" => format!("/{}", one_word(chances)),
        "relative-json-pointer" => format!("0/{}", one_word(chances)),
        "regex" => "^[a-z]+$".to_owned(),
        "byte" => "c2FtcGxl".to_owned(),
        _ => return None,
    })
}

/// Whether a name asks for words, and any will do.
fn has_any_words(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "body",
        "comment",
        "description",
        "file_name",
        "filename",
        "headline",
        "id",
        "message",
        "note",
        "subject",
        "summary",
        "text",
        "title",
    ];
    let name = name.to_snake_case();
    let last = name.rsplit('_').next().unwrap_or_default();
    NAMES.contains(&name.as_str()) || NAMES.contains(&last.trim_end_matches('s'))
}

/// What a property is called for, as far as that is usual.
fn named(name: &str, chances: &mut Chance) -> Option<String> {
    let name = name.to_snake_case();
    let words: Vec<&str> = name.split('_').collect();
    let last = *words.last()?;
    let before = words.len().checked_sub(2).map(|at| words[at]);
    Some(match (before, last) {
        (_, "uuid" | "guid") => uuid(chances),
        (_, "id" | "ids") => format!("{}-{}", one_word(chances), chances.random_range(100..1000)),
        (_, "email" | "mail") => email(chances),
        (Some("user" | "login" | "nick" | "screen"), "name") | (_, "username" | "login") => {
            Username().fake_with_rng(chances)
        }
        (Some("first" | "given"), "name") | (_, "firstname") => FirstName().fake_with_rng(chances),
        (Some("last" | "family"), "name") | (_, "lastname" | "surname") => {
            LastName().fake_with_rng(chances)
        }
        (Some("company" | "organization" | "business"), "name") | (_, "company") => {
            CompanyName().fake_with_rng(chances)
        }
        (Some("file"), "name") | (_, "filename") => format!("{}.txt", one_word(chances)),
        (Some("full" | "contact" | "customer" | "display"), "name") | (None, "name" | "author") => {
            person(chances)
        }
        (_, "phone" | "mobile") | (Some("phone"), "number") => {
            format!("+1555{:07}", chances.random_range(0..10_000_000))
        }
        (_, "url" | "uri" | "href" | "link" | "website") => url(chances),
        (_, "city") => CityName().fake_with_rng(chances),
        (Some("country"), "code") => "US".to_owned(),
        (_, "country") => CountryName().fake_with_rng(chances),
        (_, "state" | "province" | "region") => StateName().fake_with_rng(chances),
        (_, "street" | "line1") => StreetName().fake_with_rng(chances),
        (_, "zip" | "zipcode" | "postcode") | (Some("postal" | "zip"), "code") => {
            ZipCode().fake_with_rng(chances)
        }
        (Some("job"), "title") => Title().fake_with_rng(chances),
        (_, "title" | "subject" | "headline") => CatchPhrase().fake_with_rng(chances),
        (_, "description" | "summary" | "comment" | "message" | "text" | "body" | "note") => {
            Sentence(4..9).fake_with_rng(chances)
        }
        (_, "currency") => "EUR".to_owned(),
        (_, "locale") => "en-US".to_owned(),
        (_, "language" | "lang") => "en".to_owned(),
        (_, "timezone" | "tz") | (Some("time"), "zone") => "Europe/Berlin".to_owned(),
        (_, "color" | "colour") => format!("#{:06x}", chances.random_range(0..0x0100_0000)),
        (_, "date") => date(chances),
        (_, "at" | "timestamp" | "datetime") => format!("{}T{}Z", date(chances), time(chances)),
        _ => return None,
    })
}

fn one_word(chances: &mut Chance) -> String {
    Word().fake_with_rng(chances)
}

fn person(chances: &mut Chance) -> String {
    let first: String = FirstName().fake_with_rng(chances);
    let last: String = LastName().fake_with_rng(chances);
    format!("{first} {last}")
}

/// An address that reaches nobody (RFC 2606, section 3).
fn email(chances: &mut Chance) -> String {
    let name: String = FirstName().fake_with_rng(chances);
    format!("{}@example.com", name.to_snake_case())
}

fn url(chances: &mut Chance) -> String {
    format!("https://example.com/{}", one_word(chances))
}

fn date(chances: &mut Chance) -> String {
    let (month, day) = (chances.random_range(1..=12), chances.random_range(1..=28));
    format!("2026-{month:02}-{day:02}")
}

fn time(chances: &mut Chance) -> String {
    let [minute, second] = [(); 2].map(|()| chances.random_range(0..60));
    format!("{:02}:{minute:02}:{second:02}", chances.random_range(8..18))
}

/// A random one (RFC 9562, section 5.4).
fn uuid(chances: &mut Chance) -> String {
    let [a, b, c] = [(); 3].map(|()| chances.random_range(0..0x1_0000));
    let (version, variant) = (
        chances.random_range(0..0x1000),
        chances.random_range(0..0x4000),
    );
    let node = chances.random_range(0..0x1_0000_0000_0000_u64);
    format!(
        "{a:04x}{b:04x}-{c:04x}-4{version:03x}-{:04x}-{node:012x}",
        0x8000 | variant
    )
}
