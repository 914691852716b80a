//! Where a client stands among other code.

use serde::{Deserialize, Serialize};

use super::Runtime;

/// Where generated code stands: what it finds there, and how callers reach it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Home {
    /// Where it finds what clients share.
    pub runtime: Runtime,
    /// The path of the client's items as callers write it: `callbell` for a crate of that name
    /// that gives them all, `crate::shop` for a module of the callers' own crate.
    pub path: String,
}

impl Default for Home {
    /// The root of a crate whose name is not known, with the crate `sdk-runtime`.
    fn default() -> Self {
        Self {
            runtime: Runtime::Crate,
            path: OWN.to_owned(),
        }
    }
}

/// What a path within the crate that it is written in begins with.
const OWN: &str = "crate";

impl Home {
    /// Whether other crates, such as documentation tests, can follow the path.
    pub(crate) fn is_seen(&self) -> bool {
        self.path.split("::").next() != Some(OWN)
    }
}
