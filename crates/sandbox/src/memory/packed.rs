//! Members in little room: those of a collection have the same names, and many of the same values.

use serde::Serialize;
use serde_json::{Map, Value};

/// So many different sets of names are known at most; members with others are kept whole.
const MOST: usize = 64;
/// So many properties one set has at most: a bit for each says whether its value is the usual one.
const LARGEST: usize = 64;

/// Stands where the number of a shape does, before a member that is kept whole.
const WHOLE: u8 = u8::MAX;

/// A member as bytes: the number of its shape, a bit for each property whose value is its own, and
/// those values as JSON.
#[derive(Debug)]
pub(super) struct Packed(Box<[u8]>);

impl Packed {
    fn new(shape: u8, own: u64, values: &impl Serialize) -> Self {
        let mut bytes = vec![shape];
        bytes.extend(own.to_le_bytes());
        // Nothing fails that is written to memory.
        let _ = serde_json::to_writer(&mut bytes, values);
        Self(bytes.into())
    }

    /// The shape, the bits, and the JSON.
    fn parts(&self) -> Option<(u8, u64, &[u8])> {
        let (shape, rest) = self.0.split_first()?;
        let (own, json) = rest.split_first_chunk()?;
        Some((*shape, u64::from_le_bytes(*own), json))
    }
}

/// The members that came first with their set of names, which later ones are packed against.
#[derive(Debug, Default)]
pub(super) struct Shapes(Vec<Map<String, Value>>);

impl Shapes {
    pub(super) fn pack(&mut self, member: &Value) -> Packed {
        let shape = member.as_object().and_then(|object| self.shape(object));
        let (Some((number, shape)), Value::Object(member)) = (shape, member) else {
            return Packed::new(WHOLE, 0, member);
        };
        let mut own = 0;
        let mut values = Vec::new();
        for (at, (value, usual)) in member.values().zip(shape.values()).enumerate() {
            if value != usual {
                own |= 1 << at;
                values.push(value);
            }
        }
        Packed::new(number, own, &values)
    }

    /// The shape of a member, which is a new one where there is room for it.
    fn shape(&mut self, member: &Map<String, Value>) -> Option<(u8, &Map<String, Value>)> {
        let known = self
            .0
            .iter()
            .position(|shape| shape.keys().eq(member.keys()));
        let at = match known {
            Some(at) => at,
            None if self.0.len() < MOST && member.len() <= LARGEST => {
                self.0.push(member.clone());
                self.0.len() - 1
            }
            None => return None,
        };
        Some((u8::try_from(at).ok()?, &self.0[at]))
    }

    pub(super) fn unpack(&self, packed: &Packed) -> Option<Value> {
        let (number, own, json) = packed.parts()?;
        if number == WHOLE {
            return serde_json::from_slice(json).ok();
        }
        let values: Vec<Value> = serde_json::from_slice(json).ok()?;
        let mut values = values.into_iter();
        let mut member = self.0.get(usize::from(number))?.clone();
        for (at, value) in member.values_mut().enumerate() {
            if own & (1 << at) != 0 {
                *value = values.next()?;
            }
        }
        Some(Value::Object(member))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{LARGEST, MOST, Shapes};

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            let entries = prop::collection::vec(("[abc]{0,2}", inner.clone()), 0..5);
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(Value::from),
                entries.prop_map(|all| all.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_the_same_when_it_is_unpacked(
            all in prop::collection::vec(values(), 0..20),
        ) {
            let mut shapes = Shapes::default();
            let packed: Vec<_> = all.iter().map(|member| shapes.pack(member)).collect();
            for (member, packed) in all.iter().zip(&packed) {
                let back = shapes.unpack(packed);
                prop_assert_eq!(back.as_ref().map(Value::to_string), Some(member.to_string()));
            }
        }
    }

    #[test]
    fn many_names_and_many_sets_of_names_are_kept_whole() {
        let mut shapes = Shapes::default();
        let of = |count: usize| -> Value {
            let names = (0..count).map(|name| (name.to_string(), json!(name)));
            names.collect::<Map<_, _>>().into()
        };
        for count in 0..LARGEST + MOST {
            let (member, other) = (of(count), json!({ count.to_string(): 1 }));
            for member in [member, other] {
                let packed = shapes.pack(&member);
                assert_eq!(shapes.unpack(&packed), Some(member));
            }
        }
        assert_eq!(shapes.0.len(), MOST);
    }

    #[test]
    fn what_is_usual_takes_no_room() {
        let mut shapes = Shapes::default();
        let member = |id: u64| json!({"id": id, "name": "a".repeat(100), "tags": []});
        shapes.pack(&member(1));
        let packed = shapes.pack(&member(2));
        assert_eq!(packed.parts(), Some((0, 1, &b"[2]"[..])));
    }
}
