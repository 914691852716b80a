//! The names that the generator makes of a contract's: of an operation a method, of a
//! component a type, of a property a field. Passes before the generator keep apart what it
//! would call the same, and those after it find what it wrote by these names, not by reading
//! what it says.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use unicode_ident::{is_xid_continue, is_xid_start};

/// A name of which the generator makes an identifier that the compiler does not warn of: what
/// can be taken for another character, or is another after normalisation, separates words
/// (Unicode Technical Standard 39, section 3.1). Names that differ from this need a stand-in.
pub(crate) fn plain(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii() && !is_plain(c), "-")
}

/// Whether letters or digits are left of a name.
pub(crate) fn says(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_alphanumeric() || is_plain(c))
}

/// Letters of Latin with marks, and those of East Asia.
fn is_plain(c: char) -> bool {
    let latin = matches!(c, 'À'..='ž') && !"×÷İıĲĳĿŀŉ".contains(c);
    let east_asian = matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='\u{9fff}' | '가'..='힣');
    latin || east_asian
}

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
    match is_keyword(&name) {
        true => format!("{name}_"),
        false => name,
    }
}

/// Whether a word is Rust's own, and no name (The Rust Reference, "Keywords").
///
/// ```
/// assert!(codegen::is_keyword("type") && !codegen::is_keyword("kind"));
/// ```
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

const KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::{field, method, plain, says, type_name};

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
    fn names_keep_what_cannot_be_taken_for_something_else() {
        assert_eq!(plain("größe_名前"), "größe_名前");
        assert_eq!(plain("p\u{430}y"), "p-y");
        assert_eq!(plain("e\u{301}ª"), "e--");
        assert!(says("名") && !says("ª\u{202e}-") && !says(""));
    }

    #[test]
    fn a_method_is_called_what_its_name_says() {
        for name in ["a__b", "_a", "getX1Y", "été_Élan", "type", "404", "名前X"] {
            let once = method(name);
            assert_eq!(method(&once), once, "{name}");
        }
    }
}
