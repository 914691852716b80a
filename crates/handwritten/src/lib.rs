//! `POST /contacts` as one writes it with reqwest alone: the same types, TLS, timeouts
//! and headers as the SDK, and nothing for a bad day. What the SDK costs beside it, to
//! compile and to run, is what it costs.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

/// A contact to create.
#[derive(Debug, Default, Serialize)]
pub struct CreateContact {
    /// On WhatsApp the phone number.
    pub identifier: String,
    /// The name to show.
    pub name: String,
    /// The channel.
    pub source: String,
    /// Names of tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Values by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_fields: BTreeMap<String, String>,
    /// E-mail of a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_user: Option<String>,
    /// UUID of a team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_uuid: Option<String>,
}

/// The response.
#[derive(Debug, Deserialize)]
pub struct Created {
    /// The contact.
    pub contact: Contact,
}

/// A contact.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Identifier.
    pub uuid: String,
    /// The name to show.
    pub name: String,
    /// The phone number.
    pub phone_number: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The channel.
    pub source: String,
    /// Where the dashboard shows it.
    pub href: String,
    /// Names of tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// E-mail of a user.
    pub assigned_user: Option<String>,
    /// Values by name.
    #[serde(default)]
    pub custom_fields: serde_json::Map<String, serde_json::Value>,
}

/// An HTTP client that sends the key with every request.
///
/// # Errors
/// When the key cannot be sent, or TLS cannot be set up.
pub fn client(key: &str) -> Result<reqwest::Client, Box<dyn Error>> {
    let mut authorization = HeaderValue::from_str(&format!("Bearer {key}"))?;
    authorization.set_sensitive(true);
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("handwritten/", env!("CARGO_PKG_VERSION")))
        .default_headers(HeaderMap::from_iter([(AUTHORIZATION, authorization)]))
        .build()?;
    Ok(client)
}

/// Creates a contact.
///
/// # Errors
/// When anything goes wrong.
pub async fn create_contact(
    client: &reqwest::Client,
    base_url: &str,
    contact: &CreateContact,
) -> Result<Contact, reqwest::Error> {
    let response = client
        .post(format!("{base_url}/contacts"))
        .header(ACCEPT, HeaderValue::from_static("application/json"))
        .json(contact)
        .send()
        .await?
        .error_for_status()?;
    let created: Created = response.json().await?;
    Ok(created.contact)
}
