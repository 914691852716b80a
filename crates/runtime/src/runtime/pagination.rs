use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::value::RawValue;

use super::draft::Draft;
use super::link;
use super::pointer::{self, find};
use super::response::Received;

/// How the pages of an operation follow one another. Generated code states it.
///
/// A place in a body is a JSON Pointer (RFC 6901): `/data/items`; the empty one is the body itself. A
/// page is asked for by a parameter of the query, which is given by its name, or at a place in the
/// request's body.
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    step: Step,
    /// Where the items of a page are.
    items: Option<&'static str>,
    /// Where it says how many pages there are, or how many items in all of them.
    most: Option<&'static str>,
    /// Where it says whether there are more.
    more: Option<&'static str>,
}

/// What a request says to get another page: a parameter of the query, by its name, or a place in its
/// body of JSON.
type Input = &'static str;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The number of a page.
    Page(Input, u64),
    /// How many items come before the page.
    Offset(Input, u64),
    /// What the page before says of it.
    Cursor(Input, &'static str),
    /// What the last item of the page before is known by.
    Last(Input, &'static str),
    /// A link in the body.
    Link(&'static str),
    /// The header `Link`.
    Header,
}

impl Pagination {
    const fn by(step: Step) -> Self {
        Self {
            step,
            items: None,
            most: None,
            more: None,
        }
    }

    /// Pages have numbers, and that of the first is `first`.
    #[must_use]
    pub const fn page(input: &'static str, first: u64) -> Self {
        Self::by(Step::Page(input, first))
    }

    /// A page is asked for by how many items come before it; before the first are `first`.
    #[must_use]
    pub const fn offset(input: &'static str, first: u64) -> Self {
        Self::by(Step::Offset(input, first))
    }

    /// Each page says at a place what the next is asked for by.
    #[must_use]
    pub const fn cursor(input: &'static str, next: &'static str) -> Self {
        Self::by(Step::Cursor(input, next))
    }

    /// A page is asked for by what stands at a place in the last item of the page before.
    #[must_use]
    pub const fn last(input: &'static str, place: &'static str) -> Self {
        Self::by(Step::Last(input, place))
    }

    /// Each page has at a place the address of the next.
    #[must_use]
    pub const fn link(place: &'static str) -> Self {
        Self::by(Step::Link(place))
    }

    /// Each page has the address of the next in its header `Link` (RFC 8288).
    #[must_use]
    pub const fn link_header() -> Self {
        Self::by(Step::Header)
    }

    /// Where the items of a page are.
    #[must_use]
    pub const fn items(mut self, place: &'static str) -> Self {
        self.items = Some(place);
        self
    }

    /// Where a page says how many pages there are; if they are asked for by offset, how many items.
    #[must_use]
    pub const fn most(mut self, place: &'static str) -> Self {
        self.most = Some(place);
        self
    }

    /// Where a page says whether there are more.
    #[must_use]
    pub const fn more(mut self, place: &'static str) -> Self {
        self.more = Some(place);
        self
    }
}

/// Pages on the way from one to the next.
pub(crate) struct Walk {
    pub(crate) pagination: Pagination,
    /// The request for the page that comes next.
    pub(crate) draft: Draft,
    /// How many pages were asked for.
    pub(crate) number: u64,
    /// What pages were asked for by, as hashes: a page each would be too much to keep.
    seen: HashSet<u64>,
    /// The page before, as a hash, where pages are counted.
    before: Option<u64>,
}

/// Why there is no way to the next page, as an error says it.
pub(crate) type Astray = Cow<'static, str>;

impl Walk {
    pub(crate) fn new(pagination: Pagination, draft: Draft) -> Self {
        Self {
            pagination,
            draft,
            number: 0,
            seen: HashSet::new(),
            before: None,
        }
    }

    /// Makes the request that is for the page after this one; false, if it is the last.
    pub(crate) fn advance(&mut self, page: &Received) -> Result<bool, Astray> {
        let body = Body::of(page);
        let Pagination { more, items, .. } = self.pagination;
        if let Some(place) = more
            && !body.is_true(place)?
        {
            return Ok(false);
        }
        let items = items.map(|place| body.items(place)).transpose()?;
        // A page is another call: the key of the caller's own is that of the first.
        if let Some(name) = self.draft.operation.idempotency_key {
            self.draft.headers.remove(name);
        }
        match self.pagination.step {
            Step::Page(input, first) => self.count(input, first, 1, &body, items.as_deref()),
            Step::Offset(input, first) => {
                let step = items.as_ref().map_or(0, Vec::len) as u64;
                self.count(input, first, step, &body, items.as_deref())
            }
            Step::Cursor(input, place) => self.follow(input, body.value(place)),
            Step::Last(input, place) => {
                let last = items.as_ref().and_then(|items| items.last());
                let cursor = last.and_then(|last| find(last, place));
                self.follow(input, cursor.filter(|cursor| says_something(cursor)))
            }
            Step::Link(place) => match body.value(place).map(text) {
                None => Ok(false),
                Some(Some(link)) => self.link(&link),
                Some(None) => Err("its link is no text".into()),
            },
            Step::Header => match link::next(&page.headers) {
                Some(link) => self.link(&link),
                None => Ok(false),
            },
        }
    }

    /// The number of the next page, or of the items before it.
    fn count(
        &mut self,
        input: Input,
        first: u64,
        step: u64,
        body: &Body<'_>,
        items: Option<&[&RawValue]>,
    ) -> Result<bool, Astray> {
        let at = match self.draft.input(input)? {
            None => first,
            Some(text) => number(&text).ok_or("the page before has no number to count from")?,
        };
        let most = self.pagination.most.and_then(|place| body.value(place));
        let most = most.and_then(scalar).and_then(|text| number(&text));
        let Pagination { more, .. } = self.pagination;
        if self.pagination.most.is_some() && most.is_none() && more.is_none() && items.is_none() {
            return Err("it does not say how many pages there are".into());
        }
        let next = at.saturating_add(step);
        // A walk may begin later, but the first of all is called 0 or 1.
        let is_over = most.is_some_and(|most| next.saturating_sub(first.min(1)) >= most);
        if is_over || items.is_some_and(<[_]>::is_empty) || next == at {
            return Ok(false);
        }
        // Who takes no notice of the number would be asked for ever.
        let this = body.0.map(|body| hash(body.get()));
        if this.is_some() && std::mem::replace(&mut self.before, this) == this {
            return Err("it is the page before it again".into());
        }
        let next = serde_json::value::to_raw_value(&next);
        self.draft
            .set_input(input, &next.map_err(|error| error.to_string())?)?;
        Ok(true)
    }

    fn follow(&mut self, input: Input, next: Option<&RawValue>) -> Result<bool, Astray> {
        let Some(next) = next else {
            return Ok(false);
        };
        let cursor = scalar(next).ok_or("its cursor is neither text nor a number")?;
        if self.seen.is_empty()
            && let Some(first) = self.draft.input(input)?
        {
            self.seen.insert(hash(&first));
        }
        if !self.seen.insert(hash(&cursor)) {
            return Err("its cursor is that of a page before it".into());
        }
        self.draft.set_input(input, next)?;
        Ok(true)
    }

    fn link(&mut self, link: &str) -> Result<bool, Astray> {
        let here = self.draft.url()?;
        self.seen.insert(hash(here.as_str()));
        let next = here.join(link);
        let mut next = next.map_err(|_| "its link is no address")?;
        // It is not sent.
        next.set_fragment(None);
        if !self.seen.insert(hash(next.as_str())) {
            return Err("its link is that of a page before it".into());
        }
        self.draft.follow(next)?;
        Ok(true)
    }
}

/// The same for the number 1 and the text `1`, as both stand in a query alike.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A text, or a number as it is written: it may have more digits than are counted with.
pub(crate) fn scalar(value: &RawValue) -> Option<String> {
    let written = value.get();
    match written.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        true => Some(written.to_owned()),
        false => text(value),
    }
}

/// A whole number, which may be written as `3.0`.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().or_else(|| {
        let (whole, zeros) = text.split_once('.')?;
        let is_whole = zeros.bytes().all(|digit| digit == b'0');
        is_whole.then(|| whole.parse().ok())?
    })
}

