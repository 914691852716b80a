//! What generated clients have in common, and where they have it.

use serde::{Deserialize, Serialize};
use syn::{Item, Path, parse_quote};

/// Where generated code finds what clients share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Runtime {
    /// In the crate `sdk-runtime`.
    #[default]
    Crate,
    /// In a module of the generated one, in a file by its path from the generated file's folder:
    /// `runtime/mod.rs`.
    Module(String),
}

impl Runtime {
    /// The path as the generated module writes it.
    pub(crate) fn path(&self) -> Path {
        match self {
            Self::Crate => parse_quote!(::sdk_runtime),
            Self::Module(_) => parse_quote!(self::runtime),
        }
    }

    /// The path as a module of the generated one writes it.
    pub(crate) fn path_in_module(&self) -> Path {
        match self {
            Self::Crate => self.path(),
            Self::Module(_) => parse_quote!(super::runtime),
        }
    }

    /// The module, where it is one.
    pub(crate) fn declaration(&self) -> Option<Item> {
        match self {
            Self::Crate => None,
            Self::Module(file) => Some(parse_quote!(
                #[path = #file]
                pub mod runtime;
            )),
        }
    }
}
