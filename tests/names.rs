//! A word is a keyword where it stands as one. Where somebody chose it as a name, of a property,
//! a component or an example, it is a name like any other.

use std::collections::BTreeSet;
use std::fs;

use codegen::generate;
use codegen::outline::outline;
use contract::lint::gate;
use contract::{Document, Source};
use serde_json::Value;

use crate::pin;
use crate::reading::answers;

/// What JSON Schema 2020-12 and `OpenAPI` 3.1 and 3.2 add, and older drafts had.
const NEWER: [&str; 42] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$schema",
    "$self",
    "$vocabulary",
    "additionalItems",
    "additionalOperations",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "id",
    "identifier",
    "if",
    "itemSchema",
    "jsonSchemaDialect",
    "maxContains",
    "minContains",
    "pathItems",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "query",
    "summary",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "webhooks",
    "mapping",
];
/// Extensions that something here reads, or that the generator does.
const EXTENSIONS: [&str; 17] = [
    "x-accept",
    "x-alternatives",
    "x-by-status",
    "x-dropshot-pagination",
    "x-dropshot-websocket",
    "x-extensible-enum",
    "x-idempotent",
    "x-lint-ignore",
    "x-media-type",
    "x-not-processed",
    "x-operation-id",
    "x-optional",
    "x-rate-limit",
    "x-rust-type",
    "x-stand-ins",
    "x-style",
    "x-told",
];

/// Every keyword: those of the published schema, what is newer, and extensions.
fn keywords() -> BTreeSet<String> {
    let published = pin::path("crates/contract/src/openapi-3.0.json");
    let published: Value = serde_json::from_str(&fs::read_to_string(published).unwrap()).unwrap();
    let mut words = BTreeSet::from(["$ref".to_owned()]);
    let root = std::iter::once(&published);
    let objects = root.chain(published["definitions"].as_object().unwrap().values());
    for object in objects {
        let properties = object["properties"].as_object().into_iter().flatten();
        words.extend(properties.map(|(word, _)| word.clone()));
    }
    let more = NEWER.into_iter().chain(EXTENSIONS);
    words.extend(more.map(str::to_owned));
    words
}

/// A document in which `NAME` stands wherever somebody may choose a name, and means nothing.
const DOCUMENT: &str = r##"
openapi: VERSION
info: {title: Names, version: '1'}
servers: [{url: 'https://example.com/{NAME}', variables: {"NAME": {default: v1}}}]
security: [{"NAME": []}]
paths:
  "/NAME":
    post:
      operationId: send
      tags: ["NAME"]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {"NAME": {type: array, items: {type: string}}}}
            encoding: {"NAME": {style: form, explode: true, headers: {"NAME": {schema: {type: string}}}}}
      responses:
        '200':
          description: Sent
          headers: {"NAME": {schema: {type: string}, example: a}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Whole'}
              examples: {"NAME": {$ref: '#/components/examples/NAME'}}
          links: {"NAME": {operationId: send, parameters: {"NAME": a}}}
        default: {$ref: '#/components/responses/NAME'}
      callbacks:
        "NAME":
          '{$request.body#/url}':
            post: {responses: {'204': {description: Called}}}
components:
  schemas:
    Whole:
      type: object
      required: ["NAME", text]
      properties:
        "NAME": {type: string, format: date-time}
        text: {type: string}
        inner:
          type: object
          properties:
            "NAME": {type: object, required: [a], properties: {a: {type: integer}, "NAME": {$ref: '#/components/schemas/Part'}}}
        listed: {type: array, items: {type: object, properties: {"NAME": {type: array, items: {$ref: '#/components/schemas/Part'}}}}}
        extended:
          allOf:
            - {$ref: '#/components/schemas/Part'}
            - {type: object, properties: {"NAME": {type: boolean}}}
        choice: {$ref: '#/components/schemas/Choice'}
        mapped: {type: object, additionalProperties: {type: object, properties: {"NAME": {type: number}}}}
        named: {$ref: '#/components/schemas/NAME'}
    Part: {type: object, properties: {b: {type: integer}}}
    "NAME": {type: object, properties: {n: {type: integer, format: int32}, "NAME": {$ref: '#/components/schemas/Whole/properties/inner/properties/NAME'}}}
    Choice:
      oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
      discriminator: {propertyName: "NAME", mapping: {"NAME": '#/components/schemas/One', two: Two}}
    One: {type: object, required: ["NAME"], properties: {"NAME": {type: string}, one: {type: integer}}}
    Two: {type: object, required: ["NAME"], properties: {"NAME": {type: string}, two: {type: integer}}}
  responses:
    "NAME": {description: Failed, content: {application/json: {schema: {type: object, properties: {"NAME": {type: string, minLength: 1}}}}}}
  examples:
    "NAME": {value: {"NAME": '2020-01-01T00:00:00Z', text: t}}
  securitySchemes:
    "NAME": {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {"NAME": a}}}}
"##;

