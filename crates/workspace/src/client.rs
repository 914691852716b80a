//! The package around generated code: written once when a document is new, and edited by hand
//! from then on. What clients share is in its sources, or a dependency.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use codegen::{Dependencies, Home, Runtime};
use contract::Source;
use toml::de::DeValue;

use crate::documents::{Client, Document};
use crate::environment::Environment;
use crate::manifest::{self, Table, get};
use crate::settings::{RuntimeSource, Settings};

/// The table of a client's manifest that says what it is the client of.
const MARK: &[&str] = &["package", "metadata", "sdk-client", "document"];

/// What a crate is asked for: its name, version, features, and whether it is optional.
type Dependency = (&'static str, &'static str, &'static [&'static str], bool);

/// The same where several ask for it.
type Needed = (&'static str, &'static str, Vec<&'static str>, bool);

/// Crates that generated code may name, with what it needs of them.
const NAMED: [Dependency; 8] = [
    ("bytes", "1", &[], false),
    ("chrono", "0.4", &["serde"], false),
    ("futures", "0.3", &[], false),
    ("regress", "0.12", &[], false),
    ("reqwest", "0.13.5", &[], false),
    ("serde", "1", &["derive"], false),
    ("serde_json", "1", &[], false),
    ("uuid", "1", &["serde"], false),
];

/// Crates that the runtime names: a test holds them against its manifest.
const OF_RUNTIME: [Dependency; 22] = [
    ("base64", "0.23", &["alloc"], false),
    ("bytes", "1", &[], false),
    ("fastrand", "2", &[], false),
    ("futures-core", "0.3", &[], false),
    ("hmac", "0.13", &[], true),
    ("http", "1", &[], false),
    ("httpdate", "1", &[], false),
    ("hyper-util", "0.1", &["client-proxy"], false),
    ("percent-encoding", "2", &[], false),
    ("progenitor-client", "0.15", &[], false),
    ("reqwest", "0.13.5", &["stream"], false),
    ("rustls", "0.23", &["ring", "std", "tls12"], true),
    ("rustls-platform-verifier", "0.7", &[], true),
    ("secrecy", "0.10", &[], false),
    ("serde", "1", &["derive"], false),
    ("serde_json", "1", &["raw_value"], false),
    ("serde_urlencoded", "0.7", &[], false),
    ("sha2", "0.11", &[], true),
    ("thiserror", "2", &[], false),
    ("tokio", "1", &["fs", "sync", "time"], false),
    ("tracing", "0.1", &["std"], false),
    ("uuid", "1", &["std", "v4"], false),
];

/// Describes generated types, for those who ask for it.
const SCHEMARS: Dependency = ("schemars", "1.2", &["chrono04"], true);

/// Of these clients want nothing that they do not ask for.
const WITHOUT_DEFAULTS: [&str; 10] = [
    "base64",
    "chrono",
    "futures-core",
    "hmac",
    "hyper-util",
    "reqwest",
    "rustls",
    "sha2",
    "tokio",
    "tracing",
];

/// The crate that clients share, unless they carry it.
const RUNTIME: &str = "sdk-runtime";

/// Whether a client may depend on a crate, by the name that code has for it.
pub(crate) fn may_depend_on(identifier: &str) -> bool {
    let all = NAMED.iter().chain(&OF_RUNTIME).chain([&SCHEMARS]);
    let mut names = all.map(|(name, ..)| *name).chain([RUNTIME]);
    names.any(|name| name.replace('-', "_") == identifier)
}

/// Where generated code stands.
pub(crate) fn home(settings: &Settings, client: &Client) -> Home {
    Home {
        runtime: match settings.runtime {
            RuntimeSource::Vendored => Runtime::Module(client.runtime.1.clone()),
            _ => Runtime::Crate,
        },
        path: client.path(),
        reads: settings.reads,
    }
}

/// The features of a client that carries the runtime, as those of the crate are.
const FEATURES: [Feature; 6] = [
    ("default", &["rustls"]),
    ("native-tls", &["reqwest/native-tls"]),
    ("rustls", &["reqwest/rustls"]),
    (
        "rustls-ring",
        &[
            "dep:rustls",
            "dep:rustls-platform-verifier",
            "reqwest/rustls-no-provider",
        ],
    ),
    ("schemars", &["dep:schemars"]),
    ("signatures", &["dep:hmac", "dep:sha2"]),
];

/// The same of one that depends on it.
const FORWARDED: [Feature; 6] = [
    ("default", &["rustls"]),
    ("native-tls", &["sdk-runtime/native-tls"]),
    ("rustls", &["sdk-runtime/rustls"]),
    ("rustls-ring", &["sdk-runtime/rustls-ring"]),
    ("schemars", &["dep:schemars"]),
    ("signatures", &["sdk-runtime/signatures"]),
];

/// A feature and what it asks for.
type Feature = (&'static str, &'static [&'static str]);

/// The features that a client has. What checks signatures is in every runtime that is carried, and
/// elsewhere only where the code asks for it.
fn features(settings: &Settings, code: &str) -> impl Iterator<Item = &'static Feature> {
    let is_carried = matches!(settings.runtime, RuntimeSource::Vendored);
    let all: &[Feature] = match is_carried {
        true => &FEATURES,
        false => &FORWARDED,
    };
    let needs_all = is_carried || Dependencies::of(code).signatures;
    let is_needed = move |feature: &&Feature| needs_all || feature.0 != "signatures";
    all.iter().filter(is_needed)
}

/// The crates that the code of a client needs, by name.
fn needed(settings: &Settings, code: &str) -> Vec<Needed> {
    let needs = Dependencies::of(code);
    let named = NAMED.into_iter();
    let mut asked: Vec<Dependency> = named
        .filter(|(name, ..)| needs.crates.contains(name))
        .collect();
    asked.push(match needs.crates.contains("uuid") {
        true => ("schemars", "1.2", &["chrono04", "uuid1"], true),
        false => SCHEMARS,
    });
    match settings.runtime {
        RuntimeSource::Vendored => asked.extend(OF_RUNTIME),
        _ => asked.push((RUNTIME, "", &[], false)),
    }
    let mut all: BTreeMap<&str, Needed> = BTreeMap::new();
    for (name, version, features, is_optional) in asked {
        let one = all
            .entry(name)
            .or_insert((name, version, Vec::new(), is_optional));
        one.2.extend(features);
        one.2.sort_unstable();
        one.2.dedup();
    }
    all.into_values().collect()
}

/// The files of a new client's package, by their path in it.
pub(crate) fn files(
    environment: &Environment,
    document: &Document,
    code: &str,
) -> io::Result<Vec<(String, String)>> {
    let mut files = vec![
        (
            "Cargo.toml".to_owned(),
            manifest(environment, document, code)?,
        ),
        ("README.md".to_owned(), readme(environment, document)),
        ("src/lib.rs".to_owned(), library(document)),
        ("src/generated.rs".to_owned(), code.to_owned()),
    ];
    if environment.settings.runtime == RuntimeSource::Vendored {
        let runtime = crate::runtime::files(&environment.command);
        files.extend(
            runtime
                .into_iter()
                .map(|(name, text)| (format!("src/runtime/{name}"), text)),
        );
    }
    Ok(files)
}

fn manifest(environment: &Environment, document: &Document, code: &str) -> io::Result<String> {
    let root = environment.manifest()?;
    let root = manifest::parse(&root).map_err(|finding| io::Error::other(finding.message))?;
    let package = document.client.package.as_ref().unwrap_or(&document.name);
    let mut text = format!(
        "[package]\nname = \"{package}\"\ndescription = \"Client generated from {}\"\n",
        document.path
    );
    let shared: &[&str] = &["workspace", "package"];
    let is_shared = |key: &str| get(&root, &[shared, &[key]].concat()).is_some();
    for (key, value) in [
        ("version", Some("\"0.1.0\"")),
        ("edition", Some("\"2024\"")),
        ("rust-version", Some("\"1.88\"")),
        ("license", None),
        ("publish", Some("false")),
    ] {
        match (is_shared(key), value) {
            (true, _) => writeln!(text, "{key}.workspace = true"),
            (false, Some(value)) => writeln!(text, "{key} = {value}"),
            (false, None) => Ok(()),
        }
        .map_err(io::Error::other)?;
    }
    let _ = write!(text, "\n[features]\n");
    for (name, parts) in features(&environment.settings, code) {
        let _ = writeln!(text, "{name} = [{}]", quoted(parts));
    }
    let _ = write!(text, "\n[dependencies]\n");
    for dependency in needed(&environment.settings, code) {
        let line = dependency_line(environment, &document.client, &root, dependency);
        let _ = writeln!(text, "{line}");
    }
    let _ = write!(
        text,
        "\n[package.metadata.sdk-client]\ndocument = \"{}\"\n",
        document.path
    );
    if get(&root, &["workspace", "lints"]).is_some() {
        text.push_str("\n[lints]\nworkspace = true\n");
    }
    Ok(text)
}

fn quoted(parts: &[&str]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| format!("\"{part}\"")).collect();
    parts.join(", ")
}

/// A line of `[dependencies]`; what the workspace has a version of is the workspace's.
fn dependency_line(
    environment: &Environment,
    client: &Client,
    root: &Table<'_>,
    (name, version, features, is_optional): Needed,
) -> String {
    let mut parts = Vec::new();
    match get(root, &["workspace", "dependencies", name]) {
        Some(_) => parts.push("workspace = true".to_owned()),
        None if name == RUNTIME => parts.extend(runtime_parts(&environment.settings, client)),
        None => {
            parts.push(format!("version = \"{version}\""));
            if WITHOUT_DEFAULTS.contains(&name) {
                parts.push("default-features = false".to_owned());
            }
        }
    }
    // What the workspace asks for by itself need not be said again.
    let shared = get(root, &["workspace", "dependencies", name]);
    let shared = shared.map_or_else(Vec::new, |it| features_in(it.as_ref()));
    let features = features.into_iter();
    let features: Vec<&str> = features
        .filter(|feature| !shared.contains(feature))
        .collect();
    if !features.is_empty() {
        parts.push(format!("features = [{}]", quoted(&features)));
    }
    if is_optional {
        parts.push("optional = true".to_owned());
    }
    match parts.as_slice() {
        [only] if only == "workspace = true" => format!("{name}.workspace = true"),
        [only] if only.starts_with("version") => {
            format!("{name} = \"{version}\"")
        }
        _ => format!("{name} = {{ {} }}", parts.join(", ")),
    }
}

fn runtime_parts(settings: &Settings, client: &Client) -> Vec<String> {
    let mut parts = match &settings.runtime {
        RuntimeSource::Vendored => Vec::new(),
        RuntimeSource::Path(path) => {
            let steps = client.folder.split('/').filter(|step| !step.is_empty());
            let up = "../".repeat(steps.count());
            vec![format!("path = \"{up}{path}\"")]
        }
        RuntimeSource::Crate(parts) => {
            let parts = parts.iter();
            parts
                .map(|(key, value)| format!("{key} = \"{value}\""))
                .collect()
        }
    };
    parts.push("default-features = false".to_owned());
    parts
}

fn readme(environment: &Environment, document: &Document) -> String {
    let Document { path, client, name } = document;
    let package = client.package.as_ref().unwrap_or(name);
    let written = match environment.settings.runtime {
        RuntimeSource::Vendored => "`src/generated.rs` and `src/runtime` are",
        _ => "`src/generated.rs` is",
    };
    format!(
        "# {package}\n\n\
         Client generated from `{path}`. {written} written by `{} generate`;\n\
         everything else in this crate is yours.\n",
        environment.command
    )
}

fn library(document: &Document) -> String {
    format!(
        "//! Client generated from `{}`.\n\
         \n\
         // The generator formats it; rustfmt would differ in a few places.\n\
         #[rustfmt::skip]\n\
         mod generated;\n\
         \n\
         pub use generated::*;\n",
        document.path
    )
}

/// What stands in the way of new code in a package that is there: it is somebody else's, or
/// lacks what the code needs. Each is one sentence with what to do.
pub(crate) fn problems(
    environment: &Environment,
    document: &Document,
    code: &str,
) -> io::Result<Vec<String>> {
    let client = &document.client;
    let name = client.manifest();
    let source = Source::read_below(&environment.root, &environment.at(&name), &name)
        .map_err(io::Error::other)?;
    let own = match manifest::parse(source.text()) {
        Ok(own) => own,
        Err(finding) => {
            let (line, column) = (finding.span.line, finding.span.column);
            return Ok(vec![format!(
                "`{name}`:{line}:{column}: {}",
                finding.message
            )]);
        }
    };
    if client.package.is_some() && manifest::text(&own, MARK) != Some(&document.path) {
        return Ok(vec![format!(
            "`{}` is there, and is no client of `{}`; rename the document, or say in `{name}` that \
             it is one: `[package.metadata.sdk-client]`, `document = \"{}\"`",
            client.folder, document.path, document.path
        )]);
    }
    let (dependencies, features) = lacking(environment, client, &own, code)?;
    let told = |what: &str, table: &str, (part, line): (String, String)| {
        format!(
            "the code needs the {what} `{part}`, and `{name}` lacks it; add to its {table}: `{line}`"
        )
    };
    let dependencies = dependencies
        .into_iter()
        .map(|it| told("crate", "dependencies", it));
    let features = features
        .into_iter()
        .map(|it| told("feature", "features", it));
    let mut problems: Vec<String> = dependencies.chain(features).collect();
    problems.extend(without_features(environment, client, code)?);
    Ok(problems)
}

/// Dependencies that are there without the features that the code needs of them.
pub(crate) fn without_features(
    environment: &Environment,
    client: &Client,
    code: &str,
) -> io::Result<Vec<String>> {
    let name = client.manifest();
    let source = Source::read_below(&environment.root, &environment.at(&name), &name)
        .map_err(io::Error::other)?;
    let root = environment.manifest()?;
    let (Ok(own), Ok(root)) = (manifest::parse(source.text()), manifest::parse(&root)) else {
        // Who reads them for what they lack says so.
        return Ok(Vec::new());
    };
    let mut problems = Vec::new();
    for (dependency, _, wanted, is_optional) in needed(&environment.settings, code) {
        let at: &[&str] = &["dependencies", dependency];
        let Some(there) = get(&own, at).filter(|_| !is_optional) else {
            continue;
        };
        let mut known = features_in(there.as_ref());
        let inherits = there
            .as_ref()
            .as_table()
            .and_then(|table| table.get("workspace"));
        let shared = inherits.and_then(|_| get(&root, &[&["workspace"], at].concat()));
        known.extend(shared.into_iter().flat_map(|it| features_in(it.as_ref())));
        // `std` is what crates have by default.
        let wanted = wanted.into_iter();
        let lacks: Vec<&str> = wanted
            .filter(|it| *it != "std" && !known.contains(it))
            .collect();
        if !lacks.is_empty() {
            problems.push(format!(
                "the code needs more of the crate `{dependency}` than `{name}` asks for; add to \
                 its features there: {}",
                quoted(&lacks)
            ));
        }
    }
    Ok(problems)
}

/// The features that a dependency names.
fn features_in<'t>(dependency: &'t DeValue<'_>) -> Vec<&'t str> {
    let features = dependency
        .as_table()
        .and_then(|table| table.get("features"));
    match features.map(toml::Spanned::as_ref) {
        Some(DeValue::Array(items)) => items.iter().filter_map(|it| it.as_ref().as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Names and lines.
type Lines = Vec<(String, String)>;

/// The dependencies and the features that a client's manifest lacks.
fn lacking(
    environment: &Environment,
    client: &Client,
    own: &Table<'_>,
    code: &str,
) -> io::Result<(Lines, Lines)> {
    let root = environment.manifest()?;
    let root = manifest::parse(&root).map_err(|finding| io::Error::other(finding.message))?;
    let lacks = |table: &str, name: &str| get(own, &[table, name]).is_none();
    let dependencies = needed(&environment.settings, code).into_iter();
    let dependencies = dependencies.filter(|(name, ..)| lacks("dependencies", name));
    let features = features(&environment.settings, code);
    let features = features.filter(|(name, _)| lacks("features", name));
    Ok((
        dependencies
            .map(|it| {
                (
                    it.0.to_owned(),
                    dependency_line(environment, client, &root, it),
                )
            })
            .collect(),
        features
            .map(|(name, parts)| ((*name).to_owned(), format!("{name} = [{}]", quoted(parts))))
            .collect(),
    ))
}

/// The manifest of a package that gets its first client as a module, with what the code needs.
pub(crate) fn with_needs(
    environment: &Environment,
    client: &Client,
    manifest: &str,
    code: &str,
) -> io::Result<String> {
    let own = manifest::parse(manifest).map_err(|finding| io::Error::other(finding.message))?;
    let (dependencies, features) = lacking(environment, client, &own, code)?;
    let lines = |all: Lines| all.into_iter().map(|(_, line)| line).collect::<Vec<_>>();
    let name = client.manifest();
    let text = manifest::with_lines(&name, manifest, &["features"], &lines(features))?;
    manifest::with_lines(&name, &text, &["dependencies"], &lines(dependencies))
}
