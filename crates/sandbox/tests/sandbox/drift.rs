//! What an API does is held against its contract.

use std::path::PathBuf;

use contract::{Document, Source, lint};
use sandbox::Judge;
use serde_json::{Value, json};

const CONTRACT: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example/v1'}]
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200':
          description: Pets.
          headers:
            X-Total:
              required: true
              schema: {type: integer}
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/Pet'}
    post:
      security: [{key: []}]
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
      responses:
        '201': {description: Created.}
        4XX: {description: Refused.}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        kind: {type: string, enum: [cat, dog]}
        owners:
          type: object
          additionalProperties: {type: string, format: email}
";

fn judge() -> Judge {
    let document = Document::parse(Source::new("pets.yaml", CONTRACT));
    Judge::of(lint::admit(document).unwrap())
}

/// An entry of an archive.
fn entry(method: &str, url: &str, sent: Value, status: u16, headers: Value, body: &str) -> Value {
    let mut request = json!({"method": method, "url": url, "headers": []});
    if !sent.is_null() {
        let json = json!({"name": "Content-Type", "value": "application/json"});
        request["headers"] = json!([json]);
        request["postData"] = json!({"mimeType": "application/json", "text": sent.to_string()});
    }
    let headers: Vec<Value> = headers
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    json!({"request": request, "response": {
        "status": status, "headers": headers, "content": {"text": body},
    }})
}

/// What is told of the entries.
fn told(judge: &Judge, name: &str, entries: &[Value]) -> Vec<String> {
    let name = format!("drift-{}-{name}.har", std::process::id());
    let path: PathBuf = std::env::temp_dir().join(name);
    std::fs::write(&path, json!({"log": {"entries": entries}}).to_string()).unwrap();
    judge.judge_archive(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let found = judge.differences();
    let told = found.findings.iter().map(|finding| {
        let span = finding.span;
        format!(
            "{} {}:{}: {}",
            finding.rule, span.line, span.column, finding.message
        )
    });
    told.collect()
}

fn pets(status: u16, body: &str) -> Value {
    let headers = json!({"content-type": "application/json", "X-Total": "1"});
    entry(
        "GET",
        "https://api.example/v1/pets",
        Value::Null,
        status,
        headers,
        body,
    )
}

#[test]
fn an_api_that_does_as_it_says_has_no_differences() {
    let judge = judge();
    let created = entry(
        "POST",
        "https://api.example/v1/pets",
        json!({"name": "Tom"}),
        201,
        Value::Null,
        "",
    );
    // What the API refuses as well is no difference.
    let refused = entry(
        "POST",
        "https://api.example/v1/pets",
        json!({"name": 7}),
        422,
        Value::Null,
        "",
    );
    let unknown = entry(
        "GET",
        "https://api.example/v1/none",
        Value::Null,
        404,
        Value::Null,
        "",
    );
    let all = [
        pets(200, r#"[{"name":"Tom","kind":"cat"}]"#),
        created,
        refused,
        unknown,
    ];
    assert_eq!(told(&judge, "fine", &all), [""; 0]);
    assert_eq!(judge.exchanges(), 4);
}

#[test]
fn each_difference_is_told_once_with_its_place_and_without_values() {
    let judge = judge();
    let secret = "john.secret@example.com";
    let owners =
        json!([{"name": "Tom", "kind": "wolf", "owners": {secret: secret, "two": "x"}}, {}]);
    let json = json!({"content-type": "application/json"});
    let all = [
        pets(200, &owners.to_string()),
        pets(200, &owners.to_string()),
        pets(200, "{"),
        pets(200, "{}"),
        pets(500, ""),
        entry(
            "GET",
            "https://api.example/v1/pets?limit=1000",
            Value::Null,
            200,
            json.clone(),
            "[]",
        ),
        entry(
            "GET",
            "https://api.example/v1/pets",
            Value::Null,
            200,
            json!({"content-type": "text/html", "X-Total": "many"}),
            "<p>",
        ),
        entry(
            "POST",
            "https://api.example/v1/pets",
            json!({"name": 7}),
            201,
            Value::Null,
            "",
        ),
        entry(
            "POST",
            "https://api.example/v1/pets",
            json!({"name": "a"}),
            201,
            json,
            "{}",
        ),
        entry(
            "DELETE",
            "https://api.example/v1/pets",
            Value::Null,
            204,
            Value::Null,
            "",
        ),
        entry(
            "GET",
            "https://api.example/v1/dogs/john.secret@example.com/toys",
            Value::Null,
            200,
            Value::Null,
            "",
        ),
        // Somebody else's, and one that had no answer.
        entry(
            "GET",
            "https://other.example/v1/dogs",
            Value::Null,
            200,
            Value::Null,
            "",
        ),
        entry(
            "GET",
            "https://api.example/v1/cats",
            Value::Null,
            0,
            Value::Null,
            "",
        ),
    ];
    let told = told(&judge, "all", &all).join("\n");
    assert!(!told.contains("secret") && !told.contains("wolf"), "{told}");
    insta::assert_snapshot!(told);
    let again = self::judge().with_values();
    self::told(&again, "values", &all);
    let found = again.differences();
    let helps = found
        .findings
        .iter()
        .filter_map(|finding| finding.help.as_deref());
    assert!(
        helps
            .into_iter()
            .any(|help| help.contains("`wolf` is none of")),
        "{found:#?}"
    );
}

#[test]
fn headers_are_lists_and_objects_and_documents() {
    let header = |of: &str| {
        let contract = format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        \
             '204':\n          description: A.\n          headers:\n            X-A: {of}\n"
        );
        let document = Document::parse(Source::new("a.yaml", contract));
        Judge::of(lint::admit(document).unwrap())
    };
    let list = "{schema: {type: array, items: {type: integer}, maxItems: 2}}";
    let object = "{schema: {type: object, required: [a], properties: {a: {type: integer}}}}";
    let spread =
        "{explode: true, schema: {type: object, required: [a], properties: {a: {type: integer}}}}";
    let json = "{content: {application/json: {schema: {type: object, required: [a]}}}}";
    for (of, sent, why) in [
        (list, "1, 2", None),
        (list, "1,two", Some("`/*` is of another type")),
        (list, "1,2,3", Some("`maxItems`")),
        (object, "a,1", None),
        (object, "b,1", Some("it lacks `a`")),
        (spread, "a=1", None),
        (spread, "a=x", Some("`/a` is of another type")),
        (json, r#"{"a": 1}"#, None),
        (json, "{}", Some("it lacks `a`")),
        (json, "{", Some("is not JSON")),
    ] {
        let headers = json!({"X-A": sent});
        let entry = entry("GET", "http://localhost/a", Value::Null, 204, headers, "");
        let told = told(&header(of), "headers", &[entry]);
        match why {
            None => assert_eq!(told, [""; 0], "{of} {sent}"),
            Some(why) => {
                assert_eq!(told.len(), 1, "{of} {sent}: {told:?}");
                assert!(
                    told[0].starts_with("drift-header ") && told[0].contains(why),
                    "{told:?}"
                );
            }
        }
    }
}

/// Two lines of it are two cookies, and no list.
#[test]
fn each_cookie_that_is_set_is_judged_by_itself() {
    let contract = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: A., \
                    headers: {Set-Cookie: {schema: {type: string, pattern: '^[a-z]=[0-9]$'}}}}}}}}\n";
    let document = Document::parse(Source::new("a.yaml", contract));
    let checked = lint::admit(document).unwrap();
    let judge = Judge::of(checked);
    let mut two = entry(
        "GET",
        "http://localhost/a",
        Value::Null,
        204,
        json!({"set-cookie": "a=1"}),
        "",
    );
    let headers = two["response"]["headers"].as_array_mut().unwrap();
    headers.push(json!({"name": "set-cookie", "value": "b=2"}));
    assert_eq!(told(&judge, "cookies", &[two.clone()]), [""; 0]);
    two["response"]["headers"][1]["value"] = "b=two".into();
    assert_eq!(told(&judge, "cookies", &[two]).len(), 1);
}

