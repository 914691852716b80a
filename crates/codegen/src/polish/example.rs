//! Shows in the documentation of each method how it is called, with the contract's examples as
//! values. What has no example is named and not made up: in a documentation test it is an argument
//! of the function around the call.

use std::collections::{BTreeMap, HashMap};

use prettyplease::unparse;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use serde_json::Value;
use syn::{File, FnArg, Ident, Pat, Path, Signature, Type, TypeParamBound, parse_quote};

use super::operations::Contract;
use super::shape::{arguments, arguments_of_path};
use super::{Known, docs, mentions, methods, paths, request, types};
use crate::generate::{Asked, Given, Home};
use crate::identifier;
use contract::operation::Operation;
use expression::{Expressions, last_name};
use json::Values;
use request::{Request, requests};
use types::Types;

mod expression;
mod json;
mod number;
mod parsed;
mod request;
mod types;

pub(super) fn pass(file: &mut File, contract: &Contract<'_>, known: &Known, home: &Home) {
    let examples = with_maker(file, contract, known, home, |maker, operations| {
        let examples = operations.iter().map(|known| {
            let (signature, operation) = (*known)?;
            let given = (&BTreeMap::new(), shown(operation));
            let call = maker.call(signature, operation, given, LONGEST)?;
            Some(call.lines(home.is_seen()))
        });
        examples.collect::<Vec<Option<Vec<String>>>>()
    });
    for (method, lines) in methods(file).zip(examples.unwrap_or_default()) {
        docs::append(&mut method.attrs, &lines.unwrap_or_default());
    }
}

/// A program for each call that is asked for.
pub(super) fn calls(
    file: &mut File,
    contract: &Contract<'_>,
    known: &Known,
    home: &Home,
    asked: &Asked,
) -> Vec<crate::Call> {
    let nothing = Given::default();
    let calls = with_maker(file, contract, known, home, |maker, operations| {
        let calls = operations
            .iter()
            .flatten()
            .flat_map(|(signature, operation)| {
                let client = client(contract, operation, &asked.prefix);
                let title = operation.title();
                let given = asked.given.get(&title).unwrap_or(&nothing);
                let shown = given.bodies.iter();
                let shown = shown.map(|(name, value)| (name.as_str(), Some(value)));
                // Where nothing is sent, there is one call.
                let plain = operation.request.is_none().then_some(("", None));
                shown.chain(plain).filter_map(move |(name, body)| {
                    let given = (&given.parameters, body);
                    let call = maker.call(signature, operation, given, LONGEST_OF_PROGRAM)?;
                    Some(crate::Call {
                        operation: title.clone(),
                        example: name.to_owned(),
                        code: call.program(&client)?,
                    })
                })
            });
        calls.collect::<Vec<_>>()
    });
    calls.unwrap_or_default()
}

/// Writes calls.
struct Maker<'a> {
    requests: HashMap<&'a Ident, Request<'a>>,
    types: Types<'a>,
    path: Path,
}

impl Maker<'_> {
    fn call(
        &self,
        signature: &Signature,
        operation: &Operation,
        given: (&BTreeMap<String, Value>, Option<&Value>),
        longest: usize,
    ) -> Option<Call<'_>> {
        let request = self.requests.get(request(signature)?)?;
        let given = (given, longest);
        Call::new(
            operation,
            signature,
            request,
            &self.types,
            &self.path,
            given,
        )
    }
}

/// The methods of the client, in order, each with its operation, if it is one's.
type Methods<'a> = [Option<(&'a Signature, &'a Operation)>];

/// What `make` makes of the file's methods; nothing where callers have no path to them.
fn with_maker<T>(
    file: &mut File,
    contract: &Contract<'_>,
    known: &Known,
    home: &Home,
    make: impl FnOnce(&Maker<'_>, &Methods<'_>) -> T,
) -> Option<T> {
    let path = syn::parse_str::<Path>(&home.path).ok()?;
    let signatures: Vec<Signature> = methods(file).map(|method| method.sig.clone()).collect();
    let held = types(file).map(std::mem::take).unwrap_or_default();
    let made = {
        let maker = Maker {
            types: Types::of(&held, known),
            requests: requests(file),
            path,
        };
        let operations = signatures.iter().map(|signature| {
            let operation = contract.operation(&signature.ident.to_string())?;
            Some((signature, operation))
        });
        make(&maker, &operations.collect::<Vec<_>>())
    };
    if let Some(types) = types(file) {
        *types = held;
    }
    Some(made)
}

/// So many lines an argument has at most in documentation, where more says less,
const LONGEST: usize = 24;
/// and in a program, which shows what the contract shows.
const LONGEST_OF_PROGRAM: usize = 400;

/// What is shown of what an operation sends.
fn shown(operation: &Operation) -> Option<&Value> {
    value(&operation.request.as_ref()?.content.first()?.examples)
}

