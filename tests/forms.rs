//! Findings and reviews in the forms that programs read.

use contract::lint::{lint, summaries};
use contract::report::{self, Found};
use contract::{Document, Finding, Severity, Source};
use serde_json::{Value, json};

use crate::pin;
use crate::review::{history, of, text};

/// Two findings in two files, one of which a stranger named.
fn found() -> Vec<Found> {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1', \"x\\e`\": 1}\npaths:\n  /a:\n    \
                $ref: 'b c,%.yaml#/a'\n";
    let document = Document::parse_with(Source::new("a.yaml", text), &mut |part| {
        Ok(Source::new(
            part,
            "a:\n  get: {operationId: getA, parameters: [{name: a, in: qurey, schema: {}}], responses: {default: {description: A}}}\n",
        ))
    });
    vec![Found {
        findings: lint(&document),
        source: document.source().clone(),
    }]
}

#[test]
fn findings_have_the_forms_that_are_pinned() {
    let mut found = found();
    found[0].findings.retain(|it| it.rule == "structure");
    assert_eq!(found[0].findings.len(), 2);
    pin::all(
        "forms",
        [
            ("github".to_owned(), text(|out| report::github(out, &found))),
            ("json".to_owned(), text(|out| report::json(out, &found))),
            (
                "markdown".to_owned(),
                text(|out| report::markdown(out, &found)),
            ),
            (
                "sarif".to_owned(),
                text(|out| report::sarif::findings(out, &found, &summaries())),
            ),
        ],
    );
}

/// The schema that OASIS has published.
fn sarif() -> jsonschema::Validator {
    let schema = std::fs::read_to_string(pin::path("tests/fixtures/sarif-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // One pattern has a bracket too many, which only a lenient engine takes; we name no language.
    for at in ["run", "toolComponent"] {
        let at = format!("/definitions/{at}/properties/language");
        let language = schema.pointer_mut(&at).unwrap();
        language.as_object_mut().unwrap().remove("pattern");
    }
    jsonschema::validator_for(&schema).unwrap()
}

fn problems(validator: &jsonschema::Validator, log: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(log).unwrap();
    let errors = validator.iter_errors(&log);
    errors.map(|error| error.to_string()).collect()
}

#[test]
fn every_log_is_what_its_schema_says() {
    let validator = sarif();
    assert!(!validator.is_valid(&json!({"version": "2.1.0", "runs": [{}]})));
    let fixtures = pin::fixtures("lint").into_iter().map(|(name, path)| {
        let document = Document::parse(Source::read(&path, name).unwrap());
        Found {
            findings: lint(&document),
            source: document.source().clone(),
        }
    });
    let mut all: Vec<Found> = fixtures.chain(found()).collect();
    // A finding may have no place.
    let nowhere = Finding::new(
        "structure",
        Severity::Note,
        "",
        contract::source::Span::default(),
    );
    all[0].findings.push(nowhere);
    let log = text(|out| report::sarif::findings(out, &all, &summaries()));
    assert_eq!(problems(&validator, &log), [""; 0]);
    let results = serde_json::from_str::<Value>(&log).unwrap();
    let results = results
        .pointer("/runs/0/results")
        .unwrap()
        .as_array()
        .unwrap();
    let findings = all.iter().map(|found| found.findings.len()).sum::<usize>();
    assert!(findings > 100 && results.len() == findings, "{findings}");
    for (name, old, new) in history() {
        let log = text(|out| ::review::report::sarif(out, &of(&old, &new)));
        assert_eq!(problems(&validator, &log), [""; 0], "{name}");
        assert!(log.contains("\"change/v1\": \"c"), "{name}");
    }
}
