//! Bad input gets a clear error with a place, promptly, and never a panic.

use std::fs;

use codegen::generate;
use contract::lint::{gate, lint};
use contract::{Document, Finding, Source};

use crate::pin;

fn first(text: impl Into<String>) -> Finding {
    let document = Document::parse(Source::new("api.yaml", text));
    lint(&document).into_iter().next().unwrap()
}

fn place(finding: &Finding) -> (u32, u32) {
    (finding.span.line, finding.span.column)
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let read = |path: &str| {
        let error = Source::read(&pin::path(path), path).unwrap_err();
        error.to_string()
    };
    assert!(read("tests/nothing.yaml").starts_with("cannot read `tests/nothing.yaml`: "));
    assert_eq!(
        read("tests"),
        "cannot read `tests`: it is a folder; name the document in it"
    );
}

#[test]
fn binary_junk_is_located() {
    let path = std::env::temp_dir().join(format!("contract-junk-{}", std::process::id()));
    fs::write(&path, b"openapi: 3.0.3\nab\xff\xfe\x00").unwrap();
    let error = Source::read(&path, "junk.yaml").unwrap_err().to_string();
    fs::remove_file(&path).unwrap();
    assert!(
        error.starts_with("cannot read `junk.yaml`:2:3: not UTF-8"),
        "{error}"
    );
    let control = first("\u{1}\u{2}\u{0}");
    assert_eq!((control.rule, place(&control)), ("syntax", (1, 3)));
}

#[test]
fn fifty_megabytes_of_brackets_are_refused_early() {
    for (text, at) in [("[", (1, 256)), ("{\"a\":", (1, 1276))] {
        let finding = first(text.repeat(50_000_000 / text.len()));
        assert_eq!(finding.message, "nested deeper than 128 levels");
        assert_eq!(place(&finding), at);
    }
}

#[test]
fn deep_nesting_is_refused_at_its_place() {
    let mut text = String::from("openapi: 3.0.3\nx-deep:\n");
    for depth in 0..200 {
        text.push_str(&format!("{}a:\n", " ".repeat(depth + 1)));
    }
    let finding = first(text);
    assert_eq!(finding.message, "nested deeper than 128 levels");
    assert_eq!(finding.rule, "syntax");
}

#[test]
fn aliases_cannot_grow_without_end() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..10 {
        let list = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{list}]\n"));
    }
    let finding = first(text);
    assert!(
        finding.message.starts_with("anchors grow the document"),
        "{}",
        finding.message
    );
}

#[test]
fn aliases_cannot_nest_without_end() {
    let mut text = String::from("a0: &a0 x\n");
    for n in 1..20 {
        let list = "[".repeat(100);
        let end = "]".repeat(100);
        text.push_str(&format!("a{n}: &a{n} {list}*a{}{end}\n", n - 1));
    }
    assert_eq!(first(text).message, "nested deeper than 128 levels");
}

/// Schemas that each say this of the next (`NEXT`), down to a text.
fn ladder(rungs: usize, rung: &str, example: &str) -> String {
    let mut text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      \
         operationId: a\n      responses: {{'200': {{description: A, content: {{application/json: \
         {{schema: {{$ref: '#/components/schemas/A0'}}{example}}}}}}}}}\ncomponents:\n  schemas:\n"
    );
    for n in 0..rungs {
        let next = format!("{{$ref: '#/components/schemas/A{}'}}", n + 1);
        text.push_str(&format!("    A{n}: {}\n", rung.replace("NEXT", &next)));
    }
    text.push_str(&format!("    A{rungs}: {{type: string, maxLength: 3}}\n"));
    text
}

#[test]
fn a_long_way_is_no_circle() {
    for rung in [
        "NEXT",
        "{allOf: [NEXT]}",
        "{allOf: [NEXT, NEXT]}",
        "{anyOf: [NEXT, NEXT]}",
        "{oneOf: [NEXT, {type: array, items: NEXT}]}",
        "{type: object, properties: {a: NEXT, b: NEXT}}",
    ] {
        let document = Document::parse(Source::new("api.yaml", ladder(300, rung, "")));
        let findings = lint(&document);
        let found = findings.iter().find(|f| f.rule == "cyclic-ref");
        assert!(found.is_none(), "{rung}: {found:?}");
        let checked = gate(document).unwrap();
        let generated = generate(&checked);
        assert!(generated.is_ok(), "{rung}: {generated:?}");
    }
}

#[test]
fn references_may_go_on_for_long() {
    let text = ladder(20_000, "NEXT", "");
    let findings = lint(&Document::parse(Source::new("api.yaml", text)));
    assert!(findings.iter().all(|f| f.rule != "cyclic-ref"));
    // And what stands at the end of them is known.
    let text = ladder(140, "NEXT", ", example: long");
    let findings = lint(&Document::parse(Source::new("api.yaml", text)));
    let example = findings.iter().find(|f| f.rule == "example").unwrap();
    assert!(example.message.contains("is longer than 3"), "{example:?}");
}

