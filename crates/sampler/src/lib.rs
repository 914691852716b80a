//! Values that fit a schema, where a contract shows none: every bound, pattern and format is kept,
//! and what a format or a name says is meant reads as such.
//!
//! ```
//! use contract::schema::{Direction, Schemas};
//! use contract::{Document, Source};
//! use sampler::Sampler;
//!
//! let text = "
//! components:
//!   schemas:
//!     Pet:
//!       type: object
//!       required: [id, owner]
//!       properties:
//!         id: {type: string, format: uuid, readOnly: true}
//!         owner: {type: string, format: email}
//!         kind: {type: string, enum: [cat, dog]}
//! ";
//! let document = Document::parse(Source::new("pets.yaml", text));
//! let schemas = Schemas::of(document.root());
//! let pet = schemas.get("/components/schemas/Pet", Direction::Response)?;
//!
//! let sampler = Sampler::new(document.root(), Direction::Response);
//! let value = sampler.sample("/components/schemas/Pet", |value| pet.is_valid(value)).unwrap();
//! assert!(value["owner"].as_str().unwrap().ends_with("@example.com"));
//! # Ok::<(), contract::schema::SchemaError>(())
//! ```
#![warn(missing_docs)]

use contract::schema::Direction;
use contract::source::Node;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use serde_json::Value;

mod number;
mod pattern;
mod text;
mod value;

/// What chance is made of: the same numbers on every machine.
pub(crate) type Chance = Xoshiro256PlusPlus;

/// Makes values of the schemas of a document, the same ones for the same seed.
#[derive(Clone, Copy, Debug)]
pub struct Sampler<'a> {
    root: &'a Node,
    direction: Direction,
    seed: u64,
    is_plain: bool,
    is_least: bool,
}

/// How a value is tried.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// Whether values that the schemas show are taken.
    shown: bool,
    /// Whether there is what need not be there.
    optional: bool,
    /// How often it was tried before: other chances, other alternatives.
    turn: u64,
}

/// So often a value is tried again with other chances.
const TURNS: u64 = 6;

/// The manners in which a value is tried, the one that reads best first.
fn manners() -> impl Iterator<Item = Manner> {
    let shown = [true, false].map(|optional| (true, optional, 0));
    let made = (0..TURNS).flat_map(|turn| [true, false].map(|optional| (false, optional, turn)));
    shown
        .into_iter()
        .chain(made)
        .map(|(shown, optional, turn)| Manner {
            shown,
            optional,
            turn,
        })
}

impl<'a> Sampler<'a> {
    /// Makes values of the schemas below `root` as they travel in a direction: a response has what
    /// is `readOnly` and a request does not.
    #[must_use]
    pub fn new(root: &'a Node, direction: Direction) -> Self {
        Self {
            root,
            direction,
            seed: 0,
            is_plain: false,
            is_least: false,
        }
    }

    /// The same with `string` for texts of which nothing is known: for people, who would read words
    /// as if they meant something.
    ///
    /// ```
    /// use contract::schema::Direction;
    /// use contract::{Document, Source};
    /// use sampler::Sampler;
    ///
    /// let text = "a: {required: [b], properties: {b: {type: string}, c: {type: string}}}";
    /// let document = Document::parse(Source::new("a.yaml", text));
    /// let sampler = Sampler::new(document.root(), Direction::Request).plain();
    /// assert_eq!(sampler.sample("/a", |_| true).unwrap()["c"], "string");
    /// let least = sampler.least().sample("/a", |_| true).unwrap();
    /// assert_eq!(least, serde_json::json!({"b": "string"}));
    /// ```
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.is_plain = true;
        self
    }

    /// The same without what need not be there.
    #[must_use]
    pub fn least(mut self) -> Self {
        self.is_least = true;
        self
    }

    /// The same with other chances.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A value of the schema at a JSON Pointer, of which `fits` says that it is one: the keywords
    /// that only exclude values are tried, and not solved.
    ///
    /// # Errors
    /// The first try, where none fits; nothing, where nothing could be tried, because no value is
    /// possible or nothing stands there.
    pub fn sample(
        &self,
        pointer: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Value, Option<Value>> {
        let schema = self.root.pointer(pointer).ok_or(None)?;
        let mut first = None;
        let manners = manners().filter(|manner| !(self.is_least && manner.optional));
        for manner in manners {
            match value::make(self, pointer, schema, manner) {
                Some(value) if fits(&value) => return Ok(value),
                Some(value) => _ = first.get_or_insert(value),
                None => {}
            }
        }
        Err(first)
    }
}

/// The chances of a place, which do not change with what stands beside it.
fn chance(place: u64) -> Chance {
    Chance::seed_from_u64(place)
}
