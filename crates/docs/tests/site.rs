//! Pages have everything, lead somewhere, and do nothing that a contract says.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use contract::{Document, Source};
use docs::{File, Site};
use overlay::Overlay;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const LANGUAGES: [&str; 5] = ["en", "es", "fr", "it", "pt"];

fn callbell() -> Vec<File> {
    let folder = Path::new(ROOT).join("openapi");
    let document = Document::read(&folder.join("callbell.yaml"), "callbell.yaml").unwrap();
    let mut site = Site::new("callbell", "en", document.root().clone()).changelog("# Changes\n");
    for language in &LANGUAGES[1..] {
        let name = format!("callbell.{language}.overlay.yaml");
        let source = Source::read(&folder.join(&name), name.as_str()).unwrap();
        let (overlay, findings) = Overlay::read(source);
        assert!(findings.is_empty(), "{findings:?}");
        let mut root = document.root().clone();
        overlay.apply(&mut root, 0).unwrap();
        site = site.translated(language, root);
    }
    site.url("https://docs.example/callbell/").files()
}

fn files(text: &str) -> Vec<File> {
    let document = Document::parse(Source::new("api.yaml", text));
    assert!(document.syntax().is_empty(), "{:?}", document.syntax());
    Site::new("api", "en", document.root().clone()).files()
}

/// What stands between two texts, each time.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    let rest = text.split(start).skip(1);
    rest.filter_map(|rest| Some(rest.split_once(end)?.0))
        .collect()
}

/// A contract with a page for each operation.
fn large() -> String {
    let mut text = String::from(
        "openapi: 3.1.0\ninfo: {title: Towns, version: 1.0.0}\ntags: [{name: towns & rivers}]\n\
         webhooks: {flooded: {post: {summary: A flood, responses: {'204': {description: Seen.}}}}}\npaths:\n",
    );
    for number in 0..20 {
        text.push_str(&format!(
            "  /towns/{{id}}/{number}:\n    get:\n      operationId: getTown{number}\n      tags: [towns & rivers]\n      \
             parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n      \
             responses: {{'200': {{description: It., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Town'}}}}}}}}}}\n"
        ));
    }
    text + "components:\n  schemas:\n    Town:\n      type: object\n      properties:\n        \
            twins: {type: array, items: {$ref: '#/components/schemas/Town'}}\n        mayor: {$ref: '#/components/schemas/Mayor'}\n    \
            Mayor: {oneOf: [{type: string}, {type: object, properties: {name: {type: string}}}]}\n"
}

#[test]
fn every_link_leads_somewhere() {
    for files in [callbell(), files(&large())] {
        let by_path: BTreeMap<&str, &str> = files
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_str()))
            .collect();
        let mut links = 0;
        let pages = files.iter().filter(|file| file.path.ends_with(".html"));
        for File { path, text } in pages {
            let folder = Path::new(path).parent().unwrap();
            let ids: Vec<&str> = between(text, " id=\"", "\"");
            let unique: BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(unique.len(), ids.len(), "{path} has an identifier twice");
            for link in between(text, "href=\"", "\"") {
                if link.starts_with("https://") || link.starts_with("http://") {
                    continue;
                }
                let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
                let mut steps: Vec<&str> = Vec::new();
                let target = folder.join(file);
                for step in target.iter().map(|step| step.to_str().unwrap()) {
                    match step {
                        ".." => _ = steps.pop(),
                        step => steps.push(step),
                    }
                }
                let target = if file.is_empty() {
                    path.clone()
                } else {
                    steps.join("/")
                };
                let page = by_path.get(target.as_str());
                let page = page.unwrap_or_else(|| panic!("{path}: `{link}` leads nowhere"));
                let is_there = fragment.is_empty() || page.contains(&format!(" id=\"{fragment}\""));
                assert!(
                    is_there,
                    "{path}: nothing is called `{fragment}` in `{target}`"
                );
                links += 1;
            }
        }
        assert!(links > 100, "{links}");
    }
}

