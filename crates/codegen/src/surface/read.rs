use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, File, FnArg, GenericArgument, ImplItem, ImplItemFn, Item as Syntax, ItemEnum,
    ItemImpl, ItemStruct, Meta, Pat, Path, PathArguments, Visibility,
};

use super::{Item, ItemKind, Surface};
use crate::polish::{REQUESTS, WEBHOOKS, given, request};

/// The public items of generated code.
///
/// # Errors
/// When the code is not Rust.
///
/// ```
/// let code = "pub mod types { pub struct Pet { pub name: String } }";
/// let surface = codegen::surface::read(code).unwrap();
/// assert_eq!(surface["Pet.name"].shown, "String");
/// ```
pub fn read(code: &str) -> Result<Surface, syn::Error> {
    Ok(of(&syn::parse_str(code)?))
}

/// The same of code that was read.
pub(crate) fn of(file: &File) -> Surface {
    let mut reader = Reader::default();
    for item in &file.items {
        match item {
            Syntax::Const(item) if is_public(&item.vis) => {
                let (name, ty, value) = (&item.ident, &item.ty, &item.expr);
                let shown = format!("{} = {}", text(ty), value.to_token_stream());
                let item = Item::new(ItemKind::Constant, None, name.to_string());
                reader.add(name.to_string(), item.reads(text(ty), shown));
            }
            Syntax::Mod(module) if module.ident == "types" => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    reader.in_types(item);
                }
            }
            Syntax::Mod(module) if module.ident == REQUESTS => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    reader.in_requests(item);
                }
            }
            Syntax::Mod(module) if module.ident == WEBHOOKS => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    reader.in_webhooks(item);
                }
            }
            Syntax::Impl(item) if item.trait_.is_none() => reader.client(item),
            _ => {}
        }
    }
    reader.surface
}

#[derive(Default)]
struct Reader {
    surface: Surface,
}

impl Item {
    fn new(kind: ItemKind, owner: Option<&str>, member: String) -> Self {
        Self {
            kind,
            owner: owner.map(str::to_owned),
            member,
            names: BTreeSet::new(),
            contract: String::new(),
            arguments: Vec::new(),
            shown: String::new(),
            is_open: false,
        }
    }

    fn reads(self, contract: String, shown: String) -> Self {
        Self {
            contract,
            shown,
            ..self
        }
    }

    fn of(mut self, types: &impl ToTokens) -> Self {
        let mut names = BTreeSet::new();
        crate::polish::names(types.to_token_stream(), &mut names);
        self.names.extend(names.iter().map(ToString::to_string));
        self
    }
}

impl Reader {
    fn add(&mut self, path: String, item: Item) {
        self.surface.insert(path, item);
    }

    fn in_types(&mut self, item: &Syntax) {
        match item {
            Syntax::Struct(item) if is_public(&item.vis) => self.structure(item),
            Syntax::Enum(item) if is_public(&item.vis) => {
                self.enumeration(item.ident.to_string(), item);
            }
            Syntax::Type(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let shown = format!("type = {}", text(&item.ty));
                let item = Item::new(ItemKind::Type, Some(&name), name.clone());
                self.add(name, item.reads(shown.clone(), shown));
            }
            Syntax::Impl(item) => self.implementation(item),
            _ => {}
        }
    }

    /// The type of a request, with what awaiting it gives, and its methods.
    fn in_requests(&mut self, item: &Syntax) {
        match item {
            Syntax::Struct(item) if is_public(&item.vis) => {
                let name = format!("{REQUESTS}::{}", item.ident);
                if let Some([success, error]) = given(item) {
                    let (success, error) = (text(success), text(error));
                    let given = format!("Result<ResponseValue<{success}>, Error<{error}>>");
                    let own = Item::new(ItemKind::Request, Some(&name), item.ident.to_string());
                    self.add(name, own.reads(given.clone(), given).of(&item.fields));
                }
            }
            Syntax::Impl(item) if item.trait_.is_none() => {
                let target = format!("{REQUESTS}::{}", text(&item.self_ty));
                for function in functions(item) {
                    self.function(&target, ItemKind::Method, function);
                }
            }
            _ => {}
        }
    }

    fn in_webhooks(&mut self, item: &Syntax) {
        match item {
            Syntax::Enum(item) if is_public(&item.vis) => {
                self.enumeration(format!("{WEBHOOKS}::{}", item.ident), item);
            }
            Syntax::Impl(item) if item.trait_.is_none() => {
                let target = format!("{WEBHOOKS}::{}", text(&item.self_ty));
                for function in functions(item) {
                    self.function(&target, ItemKind::Method, function);
                }
            }
            _ => {}
        }
    }

    fn declaration(&mut self, name: &str, word: &str, attributes: &[Attribute]) {
        let mut item = Item::new(ItemKind::Type, Some(name), name.to_owned());
        let is_open = |attribute: &Attribute| attribute.path().is_ident("non_exhaustive");
        item.is_open = attributes.iter().any(is_open);
        self.add(
            name.to_owned(),
            item.reads(word.to_owned(), word.to_owned()),
        );
        for derived in derives(attributes) {
            let item = Item::new(ItemKind::Trait, Some(name), derived.clone());
            self.add(
                format!("{name}: {derived}"),
                item.reads(String::new(), derived),
            );
        }
    }

