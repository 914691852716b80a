//! The responses that a document shows, each with the type that a client reads it as.

use std::collections::{HashMap, HashSet};
use std::error::Error;

use contract::Checked;
use contract::operation::{Response, Status};
use contract::schema::Direction;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use syn::{Expr, Field, File, ImplItem, Item, Stmt, Type};

/// A response that the document shows.
#[derive(Deserialize, Serialize)]
pub(crate) struct Shown {
    /// Where it stands.
    pub(crate) place: String,
    /// The type that a client reads it as.
    pub(crate) ty: String,
    /// Whether it is what its schema says.
    pub(crate) is_valid: bool,
    pub(crate) value: Value,
}

/// Those of all operations that have JSON.
pub(crate) fn shown(checked: &Checked, code: &str) -> Result<Vec<Shown>, Box<dyn Error>> {
    let types = Types::of(&syn::parse_str(code)?);
    let schemas = checked.schemas();
    let mut all = Vec::new();
    for operation in &checked.api().operations {
        let call = (operation.method.to_string(), operation.path.clone());
        for response in &operation.responses {
            let is_json = |name: &str| {
                name.split(';')
                    .next()
                    .is_some_and(|it| it.ends_with("json"))
            };
            let Some(media_type) = response.content.iter().find(|it| is_json(&it.name)) else {
                continue;
            };
            let Some(ty) = types.read(&call, response) else {
                continue;
            };
            let schema = media_type.schema.as_ref();
            let schema = schema.map(|at| schemas.get(&at.origin.pointer, Direction::Response));
            let schema = schema.transpose().ok().flatten();
            for example in &media_type.examples {
                if let Some(value) = &example.value {
                    all.push(Shown {
                        place: example.origin.pointer.clone(),
                        ty: ty.clone(),
                        is_valid: schema.as_ref().is_none_or(|it| it.check(value).is_empty()),
                        value: value.clone(),
                    });
                }
            }
        }
    }
    Ok(all)
}

/// The types of a crate by what they are for.
struct Types {
    /// What each operation gives, by its method and path: a success, and an error.
    calls: HashMap<(String, String), [String; 2]>,
    /// What types hold that have a variant for each status, by their path.
    by_status: HashMap<String, HashMap<String, String>>,
}

impl Types {
    fn of(file: &File) -> Self {
        let mut types = Self {
            calls: HashMap::new(),
            by_status: HashMap::new(),
        };
        let requests: HashMap<String, [String; 2]> = module(file, "requests")
            .filter_map(|item| match item {
                Item::Struct(item) => {
                    Some((item.ident.to_string(), given(item.fields.iter().next()?)?))
                }
                _ => None,
            })
            .collect();
        let own: HashSet<String> = module(file, "types").filter_map(name).collect();
        for item in module(file, "types") {
            let Item::Enum(item) = item else { continue };
            let variants = item.variants.iter().filter_map(|variant| {
                let name = variant.ident.to_string().strip_prefix("Status")?.to_owned();
                let ty = match variant.fields.iter().next() {
                    Some(field) => outside(field.ty.to_token_stream(), &own),
                    None => quote!(()),
                };
                Some((name, path(&ty)))
            });
            let variants: HashMap<String, String> = variants.collect();
            if variants.len() == item.variants.len() {
                types
                    .by_status
                    .insert(format!("types::{}", item.ident), variants);
            }
        }
        for item in &file.items {
            let Item::Impl(item) = item else { continue };
            for member in &item.items {
                if let ImplItem::Fn(function) = member
                    && let Some(call) = called(&function.block)
                    && let syn::ReturnType::Type(_, ty) = &function.sig.output
                    && let Type::Path(request) = &**ty
                    && let Some(name) = request.path.segments.last()
                    && let Some(given) = requests.get(&name.ident.to_string())
                {
                    types.calls.insert(call, given.clone());
                }
            }
        }
        types
    }

    /// What a response of an operation is read as, if that is a type.
    fn read(&self, call: &(String, String), response: &Response) -> Option<String> {
        let [success, error] = self.calls.get(call)?;
        let key = match response.status {
            Status::Code(code) => code.to_string(),
            Status::Range(digit) => format!("{digit}XX"),
            Status::Default => "4XX".to_owned(),
        };
        let ty = match response.status.codes() {
            Some((200..=299, _)) => match self.by_status.get(success) {
                Some(variants) => variants.get(&key)?,
                None => success,
            },
            _ => self.by_status.get(error)?.get(&key)?,
        };
        (!ty.contains("ByteStream") && ty != "()").then(|| ty.clone())
    }
}

fn module<'a>(file: &'a File, name: &'a str) -> impl Iterator<Item = &'a Item> {
    let modules = file.items.iter().filter_map(move |item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items)
}

/// `S` and `E` of `Request<S, E>`.
fn given(field: &Field) -> Option<[String; 2]> {
    let Type::Path(ty) = &field.ty else {
        return None;
    };
    let syn::PathArguments::AngleBracketed(within) = &ty.path.segments.last()?.arguments else {
        return None;
    };
    let types: Vec<String> = within.args.iter().map(path).collect();
    types.try_into().ok()
}

fn name(item: &Item) -> Option<String> {
    match item {
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// A type of the module of types as code outside of it names it: there every other type that is
/// called so has a path.
fn outside(ty: TokenStream, own: &HashSet<String>) -> TokenStream {
    let mut is_first = true;
    let tokens = ty.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let inner = outside(group.stream(), own);
            proc_macro2::Group::new(group.delimiter(), inner).into_token_stream()
        }
        TokenTree::Ident(name) if is_first && own.contains(&name.to_string()) => {
            quote!(types::#name)
        }
        other => {
            is_first = !matches!(&other, TokenTree::Punct(punct) if punct.as_char() == ':');
            other.into_token_stream()
        }
    });
    tokens.collect()
}

/// A type as it is written in a line.
fn path(ty: &impl ToTokens) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

/// The method and the path in `const OPERATION`.
fn called(block: &syn::Block) -> Option<(String, String)> {
    let constant = block.stmts.iter().find_map(|statement| match statement {
        Stmt::Item(Item::Const(item)) => Some(&item.expr),
        _ => None,
    })?;
    let Expr::Struct(operation) = &**constant else {
        return None;
    };
    let text = |name: &str| {
        let field = operation
            .fields
            .iter()
            .find(|field| matches!(&field.member, syn::Member::Named(member) if member == name))?;
        match &field.expr {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        }
    };
    Some((text("method")?, text("path")?))
}
