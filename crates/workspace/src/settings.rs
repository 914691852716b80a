//! Configuration, for those who need any: `[workspace.metadata.sdk]`, or
//! `[package.metadata.sdk]`, in the manifest at the root.

use std::collections::BTreeMap;
use std::io;

use codegen::Reads;
use contract::lint::{gate, gate_partially};
use contract::{Checked, Document, Finding, Findings, Rejected, Severity};

use crate::manifest;
use reader::Reader;

mod reader;

/// What stands for a document's name in a pattern.
const NAME: &str = "{name}";

/// Where the table may stand.
const PLACES: [[&str; 3]; 2] = [
    ["workspace", "metadata", "sdk"],
    ["package", "metadata", "sdk"],
];

/// What may be configured, each with a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `documents`: the folder of documents; `openapi`.
    pub documents: String,
    /// `clients` and `packages`, or `modules`: where clients go.
    pub clients: Clients,
    /// `approvals`: the list of approved changes; `approvals.yaml` in the folder of documents.
    pub approvals: String,
    /// `snapshots`: the folder with a snapshot of each piece of the outline; none.
    pub snapshots: Option<String>,
    /// `runtime`: where clients have what they share; in their own sources.
    pub runtime: RuntimeSource,
    /// `reads`: how clients read what the API answers; as it is meant.
    pub reads: Reads,
    /// `default-branch`: what reviews compare with; what the remote says.
    pub default_branch: Option<String>,
    /// `deny-warnings`: whether a warning fails like an error; no.
    pub deny_warnings: bool,
    /// `partial`: the documents of which operations are left out that nobody can understand, by
    /// their paths; none.
    pub partial: Vec<String>,
    /// `lint`: levels by rule; `None` is off.
    pub lint: BTreeMap<&'static str, Option<Severity>>,
    /// `fail-on`: what a review fails on; what breaks callers on the wire.
    pub fail_on: FailOn,
}

/// Where clients go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clients {
    /// Each document has a crate.
    Crates {
        /// The crate's folder; `crates/{name}`.
        folder: String,
        /// The package's name; `{name}`.
        package: String,
    },
    /// Each document has a module of the package at the root, in this file: `src/{name}.rs`.
    Modules(String),
}

/// Where clients have what they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeSource {
    /// `"vendored"`: in their own sources.
    Vendored,
    /// `{ path = … }`: in a crate of the workspace, by its path from the root.
    Path(String),
    /// `{ version = … }` or `{ git = …, rev = … }`: in a crate, as a dependency has it.
    Crate(Vec<(String, String)>),
}

/// What a review fails on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailOn {
    /// `fail-on.wire`: what callers of the API feel.
    pub wire: Wire,
    /// `fail-on.crate`: whether the crate's version must rise as much as its callers feel.
    pub version: bool,
}

/// The least that fails on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `"breaking"`: what breaks clients, and nobody approved.
    Breaking,
    /// `"risky"`: what may break some, too.
    Risky,
    /// `"never"`: nothing does.
    Never,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            documents: "openapi".to_owned(),
            clients: Clients::Crates {
                folder: format!("crates/{NAME}"),
                package: NAME.to_owned(),
            },
            approvals: String::new(),
            snapshots: None,
            runtime: RuntimeSource::Vendored,
            reads: Reads::Leniently,
            default_branch: None,
            deny_warnings: false,
            partial: Vec::new(),
            lint: BTreeMap::new(),
            fail_on: FailOn {
                wire: Wire::Breaking,
                version: false,
            },
        }
        .with_approvals()
    }
}

impl Settings {
    /// Reads the settings of a manifest, with what is wrong with them.
    pub(crate) fn read(text: &str) -> (Self, Findings) {
        let manifest = match manifest::parse(text) {
            Ok(manifest) => manifest,
            Err(finding) => return (Self::default(), vec![*finding]),
        };
        let (value, extra) = match PLACES.map(|place| manifest::get(&manifest, &place)) {
            [Some(value), extra] => (value, extra),
            [None, Some(value)] => (value, None),
            [None, None] => return (Self::default(), Findings::new()),
        };
        let mut reader = Reader {
            text,
            findings: Findings::new(),
        };
        if let Some(extra) = extra {
            let message = "the settings stand twice, for the workspace and for the package";
            reader.refuse(extra, message, "leave one of the tables");
        }
        let settings = match value.as_ref().as_table() {
            Some(table) => reader.settings(table),
            None => {
                reader.refuse(value, "`metadata.sdk` is no table", "write it as a table");
                Self::default()
            }
        };
        (settings, reader.findings)
    }

    /// The text of a manifest whose settings let operations of a document be left out.
    ///
    /// # Errors
    /// When the settings are written in another way than as a table of their own.
    pub(crate) fn with_partial(name: &str, text: &str, document: &str) -> io::Result<String> {
        let manifest = manifest::parse(text).ok();
        let found = manifest.as_ref().and_then(|manifest| {
            let is_there = |place: &&[&str; 3]| manifest::get(manifest, *place).is_some();
            let place = PLACES.iter().find(is_there)?;
            let listed = manifest::get(manifest, &[&place[..], &["partial"]].concat());
            Some((place, listed.and_then(manifest::list)))
        });
        match found {
            Some((_, Some(listed))) => Ok(manifest::with_item(text, &listed, document)),
            found => {
                let place = match (found, manifest::is_workspace(text)) {
                    (Some((place, _)), _) => place,
                    (None, true) => &PLACES[0],
                    (None, false) => &PLACES[1],
                };
                let line = format!("partial = [\"{document}\"]");
                manifest::with_lines(name, text, place, &[line])
            }
        }
    }

    /// Whether operations of a document may be left out.
    pub(crate) fn is_partial(&self, document: &str) -> bool {
        self.partial.iter().any(|partial| partial == document)
    }

    /// Lets a document through, as far as the settings ask for.
    pub(crate) fn gate(&self, document: Document) -> Result<Checked, Box<Rejected>> {
        match self.is_partial(document.source().name()) {
            true => gate_partially(document),
            false => gate(document),
        }
    }

    /// Whether a manifest has settings.
    pub(crate) fn are_in(text: &str) -> bool {
        manifest::parse(text).is_ok_and(|manifest| {
            let mut places = PLACES.iter();
            places.any(|place| manifest::get(&manifest, place).is_some())
        })
    }

    /// The findings with the levels that are configured for their rules.
    pub(crate) fn levelled(&self, findings: Findings) -> Findings {
        let levelled = |mut finding: Finding| match self.lint.get(finding.rule) {
            None => Some(finding),
            Some(level) => {
                finding.severity = (*level)?;
                Some(finding)
            }
        };
        findings.into_iter().filter_map(levelled).collect()
    }

    /// A pattern with the document's name in its place.
    pub(crate) fn fill(pattern: &str, name: &str) -> String {
        pattern.replace(NAME, name)
    }

    /// The list of approvals stands beside the documents, unless it is told to stand elsewhere.
    fn with_approvals(mut self) -> Self {
        if self.approvals.is_empty() {
            self.approvals = format!("{}/approvals.yaml", self.documents);
        }
        self
    }
}
