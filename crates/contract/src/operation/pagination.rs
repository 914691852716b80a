//! How the pages of an operation follow one another: `x-pagination`, which is ours, and what
//! Speakeasy and Dropshot say of the same in extensions of their own.

use serde_json::{Map, Value, json};

use super::reader::Reader;
use super::{Extensions, Location, MediaType, Parameter, RequestBody};
use crate::source::tokens;

mod dropshot;
mod speakeasy;

/// The extension of an operation that says how its pages follow one another.
pub const PAGINATION: &str = "x-pagination";

/// Every extension in which that is read; ours counts first.
pub const PAGINATIONS: [&str; 3] = [PAGINATION, speakeasy::EXTENSION, dropshot::EXTENSION];

/// How the pages of an operation follow one another. A place in a body is a JSON Pointer (RFC
/// 6901); the empty one is the body itself.
///
/// ```
/// use contract::operation::{Input, Pagination, Step};
/// use serde_json::json;
///
/// let extensions = json!({"x-pagination": {"cursor": "after", "next": "/meta/next", "items": "/pets"}});
/// let pagination = Pagination::read(extensions.as_object().unwrap()).unwrap().unwrap();
/// let (input, next) = (Input::Query("after".to_owned()), "/meta/next".to_owned());
/// assert_eq!(pagination.step, Step::Cursor(input, next));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// How a page is asked for.
    pub step: Step,
    /// Where the items of a page are.
    pub items: Option<String>,
    /// Where a page says whether there are more.
    pub more: Option<String>,
    /// The extension that says so.
    pub extension: &'static str,
}

/// How a page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// By its number.
    Page {
        /// What says it.
        input: Input,
        /// That of the first page, if it is said.
        first: Option<u64>,
        /// Where a page says how many there are.
        pages: Option<String>,
    },
    /// By how many items come before it.
    Offset {
        /// What says it.
        input: Input,
        /// How many come before the first page, if it is said.
        first: Option<u64>,
        /// Where a page says how many items there are in all.
        total: Option<String>,
    },
    /// By what stands at a place in the page before.
    Cursor(Input, String),
    /// By what stands at a place in the last item of the page before.
    Last(Input, String),
    /// By the address that stands at a place in the page before.
    Link(String),
    /// By the address in the header `Link` of the page before (RFC 8288).
    LinkHeader,
}

/// What a request says to get another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A parameter of the query.
    Query(String),
    /// A place in its body of JSON.
    Body(String),
}

/// What is wrong with what an operation says of its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The extension.
    pub extension: &'static str,
    /// The key in it, where it is one.
    pub key: Option<String>,
    /// What is wrong.
    pub why: String,
    /// What to do.
    pub help: String,
    /// Whether it may be another tool's, which means something else by the name.
    pub is_foreign: bool,
}

/// The keys that say how a page is asked for.
const STEPS: [&str; 4] = ["page", "offset", "cursor", "link"];

/// What else may be said with each of them.
const BESIDE: [&[&str]; 4] = [
    &["items", "first", "pages", "more"],
    &["items", "first", "total", "more"],
    &["items", "next", "last", "more"],
    &["items"],
];

impl Pagination {
    /// What an operation says of its pages, in one of the extensions that are known; our own counts
    /// first.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    #[must_use]
    pub fn read(extensions: &Extensions) -> Option<Result<Self, Vec<Malformed>>> {
        if let Some(value) = extensions.get(PAGINATION) {
            return Some(Stated::new(PAGINATION, value).and_then(|stated| stated.read()));
        }
        if let Some(value) = extensions.get(speakeasy::EXTENSION) {
            return Some(speakeasy::read(value));
        }
        let value = extensions.get(dropshot::EXTENSION)?;
        Some(dropshot::read(value))
    }

