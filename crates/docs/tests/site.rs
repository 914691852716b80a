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