/// Words are translated, and wire names never are.
#[test]
fn names_are_the_same_in_every_language_and_those_of_the_contract() {
    let files = callbell();
    let names = |language: &str| -> Vec<String> {
        let path = format!("{language}/index.html");
        let page = &files.iter().find(|file| file.path == path).unwrap().text;
        let names = between(page, "<code class=\"name\">", "</code>");
        names.into_iter().map(str::to_owned).collect()
    };
    let english = names("en");
    let request = [
        "identifier",
        "source",
        "name",
        "tags",
        "custom_fields",
        "assigned_user",
        "team_uuid",
    ];
    assert_eq!(english[..request.len()], request);
    for language in LANGUAGES {
        assert_eq!(names(language), english, "{language}");
        let path = format!("{language}/callbell.json");
        let contract = &files.iter().find(|file| file.path == path).unwrap().text;
        let contract: serde_json::Value = serde_json::from_str(contract).unwrap();
        let properties =
            contract["components"]["schemas"]["CreateContactRequest"]["properties"].as_object();
        assert_eq!(
            properties.unwrap().keys().collect::<Vec<_>>(),
            request,
            "{language}"
        );
    }
    // Each language shows its own example, and nobody else's.
    for (language, own) in [
        ("es", "Calle principal 1"),
        ("fr", "Intéressé"),
        ("it", "Richiamato"),
        ("pt", "Rua Principal 1"),
    ] {
        for other in LANGUAGES {
            let path = format!("{other}/index.html");
            let page = &files.iter().find(|file| file.path == path).unwrap().text;
            assert_eq!(page.contains(own), other == language, "{own} in {other}");
        }
    }
}

#[test]
fn what_strangers_write_is_inert_wherever_it_stands() {
    let evil = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) \
                [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) ![d](https://evil.example/x.png) `<b>` \" ' & \u{2028}";
    let quoted = serde_json::Value::from(evil).to_string();
    let text = format!(
        "openapi: 3.1.0\n\
         info: {{title: {quoted}, version: {quoted}, summary: {quoted}, description: {quoted}}}\n\
         servers: [{{url: {quoted}, description: {quoted}}}]\n\
         tags: [{{name: {quoted}, description: {quoted}}}]\n\
         security: [{{{quoted}: [{quoted}]}}]\n\
         paths:\n  /a:\n    post:\n      summary: {quoted}\n      description: {quoted}\n      tags: [{quoted}]\n      \
         x-codeSamples: [{{lang: {quoted}, label: {quoted}, source: {quoted}}}]\n      \
         parameters: [{{name: {quoted}, in: query, description: {quoted}, example: {quoted}, schema: {{type: string, enum: [{quoted}], pattern: {quoted}, default: {quoted}}}}}]\n      \
         requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}, examples: {{{quoted}: {{summary: {quoted}, value: {quoted}}}}}}}}}}}\n      \
         responses: {{'200': {{description: {quoted}, headers: {{{quoted}: {{schema: {{type: string}}}}}}, content: {{text/html: {{example: {quoted}}}}}}}}}\n\
         components:\n  securitySchemes: {{{quoted}: {{type: apiKey, in: header, name: {quoted}, description: {quoted}}}}}\n  \
         schemas: {{A: {{type: object, description: {quoted}, properties: {{{quoted}: {{type: string, description: {quoted}}}}}}}}}\n"
    );
    let files = files(&text);
    for File { path, text } in &files {
        if path.ends_with(".html") {
            let scripts = between(text, "<script", ">");
            assert!(
                scripts.iter().all(|script| script.starts_with(" src=\"")),
                "{path}: {scripts:?}"
            );
            assert!(!text.contains("<img") && !text.contains("<style"), "{path}");
            let links = between(text, "href=\"", "\"");
            let is_evil = |link: &&str| {
                ["javascript:", "data:"]
                    .iter()
                    .any(|scheme| link.trim().to_lowercase().starts_with(scheme))
            };
            assert!(!links.iter().any(is_evil), "{path}: {links:?}");
            assert!(
                text.contains("&lt;script&gt;alert(1)"),
                "{path} does not show it"
            );
        }
        if path.ends_with("search.js") {
            assert!(!text.contains("</") && !text.contains('\u{2028}'), "{path}");
        }
    }
    let index = files
        .iter()
        .find(|file| file.path == "en/index.html")
        .unwrap();
    assert!(index.text.matches("alert(1)").count() > 30);
}

