//! The table: requests, and what is answered to them.

use std::path::{Path, PathBuf};

use contract::source::parse;
use serde::Deserialize;

/// A document, and requests for what it describes.
#[derive(Deserialize)]
pub(crate) struct Rows {
    pub(crate) document: String,
    pub(crate) requests: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: std::collections::BTreeMap<String, String>,
    pub(crate) body: Option<String>,
    /// Status and media type.
    pub(crate) prism: (u16, String),
    /// The same of a sandbox, where it differs.
    pub(crate) ours: Option<(u16, String)>,
    /// Why it does.
    #[serde(default)]
    pub(crate) reason: String,
}

impl Row {
    pub(crate) fn expected(&self) -> &(u16, String) {
        self.ours.as_ref().unwrap_or(&self.prism)
    }
}

pub(crate) fn read() -> Vec<Rows> {
    let text = include_str!("table.yaml");
    let table = parse(text, &mut Vec::new()).unwrap().to_json();
    serde_json::from_value(table).unwrap()
}

/// Where a document is, if it is there.
pub(crate) fn found(document: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let own = root.join(document);
    let corpus = root.join("../shared/corpus/docs").join(document);
    [own, corpus].into_iter().find(|path| path.is_file())
}
