//! Overlays do to a document what the specification says.

#![allow(clippy::unwrap_used)]

use overlay::Overlay;
use serde_json::{Value, json};
use source::{Findings, Node, Source};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Towns, version: '1'}
servers: [{url: 'https://one.example'}, {url: 'https://two.example'}]
paths:
  /towns:
    get:
      x-traits: {paged: true}
      summary: Towns
      parameters:
        - {name: filter, in: query, schema: {type: string}}
        - {name: dummy, in: query}
    post: {summary: Found a town}
  /rivers:
    get: {summary: Rivers, parameters: []}
tags: [{name: towns}]
";

fn parse(text: &str) -> Node {
    source::parse(text, &mut Findings::new()).unwrap()
}

fn overlay(version: &str, actions: &str) -> (Overlay, Vec<String>) {
    let text = format!("overlay: {version}\ninfo: {{title: A, version: '1'}}\nactions:\n{actions}");
    let (overlay, findings) = Overlay::read(Source::new("a.overlay.yaml", text));
    let told = findings.into_iter().map(|finding| {
        let at = format!("{}:{}", finding.span.line, finding.span.column);
        format!("{at} {}", finding.message)
    });
    (overlay, told.collect())
}

/// The document with the actions done.
fn applied(version: &str, actions: &str) -> Node {
    let (overlay, told) = overlay(version, actions);
    assert_eq!(told, [""; 0], "{actions}");
    let mut root = parse(DOCUMENT);
    overlay.apply(&mut root, 1).unwrap();
    root
}

/// The kinds of the specification's examples (Overlay 1.0.0, section 4.5; 1.1.0, section 4.5).
#[test]
fn actions_update_append_remove_and_copy() {
    let get = "/paths/~1towns/get";
    for (version, actions, at, expected) in [
        // Objects are merged, as deep as they go; what is new is added.
        (
            "1.0.0",
            "- {target: $, update: {info: {x-done: yes}, paths: {/towns: {get: {summary: All}}}}}",
            "/info",
            json!({"title": "Towns", "version": "1", "x-done": "yes"}),
        ),
        (
            "1.0.0",
            "- {target: $, update: {paths: {/towns: {get: {summary: All}}}}}",
            "/paths/~1towns/get/summary",
            json!("All"),
        ),
        (
            "1.0.1",
            "- {target: $.info, update: {contact: {name: A}}}",
            "/info/contact/name",
            json!("A"),
        ),
        // An entry is appended to a list, and a list in an update is put behind it.
        (
            "1.0.0",
            "- {target: $.tags, update: {name: rivers}}",
            "/tags",
            json!([{"name": "towns"}, {"name": "rivers"}]),
        ),
        (
            "1.1.0",
            "- {target: $.tags, update: [{name: rivers}, {name: hills}]}",
            "/tags",
            json!([{"name": "towns"}, {"name": "rivers"}, {"name": "hills"}]),
        ),
        (
            "1.0.0",
            "- {target: \"$.paths.*[?@['x-traits'].paged]\", update: {tags: [a]}}",
            "/paths/~1towns/get/tags",
            json!(["a"]),
        ),
        // Several places, by a wildcard and by a filter.
        (
            "1.0.0",
            "- {target: $.paths.*.get, update: {x-safe: true}}",
            "/paths/~1rivers/get/x-safe",
            json!(true),
        ),
        (
            "1.0.0",
            "- target: \"$.paths.*.get.parameters[?@.name=='filter' && @.in=='query']\"\n  update: {schema: {maxLength: 9}}",
            "/paths/~1towns/get/parameters/0/schema",
            json!({"type": "string", "maxLength": 9}),
        ),
        // What is removed leaves its list or its mapping.
        (
            "1.0.0",
            "- {target: \"$.paths.*.get.parameters[?@.name=='dummy']\", remove: true}",
            "/paths/~1towns/get/parameters",
            json!([{"name": "filter", "in": "query", "schema": {"type": "string"}}]),
        ),
        (
            "1.0.0",
            "- {target: '$.servers[*]', remove: true}",
            "/servers",
            json!([]),
        ),
        (
            "1.0.0",
            "- {target: \"$.paths['/towns']\", remove: true}",
            "/paths",
            json!({"/rivers": {"get": {"summary": "Rivers", "parameters": []}}}),
        ),
        // One action goes on with what the one before it left.
        (
            "1.0.0",
            "- {target: $.servers, remove: true}\n- {target: $, update: {servers: [{url: /}]}}",
            "/servers",
            json!([{"url": "/"}]),
        ),
        // What is removed is not updated.
        (
            "1.0.0",
            "- {target: $.tags, update: {name: x}, remove: true}\n- {target: $.tags, update: {name: y}}",
            "/info/title",
            json!("Towns"),
        ),
        // Since 1.1: one value in the place of another, and copies.
        (
            "1.1.0",
            "- {target: $.info.title, update: Cities}",
            "/info/title",
            json!("Cities"),
        ),
        (
            "1.1.0",
            "- {target: \"$.paths['/rivers']\", copy: \"$.paths['/towns']\"}",
            "/paths/~1rivers/post",
            json!({"summary": "Found a town"}),
        ),
        // Nothing is found: nothing changes.
        (
            "1.0.0",
            "- {target: $.nothing.here, update: {a: 1}}",
            "/tags",
            json!([{"name": "towns"}]),
        ),
    ] {
        let root = applied(version, actions);
        let found = root.pointer(at).map_or(Value::Null, Node::to_json);
        assert_eq!(found, expected, "{actions}");
    }
    assert!(parse(DOCUMENT).pointer(get).is_some());
}

