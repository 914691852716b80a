//! Configuration, for those who need any: `[workspace.metadata.sdk]`, or
//! `[package.metadata.sdk]`, in the manifest at the root.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path};

use codegen::Reads;
use contract::lint::{RULES, gate, gate_partially, nearest};
use contract::source::Span;
use contract::{Checked, Document, Finding, Findings, Rejected, Severity, inert};
use toml::Spanned;
use toml::de::DeValue;

use crate::manifest::{self, RULE, Table};

/// What stands for a document's name in a pattern.
const NAME: &str = "{name}";

/// Where the table may stand.
const PLACES: [[&str; 3]; 2] = [
    ["workspace", "metadata", "sdk"],
    ["package", "metadata", "sdk"],
];

/// Every key of the table.
const KEYS: [&str; 13] = [
    "approvals",
    "clients",
    "default-branch",
    "deny-warnings",
    "documents",
    "fail-on",
    "lint",
    "modules",
    "packages",
    "partial",
    "reads",
    "runtime",
    "snapshots",
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

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'t> {
    text: &'t str,
    findings: Findings,
}

impl Reader<'_> {
    fn settings(&mut self, table: &Table<'_>) -> Settings {
        self.keys(table, &KEYS, "setting");
        let default = Settings::default();
        let path = |reader: &mut Self, key: &str| {
            let value = table.get(key)?;
            reader.path(key, value)
        };
        let documents = path(self, "documents").unwrap_or(default.documents);
        Settings {
            approvals: path(self, "approvals").unwrap_or_default(),
            snapshots: path(self, "snapshots"),
            clients: self.clients(table).unwrap_or(default.clients),
            runtime: match table.get("runtime") {
                Some(value) => self.runtime(value).unwrap_or(default.runtime),
                None => default.runtime,
            },
            reads: match table.get("reads") {
                Some(value) => self.reads(value).unwrap_or_default(),
                None => Reads::default(),
            },
            default_branch: table
                .get("default-branch")
                .and_then(|value| self.string("default-branch", value)),
            deny_warnings: match table.get("deny-warnings") {
                Some(value) => self.boolean("deny-warnings", value).unwrap_or_default(),
                None => false,
            },
            partial: match table.get("partial") {
                Some(value) => self.paths("partial", value),
                None => Vec::new(),
            },
            lint: self.lint(table.get("lint")),
            fail_on: match table.get("fail-on") {
                Some(value) => self.fail_on(value, default.fail_on),
                None => default.fail_on,
            },
            documents,
        }
        .with_approvals()
    }

    fn clients(&mut self, table: &Table<'_>) -> Option<Clients> {
        if let Some(modules) = table.get("modules") {
            for key in ["clients", "packages"] {
                if let Some(value) = table.get(key) {
                    let message = format!("`{key}` says nothing beside `modules`");
                    self.refuse(value, &message, "leave one of them out");
                }
            }
            let file = self.path("modules", modules)?;
            if !file.ends_with(".rs") || !file.contains('/') {
                self.refuse(
                    modules,
                    "`modules` names no file of Rust in a folder",
                    "for instance `modules = \"src/{name}.rs\"`",
                );
                return None;
            }
            return Some(Clients::Modules(file));
        }
        let folder = match table.get("clients") {
            Some(value) => self.path("clients", value)?,
            None => format!("crates/{NAME}"),
        };
        let package = match table.get("packages") {
            Some(value) => self.string("packages", value)?,
            None => NAME.to_owned(),
        };
        Some(Clients::Crates { folder, package })
    }

    fn reads(&mut self, value: &Value<'_>) -> Option<Reads> {
        match value.as_ref().as_str() {
            Some("lenient") => Some(Reads::Leniently),
            Some("strict") => Some(Reads::Strictly),
            _ => {
                let message = "`reads` says nothing that is known";
                let help = "`\"lenient\"` reads what is clear, `\"strict\"` what the contract says";
                self.refuse(value, message, help);
                None
            }
        }
    }

    fn runtime(&mut self, value: &Value<'_>) -> Option<RuntimeSource> {
        const HELP: &str = "`\"vendored\"`, or a table as a dependency has it: `path`, `git` with \
                            `rev`, `branch` or `tag`, or `version`";
        if value.as_ref().as_str() == Some("vendored") {
            return Some(RuntimeSource::Vendored);
        }
        let Some(table) = value.as_ref().as_table() else {
            self.refuse(value, "`runtime` says nothing that is known", HELP);
            return None;
        };
        self.keys(
            table,
            &["branch", "git", "path", "rev", "tag", "version"],
            "key of `runtime`",
        );
        if let Some(path) = table.get("path") {
            return Some(RuntimeSource::Path(self.path("runtime.path", path)?));
        }
        if table.get("git").is_none() && table.get("version").is_none() {
            self.refuse(value, "`runtime` does not say where the crate is", HELP);
            return None;
        }
        let mut parts = Vec::new();
        for (key, value) in table {
            let value = self.string(&format!("runtime.{}", key.as_ref()), value)?;
            parts.push((key.as_ref().to_string(), value));
        }
        Some(RuntimeSource::Crate(parts))
    }

    fn lint(&mut self, value: Option<&Value<'_>>) -> BTreeMap<&'static str, Option<Severity>> {
        let mut levels = BTreeMap::new();
        let Some(value) = value else { return levels };
        let Some(table) = value.as_ref().as_table() else {
            self.refuse(
                value,
                "`lint` is no table",
                "write `RULE = \"level\"` in it",
            );
            return levels;
        };
        for (key, value) in table {
            let Some(rule) = RULES.iter().find(|rule| rule.name == key.as_ref()) else {
                let known = RULES.iter().map(|rule| rule.name);
                self.unknown(key.span(), "rule", key.as_ref(), known);
                continue;
            };
            let known = [
                ("off", None),
                ("note", Some(Severity::Note)),
                ("warning", Some(Severity::Warning)),
                ("error", Some(Severity::Error)),
            ];
            let Some(level) = self.choice(rule.name, value, known) else {
                continue;
            };
            if rule.severity == Severity::Error && level != Some(Severity::Error) {
                let message = format!(
                    "`{}` cannot be lowered: what it finds leaves no meaning to generate from",
                    rule.name
                );
                self.refuse(value, &message, "correct the document where it is found");
                continue;
            }
            levels.insert(rule.name, level);
        }
        levels
    }

    fn fail_on(&mut self, value: &Value<'_>, default: FailOn) -> FailOn {
        let Some(table) = value.as_ref().as_table() else {
            let help = "for instance `fail-on = { wire = \"breaking\", crate = true }`";
            self.refuse(value, "`fail-on` is no table", help);
            return default;
        };
        self.keys(table, &["crate", "wire"], "key of `fail-on`");
        let wire = table.get("wire").and_then(|value| {
            let known = [
                ("breaking", Wire::Breaking),
                ("risky", Wire::Risky),
                ("never", Wire::Never),
            ];
            self.choice("fail-on.wire", value, known)
        });
        let version = table
            .get("crate")
            .and_then(|value| self.boolean("fail-on.crate", value));
        FailOn {
            wire: wire.unwrap_or(default.wire),
            version: version.unwrap_or(default.version),
        }
    }

    /// A path below the root, with `/`.
    fn path(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = self.string(key, value)?;
        let text = text.trim_end_matches('/');
        let is_below = Path::new(text)
            .components()
            .all(|step| matches!(step, Component::Normal(_)));
        let steps: Vec<&str> = text
            .split('/')
            .filter(|it| !["", "."].contains(it))
            .collect();
        let is_plain = !text.contains(['\\', '"']) && !text.contains(char::is_control);
        let others = text.replace(NAME, "");
        if others.contains(['{', '}']) {
            let message = format!("`{key}` has braces around something else than `name`");
            self.refuse(value, &message, "write `{name}` for the document's name");
            return None;
        }
        if steps.is_empty() || !is_below || !is_plain {
            let message = format!("`{key}` is no path below the folder of this manifest");
            self.refuse(value, &message, "name it by relative steps, with `/`");
            return None;
        }
        Some(steps.join("/"))
    }

    fn string(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = value.as_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.refuse(value, &format!("`{key}` is no text"), "write it in quotes");
        }
        text
    }

    fn paths(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        let Some(items) = value.as_ref().as_array() else {
            let help = format!("for instance `{key} = [\"openapi/petstore.yaml\"]`");
            self.refuse(value, &format!("`{key}` is no list of documents"), &help);
            return Vec::new();
        };
        let paths = items.iter().filter_map(|item| self.path(key, item));
        paths.collect()
    }

    fn boolean(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let is = value.as_ref().as_bool();
        if is.is_none() {
            let message = format!("`{key}` is neither `true` nor `false`");
            self.refuse(value, &message, "write one of the two, without quotes");
        }
        is
    }

    fn choice<T, const N: usize>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        known: [(&str, T); N],
    ) -> Option<T> {
        let names = known.each_ref().map(|(name, _)| format!("`\"{name}\"`"));
        let text = value.as_ref().as_str();
        let found = known.into_iter().find(|(name, _)| text == Some(name));
        if found.is_none() {
            let message = format!("`{key}` has no such value");
            self.refuse(value, &message, &format!("one of {}", names.join(", ")));
        }
        found.map(|(_, it)| it)
    }

    fn keys(&mut self, table: &Table<'_>, known: &[&str], what: &str) {
        for key in table.keys() {
            if !known.contains(&&**key.as_ref()) {
                self.unknown(key.span(), what, key.as_ref(), known.iter().copied());
            }
        }
    }

    fn unknown<'k>(
        &mut self,
        at: std::ops::Range<usize>,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        let help = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<_> = known.map(|name| format!("`{name}`")).collect();
                format!("there are {}", all.join(", "))
            }
        };
        let message = format!("there is no {what} `{}`", inert::line(name));
        self.tell(manifest::span(self.text, at), message, &help);
    }

    fn refuse(&mut self, value: &Value<'_>, message: &str, help: &str) {
        let at = manifest::span(self.text, value.span());
        self.tell(at, message.to_owned(), help);
    }

    fn tell(&mut self, at: Span, message: String, help: &str) {
        let finding = Finding::new(RULE, Severity::Error, message, at);
        self.findings.push(finding.help(help));
    }
}
