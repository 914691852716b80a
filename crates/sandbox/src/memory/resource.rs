//! Members as they stand in answers: where, told apart by what, and what a client changes of them.

use contract::source::tokens;
use serde_json::{Map, Value};

/// The letters of a name without what conventions of writing add.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// A name without what conventions of writing add: `custom_fields` is `customFields`.
pub(crate) fn normal(name: &str) -> String {
    letters(name).collect()
}

/// Whether two names are one but for conventions of writing.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let first = |name: &str| name.bytes().next().filter(u8::is_ascii_alphabetic);
    // Most names are told apart by their first letter.
    if let (Some(one), Some(other)) = (first(one), first(other))
        && !one.eq_ignore_ascii_case(&other)
    {
        return false;
    }
    if one == other {
        return true;
    }
    match one.is_ascii() && other.is_ascii() {
        true => ascii_letters(one).eq(ascii_letters(other)),
        false => letters(one).eq(letters(other)),
    }
}

/// The same of a name that needs no table of letters, which most names do not.
fn ascii_letters(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase())
}

/// An identifier as it stands in a path.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Where an answer has a member, or a list of them, and what is around it. It is two steps in at
/// most, because more is no envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pointer: String,
    /// The pointer as it is followed, for every answer.
    steps: Vec<Step>,
    /// The answer with nothing at the place.
    frame: Value,
}

/// From a value into it (RFC 6901, section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Property(String),
    Item(usize),
}

impl Step {
    /// The steps of a pointer that a value has.
    fn all(pointer: &str, mut value: &Value) -> Option<Vec<Self>> {
        let steps = tokens(pointer)?.map(|name| {
            let step = match value {
                Value::Array(_) => Self::Item(name.parse().ok()?),
                _ => Self::Property(name),
            };
            value = step.of(value)?;
            Some(step)
        });
        steps.collect()
    }

    fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match self {
            Self::Property(name) => value.get(name),
            Self::Item(at) => value.get(*at),
        }
    }

    fn of_mut<'a>(&self, value: &'a mut Value) -> Option<&'a mut Value> {
        match self {
            Self::Property(name) => value.get_mut(name),
            Self::Item(at) => value.get_mut(*at),
        }
    }
}

/// What members are told apart by where no path says it.
const IDS: [&str; 5] = ["id", "uuid", "guid", "sid", "key"];

impl Place {
    /// Where a member is, and the property that tells it apart: the one that the variable of its
    /// path is called by, with or without what the member is.
    pub(crate) fn of_member(answer: &Value, variable: Option<&str>) -> Option<(Self, String)> {
        places(answer).find_map(|(place, value)| {
            let object = value.as_object()?;
            let id = id(object, variable)?;
            Some((Self::at(place, answer)?, id))
        })
    }

    /// Where a member is that is told apart by a property.
    pub(crate) fn of_id(answer: &Value, id: &str) -> Option<Self> {
        let mut places = places(answer);
        let is_id = |value: &Value| value.is_string() || value.is_number();
        let found = places.find(|(_, value)| value.get(id).is_some_and(is_id));
        found.and_then(|(pointer, _)| Self::at(pointer, answer))
    }

    /// Where a list of such members is.
    pub(crate) fn of_list(answer: &Value, id: &str) -> Option<Self> {
        let lists: Vec<(String, &Vec<Value>)> = match answer {
            Value::Array(items) => vec![(String::new(), items)],
            Value::Object(entries) => entries
                .iter()
                .filter_map(|(name, value)| Some((step(name), value.as_array()?)))
                .collect(),
            _ => Vec::new(),
        };
        let has_members = |(_, items): &&(String, &Vec<Value>)| {
            items.first().is_some_and(|item| item.get(id).is_some())
        };
        // One that is shown empty is the list, where there is no other.
        let found = lists.iter().find(has_members).or(match lists.as_slice() {
            [only] if only.1.is_empty() => Some(only),
            _ => None,
        });
        found.and_then(|(pointer, _)| Self::at(pointer.clone(), answer))
    }

    /// Where a contract says that it is; nothing where the answer has no such place.
    pub(crate) fn at(pointer: String, answer: &Value) -> Option<Self> {
        let steps = Step::all(&pointer, answer)?;
        let mut place = Self {
            pointer,
            steps,
            frame: answer.clone(),
        };
        place.frame = place.put(Value::Null);
        Some(place)
    }

    /// The answer with something else at the place.
    pub(crate) fn put(&self, value: Value) -> Value {
        let mut answer = self.frame.clone();
        if let Some(at) = self.get_mut(&mut answer) {
            *at = value;
        }
        answer
    }

    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    pub(crate) fn get<'a>(&self, answer: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(answer, |at, step| step.of(at))
    }

    fn get_mut<'a>(&self, answer: &'a mut Value) -> Option<&'a mut Value> {
        self.steps
            .iter()
            .try_fold(answer, |at, step| step.of_mut(at))
    }
}

/// The places where a member may be: the answer, what is directly in it, and the only one of a list.
fn places(answer: &Value) -> impl Iterator<Item = (String, &Value)> {
    let inner = answer.as_object().into_iter().flatten();
    let inner = inner.map(|(name, value)| match value.as_array().map(Vec::as_slice) {
        Some([only, ..]) => (format!("{}/0", step(name)), only),
        _ => (step(name), value),
    });
    let items = answer.as_array().and_then(|items| items.first());
    let first = items.map(|first| ("/0".to_owned(), first));
    std::iter::once((String::new(), answer))
        .chain(first)
        .chain(inner)
}

fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The property of a member that tells it apart.
fn id(object: &Map<String, Value>, variable: Option<&str>) -> Option<String> {
    let is_scalar = |value: &Value| value.is_string() || value.is_number();
    let names: Vec<(&String, String)> = object
        .iter()
        .filter(|(_, value)| is_scalar(value))
        .map(|(name, _)| (name, normal(name)))
        .collect();
    let find = |wanted: &str| {
        names
            .iter()
            .find(|(_, name)| name == wanted)
            .map(|(name, _)| (*name).clone())
    };
    let usual = || IDS.iter().find_map(|id| find(id));
    let Some(variable) = variable.map(normal) else {
        return usual();
    };
    // `petId` is the `id` of a pet.
    let ends = || {
        let mut ends = names
            .iter()
            .filter(|(_, name)| variable.ends_with(name.as_str()));
        ends.next().map(|(name, _)| (*name).clone())
    };
    find(&variable)
        .or_else(ends)
        .or_else(|| match variable.as_str() {
            // A variable of another name may be anything, but not an identifier of something else.
            other if IDS.iter().any(|id| other.ends_with(id)) => usual(),
            _ => None,
        })
}

/// What a client sends of a member, by name.
pub(crate) type Said<'s> = [(&'s str, &'s Value)];

/// A member as a client sends it: what it says, what only the server says as it is shown, and
/// nothing of what it does not say, unless the answer has to have it.
pub(crate) fn created(
    shown: &Map<String, Value>,
    sent: &Said<'_>,
    said: &[String],
) -> Map<String, Value> {
    let mut left = sent.to_vec();
    let mut member = Map::with_capacity(shown.len() + left.len());
    for (name, value) in shown {
        let value = match left.iter().position(|(sent, _)| is_same(sent, name)) {
            Some(at) => left.remove(at).1,
            None if said.iter().any(|said| is_same(said, name)) => continue,
            None => value,
        };
        member.insert(name.clone(), value.clone());
    }
    member.extend(
        left.into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone())),
    );
    member
}

/// A member with what a client changes of it (RFC 7396): what it says in the names of the member.
pub(crate) fn changed(member: &Map<String, Value>, sent: &Said<'_>) -> Map<String, Value> {
    let mut member = member.clone();
    for (name, value) in sent {
        let known = member.keys().find(|known| is_same(known, name)).cloned();
        let name = known.unwrap_or_else(|| (*name).to_owned());
        match (member.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => *old = changed(old, &all(new)),
            _ => _ = member.insert(name, (*value).clone()),
        }
    }
    member
}

fn all(sent: &Map<String, Value>) -> Vec<(&str, &Value)> {
    sent.iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::{Place, all, changed, created};

    #[test]
    fn members_are_found_in_answers_and_told_apart_as_their_paths_say() {
        for (answer, variable, expected) in [
            (
                json!({"id": 1, "name": "Rex"}),
                Some("petId"),
                Some(("", "id")),
            ),
            (json!({"pet": {"id": 1}}), Some("id"), Some(("/pet", "id"))),
            (
                json!({"ok": true, "data": [{"uuid": "a"}]}),
                Some("contact_uuid"),
                Some(("/data/0", "uuid")),
            ),
            (
                json!({"petId": 1, "id": 2}),
                Some("petId"),
                Some(("", "petId")),
            ),
            (json!({"name": "Rex"}), Some("name"), Some(("", "name"))),
            (json!({"login": "rex", "id": 1}), Some("username"), None),
            (json!({"uuid": "a", "name": "b"}), None, Some(("", "uuid"))),
            (json!({"name": "b"}), None, None),
            (json!({"id": {"nested": 1}}), Some("id"), None),
            (json!("text"), Some("id"), None),
        ] {
            let found = Place::of_member(&answer, variable);
            let found = found
                .as_ref()
                .map(|(place, id)| (place.pointer(), id.as_str()));
            assert_eq!(found, expected, "{answer}");
        }
        let list = json!({"total": 2, "pets": [{"id": 1}]});
        let empty = json!({"pets": [], "total": 0});
        for (answer, expected) in [(list, "/pets"), (json!([{"id": 1}]), ""), (empty, "/pets")] {
            let place = Place::of_list(&answer, "id").unwrap();
            assert_eq!(place.pointer(), expected);
            let (put, mut whole) = (place.put(json!([7])), answer.clone());
            *whole.pointer_mut(expected).unwrap() = json!([7]);
            assert_eq!(put, whole);
        }
        for none in [
            json!({"pets": [], "errors": []}),
            json!(["a"]),
            json!({"pets": 1}),
        ] {
            assert_eq!(Place::of_list(&none, "id"), None, "{none}");
        }
    }

    #[test]
    fn what_a_client_says_counts_and_what_it_does_not_say_is_not_there() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let shown = object(
            json!({"id": 1, "customFields": {}, "tags": ["a"], "source": "x", "createdAt": "t"}),
        );
        let sent = object(json!({"custom_fields": {"a": "b"}, "source": "y", "other": 1}));
        let said = ["customfields", "tags", "source"].map(str::to_owned);
        let member = created(&shown, &all(&sent), &said);
        assert_eq!(
            Value::Object(member.clone()),
            json!({"id": 1, "customFields": {"a": "b"}, "source": "y", "createdAt": "t", "other": 1})
        );
        let patch = object(json!({"custom_fields": {"c": 1}, "source": null}));
        assert_eq!(
            Value::Object(changed(&member, &all(&patch))),
            json!({"id": 1, "customFields": {"a": "b", "c": 1}, "source": null, "createdAt": "t", "other": 1})
        );
    }
}
