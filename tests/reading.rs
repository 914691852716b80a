//! What a document says beside other things: it is kept, or a note tells that it is not.

use codegen::{Generated, generate};
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

/// The code of a document of 3.1 with these responses of one operation.
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

const PATCHED: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: make
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Whole'}}}}
      responses: {'204': {description: A}}
    patch:
      operationId: change
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Whole'}}}}
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Inner'}}}}}
  /b:
    patch:
      operationId: more
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                here: {type: integer, default: 1}
                inner: {$ref: '#/components/schemas/Inner'}
                only: {$ref: '#/components/schemas/Only'}
      responses: {'204': {description: B}}
components:
  schemas:
    Whole: {type: object, properties: {inner: {$ref: '#/components/schemas/Inner'}, list: {type: array, items: {$ref: '#/components/schemas/Whole'}}, plain: {$ref: '#/components/schemas/Plain'}, pet: {$ref: '#/components/schemas/Pet'}}}
    Inner: {type: object, properties: {on: {type: boolean, default: true}, mode: {type: string, enum: [a, b], default: a}}}
    InnerPatch: {type: object, properties: {name: {type: string}}}
    Only: {type: object, properties: {off: {type: boolean, default: false}, inner: {$ref: '#/components/schemas/Inner'}}}
    Plain: {type: object, properties: {a: {type: string}}}
    Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer, default: 9}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {tricks: {type: integer}}}]}
";

#[test]
fn a_patch_sends_no_default_and_others_keep_theirs() {
    let checked = checked(PATCHED);
    let generated = generate(&checked).unwrap();
    for (head, fields) in [
        (
            "pub struct Inner {",
            ["pub mode: InnerMode,", "pub on: bool,"],
        ),
        (
            "pub struct InnerPatch2 {",
            [
                "pub mode: Option<InnerPatch2Mode>,",
                "pub on: Option<bool>,",
            ],
        ),
        (
            "pub struct Whole {",
            ["pub inner: Option<Inner>,", "pub list: Vec<Whole>,"],
        ),
        (
            "pub struct WholePatch {",
            [
                "pub inner: Option<InnerPatch2>,",
                "pub list: Vec<WholePatch>,",
            ],
        ),
        (
            "pub struct MoreBody {",
            ["pub here: Option<i64>,", "pub inner: Option<InnerPatch2>,"],
        ),
        (
            "pub struct Only {",
            ["pub inner: Option<InnerPatch2>,", "pub off: Option<bool>,"],
        ),
        // What nobody names as a part, but a discriminator may mean.
        ("pub enum PetPatch {", ["Cat(CatPatch)", "Dog(Dog)"]),
        ("pub enum Pet {", ["Cat(Cat)", "Dog(Dog)"]),
        (
            "pub struct CatPatch {",
            ["pub lives: Option<i64>,", "pub kind: String,"],
        ),
        ("pub struct Cat {", ["pub lives: i64,", "pub kind: String,"]),
    ] {
        let item = item(&generated.code, head);
        for field in fields {
            assert!(item.contains(field), "{field}: {item}");
        }
    }
    assert!(!generated.code.contains("PlainPatch"));
    let operations: Vec<_> = ["make(", "change(", "more("]
        .map(|name| {
            let start = generated.code.find(&format!("pub fn {name}")).unwrap();
            let end = generated.code[start..].find(") ->").unwrap();
            let signature = &generated.code[start..][..end];
            signature
                .rsplit("types::")
                .next()
                .unwrap()
                .trim_matches([' ', ',', '\n'])
                .to_owned()
        })
        .to_vec();
    assert_eq!(operations, ["Whole", "WholePatch", "MoreBody"]);
    let notes: Vec<_> = generated.findings.iter().map(|f| &*f.message).collect();
    assert!(
        notes
            .contains(&"a default that a PATCH would send is not kept, here and in one more place"),
        "{notes:?}"
    );
    assert!(
        notes.contains(
            &"a PATCH takes `CatPatch`: `Cat` without defaults, here and in 3 more places"
        ),
        "{notes:?}"
    );
}

#[test]
fn a_choice_with_words_beside_its_reference_is_that_choice() {
    for (version, choice) in [
        (
            "3.0.3",
            "{allOf: [{$ref: '#/components/schemas/Pet'}], title: Other, description: Whose}",
        ),
        (
            "3.1.0",
            "{$ref: '#/components/schemas/Pet', title: Other, description: Whose}",
        ),
    ] {
        let text = PATCHED
            .replace("openapi: 3.0.3", &format!("openapi: {version}"))
            .replace("{a: {type: string}}", &format!("{{pet: {choice}}}"));
        let code = generate(&checked(&text)).unwrap().code;
        let plain = item(&code, "pub struct Plain {");
        assert!(plain.contains("/// Whose\n"), "{plain}");
        assert!(plain.contains("pub pet: Option<Pet>"), "{plain}");
        assert!(!code.contains("PlainPet "), "{code}");
    }
}
