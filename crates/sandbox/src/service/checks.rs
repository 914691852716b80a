//! What requests are held against.

use contract::operation::{Location, Operation, Parameter, Scheme, SecurityScheme};
use contract::schema::{Direction, Schema};
use hyper::header;
use serde_json::Value;

use super::{Asked, Service, text};
use crate::body::Bodies;
use crate::parameter::{Pairs, Reader, Sent};
use crate::refusal::{Place, Refusal};

/// What requests of an operation are held against.
#[derive(Debug)]
pub(super) struct Checks {
    parameters: Vec<ParameterCheck>,
    bodies: Option<Bodies>,
}

#[derive(Debug)]
struct ParameterCheck {
    reader: Reader,
    schema: Option<Schema>,
    /// How it is called where something is wrong with it.
    part: &'static str,
    name: String,
    is_required: bool,
    /// Whether it holds a credential, of which nothing is told.
    is_secret: bool,
}

impl Service {
    /// The value of the body, where the request fits.
    pub(crate) fn check(
        &self,
        number: usize,
        variables: &[&str],
        asked: &Asked<'_>,
    ) -> Result<Option<Value>, Refusal> {
        let sent = self.sent(number, variables, asked);
        self.check_caller(number, &sent)?;
        self.check_rest(number, &sent, asked)
    }

    /// What was sent where.
    pub(crate) fn sent<'r>(
        &'r self,
        number: usize,
        variables: &[&'r str],
        asked: &Asked<'r>,
    ) -> Sent<'r> {
        let headers = asked.headers.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let names = contract::path::variables(&self.operation(number).path);
        Sent {
            variables: names.zip(variables.iter().copied()).collect(),
            query: Pairs::of(asked.query),
            headers: headers.collect(),
        }
    }

    /// # Errors
    /// When the caller does not show who it is.
    pub(crate) fn check_caller(&self, number: usize, sent: &Sent<'_>) -> Result<(), Refusal> {
        self.endpoints[number].ways.check(sent, &self.keys)
    }

    /// The value of the body, where parameters and body fit.
    pub(crate) fn check_rest(
        &self,
        number: usize,
        sent: &Sent<'_>,
        asked: &Asked<'_>,
    ) -> Result<Option<Value>, Refusal> {
        let operation = self.operation(number);
        let endpoint = &self.endpoints[number];
        let checks = endpoint.checks.get_or_init(|| self.checks(operation));
        let mut places = Vec::new();
        for parameter in &checks.parameters {
            parameter.check(sent, &mut places);
        }
        let body = match &checks.bodies {
            Some(bodies) => bodies.read(text(asked.headers, &header::CONTENT_TYPE), asked.body),
            None => Ok(None),
        };
        match (body, Refusal::invalid(places)) {
            (body, None) => body,
            (Ok(_), Some(refusal)) => Err(refusal),
            // What is wrong with both is told at once.
            (Err(body), Some(mut refusal)) if !body.places.is_empty() => {
                refusal.places.extend(body.places);
                Err(refusal)
            }
            (Err(_), Some(refusal)) => Err(refusal),
        }
    }

    fn checks(&self, operation: &Operation) -> Checks {
        let root = self.contract.written();
        let parameters = operation.parameters.iter().filter(|one| counts(one));
        let parameters = parameters.map(|parameter| {
            let content = parameter.content.as_ref();
            let schema = parameter.schema.as_ref();
            let schema = schema.or(content.and_then(|content| content.schema.as_ref()));
            let get = |at: &str| self.schemas().get(at, Direction::Request).ok();
            ParameterCheck {
                reader: Reader::new(root, parameter),
                schema: schema.and_then(|schema| get(&schema.origin.pointer)),
                part: parameter.location.word(),
                name: parameter.name.clone(),
                is_required: parameter.required,
                is_secret: self
                    .api()
                    .security_schemes
                    .iter()
                    .any(|one| is_key(one, parameter)),
            }
        });
        let bodies = operation.request.as_ref();
        Checks {
            parameters: parameters.collect(),
            bodies: bodies.map(|request| Bodies::new(root, self.schemas(), request)),
        }
    }
}

impl ParameterCheck {
    fn secret(&self) -> Place {
        Place::new(self.part, &self.name, "it is not as its schema says")
    }

    fn check(&self, sent: &Sent<'_>, places: &mut Vec<Place>) {
        if self.reader.is_empty(sent) {
            return;
        }
        match (self.reader.read(sent), &self.schema) {
            (Err(_), _) if self.is_secret => places.push(self.secret()),
            (Ok(Some(value)), Some(schema)) if self.is_secret && !schema.is_valid(&value) => {
                places.push(self.secret());
            }
            (Err(why), _) => places.push(Place::new(self.part, &self.name, why)),
            (Ok(None), _) if self.is_required => {
                places.push(Place::new(self.part, &self.name, "it is missing"));
            }
            (Ok(Some(Value::String(text))), Some(schema))
                if self.reader.may_be_text() && is_other(&text, schema) => {}
            (Ok(Some(value)), Some(schema)) if !schema.is_valid(&value) => {
                places.extend(Place::of(self.part, &self.name, schema.check(&value)));
            }
            (Ok(_), _) => {}
        }
    }
}

/// Whether a text is meant by another alternative of its schema: `7` by a number.
fn is_other(text: &str, schema: &Schema) -> bool {
    let scalar = serde_json::from_str::<Value>(text).ok();
    scalar
        .is_some_and(|scalar| !scalar.is_array() && !scalar.is_object() && schema.is_valid(&scalar))
}

/// Whether a parameter is the key of a security scheme.
fn is_key(scheme: &SecurityScheme, parameter: &Parameter) -> bool {
    match &scheme.scheme {
        Scheme::ApiKey { location, name } => {
            *location == parameter.location && name.eq_ignore_ascii_case(&parameter.name)
        }
        _ => false,
    }
}

/// Whether a parameter counts: some headers are said elsewhere (`OpenAPI` 3.0.3, section 4.7.12.2).
fn counts(parameter: &Parameter) -> bool {
    let elsewhere = ["accept", "authorization", "content-type"];
    let is_header = parameter.location == Location::Header;
    !(is_header && elsewhere.contains(&parameter.name.to_ascii_lowercase().as_str()))
}