/// What is made of the document with a name in it: the outline of its client, and the rules of
/// its findings, with the words that follow from the name taken out.
fn shape(version: &str, name: &str) -> (Vec<Vec<String>>, Vec<&'static str>) {
    let text = DOCUMENT.replace("VERSION", version).replace("NAME", name);
    let document = Document::parse(Source::new("names.yaml", text));
    let checked = gate(document).unwrap_or_else(|rejected| panic!("{name}: {rejected:?}"));
    let generated = generate(&checked).unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
    let pieces = outline(&generated.code).unwrap();
    let types = pieces.iter().filter(|piece| piece.kind == "type");
    let mut pieces: Vec<Vec<String>> = types.map(|piece| plain(&piece.text)).collect();
    pieces.sort();
    let findings = checked.findings().iter().chain(&generated.findings);
    let mut rules: Vec<_> = findings.map(|finding| finding.rule).collect();
    rules.sort_unstable();
    (pieces, rules)
}

/// Words that follow from no name.
const SHAPE: [&str; 14] = [
    "BTreeMap",
    "Box",
    "Option",
    "String",
    "Vec",
    "bool",
    "chrono",
    "enum",
    "f64",
    "i32",
    "i64",
    "serde_json",
    "std",
    "struct",
];

/// What a type is made of, in an order that names have no part in: the types of its fields or of
/// its variants, with a dot for each word that may follow from a name.
fn plain(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    for item in text.split("pub ").filter(|item| !item.starts_with("fn ")) {
        let item = without_attributes(item);
        let (head, body) = item.split_once('{').unwrap_or((&item, ""));
        let body = body.split('}').next().unwrap_or_default();
        for part in std::iter::once(head).chain(body.split(',')) {
            let words = part.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
            let shape = words.map(|word| {
                let end = word.find(|c: char| !c.is_alphanumeric() && c != '_');
                let (word, sign) = word.split_at(end.unwrap_or(word.len()));
                match SHAPE.contains(&word) || word.is_empty() {
                    true => format!("{word}{sign}"),
                    false => format!(".{sign}"),
                }
            });
            parts.push(shape.collect::<String>().replace([' ', ',', '}'], ""));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.sort();
    parts
}

fn without_attributes(item: &str) -> String {
    let mut parts = item.split("#[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.split_once(']').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn a_keyword_is_a_name_where_somebody_chose_it() {
    for version in ["3.0.3", "3.1.0"] {
        let expected = shape(version, "harmless");
        assert!(expected.0.len() > 10, "{expected:?}");
        for word in keywords() {
            let found = shape(version, &word);
            assert_eq!(found, expected, "`{word}` in {version}");
        }
    }
}

#[test]
fn what_a_schema_defines_is_found_wherever_it_stands() {
    let code = answers(
        "{default: {description: A, content: {application/json: {schema: {
            $ref: '#/paths/~1a/get/responses/default/content/application~1json/schema/$defs/Own',
            $defs: {Own: {type: object, required: [number], properties: {number: {type: integer},
                example: {$defs: {Deep: {type: object, properties: {deep: {type: boolean}}}},
                    $ref: '#/components/schemas/Old/definitions/Part/properties/example/$defs/Deep'}}}}}}}}}",
        "{Old: {type: object, properties: {part: {$ref: '#/components/schemas/Old/definitions/Part/properties/text'}},
            definitions: {Part: {type: object, properties: {text: {type: string, minLength: 1},
                example: {$defs: {Deep: {type: object, properties: {deep: {type: integer}}}}}}}}}}",
    );
    assert!(code.contains("pub number: i64"), "{code}");
    assert!(code.contains("pub example: Option<ExampleDeep>"), "{code}");
    assert!(code.contains("pub deep: Option<bool>"), "{code}");
    assert!(code.contains("pub deep: Option<i64>"), "{code}");
}

#[test]
fn a_path_has_what_stands_beside_its_reference() {
    let code = answers(
        "{'204': {description: A}}\n    put: {operationId: b, responses: {'204': {description: B}}}\n    $ref: '#/components/pathItems/Rest'",
        "{}, pathItems: {Rest: {post: {operationId: c, responses: {'204': {description: C}}}}}",
    );
    for method in ["pub fn a(&self", "pub fn b(&self", "pub fn c(&self"] {
        assert!(code.contains(method), "{method}: {code}");
    }
}

#[test]
fn a_mapping_leads_to_what_a_schema_defines() {
    let code = answers(
        "{'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}",
        "{Pet: {oneOf: [{$ref: '#/components/schemas/Pet/$defs/Cat'}, {$ref: '#/components/schemas/Pet/$defs/Dog'}],
            discriminator: {propertyName: kind, mapping: {kitty: '#/components/schemas/Pet/$defs/Cat'}},
            $defs: {Cat: {type: object, properties: {kind: {type: string}}}, Dog: {type: object, properties: {kind: {type: string}}}}}}",
    );
    assert!(code.contains("\"kitty\""), "{code}");
}

#[test]
fn what_is_data_names_nothing() {
    let code = answers(
        "{'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Whole'},
            example: {$anchor: part, $defs: {Part: 1}, $ref: '#part'}}}}}",
        "{Whole: {type: object, properties: {part: {$ref: '#part'}}, enum: [{$anchor: part}],
            examples: [{$defs: {A: {}}, x-lint-ignore: {a: b}}]},
          Part: {$anchor: part, type: object, properties: {c: {type: integer}}}}",
    );
    assert!(code.contains("pub part: Option<Part>"), "{code}");
}
