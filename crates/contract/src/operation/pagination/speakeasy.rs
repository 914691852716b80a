//! `x-speakeasy-pagination`: inputs by name, outputs by `JSONPath`.

use serde_json::{Map, Value, json};

use super::{Malformed, Pagination, Stated};
use crate::walk::join;

pub(super) const EXTENSION: &str = "x-speakeasy-pagination";

/// Says it as `x-pagination` would.
pub(super) fn read(value: &Value) -> Result<Pagination, Vec<Malformed>> {
    let stated = match value.get("type").and_then(Value::as_str) {
        Some("offsetLimit") => counted(value),
        Some("cursor") => cursor(value),
        Some("url") => url(value),
        _ => Err(malformed(
            Some("type"),
            "says no `type` that is known",
            "write `offsetLimit`, `cursor` or `url`",
        )),
    };
    let stated = stated.map_err(|wrong| vec![wrong])?.into();
    Stated::new(EXTENSION, &stated)?.read().map_err(|wrong| {
        // Its keys are ours.
        let theirs = |wrong: Malformed| Malformed { key: None, ..wrong };
        wrong.into_iter().map(theirs).collect()
    })
}

type Said = Result<Map<String, Value>, Malformed>;

fn counted(value: &Value) -> Said {
    let mut said = Map::new();
    match (input(value, "page")?, input(value, "offset")?) {
        (Some(page), _) => {
            said.insert("page".to_owned(), page);
            say(&mut said, "pages", place(value, "numPages")?);
        }
        (None, Some(offset)) => drop(said.insert("offset".to_owned(), offset)),
        (None, None) => return Err(without("page` or `offset")),
    }
    let items = place(value, "results")?;
    if items.is_none() && !said.contains_key("pages") {
        return Err(nowhere("results"));
    }
    say(&mut said, "items", items);
    Ok(said)
}

fn cursor(value: &Value) -> Said {
    let cursor = input(value, "cursor")?.ok_or_else(|| without("cursor"))?;
    let next = output(value, "nextCursor")?.ok_or_else(|| nowhere("nextCursor"))?;
    let mut said = Map::from_iter([("cursor".to_owned(), cursor)]);
    let items = place(value, "results")?;
    let (key, cursor, items) = match next.in_last {
        None => ("next", next.place, items),
        Some(last) if items.as_ref().is_none_or(|items| *items == next.place) => {
            ("last", last, Some(next.place))
        }
        Some(_) => {
            return Err(malformed(
                Some("outputs"),
                "takes `nextCursor` from the last item of another list than `results`",
                "let both lead to the same list",
            ));
        }
    };
    said.insert(key.to_owned(), json!(cursor));
    say(&mut said, "items", items);
    Ok(said)
}

fn url(value: &Value) -> Said {
    let link = place(value, "nextUrl")?.ok_or_else(|| nowhere("nextUrl"))?;
    let mut said = Map::from_iter([("link".to_owned(), json!(link))]);
    say(&mut said, "items", place(value, "results")?);
    Ok(said)
}

fn say(said: &mut Map<String, Value>, key: &str, place: Option<String>) {
    said.extend(place.map(|place| (key.to_owned(), json!(place))));
}

/// The input of a kind, as `x-pagination` names it.
fn input(value: &Value, kind: &str) -> Result<Option<Value>, Malformed> {
    let inputs = value.get("inputs").and_then(Value::as_array);
    let is_it = |input: &&Value| input.get("type").and_then(Value::as_str) == Some(kind);
    let Some(input) = inputs.into_iter().flatten().find(is_it) else {
        return Ok(None);
    };
    let text = |key| input.get(key).and_then(Value::as_str);
    match (text("name"), text("in")) {
        (Some(name), Some("parameters")) => Ok(Some(json!(name))),
        (Some(name), Some("requestBody")) => Ok(Some(json!(join("", name)))),
        _ => Err(malformed(
            Some("inputs"),
            &format!("does not say what the input of `type: {kind}` is"),
            "write its `name`, and `in: parameters` or `in: requestBody`",
        )),
    }
}

/// A place in a body, or in the last item of a list there.
#[derive(Debug, PartialEq)]
struct Path {
    place: String,
    in_last: Option<String>,
}

