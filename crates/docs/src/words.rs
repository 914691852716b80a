//! The words of the pages themselves, in every language that they speak. A language is complete, or
//! it does not compile.

use contract::operation::{Location, RateLimit};

use english::ENGLISH;
use french::FRENCH;
use italian::ITALIAN;
use portuguese::PORTUGUESE;
use spanish::SPANISH;

mod english;
mod french;
mod italian;
mod portuguese;
mod spanish;

/// What a page says that no contract does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The language in its own words.
    pub(crate) name: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) menu: &'static str,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) search: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) overview: &'static str,
    pub(crate) authentication: &'static str,
    pub(crate) servers: &'static str,
    pub(crate) operations: &'static str,
    pub(crate) events: &'static str,
    pub(crate) schemas: &'static str,
    pub(crate) changelog: &'static str,
    pub(crate) changes_of_api: &'static str,
    pub(crate) unreleased: &'static str,
    pub(crate) first_release: &'static str,
    /// Of a release that changes words besides.
    pub(crate) only_words: &'static str,
    pub(crate) breaking: &'static str,
    pub(crate) risky: &'static str,
    pub(crate) to_judge: &'static str,
    pub(crate) download: &'static str,
    pub(crate) as_markdown: &'static str,
    pub(crate) request: &'static str,
    pub(crate) body: &'static str,
    pub(crate) in_path: &'static str,
    pub(crate) in_query: &'static str,
    pub(crate) in_header: &'static str,
    pub(crate) in_cookie: &'static str,
    pub(crate) responses: &'static str,
    pub(crate) no_body: &'static str,
    pub(crate) required: &'static str,
    pub(crate) deprecated: &'static str,
    pub(crate) default: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) example: &'static str,
    pub(crate) one_of: &'static str,
    /// What an open set knows today.
    pub(crate) known: &'static str,
    pub(crate) range: &'static str,
    pub(crate) multiple: &'static str,
    pub(crate) characters: &'static str,
    pub(crate) items: &'static str,
    pub(crate) properties: &'static str,
    pub(crate) unique: &'static str,
    pub(crate) read_only: &'static str,
    pub(crate) write_only: &'static str,
    pub(crate) used_by: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) link_here: &'static str,
    pub(crate) note: &'static str,
    pub(crate) tip: &'static str,
    pub(crate) important: &'static str,
    pub(crate) warning: &'static str,
    pub(crate) caution: &'static str,
    /// Of a status.
    pub(crate) not_processed: &'static str,
    pub(crate) idempotent: &'static str,
    pub(crate) not_idempotent: &'static str,
    /// `{requests}` and `{seconds}` stand for numbers.
    pub(crate) rate_limit: &'static str,
    /// `{name}` and `{value}` stand for code.
    pub(crate) in_the_header: &'static str,
    /// The same.
    pub(crate) in_the_query: &'static str,
    /// The same.
    pub(crate) in_the_cookie: &'static str,
    pub(crate) by_certificate: &'static str,
    pub(crate) scopes: &'static str,
    pub(crate) anybody: &'static str,
    /// What comes before a line of the shell.
    pub(crate) set_variable: &'static str,
    pub(crate) try_it: &'static str,
    pub(crate) send: &'static str,
    pub(crate) address: &'static str,
    pub(crate) key: &'static str,
    pub(crate) key_stays: &'static str,
    pub(crate) no_answer: &'static str,
    pub(crate) made_from: &'static str,
    pub(crate) always: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) encoding: &'static str,
    pub(crate) content_type: &'static str,
    /// A link that leads to what somebody wrote elsewhere.
    pub(crate) more: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) license: &'static str,
    pub(crate) terms: &'static str,
    /// Requests that an operation leads to.
    pub(crate) callbacks: &'static str,
    /// What may be called with what is answered.
    pub(crate) links: &'static str,
    /// Of a request that the server sends.
    pub(crate) from_the_api: &'static str,
    /// Between ways of which one is enough.
    pub(crate) or: &'static str,
    pub(crate) authorization_url: &'static str,
    pub(crate) token_url: &'static str,
    pub(crate) refresh_url: &'static str,
    pub(crate) discovery_url: &'static str,
    /// `{name}` stands for a header.
    pub(crate) repeatable: &'static str,
    /// The same of each second.
    pub(crate) rate_limit_each: &'static str,
    pub(crate) path: &'static str,
    pub(crate) version: &'static str,
}

/// The words of a language, by its tag (BCP 47): those of `pt` for `pt-BR`. English, where a page
/// does not speak the language.
pub(crate) fn of(tag: &str) -> &'static Words {
    let language = tag.split('-').next().unwrap_or_default();
    match language.to_ascii_lowercase().as_str() {
        "es" => &SPANISH,
        "fr" => &FRENCH,
        "it" => &ITALIAN,
        "pt" => &PORTUGUESE,
        _ => &ENGLISH,
    }
}

impl Words {
    /// How often an API may be called.
    pub(crate) fn limit(&self, limit: &RateLimit) -> String {
        let sentence = match limit.seconds {
            1 => self.rate_limit_each,
            _ => self.rate_limit,
        };
        let text = sentence.replace("{requests}", &limit.requests.to_string());
        text.replace("{seconds}", &limit.seconds.to_string())
    }

    /// A word before what it is about: French has a space before a colon, at which no line breaks.
    pub(crate) fn label(&self, word: &str) -> String {
        match std::ptr::eq(self, &FRENCH) {
            true => format!("{word}\u{a0}:"),
            false => format!("{word}:"),
        }
    }

    /// Where parameters are sent, in the order in which a page has them.
    pub(crate) fn locations(&self) -> [(Location, &'static str); 4] {
        [
            (Location::Path, self.in_path),
            (Location::Query, self.in_query),
            (Location::Header, self.in_header),
            (Location::Cookie, self.in_cookie),
        ]
    }

    /// What a language is called in itself; its tag, where a page does not speak it.
    pub(crate) fn name_for<'t>(&'static self, tag: &'t str) -> &'t str {
        let is_own = std::ptr::eq(of(tag), &ENGLISH);
        let language = tag.split('-').next().unwrap_or_default();
        match is_own && !language.eq_ignore_ascii_case("en") {
            true => tag,
            false => self.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FRENCH;

    #[test]
    fn no_line_of_french_begins_with_a_sign() {
        let words = format!("{FRENCH:?}");
        let mut texts = words.split('"').skip(1).step_by(2);
        assert!(texts.clone().any(|text| text.contains("\\u{a0}:")));
        assert!(texts.all(|text| {
            [" :", " ;", " ?", " !"]
                .iter()
                .all(|sign| !text.contains(sign))
        }));
    }
}
