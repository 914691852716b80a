//! Texts that went wrong, of one file and of several: reading and linting end, do not panic, and
//! say of everything that is wrong where it stands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use contract::lint::lint;
use contract::source::{ReadError, Span};
use contract::{Document, Finding, Source};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::pin;

/// What is broken: every document of the fixtures by itself.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folders = ["lint", "generate", "diff"];
    let fixtures = folders.into_iter().flat_map(pin::fixtures);
    fixtures
        .map(|(_, path)| fs::read_to_string(path).unwrap())
        .collect()
});

/// And the one that is made of several files, by their paths.
static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let folder = pin::path("tests/fixtures/bundle");
    let mut open = vec![PathBuf::new()];
    let mut files = BTreeMap::new();
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(folder.join(&inside)).unwrap() {
            let entry = entry.unwrap();
            let path = inside.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => open.push(path),
                false => {
                    let name = path.to_str().unwrap().replace('\\', "/");
                    files.insert(name, fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
    }
    files
});

/// One thing that goes wrong with a text.
#[derive(Clone, Debug)]
enum Mutation {
    DeleteLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    Indent(Index, bool),
    DeleteCharacters(Index, usize),
    RepeatCharacters(Index, usize),
    Insert(Index, &'static str),
    /// So many brackets, open or closed.
    Nest(Index, &'static str, usize),
    End(Index),
    /// What a `$ref` leads to.
    Lead(Index, &'static str),
}

/// What means something to YAML, to JSON or to a reader of text.
const SPECIAL: [&str; 34] = [
    "\0",
    "\u{feff}",
    "\t",
    "\r",
    "\r\n",
    "\n",
    "\u{85}",
    "\u{2028}",
    "\u{1f600}",
    "\u{202e}",
    "\u{7f}",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "&a ",
    "*a",
    "*b ",
    "!!str ",
    "!<x> ",
    "<<: ",
    "? ",
    "- ",
    ": ",
    "|\n",
    ">-\n",
    "\"",
    "'",
    "\\",
    "\\ud83d",
    "#",
    ",",
    "~1",
    "0x",
    "{$ref: '#/paths'}",
];
const BRACKETS: [&str; 8] = ["[", "{", "]", "}", "- ", "{a: ", "[*a, ", "&a ["];
/// Where references may lead: everywhere, nowhere, and back.
const TARGETS: [&str; 24] = [
    "",
    "#",
    "#/",
    "#/components",
    "#/components/schemas",
    "#/components/schemas/Pet",
    "#/paths",
    "#/paths/~1pets/get/responses/200",
    "#/%zz~9",
    "openapi.yaml",
    "openapi.yaml#/components/schemas/Owner",
    "openapi.yaml#/paths/~1pets",
    "./schemas/../openapi.yaml#/info",
    "schemas/Pet.yaml",
    "schemas/Pet.yaml#/properties/owner",
    "schemas/common.yaml#/Owner",
    "common.yaml#/Owner",
    "Pet.yaml#",
    "paths/pets.yaml",
    "../openapi.yaml#/components",
    "../../openapi.yaml",
    "/etc/hosts",
    "https://example.com/a.yaml",
    "gone.yaml#/a",
];

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    // Most leave a text that can be read, so that more than the reader is tried.
    prop_oneof![
        6 => at().prop_map(Mutation::DeleteLine),
        6 => at().prop_map(Mutation::RepeatLine),
        6 => (at(), at()).prop_map(|(one, other)| Mutation::SwapLines(one, other)),
        2 => (at(), any::<bool>()).prop_map(|(at, more)| Mutation::Indent(at, more)),
        2 => (at(), 1..20_usize).prop_map(|(at, many)| Mutation::DeleteCharacters(at, many)),
        2 => (at(), 1..40_usize).prop_map(|(at, many)| Mutation::RepeatCharacters(at, many)),
        3 => (at(), prop::sample::select(&SPECIAL[..]))
            .prop_map(|(at, text)| Mutation::Insert(at, text)),
        1 => (at(), prop::sample::select(&BRACKETS[..]), 1..300_usize)
            .prop_map(|(at, bracket, many)| Mutation::Nest(at, bracket, many)),
        1 => at().prop_map(Mutation::End),
        12 => (at(), prop::sample::select(&TARGETS[..]))
            .prop_map(|(at, to)| Mutation::Lead(at, to)),
    ]
}

fn lines(text: &mut String, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if !lines.is_empty() {
        change(&mut lines);
        *text = lines.concat();
    }
}

/// Where a character begins.
fn at(text: &str, index: &Index) -> usize {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    index
        .index(places.len() + 1)
        .checked_sub(1)
        .map_or(0, |n| places[n])
}

/// So many characters from a place on.
fn span(text: &str, index: &Index, many: usize) -> std::ops::Range<usize> {
    let start = at(text, index);
    let end = text[start..].char_indices().nth(many);
    start..end.map_or(text.len(), |(end, _)| start + end)
}

fn apply(text: &mut String, mutation: &Mutation) {
    match mutation {
        Mutation::DeleteLine(index) => {
            lines(text, |lines| drop(lines.remove(index.index(lines.len()))))
        }
        Mutation::RepeatLine(index) => lines(text, |lines| {
            let at = index.index(lines.len());
            lines.insert(at, lines[at].clone());
        }),
        Mutation::SwapLines(one, other) => lines(text, |lines| {
            let all = lines.len();
            lines.swap(one.index(all), other.index(all));
        }),
        Mutation::Indent(index, more) => lines(text, |lines| {
            let at = index.index(lines.len());
            lines[at] = match more {
                true => format!("  {}", lines[at]),
                false => lines[at].trim_start_matches(' ').to_owned(),
            };
        }),
        Mutation::DeleteCharacters(index, many) => text.replace_range(span(text, index, *many), ""),
        Mutation::RepeatCharacters(index, many) => {
            let span = span(text, index, *many);
            let again = text[span.clone()].to_owned();
            text.insert_str(span.end, &again);
        }
        Mutation::Insert(index, special) => text.insert_str(at(text, index), special),
        Mutation::Nest(index, bracket, many) => {
            text.insert_str(at(text, index), &bracket.repeat(*many));
        }
        Mutation::End(index) => text.truncate(at(text, index)),
        Mutation::Lead(index, to) => {
            let places: Vec<usize> = text.match_indices("$ref: ").map(|(at, _)| at + 6).collect();
            if !places.is_empty() {
                let start = places[index.index(places.len())];
                let end = text[start..]
                    .find(['}', ',', '\n'])
                    .map_or(text.len(), |end| start + end);
                text.replace_range(start..end, &format!("'{to}'"));
            }
        }
    }
}

/// So long nothing may take, however busy the machine is.
const HANG: Duration = Duration::from_secs(60);

/// What a check says, unless it does not come to its end. On a thread of its own, with the stack
/// that threads have.
fn guarded<T: Send + 'static>(
    check: impl FnOnce() -> T + Send + 'static,
) -> Result<T, TestCaseError> {
    let (done, end) = mpsc::channel();
    let running = thread::spawn(move || done.send(check()));
    match end.recv_timeout(HANG) {
        Ok(found) => Ok(found),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(TestCaseError::fail("it hangs")),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            drop(running.join());
            Err(TestCaseError::fail("it panics"))
        }
    }
}

