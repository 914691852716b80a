//! What is wrong and understood is read as what it means; what has no meaning is an error.

use contract::lint::gate;
use contract::{Document, Severity, Source};

use crate::pin::drawn;

const RIGHT: &str = r#"
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: getA
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components:
  requestBodies:
    B: {description: B, content: {application/json: {schema: {type: string}}}}
  schemas:
    A: {type: object, required: [n], properties: {n: {type: string}, m: {type: integer}}}
"#;

const BODY: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}";
const SCHEMA: &str = "schema: {type: string}";
const ID: &str = "operationId: getA";
const N: &str = "n: {type: string}";
const M: &str = "m: {type: integer}";
const OK: &str = "'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}";

/// A row of the table, a part of the document, what stands there wrongly, and rightly.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("a text is missing", "description: ok, ", "", Some("description: '', ")),
    ("a text is missing", "title: T, ", "", Some("title: API, ")),
    ("a text is missing", ", version: '1'", "", Some(", version: '0'")),
    ("`responses` is missing or empty", OK, "{}", Some("2XX: {description: ''}")),
    ("`responses` is missing or empty", "responses:\n        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}", "", Some("responses: {2XX: {description: ''}}")),
    ("`paths` is missing", "paths:", "x-paths:", Some("paths: {}\nx-paths:")),
    ("`content` of a request body is missing", ID, "operationId: getA\n      requestBody: {}", Some("operationId: getA\n      requestBody: {content: {}}")),
    ("a description of something that is only shown lacks what it must have", "paths:", "servers: [{description: x}]\npaths:", Some("servers: []\npaths:")),
    ("a description of something that is only shown lacks what it must have", "components:", "components:\n  securitySchemes: {a: {type: basic}, b: {type: http}, c: {type: oauth2}}", Some("components:\n  securitySchemes: {}")),
    ("a description of something that is only shown lacks what it must have", N, "n: {type: object, discriminator: {mapping: {}}}", Some("n: {type: object}")),
    ("`info` is missing", "info: {title: T, version: '1'}\n", "", None),
    ("`name` or `in` of a parameter is missing or unknown", "in: path, ", "", None),
    ("`name` or `in` of a parameter is missing or unknown", "in: path", "in: qurey", None),
    ("`name` or `in` of a parameter is missing or unknown", "name: id, ", "", None),
    ("a parameter has no `schema` and no `content`", ", schema: {type: string}}", "}", Some(", schema: {type: string}}")),
    ("keywords of a schema stand in a parameter or a header", SCHEMA, "type: string, maxLength: 3", Some("schema: {type: string, maxLength: 3}")),
    ("`schema` stands in a response", BODY, "schema: {$ref: '#/components/schemas/A'}", Some(BODY)),
    ("a parameter is in the body, or in a form", "schema: {type: string}}]", "schema: {type: string}}, {name: b, in: body, required: true, schema: {type: object}}]", Some("schema: {type: string}}]\n      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}")),
    ("a parameter is in the body, or in a form", "schema: {type: string}}]", "schema: {type: string}}, {name: f, in: formData, required: true, type: file}, {name: g, in: formData, type: integer}]", Some("schema: {type: string}}]\n      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, properties: {f: {type: string, format: binary}, g: {type: integer}}, required: [f]}}}}")),
    ("sections of Swagger 2.0 stand at the root", "components:\n  requestBodies:", "responses: {D: {description: D}}\ncomponents:\n  requestBodies:", Some("components:\n  responses: {D: {description: D}}\n  requestBodies:")),
    ("a parameter of the path is not required", "required: true, ", "", Some("required: true, ")),
    ("a parameter of the path is not required", "required: true, ", "required: false, ", Some("required: true, ")),
    ("a key is not known", "description: ok", "description: ok, type: string", Some("description: ok")),
    ("a key is not known", N, "n: {type: string, nullabel: true}", Some(N)),
    ("a key is not known, and is nearly one without which a call is not known", "paths:", "pahts:", None),
    ("a key is not known, and is nearly one without which a call is not known", BODY, "contents: {}", None),
    ("a keyword of OpenAPI 3.1 stands in a document of 3.0", N, "n: {type: [string, 'null']}", Some("n: {type: string, nullable: true}")),
    ("a keyword of OpenAPI 3.1 stands in a document of 3.0", M, "m: {type: integer, exclusiveMinimum: 3}", Some("m: {type: integer, minimum: 3, exclusiveMinimum: true}")),
    ("a keyword of OpenAPI 3.1 stands in a document of 3.0", N, "n: {const: a}", Some("n: {type: string, enum: [a]}")),
    ("a keyword of OpenAPI 3.1 stands in a document of 3.0", N, "n: true", Some("n: {}")),
    ("a value is `null`", ID, "operationId: getA\n      tags: null", Some(ID)),
    ("a value is `null`", N, "n: ", Some("n: {}")),
    ("a value is `null`", "{schema: {$ref: '#/components/schemas/A'}}", "null", Some("{}")),
    ("a value is `null`", ID, "operationId: getA\n      security: [{key: null}]", Some("operationId: getA\n      security: [{key: []}]")),
    ("an empty list stands for a mapping, or the other way round", "properties: {n: {type: string}, m: {type: integer}}", "properties: []", Some("properties: {}")),
    ("an empty list stands for a mapping, or the other way round", ID, "operationId: getA\n      tags: {}", Some("operationId: getA\n      tags: []")),
    ("a list stands for examples by name", "application/json: {", "application/json: {examples: [a, b], ", Some("application/json: {examples: {'1': {value: a}, '2': {value: b}}, ")),
    ("one stands for a list of them", ID, "operationId: getA\n      tags: a", Some("operationId: getA\n      tags: [a]")),
    ("one stands for a list of them", N, "n: {allOf: {type: string}}", Some("n: {allOf: [{type: string}]}")),
    ("one stands for a list of them", "parameters: [{name: id, in: path, required: true, schema: {type: string}}]", "parameters: {name: id, in: path, required: true, schema: {type: string}}", Some("parameters: [{name: id, in: path, required: true, schema: {type: string}}]")),
    ("named objects stand for a list", "parameters: [{name: id, in: path, required: true, schema: {type: string}}]", "parameters: {a: {name: id, in: path, required: true, schema: {type: string}}}", Some("parameters: [{name: id, in: path, required: true, schema: {type: string}}]")),
    ("a number or a boolean stands for text", "version: '1'", "version: 1.5", Some("version: '1.5'")),
    ("text stands for a number or a boolean", ID, "operationId: getA\n      deprecated: 'true'", Some("operationId: getA\n      deprecated: true")),
    ("text stands for a number or a boolean", N, "n: {type: string, minLength: '3'}", Some("n: {type: string, minLength: 3}")),
    ("text stands for a number or a boolean", N, "n: {type: object, additionalProperties: 'true'}", Some("n: {type: object, additionalProperties: true}")),
    ("text stands for a response, a schema or a discriminator", "{description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}", "ok", Some("{description: ok}")),
    ("text stands for a response, a schema or a discriminator", SCHEMA, "schema: string", Some(SCHEMA)),
    ("text stands for a response, a schema or a discriminator", N, "n: {type: object, discriminator: kind}", Some("n: {type: object, discriminator: {propertyName: kind}}")),
    ("`required` of a schema is `true`", N, "n: {type: string, required: true}", Some(N)),
    ("an empty `enum` or `required`", N, "n: {type: string, enum: []}", Some(N)),
    ("an empty `enum` or `required`", "required: [n], ", "required: [], ", Some("")),
    ("a type that is none", N, "n: {type: date-time}", Some("n: {type: string, format: date-time}")),
    ("a type that is none", N, "n: {type: String}", Some(N)),
    ("a type that is none", N, "n: {type: whatever}", Some("n: {}")),
    ("a bound that cannot be", N, "n: {type: string, minLength: -1}", Some(N)),
    ("a style that cannot be there", "in: path,", "in: path, style: form,", Some("in: path,")),
    ("`schema` and `content`, `example` and `examples`", SCHEMA, "schema: {type: string}, content: {text/plain: {}}", Some(SCHEMA)),
    ("`schema` and `content`, `example` and `examples`", "application/json: {", "application/json: {example: a, examples: {x: {value: b}}, ", Some("application/json: {examples: {x: {value: b}}, ")),
    ("several media types of a parameter", SCHEMA, "content: {text/plain: {}, text/html: {}}", Some("content: {text/plain: {}}")),
    ("a path without its slash", "/a/{id}:", "a/{id}:", Some("/a/{id}:")),
    ("a status that is none", "'200'", "'2xx'", Some("2XX")),
    ("a status that is none", OK, "'2000': {description: ok}\n        '201': {description: ok}", Some("'201': {description: ok}")),
    ("a request body is referred to as a response", OK, "'200': {$ref: '#/components/requestBodies/B'}", Some("'200': {description: B, content: {application/json: {schema: {type: string}}}}")),
    ("merge keys of YAML 1.1", N, "n: {<<: {type: string, title: N}, title: M}", Some("n: {type: string, title: M}")),
    ("a key that stands twice", ID, "operationId: getB\n      operationId: getA", Some(ID)),
    ("a version of two or of four numbers", "openapi: 3.0.3", "openapi: 3.0", Some("openapi: 3.0.0")),
    ("a version of two or of four numbers", "openapi: 3.0.3", "openapi: 3.0.3.1", Some("openapi: 3.0.3")),
    ("a reference to a header, an example or a link that is nowhere", "description: ok, ", "description: ok, headers: {X: {$ref: '#/components/headers/X'}}, ", Some("description: ok, headers: {X: {$ref: '#/components/headers/X'}}, ")),
    ("a reference to nothing", "schemas/A'", "schemas/B'", None),
    ("a schema, parameter or body of a form that none of this explains", "properties: {n: {type: string}, m: {type: integer}}", "properties: {n: 3}", None),
    ("a schema, parameter or body of a form that none of this explains", "parameters: [", "parameters: [3, ", None),
];

