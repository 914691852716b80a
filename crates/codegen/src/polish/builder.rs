//! What sets up a client: the settings of every client, and a method for each security scheme of
//! the contract.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, ItemImpl, parse_quote};

use super::docs::{code, documentation};
use super::operations::Contract;
use super::security::Known;
use crate::generate::Reads;
use contract::operation::Scheme;

/// The methods that every builder has.
pub(super) fn settings_names() -> HashSet<String> {
    let settings = settings();
    let settings: ItemImpl = parse_quote!(impl Builder { #settings });
    let names = settings.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    names.chain(["new".to_owned()]).collect()
}

/// The type that sets up a client.
pub(super) fn items(contract: &Contract<'_>) -> Vec<Item> {
    let Contract {
        api,
        schemes,
        reads,
        ..
    } = contract;
    let has_url = api.base_url().is_some();
    let parameter = (!has_url).then(|| quote!(base_url: &str));
    let url = match has_url {
        true => quote!(BASE_URL),
        false => quote!(base_url),
    };
    let words = match has_url {
        true => " A client of the API at [`BASE_URL`], without credentials.",
        false => " A client of the API at this address, without credentials.",
    };
    let limit = api
        .rate_limit
        .map(|_| quote!(.rate_limit(RateLimit::new(RATE_LIMIT, RATE_LIMIT_PERIOD))));
    let exact = (*reads == Reads::Strictly).then(|| quote!(.exact()));
    let default = has_url.then(|| -> Item {
        parse_quote! {
            impl Default for Builder {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let methods = schemes.all.iter().map(methods);
    let settings = settings();
    let all: [Item; 2] = [
        parse_quote! {
            /// Sets up a [`Client`].
            ///
            /// | what | unless told |
            /// |---|---|
            /// | [`connect_timeout`](Self::connect_timeout) | 10 s |
            /// | [`attempt_timeout`](Self::attempt_timeout) | 30 s |
            /// | [`total_timeout`](Self::total_timeout) | 90 s |
            /// | [`idle_timeout`](Self::idle_timeout) | 60 s |
            /// | [`retry`](Self::retry) | [`Retry::default`]: 4 attempts |
            /// | [`retry_budget`](Self::retry_budget) | 100 repetitions without a success |
            /// | [`rate_limit`](Self::rate_limit) | the contract's, if it has one |
            /// | [`largest_answer`](Self::largest_answer) | 4 MiB |
            #[derive(Debug)]
            #[must_use = "`build` makes the client"]
            pub struct Builder {
                settings: Settings<Client>,
            }
        },
        parse_quote! {
            #[allow(clippy::all)]
            impl Builder {
                #[doc = #words]
                pub fn new(#parameter) -> Self {
                    let settings = Settings::new(#url, USER_AGENT)#limit #exact;
                    Self { settings }
                }

                #(#methods)*

                #settings
            }
        },
    ];
    all.into_iter().chain(default).collect()
}

/// The methods of a scheme.
fn methods(known: &Known) -> TokenStream {
    let Known {
        scheme,
        method,
        constant,
        ..
    } = known;
    let shown = code(&scheme.name);
    let docs = |usual: String| {
        let mut words = usual;
        if let Some(description) = &scheme.description {
            words.push_str("\n\n");
            words.push_str(description);
        }
        documentation(&words)
    };
    let fixed = |what: &str, argument: &str| {
        let docs = docs(format!("The {what} of {shown}, never shown."));
        let argument = format_ident!("{argument}");
        quote! {
            #(#docs)*
            pub fn #method(mut self, #argument: impl Into<SecretString>) -> Self {
                self.settings = self.settings.credentials(schemes::#constant, #argument);
                self
            }
        }
    };
    let source = || {
        let docs = documentation(&format!("Where tokens of {shown} come from."));
        let method = known.method_beside("source");
        quote! {
            #(#docs)*
            pub fn #method(mut self, source: impl TokenSource) -> Self {
                self.settings = self.settings.tokens(schemes::#constant, source);
                self
            }
        }
    };
    match &scheme.scheme {
        Scheme::ApiKey { .. } => fixed("key", "key"),
        Scheme::Http { scheme } if scheme == "basic" => {
            let docs = docs(format!(
                "User and password of {shown}. They are never shown."
            ));
            quote! {
                #(#docs)*
                pub fn #method(mut self, name: &str, password: impl Into<SecretString>) -> Self {
                    self.settings = self.settings.user(schemes::#constant, name, &password.into());
                    self
                }
            }
        }
        Scheme::Http { scheme } if scheme != "bearer" => fixed("credentials", "credentials"),
        Scheme::OAuth2 { flows } => {
            let (fixed, source) = (fixed("token", "token"), source());
            let flow = flows.iter().find(|flow| flow.name == "clientCredentials");
            let client = flow.and_then(|flow| flow.token_url.as_ref()).map(|url| {
                let docs = documentation(&format!(
                    "Gets tokens of {shown} for an application\nfrom {}, each ahead of the end\nof \
                     the one before, and another where the API does not take one.",
                    code(url)
                ));
                let method = known.method_beside("client");
                quote! {
                    #(#docs)*
                    pub fn #method(mut self, credentials: ClientCredentials) -> Self {
                        self.settings = self.settings.client_credentials(schemes::#constant, #url, credentials);
                        self
                    }
                }
            });
            quote!(#fixed #source #client)
        }
        _ => {
            let (fixed, source) = (fixed("token", "token"), source());
            quote!(#fixed #source)
        }
    }
}

/// What can be set for every client.
fn settings() -> TokenStream {
    quote! {
        /// Another address, such as a sandbox's: an absolute `https` URL, or `http` to this
        /// machine. Anywhere else credentials would travel in the clear.
        pub fn base_url(mut self, base_url: &str) -> Self {
            self.settings = self.settings.base_url(base_url);
            self
        }

        /// A header of every request, unless its operation or its caller has one of that name. The
        /// value is treated as a secret: it is never shown.
        pub fn header(
            mut self,
            name: ::reqwest::header::HeaderName,
            value: ::reqwest::header::HeaderValue,
        ) -> Self {
            self.settings = self.settings.header(name, value);
            self
        }

        /// Sends no credentials, whatever operations ask for: where something in between adds
        /// them, or a server of one's own asks for none.
        pub fn without_credentials(mut self) -> Self {
            self.settings = self.settings.without_credentials();
            self
        }

        /// What the application is, such as `shop/1.2`, after the client's own name in
        /// `User-Agent`.
        pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
            self.settings = self.settings.user_agent_suffix(suffix);
            self
        }

        /// How long a connection may take to come about, TLS included; three quarters of an
        /// attempt's time at most.
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings = self.settings.connect_timeout(timeout);
            self
        }

        /// How long one attempt may take, from sending to the last byte of the response.
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings = self.settings.attempt_timeout(timeout);
            self
        }

        /// How long a call may take in all: waiting for the rate limit, every attempt, and the
        /// waits between them.
        pub fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings = self.settings.total_timeout(timeout);
            self
        }

        /// How long the server may send nothing in a response that is a stream, whose end no other
        /// timeout bounds.
        pub fn idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings = self.settings.idle_timeout(timeout);
            self
        }

        /// When and how often a call is repeated.
        pub fn retry(mut self, retry: Retry) -> Self {
            self.settings = self.settings.retry(retry);
            self
        }

        /// How many repetitions this client and its clones send without a success. Then calls fail
        /// at their first error, so that an outage is not answered with a storm. A repetition that
        /// leads to a success is given back, and a fifth of one for each call that succeeds at once.
        pub fn retry_budget(mut self, repetitions: u32) -> Self {
            self.settings = self.settings.retry_budget(repetitions);
            self
        }

        /// Repeats each call as its policy says, however many others fail.
        pub fn without_retry_budget(mut self) -> Self {
            self.settings = self.settings.without_retry_budget();
            self
        }

        /// Sends the trace that a call belongs to: the value of `traceparent` (W3C Trace Context),
        /// as this function gives it in the span of the call.
        pub fn traceparent(
            mut self,
            context: impl Fn() -> ::std::option::Option<::std::string::String> + Send + Sync + 'static,
        ) -> Self {
            self.settings = self.settings.traceparent(context);
            self
        }

        /// How many requests are sent in a period at most, by this client and its clones. The rest
        /// waits.
        pub fn rate_limit(mut self, limit: RateLimit) -> Self {
            self.settings = self.settings.rate_limit(limit);
            self
        }

        /// Sends as fast as it is called.
        pub fn without_rate_limit(mut self) -> Self {
            self.settings = self.settings.without_rate_limit();
            self
        }

        /// How many bytes of a response are read before it is refused.
        pub fn largest_answer(mut self, bytes: usize) -> Self {
            self.settings = self.settings.largest_answer(bytes);
            self
        }

        /// Sends through an HTTP client of one's own, with its proxies, TLS, redirects and connect
        /// timeout. Switch its redirects off: of what goes to another host reqwest takes the
        /// `Authorization` header away, and nothing else. For a base URL on this machine switch its
        /// proxies off, too.
        pub fn client(mut self, client: ::reqwest::Client) -> Self {
            self.settings = self.settings.client(client);
            self
        }

        /// Sets the client up. It connects when it is first called.
        ///
        /// # Errors
        /// When the base URL, the user agent or credentials cannot be used, or TLS cannot be set
        /// up, for instance without any trusted certificate.
        pub fn build(self) -> ::std::result::Result<Client, BuildError> {
            self.settings.build()
        }
    }
}