#[test]
fn what_an_overlay_puts_there_stands_in_the_overlay() {
    let root = applied("1.0.0", "- {target: $.info, update: {title: Cities}}");
    let (title, version) = (
        root.pointer("/info/title").unwrap(),
        root.pointer("/info/version").unwrap(),
    );
    assert_eq!((title.span.file, title.span.line), (1, 4));
    assert_eq!((version.span.file, version.span.line), (0, 3));
}

#[test]
fn what_has_not_the_form_of_an_overlay_is_told_by_its_place() {
    for (text, expected) in [
        ("- a\n- b", "1:1 an overlay is a mapping, and this is none"),
        ("overlay: 1.0.0", "1:1 the overlay lacks `info`"),
        (
            "overlay: 7\ninfo: {title: A, version: '1'}",
            "1:10 `overlay` is no text",
        ),
    ] {
        let (overlay, findings) = Overlay::read(Source::new("a.overlay.yaml", text));
        let first = &findings[0];
        let at = format!("{}:{}", first.span.line, first.span.column);
        assert_eq!(format!("{at} {}", first.message), expected, "{text}");
        assert!(overlay.actions.is_empty());
    }
    for (version, actions, expected) in [
        (
            "2.0.0",
            "- {target: $, remove: true}",
            "1:10 `2.0.0` is no version of overlays that is known",
        ),
        ("1.0.0", "  []", "3:1 the overlay has no list of `actions`"),
        (
            "1.0.0",
            "- text",
            "4:3 an action is a mapping, and this is none",
        ),
        ("1.0.0", "- {update: {}}", "4:3 the action lacks `target`"),
        ("1.0.0", "- {target: $}", "4:3 the action does nothing"),
        (
            "1.0.0",
            "- {target: info, update: {}}",
            "4:12 `info` is no JSONPath (RFC 9535): it goes wrong at `info`",
        ),
        (
            "1.0.0",
            "- {target: '$.a[', update: {}}",
            "4:12 `$.a[` is no JSONPath (RFC 9535): it goes wrong at `[`",
        ),
        (
            "1.0.0",
            "- {target: $, copy: $.a}",
            "4:21 an overlay of 1.0 has no `copy`",
        ),
        (
            "1.1.0",
            "- {target: $, copy: $.a, update: {}}",
            "4:21 an action has one of `update` and `copy`",
        ),
        (
            "1.1.0",
            "- {target: $, updat: {}}",
            "4:15 an action has no `updat`",
        ),
        (
            "1.1.0",
            "- {target: $, update: {}, note: a}",
            "4:27 an action has no `note`",
        ),
        (
            "1.1.0",
            "- {target: $, update: {}, description: 5}",
            "4:40 `description` is no text",
        ),
        (
            "1.1.0",
            "- {target: $, update: {}, remove: perhaps}",
            "4:35 `remove` is neither `true` nor `false`",
        ),
        (
            "1.0.bogus",
            "- {target: $, remove: true}",
            "1:10 `1.0.bogus` is no version of overlays that is known",
        ),
        (
            "1.1.0",
            "- {target: '$..a[?@..b]', remove: true}",
            "4:12 `$..a[?@..b]` looks everywhere (`..`) more than once, or within a filter",
        ),
        (
            "1.1.0",
            "- {target: \"$['..']['[[[[[[[[[[']..a\", update: 1}",
            "",
        ),
    ] {
        let (_, told) = overlay(version, actions);
        let expected = [expected].into_iter().filter(|one| !one.is_empty());
        assert_eq!(told, expected.collect::<Vec<_>>(), "{actions}");
    }
}

#[test]
fn the_name_of_a_file_says_the_language() {
    for (file, expected) in [
        ("openapi/pets.es.overlay.yaml", Ok("es")),
        ("pets.pt-BR.overlay.json", Ok("pt-BR")),
        ("my.pets.zh-Hant.overlay.yml", Ok("zh-Hant")),
    ] {
        assert!(overlay::is_overlay(file));
        assert_eq!(overlay::language(file).as_deref(), expected.as_deref());
    }
    for (file, expected) in [
        ("pets.overlay.yaml", "`pets.overlay.yaml` says no language"),
        (
            "pets.españa.overlay.yaml",
            "`españa` is no tag of a language (BCP 47)",
        ),
        (
            "pets.not a tag.overlay.yaml",
            "`not a tag` is no tag of a language (BCP 47)",
        ),
    ] {
        let why = overlay::language(file).unwrap_err();
        assert!(why.starts_with(expected), "{why}");
    }
    assert!(!overlay::is_overlay("openapi/pets.yaml"));
}

#[test]
fn no_path_and_no_action_takes_the_whole_machine() {
    for (open, close) in [("[?@", "]"), ("[?(", "@.a)]"), ("(", ")")] {
        let path = format!("$[?{}@.a{}]", open.repeat(5_000), close.repeat(5_000));
        for path in [path.as_str(), &path[..40]] {
            let action = format!("- {{target: {path:?}, update: 1}}");
            let (overlay, told) = overlay("1.1.0", &action);
            assert!(overlay.actions.is_empty(), "{told:?}");
            assert!(
                told[0].contains("JSONPath") || told[0].contains("nests"),
                "{told:?}"
            );
        }
    }
    let actions = "- {target: $.info, copy: $}\n".repeat(40);
    let (overlay, told) = overlay("1.1.0", &actions);
    assert!(told.is_empty(), "{told:?}");
    let mut root = parse("info: {title: A, more: {b: [1, 2, 3]}}");
    let stopped = overlay.apply(&mut root, 1).unwrap_err();
    assert_eq!(stopped.message, "`$.info` adds too much to the document");
}
