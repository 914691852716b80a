//! Documents of several files.

use codegen::generate;
use contract::Document;
use contract::lint::{gate, lint};
use contract::source::{ReadError, Source};

use crate::pin::{self, drawn};

/// What the files of `fixtures/bundle` say, in one.
const ONE: &str = "
openapi: 3.0.3
info: {title: Bundle, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: Pets
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Choice'}}}}
        default: {description: Failed, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
components:
  schemas:
    Pet:
      type: object
      properties:
        kind: {type: string}
        owner: {$ref: '#/components/schemas/Owner'}
        friend: {$ref: '#/components/schemas/Pet'}
        parent: {$ref: '#/components/schemas/Pet'}
    Choice:
      oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Owner'}]
      discriminator: {propertyName: kind, mapping: {pet: Pet, person: Owner}}
    Example: {type: object, example: {$ref: no reference}}
    Owner:
      type: object
      properties:
        kind: {type: string}
        pets: {type: array, items: {$ref: '#/components/schemas/PetLink'}}
    PetLink: {$ref: '#/components/schemas/Pet'}
    Problem: {type: object, properties: {detail: {type: string}}}
";

#[test]
fn several_files_are_one_document() {
    let path = pin::path("tests/fixtures/bundle/openapi.yaml");
    let read = Document::read(&path, "bundle/openapi.yaml").unwrap();
    let files: Vec<_> = read.source().parts().iter().map(Source::name).collect();
    assert_eq!(
        files,
        [
            "bundle/schemas/Pet.yaml",
            "bundle/paths/pets.yaml",
            "bundle/schemas/common.yaml"
        ]
    );
    let several = generate(&gate(read).unwrap()).unwrap();
    let one = Document::parse(Source::new("bundle/openapi.yaml", ONE));
    let one = generate(&gate(one).unwrap()).unwrap();
    // Line by line: whole, nobody could read the difference.
    for (several, one) in several.code.lines().zip(one.code.lines()) {
        assert_eq!(several, one);
    }
    assert_eq!(several.code.lines().count(), one.code.lines().count());
}

/// A document and its files, by path.
fn of(document: &str, files: &[(&str, &str)]) -> Document {
    Document::parse_with(Source::new("api/openapi.yaml", document), &mut |path| {
        let found = files.iter().find(|(name, _)| *name == path);
        let name = format!("api/{path}");
        match found {
            Some((_, text)) => Ok(Source::new(name, *text)),
            None => Err(ReadError::Io {
                name,
                error: std::io::ErrorKind::NotFound.into(),
            }),
        }
    })
}

#[test]
fn findings_point_into_the_file_where_something_stands() {
    let document = of(
        "openapi: 3.0.3
info: {title: T, version: '1', description: T}
servers: [{url: /}]
security: []
paths:
  /loop: {$ref: loop.yaml}
  /pets: {$ref: pets.yaml}
components:
  schemas:
    Gone: {$ref: gone.yaml}
    Part: {$ref: 'pets.yaml#/part'}
    Root: {$ref: /etc/passwd}
    Net: {$ref: 'https://example.com/pet.yaml'}
    Bad: {$ref: bad.yaml}
    Nope: {$ref: 'pets.yaml#/nope'}
",
        &[
            ("loop.yaml", "$ref: loop.yaml"),
            (
                "pets.yaml",
                "get: {operationId: listPets, summery: Lists, responses: {'200': {description: Pets}}}\n\
                 part: {type: string, nullabel: true, format: datetime}",
            ),
            ("bad.yaml", "a: ["),
        ],
    );
    let findings = lint(&document);
    pin::one("bundle", "findings", &drawn(&document, &findings));

    let document = of(
        "openapi: 3.0.3
info: {title: T, version: '1', description: T}
servers: [{url: /}]
security: []
paths:
  /pets: {$ref: pets.yaml}
",
        &[(
            "pets.yaml",
            "get: {operationId: listPets, summery: Lists, responses: {200: {description: Pets}}}\n",
        )],
    );
    pin::one("bundle", "structure", &drawn(&document, &lint(&document)));
}

#[test]
fn what_a_parameter_shares_is_a_component_and_its_example_is_data() {
    let document = of(
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    parameters:
      - {name: a, in: query, schema: {$ref: 'common.yaml#/Owner'}, example: {$ref: no reference}}
    get:
      operationId: listPets
      parameters: [{name: b, in: query, schema: {$ref: 'common.yaml#/Owner'}}]
      responses: {'204': {description: None}}
components: {schemas: {}}
",
        &[(
            "common.yaml",
            "Owner: {type: object, properties: {example: {$ref: '#/Name'}}}\nName: {type: string}",
        )],
    );
    assert_eq!(document.syntax().len(), 0, "{:?}", document.syntax());
    for place in [
        "/paths/~1pets/parameters/0",
        "/paths/~1pets/get/parameters/0",
    ] {
        let schema = document
            .root()
            .pointer(&format!("{place}/schema/$ref"))
            .unwrap();
        assert_eq!(schema.as_str(), Some("#/components/schemas/Owner"));
    }
    let inner = document
        .root()
        .pointer("/components/schemas/Owner/properties/example/$ref");
    assert_eq!(inner.unwrap().as_str(), Some("#/components/schemas/Name"));
}

#[test]
fn a_long_chain_leads_through_files() {
    let document = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {'200': {$ref: 'r.yaml#/r0'}, '404': {$ref: 'r.yaml#/c0'}}}}
";
    let mut chain: String = (0..140)
        .map(|n| format!("r{n}: {{$ref: '#/r{}'}}\n", n + 1))
        .collect();
    chain.push_str("r140: {description: The end}\nc0: {$ref: '#/c1'}\nc1: {$ref: 'r.yaml#/c0'}\n");
    let document = of(document, &[("r.yaml", &chain)]);
    let end = "/paths/~1a/get/responses/200/description";
    let end = document.root().pointer(end).unwrap();
    assert_eq!(end.as_str(), Some("The end"));
    let [circle] = document.syntax() else {
        panic!("{:?}", document.syntax());
    };
    assert_eq!(circle.message, "`r.yaml#/c0` leads back to itself");
    assert_eq!((circle.span.line, circle.span.column), (4, 85));
}

#[test]
fn what_a_file_has_beside_its_schema_refers_to_nothing() {
    let document = "openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components: {schemas: {A: {$ref: a.yaml}}}
";
    // Brought in as often as it is named, it would be there two to the power of 32 times.
    let own = "type: object\nOther: {one: {$ref: '#/Other'}, two: {$ref: '#/Other'}}\n";
    let document = of(document, &[("a.yaml", own)]);
    assert_eq!(document.syntax().len(), 0, "{:?}", document.syntax());
    // Where it counts, the way back is told.
    let root = "openapi: 3.0.3\npaths: {/a: {$ref: 'a.yaml#/Path'}}\n";
    let own = "Path: {get: {callbacks: {c: {'{$url}': {$ref: '#/Path'}}}}}\n";
    let document = of(root, &[("a.yaml", own)]);
    let [circle] = document.syntax() else {
        panic!("{:?}", document.syntax());
    };
    assert_eq!(circle.message, "`#/Path` leads back to itself");
    assert_eq!(document.source().of(circle.span).name(), "api/a.yaml");
}