    /// The same as `x-pagination` says it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut stated = Map::new();
        let mut say = |key: &str, value: Option<Value>| {
            stated.extend(value.map(|value| (key.to_owned(), value)));
        };
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        match &self.step {
            Step::Page {
                input,
                first,
                pages,
            } => {
                say("page", Some(json!(input.name())));
                say("first", first.map(Value::from));
                say("pages", text(pages));
            }
            Step::Offset {
                input,
                first,
                total,
            } => {
                say("offset", Some(json!(input.name())));
                say("first", first.map(Value::from));
                say("total", text(total));
            }
            Step::Cursor(input, next) => {
                say("cursor", Some(json!(input.name())));
                say("next", Some(json!(next)));
            }
            Step::Last(input, last) => {
                say("cursor", Some(json!(input.name())));
                say("last", Some(json!(last)));
            }
            Step::Link(link) => say("link", Some(json!(link))),
            Step::LinkHeader => say("link", Some(json!(HEADER))),
        }
        say("items", text(&self.items));
        say("more", text(&self.more));
        stated.into()
    }

    /// What a request says to get another page, unless it follows a link.
    #[must_use]
    pub fn input(&self) -> Option<&Input> {
        match &self.step {
            Step::Page { input, .. } | Step::Offset { input, .. } => Some(input),
            Step::Cursor(input, _) | Step::Last(input, _) => Some(input),
            Step::Link(_) | Step::LinkHeader => None,
        }
    }
}

impl Input {
    /// What a name is: that of a parameter, or a place in the body.
    fn of(name: String) -> Self {
        match name.starts_with('/') {
            true => Self::Body(name),
            false => Self::Query(name),
        }
    }

    /// As `x-pagination` names it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Query(name) | Self::Body(name) => name,
        }
    }
}

impl Reader<'_> {
    /// How the pages of an operation follow one another, where it has what they are asked for by.
    /// Where it does not say what the first one is called, the parameter does: its default, or the
    /// least that it may be.
    pub(super) fn pagination(
        &self,
        extensions: &Extensions,
        parameters: &[Parameter],
        request: Option<&RequestBody>,
    ) -> Option<Pagination> {
        let mut pagination = Pagination::read(extensions)?.ok()?;
        let is_there = match pagination.input() {
            None => true,
            Some(Input::Query(name)) => parameters
                .iter()
                .any(|one| one.name == *name && one.location == Location::Query),
            Some(Input::Body(_)) => {
                request.is_some_and(|request| request.content.iter().any(MediaType::is_json))
            }
        };
        if !is_there {
            return None;
        }
        if let Step::Page { input, first, .. } | Step::Offset { input, first, .. } =
            &mut pagination.step
            && first.is_none()
        {
            *first = self.least(input, parameters);
        }
        Some(pagination)
    }

    fn least(&self, input: &Input, parameters: &[Parameter]) -> Option<u64> {
        let Input::Query(name) = input else {
            return None;
        };
        let is_it = |one: &&Parameter| one.name == *name && one.location == Location::Query;
        let schema = parameters.iter().find(is_it)?.schema.as_ref()?;
        let schema = self.found(schema.origin.pointer.clone())?;
        let number = |key| schema.get(key)?.to_json().as_u64();
        number("default").or_else(|| number("minimum"))
    }
}

/// What `link` says where the address is in the header.
const HEADER: &str = "header";

/// An object that says how pages follow one another.
struct Stated<'a> {
    extension: &'static str,
    entries: &'a Map<String, Value>,
    step: usize,
    wrong: Vec<Malformed>,
}

impl<'a> Stated<'a> {
    fn new(extension: &'static str, value: &'a Value) -> Result<Self, Vec<Malformed>> {
        let help = "say one of `page`, `offset`, `cursor` and `link`, as in \
                    `{cursor: after, next: /meta/next, items: /data}`";
        let malformed = |why: &str, key: Option<&str>, is_foreign| Malformed {
            extension,
            key: key.map(str::to_owned),
            why: why.to_owned(),
            help: help.to_owned(),
            is_foreign,
        };
        let Some(entries) = value.as_object() else {
            return Err(vec![malformed("is no object", None, true)]);
        };
        let mut steps = (0..STEPS.len()).filter(|step| entries.contains_key(STEPS[*step]));
        match (steps.next(), steps.next()) {
            (Some(step), None) => Ok(Self {
                extension,
                entries,
                step,
                wrong: Vec::new(),
            }),
            (None, _) => Err(vec![malformed(
                "does not say how a page is asked for",
                None,
                true,
            )]),
            (Some(first), Some(second)) => {
                let why = format!("says both `{}` and `{}`", STEPS[first], STEPS[second]);
                Err(vec![malformed(&why, Some(STEPS[second]), false)])
            }
        }
    }

