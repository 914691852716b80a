//! What changes of the code where nothing but texts of its document did: nobody has to generate
//! anything to know.

use std::collections::BTreeMap;

use crate::normalise::{examples, operation_ids};
use crate::polish::named;
use contract::operation::{Api, Operation, Server};
use contract::source::Node;
use contract::walk::{Kind, Place};

/// What texts change of the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextChange {
    /// Whether any documentation in the code is another one.
    pub is_documented_anew: bool,
    /// The methods whose documentation is another one, by name.
    pub methods: Vec<String>,
}

/// Keys of texts that become documentation.
const DOCUMENTATION: [&str; 2] = ["description", "summary"];
/// Keys that reach no code but the documentation of methods.
const SHOWN: [&str; 4] = ["$comment", "example", "examples", "externalDocs"];

/// What changes of the code from one document to another; nothing, where more than texts did.
///
/// ```
/// use codegen::texts::compare;
/// use contract::{Document, Source};
///
/// let text = "paths: {/pets: {get: {operationId: listPets, summary: Lists pets}}}";
/// let document = |text: &str| Document::parse(Source::new("pets.yaml", text));
/// let (old, new) = (document(text), document(&text.replace("Lists", "Gives")));
/// let change = compare(old.root(), new.root()).unwrap();
/// assert_eq!(change.methods, ["list_pets"]);
/// let new = document(&text.replace("get", "put"));
/// assert_eq!(compare(old.root(), new.root()), None);
/// ```
#[must_use]
pub fn compare(old: &Node, new: &Node) -> Option<TextChange> {
    let is_text = |key: &str| SHOWN.contains(&key) || DOCUMENTATION.contains(&key);
    let reaches_code = |place: Place, key: &str| match place {
        Place::ROOT => !["info", "tags"].contains(&key) && !is_text(key),
        Place::Object(_) => !is_text(key),
        _ => true,
    };
    if !is_same(old, new, Place::ROOT, &reaches_code) {
        return None;
    }
    // Of all others a method tells, if anything does.
    let documents_types = |place: Place, key: &str| match place {
        Place::Object(Kind::Schema) => !SHOWN.contains(&key),
        place => reaches_code(place, key),
    };
    let methods = methods(old, new);
    let client = |root: &Node| {
        let Api {
            info,
            security_schemes,
            operations,
            servers,
            ..
        } = Api::read(root);
        let responses = operations
            .into_iter()
            .flat_map(|operation| operation.responses);
        let headers = responses.flat_map(|response| response.headers);
        let headers: Vec<_> = headers.map(|header| header.description).collect();
        let schemes = security_schemes.into_iter();
        let credentials: Vec<_> = schemes.map(|scheme| scheme.description).collect();
        (
            headers,
            servers_of(&servers),
            credentials,
            info.title,
            info.version,
            info.description,
            info.terms_of_service,
        )
    };
    Some(TextChange {
        is_documented_anew: !methods.is_empty()
            || client(old) != client(new)
            || !is_same(old, new, Place::ROOT, &documents_types),
        methods,
    })
}

/// Whether two values are the same, and in the same order, as far as keys count.
fn is_same(old: &Node, new: &Node, place: Place, counts: &dyn Fn(Place, &str) -> bool) -> bool {
    if place == Place::Data {
        return old.same(new);
    }
    if let (Some(old), Some(new)) = (old.as_object(), new.as_object()) {
        let old: Vec<_> = old.iter().filter(|(key, _)| counts(place, key)).collect();
        let new: Vec<_> = new.iter().filter(|(key, _)| counts(place, key)).collect();
        let mut pairs = old.iter().zip(&new);
        return old.len() == new.len()
            && pairs.all(|((key, one), (other, two))| {
                key == other && is_same(&one.node, &two.node, place.under(key), counts)
            });
    }
    if let (Some(old), Some(new)) = (old.as_array(), new.as_array()) {
        let mut pairs = old.iter().zip(new);
        let place = place.under("");
        return old.len() == new.len() && pairs.all(|(one, two)| is_same(one, two, place, counts));
    }
    old.same(new)
}

/// What is said of servers.
fn servers_of(servers: &[Server]) -> Vec<Option<String>> {
    let of_one = |server: &Server| {
        let variables = server.variables.iter();
        let variables = variables.map(|variable| variable.description.clone());
        let own = server.description.clone();
        std::iter::once(own).chain(variables).collect::<Vec<_>>()
    };
    named(servers).into_iter().flat_map(of_one).collect()
}

/// The methods whose documentation differs.
fn methods(old: &Node, new: &Node) -> Vec<String> {
    let (old, new) = (documented(old), documented(new));
    let names = new
        .into_iter()
        .filter(|(name, text)| old.get(name) != Some(text));
    names.map(|(name, _)| name).collect()
}

/// What is said of each method.
fn documented(root: &Node) -> BTreeMap<String, Vec<String>> {
    let mut document = root.clone();
    examples::keep(&mut document, root);
    operation_ids::name(&mut document);
    let operations = Api::read(&document).operations.into_iter();
    let texts = operations.filter_map(|operation| {
        let texts = texts(&operation);
        Some((operation.id?, texts))
    });
    texts.collect()
}

/// The texts that a method's documentation is made of, as [`polish`](crate::polish) makes it, with
/// the values of its example.
fn texts(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().map(|one| &one.description);
    let request = operation.request.iter().map(|one| &one.description);
    let mut texts: Vec<String> = [&operation.summary, &operation.description]
        .into_iter()
        .chain(parameters)
        .chain(request)
        .map(|text| text.clone().unwrap_or_default())
        .collect();
    let bodies = operation
        .request
        .iter()
        .flat_map(|body| body.content.first());
    let examples = operation.parameters.iter().map(|one| &one.examples);
    let examples = examples.chain(bodies.map(|body| &body.examples));
    let values = examples.map(|all| all.first().and_then(|one| one.value.as_ref()));
    texts.extend(values.map(|value| value.map(ToString::to_string).unwrap_or_default()));
    let is_error = |codes: (u16, u16)| codes.0 / 100 != 2;
    let errors = operation.responses.iter();
    let errors = errors.filter(|response| response.status.codes().is_some_and(is_error));
    texts.extend(errors.map(|response| {
        let text = response.description.as_deref().unwrap_or_default().trim();
        text.lines().next().unwrap_or_default().to_owned()
    }));
    texts
}
