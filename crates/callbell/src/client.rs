use std::env::{self, VarError};

use crate::types::{CreateContactError, ErrorBody};
use crate::{ApiKey, BuildError, Builder, Client, InvalidKey};

/// The environment variable with the API key.
pub const API_KEY_VARIABLE: &str = "CALLBELL_API_KEY";
/// The environment variable with the base URL, if it is not [`BASE_URL`](crate::BASE_URL).
pub const BASE_URL_VARIABLE: &str = "CALLBELL_BASE_URL";

/// Why a client could not be set up. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The environment holds no API key.
    #[error("`{API_KEY_VARIABLE}` is not set; set it to the API key of the account")]
    KeyMissing,
    /// An environment variable is not Unicode text.
    #[error("`{0}` is not Unicode text")]
    NotUnicode(&'static str),
    /// The API key cannot be used.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// A setting cannot be used.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl Client {
    /// A client of the API with the settings that [`Builder`] lists.
    ///
    /// # Errors
    /// When TLS cannot be set up, for instance without any trusted certificate.
    pub fn new(key: &ApiKey) -> Result<Self, SetupError> {
        Ok(Self::builder(key).build()?)
    }

    /// Sets up a client, setting by setting.
    ///
    /// ```
    /// use std::time::Duration;
    /// use callbell::{ApiKey, Client, Retry};
    ///
    /// let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
    ///     .total_timeout(Duration::from_secs(20))
    ///     .retry(Retry::default().attempts(6))
    ///     .user_agent_suffix("shop/1.2")
    ///     .build()?;
    /// # Ok::<(), callbell::SetupError>(())
    /// ```
    pub fn builder(key: &ApiKey) -> Builder {
        Builder::new().api_key(key.secret())
    }

    /// A client with the key in `CALLBELL_API_KEY`, of the API at
    /// `CALLBELL_BASE_URL` if that is set and at [`BASE_URL`](crate::BASE_URL) otherwise.
    ///
    /// # Errors
    /// When the key is missing or cannot be used, or as [`Builder::build`].
    pub fn from_env() -> Result<Self, SetupError> {
        let key = variable(API_KEY_VARIABLE)?.ok_or(SetupError::KeyMissing)?;
        let builder = Self::builder(&ApiKey::new(&key)?);
        let builder = match variable(BASE_URL_VARIABLE)? {
            Some(base_url) => builder.base_url(&base_url),
            None => builder,
        };
        Ok(builder.build()?)
    }
}

impl CreateContactError {
    /// What went wrong, in the API's words, whatever the status. They may name what was sent.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.error_body()?.message()
    }
}

impl ErrorBody {
    /// What went wrong, in the API's words. They may name what was sent.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.error.as_ref()?.as_str()
    }
}

/// The value of an environment variable; one that is set to nothing is not set.
fn variable(name: &'static str) -> Result<Option<String>, SetupError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(SetupError::NotUnicode(name)),
    }
}
