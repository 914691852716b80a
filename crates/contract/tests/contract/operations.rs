//! The model of operations: everything that a document says of a call, as it was written.

use contract::lint::gate;
use contract::operation::{Api, Input, Location, Operation, Scheme, Status, Step, Style};
use contract::schema::Direction;
use contract::{Checked, Document, Source};
use serde_json::json;

use crate::pin;

fn checked(text: &str) -> Checked {
    let document = Document::parse(Source::new("api.yaml", text));
    gate(document).unwrap_or_else(|rejected| {
        let drawn = pin::drawn(&rejected.document, &rejected.findings);
        panic!("{drawn}")
    })
}

const NEWER: &str = r##"
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
servers:
  - url: https://{region}.example/v1/
    variables: {region: {default: eu, enum: [eu, us]}}
tags: [{name: pets, description: All of them.}]
security: [{key: []}]
paths:
  /pets/{id}:
    $ref: '#/components/pathItems/Pet'
    summary: One pet
    delete:
      operationId: removePet
      security: []
      servers: [{url: https://danger.example}]
      responses:
        '204': {description: Gone.}
webhooks:
  born:
    post:
      operationId: born
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: {'204': {description: Seen.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    machine:
      type: oauth2
      flows: {clientCredentials: {tokenUrl: https://id.example/token, scopes: {read: Reads.}}}
  parameters:
    Id: {name: id, in: path, required: true, description: Whose., schema: {type: string}}
  responses:
    Busy: {description: Later., x-not-processed: true}
  schemas:
    Pet:
      type: object
      required: [kind, seen]
      properties:
        kind: {const: cat}
        seen: {type: boolean, readOnly: true}
        tag: {type: [string, 'null']}
  pathItems:
    Pet:
      parameters:
        - {$ref: '#/components/parameters/Id', description: Which.}
        - {name: fields, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      put:
        operationId: putPet
        deprecated: true
        tags: [pets]
        x-idempotent: false
        x-team: core
        parameters:
          - {name: fields, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
          - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
        requestBody:
          required: true
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              examples:
                cat: {summary: A cat, value: {kind: cat}}
            multipart/form-data:
              schema: {type: object, properties: {photo: {type: string}}}
              encoding: {photo: {contentType: image/png, headers: {X-Size: {schema: {type: integer}}}}}
        responses:
          '200':
            description: Stored.
            headers: {ETag: {required: true, schema: {type: string}, example: '"1"'}}
            content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
          '503': {$ref: '#/components/responses/Busy', description: Come again.}
          5XX: {description: Broken.}
          default: {description: Anything.}
        callbacks:
          stored:
            '{$request.query.url}':
              post: {responses: {'204': {description: Seen.}}}
"##;

fn put(api: &Api) -> &Operation {
    let mut operations = api.operations.iter();
    operations.find(|one| one.method == "PUT").unwrap()
}

#[test]
fn an_operation_has_what_its_path_and_its_document_say() {
    let checked = checked(NEWER);
    let api = checked.api();
    let titles: Vec<_> = api.operations.iter().map(Operation::title).collect();
    assert_eq!(titles, ["DELETE /pets/{id}", "PUT /pets/{id}"]);
    let put = put(api);
    assert_eq!(put.id.as_deref(), Some("putPet"));
    assert_eq!(put.summary.as_deref(), Some("One pet"));
    assert!(put.deprecated && !put.idempotent);
    assert_eq!(put.extensions.get("x-team"), Some(&json!("core")));
    assert_eq!(put.origin.pointer, "/components/pathItems/Pet/put");
    assert_eq!(put.servers[0].resolved(), "https://eu.example/v1/");
    assert_eq!(api.base_url().as_deref(), Some("https://eu.example/v1"));
    let security = put.security.as_deref().unwrap();
    assert_eq!(security[0].schemes, [("key".to_owned(), Vec::new())]);
    let key = api.security_scheme("key").unwrap();
    let (location, name) = (Location::Header, "X-Key".to_owned());
    assert_eq!(key.scheme, Scheme::ApiKey { location, name });
    let Scheme::OAuth2 { flows } = &api.security_scheme("machine").unwrap().scheme else {
        panic!("the machine has flows");
    };
    assert_eq!(flows[0].scopes, [("read".to_owned(), "Reads.".to_owned())]);
    let delete = &api.operations[0];
    assert_eq!(delete.security.as_deref(), Some([].as_slice()));
    assert_eq!(delete.servers[0].url, "https://danger.example");
    // Its parameters stand at the path that it refers to.
    assert_eq!(delete.parameters.len(), 3);
}

#[test]
fn parameters_have_their_styles() {
    let checked = checked(NEWER);
    let parameters = &put(checked.api()).parameters;
    let seen: Vec<_> = parameters
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.location,
                one.style,
                one.explode,
                one.required,
            )
        })
        .collect();
    let expected = [
        ("id", Location::Path, Style::Simple, false, true),
        ("X-Trace", Location::Header, Style::Simple, false, false),
        (
            "fields",
            Location::Query,
            Style::PipeDelimited,
            false,
            false,
        ),
        ("filter", Location::Query, Style::Form, true, false),
    ];
    assert_eq!(seen, expected);
    // What stands beside a reference counts in 3.1.
    assert_eq!(parameters[0].description.as_deref(), Some("Which."));
    assert_eq!(parameters[0].origin.pointer, "/components/parameters/Id");
    assert_eq!(
        parameters[3].content.as_ref().unwrap().name,
        "application/json"
    );
}

#[test]
fn bodies_have_every_media_type() {
    let checked = checked(NEWER);
    let put = put(checked.api());
    let request = put.request.as_ref().unwrap();
    assert!(request.required);
    let [json, form] = request.content.as_slice() else {
        panic!("there are two");
    };
    assert!(json.is_json() && !form.is_json());
    assert_eq!(
        json.schema.as_ref().unwrap().component.as_deref(),
        Some("Pet")
    );
    assert_eq!(json.examples[0].value, Some(json!({"kind": "cat"})));
    assert_eq!(form.encoding[0].content_type.as_deref(), Some("image/png"));
    assert_eq!(form.encoding[0].headers[0].name, "X-Size");
    let stored = put.response(200).unwrap();
    assert!(stored.headers[0].required);
    assert_eq!(stored.headers[0].examples[0].value, Some(json!("\"1\"")));
}

#[test]
fn a_response_is_found_by_code_then_range_then_default() {
    let checked = checked(NEWER);
    let put = put(checked.api());
    let status = |code| put.response(code).unwrap().status;
    assert_eq!(status(200), Status::Code(200));
    assert_eq!(status(503), Status::Code(503));
    assert_eq!(status(502), Status::Range(5));
    assert_eq!(status(404), Status::Default);
    assert_eq!(
        put.response(503).unwrap().description.as_deref(),
        Some("Come again.")
    );
    assert!(put.is_not_processed(503) && put.is_not_processed(429) && !put.is_not_processed(502));
}

#[test]
fn what_the_api_calls_is_there() {
    let checked = checked(NEWER);
    let api = checked.api();
    let all: Vec<_> = api.all().map(Operation::title).collect();
    let expected = [
        "DELETE /pets/{id}",
        "PUT /pets/{id}",
        "POST {$request.query.url}",
        "POST born",
    ];
    assert_eq!(all, expected);
    assert_eq!(api.webhooks[0].operations[0].id.as_deref(), Some("born"));
}

#[test]
fn pages_are_asked_for_by_what_is_there() {
    let stated = |parameter: &str, body: &str| {
        let text = format!(
            "openapi: 3.0.3\n\
             info: {{title: Pets, version: 1.0.0}}\n\
             servers: [{{url: 'https://pets.example'}}]\n\
             paths:\n  /pets:\n    post:\n      operationId: list\n      summary: Lists.\n      \
             x-speakeasy-pagination:\n        type: cursor\n        \
             inputs: [{{name: after, in: {body}, type: cursor}}]\n        \
             outputs: {{nextCursor: $.next}}\n      \
             parameters: [{{name: after, in: {parameter}, schema: {{type: string}}}}]\n      \
             responses: {{'200': {{description: Pets., content: {{application/json: {{schema: {{}}}}}}}}}}\n"
        );
        let checked = checked(&text);
        let api = checked.api();
        api.operations[0].pagination.clone()
    };
    let input = Input::Query("after".to_owned());
    let there = stated("query", "parameters").unwrap();
    assert_eq!(there.step, Step::Cursor(input, "/next".to_owned()));
    // To others' tools it may mean something: it is a warning, and there are no pages.
    assert_eq!(stated("header", "parameters"), None);
    assert_eq!(stated("query", "requestBody"), None);
}

#[test]
fn schemas_are_held_as_they_were_written() {
    let checked = checked(NEWER);
    let (api, schemas) = (checked.api(), checked.schemas());
    let body = |operation: &Operation| {
        let request = operation.request.as_ref().unwrap();
        request.content[0]
            .schema
            .as_ref()
            .unwrap()
            .origin
            .pointer
            .clone()
    };
    // One stands in a path item that is referred to, the other in a webhook.
    for at in [body(put(api)), body(&api.webhooks[0].operations[0])] {
        let request = schemas.get(&at, Direction::Request).unwrap();
        assert!(
            request
                .check(&json!({"kind": "cat", "tag": null}))
                .is_empty()
        );
        let wrong = request.check(&json!({"kind": "dog", "tag": 1}));
        let places: Vec<_> = wrong
            .iter()
            .map(|violation| violation.pointer.as_str())
            .collect();
        assert_eq!(places, ["/kind", "/tag"]);
        let response = schemas.get(&at, Direction::Response).unwrap();
        assert_eq!(response.check(&json!({"kind": "cat"})).len(), 1);
    }
}

#[test]
fn what_leads_to_itself_ends() {
    let text = r##"
openapi: 3.1.0
paths:
  /a:
    post:
      callbacks: {again: {'{$url}': {$ref: '#/paths/~1a'}}}
  /b: {$ref: '#/paths/~1c'}
  /c: {$ref: '#/paths/~1b'}
"##;
    let document = Document::parse(Source::new("api.yaml", text));
    let api = Api::read(document.root());
    assert_eq!(api.operations.len(), 1);
    assert_eq!(api.operations[0].callbacks[0].operations.len(), 0);
}
