//! Every finding as the user reads it: every rule runs over every fixture.

use contract::lint::{RULES, lint};
use contract::{Document, Source};

use crate::pin::{self, drawn};

fn read(path: &std::path::Path) -> Document {
    // The name that a reader sees is the same on every machine.
    let name = path.file_name().unwrap().to_str().unwrap();
    Document::parse(Source::read(path, name).unwrap())
}

/// Rules that ask for more than a fixture of a few lines has. They are pinned in their own,
/// and in `valid`, which has everything.
const ADVICE: [&str; 4] = [
    "description-missing",
    "error-response",
    "security-missing",
    "server-missing",
];

#[test]
fn findings_read_as_pinned() {
    let fixtures = pin::fixtures("lint").into_iter();
    pin::all(
        "lint",
        fixtures.map(|(name, path)| {
            let document = read(&path);
            let mut findings = lint(&document);
            let is_its_own = |rule: &str| name == rule || name == "valid";
            findings.retain(|f| !ADVICE.contains(&f.rule) || is_its_own(f.rule));
            (name, drawn(&document, &findings))
        }),
    );
}

#[test]
fn every_rule_fires_in_its_own_fixture() {
    for rule in RULES {
        let path = pin::path(&format!("tests/fixtures/lint/{}.yaml", rule.name));
        let findings = lint(&read(&path));
        let found = findings.iter().any(|finding| finding.rule == rule.name);
        assert!(found, "`{}` finds nothing in {path:?}", rule.name);
    }
}

#[test]
fn the_table_of_rules_is_complete() {
    let files = std::fs::read_dir(pin::path("crates/contract/src/lint")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    // The rule and its explanation.
    let mut files: Vec<_> = names.map(|name| name.replace('_', "-")).collect();
    files.sort();
    let of = |rule: &str| [format!("{rule}.md"), format!("{rule}.rs")];
    let mut rules: Vec<_> = RULES.iter().flat_map(|rule| of(rule.name)).collect();
    rules.sort();
    assert_eq!(files, rules);
}

#[test]
fn the_contract_has_no_findings() {
    let document = read(&pin::path("openapi/callbell.yaml"));
    let findings = lint(&document);
    assert!(findings.is_empty(), "{}", drawn(&document, &findings));
}

#[test]
fn no_error_is_left_out_for_a_warning() {
    let operations: String = (0..400)
        .map(|n| {
            format!(
                "  /{n}: {{get: {{operationId: a{n}, responses: {{'200': {{description: A}}}}}}}}\n"
            )
        })
        .collect();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{operations}\
         components: {{schemas: {{A: {{$ref: nothing}}}}}}\n"
    );
    let document = Document::parse(Source::new("many.yaml", text));
    let drawn = drawn(&document, &lint(&document));
    assert!(drawn.starts_with("error[unresolved-ref]: `nothing` is"));
    assert!(drawn.contains("more in `many.yaml`"), "{drawn}");
}
