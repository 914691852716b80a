use review::{Approvals, DocumentReview, Options, Side, State};

use crate::environment::Environment;

/// Puts together what is the same document: two files that somebody named, else by
/// name, else by what it offers.
pub(super) fn pair(
    environment: &Environment,
    mut old: Vec<Side>,
    new: Vec<Side>,
    are_files: bool,
    approvals: &mut Approvals,
    options: Options<'_>,
) -> Vec<DocumentReview> {
    let name = |side: &Side| side.document.source().name().to_owned();
    let names: Vec<String> = new.iter().map(name).collect();
    let mut reviews = Vec::new();
    for side in new {
        let same_name = old.iter().position(|other| name(other) == name(&side));
        let same_api = || {
            old.iter().position(|other| {
                !names.contains(&name(other)) && review::same_api(&other.document, &side.document)
            })
        };
        let (found, state) = match same_name {
            Some(index) => (Some(index), State::Changed),
            None if are_files => (Some(0), State::Changed),
            None => (same_api(), State::Renamed),
        };
        reviews.push(match found {
            Some(index) => review::review(old.remove(index), side, state, approvals, options),
            None => review::review_alone(side, State::Added, approvals, options),
        });
    }
    let gone = old.into_iter();
    reviews.extend(gone.map(|side| review::review_alone(side, State::Removed, approvals, options)));
    for review in &mut reviews {
        let client = environment.client_of(&review.name);
        if let (Some(review), Some(client)) = (&mut review.package, client) {
            review.name = client.package.map(|package| package.to_string());
        }
    }
    reviews
}
