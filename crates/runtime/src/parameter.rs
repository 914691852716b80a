//! How values stand in paths, headers and queries (`OpenAPI` 3.0.3, section 4.7.12.2).

pub use progenitor_client::encode_path;
use serde::Serialize;
use serde_json::Value;

/// A value in the style `simple`, as paths and headers have it: `a`, `a,b`, `key,value`.
#[must_use]
pub fn simple<T: Serialize + ?Sized>(value: &T) -> String {
    text(&json(value), ",")
}

/// A list as one parameter, between its values `separator`; nothing for none.
#[must_use]
pub fn joined<T: Serialize + ?Sized>(
    name: &str,
    value: &T,
    separator: &str,
) -> Vec<(String, String)> {
    match json(value) {
        Value::Null => Vec::new(),
        value => vec![(name.to_owned(), text(&value, separator))],
    }
}

/// The properties of an object as parameters of their own, `name[key]=value`, and so on
/// for what they hold.
#[must_use]
pub fn deep_object<T: Serialize + ?Sized>(name: &str, value: &T) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    deepen(name, &json(value), &mut pairs);
    pairs
}

fn deepen(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                deepen(&format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for item in items {
                deepen(name, item, pairs);
            }
        }
        scalar => pairs.push((name.to_owned(), text(scalar, ","))),
    }
}

/// What cannot be written has no text; types of contracts can.
fn json<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn text(value: &Value, separator: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| text(item, separator)).collect();
            items.join(separator)
        }
        Value::Object(object) => {
            let entries = object.iter();
            let entries: Vec<_> = entries
                .map(|(key, value)| format!("{key}{separator}{}", text(value, separator)))
                .collect();
            entries.join(separator)
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_as_their_style_says() {
        assert_eq!(simple("a b"), "a b");
        assert_eq!(simple(&[1, 2]), "1,2");
        assert_eq!(
            simple(&json!({"role": "admin", "id": 7})),
            "role,admin,id,7"
        );
        assert_eq!(simple(&None::<bool>), "");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(joined("a", &["x", "y"], "|"), [pair("a", "x|y")]);
        assert_eq!(joined("a", &None::<String>, "|"), []);
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
}
