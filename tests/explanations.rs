//! What rules, notes and kinds of change are said to mean.

use std::collections::BTreeSet;

use contract::explanation::{part, sections};
use contract::lint::RULES;
use contract::{Document, Source};
use diff::Kind;
use strum::VariantNames as _;

/// What the fragments of examples stand in.
const SKELETON: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";

fn json(text: &str) -> serde_json::Value {
    Document::parse(Source::new("example.yaml", text)).to_json()
}

fn merged(mut one: serde_json::Value, two: serde_json::Value) -> serde_json::Value {
    match (one.as_object_mut(), two) {
        (Some(map), serde_json::Value::Object(more)) => {
            for (key, value) in more {
                let value = match map.remove(&key) {
                    Some(old) => merged(old, value),
                    None => value,
                };
                map.insert(key, value);
            }
            one
        }
        (_, two) => two,
    }
}

/// The document that an example is a fragment of.
fn example(text: &str, heading: &str) -> Option<Document> {
    let (_, yaml) = part(text, heading)?.split_once("```yaml\n")?;
    let (yaml, _) = yaml.split_once("```")?;
    let whole = merged(json(SKELETON), json(yaml));
    Some(Document::parse(Source::new("api.json", whole.to_string())))
}

#[test]
fn every_kind_of_change_is_explained_by_one_that_is_of_it() {
    let explained: Vec<_> = sections(diff::KINDS).map(|(name, _)| name).collect();
    assert_eq!(explained, Kind::VARIANTS);
    for (name, text) in sections(diff::KINDS) {
        let (old, new) = (
            example(text, "Before").unwrap(),
            example(text, "After").unwrap(),
        );
        let changes = diff::diff(&old, &new, "2026-11-21");
        let ids: Vec<_> = changes.iter().map(|change| change.kind.id()).collect();
        assert!(ids.contains(&name), "{name}: {ids:?}");
    }
}

#[test]
fn every_explanation_is_whole() {
    let rules = RULES.iter().map(|rule| (rule.name, rule.explanation));
    let translations = overlay::rules::RULES.iter();
    let all = rules
        .chain(translations.map(|rule| (rule.name, rule.explanation)))
        .chain(sections(codegen::NOTES))
        .chain(sections(diff::KINDS));
    for (name, text) in all {
        for heading in ["What", "Why", "Before", "After"] {
            let part = part(text, heading);
            assert!(
                part.is_some_and(|part| !part.is_empty()),
                "{name}: {heading}"
            );
        }
    }
}

/// Whoever reads the name of a finding can ask what it means.
#[test]
fn every_note_is_explained() {
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    let notes: BTreeSet<&str> = sections(codegen::NOTES).map(|(name, _)| name).collect();
    let mut found = BTreeSet::new();
    for folder in ["generate", "diff"] {
        for (name, path) in crate::pin::fixtures(folder) {
            let source = Source::read(&path, name).unwrap();
            if let Ok(checked) = contract::lint::gate(Document::parse(source)) {
                let generated = codegen::generate(&checked);
                let notes = generated.map(|it| it.findings).unwrap_or_default();
                let all = notes.iter().chain(checked.findings());
                found.extend(all.map(|finding| finding.rule));
            }
        }
    }
    assert!(found.len() > 8, "{found:?}");
    for name in found {
        assert!(
            rules.contains(name) || notes.contains(name),
            "`{name}` has no explanation"
        );
    }
}
