//! The header `Link` (RFC 8288, section 3).

use reqwest::header::{HeaderMap, LINK};

/// Where the next page is, as the server wrote it: the first link of the relation `next`.
pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(LINK).iter();
    // What is said beside the address may be in any encoding.
    let mut fields = fields.map(|field| String::from_utf8_lossy(field.as_bytes()));
    fields.find_map(|field| next_in(&field).map(str::to_owned))
}

pub(crate) fn next_in(field: &str) -> Option<&str> {
    let mut rest = field;
    loop {
        let link = rest.trim_start_matches([' ', '\t', ',']);
        let Some((target, after)) = target(link) else {
            // What is no link takes nothing from those behind it.
            rest = link.split_once(',')?.1;
            continue;
        };
        let (parameters, after) = parameters(after);
        let parameter = |name: &str| parameters.iter().find(|(known, _)| known == name);
        // What is said of another document is no page of this one (section 3.2).
        if parameter("rel").is_some_and(|(_, rel)| has(rel, "next"))
            && parameter("anchor").is_none()
        {
            return Some(target.trim());
        }
        rest = after;
    }
}

/// The address of a link, and what follows it.
fn target(link: &str) -> Option<(&str, &str)> {
    let (target, after) = link.strip_prefix('<')?.split_once('>')?;
    (!target.contains('<')).then_some((target, after))
}

/// Whether a list of relations has one, whatever its case (section 2.1.1).
fn has(relations: &str, wanted: &str) -> bool {
    let mut relations = relations.split_ascii_whitespace();
    relations.any(|relation| relation.eq_ignore_ascii_case(wanted))
}

/// The parameters of a link, their names in lower case, and what follows the link.
fn parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => (String::new(), after),
        };
        parameters.push((name.trim().to_ascii_lowercase(), value));
        rest = after.trim_start();
    }
    // What is no parameter belongs to no link.
    let end = rest.find(',').unwrap_or(rest.len());
    (parameters, rest.split_at(end).1)
}

/// A token or a quoted string (RFC 9110, section 5.6.4), and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (token, after) = text.split_at(end);
        return (token.trim().to_owned(), after);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, quoted.split_at(at + 1).1),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(char),
        }
    }
    (value, "")
}
