//! Pages of a list, by what the contract says of them (`x-pagination`), or by the parameters that
//! lists usually have.

use contract::operation::{Input, Location, Operation, Step};
use serde_json::Value;

use super::normal;

/// So many members a page has where a caller asks for pages and does not say it.
const USUAL: usize = 20;

/// The part of a list that a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) skip: usize,
    pub(crate) most: usize,
}

/// What parameters are called that say how many members a page has,
const SIZES: [&str; 6] = ["limit", "pagesize", "perpage", "size", "maxresults", "take"];
/// and which page it is,
const NUMBERS: [&str; 2] = ["page", "pagenumber"];
/// or how many members come before it.
const OFFSETS: [&str; 2] = ["offset", "skip"];

impl Page {
    /// The page that a query asks for; all members, where it asks for none.
    pub(crate) fn asked(operation: &Operation, sent: &dyn Fn(&str) -> Option<String>) -> Self {
        let named = |names: &[&str]| {
            let mut queries = operation.parameters.iter();
            let found = queries.find(|one| {
                one.location == Location::Query && names.contains(&normal(&one.name).as_str())
            });
            sent(&found?.name)?.parse::<usize>().ok()
        };
        let size = named(&SIZES);
        let step = operation
            .pagination
            .as_ref()
            .map(|pagination| &pagination.step);
        let of = |input: &Input| match input {
            Input::Query(name) => sent(name)?.parse::<usize>().ok(),
            Input::Body(_) => None,
        };
        let usual = size.unwrap_or(USUAL);
        let skip = match step {
            Some(Step::Page { input, first, .. }) => {
                let first = first.map_or(1, |first| first as usize);
                of(input).map(|page| page.saturating_sub(first).saturating_mul(usual))
            }
            Some(Step::Offset { input, first, .. }) => {
                let first = first.map_or(0, |first| first as usize);
                of(input).map(|offset| offset.saturating_sub(first))
            }
            // A cursor of this server is how many members come before it.
            Some(Step::Cursor(input, _) | Step::Last(input, _)) => of(input),
            _ => {
                let page = named(&NUMBERS).map(|page| page.saturating_sub(1).saturating_mul(usual));
                page.or_else(|| named(&OFFSETS))
            }
        };
        let is_paged = operation.pagination.is_some() || size.is_some() || skip.is_some();
        Self {
            skip: skip.unwrap_or_default(),
            most: if is_paged { usual } else { usize::MAX },
        }
    }

    /// Says in an answer what comes after the page, where the contract says that it does.
    pub(crate) fn tell(&self, operation: &Operation, answer: &mut Value, total: usize) {
        let Some(pagination) = &operation.pagination else {
            return;
        };
        let end = self.skip.saturating_add(self.most);
        let next = (end < total).then_some(end);
        let mut set = |pointer: Option<&String>, value: Value| {
            if let Some(place) = pointer.and_then(|pointer| answer.pointer_mut(pointer)) {
                *place = value;
            }
        };
        set(pagination.more.as_ref(), next.is_some().into());
        match &pagination.step {
            Step::Page { pages, .. } => {
                set(pages.as_ref(), total.div_ceil(self.most.max(1)).into())
            }
            Step::Offset { total: place, .. } => set(place.as_ref(), total.into()),
            Step::Cursor(_, place) => {
                let cursor = next.map_or(Value::Null, |next| next.to_string().into());
                set(Some(place), cursor);
            }
            Step::Last(..) | Step::Link(_) | Step::LinkHeader => {}
        }
    }
}
