//! The names that the generator makes of a contract's: of an operation a method, of a
//! component a type, of a property a field. Passes before the generator keep apart what it
//! would call the same, and those after it find what it wrote by these names, not by reading
//! what it says.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The method of an operation, or the argument of a parameter.
pub(crate) fn method(name: &str) -> String {
    identifier(name, str::to_snake_case, "_")
}

/// The field of a property.
pub(crate) fn field(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// The type of a component, or the variant of a value.
pub(crate) fn type_name(name: &str) -> String {
    identifier(name, str::to_upper_camel_case, "X")
}

/// As progenitor and typify do it; they differ in what stands before a digit.
fn identifier(name: &str, case: fn(&str) -> String, before_digit: &str) -> String {
    let words = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &name
                .replace('\'', "")
                .replace(|c: char| !is_xid_continue(c), "-"),
        ),
    };
    let name = match words.chars().next() {
        None => case("x"),
        Some(first) if is_xid_start(first) => words,
        Some(_) => format!("{before_digit}{words}"),
    };
    match KEYWORDS.contains(&name.as_str()) {
        true => format!("{name}_"),
        false => name,
    }
}

/// Words that are no names (The Rust Reference, "Keywords").
const KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::{field, method, type_name};

    #[test]
    fn names_are_those_of_the_generator() {
        assert_eq!(method("getPet's-Name"), "get_pets_name");
        assert_eq!(method("404"), "_404");
        assert_eq!(field("404"), "x404");
        assert_eq!(field("type"), "type_");
        assert_eq!(field("$"), "x");
        assert_eq!(type_name("self"), "Self_");
        assert_eq!(type_name("1st"), "X1st");
        assert_eq!(type_name("+1"), "plus1");
    }

    #[test]
    fn a_method_is_called_what_its_name_says() {
        for name in ["a__b", "_a", "getX1Y", "été_Élan", "type", "404", "İx"] {
            let once = method(name);
            assert_eq!(method(&once), once, "{name}");
        }
    }
}