#[test]
fn what_would_be_checked_for_ever_is_not_checked() {
    for (rungs, rung, example) in [
        (60, "{allOf: [NEXT, NEXT]}", "long"),
        (60, "{oneOf: [NEXT, NEXT]}", "a"),
        (60, "{anyOf: [{not: NEXT}, {not: NEXT}]}", "a"),
        (5_000, "{allOf: [NEXT]}", "a"),
        // Each step into the value goes both ways.
        (
            60,
            "{allOf: [{properties: {a: NEXT}}, {properties: {a: NEXT}}]}",
            &format!("{}1{}", "{a: ".repeat(60), "}".repeat(60)),
        ),
    ] {
        let text = ladder(rungs, rung, &format!(", example: {example}"));
        let findings = lint(&Document::parse(Source::new("api.yaml", text)));
        let found: Vec<_> = findings.iter().filter(|f| f.rule == "example").collect();
        let [finding] = found.as_slice() else {
            panic!("{rung}: {found:?}");
        };
        assert_eq!(
            finding.message,
            "the example is not checked: too many schemas lead to one another"
        );
        assert_eq!(finding.severity, contract::Severity::Note);
    }
}

#[test]
fn what_calls_back_for_ever_is_generated_once() {
    let again = "{'{$url}': {post: {responses: {'204': {description: A}}, callbacks: {again: {$ref: '#/components/callbacks/C'}}}}}";
    let old = format!(
        "openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /a: {{post: {{operationId: a, responses: {{'204': {{description: A}}}}, callbacks: {{c: {{$ref: '#/components/callbacks/C'}}}}}}}}
components: {{callbacks: {{C: {again}}}}}
"
    );
    let called = "{post: {responses: {'204': {description: A}}, callbacks: {again: {'{$url}': {$ref: '#/components/pathItems/I'}}}}}";
    let new = format!(
        "openapi: 3.1.0
info: {{title: T, version: '1'}}
paths: {{/a: {{$ref: '#/components/pathItems/J'}}}}
components: {{pathItems: {{I: {called}, J: {{$ref: '#/components/pathItems/I'}}}}}}
"
    );
    // What calls again is told where it is seen, and where nothing is left of it, as an event.
    let wanted = [
        (old, "`callbacks` of what the API calls are not generated"),
        (
            new,
            "the event `again` is not generated: it has no schema of JSON",
        ),
    ];
    for (text, wanted) in wanted {
        let document = Document::parse(Source::new("api.yaml", text));
        let checked = gate(document).unwrap_or_else(|rejected| panic!("{:?}", rejected.findings));
        let generated = generate(&checked).unwrap();
        assert_eq!(generated.code.matches("-> requests::").count(), 1);
        let is_about_it = |rule: &str| ["callbacks", "webhooks"].contains(&rule);
        let notes = generated.findings.iter().filter(|f| is_about_it(f.rule));
        let notes: Vec<_> = notes.map(|note| note.message.as_str()).collect();
        assert!(notes.contains(&wanted), "{notes:?}");
    }
}

#[test]
fn references_that_never_end_do_not_hang() {
    let text = "
openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/A'}, example: 1}}
      responses:
        '200':
          description: A
          headers: {X: {schema: {$ref: '#/components/schemas/D'}, example: 1}}
components:
  parameters: {A: {$ref: '#/components/parameters/A'}}
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
    C: {example: 1, allOf: [{anyOf: [{not: {oneOf: [{$ref: '#/components/schemas/C'}]}}]}]}
    D: {allOf: [{$ref: '#/components/schemas/D'}]}
";
    let document = Document::parse(Source::new("api.yaml", text));
    let findings = lint(&document);
    let cycles = findings.iter().filter(|f| f.rule == "cyclic-ref").count();
    assert_eq!(cycles, 4);
}

