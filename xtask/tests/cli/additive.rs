//! Edits that only add, as owners of an API make them every week: on the wire they break
//! nobody, and callers of the crate compile as they were.

use std::fs;
use std::path::Path;

use review::Bump;

use crate::callers::{caller, compared, failing};
use crate::{ROOT, run, workspace};

const OLD: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: 'https://example.com'}]
security: [{token: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, format: int32}}
      responses:
        '200':
          description: All pets.
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}
    post:
      operationId: createPet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '201':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '400': {$ref: '#/components/responses/Wrong'}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPet
      responses:
        '200':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '404': {$ref: '#/components/responses/Wrong'}
    delete:
      operationId: deletePet
      responses:
        '204': {description: Gone.}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
    key: {type: apiKey, in: header, name: X-Key}
  responses:
    Wrong:
      description: Wrong.
      content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
  schemas:
    Page: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
    Conflict: {type: object, required: [with], properties: {with: {type: string}}}
    Kind: {type: string, enum: [cat, dog]}
    NewPet: {type: object, required: [name], properties: {name: {type: string}, motto: {type: string}}}
    Pet:
      type: object
      required: [name, kind]
      properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}
";

/// Calls every operation, and reads what each gives and how it fails.
const CALLER: &str = r#"
use client::types::{CreatePetError, DeletePetError, GetPetError, Kind, NewPet, Page, Pet};
use client::{Client, Error, ResponseValue};

pub async fn list(c: &Client) -> Option<Page> {
    let all = c.list_pets().await.ok()?;
    let some = c.list_pets().limit(3).await.ok()?;
    all.pets.iter().for_each(|pet| println!("{}", pet.name));
    assert_eq!(all.status(), some.status());
    Some(some.into_inner())
}

pub async fn create(c: &Client) -> Result<ResponseValue<Pet>, Error<CreatePetError>> {
    let pet = NewPet::new("Rex").motto("wow");
    let created = c.create_pet(&pet).await;
    if let Err(error) = &created {
        match error.refusal() {
            Some(CreatePetError::Status400(problem)) => println!("{}", problem.title),
            Some(_) | None => println!("{error}"),
        }
    }
    created
}

pub async fn get(c: &Client, id: &str) -> Result<Kind, Error<GetPetError>> {
    let pet = c.get_pet(id).await?;
    let Pet { name, .. } = &*pet;
    println!("{name}");
    Ok(match &pet.kind {
        Kind::Cat => Kind::Dog,
        other => other.clone(),
    })
}

pub fn title(error: &Error<GetPetError>) -> Option<&str> {
    Some(&error.refusal()?.problem()?.title)
}

pub async fn delete(c: &Client, id: &str) -> Result<(), Error<DeletePetError>> {
    c.delete_pet(id).await?;
    println!("{}", client::BASE_URL);
    Ok(())
}
"#;

