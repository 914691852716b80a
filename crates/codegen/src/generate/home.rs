//! Where a client stands among other code, and whom it is for.

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
    /// How it reads what the API answers.
    pub reads: Reads,
}

/// How a client reads what the API answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Reads {
    /// As it is meant: what servers answer in another way than the contract says is read where it
    /// is clear, because the call has done its work.
    #[default]
    Leniently,
    /// As the contract says: for whoever tests a server.
    Strictly,
}

impl Default for Home {
    /// The root of a crate whose name is not known, with the crate `sdk-runtime`.
    fn default() -> Self {
        Self {
            runtime: Runtime::Crate,
            path: OWN.to_owned(),
            reads: Reads::default(),
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