/// A huge text takes no more than what is shown of it.
#[test]
fn a_huge_description_is_cut() {
    let deep = "> ".repeat(200_000) + &"*".repeat(200_000) + &"[".repeat(200_000);
    let text = serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1", "description": deep},
        "paths": {"/a": {"get": {"responses": {"204": {"description": "A."}}}}},
    });
    let index = files(&text.to_string());
    let index = index
        .iter()
        .find(|file| file.path == "en/index.html")
        .unwrap();
    assert!(index.text.len() < 8_000_000, "{}", index.text.len());
}

#[test]
fn what_a_page_loads_is_small() {
    let files = callbell();
    let size = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .unwrap()
            .text
            .len()
    };
    assert!(size("style.css") < 15 * 1024, "{}", size("style.css"));
    let scripts = size("script.js") + size("try.js");
    assert!(scripts < 10 * 1024, "{scripts}");
    let page = &files
        .iter()
        .find(|file| file.path == "en/index.html")
        .unwrap()
        .text;
    // Nothing comes from elsewhere.
    assert_eq!(between(page, "src=\"", "\""), ["../script.js"]);
    assert_eq!(
        between(page, "rel=\"stylesheet\" href=\"", "\""),
        ["../style.css"]
    );
}

#[test]
fn the_pages_of_the_contract_as_markdown_are_as_pinned() {
    for file in callbell() {
        if let Some(language) = file.path.strip_suffix("/index.md") {
            insta::assert_snapshot!(format!("index.{language}"), file.text);
        }
        if matches!(file.path.as_str(), "llms.txt" | "sitemap.xml") {
            insta::assert_snapshot!(file.path, file.text);
        }
    }
}

/// A contract that says something of each kind.
const EVERYTHING: &str = r#"
openapi: 3.1.0
info:
  title: Towns
  version: 2.1.0
  summary: Towns and their rivers
  description: "Begin with the [guide](https://towns.example/guide).\n\n# Getting started\n\n<b>Bold</b>, <id> and https://towns.example/x.\n\n## Deeper"
  contact: {name: Anna, url: 'https://towns.example', email: anna@towns.example}
  license: {name: Apache 2.0, url: 'https://towns.example/license'}
  termsOfService: https://towns.example/terms
externalDocs: {url: 'https://towns.example/docs', description: All of it}
servers:
  - url: https://{region}.towns.example/v1
    description: Of a region
    variables: {region: {default: eu, enum: [eu, us], description: Where}}
