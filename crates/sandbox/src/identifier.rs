//! Identifiers of members that are made: of the form of those that are shown, and each another one.

use serde_json::{Map, Value};

/// An identifier of the same form that no other member has.
pub(crate) fn fresh(id: &Value, number: u64) -> Value {
    match id {
        Value::Number(old) => (old.as_u64().unwrap_or_default().wrapping_add(number)).into(),
        Value::String(old) => turned(old, number).into(),
        other => other.clone(),
    }
}

/// So many digits in hexadecimal are no word.
const LONG: usize = 12;

/// The text with its last digits and letters counted on, each in its own kind.
fn turned(old: &str, mut number: u64) -> String {
    let mut out: Vec<char> = old.chars().collect();
    let hex = out.iter().rev();
    let hex = hex
        .take_while(|c| c.is_ascii_hexdigit() || **c == '-')
        .count();
    // `AC0123456789abcdef` ends in hexadecimal digits, and `made` does not.
    let is_hex = hex == out.len() || hex >= LONG;
    let counted = if is_hex { hex } else { out.len() };
    for c in out.iter_mut().rev().take(counted) {
        let (first, count) = match *c {
            '0'..='9' if is_hex => ('0', 10),
            'a'..='f' if is_hex => ('a', 6),
            'A'..='F' if is_hex => ('A', 6),
            '0'..='9' => ('0', 10),
            'a'..='z' => ('a', 26),
            'A'..='Z' => ('A', 26),
            _ => continue,
        };
        let at = u64::from(u32::from(*c) - u32::from(first)) + number % count;
        number = number / count + at / count;
        let digit = first as u32 + (at % count) as u32;
        *c = char::from_u32(digit).unwrap_or(*c);
        if number == 0 {
            break;
        }
    }
    let out: String = out.into_iter().collect();
    match number {
        0 => out,
        // All of its kind are taken: a number has more digits then.
        more if out.bytes().all(|byte| byte.is_ascii_digit()) => format!("{more}{out}"),
        more => format!("{out}{more}"),
    }
}

/// Puts one identifier in the place of another in the addresses of a member.
pub(crate) fn renamed(member: &mut Map<String, Value>, id: &str, old: &str, new: &str) {
    for (name, value) in member.iter_mut() {
        if let Value::String(text) = value
            && name != id
            && text.contains('/')
            && text.split('/').any(|segment| segment == old)
        {
            let mut address = String::with_capacity(text.len() + new.len());
            for segment in text.split_inclusive('/') {
                let (segment, end) = match segment.strip_suffix('/') {
                    Some(segment) => (segment, "/"),
                    None => (segment, ""),
                };
                address.push_str(if segment == old { new } else { segment });
                address.push_str(end);
            }
            *text = address;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::fresh;
    use crate::memory::text;

    #[test]
    fn identifiers_keep_their_form_and_are_all_different() {
        for (id, first) in [
            (
                json!("414a6d692bd645ed803f2e7ce360d4c8"),
                "414a6d692bd645ed803f2e7ce360d4c9",
            ),
            (json!("ffffffff-0000"), "ffffffff-0001"),
            (json!("PB9Z"), "PC0A"),
            (json!(7), "8"),
            (json!("z"), "a1"),
            (json!("0"), "1"),
            (json!("AC0123456789abcdef"), "AC0123456789abcdfa"),
            (json!(""), "1"),
        ] {
            assert_eq!(text(&fresh(&id, 1)), first, "{id}");
            let all: HashSet<String> = (0..5000).map(|number| text(&fresh(&id, number))).collect();
            assert_eq!(all.len(), 5000, "{id}");
        }
    }
}
