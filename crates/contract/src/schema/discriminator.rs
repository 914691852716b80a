//! A property says which alternative of a choice is meant (`OpenAPI` 3.0.3, section 4.7.25).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::walk::component;

/// Makes of a choice one that the discriminator decides: a value may fit several alternatives, and
/// none whose name it does not say where it says another one's. A name of nobody decides nothing.
pub(super) fn decide(discriminator: &Value, schema: &mut Map<String, Value>) {
    if !schema.contains_key("anyOf")
        && let Some(alternatives) = schema.remove("oneOf")
    {
        schema.insert("anyOf".into(), alternatives);
    }
    let property = discriminator.get("propertyName").and_then(Value::as_str);
    let alternatives = schema.get_mut("anyOf").and_then(Value::as_array_mut);
    let (Some(property), Some(alternatives)) = (property, alternatives) else {
        return;
    };
    let names: Vec<_> = alternatives
        .iter()
        .map(|alternative| names(discriminator, alternative))
        .collect();
    let all: BTreeSet<&String> = names.iter().flatten().collect();
    for (alternative, own) in alternatives.iter_mut().zip(&names) {
        let others: Vec<_> = all.iter().filter(|name| !own.contains(**name)).collect();
        if !own.is_empty() && !others.is_empty() {
            let is_no_other = json!({ "properties": { property: { "not": { "enum": others } } } });
            *alternative = json!({ "allOf": [alternative.take(), is_no_other] });
        }
    }
}

/// What the property is in values of an alternative: what is mapped to it, else its own name.
fn names(discriminator: &Value, alternative: &Value) -> BTreeSet<String> {
    let Some(reference) = alternative.get("$ref").and_then(Value::as_str) else {
        return BTreeSet::new();
    };
    let name = component(reference);
    let is_it = |target: &Value| {
        let target = target.as_str();
        target == Some(reference) || (target.is_some() && target == name.as_deref())
    };
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapping = mapping.into_iter().flatten();
    let mapped = mapping.filter(|(_, target)| is_it(target));
    let mapped: BTreeSet<String> = mapped.map(|(value, _)| value.clone()).collect();
    match mapped.is_empty() {
        true => name.into_iter().collect(),
        false => mapped,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use crate::schema::{Direction, Schemas};

    /// What is wrong with a value of a choice between a cat and a dog, in both dialects.
    fn wrong(discriminator: &Value, value: &Value) -> Vec<String> {
        let of = |version: &str| {
            let mut pet = json!({
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            });
            if !discriminator.is_null() {
                pet["discriminator"] = discriminator.clone();
            }
            let schemas = Schemas::new(json!({
                "openapi": version,
                "components": {"schemas": {
                    "Pet": pet,
                    "Cat": {"type": "object", "required": ["claws"]},
                    "Dog": {"type": "object"},
                }},
            }));
            let pet = schemas.get("/components/schemas/Pet", Direction::Response);
            let wrong = pet.unwrap().check(value).into_iter();
            wrong.map(|violation| violation.message).collect()
        };
        let (older, newer): (Vec<_>, Vec<_>) = (of("3.0.3"), of("3.1.0"));
        assert_eq!(older, newer, "{value}");
        older
    }

    fn fits(discriminator: &Value, value: &Value) -> bool {
        wrong(discriminator, value).is_empty()
    }

    #[test]
    fn a_property_says_which_alternative_is_meant() {
        let kind = json!({"propertyName": "kind"});
        let mapped = json!({"propertyName": "kind", "mapping": {
            "c": "#/components/schemas/Cat", "d": "Dog",
        }});
        for (value, undecided, named, by_mapping) in [
            // What fits both is one of them where a property says which.
            (json!({"kind": "Cat", "claws": 4}), false, true, true),
            (json!({"kind": "Dog", "claws": 4}), false, true, true),
            // A cat without claws is no dog.
            (json!({"kind": "Cat"}), true, false, true),
            (json!({"kind": "c"}), true, true, false),
            (json!({"kind": "c", "claws": 4}), false, true, true),
            (json!({"kind": "d"}), true, true, true),
            // What nobody is called decides nothing.
            (json!({"kind": "Bird"}), true, true, true),
            (json!({"kind": 7}), true, true, true),
            (json!({}), true, true, true),
            (json!("Cat"), false, false, false),
        ] {
            assert_eq!(fits(&Value::Null, &value), undecided, "{value}");
            assert_eq!(fits(&kind, &value), named, "{value}");
            assert_eq!(fits(&mapped, &value), by_mapping, "{value}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_of_the_alternative_that_is_meant() {
        let kind = json!({"propertyName": "kind"});
        assert_eq!(
            wrong(&kind, &json!({"kind": "Cat"})),
            ["`claws` is missing"]
        );
    }
}
