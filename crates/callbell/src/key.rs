use std::fmt;

use secrecy::SecretString;

/// The API key of an account. It never shows itself: not in `Debug`, not in
/// errors, and its memory is wiped when it is dropped.
///
/// ```
/// use callbell::ApiKey;
///
/// // The dashboard shows the key with the header's prefix; both are fine.
/// let key = ApiKey::new("  Bearer YOUR_API_KEY\n")?;
/// assert_eq!(format!("{key:?}"), "ApiKey(***)");
/// # Ok::<(), callbell::InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

/// Why a text cannot be an API key. The text itself is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// Nothing is left without white space and the `Bearer` prefix.
    #[error("the API key is empty; copy it from the Callbell dashboard")]
    Empty,
    /// A character that cannot stand in a bearer token (RFC 6750, section 2.1).
    #[error(
        "the API key cannot be sent: character {position} is not a visible ASCII character; \
         copy the key again from the Callbell dashboard"
    )]
    Unsendable {
        /// Which character of the key it is, from 1, without the `Bearer` prefix.
        position: usize,
    },
}

impl ApiKey {
    /// Takes a key as pasted: white space around it and a `Bearer` prefix go.
    ///
    /// # Errors
    /// When nothing is left, or a character cannot be sent in a header.
    pub fn new(text: &str) -> Result<Self, InvalidKey> {
        let mut key = text.trim();
        // People paste the prefix, and sometimes twice.
        while let Some(rest) = without_prefix(key) {
            key = rest;
        }
        if key.is_empty() {
            return Err(InvalidKey::Empty);
        }
        match key.chars().position(|c| !c.is_ascii_graphic()) {
            Some(index) => Err(InvalidKey::Unsendable {
                position: index + 1,
            }),
            None => Ok(Self(key.into())),
        }
    }

    /// The key itself.
    pub(crate) fn secret(&self) -> SecretString {
        self.0.clone()
    }
}

/// What follows `Bearer`, in any case, as a word of its own.
fn without_prefix(text: &str) -> Option<&str> {
    let (word, rest) = text.split_at_checked("Bearer".len())?;
    let is_word = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (word.eq_ignore_ascii_case("Bearer") && is_word).then(|| rest.trim_start())
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}
