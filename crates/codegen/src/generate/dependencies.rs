//! The crates that generated code needs.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// The crates that generated code may name.
const CRATES: [&str; 9] = [
    "bytes",
    "chrono",
    "futures",
    "regress",
    "reqwest",
    "sdk_runtime",
    "serde",
    "serde_json",
    "uuid",
];

const SIGNATURES: &str = "\"signatures\"";

/// Whether a token is the value in `feature = "…"`.
fn is_feature(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|at| tokens.get(at));
    matches!(before, Some(TokenTree::Ident(name)) if name == "feature")
}

/// What generated code needs to compile.
#[derive(Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Dependencies {
    /// The crates that it names, as code does: `serde_json`.
    pub crates: BTreeSet<&'static str>,
    /// Whether it checks signatures, for which clients have a feature.
    pub signatures: bool,
}

impl Dependencies {
    /// Reads the paths in the code; what comments and texts say is not looked at. Code that
    /// is no Rust needs nothing.
    ///
    /// ```
    /// use codegen::Dependencies;
    /// let code = r#"/// Not uuid::Uuid.
    ///     pub struct Id(chrono::NaiveDate);"#;
    /// assert!(Dependencies::of(code).crates.into_iter().eq(["chrono"]));
    /// ```
    #[must_use]
    pub fn of(code: &str) -> Self {
        let mut found = Self::default();
        found.read(code.parse().unwrap_or_default());
        found
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Literal(literal) => {
                    self.signatures |=
                        literal.to_string() == SIGNATURES && is_feature(&tokens, index);
                }
                _ => self.first(&tokens, index),
            }
        }
    }

    /// Takes note of the crate that a path begins with.
    fn first(&mut self, tokens: &[TokenTree], at: usize) {
        let is = |index: usize, c: char| matches!(tokens.get(index), Some(TokenTree::Punct(p)) if p.as_char() == c);
        let Some(TokenTree::Ident(name)) = tokens.get(at) else {
            return;
        };
        if !is(at + 1, ':') || !is(at + 2, ':') {
            return;
        }
        if let Some(known) = CRATES.iter().find(|known| name == *known) {
            self.crates.insert(known);
        }
    }
}
