//! Who may call (`OpenAPI` 3.0.3, sections 4.7.27 and 4.7.30).

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::kind::{Credentials, Kind};
use super::side::{Side, Sited};
use super::{annotations, title};
use contract::source::Node;

/// One way to be let in: schemes, all of them, each with its scopes. Empty: anybody.
type Alternative<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// An operation's own security takes the place of the document's.
fn site<'a>(side: &Side<'a>, operation: &Sited<'a>) -> Option<Sited<'a>> {
    operation
        .get("security")
        .or_else(|| side.document().get("security"))
}

fn alternatives<'a>(site: Option<&Sited<'a>>) -> Vec<Alternative<'a>> {
    let scopes = |node: &'a Node| node.items().filter_map(Node::as_str).collect();
    let items = site.into_iter().flat_map(|site| site.node.items());
    let mut all: Vec<Alternative<'a>> = items
        .map(|item| {
            let schemes = item.entries();
            schemes
                .map(|(name, entry)| (name, scopes(&entry.node)))
                .collect()
        })
        .collect();
    if all.is_empty() {
        all.push(Alternative::new());
    }
    all.sort();
    all.dedup();
    all
}

/// Calls a scheme that was only renamed by the name that it had: the name does not
/// travel.
fn under_old_names<'a>(comparison: &Comparison<'a>, alternatives: &mut Vec<Alternative<'a>>) {
    let schemes = |side: &Side<'a>| {
        let components = side.document().get("components");
        components
            .map(|components| components.entries("securitySchemes"))
            .unwrap_or_default()
    };
    let (old, new) = (schemes(&comparison.old), schemes(&comparison.new));
    let has = |list: &[(&str, Sited<'a>)], name: &str| list.iter().any(|(other, _)| *other == name);
    for (name, scheme) in new.iter().filter(|(name, _)| !has(&old, name)) {
        let was = old
            .iter()
            .find(|(other, was)| !has(&new, other) && was.node.same(scheme.node));
        let Some((was, _)) = was else {
            continue;
        };
        for alternative in alternatives.iter_mut() {
            if let Some(scopes) = alternative.remove(name) {
                alternative.insert(was, scopes);
            }
        }
    }
    alternatives.sort();
}

/// Whether whoever meets the first also meets the second.
fn covers(old: &Alternative<'_>, new: &Alternative<'_>) -> bool {
    new.iter().all(|(name, scopes)| {
        let had = old.get(name);
        had.is_some_and(|had| scopes.is_subset(had))
    })
}

/// The same without looking at scopes.
fn same_schemes(old: &Alternative<'_>, new: &Alternative<'_>) -> bool {
    new.keys().all(|name| old.contains_key(name))
}

pub(super) fn compare_operation<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let sites = (site(&comparison.old, old), site(&comparison.new, new));
    let (before, mut after) = (
        alternatives(sites.0.as_ref()),
        alternatives(sites.1.as_ref()),
    );
    under_old_names(comparison, &mut after);
    for name in before.iter().flatten().map(|(name, _)| *name) {
        let scheme = |side: &Side<'a>| {
            let schemes = side.document().get("components")?.get("securitySchemes")?;
            schemes.get(name)
        };
        let (old, new) = (scheme(&comparison.old), scheme(&comparison.new));
        comparison.pair_if_both(Role::SecurityScheme, old.as_ref(), new.as_ref());
    }
    if before == after {
        return restated(comparison, sites);
    }
    let is_let_in = |old: &Alternative<'_>, by: fn(&Alternative<'_>, &Alternative<'_>) -> bool| {
        after.iter().any(|new| by(old, new))
    };
    let effect = if before.iter().all(|old| is_let_in(old, covers)) {
        Effect::always(Verdict::Compatible, "whoever was let in before still is")
    } else if before.iter().all(|old| is_let_in(old, same_schemes)) {
        let text = "old clients are refused unless they were granted the scopes anyway";
        Effect::always(Verdict::Risky, text)
    } else {
        let refused = before.iter().filter(|old| !is_let_in(old, covers)).cloned();
        let refused: Vec<_> = refused.collect();
        let text = format!(
            "the server refuses old clients that send {}",
            title::credentials(&owned(&refused))
        );
        Effect::always(Verdict::Breaking, text)
    };
    comparison.emit(changed(&before, &after, effect).sides(sites.0, sites.1));
}