#[test]
fn the_contract_without_any_one_line_is_survived() {
    let text = fs::read_to_string(pin::path("openapi/callbell.yaml")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let mut refused = 0;
    for cut in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(cut);
        let document = Document::parse(Source::new("api.yaml", without.join("\n")));
        match gate(document) {
            Ok(checked) => drop(generate(&checked)),
            Err(rejected) => {
                refused += 1;
                assert!(
                    rejected.findings.iter().all(|f| f.span.line > 0),
                    "line {cut}"
                );
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

/// A document with a conflict, between other lines.
fn conflicting(before: &str, sides: [&str; 2], after: &str) -> String {
    let [ours, theirs] = sides;
    // Not written out, so that nobody takes this file for one that git left.
    let [begin, middle, end] = ['<', '=', '>'].map(|sign| sign.to_string().repeat(7));
    format!("{before}\n{begin} HEAD\n{ours}\n{middle}\n{theirs}\n{end} main\n{after}\n")
}

#[test]
fn a_conflict_is_told_as_one() {
    let sides = ["  title: A", "  title: B"];
    let yaml = conflicting("openapi: 3.0.3\ninfo:", sides, "  version: '1'\npaths: {}");
    let sides = [
        "  \"info\": {\"title\": \"A\"},",
        "  \"info\": {\"title\": \"B\"},",
    ];
    let json = conflicting("{\n  \"openapi\": \"3.0.3\",", sides, "  \"paths\": {}\n}");
    let windows = yaml.replace('\n', "\r\n");
    for text in [yaml, json, windows] {
        let document = Document::parse(Source::new("api.yaml", &text));
        let findings = lint(&document);
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        assert_eq!(finding.message, "a merge conflict is not resolved");
        assert_eq!((finding.rule, place(finding)), ("syntax", (3, 1)));
        let related = finding.related.iter();
        let related: Vec<_> = related.map(|(span, label)| (span.line, &**label)).collect();
        let sides = [
            (5, "the other side begins here"),
            (7, "the other side ends here"),
        ];
        assert_eq!(related, sides);
        assert!(finding.help.as_ref().unwrap().contains("keep one side"));
    }
}

#[test]
fn each_conflict_and_what_is_left_of_one_is_told() {
    let sides = ["  title: A", "  title: B"];
    let two = conflicting("openapi: 3.0.3\ninfo:", sides, "paths:");
    let two = conflicting(&two, ["  /a: {}", "  /b: {}"], "");
    let findings = lint(&Document::parse(Source::new("api.yaml", two)));
    let places: Vec<_> = findings.iter().map(place).collect();
    assert_eq!(places, [(3, 1), (10, 1)]);

    let end = format!("openapi: 3.0.3\ninfo: {{}}\n{} main\n", ">".repeat(7));
    let left = first(end);
    assert_eq!(
        (left.message.as_str(), place(&left)),
        ("a merge conflict is not resolved", (3, 1))
    );
    // A heading in Markdown, and what is quoted in a text, are no markers.
    let text = format!(
        "openapi: 3.0.3\ninfo:\n  title: T\n  version: '1'\n  description: |\n    Title\n    {}\n    {} x\npaths: {{}}\n",
        "=".repeat(7),
        "<".repeat(7)
    );
    let findings = lint(&Document::parse(Source::new("api.yaml", text)));
    assert!(findings.iter().all(|f| f.rule != "syntax"), "{findings:?}");
}

#[test]
fn a_reference_leads_to_one_object_of_its_kind() {
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nx-any: {a: {type: string}}\n\
                components:\n  schemas:\n    A: {type: object, properties: {p: {type: string}}, \
                additionalProperties: true, allOf: [{type: object}], enum: [{}]}\n";
    for (reference, message) in [
        ("#", Some("is the whole document; expected a schema")),
        (
            "#/info",
            Some("is a part of another object; expected a schema"),
        ),
        ("#/paths", Some("is a mapping of names; expected a schema")),
        (
            "#/components",
            Some("is a section of components; expected a schema"),
        ),
        (
            "#/components/schemas",
            Some("is a mapping of names; expected a schema"),
        ),
        (
            "#/components/schemas/A/properties",
            Some("is a mapping of names; expected a schema"),
        ),
        (
            "#/components/schemas/A/allOf",
            Some("is a list; expected a schema"),
        ),
        (
            "#/components/schemas/A/type",
            Some("is a part of another object; expected a schema"),
        ),
        (
            "#/components/schemas/A/additionalProperties",
            Some("is no object; expected a schema"),
        ),
        ("#/components/schemas/A/allOf/0", None),
        ("#/components/schemas/A/properties/p", None),
        ("#/x-any/a", None),
    ] {
        let text = format!("{head}    B: {{$ref: '{reference}'}}\n");
        let findings = lint(&Document::parse(Source::new("api.yaml", text)));
        let found = findings.iter().find(|f| f.rule == "unresolved-ref");
        let expected = message.map(|message| format!("`{reference}` {message}"));
        assert_eq!(found.map(|f| f.message.clone()), expected);
        assert!(found.is_none_or(|found| place(found) == (8, 15)));
    }
}

#[test]
fn what_ends_too_early_ends_where_the_text_does() {
    for (text, at) in [
        ("openapi: 3.0.3\npaths: {a: [", (2, 13)),
        ("{\"openapi\": \"3.0.3\",", (1, 21)),
        ("a: \"", (1, 4)),
        ("x: &a", (1, 1)),
        ("-", (1, 1)),
    ] {
        assert_eq!(place(&first(text)), at, "{text}: {:?}", first(text));
    }
}
