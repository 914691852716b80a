//! Manifests, of the work tree or of a revision, as far as the commands want to know them.

use std::io;
use std::ops::Range;

use contract::source::Span;
use contract::{Finding, Severity};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The rule that findings in a manifest have.
pub(crate) const RULE: &str = "configuration";

/// What stands in a manifest, with its places.
pub(crate) type Table<'a> = DeTable<'a>;

/// Reads a manifest.
///
/// # Errors
/// When it is no TOML, with the place.
pub(crate) fn parse(text: &str) -> Result<Table<'_>, Box<Finding>> {
    DeTable::parse(text)
        .map(Spanned::into_inner)
        .map_err(|error| {
            let at = span(text, error.span().unwrap_or(0..0));
            let message = format!("the manifest is no TOML: {}", error.message());
            Finding::new(RULE, Severity::Error, message, at).boxed()
        })
}

/// The value that a path of keys leads to.
pub(crate) fn get<'t, 'a>(table: &'t Table<'a>, path: &[&str]) -> Option<&'t Spanned<DeValue<'a>>> {
    let (last, outer) = path.split_last()?;
    let mut table = table;
    for key in outer {
        table = table.get(*key)?.as_ref().as_table()?;
    }
    table.get(*last)
}

/// The text that a path of keys leads to.
pub(crate) fn text<'t>(table: &'t Table<'_>, path: &[&str]) -> Option<&'t str> {
    get(table, path)?.as_ref().as_str()
}

/// The version of a package, which may be that of the workspace.
pub(crate) fn version(manifest: &str, workspace: Option<&str>) -> Option<String> {
    const OWN: &[&str] = &["package", "version"];
    const INHERITED: &[&str] = &["workspace", "package", "version"];
    let own = parse(manifest).ok()?;
    match get(&own, OWN)?.as_ref() {
        DeValue::String(version) => Some(version.clone().into_owned()),
        DeValue::Table(table) if table.get("workspace")?.as_ref().as_bool()? => {
            let workspace = parse(workspace?).ok()?;
            text(&workspace, INHERITED).map(str::to_owned)
        }
        _ => None,
    }
}

/// Whether a manifest is that of a workspace.
pub(crate) fn is_workspace(manifest: &str) -> bool {
    parse(manifest).is_ok_and(|table| table.contains_key("workspace"))
}

/// A value that is a list, with its place.
pub(crate) fn list<'t, 'a>(value: &'t Spanned<DeValue<'a>>) -> Option<Spanned<&'t DeArray<'a>>> {
    match value.as_ref() {
        DeValue::Array(items) => Some(Spanned::new(value.span(), items)),
        _ => None,
    }
}

/// The text with one more item in a list, written as the last one is.
pub(crate) fn with_item(text: &str, list: &Spanned<&DeArray<'_>>, item: &str) -> String {
    let at = match list.as_ref().iter().last() {
        Some(last) => last.span().end,
        None => list.span().start + 1,
    };
    let (before, after) = text.split_at(at);
    let Some(last) = list.as_ref().iter().last() else {
        return format!("{before}\"{item}\"{after}");
    };
    let line = before[..last.span().start]
        .rsplit('\n')
        .next()
        .unwrap_or_default();
    match line.trim().is_empty() {
        // Each stands on a line of its own.
        true => format!("{before},\n{line}\"{item}\"{after}"),
        false => format!("{before}, \"{item}\"{after}"),
    }
}

/// The text with lines added to a table, right below its head; at the end where it has none.
///
/// # Errors
/// When the table is written in another way, as by dotted keys, with what to do.
pub(crate) fn with_lines(
    name: &str,
    text: &str,
    path: &[&str],
    lines: &[String],
) -> io::Result<String> {
    if lines.is_empty() {
        return Ok(text.to_owned());
    }
    let lines = lines.join("\n");
    let head = parse(text).ok().and_then(|table| {
        let at = get(&table, path)?.span().start;
        let line_end = at
            + text
                .get(at..)?
                .find('\n')
                .map_or(text.len() - at, |end| end + 1);
        text[at..].starts_with('[').then_some(line_end)
    });
    let new = match head {
        Some(at) => {
            let (before, after) = text.split_at(at);
            let gap = if before.ends_with('\n') { "" } else { "\n" };
            format!("{before}{gap}{lines}\n{after}")
        }
        None => {
            let before = text.trim_end();
            let gap = if before.is_empty() { "" } else { "\n\n" };
            format!("{before}{gap}[{}]\n{lines}\n", path.join("."))
        }
    };
    match parse(&new) {
        Ok(_) => Ok(new),
        Err(_) => Err(io::Error::other(format!(
            "`{name}` has no head `[{0}]` to write below; add to `{0}` by hand: `{1}`",
            path.join("."),
            lines.replace('\n', "`, `")
        ))),
    }
}

