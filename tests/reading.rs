//! What a document says beside other things: it is kept, or a note tells that it is not.

use contract::generate::{Generated, generate};
use contract::lint::gate;
use contract::schema::{Direction, Schemas};
use contract::{Checked, Document, Source};
use serde_json::json;

fn checked(text: &str) -> Checked {
    let document = Document::parse(Source::new("t.yaml", text));
    gate(document).unwrap_or_else(|rejected| panic!("{:?}", rejected.findings))
}

/// All that is noted of a document, in reading it and in generating from it.
fn notes(checked: &Checked, generated: &Generated) -> Vec<String> {
    let findings = checked.findings().iter().chain(&generated.findings);
    let noted = findings.filter(|f| ["openapi-3.1", "not-kept"].contains(&f.rule));
    noted.map(|f| f.message.clone()).collect()
}

/// The code of a document of 3.1 with these answers of one operation.
pub(crate) fn answers(responses: &str, components: &str) -> String {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      \
         operationId: a\n      responses: {responses}\ncomponents: {{schemas: {components}}}\n"
    );
    generate(&checked(&text)).unwrap().code
}

/// The field that becomes of a property, in a document of 3.1.
fn field(schema: &str) -> String {
    let code = answers(
        "{'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Whole'}}}}}",
        &format!(
            "{{Whole: {{type: object, properties: {{field: {schema}}}}}, Part: {{type: object, properties: {{a: {{type: boolean}}}}}}}}"
        ),
    );
    let start = code.find("pub field: ").unwrap();
    let end = code[start..].find(",\n").unwrap();
    let field = code[start..][..end].split_whitespace().collect::<String>();
    field.replace("pubfield:::std::collections::", "")
}

#[test]
fn a_map_holds_what_any_name_may_have() {
    let patterned = "type: object, patternProperties";
    for (schema, expected) in [
        (
            format!("{{{patterned}: {{a: {{type: string}}}}, additionalProperties: false}}"),
            "BTreeMap<String,String>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}, b: false}}, unevaluatedProperties: false}}"
            ),
            "BTreeMap<String,String>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}}}, additionalProperties: {{type: string}}}}"
            ),
            "BTreeMap<String,String>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}}}, additionalProperties: {{type: integer}}}}"
            ),
            "BTreeMap<String,WholeFieldValue>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}}}, unevaluatedProperties: {{type: integer}}}}"
            ),
            "BTreeMap<String,WholeFieldValue>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}, b: {{type: integer}}}}, additionalProperties: false}}"
            ),
            "BTreeMap<String,WholeFieldValue>",
        ),
        (
            format!(
                "{{{patterned}: {{a: {{type: string}}, b: true}}, additionalProperties: false}}"
            ),
            "serde_json::Map<String,serde_json::Value>",
        ),
        (
            format!("{{{patterned}: {{a: {{type: string}}}}}}"),
            "serde_json::Map<String,serde_json::Value>",
        ),
        (
            format!("{{{patterned}: {{a: {{type: string}}}}, additionalProperties: true}}"),
            "serde_json::Map<String,serde_json::Value>",
        ),
        (
            "{type: object, unevaluatedProperties: {type: integer}}".to_owned(),
            "BTreeMap<String,i64>",
        ),
    ] {
        let found = field(&schema);
        assert!(found.ends_with(expected), "{schema}: {found}");
    }
    // What is composed names what is no other property.
    let composed =
        "{allOf: [{$ref: '#/components/schemas/Part'}], unevaluatedProperties: {type: integer}}";
    assert!(field(composed).contains("Option<"), "{}", field(composed));
}

/// A struct of generated code, with its documentation.
fn item<'a>(code: &'a str, head: &str) -> &'a str {
    let start = code.find(head).unwrap();
    let end = code[start..].find("\n    }\n").unwrap();
    &code[start..][..end]
}

const BESIDE: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: a
      parameters: [{name: p, in: query, schema: {$ref: '#/components/schemas/Mode', default: a, description: P}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Whole'}}}}
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Whole'}}}}}
components:
  schemas:
    Whole:
      type: object
      required: [id, stamp, secret, text, kept]
      properties:
        id: {$ref: '#/components/schemas/Text', readOnly: true, description: Who it is}
        stamp: {$ref: '#/components/schemas/Stamp'}
        secret: {$ref: '#/components/schemas/Text', writeOnly: true}
        text: {$ref: '#/components/schemas/Text', description: What it says, deprecated: true, title: Other}
        kept: {$ref: '#/components/schemas/Text', minLength: 2}
        mode: {$ref: '#/components/schemas/Mode', default: a}
        WholeText: {$ref: '#/components/schemas/WholeText', description: Not renamed}
    Text: {type: object, properties: {a: {type: string}}}
    Stamp: {type: object, readOnly: true, properties: {b: {type: string}}}
    Mode: {type: string, enum: [a, b]}
    WholeText: {type: object, properties: {c: {type: string}}}
";

#[test]
fn what_stands_beside_a_reference_is_kept_or_noted() {
    let checked = checked(BESIDE);
    let generated = generate(&checked).unwrap();
    let whole = item(&generated.code, "pub struct Whole {");
    for line in [
        "/// Who it is\n",
        "pub id: Option<Text>",
        "pub stamp: Option<Stamp>",
        "pub secret: Option<Text>",
        "/// What it says\n",
        "pub text: Text,",
        "/// Not renamed\n",
        "pub whole_text: Option<WholeText>",
    ] {
        assert!(whole.contains(line), "{line}: {whole}");
    }
    assert!(!generated.code.contains("WholeText2"), "{}", generated.code);
    let notes = notes(&checked, &generated);
    assert_eq!(
        notes,
        [
            "`default` beside a `$ref` is not kept",
            "`required` of what is `readOnly` is not kept where both sides have it",
            "`required` of what is `writeOnly` is not kept where both sides have it",
            "a default that the generated type cannot have is not kept",
        ]
    );
}

#[test]
fn what_a_reference_says_of_directions_is_what_is_checked() {
    let schemas = Schemas::new(checked(BESIDE).document().to_json());
    let whole = |direction| schemas.get("/components/schemas/Whole", direction).unwrap();
    let (id, secret) = (json!({}), json!({}));
    let sent = json!({"secret": secret, "text": {}, "kept": {}});
    let answered = json!({"id": id, "stamp": {}, "text": {}, "kept": {}});
    assert_eq!(whole(Direction::Request).check(&sent), []);
    assert_eq!(whole(Direction::Response).check(&answered), []);
    assert_eq!(whole(Direction::Request).check(&answered).len(), 1);
    assert_eq!(whole(Direction::Response).check(&sent).len(), 2);
}

#[test]
fn a_property_that_tells_may_have_words_beside_its_reference() {
    let code = answers(
        "{'200': {description: A, content: {application/json: {schema: {
            oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}}}",
        "{Cat: {type: object, required: [kind], properties: {kind: {$ref: '#/components/schemas/CatKind', description: Tells}}},
          Dog: {type: object, required: [kind], properties: {kind: {$ref: '#/components/schemas/DogKind', description: Tells}}},
          CatKind: {type: string, enum: [cat]}, DogKind: {type: string, enum: [dog]}}",
    );
    assert!(
        item(&code, "pub enum AResponse {").contains("Unknown("),
        "{code}"
    );
}