#[test]
fn requests_of_another_server_count_where_none_is_of_the_contract() {
    let judge = judge();
    let staging = entry(
        "GET",
        "http://localhost:9/v1/dogs",
        Value::Null,
        200,
        Value::Null,
        "",
    );
    let told = told(&judge, "staging", &[staging]);
    assert!(told[0].starts_with("drift-operation 4:1: "), "{told:#?}");
    assert!(judge.judge_archive("nowhere.har").is_err());
}

#[test]
fn what_browsers_save_besides_is_no_difference() {
    let judge = judge();
    let url = "https://api.example:443/v1/pets";
    let mut preflight = entry("OPTIONS", url, Value::Null, 204, Value::Null, "");
    preflight["request"]["headers"] =
        json!([{"name": "Access-Control-Request-Method", "value": "POST"}]);
    let cached = entry("GET", url, Value::Null, 304, Value::Null, "");
    // A body that was not kept, and nothing where others have numbers.
    let mut unkept = entry("POST", url, json!({}), 201, Value::Null, "");
    unkept["request"]
        .as_object_mut()
        .unwrap()
        .remove("postData");
    unkept["time"] = Value::Null;
    unkept["request"]["bodySize"] = json!(null);
    unkept["response"]["headersSize"] = json!(1.5);
    let mut aborted = pets(200, "");
    aborted["response"]["status"] = json!(-1);
    // An API that fails has not taken what was sent.
    let failed = entry("POST", url, json!({}), 302, Value::Null, "");
    let marked = pets(200, "\u{feff}[]");
    let all = [preflight, cached, unkept, aborted, failed, marked];
    let told = told(&judge, "browser", &all);
    assert_eq!(
        told,
        ["drift-status 27:7: `POST /pets` answers 302, and the contract has only 201, 4XX"]
    );
}

#[test]
fn differences_without_end_are_counted() {
    let judge = judge();
    let all: Vec<Value> = (0..1_100)
        .map(|number| {
            let name: String = format!("{number:04}")
                .bytes()
                .map(|digit| char::from(digit - b'0' + b'a'))
                .collect();
            let url = format!("https://api.example/v1/{name}");
            entry("GET", &url, Value::Null, 200, Value::Null, "")
        })
        .collect();
    let told = told(&judge, "many", &all);
    assert_eq!(told.len(), 1_001);
    assert!(
        told[1_000].contains("100 more exchanges differ"),
        "{}",
        told[1_000]
    );
}