/// The body of a page, of which no more is read than is asked for.
struct Body<'a>(Option<&'a RawValue>);

impl<'a> Body<'a> {
    /// A body that is no JSON holds nothing: reading the page says so.
    fn of(page: &'a Received) -> Self {
        Self(serde_json::from_slice(&page.body).ok())
    }

    /// What says something at a place.
    fn value(&self, place: &str) -> Option<&'a RawValue> {
        let value = find(self.0?, place)?;
        says_something(value).then_some(value)
    }

    /// False, where nothing is said: an API may leave out what there is not.
    fn is_true(&self, place: &str) -> Result<bool, Astray> {
        match self.value(place).map(RawValue::get) {
            None | Some("\"false\"") => Ok(false),
            Some("true" | "\"true\"") => Ok(true),
            Some(_) => Err(format!("at `{place}` it says neither `true` nor `false`").into()),
        }
    }

    /// None, where there is no list: an API may leave out an empty one.
    fn items(&self, place: &str) -> Result<Vec<&'a RawValue>, Astray> {
        match self.value(place) {
            None => Ok(Vec::new()),
            Some(list) => pointer::items(list)
                .ok_or_else(|| format!("at `{place}` it has no list of items").into()),
        }
    }
}

/// A value that is neither null, false nor an empty text.
fn says_something(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "false" | "\"\"")
}
