//! The version in a manifest, which is all that a review wants of it.

/// The version of a package, which may be that of the workspace.
pub(crate) fn version(manifest: &str, workspace: Option<&str>) -> Option<String> {
    let own = entry(manifest, "package", "version");
    let inherited = entry(manifest, "package", "version.workspace");
    match own {
        // `version = { workspace = true }`
        Some(table) if table.starts_with('{') => entry(workspace?, "workspace.package", "version"),
        Some(version) => Some(version),
        None => inherited.and_then(|_| entry(workspace?, "workspace.package", "version")),
    }
}

/// The value of a key that stands on a line of its own below the header of a table,
/// as cargo writes it.
fn entry(manifest: &str, table: &str, key: &str) -> Option<String> {
    let header = format!("[{table}]");
    let lines = manifest.lines().map(str::trim);
    let mut lines = lines.skip_while(|line| *line != header).skip(1);
    let in_table = lines.by_ref().take_while(|line| !line.starts_with('['));
    for line in in_table {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        if name.trim() == key {
            let value = value.split('#').next().unwrap_or(value).trim();
            return Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::version;

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
}
