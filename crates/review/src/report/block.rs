//! What every form of a review says of a change, in words.

use std::borrow::Cow;

use crate::{Approved, ReviewedChange};
use crate::{ItemChange, What};
use codegen::surface::ItemKind;
use contract::inert::line;
use diff::{Flow, Place, Reason, Use, name, operation};

/// How many operations are named; the rest are counted.
const OPERATIONS: usize = 3;

/// Why a change means what it means, direction by direction.
pub(super) fn reasons(reviewed: &ReviewedChange) -> Vec<String> {
    let several = reviewed.change.reasons.len() > 1;
    let says = |reason: &Reason| {
        let flow = match reason.flow {
            Some(Flow::Request) => "requests: ",
            Some(Flow::Response) => "responses: ",
            None => "",
        };
        let verdict = match several {
            true => format!("{}, ", reason.verdict),
            false => String::new(),
        };
        format!("{verdict}{flow}{}", line(&reason.text))
    };
    reviewed.change.reasons.iter().map(says).collect()
}

/// What changed.
pub(super) fn title(reviewed: &ReviewedChange) -> Cow<'_, str> {
    line(&reviewed.change.title)
}

/// Who agreed, until when, and why.
pub(super) fn approved(approved: &Approved) -> [Cow<'_, str>; 3] {
    [&approved.who, &approved.until, &approved.reason].map(|text| line(text))
}

/// `file:line:column`, or of what is nearest.
pub(super) fn place(name: &str, place: &Place) -> String {
    let (row, column) = (place.span.line.max(1), place.span.column.max(1));
    let name = line(place.file.as_deref().unwrap_or(name));
    format!("{name}:{row}:{column}")
}

/// What a reader finds at the places of a change that one side does not have.
pub(super) fn absence(place: &Place) -> &'static str {
    match place.exists {
        true => "",
        false => " (not there; the nearest)",
    }
}

/// Other places of the same change, by name.
pub(super) fn also(reviewed: &ReviewedChange) -> Option<String> {
    let names = reviewed.change.also.iter().map(|pointer| name(pointer));
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| line(&names.join(", ")).into_owned())
}

/// The operations that a change reaches; none when its title names the only one.
pub(super) fn used_by(reviewed: &ReviewedChange) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for Use { operation, .. } in &reviewed.change.used_by {
        if !names.contains(&operation.as_str()) {
            names.push(operation);
        }
    }
    if let [only] = names[..]
        && operation(&reviewed.change.subject).as_deref() == Some(only)
    {
        return None;
    }
    let shown: Vec<_> = names
        .iter()
        .take(OPERATIONS)
        .map(|name| format!("`{}`", line(name)))
        .collect();
    match names.len() {
        0 => None,
        n if n > OPERATIONS => Some(format!("{} and {} more", shown.join(", "), n - OPERATIONS)),
        _ => Some(shown.join(", ")),
    }
}

/// What happens to the crate, a line each.
pub(super) fn effects(reviewed: &ReviewedChange) -> Vec<String> {
    let effects: Vec<&ItemChange> = reviewed.effects.iter().collect();
    without_setters(&effects).into_iter().map(effect).collect()
}

/// The method that sets a field goes without saying.
pub(super) fn without_setters<'a>(effects: &[&'a ItemChange]) -> Vec<&'a ItemChange> {
    let is_setter = |method: &&&ItemChange| {
        let of = method.item.replace("::", ".");
        let is_its = |field: &&ItemChange| {
            field.kind == ItemKind::Field && field.item == of && field.what == method.what
        };
        method.kind == ItemKind::Method && effects.iter().any(is_its)
    };
    effects
        .iter()
        .filter(|method| !is_setter(method))
        .copied()
        .collect()
}

/// What happens to an item of the crate, on one line.
pub(super) fn effect(effect: &ItemChange) -> String {
    let item = &effect.item;
    let said = match (effect.what, &effect.before, &effect.after) {
        (What::Removed, ..) => format!("`{item}` was removed"),
        (What::Added, _, Some(after)) if is_plain(after, item) => format!("`{item}` was added"),
        (What::Added, _, Some(after)) => format!("`{item}` was added: `{after}`"),
        (What::Changed, Some(before), Some(after)) => {
            let (before, after) = differing(before, after);
            format!("`{item}` was `{before}`, is `{after}`")
        }
        _ => format!("`{item}` changed"),
    };
    line(&said).into_owned()
}

/// What differs of two long signatures, from word to word.
fn differing(before: &str, after: &str) -> (String, String) {
    const LONG: usize = 60;
    let is_edge = |c: char| !c.is_alphanumeric() && c != '_';
    if before.len().max(after.len()) < LONG {
        return (before.to_owned(), after.to_owned());
    }
    let pairs = before.chars().zip(after.chars());
    let start: String = pairs
        .take_while(|(one, two)| one == two)
        .map(|(c, _)| c)
        .collect();
    let edge = start.char_indices().rev().find(|(_, c)| is_edge(*c));
    let start = edge.map_or(0, |(index, c)| index + c.len_utf8());
    let (old, new) = (&before[start..], &after[start..]);
    let end: String = same_end(old, new);
    let end = end.find(is_edge).map_or(0, |edge| end.len() - edge);
    let cut = |whole: &str, text: &str| {
        let text = &text[..text.len() - end];
        let (left, right) = (
            if start > 0 { "…" } else { "" },
            if end > 0 { "…" } else { "" },
        );
        match text.is_empty() {
            true => whole.to_owned(),
            false => format!("{left}{text}{right}"),
        }
    };
    (cut(before, old), cut(after, new))
}

fn same_end(one: &str, two: &str) -> String {
    let pairs = one.chars().rev().zip(two.chars().rev());
    let same: Vec<char> = pairs
        .take_while(|(one, two)| one == two)
        .map(|(c, _)| c)
        .collect();
    same.into_iter().rev().collect()
}

/// Whether the text says no more than the name.
fn is_plain(shown: &str, item: &str) -> bool {
    item.ends_with(shown) || ["enum", "struct"].contains(&shown)
}

/// What callers write now, each thing once.
pub(super) fn callers(reviewed: &ReviewedChange) -> Vec<String> {
    let effects = &reviewed.effects;
    let mut lines: Vec<String> = Vec::new();
    if reviewed.change.rename.is_some() {
        let gone = effects.iter().filter(|effect| effect.what == What::Removed);
        let came = effects.iter().filter(|effect| effect.what == What::Added);
        let gone: Vec<_> = gone.filter(|effect| is_whole(effect)).collect();
        let came: Vec<_> = came.filter(|effect| is_whole(effect)).collect();
        for (old, new) in gone.iter().zip(&came) {
            lines.push(format!("`{}` in place of `{}`", new.item, old.item));
        }
        if !lines.is_empty() {
            return lines;
        }
    }
    let setters = effects
        .iter()
        .filter(|effect| effect.kind == ItemKind::Method);
    let setters: Vec<_> = setters
        .map(|effect| effect.item.replace("::", "."))
        .collect();
    for effect in effects {
        let Some(caller) = &effect.caller else {
            continue;
        };
        // Who sets a field does so by its method.
        let is_set = effect.kind == ItemKind::Field && setters.contains(&effect.item);
        if !is_set && !lines.contains(caller) {
            lines.push(line(caller).into_owned());
        }
    }
    lines
}

fn is_whole(effect: &ItemChange) -> bool {
    !matches!(effect.kind, ItemKind::Trait)
}
