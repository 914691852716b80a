//! The way to a schema, of which its type's name is made.

use heck::ToUpperCamelCase as _;

use crate::identifier::{plain, type_name};

/// A longer name leaves out what lies in the middle of the way: a reader has to take it in at
/// one look, beside the field that it is the type of.
const LONG: usize = 60;

/// From a component or an operation to a schema in it. The name depends on nothing beside the
/// way, so that it stays when something is added to the contract.
pub(super) struct Way {
    first: String,
    /// What leads on from there, each in words of a type's name.
    steps: Vec<String>,
    /// What the generator makes of the whole way.
    whole: String,
    /// Whether the way leads through what is not called as the generator would call it.
    is_own: bool,
}

impl Way {
    pub(super) fn new(name: &str) -> Self {
        let first = type_name(name);
        Self {
            whole: first.clone(),
            first,
            steps: Vec::new(),
            is_own: false,
        }
    }

    /// On to what is held under this name.
    pub(super) fn to(&self, name: &str) -> Self {
        let step = plain(name).to_upper_camel_case();
        let steps = self.steps.iter().cloned().chain([step]);
        Self {
            first: self.first.clone(),
            steps: steps.collect(),
            whole: type_name(&format!("{}-{name}", self.whole)),
            is_own: self.is_own,
        }
    }

    /// On to an alternative, which the generator calls by its number.
    pub(super) fn to_alternative(&self, name: &str) -> Self {
        Self {
            is_own: true,
            ..self.to(name)
        }
    }

    /// From a type that is a component now.
    pub(super) fn called(&self, name: String) -> Self {
        let steps = (0..self.steps.len()).map(|left_out| &self.steps[left_out..]);
        let steps = steps.rev().find(|steps| self.through(steps) == name);
        let (first, steps) = match steps {
            Some(steps) => (self.first.clone(), steps.to_vec()),
            None => (name.clone(), Vec::new()),
        };
        Self {
            first,
            steps,
            whole: name,
            is_own: false,
        }
    }

    /// The type's name, as short as it tells where the type belongs.
    pub(super) fn name(&self) -> String {
        self.through(self.kept())
    }

    /// Longer names, should that one be taken: more and more of the way.
    pub(super) fn longer(&self) -> impl Iterator<Item = String> {
        let left_out = 0..self.steps.len() - self.kept().len();
        left_out
            .rev()
            .map(|left_out| self.through(&self.steps[left_out..]))
    }

    /// The name with the whole way in it, as the generator makes it.
    pub(super) fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether the generator gives the whole name by itself.
    pub(super) fn is_the_generators(&self) -> bool {
        !self.is_own
    }

    /// Whether some of the way is left out of the name.
    pub(super) fn is_long(&self) -> bool {
        self.kept().len() < self.steps.len()
    }

    fn through(&self, steps: &[String]) -> String {
        match steps.len() == self.steps.len() {
            true => self.whole.clone(),
            false => type_name(&format!("{}{}", self.first, steps.concat())),
        }
    }

    /// The last steps: all that the name has room for, at the least one.
    fn kept(&self) -> &[String] {
        let mut kept = self.steps.as_slice();
        if self.whole.len() <= LONG {
            return kept;
        }
        let length = |steps: &[String]| steps.iter().map(String::len).sum::<usize>();
        while kept.len() > 1 && self.first.len() + length(kept) > LONG {
            kept = &kept[1..];
        }
        kept
    }
}