    fn structure(&mut self, item: &ItemStruct) {
        let name = item.ident.to_string();
        let word = match item.fields {
            syn::Fields::Named(_) => "struct",
            _ => "struct of one value",
        };
        self.declaration(&name, word, &item.attrs);
        for (index, field) in item.fields.iter().enumerate() {
            if is_public(&field.vis) {
                let field_name = match &field.ident {
                    Some(ident) => ident.to_string(),
                    None => index.to_string(),
                };
                let ty = text(&field.ty);
                let path = format!("{name}.{field_name}");
                let item = Item::new(ItemKind::Field, Some(&name), field_name);
                self.add(path, item.reads(ty.clone(), ty).of(&field.ty));
            }
        }
    }

    fn enumeration(&mut self, name: String, item: &ItemEnum) {
        self.declaration(&name, "enum", &item.attrs);
        for variant in &item.variants {
            let content = text(&variant.fields);
            let path = format!("{name}::{}", variant.ident);
            let shown = format!("{}{content}", variant.ident);
            let item = Item::new(ItemKind::Variant, Some(&name), variant.ident.to_string());
            self.add(path, item.reads(content, shown).of(&variant.fields));
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let target = text(&item.self_ty);
        match &item.trait_ {
            Some((path, _)) => {
                let path = last(path);
                // `impl From<Source> for String` belongs to `Source`.
                let owner = match self.surface.contains_key(&target) {
                    true => target.clone(),
                    false => argument(&path).unwrap_or_else(|| target.clone()),
                };
                let name = format!("{target}: {path}");
                let item = Item::new(ItemKind::Trait, Some(&owner), path.clone());
                self.add(name, item.reads(String::new(), path));
            }
            None => {
                for function in functions(item) {
                    self.function(&target, ItemKind::Method, function);
                }
            }
        }
    }

    fn client(&mut self, item: &ItemImpl) {
        for function in functions(item) {
            let kind = match request(&function.sig) {
                Some(_) => ItemKind::Operation,
                None => ItemKind::Method,
            };
            self.function("Client", kind, function);
        }
    }

    fn function(&mut self, owner: &str, kind: ItemKind, function: &ImplItemFn) {
        let signature = &function.sig;
        let (mut types, mut names) = (Vec::new(), Vec::new());
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => types.push(text(receiver)),
                FnArg::Typed(argument) => {
                    types.push(text(&argument.ty));
                    names.push(match &*argument.pat {
                        Pat::Ident(name) => name.ident.to_string(),
                        other => text(other),
                    });
                }
            }
        }
        let name = format!("{owner}::{}", signature.ident);
        let output = text(&signature.output);
        let contract = format!("{} {output}", types.join(", "));
        let item = Item::new(kind, Some(owner), signature.ident.to_string());
        let mut item = item.reads(contract, shown(function)).of(signature);
        item.arguments = names;
        self.add(name, item);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn functions(item: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(function) if is_public(&function.vis) => Some(function),
        _ => None,
    })
}

/// The last names of derived traits, without those behind a feature.
fn derives(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("derive") => Some(list.tokens.clone()),
            _ => None,
        });
    let names = lists.flat_map(|tokens| {
        let text = tokens.to_string();
        let name = |path: &str| path.rsplit("::").next().unwrap_or(path).trim().to_owned();
        text.split(',').map(name).collect::<Vec<_>>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// A trait as it is called where it is derived, with the types that it is of.
fn last(path: &Path) -> String {
    let Some(last) = path.segments.last() else {
        return text(path);
    };
    let is_lifetime = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
    match &last.arguments {
        PathArguments::AngleBracketed(of) if of.args.iter().all(is_lifetime) => text(&last.ident),
        _ => text(last),
    }
}

/// The argument of a generic path: `Source` of `From<Source>`.
fn argument(path: &str) -> Option<String> {
    let inner = path.split_once('<')?.1.strip_suffix('>')?;
    Some(inner.trim_start_matches('&').to_owned())
}

/// A signature on one line, without the lifetimes that progenitor writes out.
fn shown(function: &ImplItemFn) -> String {
    let mut signature = function.sig.clone();
    signature.generics = syn::Generics::default();
    text(&signature)
}

/// Tokens as a person would write them.
fn text(tokens: &impl ToTokens) -> String {
    let tokens: TokenStream = tokens.to_token_stream();
    tidy(&tokens.to_string())
}

/// Without the blanks that a token stream prints around everything.
fn tidy(raw: &str) -> String {
    let mut text = raw.to_owned();
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        ("< ", "<"),
        (" > ", "> "),
        (" >", ">"),
        (" ,", ","),
        (" ;", ";"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" :", ":"),
        ("types::", ""),
        ("super::", ""),
        ("std::collections::", ""),
        ("chrono::offset::", ""),
        ("chrono::", ""),
        ("'a self", "self"),
        ("'a ", ""),
        (",)", ")"),
        (",>", ">"),
        ("=(", "= ("),
        ("-> ", " -> "),
        ("  ->", " ->"),
        ("->  ", "-> "),
    ] {
        text = text.replace(from, to);
    }
    text.trim().to_owned()
}
