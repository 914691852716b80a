//! Reads the table, and says what is wrong in it.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use codegen::Reads;
use contract::lint::nearest;
use contract::source::Span;
use contract::{Finding, Findings, Severity, inert};
use toml::Spanned;
use toml::de::DeValue;

use super::{Clients, FailOn, NAME, RuntimeSource, Settings, Wire};
use crate::lint::all_rules;
use crate::manifest::{self, RULE, Table};

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

type Value<'a> = Spanned<DeValue<'a>>;

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) findings: Findings,
}

impl Reader<'_> {
    pub(super) fn settings(&mut self, table: &Table<'_>) -> Settings {
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
            let Some((name, severity, _)) = all_rules().find(|(name, ..)| *name == key.as_ref())
            else {
                let known: Vec<_> = all_rules().map(|(name, ..)| name).collect();
                self.unknown(key.span(), "rule", key.as_ref(), known.into_iter());
                continue;
            };
            let known = [
                ("off", None),
                ("note", Some(Severity::Note)),
                ("warning", Some(Severity::Warning)),
                ("error", Some(Severity::Error)),
            ];
            let Some(level) = self.choice(name, value, known) else {
                continue;
            };
            if severity == Severity::Error && level != Some(Severity::Error) {
                let message = format!(
                    "`{name}` cannot be lowered: what it finds leaves no meaning to generate from"
                );
                self.refuse(value, &message, "correct the document where it is found");
                continue;
            }
            levels.insert(name, level);
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

    pub(super) fn refuse(&mut self, value: &Value<'_>, message: &str, help: &str) {
        let at = manifest::span(self.text, value.span());
        self.tell(at, message.to_owned(), help);
    }

    fn tell(&mut self, at: Span, message: String, help: &str) {
        let finding = Finding::new(RULE, Severity::Error, message, at);
        self.findings.push(finding.help(help));
    }
}