/// A client with the credentials of the first way into an operation.
fn client(contract: &Contract<'_>, operation: &Operation, prefix: &str) -> TokenStream {
    let ways = operation.security.iter().flatten();
    let schemes = ways.take(1).flat_map(|way| &way.schemes);
    let credentials = schemes.filter_map(|(name, _)| {
        let mut all = contract.schemes.all.iter();
        let known = all.find(|known| known.scheme.name == *name)?;
        let (method, variables) = (&known.method, known.scheme.scheme.variables(prefix));
        match variables.as_slice() {
            [] => None,
            [user, password] => {
                Some(quote!(.#method(&std::env::var(#user)?, std::env::var(#password)?)))
            }
            [variable, ..] => Some(quote!(.#method(std::env::var(#variable)?))),
        }
    });
    let credentials: Vec<_> = credentials.collect();
    quote!(Builder::new()#(#credentials)*.build()?)
}

/// A call as it is written.
struct Call<'a> {
    path: &'a Path,
    /// What must be there: arguments of the function around.
    open: Vec<TokenStream>,
    statements: TokenStream,
    /// Whether `response` is what is answered.
    answers: bool,
    /// The contract's types that are named.
    names: Vec<Ident>,
    /// What stands in it of any JSON.
    json: Values,
}

impl<'a> Call<'a> {
    fn new(
        operation: &Operation,
        signature: &Signature,
        request: &Request<'_>,
        types: &Types<'_>,
        path: &'a Path,
        ((parameters, body), longest): ((&BTreeMap<String, Value>, Option<&Value>), usize),
    ) -> Option<Self> {
        let mut expressions = Expressions::new(types, longest, path);
        let mut open = Vec::new();
        let mut before = TokenStream::new();
        let mut arguments = Vec::new();
        let has_body = operation.request.is_some();
        for (name, ty) in arguments_of(signature) {
            let is_body = has_body && name == "body";
            let example = match is_body {
                true => body,
                false => parameter(operation, name, parameters),
            };
            let mut made = example.and_then(|value| expressions.argument(ty, value));
            if is_body {
                made = made
                    .or_else(|| {
                        let (made, names) = expressions.outline(ty, signature)?;
                        open.extend(names);
                        Some(made)
                    })
                    .map(|made| lend(&mut before, ty, &made));
            }
            arguments.push(made.unwrap_or_else(|| {
                let free = free(name, signature);
                open.push(match (lent(ty), of_runtime(ty)) {
                    (Some(ty), _) => quote!(#free: &#ty),
                    (None, Some(name)) => quote!(#free: #path::#name),
                    (None, None) => quote!(#free: #ty),
                });
                quote!(#free)
            }));
        }
        let method = &signature.ident;
        let mut call = quote!(client.#method(#(#arguments),*));
        for parameter in &operation.parameters {
            let example = value(&parameter.examples).filter(|_| !parameter.deprecated);
            let name = identifier::method(&parameter.name);
            let Some((setter, value)) = request.methods.get(&name).zip(example) else {
                continue;
            };
            let argument = arguments_of(setter).next();
            if let Some(made) = argument.and_then(|(_, ty)| expressions.argument(ty, value)) {
                let setter = &setter.ident;
                call.extend(quote!(.#setter(#made)));
            }
        }
        let setter = request.methods.get("body").filter(|_| has_body);
        let argument = setter.and_then(|setter| arguments_of(setter).next());
        if let Some(((_, ty), value)) = argument.zip(body)
            && let Some(made) = expressions.argument(ty, value)
        {
            let lent = lend(&mut before, ty, &made);
            call.extend(quote!(.body(#lent)));
        }
        let taken = |all: &Ident, one: &Ident, stream: TokenStream| {
            quote! {
                let mut #all = #stream;
                while let Some(#one) = #all.next().await {
                    println!("{:?}", #one?);
                }
            }
        };
        let has_items = request.methods.contains_key("items");
        let after = match (has_items, &request.gives) {
            (true, _) => {
                let (items, item) = (format_ident!("items"), format_ident!("item"));
                taken(&items, &item, quote!(#call.items()))
            }
            (false, Some((all, one))) => taken(all, one, quote!(#call.await?.into_inner())),
            (false, None) if request.gives_nothing => quote!(#call.await?;),
            (false, None) => quote!(let response = #call.await?;),
        };
        let answers = !has_items && request.gives.is_none() && !request.gives_nothing;
        let (names, json) = expressions.finish();
        Some(Self {
            path,
            open,
            statements: quote!(#before #after),
            answers,
            names,
            json,
        })
    }

    /// The block of an example; where other crates see the client, one that is compiled.
    fn lines(&self, is_seen: bool) -> Vec<String> {
        let Self { path, open, .. } = self;
        let statements = &self.statements;
        let mut function: File = parse_quote! {
            async fn example(
                client: &#path::Client, #(#open),*
            ) -> Result<(), Box<dyn std::error::Error>> {
                #statements
            }
        };
        paths::pass(&mut function);
        let text = self.json.set(&unparse(&function));
        let end = text.lines().position(|line| line.ends_with('{'));
        let (head, rest): (Vec<_>, Vec<_>) = text
            .lines()
            .enumerate()
            .partition(|(index, _)| Some(*index) <= end);
        let hidden = |line: &str| format!("# {line}");
        let mut lines = vec!["# Examples".to_owned(), String::new()];
        lines.push(match is_seen {
            true => "```no_run".to_owned(),
            false => "```ignore".to_owned(),
        });
        if is_seen {
            if open
                .iter()
                .any(|argument| mentions(argument.clone(), "types"))
            {
                lines.push(format!("# use {}::types;", path.to_token_stream()));
            }
            lines.extend(head.iter().map(|(_, line)| hidden(line)));
        }
        lines.extend(self.import());
        let body = rest.iter().map(|(_, line)| *line);
        let body = body.take_while(|line| *line != "}");
        lines.extend(body.map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()));
        if is_seen {
            lines.extend(["# Ok(())", "# }"].map(str::to_owned));
        }
        lines.push("```".to_owned());
        lines
    }

    /// A program around the call; nothing where something is missing.
    fn program(&self, client: &TokenStream) -> Option<String> {
        if !self.open.is_empty() {
            return None;
        }
        let statements = &self.statements;
        let print = self.answers.then(|| quote!(println!("{response:?}");));
        let mut program: File = parse_quote! {
            #[tokio::main]
            async fn main() -> Result<(), Box<dyn std::error::Error>> {
                let client = #client;
                #statements
                #print
                Ok(())
            }
        };
        paths::pass(&mut program);
        let path = self.path.to_token_stream().to_string().replace(' ', "");
        let import = self.import().join("\n");
        let text = self.json.set(&unparse(&program));
        Some(format!(
            "use {path}::Builder;\n{import}\n{}",
            text.trim_end()
        ))
    }

    fn import(&self) -> Vec<String> {
        let (path, names) = (self.path, &self.names);
        let import: File = match names.as_slice() {
            [] => return Vec::new(),
            [only] => parse_quote!(use #path::types::#only;),
            _ => parse_quote!(use #path::types::{#(#names),*};),
        };
        let text = unparse(&import);
        let lines = text.lines().map(str::to_owned);
        lines.chain([String::new()]).collect()
    }
}

/// The arguments that have names.
fn arguments_of(signature: &Signature) -> impl Iterator<Item = (&Ident, &Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => Some((&pattern.ident, &*argument.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// A name for an argument of the function around, whose first is the client.
fn free(name: &Ident, beside: &Signature) -> Ident {
    let mut free = name.clone();
    while free == "client" || (free != *name && arguments_of(beside).any(|(one, _)| *one == free)) {
        free = format_ident!("given_{free}");
    }
    free
}

/// What the contract shows of an argument, or else what is given for it.
fn parameter<'a>(
    operation: &'a Operation,
    argument: &Ident,
    given: &'a BTreeMap<String, Value>,
) -> Option<&'a Value> {
    let mut parameters = operation.parameters.iter();
    let found = parameters.find(|one| *argument == identifier::method(&one.name))?;
    value(&found.examples).or_else(|| given.get(&found.name))
}

fn value(examples: &[contract::operation::Example]) -> Option<&Value> {
    examples.iter().find_map(|example| example.value.as_ref())
}

/// Gives a body a name, as which it is lent or given.
fn lend(before: &mut TokenStream, ty: &Type, made: &TokenStream) -> TokenStream {
    before.extend(quote!(let body = #made;));
    match lent(ty) {
        Some(_) => quote!(&body),
        None => quote!(body),
    }
}

/// The runtime's type of a body that is a file or a form, as clients call it.
fn of_runtime(ty: &Type) -> Option<&Ident> {
    let into = match ty {
        Type::ImplTrait(bounds) => match bounds.bounds.first()? {
            TypeParamBound::Trait(into) => arguments_of_path(&into.path).into_iter().next(),
            _ => None,
        },
        _ => None,
    };
    let is_alone = |ty: &&Type| matches!(ty, Type::Path(path) if path.path.get_ident().is_some());
    let name = last_name(into.or(Some(ty)).filter(is_alone)?)?;
    ["File", "Parts"]
        .iter()
        .any(|known| name == known)
        .then_some(name)
}

/// The type of what is lent for an argument, if it is; a merge patch may be what a reference says.
fn lent(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Reference(lent) => Some(&lent.elem),
        Type::ImplTrait(bounds) => {
            let TypeParamBound::Trait(into) = bounds.bounds.first()? else {
                return None;
            };
            let patch = arguments_of_path(&into.path).into_iter().next()?;
            let is_patch = last_name(patch).is_some_and(|name| name == "MergePatch");
            arguments(patch).into_iter().next().filter(|_| is_patch)
        }
        _ => None,
    }
}
