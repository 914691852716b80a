//! Documents that went wrong in any way: reading, linting and generating end, say what is
//! wrong and where, and neither panic nor grow.
//!
//! `MUTANTS=FOLDER PROPTEST_CASES=10000 cargo test --release -p workspace-tests mutations --
//! --nocapture` breaks the documents of a folder, and tells what the generator did not take and
//! which took long.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use codegen::generate;
use contract::lint::gate;
use contract::{Document, Severity, Source};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::pin;

/// What is broken: documents that have every construct, without a surprise.
static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let own = [
        "openapi/callbell.yaml",
        "tests/constructs/openapi.yaml",
        "tests/fixtures/generate/calls.yaml",
    ];
    let mut paths: Vec<PathBuf> = own.map(pin::path).to_vec();
    if let Some(folder) = env::var_os("MUTANTS") {
        // A large one would take the time of many others.
        const LARGEST: u64 = 300_000;
        let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let small = files.filter(|file| file.metadata().unwrap().len() <= LARGEST);
        paths = small.map(|file| file.path()).collect();
        paths.sort();
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        Document::parse(Source::new("document", text)).to_json()
    };
    paths.into_iter().map(read).collect()
});

/// What takes longer is told, where somebody asked for mutants.
const LONG: Duration = Duration::from_secs(2);

/// One thing that goes wrong at some place.
#[derive(Clone, Debug)]
enum Mutation {
    Remove,
    Replace(Value),
    /// By what stands elsewhere.
    Copy(prop::sample::Index),
    Rename(String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let values = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1.5),
        json!(u64::MAX),
        json!(""),
        json!("a\u{0}b"),
        json!([]),
        json!({}),
        json!([{}]),
        json!({"$ref": "#/components/schemas/Part"}),
        json!({"$ref": "#/nowhere"}),
        json!({"type": "array"}),
        json!({"allOf": [{}, {}]}),
        json!({"enum": ["a", "A", 1, null]}),
        json!("string"),
        json!("object"),
    ];
    let names = [
        "", "a/b", "{x}", "type", "self", "Default", "x-y", "é", "$ref", "default",
    ];
    prop_oneof![
        Just(Mutation::Remove),
        prop::sample::select(values).prop_map(Mutation::Replace),
        any::<prop::sample::Index>().prop_map(Mutation::Copy),
        prop::sample::select(names.to_vec()).prop_map(|name| Mutation::Rename(name.to_owned())),
    ]
}

/// Where something stands: from the root, key by key.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let at = format!("{at}/{}", escaped(key));
                out.push(at.clone());
                places(value, &at, out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                out.push(at.clone());
                places(value, &at, out);
            }
        }
        _ => {}
    }
}

fn apply(document: &mut Value, place: prop::sample::Index, mutation: &Mutation) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let at: &String = place.get(&all);
    let (parent, key) = at.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let copied = match mutation {
        Mutation::Copy(from) => document.pointer(from.get::<String>(&all)).cloned(),
        Mutation::Replace(value) => Some(value.clone()),
        Mutation::Remove | Mutation::Rename(_) => None,
    };
    match (document.pointer_mut(parent).unwrap(), mutation) {
        (Value::Object(object), Mutation::Rename(name)) => {
            if let Some(value) = object.remove(&key) {
                object.insert(name.clone(), value);
            }
        }
        (Value::Object(object), _) => match copied {
            Some(value) => drop(object.insert(key, value)),
            None => drop(object.remove(&key)),
        },
        (Value::Array(items), _) => {
            let index: usize = key.parse().unwrap();
            match copied {
                Some(value) => items[index] = value,
                None => drop(items.remove(index)),
            }
        }
        _ => {}
    }
}

/// So many bytes of code come of a byte of document at most.
const GROWTH: usize = 40;

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_broken_document_generates_or_is_refused(
        document in any::<prop::sample::Index>(),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), mutation()), 1..6),
    ) {
        let mut document = document.get(&DOCUMENTS).clone();
        for (place, mutation) in &mutations {
            apply(&mut document, *place, mutation);
        }
        let text = document.to_string();
        let size = text.len();
        let started = Instant::now();
        match gate(Document::parse(Source::new("broken.json", text))) {
            Err(rejected) => {
                let mut errors = rejected.findings.iter();
                let error = errors.find(|finding| finding.severity == Severity::Error);
                prop_assert!(error.is_some_and(|error| error.span.line > 0));
            }
            Ok(checked) => match generate(&checked) {
                Ok(generated) => prop_assert!(generated.code.len() < 20_000 + GROWTH * size),
                Err(finding) => {
                    prop_assert!(!finding.message.is_empty() && finding.span.line > 0);
                    println!("{}: {:?}", finding.message, finding.label);
                }
            },
        }
        if started.elapsed() > LONG && env::var_os("MUTANTS").is_some() {
            println!("{:?} for {size} bytes, {mutations:?}", started.elapsed());
        }
    }
}
