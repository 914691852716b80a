//! Whatever can be asked for is kept.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use contract::schema::Direction;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::sample;

const FORMATS: [&str; 14] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

const PATTERNS: [&str; 12] = [
    "^[a-z]{3,8}$",
    "^\\d{4}-\\d{2}$",
    "^(red|green|blue)$",
    "^#[0-9a-fA-F]{6}$",
    "^(?!admin)[a-z]{2,}$",
    "^(?=[a-z]*z)z[a-z]*$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$",
    "^\\p{Lu}",
    "[\\w-]+\\.txt",
    "^.{12}$",
    "^a{0}b?(c|d)*e+$",
];

/// A version, and how it says that a bound is not included.
fn versions() -> impl Strategy<Value = &'static str> {
    select(vec!["3.0.3", "3.1.0"])
}

fn text() -> impl Strategy<Value = Value> {
    let bounds = (option::of(0..40_u64), option::of(0..40_u64));
    prop_oneof![
        bounds.prop_map(|(least, more)| {
            let mut schema = json!({"type": "string"});
            if let Some(least) = least {
                schema["minLength"] = least.into();
            }
            if let Some(more) = more {
                schema["maxLength"] = (least.unwrap_or_default() + more).into();
            }
            schema
        }),
        select(&FORMATS[..]).prop_map(|format| json!({"type": "string", "format": format})),
        select(&PATTERNS[..]).prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
        (1..30_u64, 0..9_u64).prop_map(|(least, more)| {
            let pattern = "^[a-f0-9]+$";
            json!({"type": "string", "pattern": pattern, "minLength": least, "maxLength": least + more})
        }),
    ]
}

fn number(version: &'static str) -> impl Strategy<Value = Value> {
    let kind = select(vec!["integer", "number"]);
    let step = option::of(select(vec![1, 2, 3, 7]));
    (
        kind,
        -500..500_i64,
        option::of(0..90_i64),
        step,
        any::<[bool; 2]>(),
    )
        .prop_map(
            move |(kind, least, width, step, [excludes_least, excludes_most])| {
                let mut schema = json!({"type": kind});
                bound(&mut schema, version, "inimum", least, excludes_least);
                if let Some(width) = width {
                    // Wide enough for a step, whatever is excluded.
                    let most = least + width + step.unwrap_or(1) + 2;
                    bound(&mut schema, version, "aximum", most, excludes_most);
                }
                if let Some(step) = step {
                    schema["multipleOf"] = step.into();
                }
                schema
            },
        )
}

fn bound(schema: &mut Value, version: &str, name: &str, bound: i64, is_excluded: bool) {
    let (usual, exclusive) = (format!("m{name}"), format!("exclusiveM{name}"));
    match (is_excluded, version) {
        (true, "3.1.0") => schema[exclusive] = bound.into(),
        (true, _) => {
            schema[usual] = bound.into();
            schema[exclusive] = true.into();
        }
        (false, _) => schema[usual] = bound.into(),
    }
}

fn schema(version: &'static str) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text(),
        4 => number(version),
        1 => Just(json!({"type": "boolean"})),
        1 => vec("[a-z]{1,6}", 1..4).prop_map(|values| json!({"type": "string", "enum": values})),
        1 => Just(json!({})),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            object(inner.clone(), true),
            // What one part bounds, another may go beyond.
            vec(object(inner.clone(), false), 1..3).prop_map(|parts| json!({"allOf": parts})),
            (inner.clone(), 0..4_u64, 0..4_u64).prop_map(|(items, least, more)| {
                json!({"type": "array", "items": items, "minItems": least, "maxItems": least + more})
            }),
            (0..5_u64).prop_map(|least| {
                json!({"type": "array", "items": {"type": "string"}, "minItems": least, "uniqueItems": true})
            }),
            (text(), number(version)).prop_map(|(a, b)| json!({"oneOf": [a, b]})),
            inner.clone().prop_map(|it| json!({"anyOf": [{"type": "array", "items": it}, {"type": "boolean"}]})),
            inner.prop_map(|it| json!({"type": "object", "additionalProperties": it, "minProperties": 2})),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value>, bounded: bool) -> impl Strategy<Value = Value> {
    let travel = select(vec!["", "", "", "readOnly", "writeOnly"]);
    (
        vec((inner, any::<bool>(), travel), 1..6),
        any::<[bool; 2]>(),
    )
        .prop_map(move |(properties, [is_closed, is_small])| {
            let mut required: Vec<Value> = Vec::new();
            let mut listed = Map::new();
            for (index, (mut schema, is_required, travel)) in properties.into_iter().enumerate() {
                // What two parts list under one name must be able to be both.
                let name = format!("{}{:x}", ["name", "id", "at"][index % 3], hash(&schema));
                if bounded && !travel.is_empty() {
                    schema = json!({"allOf": [schema], travel: true});
                }
                if is_required {
                    required.push(name.clone().into());
                }
                listed.insert(name, schema);
            }
            let mut object = json!({"type": "object", "properties": listed});
            if bounded && is_small {
                object["maxProperties"] = required.len().max(1).into();
            }
            if bounded && is_closed {
                object["additionalProperties"] = false.into();
            }
            if !required.is_empty() {
                object["required"] = required.into();
            }
            object
        })
}

fn hash(schema: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    schema.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_sample_fits((version, schema) in versions().prop_flat_map(|v| (Just(v), schema(v)))) {
        for direction in [Direction::Request, Direction::Response] {
            let schemas = json!({"It": schema});
            for seed in 0..3 {
                let first = sample(version, &schemas, direction, seed);
                prop_assert!(first.is_ok(), "{}", first.unwrap_err());
                prop_assert_eq!(first, sample(version, &schemas, direction, seed));
            }
        }
    }
}
