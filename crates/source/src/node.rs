use indexmap::IndexMap;
use serde_json::Number;

use super::Span;

/// A value of a document and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// What JSON can say. YAML that says more is read as text.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// A mapping, in the order of the document.
    Object(Object),
}

/// A mapping, in the order of the document.
pub type Object = IndexMap<String, Entry>;

/// One entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key stands.
    pub key: Span,
    /// Whether the key is text on its own; `200` without quotes is a number to YAML.
    pub key_is_text: bool,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value under `key`, when this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        Some(&self.as_object()?.get(key)?.node)
    }

    /// Where the key `key` stands, else where this node does.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Span {
        self.as_object()
            .and_then(|object| object.get(key))
            .map_or(self.span, |entry| entry.key)
    }

    /// The mapping, when this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list, when this is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, when this is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self.value, Value::Bool(true))
    }

    /// Whether two values are the same, wherever they stand and whatever the order
    /// of their mappings.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(one), Value::Bool(two)) => one == two,
            (Value::Number(one), Value::Number(two)) => match (one.as_i128(), two.as_i128()) {
                (Some(one), Some(two)) => one == two,
                _ => one.as_f64() == two.as_f64(),
            },
            (Value::String(one), Value::String(two)) => one == two,
            (Value::Array(one), Value::Array(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same(two))
            }
            (Value::Object(one), Value::Object(two)) => {
                one.len() == two.len()
                    && one.iter().all(|(key, entry)| {
                        let other = two.get(key);
                        other.is_some_and(|other| entry.node.same(&other.node))
                    })
            }
            _ => false,
        }
    }

    /// A value that stands, for a reader, where something else does.
    #[must_use]
    pub fn new(value: impl Into<Value>, span: Span) -> Self {
        let value = value.into();
        Self { value, span }
    }

    /// A number that stands, for a reader, where something else does.
    #[must_use]
    pub fn from_number(number: u64, span: Span) -> Self {
        let value = Value::Number(number.into());
        Self { value, span }
    }

    /// Leaves null behind.
    pub fn take(&mut self) -> Self {
        let nothing = Self {
            value: Value::Null,
            span: self.span,
        };
        std::mem::replace(self, nothing)
    }

    /// The mapping, to be changed.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, to be changed.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The value under a key of a mapping, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        Some(&mut self.as_object_mut()?.get_mut(key)?.node)
    }

    /// The node that a JSON Pointer names (RFC 6901).
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        let mut node = self;
        for token in tokens(pointer)? {
            node = match &mut node.value {
                Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?)?,
                Value::Object(object) => &mut object.get_mut(&token)?.node,
                _ => return None,
            };
        }
        Some(node)
    }

    /// Says that this and all in it stand in a file of their own.
    pub fn place_in(&mut self, file: u16) {
        self.span.file = file;
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(|item| item.place_in(file)),
            Value::Object(object) => object.values_mut().for_each(|entry| {
                entry.key.file = file;
                entry.node.place_in(file);
            }),
            _ => {}
        }
    }

    /// Puts a value under a key of a mapping, in its place where there was one.
    pub fn set(&mut self, key: &str, node: Node) {
        let span = self.span;
        if let Some(object) = self.as_object_mut() {
            match object.get_mut(key) {
                Some(entry) => entry.node = node,
                None => {
                    let entry = Entry {
                        key: span.first_line(),
                        key_is_text: true,
                        node,
                    };
                    object.insert(key.to_owned(), entry);
                }
            }
        }
    }

    /// Takes the value under a key out of a mapping.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let entry = self.as_object_mut()?.shift_remove(key)?;
        Some(entry.node)
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.as_object()
            .into_iter()
            .flatten()
            .map(|(key, entry)| (key.as_str(), entry))
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> impl Iterator<Item = &Node> {
        self.as_array().into_iter().flatten()
    }

    /// The node that a JSON Pointer names (RFC 6901).
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        tokens(pointer)?.try_fold(self, |node, token| node.child(&token))
    }

    /// Where to point a reader for a JSON Pointer: the key of an entry, else the
    /// value, else the nearest ancestor that exists.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Span {
        let mut node = self;
        let mut span = self.span;
        for token in tokens(pointer).into_iter().flatten() {
            let Some(child) = node.child(&token) else {
                break;
            };
            span = match &node.value {
                Value::Object(object) => object[token.as_str()].key,
                _ => child.span,
            };
            node = child;
        }
        span
    }

    /// How deep it nests; 0 for a scalar.
    pub(super) fn height(&self) -> usize {
        let inner = match &self.value {
            Value::Array(items) => items.iter().map(Node::height).max(),
            Value::Object(object) => object.values().map(|entry| entry.node.height()).max(),
            _ => None,
        };
        inner.map_or(0, |height| height + 1)
    }

    fn child(&self, token: &str) -> Option<&Node> {
        match &self.value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => self.get(token),
        }
    }

    /// The value without positions.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.clone().into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(object) => object
                .iter()
                .map(|(key, entry)| (key.clone(), entry.node.to_json()))
                .collect(),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Node>> for Value {
    fn from(items: Vec<Node>) -> Self {
        Self::Array(items)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// The unescaped tokens of a JSON Pointer; `None` when it is not one.
pub fn tokens(pointer: &str) -> Option<impl Iterator<Item = String>> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    Some(
        pointer
            .split('/')
            .skip(1)
            .map(|token| token.replace("~1", "/").replace("~0", "~")),
    )
}

/// As a program wrote it: nothing stands anywhere.
impl From<serde_json::Value> for Node {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;

        let span = Span::default();
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(value),
            Json::Number(number) => Value::Number(number),
            Json::String(text) => Value::String(text),
            Json::Array(items) => Value::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(object) => {
                let entry = |node| Entry {
                    key: span,
                    key_is_text: true,
                    node,
                };
                let entries = object.into_iter();
                Value::Object(
                    entries
                        .map(|(key, value)| (key, entry(value.into())))
                        .collect(),
                )
            }
        };
        Self { value, span }
    }
}
