//! What an API asks beyond its contract.

use std::fmt;

use contract::operation::{Operation, Sandboxed};
use serde_json::{Map, Value};

/// A call of an operation that fits the contract.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path as the contract has it: `/contacts/{uuid}`.
    pub path: &'a str,
    /// The value of the body, if there is one.
    pub body: Option<&'a Value>,
}

/// What an API asks of a request, and makes of it, beyond what its contract says.
///
/// ```
/// use sandbox::{Call, Rules, Sandbox};
///
/// #[derive(Debug)]
/// struct Polite;
///
/// impl Rules for Polite {
///     fn check(&self, call: &Call<'_>) -> Result<(), String> {
///         match call.body.is_some_and(|body| body["name"] == "Grobian") {
///             true => Err("`Grobian` is nobody's name".to_owned()),
///             false => Ok(()),
///         }
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::from_path("../../openapi/callbell.yaml")?.rules(Polite);
/// # Ok(())
/// # }
/// ```
pub trait Rules: fmt::Debug + Send + Sync {
    /// Nothing, or why the request is refused: with what the contract says of 422 or 400.
    ///
    /// # Errors
    /// When the request is refused.
    fn check(&self, call: &Call<'_>) -> Result<(), String> {
        let _ = call;
        Ok(())
    }

    /// Adds to a member that is created what the API makes of the request. What was sent under the
    /// names that the answer shows is there.
    fn complete(&self, call: &Call<'_>, member: &mut Map<String, Value>) {
        let _ = (call, member);
    }
}

/// What happens when something is created whose key another one has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicate {
    /// Another one is created.
    #[default]
    Create,
    /// The request is refused: with what the contract says of 409, 422 or 400.
    Refuse,
    /// The one that is there is the answer.
    Return,
}

/// What tells those apart that are created in a collection.
#[derive(Debug)]
pub(crate) struct Unique {
    /// The path of the collection in the contract.
    pub(crate) path: String,
    /// Properties of the body, which make the key together.
    pub(crate) properties: Vec<String>,
    pub(crate) duplicate: Duplicate,
}

impl Unique {
    /// What an operation says: `x-sandbox: {unique: [email]}`.
    pub(crate) fn said(operation: &Operation) -> Option<Self> {
        let Sandboxed::Remembers(said) = Sandboxed::read(&operation.extensions)?.ok()? else {
            return None;
        };
        (!said.unique.is_empty()).then(|| Self {
            path: operation.path.clone(),
            properties: said.unique,
            duplicate: Duplicate::Refuse,
        })
    }

    /// The key of what is sent; nothing where a part of it is missing.
    pub(crate) fn key(&self, body: &Map<String, Value>) -> Option<String> {
        let parts = self.properties.iter().map(|name| body.get(name));
        let parts: Option<Vec<&Value>> = parts.collect();
        parts.map(|parts| parts.into_iter().cloned().collect::<Value>().to_string())
    }

    /// The key of a member with what is sent of it.
    pub(crate) fn changed(&self, key: &str, body: &Map<String, Value>) -> String {
        // It was made here.
        let mut parts: Vec<Value> = serde_json::from_str(key).unwrap_or_default();
        for (part, name) in parts.iter_mut().zip(&self.properties) {
            if let Some(sent) = body.get(name) {
                *part = sent.clone();
            }
        }
        Value::from(parts).to_string()
    }
}