/// A name, what stands in the document, and what stands there then.
type Edit = (&'static str, &'static str, &'static str);

const EDITS: [Edit; 24] = [
    (
        "optional-query-parameter",
        "int32}}\n",
        "int32}}\n        - {name: after, in: query, schema: {type: string}}\n",
    ),
    (
        "first-query-parameter",
        "      operationId: getPet\n",
        "      operationId: getPet\n      parameters: [{name: fields, in: query, schema: {type: string}}]\n",
    ),
    (
        "header-parameter",
        "      operationId: getPet\n",
        "      operationId: getPet\n      parameters: [{name: X-Trace, in: header, schema: {type: string}}]\n",
    ),
    (
        "parameter-of-a-create",
        "      operationId: createPet\n",
        "      operationId: createPet\n      parameters: [{name: dry, in: query, schema: {type: boolean}}]\n",
    ),
    (
        "optional-body",
        "      operationId: deletePet\n",
        "      operationId: deletePet\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}\n",
    ),
    (
        "request-property",
        "motto: {type: string}",
        "motto: {type: string}, age: {type: integer}",
    ),
    (
        "answer-property",
        "properties: {name: {type: string}, kind",
        "properties: {age: {type: integer}, name: {type: string}, kind",
    ),
    (
        "required-answer-property",
        "required: [name, kind]\n      properties: {",
        "required: [name, kind, id]\n      properties: {id: {type: string}, ",
    ),
    ("value-of-an-enum", "[cat, dog]", "[cat, dog, fish]"),
    (
        "operation",
        "    delete:\n",
        "    put: {operationId: putPet, responses: {'204': {description: Put.}}}\n    delete:\n",
    ),
    (
        "second-error-of-the-type",
        "        '404': ",
        "        '410': {$ref: '#/components/responses/Wrong'}\n        '404': ",
    ),
    (
        "first-error",
        "        '204': {description: Gone.}\n",
        "        '204': {description: Gone.}\n        '404': {$ref: '#/components/responses/Wrong'}\n",
    ),
    (
        "error-of-another-type",
        "        '400': ",
        "        '409': {description: C., content: {application/json: {schema: {$ref: '#/components/schemas/Conflict'}}}}\n        '400': ",
    ),
    (
        "error-without-body",
        "        '400': ",
        "        '403': {description: Not you.}\n        '400': ",
    ),
    (
        "second-success",
        "        '400': ",
        "        '200':\n          description: It was there.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n        '400': ",
    ),
    (
        "request-property-optional",
        "NewPet: {type: object, required: [name],",
        "NewPet: {type: object,",
    ),
    (
        "second-media-type",
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}",
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}, application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/NewPet'}}}",
    ),
    (
        "security-alternative",
        "security: [{token: []}]",
        "security: [{token: []}, {key: []}]",
    ),
    (
        "server",
        "servers: [{url: 'https://example.com'}]",
        "servers: [{url: 'https://example.com'}, {url: 'https://test.example.com'}]",
    ),
    (
        "response-header",
        "          description: All pets.\n",
        "          description: All pets.\n          headers: {X-Total: {schema: {type: integer}}}\n",
    ),
    (
        "request-property-nullable",
        "motto: {type: string}",
        "motto: {type: string, nullable: true}",
    ),
    (
        "request-list",
        "motto: {type: string}",
        "motto: {type: string}, tags: {type: array, items: {type: string}}",
    ),
    (
        "callback",
        "      operationId: deletePet\n",
        "      operationId: deletePet\n      callbacks: {buried: {'{$url}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {'204': {description: Seen.}}}}}}\n",
    ),
    // Its lists are read by others, and may be sent empty now.
    (
        "operation-that-takes-an-answer",
        "    delete:\n",
        "    put: {operationId: putPets, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}, responses: {'204': {description: Put.}}}\n    delete:\n",
    ),
];

/// What a caller has to give: a constructor takes one argument less.
const BREAKS: [&str; 1] = ["request-property-optional"];

#[test]
fn edits_that_only_add_break_no_caller() {
    let edited = EDITS.map(|(name, from, to)| {
        let text = OLD.replacen(from, to, 1);
        assert_ne!(text, OLD, "{name}");
        (format!("{name}.yaml"), text)
    });
    let documents: Vec<(&str, &str)> = edited
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .chain([("before.yaml", OLD)])
        .collect();
    let folder = workspace(&documents);
    let lock = Path::new(ROOT).join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");
    caller(folder.path(), "before", CALLER);
    for (name, ..) in EDITS {
        caller(folder.path(), name, CALLER);
    }
    let failed = failing(folder.path());
    assert!(!failed.contains("caller_before"), "{failed:?}");
    let mut kept = 0;
    for ((name, ..), (_, text)) in EDITS.iter().zip(&edited) {
        let (bump, uncaused, generates) = compared(OLD, text);
        assert!(generates && uncaused.is_empty(), "{name}: {uncaused:?}");
        let breaks = failed.contains(&format!("caller_{}", name.replace('-', "_")));
        assert_eq!(
            breaks,
            bump == Bump::Major,
            "{name}: the compiler says otherwise"
        );
        assert_eq!(breaks, BREAKS.contains(name), "{name}: {bump:?}");
        kept += u32::from(!breaks);
    }
    println!(
        "{kept} of {} edits that only add break no caller",
        EDITS.len()
    );
}
