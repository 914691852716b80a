use serde_json::json;

use crate::runtime::parameter::*;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn values_stand_in_headers_as_their_style_says() {
    let object = json!({"id": 7, "none": null, "role": "admin"});
    assert_eq!(simple("a b", false), "a b");
    assert_eq!(simple(&[1, 2], false), "1,2");
    assert_eq!(simple(&object, false), "id,7,role,admin");
    assert_eq!(simple(&object, true), "id=7,role=admin");
    assert_eq!(simple(&None::<bool>, false), "");
}

// The table of OpenAPI 3.1.1, section 4.8.12.6.
#[test]
fn values_stand_in_paths_as_their_style_says() {
    let (array, object) = (["blue", "b,k"], json!({"G": 200, "R": 100}));
    assert_eq!(path(&array, false), "blue,b%2Ck");
    assert_eq!(path(&object, true), "G=200,R=100");
    assert_eq!(label(&array, false), ".blue,b%2Ck");
    assert_eq!(label(&array, true), ".blue.b%2Ck");
    assert_eq!(label(&object, false), ".G,200,R,100");
    assert_eq!(label(&object, true), ".G=200.R=100");
    assert_eq!(matrix("color", "blue", false), ";color=blue");
    assert_eq!(matrix("color", &array, false), ";color=blue,b%2Ck");
    assert_eq!(matrix("color", &array, true), ";color=blue;color=b%2Ck");
    assert_eq!(matrix("color", &object, false), ";color=G,200,R,100");
    assert_eq!(matrix("color", &object, true), ";G=200;R=100");
}

#[test]
fn what_is_empty_has_a_name_only_where_a_path_has_names() {
    let none: [&str; 0] = [];
    assert_eq!(matrix("color", "", false), ";color");
    assert_eq!(matrix("color", &["", "blue"], true), ";color;color=blue");
    assert_eq!(matrix("color", &none, true), "");
    assert_eq!(matrix("color", &json!({"G": 1, "R": ""}), true), ";G=1;R");
    let of_query = |style: Style| [style.query("a", ""), style.query("a", &none)];
    assert_eq!(of_query(Style::exploded()), ["a=", ""]);
    assert_eq!(of_query(Style::joined(",")), ["a=", ""]);
    assert_eq!(of_query(Style::deep()), ["a=", ""]);
}

#[test]
fn names_and_values_of_a_query_are_encoded() {
    let joined = Style::joined(",").query("a b", &["x&y", "z"]);
    assert_eq!(joined, "a%20b=x%26y,z");
    let deep = Style::deep().query("f", &json!({"a&b": {"c": [1, null]}, "none": null}));
    assert_eq!(deep, "f%5Ba%26b%5D%5Bc%5D%5B0%5D=1");
    let object = json!({"a b": [1, 2], "c": {"d": 3}});
    let exploded = Style::exploded().query("f", &object);
    assert_eq!(exploded, "a%20b=1&a%20b=2&c=%7B%22d%22%3A3%7D");
}

#[test]
fn what_is_encoded_is_not_encoded_again() {
    let reserved = Style::exploded().reserved();
    assert_eq!(reserved.query("a", "%2F/%2"), "a=%2F/%252");
    assert_eq!(reserved.query("a", "%é%"), "a=%25%C3%A9%25");
}

#[test]
fn json_has_no_characters_but_those_of_ascii() {
    assert_eq!(ascii_json("é\u{1F600}\"\n"), r#""\u00e9\ud83d\ude00\"\n""#);
}

#[test]
fn forms_have_a_field_for_each_value() {
    let body = json!({
        "deep": {"min": {"a": 1}}, "flat": {"k": "v"}, "n": 1, "none": null,
        "piped": ["x", "y"], "size": {"min": 1}, "tags": ["x", "y"], "to": "a",
    });
    assert_eq!(
        form(
            &body,
            &[("deep", "deepObject"), ("piped", "|"), ("flat", "form")]
        ),
        [
            pair("deep[min][a]", "1"),
            pair("k", "v"),
            pair("n", "1"),
            pair("piped", "x|y"),
            pair("size", r#"{"min":1}"#),
            pair("tags", "x"),
            pair("tags", "y"),
            pair("to", "a"),
        ]
    );
}
