//! Who may call (`OpenAPI` 3.0.3, sections 4.7.27 to 4.7.30).

use super::reader::{Found, Reader};
use super::{Location, Origin};
use crate::source::Node;

/// Schemes that let a caller in together; none of them, where anybody may call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// The name of each scheme, with the scopes or roles that it needs.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// A way to show who calls.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// What requirements call it.
    pub name: String,
    /// What it is.
    pub scheme: Scheme,
    /// How to come by credentials, as Markdown.
    pub description: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a caller shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// A key under a name.
    ApiKey {
        /// Where the key stands: query, header or cookie.
        location: Location,
        /// The name of the parameter, header or cookie.
        name: String,
    },
    /// A scheme of `Authorization` (RFC 9110, section 11.4), in lower case: `basic`, `bearer`.
    Http {
        /// Its name.
        scheme: String,
    },
    /// A certificate of the client (`OpenAPI` 3.1.1, section 4.8.27).
    MutualTls,
    /// OAuth 2.0 (RFC 6749).
    OAuth2 {
        /// The ways to a token.
        flows: Vec<Flow>,
    },
    /// `OpenID` Connect.
    OpenIdConnect {
        /// Where the provider says how.
        url: String,
    },
}

impl Scheme {
    /// The variables of the environment in which samples of an API with this prefix look for the
    /// credentials: user and password for `basic`, else one; none where no text is enough.
    ///
    /// ```
    /// use contract::operation::Scheme;
    /// let http = |scheme: &str| Scheme::Http { scheme: scheme.to_owned() };
    /// assert_eq!(http("bearer").variables("PETS"), ["PETS_API_KEY"]);
    /// assert_eq!(http("basic").variables("PETS"), ["PETS_USERNAME", "PETS_PASSWORD"]);
    /// assert!(Scheme::MutualTls.variables("PETS").is_empty());
    /// ```
    #[must_use]
    pub fn variables(&self, prefix: &str) -> Vec<String> {
        let kinds: &[&str] = match self {
            Self::ApiKey { .. } => &["API_KEY"],
            Self::Http { scheme } if scheme == "bearer" => &["API_KEY"],
            Self::Http { scheme } if scheme == "basic" => &["USERNAME", "PASSWORD"],
            // In the form that the header has.
            Self::Http { .. } => &["CREDENTIALS"],
            Self::OAuth2 { .. } | Self::OpenIdConnect { .. } => &["TOKEN"],
            Self::MutualTls => &[],
        };
        kinds
            .iter()
            .map(|kind| format!("{prefix}_{kind}"))
            .collect()
    }
}

/// A way to a token (`OpenAPI` 3.0.3, section 4.7.29).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The key of the flow: `clientCredentials`.
    pub name: String,
    /// Where a person agrees.
    pub authorization_url: Option<String>,
    /// Where tokens are given out.
    pub token_url: Option<String>,
    /// Where tokens are given anew, if that is elsewhere.
    pub refresh_url: Option<String>,
    /// What may be asked for, with a text for each.
    pub scopes: Vec<(String, String)>,
}

impl Reader<'_> {
    /// The requirements of an operation, which take the place of the document's (`OpenAPI`
    /// 3.0.3, section 4.7.10).
    pub(super) fn security(&self, operation: &Found<'_>) -> Option<Vec<Requirement>> {
        let security = operation.get("security");
        let security = security.or_else(|| self.found(String::new())?.get("security"))?;
        let requirements = security.items().map(|requirement| {
            let schemes = requirement.entries().map(|(name, entry)| {
                let scopes = entry.node.items().filter_map(Node::as_str);
                (name.to_owned(), scopes.map(str::to_owned).collect())
            });
            Requirement {
                schemes: schemes.collect(),
            }
        });
        Some(requirements.collect())
    }

    pub(super) fn security_schemes(&self) -> Vec<SecurityScheme> {
        let Some(components) = self.found("/components".to_owned()) else {
            return Vec::new();
        };
        let schemes = components.below("securitySchemes").into_iter();
        let schemes = schemes.filter_map(|(name, at)| {
            let found = self.found(at)?;
            Some(SecurityScheme {
                name,
                scheme: scheme(&found)?,
                description: found.text("description"),
                origin: found.origin,
            })
        });
        schemes.collect()
    }
}

fn scheme(found: &Found<'_>) -> Option<Scheme> {
    Some(match found.text("type")?.as_str() {
        "apiKey" => Scheme::ApiKey {
            location: Location::of(&found.text("in")?)?,
            name: found.text("name")?,
        },
        "http" => Scheme::Http {
            scheme: found.text("scheme")?.to_ascii_lowercase(),
        },
        "mutualTLS" => Scheme::MutualTls,
        "oauth2" => Scheme::OAuth2 {
            flows: flows(found),
        },
        "openIdConnect" => Scheme::OpenIdConnect {
            url: found.text("openIdConnectUrl")?,
        },
        _ => return None,
    })
}

fn flows(found: &Found<'_>) -> Vec<Flow> {
    let flows = found.get("flows").into_iter().flat_map(Node::entries);
    let flows = flows.filter(|(name, _)| !name.starts_with("x-"));
    let flows = flows.map(|(name, entry)| {
        let text = |key| {
            entry
                .node
                .get(key)
                .and_then(Node::as_str)
                .map(str::to_owned)
        };
        let scopes = entry.node.get("scopes").into_iter().flat_map(Node::entries);
        let scopes = scopes.map(|(name, entry)| {
            let text = entry.node.as_str().unwrap_or_default();
            (name.to_owned(), text.to_owned())
        });
        Flow {
            name: name.to_owned(),
            authorization_url: text("authorizationUrl"),
            token_url: text("tokenUrl"),
            refresh_url: text("refreshUrl"),
            scopes: scopes.collect(),
        }
    });
    flows.collect()
}
