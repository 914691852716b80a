//! What an account has, and what it asks of a contact.

use std::collections::BTreeSet;
use std::path::Path;

use contract::report::Found;
use contract::schema::{Direction, Schemas};
use contract::source::parse;
use contract::{Finding, Findings, Severity, Source};
use sandbox::{Call, Duplicate, Error, Rules};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The schema of the file that an account is read from.
const SCHEMA: &str = include_str!("../account.schema.json");
/// The rule that findings about such a file are of.
const RULE: &str = "account";

/// What contacts may name: nothing else exists in the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// The e-mails of its users.
    #[cfg_attr(feature = "schemars", schemars(inner(email)))]
    pub users: BTreeSet<String>,
    /// The UUIDs of its teams.
    #[cfg_attr(feature = "schemars", schemars(inner(length(min = 1))))]
    pub teams: BTreeSet<String>,
    /// The names of its tags.
    #[cfg_attr(feature = "schemars", schemars(inner(length(min = 1))))]
    pub tags: BTreeSet<String>,
    /// The names of its custom fields.
    #[cfg_attr(feature = "schemars", schemars(inner(length(min = 1))))]
    pub custom_fields: BTreeSet<String>,
    /// What happens when a contact is created that is there: with the same identifier from the same
    /// source. What the API does is not known.
    pub duplicates: Duplicates,
}

/// What happens when a contact is created that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Duplicates {
    /// Another one is created.
    #[default]
    Create,
    /// The request is refused with 409.
    Refuse,
    /// The one that is there is the answer.
    Return,
}

impl From<Duplicates> for Duplicate {
    fn from(duplicates: Duplicates) -> Self {
        match duplicates {
            Duplicates::Create => Self::Create,
            Duplicates::Refuse => Self::Refuse,
            Duplicates::Return => Self::Return,
        }
    }
}

impl Account {
    /// Reads a file of YAML or JSON, which `account.schema.json` describes.
    ///
    /// # Errors
    /// When it cannot be read, or does not fit its schema: everything that is wrong, with its place.
    ///
    /// ```
    /// use callbell_sandbox::{Account, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let account = Account::read("account.example.yaml")?;
    /// let sandbox = Sandbox::builder().account(account).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::parse(Source::read(path, path.to_string_lossy())?)
    }

    fn parse(source: Source) -> Result<Self, Error> {
        let mut findings = Findings::new();
        if let Some(root) = parse(source.text(), &mut findings) {
            let value = root.to_json();
            let found = violations(&value);
            findings.extend(found.into_iter().map(|(pointer, message)| {
                Finding::new(RULE, Severity::Error, message, root.locate(&pointer))
            }));
            if findings.is_empty() {
                match serde_json::from_value(value) {
                    Ok(account) => return Ok(account),
                    Err(error) => findings.push(Finding::new(
                        RULE,
                        Severity::Error,
                        error.to_string(),
                        root.span,
                    )),
                }
            }
        }
        Err(Error::Seed(Found { source, findings }))
    }
}

/// What does not fit the schema, by JSON Pointers.
fn violations(account: &Value) -> Vec<(String, String)> {
    // The file is part of the program, and its tests read it.
    let schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    let schemas =
        Schemas::new(json!({"openapi": "3.1.0", "components": {"schemas": {"Account": schema}}}));
    match schemas.get("/components/schemas/Account", Direction::Request) {
        Ok(schema) => {
            let violations = schema.check(account).into_iter();
            violations
                .map(|violation| (violation.pointer, violation.message))
                .collect()
        }
        Err(error) => vec![(String::new(), error.to_string())],
    }
}

/// The rules of an account; without one, it has whatever is named.
#[derive(Debug)]
pub(crate) struct OfAccount(pub(crate) Option<Account>);

impl Rules for OfAccount {
    fn check(&self, call: &Call<'_>) -> Result<(), String> {
        let (Some(account), Some(body)) = (&self.0, call.body) else {
            return Ok(());
        };
        let text = |name: &str| body.get(name).and_then(Value::as_str).into_iter();
        let tags = body
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let fields = body.get("custom_fields").and_then(Value::as_object);
        let fields = fields.into_iter().flat_map(Map::keys).map(String::as_str);
        let missing = [
            missing("tag", tags.filter_map(Value::as_str), &account.tags),
            missing("custom field", fields, &account.custom_fields),
            missing("user", text("assigned_user"), &account.users),
            missing("team", text("team_uuid"), &account.teams),
        ];
        let missing: Vec<String> = missing.into_iter().flatten().collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(format!("the account has no {}", missing.join(", no "))),
        }
    }

    fn complete(&self, call: &Call<'_>, member: &mut Map<String, Value>) {
        let sent = |name: &str| call.body.and_then(|body| body.get(name)).cloned();
        // The identifier on WhatsApp is the phone number; other channels have none.
        let is_phone = sent("source").is_some_and(|source| source == "whatsapp");
        let phone = sent("identifier").filter(|_| is_phone);
        member.insert("phoneNumber".to_owned(), phone.unwrap_or_default());
    }
}

/// What is named and not there.
fn missing<'n>(
    what: &str,
    named: impl Iterator<Item = &'n str>,
    known: &BTreeSet<String>,
) -> Option<String> {
    let unknown = named.filter(|name| !known.contains(*name));
    let unknown: Vec<String> = unknown.map(|name| format!("`{name}`")).collect();
    let plural = if unknown.len() > 1 { "s" } else { "" };
    (!unknown.is_empty()).then(|| format!("{what}{plural} {}", unknown.join(" or ")))
}
