use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::media_type;
use super::response::Received;

/// The form that the contract gives a response, by which it is known to be the API's own and
/// not that of something in front of it. Generated code states it.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    media_type: &'static str,
    fits: fn(body: &[u8]) -> bool,
}

impl Form {
    /// JSON of this type, under a media type in lower case or a range of them.
    #[must_use]
    pub fn json<T: DeserializeOwned + Serialize>(media_type: &'static str) -> Self {
        Self {
            media_type,
            fits: fits::<T>,
        }
    }

    /// JSON of the type that the variant of a status holds.
    #[must_use]
    pub fn json_as<T: DeserializeOwned + Serialize, E>(
        media_type: &'static str,
        _: fn(T) -> E,
    ) -> Self {
        Self::json::<T>(media_type)
    }

    /// Whether a response has it.
    pub(crate) fn is_of(&self, response: &Received) -> bool {
        media_type::is(&response.headers, self.media_type) && (self.fits)(&response.body)
    }
}

/// Whether JSON is of a type, and says something that the type knows: where no property is
/// required, every object is of the type.
pub(crate) fn fits<T: DeserializeOwned + Serialize>(body: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<T>(body) else {
        return false;
    };
    let said = serde_json::from_slice(body);
    match (said, serde_json::to_value(value)) {
        (Ok(Value::Object(said)), Ok(Value::Object(known))) => {
            said.keys().any(|name| known.contains_key(name))
        }
        (Ok(_), Ok(_)) => true,
        _ => false,
    }
}