/// An empty list where nothing was written, or the document's list repeated.
fn restated<'a>(
    comparison: &mut Comparison<'a>,
    (old, new): (Option<Sited<'a>>, Option<Sited<'a>>),
) {
    let own =
        |site: &Option<Sited<'a>>| site.as_ref().map(|site| site.at.len() > "/security".len());
    if own(&old) != own(&new) {
        let effect = Effect::always(Verdict::Compatible, "it asks for the same");
        let draft = Draft::new(Kind::SecurityRestated, effect);
        comparison.emit(draft.sides(old, new));
    }
}

fn changed<'a>(before: &[Alternative<'_>], after: &[Alternative<'_>], effect: Effect) -> Draft<'a> {
    let (from, to) = (owned(before), owned(after));
    Draft::new(Kind::SecurityChanged { from, to }, effect)
}

fn owned(alternatives: &[Alternative<'_>]) -> Credentials {
    let scopes = |scopes: &BTreeSet<&str>| scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let one = |alternative: &Alternative<'_>| {
        let schemes = alternative.iter();
        schemes
            .map(|(name, all)| ((*name).to_owned(), scopes(all)))
            .collect()
    };
    alternatives.iter().map(one).collect()
}

/// One security scheme.
pub(super) fn compare_scheme<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let breaking = ["in", "name", "scheme", "type"];
    for key in breaking {
        let effect = match same_but_for_case(key, old, new) {
            true => Effect::always(Verdict::Compatible, "its case does not matter"),
            false => {
                let text = "old clients show their credentials in another way";
                Effect::always(Verdict::Breaking, text)
            }
        };
        emit(comparison, key, old, new, effect);
    }
    let addresses = ["flows", "oauth2MetadataUrl", "openIdConnectUrl"];
    for key in addresses {
        let text = "old clients may get their credentials elsewhere, or with other scopes";
        emit(
            comparison,
            key,
            old,
            new,
            Effect::always(Verdict::Risky, text),
        );
    }
    emit(
        comparison,
        "bearerFormat",
        old,
        new,
        Effect::documentation(),
    );
    let known = [&breaking[..], &addresses[..], &["bearerFormat"]].concat();
    annotations::compare(comparison, old, new, &known);
}

/// Whether a value only changed its case where that has no meaning: the scheme of
/// `Authorization` (RFC 9110, section 11.1), and the names of headers (section 5.1).
fn same_but_for_case(key: &str, old: &Sited<'_>, new: &Sited<'_>) -> bool {
    let has_no_case = match key {
        "scheme" => true,
        "name" => [old, new]
            .iter()
            .all(|side| side.text("in") == Some("header")),
        _ => false,
    };
    let (Some(old), Some(new)) = (old.text(key), new.text(key)) else {
        return false;
    };
    has_no_case && old.eq_ignore_ascii_case(new)
}

fn emit<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: &Sited<'a>,
    new: &Sited<'a>,
    effect: Effect,
) {
    let sites = (old.get(key), new.get(key));
    if annotations::differs(sites.0.as_ref(), sites.1.as_ref()) {
        let key = key.to_owned();
        let draft = Draft::new(Kind::SecuritySchemeChanged { key }, effect);
        comparison.emit(draft.sides(sites.0, sites.1));
    }
}

/// The document's own security, where no operation inherits it.
pub(super) fn compare_unused(comparison: &mut Comparison<'_>) {
    let sites = (
        comparison.old.document().get("security"),
        comparison.new.document().get("security"),
    );
    let mut after = alternatives(sites.1.as_ref());
    under_old_names(comparison, &mut after);
    let before = alternatives(sites.0.as_ref());
    if before == after {
        return;
    }
    let id = |site: &Option<Sited<'_>>| site.as_ref().map(Sited::id);
    let is_reported = comparison.found.values().any(|found| {
        let draft = &found.draft;
        matches!(draft.kind, Kind::SecurityChanged { .. })
            && (id(&draft.old) == id(&sites.0) || id(&draft.new) == id(&sites.1))
    });
    if !is_reported {
        let text = "no operation that both documents have takes it from here";
        let effect = Effect::always(Verdict::Compatible, text);
        comparison.emit(changed(&before, &after, effect).sides(sites.0, sites.1));
    }
}
