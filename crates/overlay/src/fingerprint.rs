use std::fmt;
use std::hash::Hasher as _;

use fnv::FnvHasher;

/// What is left of a text to know it by: whether a translation is still one of it.
///
/// ```
/// use overlay::Fingerprint;
/// let of = |text| Fingerprint::of(text).to_string();
/// assert_eq!(of("Create a contact"), "0921b07d");
/// // Where lines break and how many spaces there are means nothing in Markdown.
/// assert_eq!(of("Create a\ncontact\n"), of("Create a contact"));
/// assert_ne!(of("Create a contact."), of("Create a contact"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u32);

impl Fingerprint {
    /// Of a text, however its lines break. Blank lines count: they begin a paragraph.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut hasher = FnvHasher::default();
        for paragraph in text.trim().split("\n\n") {
            for word in paragraph.split_whitespace() {
                hasher.write(word.as_bytes());
                hasher.write(b" ");
            }
            hasher.write(b"\n");
        }
        let hash = hasher.finish();
        // The halves together: the last bits alone are the weakest.
        Self((hash ^ (hash >> 32)) as u32)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A word as a key or a value of YAML, which takes some fingerprints for numbers: in quotes, unless
/// all its signs are plain and one of them is a letter that no number has.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_no_number = |c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E' | 'x' | 'o');
    let begins = word.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "n", "y"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known));
    match begins && word.chars().all(is_plain) && word.chars().any(is_no_number) && !is_word {
        true => word.to_owned(),
        false => serde_json::Value::from(word).to_string(),
    }
}