    fn read(mut self) -> Result<Pagination, Vec<Malformed>> {
        self.unknown();
        let items = self.place("items");
        let more = self.place("more");
        let step = self.step(items.is_some());
        match step.filter(|_| self.wrong.is_empty()) {
            Some(step) => Ok(Pagination {
                step,
                items,
                more,
                extension: self.extension,
            }),
            None => Err(self.wrong),
        }
    }

    fn step(&mut self, has_items: bool) -> Option<Step> {
        let key = STEPS[self.step];
        let said = self.text(key)?;
        if key == "link" {
            return match said.as_str() {
                HEADER => Some(Step::LinkHeader),
                _ => self.place(key).map(Step::Link),
            };
        }
        let is_place = said.starts_with('/');
        let input = match is_place {
            true => Input::Body(self.place(key)?),
            false => Input::of(said),
        };
        let first = self.number("first");
        match key {
            "page" => {
                let pages = self.place("pages");
                if !has_items && pages.is_none() && !self.entries.contains_key("more") {
                    self.lacks("`items`, `pages` or `more`, by which the last page is known");
                }
                Some(Step::Page {
                    input,
                    first,
                    pages,
                })
            }
            "offset" => {
                if !has_items {
                    self.lacks("`items`, which are counted");
                }
                let total = self.place("total");
                Some(Step::Offset {
                    input,
                    first,
                    total,
                })
            }
            _ => {
                match (self.place("next"), self.place("last")) {
                    (Some(next), None) => Some(Step::Cursor(input, next)),
                    (None, Some(last)) => {
                        if !has_items {
                            self.lacks("`items`, of which the last one is the cursor's");
                        }
                        Some(Step::Last(input, last))
                    }
                    (Some(_), Some(_)) => {
                        let help = "leave one of them out: a cursor comes from the page, or from its \
                                last item";
                        self.wrong(Some("last"), "says both `next` and `last`", help);
                        None
                    }
                    (None, None) => {
                        if !["next", "last"]
                            .iter()
                            .any(|key| self.entries.contains_key(*key))
                        {
                            self.lacks("`next` or `last`: where the cursor is in a page, or in its last item");
                        }
                        None
                    }
                }
            }
        }
    }

    fn unknown(&mut self) {
        let known = BESIDE[self.step];
        let is_known = |key: &String| key == STEPS[self.step] || known.contains(&key.as_str());
        let unknown: Vec<_> = self.entries.keys().filter(|key| !is_known(key)).collect();
        for key in unknown {
            let why = format!(
                "has `{key}`, which is not known beside `{}`",
                STEPS[self.step]
            );
            let help = match crate::lint::nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "leave it out".to_owned(),
            };
            self.wrong(Some(key), &why, &help);
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let text = self.entries.get(key)?.as_str();
        // The whole body may be the list, and an item its own cursor.
        let may_be_empty = ["items", "last"].contains(&key);
        if text.is_none_or(|text| text.is_empty() && !may_be_empty) {
            let help = "name a parameter, or a place such as `/meta/next`";
            self.wrong(Some(key), &format!("says of `{key}` what is no text"), help);
            return None;
        }
        text.map(str::to_owned)
    }

    /// A JSON Pointer.
    fn place(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        let is_place = text.is_empty() || text.starts_with('/') && tokens(&text).is_some();
        if !is_place {
            let why = format!("says of `{key}` what is no place in a body: `{text}`");
            let help = format!(
                "write a JSON Pointer, such as `/{}`",
                text.replace('.', "/")
            );
            self.wrong(Some(key), &why, &help);
        }
        is_place.then_some(text)
    }

    fn number(&mut self, key: &str) -> Option<u64> {
        let value = self.entries.get(key)?;
        let number = value.as_u64();
        if number.is_none() {
            let why = format!("says of `{key}` what is no number");
            self.wrong(Some(key), &why, "write a whole number, such as `0`");
        }
        number
    }

    fn lacks(&mut self, what: &str) {
        let why = format!("lacks {what}");
        self.wrong(None, &why, "say where they are, such as `/data`");
    }

    fn wrong(&mut self, key: Option<&str>, why: &str, help: &str) {
        self.wrong.push(Malformed {
            extension: self.extension,
            key: key.map(str::to_owned),
            why: why.to_owned(),
            help: help.to_owned(),
            is_foreign: false,
        });
    }
}