fn output(value: &Value, key: &str) -> Result<Option<Path>, Malformed> {
    let Some(path) = value.get("outputs").and_then(|outputs| outputs.get(key)) else {
        return Ok(None);
    };
    match path.as_str().and_then(parse) {
        Some(path) => Ok(Some(path)),
        None => Err(malformed(
            Some("outputs"),
            &format!("says of `{key}` what is not read here: `{path}`"),
            "write names, numbers and `[-1]` only, such as `$.data.items[-1].id`",
        )),
    }
}

/// An output that is in no last item.
fn place(value: &Value, key: &str) -> Result<Option<String>, Malformed> {
    match output(value, key)? {
        None => Ok(None),
        Some(path) if path.in_last.is_none() => Ok(Some(path.place)),
        Some(_) => Err(malformed(
            Some("outputs"),
            &format!("says of `{key}` that it is in the last item of a list"),
            "let it lead to one place of the page: only `nextCursor` may be in an item",
        )),
    }
}

/// The `JSONPath` (RFC 9535) of one place; what is before or behind the last item of a list, apart.
fn parse(path: &str) -> Option<Path> {
    let mut found = Path {
        place: String::new(),
        in_last: None,
    };
    let mut rest = path.trim().strip_prefix('$')?;
    while !rest.is_empty() {
        let is_outside = found.in_last.is_none();
        let here = found.in_last.as_mut().unwrap_or(&mut found.place);
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            let is_name = !name.is_empty() && !name.contains(['*', '(', ' ']);
            *here = is_name.then(|| join(here, name))?;
            rest = after;
            continue;
        }
        let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
        rest = after;
        let quoted = ['\'', '"'].iter().find_map(|quote| {
            let inner = inner.strip_prefix(*quote)?.strip_suffix(*quote)?;
            (!inner.contains(['\\', *quote])).then_some(inner)
        });
        match (quoted, inner) {
            (Some(name), _) => *here = join(here, name),
            (None, "-1" | "-1:" | "(@.length-1)") if is_outside => {
                found.in_last = Some(String::new());
            }
            (None, index) => {
                let index: usize = index.parse().ok()?;
                *here = join(here, &index.to_string());
            }
        }
    }
    Some(found)
}

fn without(input: &str) -> Malformed {
    malformed(
        Some("inputs"),
        &format!("has no input of `type: {input}`"),
        "add it to `inputs`, with its `name` and where it is `in`",
    )
}

fn nowhere(output: &str) -> Malformed {
    malformed(
        Some("outputs"),
        &format!("does not say where `{output}` is"),
        "add it to `outputs`, such as `$.next`",
    )
}

fn malformed(key: Option<&str>, why: &str, help: &str) -> Malformed {
    Malformed {
        extension: EXTENSION,
        key: key.map(str::to_owned),
        why: why.to_owned(),
        help: help.to_owned(),
        is_foreign: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, parse};

    #[test]
    fn paths_of_one_place_are_read() {
        let place = |place: &str| {
            Some(Path {
                place: place.to_owned(),
                in_last: None,
            })
        };
        let last = |list: &str, within: &str| {
            Some(Path {
                place: list.to_owned(),
                in_last: Some(within.to_owned()),
            })
        };
        let cases = [
            ("$", place("")),
            ("$.next", place("/next")),
            ("$.data.items", place("/data/items")),
            ("$['a.b'][\"c/d\"]", place("/a.b/c~1d")),
            ("$.pages[0].next", place("/pages/0/next")),
            ("$.items[-1].id", last("/items", "/id")),
            ("$.items[-1:].id", last("/items", "/id")),
            ("$.items[(@.length-1)].meta.id", last("/items", "/meta/id")),
            ("$[-1]", last("", "")),
            ("$..next", None),
            ("$.items[*].id", None),
            ("$.a[-1].b[-1]", None),
            ("$.items[?(@.id)]", None),
            ("$['a'b']", None),
            ("next", None),
            ("$.", None),
        ];
        for (path, wanted) in cases {
            assert_eq!(parse(path), wanted, "{path}");
        }
    }
}