/// Whether a place is in the text of its file.
fn is_there(document: &Document, span: Span) -> bool {
    let text = document.source().of(span).text();
    // A carriage return by itself ends a line, too (YAML 1.2, section 5.4).
    let lines = text.split(['\n', '\r']).count();
    let is_known = usize::from(span.file) <= document.source().parts().len();
    let ends = (span.line, span.column) <= (span.end_line, span.end_column);
    is_known && span.line > 0 && span.column > 0 && span.line as usize <= lines && ends
}

/// The findings of which a place is not in the text.
fn nowhere(document: &Document) -> Vec<Finding> {
    let mut findings = lint(document);
    findings.retain(|finding| {
        let related = finding.related.iter().map(|(span, _)| *span);
        let mut all = related.chain([finding.span]);
        !all.all(|span| is_there(document, span))
    });
    findings
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_algorithm: prop::test_runner::RngAlgorithm::ChaCha,
        rng_seed: prop::test_runner::RngSeed::Fixed(12),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_broken_text_is_read_or_refused_at_a_place(
        text in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 1..5),
    ) {
        let mut text = text.get(&TEXTS).clone();
        mutations.iter().for_each(|mutation| apply(&mut text, mutation));
        let found = guarded(move || {
            let document = Document::parse(Source::new("broken.yaml", text));
            nowhere(&document)
        })?;
        prop_assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn broken_files_are_one_document_or_refused_at_a_place(
        mutations in prop::collection::vec((any::<Index>(), mutation()), 1..8),
    ) {
        let mut files = FILES.clone();
        for (file, mutation) in &mutations {
            let names: Vec<String> = files.keys().cloned().collect();
            if let Some(text) = files.get_mut(file.get::<String>(&names)) {
                apply(text, mutation);
            }
        }
        let found = guarded(move || {
            let document = Source::new("openapi.yaml", &*files["openapi.yaml"]);
            let document = Document::parse_with(document, &mut |path| match files.get(path) {
                Some(text) => Ok(Source::new(path, &**text)),
                None => Err(ReadError::Io {
                    name: path.to_owned(),
                    error: std::io::ErrorKind::NotFound.into(),
                }),
            });
            nowhere(&document)
        })?;
        prop_assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn what_is_broken_is_there() {
    assert!(TEXTS.len() > 50);
    assert_eq!(FILES.len(), 4);
    assert!(
        FILES
            .keys()
            .all(|name| Path::new(name).extension().is_some())
    );
}