security: [{key: []}, {flow: [write], basic: []}]
paths:
  /towns:
    post:
      operationId: addTown
      deprecated: true
      externalDocs: {url: 'https://towns.example/add'}
      parameters:
        - {name: Idempotency-Key, in: header, schema: {type: string}}
        - {name: kinds, in: query, schema: {type: array, items: {type: string, enum: [old, new]}}}
      requestBody:
        required: true
        description: A town.
        content: {application/json: {schema: {$ref: '#/components/schemas/Town'}}}
      responses:
        '201':
          description: Added.
          headers: {Location: {required: true, description: Where it is., schema: {type: string, format: uri}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Town'}}}
          links: {get: {operationId: getTown, parameters: {id: $response.body#/id}, description: To see it.}}
      callbacks:
        added:
          '{$request.body#/callback}':
            post:
              summary: Told when it is there
              requestBody: {content: {application/json: {schema: {type: object, properties: {at: {type: string, format: date-time}}}}}}
              responses: {'204': {description: Seen.}}
  /towns/{id}:
    get:
      operationId: getTown
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: It.}}
webhooks:
  flooded:
    post:
      summary: A flood
      requestBody: {content: {application/json: {schema: {type: object, required: [height], properties: {height: {type: number}}}}}}
      responses: {'204': {description: Seen.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    basic: {type: http, scheme: basic}
    flow:
      type: oauth2
      flows: {authorizationCode: {authorizationUrl: 'https://towns.example/in', tokenUrl: 'https://towns.example/token', scopes: {write: Change towns}}}
    login: {type: openIdConnect, openIdConnectUrl: 'https://towns.example/.well-known'}
  schemas:
    Town:
      type: object
      additionalProperties: false
      required: [name]
      patternProperties: {'^x-': {type: string}}
      properties:
        id: {type: string, readOnly: true}
        secret: {type: string, writeOnly: true, maxLength: 9}
        name: {type: string}
        kind: {const: town}
        nick: {oneOf: [{type: 'null'}, {type: string, maxLength: 25}, {type: integer, format: int64}]}
        mayor: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Mayor'}]}
        place: {type: array, prefixItems: [{type: number}, {type: number}]}
        flag: {type: string, contentMediaType: image/png, contentEncoding: base64}
        pays:
          oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Bank'}]
          discriminator: {propertyName: type, mapping: {card: '#/components/schemas/Card'}}
    Mayor: {type: object, properties: {name: {type: string}}}
    Card: {type: object, properties: {type: {type: string}, number: {type: string}}}
    Bank: {type: object, properties: {type: {type: string}, iban: {type: string}}}
"#;

#[test]
fn everything_that_a_contract_says_is_on_the_page() {
    let files = files(EVERYTHING);
    let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    // Samples are the business of the tests that run them.
    let mut is_code = false;
    let lines = text("en/index.md").lines().filter(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_fence && !is_code
    });
    let lines: Vec<&str> = lines.collect();
    insta::assert_snapshot!("everything", lines.join("\n"));
    let page = text("en/index.html");
    for said in [
        "<b>Bold</b>",
        "&lt;id&gt;",
        ">https://towns.example/x</a>",
        "mailto:anna@towns.example",
        "Apache 2.0",
        "https://towns.example/terms",
        "All of it",
        "{region}",
        "https://towns.example/in",
        "https://towns.example/token",
        "https://towns.example/.well-known",
        "Change towns",
        "Callbacks",
        "{$request.body#/callback}",
        "Next calls",
        "id = $response.body#/id",
        "The API sends this request",
        "No other properties",
        "/^x-/",
        "[number, number]",
        "integer | null",
        "Mayor</a> | null",
        "type: card",
        "type: Bank",
        "image/png",
        "base64",
        "never given back",
        "Safe to repeat with the same",
        "Allowed values: <code>old</code>",
        "Always: <code>town</code>",
        "TOWNS_PASSWORD",
    ] {
        let said = said.replace("TOWNS", "API");
        assert!(page.contains(&said), "{said}");
    }
}

#[test]
fn nothing_on_a_page_is_called_as_another_part_of_it() {
    let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n";
    let names = [
        "servers",
        "authentication",
        "find",
        "main",
        "overview",
        "tagX",
        "schemeA",
    ];
    let paths = names.iter().map(|name| {
        format!("  /{name}: {{get: {{operationId: {name}, tags: [x], responses: {{'204': {{description: A}}}}}}}}\n")
    });
    let schemas = "components:\n  securitySchemes: {a: {type: http, scheme: bearer}}\n  schemas: {Found: {type: object}, Main: {type: object}, Schemas: {type: object}}\n";
    let text = format!(
        "{text}{}{schemas}servers: [{{url: 'https://a.example'}}]\n",
        paths.collect::<String>()
    );
    for file in files(&text)
        .iter()
        .filter(|file| file.path.ends_with(".html"))
    {
        let mut seen = BTreeSet::new();
        for id in between(&file.text, " id=\"", "\"") {
            assert!(seen.insert(id), "{}: `{id}` stands twice", file.path);
        }
    }
}

#[test]
fn what_refers_to_all_others_does_not_fill_the_page() {
    let size = |count: usize| {
        let all = |name: usize| {
            let properties =
                (0..count).map(|to| format!("p{to}: {{$ref: '#/components/schemas/S{to}'}}"));
            let properties: Vec<String> = properties.collect();
            format!(
                "    S{name}: {{type: object, properties: {{{}}}}}\n",
                properties.join(", ")
            )
        };
        let schemas: String = (0..count).map(all).collect();
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        \
             '200': {{description: A, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}\n\
             components:\n  schemas:\n{schemas}"
        );
        files(&text)
            .iter()
            .find(|file| file.path == "en/index.html")
            .unwrap()
            .text
            .len()
    };
    let (few, many) = (size(4), size(12));
    assert!(many < few * 60, "{few} bytes became {many}");
}