fn document(text: &str) -> Document {
    Document::parse(Source::new("api.yaml", text))
}

/// The document without what reading adds nothing to: entries may stand in any order.
fn read(text: &str) -> Result<(serde_json::Value, Vec<Severity>), String> {
    match gate(document(text)) {
        Ok(checked) => {
            let found = checked.findings().iter();
            let form = [
                "structure",
                "duplicate-key",
                "openapi-version",
                "unresolved-ref",
            ];
            let found = found.filter(|finding| form.contains(&finding.rule));
            Ok((
                checked.document().to_json(),
                found.map(|finding| finding.severity).collect(),
            ))
        }
        Err(rejected) => Err(drawn(&rejected.document, &rejected.findings)),
    }
}

#[test]
fn what_is_understood_is_read_as_it_is_meant() {
    assert_eq!(read(RIGHT).unwrap().1, []);
    for (row, part, wrong, right) in CASES {
        assert!(RIGHT.contains(part), "{part}");
        let wrong = RIGHT.replacen(part, wrong, 1);
        match right {
            Some(right) => {
                let right = RIGHT.replacen(part, right, 1);
                let (meant, found) = read(&wrong).unwrap_or_else(|e| panic!("{row}: {e}"));
                assert_eq!(meant, document(&right).to_json(), "{row}");
                assert!(!found.is_empty(), "{row}: nothing is said");
                assert!(
                    found.iter().all(|severity| *severity == Severity::Warning),
                    "{row}"
                );
            }
            None => assert!(read(&wrong).unwrap_err().contains("error["), "{row}"),
        }
    }
}

#[test]
fn the_table_says_what_is_tested() {
    let table = include_str!("../../src/lenient.md");
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect());
    let said: Vec<Vec<&str>> = cells.collect();
    let said: Vec<(&str, bool)> = said.iter().map(|row| (row[0], row[1] == "error")).collect();
    let mut tested: Vec<(&str, bool)> = CASES
        .iter()
        .map(|(row, .., right)| (*row, right.is_none()))
        .collect();
    tested.dedup();
    assert_eq!(said, tested);
}
