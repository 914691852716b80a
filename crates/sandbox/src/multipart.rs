//! Bodies of several parts (RFC 7578), whole in memory. The crates that read them read streams, and
//! bring tables of every encoding for it.

/// One part of a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    /// What the form calls it.
    pub(crate) name: String,
    /// The media type that it says it is of.
    pub(crate) media_type: Option<String>,
    /// Whether it is a file.
    pub(crate) is_file: bool,
    /// What it holds.
    pub(crate) bytes: &'b [u8],
}

/// The parts between the boundaries that a media type names.
///
/// # Errors
/// Why it is no such body.
pub(crate) fn parts<'b>(media_type: &str, body: &'b [u8]) -> Result<Vec<Part<'b>>, String> {
    let boundary = parameter(media_type, "boundary").ok_or("the media type names no `boundary`")?;
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = match body.starts_with(delimiter.as_bytes()) {
        true => &body[delimiter.len()..],
        false => {
            after(body, &format!("\r\n{delimiter}"))
                .ok_or("the first boundary is missing")?
                .1
        }
    };
    while !rest.starts_with(b"--") {
        let (_, inner) = after(rest, "\r\n").ok_or("a boundary has no end of its line")?;
        let (part, next) =
            after(inner, &format!("\r\n{delimiter}")).ok_or("the last boundary is missing")?;
        parts.push(part_of(part)?);
        rest = next;
    }
    Ok(parts)
}

/// What is before a text, and what is behind it.
fn after<'b>(bytes: &'b [u8], text: &str) -> Option<(&'b [u8], &'b [u8])> {
    let mut windows = bytes.windows(text.len());
    let at = windows.position(|window| window == text.as_bytes())?;
    Some((&bytes[..at], &bytes[at + text.len()..]))
}

fn part_of(part: &[u8]) -> Result<Part<'_>, String> {
    // A part without headers begins with the empty line.
    let (head, bytes) = match part.strip_prefix(b"\r\n") {
        Some(bytes) => (&b""[..], bytes),
        None => after(part, "\r\n\r\n").ok_or("a part has no empty line after its headers")?,
    };
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.find_map(|(known, value)| {
            let is_it = known.trim().eq_ignore_ascii_case(name);
            is_it.then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition").unwrap_or_default();
    Ok(Part {
        name: parameter(&disposition, "name").ok_or("a part has no name")?,
        media_type: header("content-type"),
        is_file: parameter(&disposition, "filename").is_some(),
        bytes,
    })
}

/// A parameter behind a semicolon, its quotes taken away.
pub(crate) fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (known, after) = rest.split_once('=')?;
        let (text, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        if known.trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = next.split_once(';')?.1;
    }
}

/// A text up to its quote, and what is behind it. Browsers write a quote as `%22`, others as `\"`.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out.replace("%22", "\""), &text[at + 1..])),
            '\\' => out.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => out.push(c),
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{parameter, parts};

    const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"x y\"";

    #[test]
    fn parts_are_read_as_browsers_and_clients_write_them() {
        let body = b"preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x y\r\n\
            content-disposition: form-data; filename=\"b;\\\"c.txt\"; name=\"file\"\r\nContent-Type: text/plain\r\n\r\n\
            \r\n--x\r\n\r\n--x y--\r\nepilogue";
        let parts = parts(TYPE, body).unwrap();
        let shown: Vec<_> = parts
            .iter()
            .map(|part| {
                (
                    part.name.as_str(),
                    part.media_type.as_deref(),
                    part.is_file,
                    part.bytes,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a", None, false, &b"1"[..]),
                ("file", Some("text/plain"), true, &b"\r\n--x\r\n"[..]),
            ]
        );
        assert_eq!(super::parts(TYPE, b"--x y--").unwrap(), []);
    }

    #[test]
    fn what_is_no_such_body_says_why() {
        for (media_type, body, expected) in [
            (
                "multipart/form-data",
                "",
                "the media type names no `boundary`",
            ),
            (TYPE, "", "the first boundary is missing"),
            (TYPE, "--x y\r\n\r\n", "the last boundary is missing"),
            (TYPE, "--x y", "a boundary has no end of its line"),
            (
                TYPE,
                "--x y\r\na: b\r\n--x y--",
                "a part has no empty line after its headers",
            ),
            (TYPE, "--x y\r\n\r\n1\r\n--x y--", "a part has no name"),
        ] {
            assert_eq!(
                parts(media_type, body.as_bytes()),
                Err(expected.to_owned()),
                "{body}"
            );
        }
        assert_eq!(parameter("a; b=\"c", "b"), None);
    }
}
