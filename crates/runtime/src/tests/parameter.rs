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
fn lists_are_joined_in_the_query() {
    assert_eq!(joined("a b", &["x&y", "z"], ","), "a%20b=x%26y,z");
    assert_eq!(joined("n", &[1, 2], "%7C"), "n=1%7C2");
}

#[test]
fn objects_are_deepened() {
    let filter = json!({"size": {"min": 1}, "tags": ["a", "b"], "none": null});
    assert_eq!(
        deep_object("f", &filter),
        [
            pair("f[size][min]", "1"),
            pair("f[tags]", "a"),
            pair("f[tags]", "b")
        ]
    );
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
