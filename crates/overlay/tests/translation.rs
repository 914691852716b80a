//! Translations change words, all of them, and nothing else.

#![allow(clippy::unwrap_used)]

use contract::{Document, Source};
use overlay::{Overlay, translation};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Pets, version: '1', description: 'Has `id`s and `id`s.'}
tags: [{name: pets, description: Animals.}]
paths:
  /pets:
    get:
      summary: All pets
      parameters:
        - {name: limit, in: query, description: How many., schema: {type: integer}}
      responses:
        '200':
          description: Pets.
          content:
            application/json:
              examples:
                one: {summary: One pet, value: {summary: no word}}
        '404': {description: Nothing.}
components:
  schemas:
    Pet:
      description: A pet.
      x-note: A note.
      properties:
        name: {description: Its name.}
        description: {type: string, description: What it looks like.}
";

fn held(actions: &str) -> translation::Held {
    let document = Document::parse(Source::new("pets.yaml", DOCUMENT));
    let text = format!("overlay: 1.1.0\ninfo: {{title: A, version: '1'}}\nactions:\n{actions}");
    let (overlay, findings) = Overlay::read(Source::new("pets.es.overlay.yaml", text));
    assert!(findings.is_empty(), "{findings:?}");
    translation::hold(document.root(), &overlay, "es")
}