/// The place of some bytes, for a reader.
pub(crate) fn span(text: &str, range: Range<usize>) -> Span {
    let place = |byte: usize| {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (number(line), number(column))
    };
    let ((line, column), (end_line, end_column)) = (place(range.start), place(range.end));
    Span {
        line,
        column,
        end_line,
        end_column,
        ..Span::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{version, with_lines};

    #[test]
    fn lines_are_added_below_the_head_of_their_table() {
        let lines = ["b = 1".to_owned()];
        for (before, after) in [
            ("", "[a]\nb = 1\n"),
            ("[a]", "[a]\nb = 1\n"),
            (
                "[a] # head\nc = 2\n\n[d]\n",
                "[a] # head\nb = 1\nc = 2\n\n[d]\n",
            ),
            ("[c]\nd = 2\n", "[c]\nd = 2\n\n[a]\nb = 1\n"),
            ("[ \"a\" ]\nc = 2\n", "[ \"a\" ]\nb = 1\nc = 2\n"),
        ] {
            assert_eq!(with_lines("a.toml", before, &["a"], &lines).unwrap(), after);
        }
        let inner = with_lines(
            "a.toml",
            "[package]\nname = \"a\"\n",
            &["package", "metadata"],
            &lines,
        )
        .unwrap();
        assert_eq!(
            inner,
            "[package]\nname = \"a\"\n\n[package.metadata]\nb = 1\n"
        );
    }

    #[test]
    fn a_table_that_has_no_head_is_left_to_its_author() {
        let lines = ["b = 1".to_owned()];
        for text in ["a.c = 2\n", "a = { c = 2 }\n", "[a.d]\n[[a.e]]\na = \n"] {
            let error = with_lines("a.toml", text, &["a"], &lines).unwrap_err();
            let says = "`a.toml` has no head `[a]` to write below; add to `a` by hand: `b = 1`";
            assert_eq!(error.to_string(), says, "{text}");
        }
    }

    #[test]
    fn a_version_is_the_package_s_own_or_the_workspace_s() {
        let root = "[workspace]\n\n[workspace.package]\nversion = \"0.3.1\" # one for all\n";
        let own = "[package]\nname = \"a\"\nversion = '1.2.3'\n[dependencies]\nversion = \"9\"\n";
        let inherits = "[package]\nversion.workspace = true\n";
        assert_eq!(version(own, Some(root)).as_deref(), Some("1.2.3"));
        assert_eq!(version(inherits, Some(root)).as_deref(), Some("0.3.1"));
        let table = "[package]\nversion = { workspace = true }\n";
        assert_eq!(version(table, Some(root)).as_deref(), Some("0.3.1"));
        assert_eq!(version(inherits, None), None);
        let none = "[package]\nname = \"a\"\n[dependencies]\nversion = \"9\"\n";
        assert_eq!(version(none, Some(root)), None);
    }

    #[test]
    fn a_manifest_is_written_in_any_way_that_toml_has() {
        let root = "workspace = { package = { version = \"0.3.1\" } }";
        for own in [
            "[package] # what it is\nversion = \"1.2.3\"",
            "[ package ]\n  version=\"1.2.3\"",
            "package.version = \"1.2.3\"",
            "[\"package\"]\n\"version\" = '''1.2.3'''",
            "[package]\ndescription = \"\"\"\n[dependencies]\n\"\"\"\nversion = \"1.2.3\"",
            "[package]\r\nversion = \"1.2.3\"\r\n",
        ] {
            assert_eq!(version(own, Some(root)).as_deref(), Some("1.2.3"), "{own}");
        }
        for own in [
            "package.version.workspace = true",
            "[package.version]\nworkspace = true",
        ] {
            assert_eq!(version(own, Some(root)).as_deref(), Some("0.3.1"), "{own}");
        }
        assert_eq!(version("[package", Some(root)), None);
    }
}