#[test]
fn words_are_found_wherever_people_read_them_and_nowhere_else() {
    let missing = held("- {target: $.info, update: {title: ''}}").missing;
    insta::assert_snapshot!(missing.join("\n"), @r"
    /info/title
    /info/description
    /tags/0/description
    /paths/~1pets/get/summary
    /paths/~1pets/get/parameters/0/description
    /paths/~1pets/get/responses/200/description
    /paths/~1pets/get/responses/200/content/application~1json/examples/one/summary
    /paths/~1pets/get/responses/404/description
    /components/schemas/Pet/description
    /components/schemas/Pet/properties/name/description
    /components/schemas/Pet/properties/description/description
    ");
}

#[test]
fn what_is_no_translation_is_told_by_rule_and_place() {
    let pet = "$.components.schemas.Pet";
    for (action, rule, place, message) in [
        ("{target: \"$.paths['/pet'].get\", update: {summary: A}}".to_owned(), "overlay-target", r#""$.paths['/pet']"#, "`$.paths['/pet'].get` finds nothing in the document"),
        ("{target: '$.paths.*.get.responses.*', update: {description: A}}".to_owned(), "overlay-target", r#"'$.paths.*"#, "`$.paths.*.get.responses.*` finds 2 places whose `description` is not the same"),
        ("{target: $.info, remove: true}".to_owned(), "translation-words", r#"$.info"#, "a translation takes nothing away, and copies nothing"),
        ("{target: $.info, copy: $.info}".to_owned(), "translation-words", r#"$.info"#, "a translation takes nothing away, and copies nothing"),
        ("{target: $.info, update: {version: '2'}}".to_owned(), "translation-words", r#"'2'"#, "`version` is no text that a translation changes"),
        ("{target: '$.tags[0]', update: {name: mascotas}}".to_owned(), "translation-words", r#"mascotas"#, "`name` is no text that a translation changes"),
        (format!("{{target: {pet}.properties, update: {{nombre: {{description: A}}}}}}"), "translation-words", r#"A"#, "there is no `description` to translate at `$.components.schemas.Pet.properties`"),
        (format!("{{target: {pet}, update: {{properties: {{name: {{type: number}}}}}}}}"), "translation-words", r#"number"#, "`type` is no text that a translation changes"),
        (format!("{{target: {pet}, update: {{summary: A}}}}"), "translation-words", r#"A"#, "there is no `summary` to translate at `$.components.schemas.Pet`"),
        (format!("{{target: {pet}, update: {{description: 7}}}}"), "translation-words", r#"7"#, "the translation of `description` is no text"),
        ("{target: \"$.paths['/pets'].get.responses['200'].content.*.examples.one.value\", update: {summary: A}}".to_owned(), "translation-words", r#"A"#, "`summary` is no text that a translation changes"),
        ("{target: $.info, x-translates: {description: a64caf27}, update: {description: '`id`, `ids`'}}".to_owned(), "translation-names", r#"'`id`"#, "the translation has not the names of its original"),
        ("{target: $.info, x-translates: {title: 00000000}, update: {title: Mascotas}}".to_owned(), "translation-stale", r#"00000000"#, "the `title` that is translated has changed since"),
        ("{target: $.info, update: {title: Mascotas}}".to_owned(), "translation-stale", r#"Mascotas"#, "nothing says which `title` is translated"),
    ] {
        let held = held(&format!("- {action}"));
        let found: Vec<_> = held.findings.iter().filter(|one| one.rule != "translation-missing").collect();
        let found: Vec<_> = found.iter().map(|one| (one.rule, one.message.as_str())).collect();
        assert_eq!(found, [(rule, message)], "{action}");
        let at = held.findings[0].span;
        assert_eq!(at.line, 4);
        let line = format!("- {action}");
        assert!(line[at.column as usize - 1..].starts_with(place), "{action}: {}", at.column);
    }
}

/// A text whose fingerprint a reader of YAML could take for a number.
fn like_a_number() -> String {
    let mut texts = (0..100_000).map(|number| format!("w{number}"));
    let is_like = |text: &String| {
        let print = overlay::Fingerprint::of(text).to_string();
        print.parse::<f64>().is_ok() && print.contains('e')
    };
    texts.find(is_like).unwrap()
}

#[test]
fn what_a_finding_says_to_write_is_right() {
    let like_a_number = like_a_number();
    let document = DOCUMENT.replace("All pets", &like_a_number);
    let document = Document::parse(Source::new("pets.yaml", document));
    for (target, key, update) in [
        ("$.info", "", "{title: A}"),
        ("$.info.title", "", "A"),
        ("$.paths['/pets'].get", "", "{summary: A}"),
        (
            "$.paths['/pets'].get",
            "",
            "{responses: {'200': {description: A}}}",
        ),
    ] {
        let found = |prints: &str| {
            let text = format!(
                "overlay: 1.1.0\ninfo: {{title: A, version: '1'}}\nactions:\n- target: {target}\n  \
                 update: {update}\n{prints}"
            );
            let (overlay, findings) = Overlay::read(Source::new("pets.es.overlay.yaml", text));
            assert!(findings.is_empty(), "{findings:?}");
            let held = translation::hold(document.root(), &overlay, "es");
            let mut stale = held.findings.into_iter();
            let stale = stale.find(|one| one.rule == "translation-stale");
            stale.map(|one| one.help.unwrap_or_default())
        };
        let help = found(key).unwrap();
        let (_, prints) = help.split_once('`').unwrap();
        assert_eq!(
            found(&format!("  {}\n", prints.trim_end_matches('`'))),
            None,
            "{help}"
        );
    }
}

#[test]
fn blocks_of_code_are_not_translated() {
    let text =
        "info: {title: A, version: '1', description: \"Call\\n\\n```sh\\ncurl -X POST\\n```\"}";
    let document = Document::parse(Source::new("pets.yaml", text));
    let found = |command: &str| {
        let text = format!(
            "overlay: 1.1.0\ninfo: {{title: A, version: '1'}}\nactions:\n- target: $.info\n  \
             update: {{description: \"Llame\\n\\n```sh\\n{command}\\n```\"}}\n"
        );
        let (overlay, _) = Overlay::read(Source::new("pets.es.overlay.yaml", text));
        let held = translation::hold(document.root(), &overlay, "es");
        held.findings
            .iter()
            .any(|one| one.rule == "translation-names")
    };
    assert!(found("curl -X DELETE") && !found("curl -X POST"));
}

#[test]
fn what_is_not_filled_in_leaves_the_original() {
    let document = Document::parse(Source::new("pets.yaml", DOCUMENT));
    let text = translation::skeleton(document.root(), None, "pets.yaml", "es").unwrap();
    let text = text.replacen("title: ''", "title: Mascotas", 1);
    let (overlay, findings) = Overlay::read(Source::new("pets.es.overlay.yaml", text));
    assert!(findings.is_empty(), "{findings:?}");
    let mut root = document.root().clone();
    overlay.without_blanks().apply(&mut root, 1).unwrap();
    let at = |pointer: &str| root.pointer(pointer).unwrap().as_str();
    assert_eq!(at("/info/title"), Some("Mascotas"));
    assert_eq!(at("/paths/~1pets/get/summary"), Some("All pets"));
}

#[test]
fn names_with_any_sign_have_a_path() {
    let document = "info: {title: A, version: '1'}\ncomponents: {schemas: {A: {properties: {\"a\\nb\\t\\u0001'\\\\\": {description: Odd}}}}}";
    let document = Document::parse(Source::new("pets.yaml", document));
    let text = translation::skeleton(document.root(), None, "pets.yaml", "es").unwrap();
    let (_, findings) = Overlay::read(Source::new("pets.es.overlay.yaml", text.as_str()));
    assert!(findings.is_empty(), "{findings:?}\n{text}");
}

#[test]
fn texts_that_are_the_same_may_be_one_action_and_extensions_may_be_translated() {
    let held = held(
        "- {target: $.components.schemas.Pet, x-translates: {x-note: fdff69d2}, update: {x-note: Una nota.}}",
    );
    let rules: Vec<_> = held
        .findings
        .iter()
        .map(|one| (one.rule, one.help.clone()))
        .collect();
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert_eq!((held.texts, held.percent()), (11, 0));
}
